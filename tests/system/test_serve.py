"""`targetwatch serve` as a process: started, asked, signalled, stopped, and its sources misbehaving."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import yaml

from commands import PROJECT, command, environment, process
from connectors.wire import OPTIONS, Request, Server
from forked import Program
from real_service import prepare
from refusing import say
from targetwatch.quantity.crontab import read_crontab
from targetwatch.store import audit, catalogue, db, readings, runs, statuses

VOLUME = "ilstc-volume-2025"
CSV_SOURCES = {
    "ilstc-chongqing",
    "ilstc-corridor",
    "foreign-trade",
    "connectivity-initiative",
    "zones",
    "milestones",
    "costs",
}
ROW = "ilstc-volume,2026-01..2026-10,year_to_date,30.1万,TEU,,,,,2026-11-19,port-and-logistics-office,,,,\n"
READY_SECONDS = 60
"""Far more than it takes: the machine may be busy with other tests."""
END_SECONDS = 60
"""Less than what could hold it up waits."""

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
"""Read by hand: the library's parser takes longer than a test waits between two looks."""

Gauges = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass
class Service:
    """A process that serves a database, or tries to."""

    file: Path
    config: Path
    log: Path
    words: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    process: Program | subprocess.Popen[bytes] = field(init=False)
    address: str = ""

    def start(self) -> None:
        said = environment(
            self.file, TARGETWATCH_CONFIG_DIR=str(self.config), TARGETWATCH_PORT="0", PYTHONFAULTHANDLER="1"
        )
        start = subprocess.Popen if "LD_PRELOAD" in self.settings else Program  # which is of a Python that starts
        with self.log.open("ab") as log:
            self.process = start(
                [sys.executable, "-m", "targetwatch", "serve", *self.words],
                env={**said, **self.settings},
                cwd=PROJECT,
                stdout=log,
                stderr=log,
            )

    def until_ready(self) -> Service:
        """Wait for the line that says where to look, and for the service to say that it is ready."""
        line = self.until_said(r"look at (http://\S+)/ and \1/metrics")
        self.address = line[1]
        assert self.get("/-/ready").status_code == 200
        return self

    def until_said(self, words: str, count: int = 1, seconds: float = READY_SECONDS) -> re.Match[str]:
        """Wait until the log matches `words` so many times; the last match."""

        def said() -> re.Match[str] | None:
            found = list(re.finditer(words, self.said))
            if len(found) < count and self.process.poll() is not None:
                pytest.fail(f"ended with {self.process.returncode} before saying {words!r}:\n{self.said}")
            return found[count - 1] if len(found) >= count else None

        return until(said, f"{words!r} in the log", seconds, more=lambda: self.said)

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(self.address + path, timeout=20, **more)

    def gauges(self) -> Gauges:
        """Scrape."""
        answer = self.get("/metrics")
        assert answer.status_code == 200
        return {
            (name, frozenset(LABEL.findall(said))): float(value) for name, said, value in SAMPLE.findall(answer.text)
        }

    def gauge(self, name: str, **labels: str) -> float | None:
        return self.gauges().get((f"targetwatch_{name}", frozenset(labels.items())))

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask the process to end, gracefully, and see it do so."""
        self.send(number)
        self.process.wait(END_SECONDS)


def until(answer: Callable[[], Any], what: str, seconds: float = READY_SECONDS, more: Callable[[], str] = str) -> Any:
    """Wait until `answer` is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = answer()
        if found:
            return found
        time.sleep(0.1)
    return pytest.fail(f"waited {seconds} s in vain for {what}\n{more()}")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a database with the real configuration and figures, every source run a minute ago."""
    file = tmp_path_factory.mktemp("serve") / "targetwatch.db"
    prepare(file, now=datetime.now(UTC) - timedelta(minutes=1)).dispose()
    return file


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the same file after five days without a run."""
    file = tmp_path_factory.mktemp("serve") / "targetwatch.db"
    prepare(file, now=datetime.now(UTC) - timedelta(days=5)).dispose()
    return file


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a copy of the real configuration that a test may change."""
    shutil.copytree(PROJECT / "config", tmp_path / "config")
    return tmp_path / "config"


@contextmanager
def serving(file: Path, config: Path, folder: Path, *words: str, **settings: str) -> Iterator[Service]:
    """Run the service on a database; whatever becomes of it, it does not outlive the test."""
    service = Service(file, config, folder / "log", words, settings)
    service.start()
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
        service.process.wait(20)


@pytest.fixture
def serve(prepared: Path, config: Path, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Run the service on a copy of the real database."""
    started = []

    def run(*words: str, database: Path | None = None, **settings: str) -> Service:
        file = shutil.copy(database or prepared, tmp_path / "targetwatch.db")
        context = serving(file, config, tmp_path, *words, **settings)
        started.append(context)
        return context.__enter__()

    yield run
    for context in started:
        context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def real(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Give a running service over the real targets, one setting misspelt, for tests that only ask."""
    folder = tmp_path_factory.mktemp("real")
    file = shutil.copy(prepared, folder / "targetwatch.db")
    with serving(file, PROJECT / "config", folder, TARGETWATCH_PROT="9999") as service:
        yield service.until_ready()


def held_in(file: Path) -> Any:
    """Return everything the database holds that a service may write."""
    engine = db.create_engine(f"sqlite:///{file}")
    with db.reading(engine) as session:
        found = (audit.head(session), statuses.load(session), runs.history(session), readings.load(session))
        assert audit.verify(session) == ()
    engine.dispose()
    return found


def last_runs(file: Path) -> dict[str, runs.Run]:
    engine = db.create_engine(f"sqlite:///{file}")
    with db.reading(engine) as session:
        found = runs.last(session)
    engine.dispose()
    return found


# --- the real targets, served -----------------------------------------------------------------------------------------


def test_once_ready_it_says_what_became_of_the_targets(real):
    assert re.search(r"13 targets as of \d{4}-\d\d-\d\d: \d", real.said)
    assert re.search(r"still running: .*ilstc-volume-2027", real.said)
    assert "targetwatch serve --replay 2025-01-01..2026-01-31 --day 2s" in real.said


def test_a_scrape_has_the_gauges_of_every_target(real):
    engine = db.create_engine(f"sqlite:///{real.file}")
    with db.reading(engine) as session:
        targets = [target.id for target in catalogue.load(session).targets]
    engine.dispose()
    gauges = real.gauges()
    for name in targets:
        for metric in ("target_goal_value", "target_start_timestamp_seconds", "target_version"):
            if metric != "target_goal_value" or name != "tax-burden-2025":
                assert (f"targetwatch_{metric}", frozenset({("target", name)})) in gauges, (metric, name)
        said = [key for key in gauges if key[0] == "targetwatch_target_performance" and ("target", name) in key[1]]
        assert len(said) == 7
        assert sum(gauges[key] for key in said) == 1
    assert real.gauge("target_actual_value", target=VOLUME) == 327_700
    assert real.gauge("target_performance", target=VOLUME, status="achieved") == 1
    assert real.gauge("clock_simulated") == 0
    assert real.gauge("scheduler_leader") == 1
    assert real.gauge("config_last_reload_successful") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/wall",
        f"/targets/{VOLUME}",
        f"/targets/{VOLUME}?as_of=2025-07-18",
        "/targets/cost-policy-extension",
        "/api/v1/targets",
        f"/api/v1/targets/{VOLUME}?as_of=2025-12-08",
        "/api/v1/indicators/ilstc-volume/readings",
        "/api/docs",
        "/schema/targetwatch.json",
        "/-/healthy",
        "/-/ready",
    ],
)
def test_the_pages_answer(real, path):
    assert until(lambda: real.get(path), path).content  # a past day may be told to be asked for again


def test_a_page_that_is_not_there_is_said_not_to_be(real):
    assert real.get("/targets/volume-2025").status_code == 404
    assert real.get("/nothing").status_code == 404


CHONGQING = ZoneInfo("Asia/Shanghai")


def next_due(file: Path) -> datetime:
    """Return when the first of the sources is due after its last run."""
    engine = db.create_engine(f"sqlite:///{file}")
    with db.reading(engine) as session:
        sources, last = catalogue.load(session).sources, runs.last(session)
    engine.dispose()
    lines = {one.id: read_crontab(one.schedule) for one in sources if one.schedule}
    return min(due for name, line in lines.items() if (due := line.after(last[name].started_at, CHONGQING)))


# --- an end -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_start_right_after_a_stop_runs_nothing_and_a_signal_ends_it_whoever_keeps_a_connection_open(
    serve, prepared, number
):
    service = serve().until_ready()
    before, due = held_in(service.file)[2], next_due(prepared)
    assert all(source(service.gauges(), name) == 1 for name in CSV_SOURCES), "known from before the start"
    session = requests.Session()
    assert session.get(f"{service.address}/metrics", timeout=20).status_code == 200
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        time.sleep(1)
        service.end(number)
    if due <= datetime.now(UTC):
        pytest.skip("a source fell due since the database was prepared: it is nine in the morning in Chongqing")
    assert "running now" not in service.said
    assert service.process.returncode == 0
    assert service.said.rstrip().endswith("stopped")
    assert "Traceback" not in service.said
    session.close()
    assert held_in(service.file)[2] == before


def test_a_signal_that_comes_while_it_starts_ends_it_too(serve):
    service = serve()
    service.until_said("source .*: scheduled|look at", seconds=READY_SECONDS)
    service.end()
    assert service.process.returncode == 0


def hanging(request: Request) -> None:
    """Say nothing until the server is closed."""
    request.server.closing.wait(120)


# --- what cannot be served --------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_said_to_be(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        service = serve("--port", str(port))
        assert service.process.wait(READY_SECONDS) == 1
    assert "Traceback" not in service.said
    assert service.said.strip().splitlines()[-1] == (
        f"error: address 127.0.0.1:{port}: Address already in use, expected a free one (--host, --port)"
    )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("empty.db", "", r"database 'sqlite:///.*empty\.db': .*targetwatch db upgrade"),
        ("nowhere/targetwatch.db", None, r"database '.*nowhere/targetwatch\.db': .*expected"),
        ("letter.db", "this is a letter, not a database\n" * 100, r".*letter\.db': file is not a database"),
    ],
)
def test_a_database_that_cannot_be_served_is_said_to_be(tmp_path, name, text, sentence):
    if text:
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = command(tmp_path / name, "serve", TARGETWATCH_PORT="0")
    assert done.status == 1
    assert re.match(f"error: {sentence}", done.err.splitlines()[-1]), done.err


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TIMEZONE", "Asia/Chongching", "'Asia/Chongching' is not a time zone, expected a name such as Asia/Shanghai"),
        ("HOLIDAY_CALENDAR", "XX", "'XX' has no calendar of holidays, expected a country code such as CN"),
        (
            "EXTERNAL_URL",
            "targets.example.org",
            "'targets.example.org' is not an address, expected one such as https://",
        ),
        ("PORT", "99999", "Input should be less than or equal to 65535"),
    ],
)
def test_a_wrong_setting_is_named(prepared, name, value, sentence):
    done = command(prepared, "serve", **{f"TARGETWATCH_{name}": value})
    assert done.status == 1
    assert done.err.startswith(f"error: TARGETWATCH_{name}: ")
    assert sentence in done.err


def test_a_misspelt_setting_is_mentioned(real):
    assert "TARGETWATCH_PROT is set and is no setting of targetwatch" in real.said


def test_it_prepares_an_empty_database_when_asked_to(tmp_path, config):
    with serving(tmp_path / "new.db", config, tmp_path, "--upgrade") as service:
        service.until_ready()
        until(lambda: service.gauge("target_actual_value", target=VOLUME) == 327_700, "the figures")
        until(lambda: set(last_runs(service.file)) == CSV_SOURCES, "every source to have run")


# --- another configuration --------------------------------------------------------------------------------------------


def reload(service: Service, words: str, count: int = 1) -> None:
    service.send(signal.SIGHUP)
    service.until_said(words, count)


def test_a_reload_puts_valid_files_in_force_and_refuses_invalid_ones_whole(serve, config):
    service = serve().until_ready()
    targets = config / "targets.yaml"
    valid = targets.read_text(encoding="utf-8")
    number = 1 + next(n for n, line in enumerate(valid.splitlines()) if "goal: {above: 270000}" in line)
    targets.write_text(valid.replace("goal: {above: 270000}", "goal: {above: many}"), encoding="utf-8")
    before, trail = service.gauges(), held_in(service.file)[0]

    reload(service, "reload: refused")
    line = service.until_said(r"targets\.yaml:(\d+): (.*)")
    assert (int(line[1]), "many" in line[2]) == (number, True)
    assert service.gauge("config_last_reload_successful") == 0
    after = service.gauges()
    assert {key: after[key] for key in of_targets(after)} == {key: before[key] for key in of_targets(before)}
    assert held_in(service.file)[0] == trail
    assert service.process.poll() is None

    targets.write_text(without(valid, "meat-certification"), encoding="utf-8")
    reload(service, "reload: done")
    assert service.gauge("config_last_reload_successful") == 1
    gone = [key for key in service.gauges() if ("target", "meat-certification") in key[1]]
    assert gone == [], "a deleted target is gone at the next scrape"
    assert service.get("/targets/meat-certification").status_code == 404

    targets.write_text(valid, encoding="utf-8")
    reload(service, "reload: done", count=2)
    assert service.gauge("target_version", target="meat-certification") == 1


def of_targets(gauges: Gauges) -> list[Any]:
    return [key for key in gauges if key[0].startswith("targetwatch_target_")]


def without(text: str, target: str) -> str:
    """Return the file without one entry."""
    return re.sub(rf"^  - id: {target}\n(?:    .*\n|\n)*", "", text, flags=re.MULTILINE)


def test_a_reload_runs_a_source_that_is_new_at_once_and_one_that_hangs_does_not_hold_up_the_end(serve, config, hostile):
    service = serve().until_ready()
    hostile.routes["/fine"] = lambda request: request.answer(TRADE)
    add_source(config, "customs-office", hostile.url("/fine"))
    reload(service, "reload: done")
    until(lambda: service.gauge("source_last_run_successful", source="customs-office") == 1, "the source to be read")
    assert service.gauge("ingest_readings_total", source="customs-office", result="new") == 2

    hostile.routes["/hangs"] = hanging
    add_source(config, "hangs", hostile.url("/hangs"), deadline_seconds=90)
    reload(service, "reload: done", count=2)
    until(lambda: any("/hangs" in str(one) for one in hostile.seen), "the source to be asked")
    service.end()
    assert service.process.returncode == 0


# --- other clocks -----------------------------------------------------------------------------------------------------


def test_a_frozen_day_is_served_as_it_was(serve):
    service = serve("--as-of", "2025-12-08").until_ready()
    before = held_in(service.file)
    assert "the clock is simulated: 2025-12-08 to 2025-12-08" in service.said
    assert service.gauge("clock_simulated") == 1
    assert service.gauge("target_actual_value", target=VOLUME) == 215_800
    assert service.gauge("target_performance", target=VOLUME, status="achieved") == 0
    assert service.gauge("target_data_state", target=VOLUME, state="late") == 1
    assert "2025-12-08" in service.get("/").text
    assert service.get("/-/ready").text == "ready: as of 2025-12-08\n"
    service.end()
    assert held_in(service.file) == before


def test_a_replay_lives_through_the_day_on_which_the_goal_was_known_to_be_reached_and_writes_nothing(serve):
    service = serve("--replay", "2025-12-05..2025-12-12", "--day", "0.5s")
    before = held_in(service.file)
    service.until_ready()
    seen: dict[str, float] = {}

    def over() -> bool:
        answer = service.get("/metrics").text
        day = datetime.fromtimestamp(value_of(answer, "targetwatch_as_of_timestamp_seconds"), UTC).date().isoformat()
        achieved = f'targetwatch_target_performance{{target="{VOLUME}",status="achieved"}}'
        seen[day] = value_of(answer, achieved)
        return service.get("/-/ready").text == "ready: as of 2025-12-12\n"

    until(over, "the last day of the replay")
    assert service.gauge("clock_simulated") == 1
    assert service.gauge("target_performance", target=VOLUME, status="achieved") == 1
    assert len(seen) > 1, "the last day came after others"
    assert all(achieved == (day >= "2025-12-08") for day, achieved in seen.items() if day != "2025-12-08")
    assert service.gauge("target_performance_since_timestamp_seconds", target=VOLUME) == pytest.approx(
        datetime(2025, 12, 9, tzinfo=UTC).timestamp(), abs=86_400
    )
    service.end()
    assert service.process.returncode == 0
    assert held_in(service.file) == before


def value_of(text: str, series: str) -> float:
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    assert found, series
    return float(found[1])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--as-of", "2025-02-30"], "--as-of '2025-02-30': not a day, expected YYYY-MM-DD such as 2025-03-31"),
        (["--replay", "2025"], "--replay '2025': not a stretch of time, expected FROM..TO"),
        (["--replay", "2025-02-01..2025-01-01"], "ends before it starts, expected the earlier day first"),
        (["--replay", "2025-01-01..2025-02-01", "--day", "0s"], "--day '0s': not a duration, expected seconds"),
        (["--replay", "2025-01-01..2025-02-01", "--as-of", "2025-01-01"], "were both given, expected one of them"),
    ],
)
def test_a_clock_that_cannot_be_understood_is_refused(prepared, words, sentence):
    done = command(prepared, "serve", *words)
    assert done.status == 1
    assert sentence in done.err


# --- sources that misbehave -------------------------------------------------------------------------------------------

TRADE = (
    b'{"data": [{"month": "202510", "amount": 64.5, "growth": 12.3, "out": "2025-11-07"},'
    b' {"month": "202511", "amount": 65.5, "growth": 11.4, "out": "2025-12-07"}]}'
)


@pytest.fixture
def hostile() -> Iterator[Server]:
    """Give a real server that does whatever a test tells it to."""
    server = Server()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


def add_source(config: Path, name: str, url: str, **options: Any) -> None:
    """Add a source of the trade figures to the file."""
    file = config / "sources.yaml"
    known = yaml.safe_load(file.read_text(encoding="utf-8"))
    said = {**OPTIONS, "deadline_seconds": 6, "unit": "bn CNY", "url": url, **options}
    known["sources"].append({"id": name, "kind": "http_json", "schedule": "0 9 * * *", "options": said})
    file.write_text(yaml.safe_dump(known, allow_unicode=True, sort_keys=False), encoding="utf-8")


def drips(request: Request) -> None:
    request.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n")
    request.drip(b"[" * 10_000)


def lies(request: Request) -> None:
    request.answer(TRADE, Content_Length=str(len(TRADE) + 1000))
    request.close_connection = True


def huge(request: Request) -> None:
    request.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not request.server.closing.is_set():
        request.raw(b"10000\r\n" + b"[" * 0x10000 + b"\r\n")


MISBEHAVING: dict[str, tuple[Any, str]] = {
    "dead": (None, "refuses the connection: nothing listens at that port"),
    "silent": (hanging, "no complete answer within 6 s, while waiting for 127.0.0.1 to answer"),
    "slow": (drips, "no complete answer within 6 s, while "),
    "lying": (lies, "breaks off after "),
    "huge": (huge, "expected at most that (max_bytes)"),
    "redirecting": (lambda request: request.answer(b"", status=302, Location="/redirecting"), "redirects more than 3"),
    "elsewhere": (
        lambda request: request.answer(b"", status=302, Location="http://169.254.169.254/"),
        "redirects to another host, 169.254.169.254",
    ),
    "malformed": (lambda request: request.answer(b"<html>maintenance</html>"), "is not JSON"),
    "half": (lambda request: request.answer(TRADE[:100]), "breaks off in the middle"),
    "useless": (
        lambda request: request.answer(TRADE.replace(b"2025", b"month")),
        "no row can be used, 2 problems, the first at ",
    ),
}


@pytest.mark.slow
def test_sources_that_misbehave_delay_neither_another_nor_the_scrape_and_are_told(serve, behind, config, hostile):
    for name, (route, _reason) in MISBEHAVING.items():
        if route is not None:
            hostile.routes[f"/{name}"] = route
    hostile.routes["/well"] = lambda request: request.answer(TRADE)
    released = threading.Event()
    hostile.routes["/late"] = lambda request: (released.wait(60), request.answer(TRADE))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{unused.getsockname()[1]}/dead"
        for name, (route, _reason) in MISBEHAVING.items():
            more = {"max_bytes": 1_000_000} if name == "huge" else {}
            add_source(config, name, dead if route is None else hostile.url(f"/{name}"), **more)
        add_source(config, "well", hostile.url("/well"))
        add_source(config, "late", hostile.url("/late"), deadline_seconds=60)
        with (config / "readings" / "ilstc-chongqing.csv").open("a", encoding="utf-8") as file:
            file.write(ROW)
        applied = shutil.copy(behind, config.parent / "applied.db")
        done = process(applied, "apply", TARGETWATCH_CONFIG_DIR=str(config))
        assert done.status == 0, done.err
        service = serve(database=applied).until_ready()
        proxy = http.client.HTTPConnection(service.address.removeprefix("http://"), timeout=20)
        assert asked(proxy) == 200
        until(lambda: source(service.gauges(), "well") == 1, "the one that is well")
        assert source(service.gauges(), "late") is None, "a scrape is answered while a source is not"
        released.set()
        names = {*MISBEHAVING, "well", "late"}
        until(lambda: all(source(service.gauges(), name) is not None for name in names), "all of them")
        assert asked(proxy) == 200, "a connection is kept for longer than a source may take"
        proxy.close()

    recorded = last_runs(service.file)
    slow = min(recorded[name].finished_at for name in ("silent", "slow"))
    for name in (*CSV_SOURCES, "well"):
        assert recorded[name].outcome in {"ok", "unchanged"}, recorded[name]
        assert recorded[name].finished_at < slow, f"{name} waited for a slow one"
    for name, (_route, reason) in MISBEHAVING.items():
        assert recorded[name].outcome == "failed", name
        assert reason in say(recorded[name].reason), recorded[name]
        assert service.gauge("source_last_run_successful", source=name) == 0
        assert service.gauge("ingest_runs_total", source=name, outcome="failed") == 1
        assert service.gauge("source_last_success_timestamp_seconds", source=name) is None
    assert service.gauge("source_last_run_successful", source="well") == 1
    assert service.gauge("source_last_run_successful", source="late") == 1
    assert service.gauge("ingest_readings_total", source="well", result="new") == 2
    assert service.gauge("ingest_readings_total", source="ilstc-chongqing", result="new") == 1
    service.end()
    assert service.process.returncode == 0
    held_in(service.file)


def asked(connection: http.client.HTTPConnection) -> int:
    """Ask over a connection that is open already; it is not opened again."""
    connection.auto_open = connection.sock is None
    connection.request("GET", "/-/ready")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def source(gauges: Gauges, name: str) -> float | None:
    return gauges.get(("targetwatch_source_last_run_successful", frozenset({("source", name)})))


# --- after downtime, and with the database away -----------------------------------------------------------------------


def test_what_fell_due_while_it_was_down_is_made_up_for_at_the_start(serve, behind, config):
    with (config / "readings" / "ilstc-chongqing.csv").open("a", encoding="utf-8") as file:
        file.write(ROW)
    service = serve(database=behind).until_ready()
    until(lambda: service.gauge("ingest_readings_total", source="ilstc-chongqing", result="new") == 1, "the new figure")
    until(lambda: all(source(service.gauges(), name) == 1 for name in CSV_SOURCES), "every source")
    read = service.get("/api/v1/indicators/ilstc-volume/readings").text
    assert "301000" in read


def test_reloads_in_a_row_leave_it_standing_and_scrapes_go_on_while_the_database_is_away_or_locked(serve):
    service = serve().until_ready()
    for _ in range(5):
        service.send(signal.SIGHUP)
        time.sleep(0.05)
    service.until_said("reload: done")
    time.sleep(1)
    assert service.gauge("config_last_reload_successful") == 1
    assert service.process.poll() is None
    reloads = service.said.count("reload: done")
    service.get(f"/targets/{VOLUME}")
    away = service.file.with_name("away.db")
    service.file.rename(away)
    for _ in range(5):
        assert service.gauge("target_actual_value", target=VOLUME) == 327_700
    away.rename(service.file)
    writer = sqlite3.connect(service.file, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    service.send(signal.SIGHUP)
    for _ in range(20):
        assert service.gauge("target_actual_value", target=VOLUME) == 327_700
    writer.execute("ROLLBACK")
    writer.close()
    service.until_said("reload: done", count=reloads + 1)
    assert "Traceback" not in service.said


# --- a clock that is wrong --------------------------------------------------------------------------------------------

FAKE_CLOCK = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
CHECKED_SECONDS = 3
"""Longer than the service takes to see what its clock says now, on a busy machine."""
ONE_INDICATOR = """
version: 1
publishers: [{id: statistics-bureau, title: {en: Statistics, zh: 统计局}}]
indicators:
  - {id: financing, title: {en: Financing, zh: 融资}, measure: level, unit: bn CNY, scope: all,
     authority: statistics-bureau, release: {every: quarter, lag: 30d, grace: 7d}}
"""
ONE_SOURCE = "version: 1\nsources: [{id: one, kind: csv_file, schedule: '9 9 * * *', options: {path: figures.csv}}]\n"


@pytest.mark.skipif(FAKE_CLOCK is None, reason="there is no libfaketime here")
def test_a_clock_set_back_and_forward_under_the_service_lets_each_due_time_be_kept_once(tmp_path):
    put, zone, config = tmp_path / "clock", ZoneInfo("Asia/Shanghai"), tmp_path / "config"
    config.mkdir()
    (config / "figures.csv").write_text(
        "indicator,period,basis,value,published_on,publisher\nfinancing,2025-06-30,point,3,2025-07-09,statistics-bureau\n"
    )
    (config / "targets.yaml").write_text(ONE_INDICATOR, encoding="utf-8")
    (config / "sources.yaml").write_text(ONE_SOURCE, encoding="utf-8")
    prepare(tmp_path / "targetwatch.db", config=config, now=datetime.now(UTC) - timedelta(days=9)).dispose()
    today = datetime.now(zone).replace(hour=0, minute=0, second=0)

    def clock(moment: datetime) -> None:
        put.with_suffix(".new").write_text(f"{(moment - datetime.now(UTC)).total_seconds():+.0f}")
        put.with_suffix(".new").rename(put)

    def ran(count: int) -> None:
        until(lambda: len(held_runs(service.file)) == count, f"{count} runs", more=lambda: service.said)

    def held_runs(file: Path) -> tuple[runs.Run, ...]:
        engine = db.create_engine(f"sqlite:///{file}")
        with db.reading(engine) as session:
            return runs.history(session)

    clock((today - timedelta(days=365)).replace(hour=8))
    fake = {"LD_PRELOAD": str(FAKE_CLOCK), "FAKETIME_TIMESTAMP_FILE": str(put), "FAKETIME_NO_CACHE": "1"}
    with serving(tmp_path / "targetwatch.db", config, tmp_path, **fake, FAKETIME_DONT_FAKE_MONOTONIC="1") as service:
        service.until_ready()
        assert "the clock was ahead when sources ran last, they run as it says now" in service.said
        before = len(held_runs(service.file))
        clock((today - timedelta(days=365)).replace(hour=9, minute=8, second=59))
        ran(before + 1)
        clock(today.replace(hour=9, minute=30))  # put right
        ran(before + 2)
        for moment in (today.replace(hour=8, minute=30), today.replace(hour=9, minute=8, second=59)):  # back, due again
            clock(moment)
            time.sleep(CHECKED_SECONDS)
            assert len(held_runs(service.file)) == before + 2
        clock(today.replace(hour=8) + timedelta(days=1))
        time.sleep(CHECKED_SECONDS)
        assert len(held_runs(service.file)) == before + 2
        clock(today.replace(hour=9, minute=8, second=59) + timedelta(days=1))
        ran(before + 3)
        assert service.get("/wall").status_code == 200
        assert "Traceback" not in service.said
        service.end()
