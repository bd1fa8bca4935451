"""Starts the stack without Docker: `python -m grafana.stack [-- ARGUMENTS OF targetwatch serve]`; Ctrl-C ends it all.

It runs what is shipped: the same rules, routes, mail and times. Only mail is caught here instead of being sent, the
service's own and that to the operators.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from grafana.stack import mailpage, shipped
from grafana.stack.mailbox import Mailbox
from grafana.stack.mailbox import serve as catch_mail
from grafana.stack.programs import Program, ProgramError, find

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where each program listens; the usual ones, moved by the same step where they are taken."""

    targetwatch: int
    prometheus: int
    alertmanager: int
    smtp: int
    mail: int

    @classmethod
    def at(cls, offset: int) -> Ports:
        """Return the usual ports moved by `offset`."""
        usual = {"targetwatch": 9877, "prometheus": 9090, "alertmanager": 9093, "smtp": 1025, "mail": 8025}
        return cls(**{name: port + offset for name, port in usual.items()})


def main() -> int:
    """Run the stack until it is told to end; return the exit code."""
    asked = _arguments()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    folder = Path(asked.folder).resolve()
    with ExitStack() as stack:
        try:
            prepare(Ports.at(asked.offset))
            programs = start(stack, folder, Ports.at(asked.offset), asked.serve)
        except (ProgramError, OSError) as error:
            print(error, file=sys.stderr)
            return 1
        while not ended.wait(1):
            for program in programs:
                if not program.running:
                    print(f"{program.command[0]}: ended by itself, see {program.log}", file=sys.stderr)
                    return 1
        print("ending ...")
    print("all ended")
    return 0


def prepare(ports: Ports) -> None:
    """Create the database or bring it up to date, with the configuration and every figure in it, as `make run` does."""
    for step in (["db", "upgrade"], ["apply"], ["ingest"]):
        command = [sys.executable, "-m", "targetwatch", *step]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_own(ports))  # noqa: S603
        if done.returncode:
            raise ProgramError(f"targetwatch {' '.join(step)}: failed\n{done.stderr or done.stdout}".rstrip())


def start(stack: ExitStack, folder: Path, ports: Ports, serve: list[str]) -> list[Program]:
    """Start every program, each to be ended by `stack`; print where to look."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped.lay_out(folder, _addresses(ports))
    mailbox = Mailbox()
    controller = catch_mail(mailbox, host=HOST, port=ports.smtp)
    stack.callback(controller.stop)
    page = mailpage.serve(mailbox, host=HOST, port=ports.mail)
    stack.callback(page.server_close)
    stack.callback(page.shutdown)
    programs = [_targetwatch(folder, ports, serve), _alertmanager(folder, ports), _prometheus(folder, ports)]
    for program in programs:
        stack.enter_context(program)
    for name, port in (
        ("targetwatch", ports.targetwatch),
        ("Prometheus", ports.prometheus),
        ("Alertmanager", ports.alertmanager),
        ("mail caught", ports.mail),
    ):
        print(f"{name:13} http://{HOST}:{port}")
    print("Ctrl-C ends it all; logs are in", folder, flush=True)
    return programs


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m grafana.stack",
        description="targetwatch, Prometheus, Alertmanager and a mail catcher on this machine, without Docker.",
        epilog="Example: python -m grafana.stack -- --as-of 2025-07-20",
    )
    parser.add_argument("--folder", default="var/stack", help="where data and logs go (var/stack)")
    parser.add_argument("--offset", type=int, default=0, help="added to every port, where the usual are taken (0)")
    parser.add_argument("serve", nargs="*", help="after --: arguments for targetwatch serve")
    return parser.parse_args()


def _addresses(ports: Ports) -> shipped.Addresses:
    return shipped.Addresses(
        targetwatch=f"{HOST}:{ports.targetwatch}",
        prometheus=f"{HOST}:{ports.prometheus}",
        alertmanager=f"{HOST}:{ports.alertmanager}",
        mail=f"{HOST}:{ports.smtp}",
    )


def _targetwatch(folder: Path, ports: Ports, serve: list[str]) -> Program:
    return Program(
        command=[sys.executable, "-m", "targetwatch", "serve", "--port", str(ports.targetwatch), *serve],
        log=folder / "targetwatch.log",
        ready_url=f"http://{HOST}:{ports.targetwatch}/-/ready",
        environment=_own(ports),
    )


def _alertmanager(folder: Path, ports: Ports) -> Program:
    return Program(
        command=[
            find("prometheus-alertmanager", "alertmanager"),
            f"--config.file={folder}/alertmanager.yml",
            f"--storage.path={folder}/alertmanager",
            f"--web.listen-address={HOST}:{ports.alertmanager}",
            "--cluster.listen-address=",
            *shipped.flags(shipped.ALERTMANAGER_FLAGS),
        ],
        log=folder / "alertmanager.log",
        ready_url=f"http://{HOST}:{ports.alertmanager}/-/ready",
    )


def _prometheus(folder: Path, ports: Ports) -> Program:
    return Program(
        command=[
            find("prometheus"),
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/prometheus",
            f"--web.listen-address={HOST}:{ports.prometheus}",
            *shipped.flags(shipped.PROMETHEUS_FLAGS),
        ],
        log=folder / "prometheus.log",
        ready_url=f"http://{HOST}:{ports.prometheus}/-/ready",
        environment=_environment(ports),
    )


def _own(ports: Ports) -> dict[str, str]:
    """Return the environment of the service: the present one, where its pages are, and that its mail is caught."""
    caught = {"TARGETWATCH_SMTP_URL": f"smtp://{HOST}:{ports.smtp}", "TARGETWATCH_MAIL_FROM": "targetwatch@example.org"}
    return {"TARGETWATCH_EXTERNAL_URL": f"http://{HOST}:{ports.targetwatch}"} | os.environ | caught


def _environment(ports: Ports) -> dict[str, str]:
    """Return the environment of Prometheus, which puts these into the operators' mails."""
    return {"TARGETWATCH_MAIL_LANGUAGE": "en"} | _own(ports)


if __name__ == "__main__":
    sys.exit(main())
