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
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

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
YEAR = 2025
AS_OF = "2025-07-20"
TARGET = "ilstc-volume-2025"
ZONE = ZoneInfo("Asia/Shanghai")
EMPTY = {
    "targetwatch_source_last": "a service that stands at a past date reads no source",
    "targetwatch_ingest_": "a service that stands at a past date reads no source",
    "targetwatch_config_last_reload": "nothing was reloaded",
    "targetwatch_scheduler_leader": "a service that stands at a past date schedules nothing",
}
"""What a query may be empty for: a part of the query, and the reason."""


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give Prometheus the year 2025 of the real targets, then the service as of a day of it; return its address."""
    folder: Path = tmp_path_factory.mktemp("data")
    database = f"sqlite:///{folder}/targets.db"
    command = [sys.executable, "-m", "targetwatch", "--database", database, "--config", str(ROOT / "config")]
    history = ["backfill", "--from", f"{YEAR}-01-01", "--to", f"{YEAR}-12-31", "--directory", str(folder / "history")]
    history += ["--label", "job=targetwatch"]
    for step in (["db", "upgrade"], ["apply", str(ROOT / "config")], ["ingest"], history):
        subprocess.run([*command, *step], check=True, capture_output=True, cwd=ROOT)
    for part in sorted((folder / "history").iterdir()):
        blocks = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=744h"]
        subprocess.run([*blocks, str(part), str(folder / "prometheus")], check=True, capture_output=True)
    service, port, nobody = free_port(), free_port(), free_port()
    where = shipped.Addresses(
        targetwatch=f"127.0.0.1:{service}",
        prometheus=f"127.0.0.1:{port}",
        alertmanager=f"127.0.0.1:{nobody}",
        mail=f"127.0.0.1:{nobody}",
    )
    times = shipped.Times(INSTEAD | {"1d": "1d"})
    shipped.lay_out(folder, where, times=times)
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
                    *shipped.flags(shipped.PROMETHEUS_FLAGS, times),
                ],
                log=folder / "prometheus.log",
                ready_url=f"http://127.0.0.1:{port}/-/ready",
                environment={**os.environ, "TARGETWATCH_EXTERNAL_URL": "http://localhost:9877"},
            ),
        ):
            stack.enter_context(program)
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        scraped: datetime | None = None
        while scraped is None or first_evaluated(address) < scraped:
            assert time.monotonic() < deadline, (folder / "prometheus.log").read_text()
            time.sleep(0.3)
            if scraped is None and ask(address, "targetwatch:target:tile"):
                scraped = datetime.now(ZONE) + timedelta(seconds=1)  # and what reads of another rule, after that
        yield address


def first_evaluated(address: str) -> datetime:
    """Return when the rule was evaluated that has waited longest."""
    with urllib.request.urlopen(f"{address}/api/v1/rules", timeout=60) as answer:
        groups = json.load(answer)["data"]["groups"]
    return min(datetime.fromisoformat(rule["lastEvaluation"]) for group in groups for rule in group["rules"])


def ask(address: str, query: str) -> list[dict[str, Any]]:
    """Return what a query is answered now, as Grafana asks it."""
    return _answer(address, "query", query=query.replace("$job", "targetwatch"))


def ask_of_the_year(address: str, query: str) -> list[dict[str, Any]]:
    """Return what a query is answered over 2025, as Grafana asks it of a chart or for its annotations."""
    noons = (datetime(YEAR, *day, 12, 30, tzinfo=ZONE).timestamp() for day in ((1, 1), (12, 31)))
    start, end = (str(noon) for noon in noons)
    return _answer(address, "query_range", query=query.replace("$job", "targetwatch"), start=start, end=end, step="1d")


def _answer(address: str, path: str, **form: str) -> list[dict[str, Any]]:
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{address}/api/v1/{path}", data=body, timeout=20) as answer:
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
                empty.append(f"{panel['title'] or panel['description']} ({target['refId']}): {query}")
    assert not empty, "\n".join(empty)


def test_every_chart_of_one_target_knows_the_whole_year(prometheus: str) -> None:
    board = json.loads((FOLDER / "en" / "target.json").read_text(encoding="utf-8"))
    seen = 0
    for panel in board["panels"]:
        for target in panel["targets"]:
            if target.get("range"):
                (line,) = ask_of_the_year(prometheus, target["expr"].replace("$target", TARGET))
                assert len(line["values"]) > 200, panel["title"]  # some end with the result of December
                seen += 1
    assert seen == 11


def test_changes_of_status_are_marked_on_the_day_they_happened(prometheus: str) -> None:
    marks = {
        mark["name"]: mark["expr"]
        for mark in json.loads((FOLDER / "en" / "target.json").read_text())["annotations"]["list"]
    }
    found = ask_of_the_year(prometheus, marks["Status changes"].replace("$target", TARGET))
    told = {
        (one["metric"]["status"], datetime.fromtimestamp(moment, ZONE).date())
        for one in found
        for moment, _ in one["values"]
    }
    assert ("achieved", date(YEAR, 12, 9)) in told
    # no real target has a second version
    assert ask_of_the_year(prometheus, marks["New version"].replace("$target", TARGET)) == []


def test_what_lags_is_on_every_page_of_the_wall_and_every_other_target_on_one(prometheus: str) -> None:
    """One page at a time, as the clock would turn them."""
    wall = json.loads((FOLDER / "en" / "wall.json").read_text(encoding="utf-8"))
    rows = column(wall, "short_en")
    places = {one["metric"]["target"]: float(one["value"][1]) for one in ask(prometheus, "targetwatch:target:tile")}
    pinned = {name for name, place in places.items() if place >= 10}
    assert 0 < len(pinned) <= 5
    pages = -(-(len(places) - len(pinned)) // (10 - len(pinned)))
    assert pages > 1
    shown: list[list[str]] = []
    for page in range(pages):
        moment = f"time() * 0 + {page * 20}"
        shown.append([one["metric"]["target"] for one in ask(prometheus, rows.replace("time()", f"({moment})"))])
    assert all(pinned <= set(names) for names in shown)
    others = [name for names in shown for name in names if name not in pinned]
    assert sorted(others) == sorted(places.keys() - pinned)
    sizes = [len(names) for names in shown]
    assert max(sizes) - min(sizes) <= 1


def test_no_two_targets_have_the_same_place_on_the_wall(prometheus: str) -> None:
    """Else a name could stand beside another target's bar: each column sorts for itself."""
    places = [one["value"][1] for one in ask(prometheus, "targetwatch:target:tile")]
    assert len(set(places)) == len(places) > 10


def column(wall: dict[str, Any], label: str) -> str:
    """Return the query of the column that shows a label."""
    return str(
        next(
            panel["targets"][0]["expr"]
            for panel in wall["panels"]
            if f'"{label}"' in json.dumps(panel.get("transformations", []))
        )
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_words_of_a_row_come_with_it_and_none_is_missing(prometheus: str, language: str) -> None:
    wall = json.loads((FOLDER / language / "wall.json").read_text(encoding="utf-8"))
    shown = 0
    for label in (f"short_{language}", f"age_{language}", f"card_{language}"):
        for row in ask(prometheus, column(wall, label).replace("time()", "0")):
            said = row["metric"]
            assert said[label].strip(), label
            assert said["status"]
            shown += 1
    assert shown == 3 * 8  # eleven targets turn in by six and five, two lag


def test_a_row_says_what_is_needed_where_it_lags_and_how_old_its_figures_are(prometheus: str) -> None:
    wall = json.loads((FOLDER / "en" / "wall.json").read_text(encoding="utf-8"))
    rows = {
        row["metric"]["target"]: row["metric"] for row in ask(prometheus, column(wall, "age_en").replace("time()", "0"))
    }
    lagging = rows["logistics-cost-2027"]
    assert (lagging["outlook_en"], lagging["age_en"]) == (
        "18% of the way (plan 20%), needs −4.1 points a year",
        "figures to 31 Dec 2023, next due since 9 Jun",
    )
    on_track = rows[TARGET]
    assert on_track["outlook_en"] == "57% (plan 44%), better than 19 in 20, by 31 Dec"
    assert on_track["age_en"] == "figures to 30 Jun, next due 31 Oct"
    assert rows["routes-2025"]["card_en"] == "○○○○ 0 of 4"
    assert rows["routes-2025"]["outlook_en"] == "next by 31 Dec"
