"""Every query of every dashboard, asked of a real Prometheus that scrapes the real service on the real targets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from grafana.generator.files import FOLDER
from grafana.stack import shipped
from grafana.stack.programs import Program, find
from rig import INSTEAD, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
ROOT = FOLDER.parent.parent
AS_OF = "2025-07-20"
TARGET = "ilstc-volume-2025"
EMPTY = {
    "targetwatch_source_last": "a service that stands at a past date reads no source",
    "targetwatch_ingest_": "a service that stands at a past date reads no source",
    "targetwatch_config_last_reload": "nothing was reloaded",
    'state="late"': "on that day every figure was in time",
    "targetwatch_scheduler_leader": "a service that stands at a past date schedules nothing",
    "alertmanager_notifications_failed_total": "no Alertmanager runs in this test",
    "offset 1d": "the status did not change while this test ran",
    "changes(": "the version did not change while this test ran",
}
"""What a query may be empty for: a part of the query, and the reason."""


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the real configuration as of a day of 2025; return the address of the Prometheus that scrapes it."""
    folder: Path = tmp_path_factory.mktemp("data")
    database = f"sqlite:///{folder}/targets.db"
    command = [sys.executable, "-m", "targetwatch", "--database", database, "--config", str(ROOT / "config")]
    for step in (["db", "upgrade"], ["apply", str(ROOT / "config")], ["ingest"]):
        subprocess.run([*command, *step], check=True, capture_output=True, cwd=ROOT)
    service, port, nobody = free_port(), free_port(), free_port()
    where = shipped.Addresses(
        targetwatch=f"127.0.0.1:{service}",
        prometheus=f"127.0.0.1:{port}",
        alertmanager=f"127.0.0.1:{nobody}",
        mail=f"127.0.0.1:{nobody}",
    )
    shipped.lay_out(folder, where, times=shipped.Times(INSTEAD | {"1d": "1d"}, quiet_hours=False))
    with ExitStack() as stack:
        for program in (
            Program(
                command=[*command, "serve", "--port", str(service), "--as-of", AS_OF],
                log=folder / "service.log",
                ready_url=f"http://127.0.0.1:{service}/-/ready",
                directory=ROOT,
            ),
            Program(
                command=[
                    find("prometheus"),
                    f"--config.file={folder}/prometheus.yml",
                    f"--storage.tsdb.path={folder}/prometheus",
                    f"--web.listen-address=127.0.0.1:{port}",
                    "--enable-feature=expand-external-labels",
                ],
                log=folder / "prometheus.log",
                ready_url=f"http://127.0.0.1:{port}/-/ready",
                environment={**os.environ, "TARGETWATCH_EXTERNAL_URL": "http://localhost:9877"},
            ),
        ):
            stack.enter_context(program)
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while not ask(address, "targetwatch:target:urgency"):
            assert time.monotonic() < deadline, (folder / "prometheus.log").read_text()
            time.sleep(0.3)
        time.sleep(3)
        yield address


def ask(address: str, query: str) -> list[dict[str, Any]]:
    """Return what a query is answered now, as Grafana asks it."""
    form = urllib.parse.urlencode({"query": query}).encode()
    with urllib.request.urlopen(f"{address}/api/v1/query", data=form, timeout=10) as answer:
        return list(json.load(answer)["data"]["result"])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("en/*.json")), ids=lambda path: path.stem)
def test_every_panel_shows_something_of_the_real_targets(prometheus: str, path: Path) -> None:
    board = json.loads(path.read_text(encoding="utf-8"))
    empty = []
    for panel in board["panels"]:
        for target in panel["targets"]:
            query = target["expr"].replace("$target", TARGET).replace("vector(time() / 20)", "vector(0)")  # first page
            excused = any(part in query for part in EMPTY)
            if not ask(prometheus, query) and not excused:
                empty.append(f"{panel['title']} ({target['refId']}): {query}")
    for mark in board["annotations"]["list"]:
        ask(prometheus, mark["expr"].replace("$target", TARGET))
    assert not empty, "\n".join(empty)


def test_the_pages_of_the_wall_together_show_every_target_once(prometheus: str) -> None:
    """One page at a time, as the clock would turn them."""
    wall = json.loads((FOLDER / "en" / "wall.json").read_text(encoding="utf-8"))
    rows = next(panel for panel in wall["panels"] if panel["title"] == "Target")["targets"][0]["expr"]
    wanted = sorted(one["metric"]["target"] for one in ask(prometheus, "targetwatch:target:urgency"))
    pages = -(-len(wanted) // 10)
    assert pages > 1
    shown: list[str] = []
    for page in range(pages):
        moment = f"time() * 0 + {page * 20}"
        shown += [one["metric"]["target"] for one in ask(prometheus, rows.replace("time()", f"({moment})"))]
    assert sorted(shown) == wanted


def test_the_words_of_a_tile_come_with_the_row(prometheus: str) -> None:
    wall = json.loads((FOLDER / "zh" / "wall.json").read_text(encoding="utf-8"))
    rows = wall["panels"][6]["targets"][0]["expr"].replace("time()", "0")
    for row in ask(prometheus, rows):
        said = row["metric"]
        assert said["short_en"]
        assert said["short_zh"]
        assert said["card_zh"]
        assert said["status"]
