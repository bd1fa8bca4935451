"""`backfill`: the past as Prometheus would have scraped it, asked of the real promtool and the real Prometheus."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import tracemalloc
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlalchemy.engine import Engine

import targetwatch.watch.judging
from builders import day
from commands import PROJECT, Ran, command, environment
from real_service import prepare
from refusing import raises
from targetwatch.cli import main
from targetwatch.errors import NotAnnouncedError, UsageError
from targetwatch.metrics import Exposition
from targetwatch.model import AsOf, Performance
from targetwatch.service.backfill import BLOCK_SECONDS, FAMILIES, Backfill, Stretch, learn
from targetwatch.store import db
from targetwatch.watch import take
from targetwatch.wording.problems import in_english

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
VOLUME = "ilstc-volume-2025"
TURNED = datetime(2025, 12, 9, tzinfo=ZONE)
"""The day on which the volume of 2025 was published to be over its goal."""
THREE_HOURS = 3 * 3600


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real targets and their real figures."""
    file = tmp_path_factory.mktemp("past") / "t.db"
    prepare(file).dispose()
    return file


@pytest.fixture(scope="module")
def engine(database: Path) -> Iterator[Engine]:
    found = db.create_engine(f"sqlite:///{database}")
    yield found
    found.dispose()


def past(engine: Engine, first: date, last: date, *, step: timedelta, now: datetime = NOW, zone=ZONE) -> Backfill:
    stretch = Stretch.between(first, last, step_seconds=int(step.total_seconds()), zone=zone, now=now)
    with db.reading(engine) as session:
        return learn(session, stretch, taken_at=now)


@pytest.fixture(scope="module")
def year(engine: Engine) -> Backfill:
    return past(engine, *YEAR, step=timedelta(hours=6))


def lines_of(history: Backfill, labels: str = "") -> list[str]:
    return [line for line in "".join(history.text(labels)).split("\n") if line and not line.startswith("#")]


def stamp(line: str) -> int:
    return int(line.rpartition(" ")[2])


def rendered(engine: Engine, on: date) -> set[str]:
    """The lines that /metrics had on a day, of the families that have a past."""
    with db.reading(engine) as session:
        exposition = Exposition(ZONE)
        exposition.show(take(session, AsOf.end_of(on, ZONE), taken_at=NOW))
        page = exposition.answer()[0].decode()
    wanted = {metric.name for metric in FAMILIES}
    return {line for line in page.split("\n") if line.split("{")[0] in wanted}


def test_on_any_day_and_hour_the_samples_are_the_very_lines_that_metrics_had(engine: Engine, year: Backfill):
    dice = random.Random(20250311)
    days = {YEAR[0] + timedelta(days=dice.randrange(365)) for _ in range(8)}
    days |= {*YEAR, day("2025-12-08"), day("2025-12-09")}
    hours = {
        int(datetime(d.year, d.month, d.day, dice.choice((0, 6, 12, 18)), tzinfo=ZONE).timestamp()): d for d in days
    }
    told = defaultdict(set)
    for line in lines_of(year):
        if stamp(line) in hours:
            told[stamp(line)].add(line.rpartition(" ")[0])
    for moment, on in hours.items():
        assert told[moment] == rendered(engine, on), on


def test_the_text_is_openmetrics_to_a_strict_parser_and_each_series_is_in_one_run(engine: Engine):
    history = past(engine, day("2025-12-05"), day("2025-12-12"), step=timedelta(hours=5))
    text = "".join(history.text('job="targetwatch"'))
    assert text.endswith("\n# EOF\n")
    count = 0
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        last: dict[tuple[tuple[str, str], ...], float] = {}
        order = []
        for one in family.samples:
            key = tuple(sorted(one.labels.items()))
            assert one.labels["job"] == "targetwatch"
            at = float(one.timestamp)
            assert at > last.get(key, 0), one
            if not order or order[-1] != key:
                order.append(key)
            last[key] = at
            count += 1
        assert len(order) == len(set(order)), family.name
    assert count == history.sample_count
    opened = [line.split()[2] for line in text.split("\n") if line.startswith("# TYPE")]
    assert opened == [metric.name for metric in FAMILIES if metric.name in opened]
    assert "targetwatch_readings_held" not in text


def test_a_change_between_two_steps_has_a_sample_of_its_own_at_its_moment(engine: Engine):
    history = past(engine, day("2025-12-08"), day("2025-12-10"), step=timedelta(hours=7))
    series = f'targetwatch_target_performance{{target="{VOLUME}",status="achieved"}}'
    told = {stamp(line): line.split(" ")[-2] for line in lines_of(history) if line.startswith(series)}
    start = int(datetime(2025, 12, 8, tzinfo=ZONE).timestamp())
    turned = int(TURNED.timestamp())
    assert (turned - start) % (7 * 3600)
    steps = list(range(start, start + 3 * 86400, 7 * 3600))
    assert sorted(told) == sorted([*steps, turned])
    assert all(value == ("1" if moment >= turned else "0") for moment, value in told.items())


def test_words_and_labels_are_those_then_in_force_and_end_with_them(engine: Engine):
    history = past(engine, day("2025-12-08"), day("2025-12-09"), step=timedelta(hours=1))
    words = [line for line in lines_of(history) if line.startswith(f'targetwatch_target_tile_info{{target="{VOLUME}"')]
    before = {line.rpartition("} ")[0] for line in words if stamp(line) < TURNED.timestamp()}
    after = {line.rpartition("} ")[0] for line in words if stamp(line) >= TURNED.timestamp()}
    assert len(before) == len(after) == 1
    assert before != after


def test_a_target_has_no_sample_before_it_was_announced(engine: Engine):
    history = past(engine, day("2025-02-01"), day("2025-02-10"), step=timedelta(hours=1))
    own = [stamp(line) for line in lines_of(history) if f'target="{VOLUME}"' in line]
    assert min(own) == int(datetime(2025, 2, 7, tzinfo=ZONE).timestamp())


def test_steps_are_hours_of_the_clock_also_where_a_day_has_23_of_them(engine: Engine):
    zone = ZoneInfo("Europe/Berlin")
    history = past(engine, day("2025-03-29"), day("2025-03-31"), step=timedelta(hours=1), zone=zone)
    told = [
        stamp(line) for line in lines_of(history) if line.startswith(f'targetwatch_target_version{{target="{VOLUME}"')
    ]
    assert len(told) == 71
    assert {b - a for a, b in pairwise(told)} == {3600}


@pytest.mark.parametrize("minutes", [0, 1, 239, 240, 700, 1439])
def test_no_sample_is_in_the_future_or_in_the_last_three_hours(engine: Engine, minutes: int):
    now = datetime(2025, 12, 9, tzinfo=ZONE) + timedelta(minutes=minutes, seconds=7)
    history = past(engine, day("2025-12-08"), day("2025-12-09"), step=timedelta(minutes=10), now=now)
    latest = max(map(stamp, lines_of(history)))
    assert now.timestamp() - THREE_HOURS - 600 < latest <= now.timestamp() - THREE_HOURS


def test_the_parts_are_the_whole_each_within_one_block(year: Backfill):
    parts = [list(year.text(within=part)) for part in year.stretch.parts]
    assert all(part[-1] == "# EOF\n" for part in parts)
    lines = [[line for line in "".join(part).split("\n") if line and line[0] != "#"] for part in parts]
    assert len(parts) == 19
    assert sorted(line for part in lines for line in part) == sorted(lines_of(year))
    for part in lines:
        assert len({stamp(line) // BLOCK_SECONDS for line in part}) == 1


def test_the_samples_are_never_all_in_memory(engine: Engine):
    history = past(engine, day("2025-06-01"), day("2025-06-03"), step=timedelta(minutes=10))
    tracemalloc.start()
    size = sum(map(len, history.text()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 15_000_000
    assert peak < 4_000_000


def test_a_target_that_cannot_be_judged_is_named_and_missing_and_takes_nobody_down(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    real = targetwatch.watch.judging.prepare

    def broken(case, *rest):
        if case.target.id == VOLUME:
            raise ArithmeticError("no such number")
        return real(case, *rest)

    monkeypatch.setattr(targetwatch.watch.judging, "prepare", broken)
    history = past(engine, day("2025-12-08"), day("2025-12-09"), step=timedelta(hours=6))
    assert history.failed == {VOLUME: "ArithmeticError: no such number"}
    lines = lines_of(history)
    assert not [line for line in lines if f'target="{VOLUME}"' in line]
    assert [line for line in lines if 'target="ilstc-volume-2027"' in line]


def test_every_reason_why_there_is_no_such_stretch_is_given_at_once():
    with pytest.raises(UsageError) as raised:
        Stretch.between(day("0001-01-01"), day("2026-11-26"), step_seconds=0, zone=ZONE, now=NOW)
    assert in_english(raised.value).split("\n") == [
        "--from '0001-01-01': too early for Prometheus, expected 1970-01-02 or later",
        "--to '2026-11-26': in the future, expected 2026-11-25 (today) or earlier",
        "--step '0s': no time at all, expected a stretch of time such as 1h",
    ]


def test_a_day_that_has_just_begun_is_left_to_the_scrapes():
    now = datetime(2026, 11, 25, 2, 59, tzinfo=ZONE)
    with raises(UsageError, match="within the last three hours"):
        Stretch.between(day("2026-11-25"), day("2026-11-25"), step_seconds=60, zone=ZONE, now=now)


def test_a_past_without_targets_says_when_the_first_was_announced(engine: Engine, tmp_path: Path):
    with raises(NotAnnouncedError, match="no target had been announced by then, expected 2023-05-23 or later"):
        past(engine, day("2000-01-01"), day("2000-01-05"), step=timedelta(hours=6))
    empty = db.create_engine(f"sqlite:///{tmp_path}/empty.db")
    db.upgrade(empty)
    with raises(NotAnnouncedError, match="no target is configured"):
        past(empty, day("2025-01-01"), day("2025-01-05"), step=timedelta(hours=6))
    empty.dispose()


@pytest.fixture
def run(
    database: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Callable[..., Ran]:
    """Run the command in this process, to its exit."""
    for name in [name for name in os.environ if name.startswith("TARGETWATCH_")]:
        monkeypatch.delenv(name)
    for name, value in environment(database).items():
        monkeypatch.setenv(name, value)

    def ran(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["targetwatch", "backfill", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfdbinary.readouterr()
        return Ran(int(ended.value.code or 0), out.decode(), err.decode())

    return ran


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2025-02-30", "--to", "2025-03-01"], "--from '2025-02-30': not a day, expected YYYY-MM-DD"),
        (["--from", "2025-03-01", "--to", "March"], "--to 'March': not a day, expected YYYY-MM-DD"),
        (
            ["--from", "2025-03-02", "--to", "2025-03-01"],
            "--to '2025-03-01': before --from '2025-03-02', expected the earlier day first",
        ),
        (["--from", "2025-03-01", "--to", "2999-01-01"], "--to '2999-01-01': in the future, expected "),
        (["--step", "0h"], "--step '0h': not a length of time above zero, expected one such as 30m, 1h or 6h"),
        (["--step", "hourly"], "--step 'hourly': not a length of time above zero"),
        (["--step", "-1h"], "--step '-1h': not a length of time above zero"),
        (["--label", "job"], "--label 'job': not a label, expected NAME=VALUE such as job=targetwatch"),
        (["--label", "job="], "--label 'job=': not a label, expected NAME=VALUE"),
        (["--label", "2job=x"], "--label '2job=x': '2job' cannot name a label"),
        (["--label", "__name__=x"], "'__name__' cannot name a label"),
        (["--label", "target=x"], "--label 'target=x': the series have a label 'target' already, expected another"),
        (["--label", "job=a", "--label", "job=b"], "--label 'job=b': 'job' was given before, expected each name once"),
        (["--output", "a", "--directory", "b"], "--output and --directory were both given, expected one of them"),
    ],
)
def test_wrong_input_gets_its_sentence_and_exit_status_1(run: Callable[..., Ran], words: list[str], said: str):
    stretch = [] if "--from" in words else ["--from", "2025-01-01", "--to", "2025-01-02"]
    answer = run(*stretch, *words)
    assert (answer.status, said in answer.err, answer.out) == (1, True, ""), answer.err
    assert "Traceback" not in answer.err


def test_all_that_is_wrong_is_said_at_once(run: Callable[..., Ran]):
    answer = run("--from", "x", "--to", "y", "--step", "0m", "--label", "job", "--label", "target=1")
    assert len(answer.err.strip().split("\n")) == 5


def test_a_file_a_directory_and_the_printed_text_hold_the_same(run: Callable[..., Ran], tmp_path: Path):
    words = ("--from", "2025-12-07", "--to", "2025-12-12", "--step", "1d", "--label", 'job=a "b"')
    printed = run(*words)
    assert printed.status == 0, printed.err
    assert printed.err == ""
    assert ',job="a \\"b\\""} 1 ' in printed.out
    done = run(*words, "--output", str(tmp_path / "past.om"))
    assert (tmp_path / "past.om").read_text(encoding="utf-8") == printed.out
    count = sum(1 for line in printed.out.split("\n") if line and line[0] != "#")
    assert f"{count} samples of" in done.out
    assert run(*words, "--directory", str(tmp_path / "parts")).status == 0
    files = sorted((tmp_path / "parts").iterdir())
    assert [file.name for file in files] == ["2025-12-07.om", "2025-12-10.om"]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").split("\n")]
    assert sorted(line for line in lines if line[:1] not in {"", "#"}) == sorted(
        line for line in printed.out.split("\n") if line[:1] not in {"", "#"}
    )
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_a_file_that_cannot_be_written_is_named_and_the_one_there_is_kept(run: Callable[..., Ran], tmp_path: Path):
    words = ("--from", "2025-12-07", "--to", "2025-12-07", "--step", "1d", "--output")
    (tmp_path / "there").mkdir()
    for place in (tmp_path / "nowhere" / "past.om", tmp_path / "there"):
        answer = run(*words, str(place))
        assert answer.status == 1
        assert f"'{place}': " in answer.err
        assert "expected a file that can be written" in answer.err
    assert [file.name for file in tmp_path.iterdir()] == ["there"]


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed, expected it on the PATH (apt-get install prometheus)")
    return found


MADE = """
  - id: made-{number}
    indicator: ilstc-volume
    title: {{en: Made {number}, zh: 假设{number}}}
    owner: port-and-logistics-office
    goal: {{above: {goal}}}
    start: 2025-01-01
    deadline: 2025-12-31
    plan: seasonal
    announcement: {{by: nobody, on: 2025-02-07}}
"""


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real targets and seven made ones: a database of twenty."""
    folder = tmp_path_factory.mktemp("twenty")
    shutil.copytree(PROJECT / "config", folder / "config")
    with (folder / "config" / "targets.yaml").open("a", encoding="utf-8") as targets:
        targets.write("".join(MADE.format(number=number, goal=240_000 + 10_000 * number) for number in range(1, 8)))
    prepare(folder / "t.db", config=folder / "config").dispose()
    return folder / "t.db"


@pytest.fixture(scope="module")
def prometheus(twenty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., list[dict]]]:
    """Run a real Prometheus on the blocks that the real promtool makes of the year, four times a day."""
    folder = tmp_path_factory.mktemp("prometheus")
    done = command(
        *(twenty, "backfill", "--from", "2025-01-01", "--to", "2025-12-31", "--step", "6h"),
        *("--label", "job=targetwatch", "--directory", str(folder / "parts")),
    )
    assert done.status == 0, done.err
    for part in sorted((folder / "parts").iterdir()):
        subprocess.run(
            [
                *(program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=744h"),
                *(str(part), str(folder / "data")),
            ],
            check=True,
            capture_output=True,
        )
    (folder / "prometheus.yml").write_text("global: {scrape_interval: 1h}\n", encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(program("prometheus"), f"--config.file={folder}/prometheus.yml"),
                *(f"--storage.tsdb.path={folder}/data", "--storage.tsdb.retention.time=2200d"),
                f"--web.listen-address={address}",
            ],
            stdout=log,
            stderr=log,
        )

    def ask(path: str, **form: str) -> list[dict]:
        data = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"http://{address}/api/v1/{path}", data=data, timeout=20) as answer:
            return list(json.load(answer)["data"]["result"])

    try:
        _wait(f"http://{address}/-/ready", process, folder / "log")
        yield ask
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(log.read_text(errors="replace"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "status", "actual"),
    [
        ("2025-03-11T15:00:00+08:00", "on_track", "37600"),
        ("2025-12-08T23:59:59+08:00", "on_track", "215800"),
        ("2025-12-09T00:00:00+08:00", "achieved", "272300"),
    ],
)
def test_prometheus_knows_what_was_known_then(prometheus, moment: str, status: str, actual: str):
    own = f'{{job="targetwatch",target="{VOLUME}"}}[6h]'
    found = prometheus("query", query=f"last_over_time(targetwatch_target_actual_value{own})", time=moment)
    assert [one["value"][1] for one in found] == [actual]
    found = prometheus("query", query=f"last_over_time(targetwatch_target_performance{own}) == 1", time=moment)
    assert [one["metric"]["status"] for one in found] == [status]


@pytest.mark.slow
def test_a_year_of_twenty_targets_is_told_by_prometheus(prometheus):
    found = prometheus(
        "query",
        query="count(count by (target) (last_over_time(targetwatch_target_info[1d])))",
        time=str(TURNED.timestamp()),
    )
    assert [one["value"][1] for one in found] == ["20"]


@pytest.mark.slow
def test_the_year_asked_of_prometheus_is_what_status_says_as_of_a_day_in_each_month(prometheus, twenty: Path):
    noon = datetime(2025, 1, 1, 12, 30, tzinfo=ZONE).timestamp()

    def daily(query: str) -> list[dict]:
        return prometheus("query_range", query=query, start=str(noon), end=str(noon + 364 * 86400), step="86400")

    said: dict[str, dict[tuple[str, date], float]] = {}
    for name in ("actual_value", "attainment_probability", "pace_ratio", "required_growth_ratio"):
        said[name] = {
            (one["metric"]["target"], datetime.fromtimestamp(moment, ZONE).date()): float(value)
            for one in daily(f"last_over_time(targetwatch_target_{name}[6h])")
            for moment, value in one["values"]
        }
    performance = {
        (one["metric"]["target"], datetime.fromtimestamp(moment, ZONE).date()): one["metric"]["status"]
        for one in daily("last_over_time(targetwatch_target_performance[6h]) == 1")
        for moment, _ in one["values"]
    }
    assert set(performance.values()) <= {status.value for status in Performance}
    days = [date(2025, month, 2 * month + 1) for month in range(1, 13)]
    engine = db.create_engine(f"sqlite:///{twenty}")
    for on in days:
        with db.reading(engine) as session:
            verdicts = take(session, AsOf.end_of(on, ZONE), taken_at=NOW).verdicts
        assert {name: one for (name, d), one in performance.items() if d == on} == {
            name: verdict.performance.value for name, verdict in verdicts.items()
        }, on
        for field, values in said.items():
            known = {name: getattr(verdict, field) for name, verdict in verdicts.items()}
            assert {name: one for (name, d), one in values.items() if d == on} == {
                name: float(one) if isinstance(one, Decimal) else float(f"{one:.4g}")
                for name, one in known.items()
                if one is not None
            }, (on, field)
    engine.dispose()


@pytest.mark.slow
def test_promtool_makes_one_block_of_each_file_and_one_file_in_all_makes_the_same_samples(
    run: Callable[..., Ran], tmp_path: Path
):
    words = ("--from", "2025-12-01", "--to", "2025-12-31", "--step", "6h")
    assert run(*words, "--directory", str(tmp_path / "parts")).status == 0
    assert run(*words, "--output", str(tmp_path / "whole.om")).status == 0
    made = {"whole": [tmp_path / "whole.om"], "parts": sorted((tmp_path / "parts").iterdir())}
    samples = {}
    for name, files in made.items():
        for number, file in enumerate(files, start=1):
            tool = (program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=744h")
            subprocess.run([*tool, str(file), str(tmp_path / name / "data")], check=True, capture_output=True)
            blocks = list((tmp_path / name / "data").iterdir())
            assert name == "whole" or len(blocks) == number
        metas = [json.loads((block / "meta.json").read_text(encoding="utf-8")) for block in blocks]
        samples[name] = sorted((meta["minTime"], meta["stats"]["numSamples"]) for meta in metas)
    assert samples["whole"] == samples["parts"]
    assert len(samples["whole"]) == 3
