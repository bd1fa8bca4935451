"""Real Prometheus, Alertmanager and SMTP around a made-up service, on the shipped files with shorter times."""

from __future__ import annotations

import json
import os
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from exposition import Service
from grafana.stack import shipped
from grafana.stack.mailbox import Mailbox, free_port, serve
from grafana.stack.programs import Program, find

if TYPE_CHECKING:
    from collections.abc import Callable

INSTEAD = {
    "1m": "1s",
    "5m": "1s",
    "10m": "2s",
    "0s": "0s",
    "15m": "5s",
    "30m": "2s",
    "1h": "3s",
    "26h": "3600s",
    "1d": "60s",
    "3d": "600s",
    "7d": "120s",
    "14d": "1209600s",
    "30d": "600s",
    "90d": "7776000s",
    "2200d": "2200d",
    "48h": "48h",
}


def alertmanager(folder: Path, addresses: shipped.Addresses, times: shipped.Times) -> Program:
    """Return Alertmanager on the files laid out in a folder, not started yet."""
    return Program(
        command=[
            find("prometheus-alertmanager", "alertmanager"),
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/alertmanager",
            f"--web.listen-address={addresses.alertmanager}",
            "--cluster.listen-address=",
            *shipped.flags(shipped.ALERTMANAGER_FLAGS, times),
        ],
        log=folder / "alertmanager.log",
        ready_url=f"http://{addresses.alertmanager}/-/ready",
    )


@dataclass
class Rig:
    """The programs and how to take the service away; `language` is that of the operators' mails."""

    folder: Path
    times: shipped.Times = field(default_factory=lambda: shipped.Times(INSTEAD))
    service: Service = field(default_factory=Service)
    mailbox: Mailbox = field(default_factory=Mailbox)
    language: str = "en"
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        ports = [free_port(), free_port()]
        controller = serve(self.mailbox, port=free_port())
        self._stack.callback(controller.stop)
        where = self.service.start()
        self._stack.callback(self.service.stop)
        self.addresses = shipped.Addresses(
            targetwatch=where,
            prometheus=f"127.0.0.1:{ports[0]}",
            alertmanager=f"127.0.0.1:{ports[1]}",
            mail=f"127.0.0.1:{controller.port}",
        )
        shipped.lay_out(self.folder, self.addresses, times=self.times)
        self.alertmanager = alertmanager(self.folder, self.addresses, self.times)
        self.prometheus = Program(
            command=[
                find("prometheus"),
                f"--config.file={self.folder}/prometheus.yml",
                f"--storage.tsdb.path={self.folder}/prometheus",
                f"--web.listen-address={self.addresses.prometheus}",
                *shipped.flags(shipped.PROMETHEUS_FLAGS, self.times),
            ],
            log=self.folder / "prometheus.log",
            ready_url=f"http://{self.addresses.prometheus}/-/ready",
            environment={
                **os.environ,
                "TARGETWATCH_EXTERNAL_URL": "https://watch.example.org",
                "TARGETWATCH_MAIL_LANGUAGE": self.language,
            },
        )
        for program in (self.alertmanager, self.prometheus):
            program.start()
            self._stack.callback(program.stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def ask(self, query: str) -> list[dict[str, Any]]:
        """Return what Prometheus answers to a query now."""
        body = urllib.parse.urlencode({"query": query}).encode()
        with urllib.request.urlopen(
            f"http://{self.addresses.prometheus}/api/v1/query", data=body, timeout=10
        ) as answer:
            return list(json.load(answer)["data"]["result"])

    def wait(self, what: str, until: Callable[[], bool], *, seconds: float = 20) -> None:
        """Wait until something is so, and fail saying what was waited for."""
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, f"waited {seconds:g} s in vain until {what}"
            time.sleep(0.1)
