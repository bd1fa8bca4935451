"""The running service in this process: what it judges, keeps and tells when something comes in or goes wrong."""

from __future__ import annotations

import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from commands import PROJECT, command
from real_service import prepare, served
from refusing import raises, say
from targetwatch import configuration, ingest
from targetwatch.errors import ConfigError, NotFoundError, SchemaError, StoreError, UsageError
from targetwatch.model import AsOf
from targetwatch.service.app import App, Simulation, build
from targetwatch.settings import Settings
from targetwatch.store import audit, catalogue, db, outbox, runs, statuses
from targetwatch.watch import take

VOLUME = "ilstc-volume-2025"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a database with the real configuration and figures."""
    file = tmp_path_factory.mktemp("service") / "targetwatch.db"
    prepare(file).dispose()
    return file


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a copy of the real configuration that a test may change."""
    shutil.copytree(PROJECT / "config", tmp_path / "config")
    return tmp_path / "config"


@pytest.fixture
def make(prepared: Path, config: Path, tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Make a service over a copy of the real database."""
    made: list[App] = []

    def service(*, simulation: Simulation | None = None, **said: Any) -> App:
        file = shutil.copy(prepared, tmp_path / f"{len(made)}.db")
        settings = Settings(database_url=f"sqlite:///{file}", config_dir=config, **said)
        made.append(build(settings, simulation=simulation))
        return made[-1]

    yield service
    for one in made:
        one.stop()


@pytest.fixture
def app(make: Callable[..., App]) -> App:
    """Give a service that has judged once."""
    service = make()
    service.refresh()
    return service


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up waiting for another writer after a fifth of a second."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT_SECONDS", 0.2)


@contextmanager
def another_writer(app: App) -> Iterator[sqlite3.Connection]:
    """Hold the database's write lock, as another program does that is writing for long."""
    connection = sqlite3.connect(str(db.file_of(app.engine)), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@contextmanager
def missing(app: App, table: str) -> Iterator[None]:
    """Take a table away for a while, as no service can expect."""
    raw = sqlite3.connect(str(db.file_of(app.engine)), isolation_level=None)
    raw.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    yield
    raw.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    raw.close()


def samples(app: App) -> dict[str, float]:
    """Return what a scrape would read now: the series, its labels in alphabetical order, and its value."""
    text = app.exposition.answer("", "")[0].decode()
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {series(sample.name, sample.labels): sample.value for sample in found}


def series(name: str, labels: dict[str, str]) -> str:
    return f"{name}{{{','.join(f'{label}={value}' for label, value in sorted(labels.items()))}}}"


def history(app: App, target: str | None = None) -> list[tuple[str, date, str]]:
    with db.reading(app.engine) as session:
        return [(change.target, change.on, change.new.value) for change in statuses.load(session, target)]


def entry(indicator: str, value: str, published: str = "2026-11-19") -> dict[str, str]:
    """Return a reading of the first ten months of 2026 in the words of a person."""
    return {
        "indicator": indicator,
        "value": value,
        "period": "2026-01..2026-10",
        "basis": "year_to_date",
        "published_on": published,
        "publisher": "port-and-logistics-office",
    }


def append_to(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


# --- who leads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kept", ["program = 'older'", "through = '2999-12-31'", "configured = configured - 1", "configured = 1000"]
)
def test_what_is_judged_is_kept_though_nothing_could_be_built_on_what_was_kept_before(app, kept):
    def horizon() -> statuses.Horizon:
        with db.reading(app.engine) as session:
            found = statuses.horizon(session)
        assert found is not None
        return found

    whole = horizon()
    with app.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE horizon SET {kept}, number = number + 40")
        connection.exec_driver_sql("DELETE FROM status_change")
    again = build(app.settings)
    try:
        again.refresh()
        with db.reading(app.engine) as session:
            assert statuses.load(session)
        assert horizon() == replace(whole, through=horizon().through, number=whole.number + 41)
    finally:
        again.stop()


def test_a_second_service_on_the_same_file_is_refused_and_one_at_a_past_date_is_not(make):
    first = make()
    first.start()
    second = build(first.settings)
    with raises(StoreError, match="another 'serve' runs the sources on this file"):
        second.start()
    beside = build(first.settings, simulation=Simulation(date(2025, 10, 10), date(2025, 10, 10)))
    beside.start()
    assert beside.holder.current.as_of.day == date(2025, 10, 10)
    first.stop()
    second.start()
    assert samples(second)["targetwatch_scheduler_leader{}"] == 1
    second.stop()
    beside.stop()


# --- judging and keeping ----------------------------------------------------------------------------------------------


def test_the_first_judgement_keeps_the_history_of_every_target_and_a_second_start_adds_nothing(app):
    kept = history(app)
    assert {target for target, _, _ in kept} == set(app.holder.current.verdicts)
    assert (VOLUME, date(2025, 12, 9), "achieved") in kept
    again = build(app.settings)
    again.refresh()
    assert history(again) == kept
    again.stop()


def test_a_locked_database_holds_up_neither_the_snapshot_nor_the_gauges_and_no_change_is_lost(impatient, make):
    app = make()
    with another_writer(app):
        snapshot = app.refresh()
        assert app.holder.current is snapshot
        assert samples(app)[f"targetwatch_target_performance{{status=achieved,target={VOLUME}}}"] == 1
        assert history(app) == []
    app.refresh()
    kept = history(app)
    assert {target for target, _, _ in kept} == set(snapshot.verdicts)
    assert (VOLUME, date(2025, 12, 9), "achieved") in kept
    app.refresh()
    assert history(app) == kept


def changes_counted(app: App, target: str = VOLUME) -> float:
    return samples(app)[f"targetwatch_target_status_changes_total{{target={target}}}"]


def test_the_counter_says_what_is_kept_at_once_and_after_a_restart_and_not_before_it_is_kept(impatient, app):
    assert changes_counted(app) == len(history(app, VOLUME)) > 0
    financing = "cci-financing-2025"
    before = changes_counted(app, financing)
    enter(app, total("22.5", "2026-11-18"))
    with another_writer(app):
        app.refresh()
        assert changes_counted(app, financing) == before
    app.refresh()
    assert changes_counted(app, financing) == len(history(app, financing)) == before + 1
    again = build(app.settings)
    again.refresh()
    assert changes_counted(again, financing) == before + 1
    again.stop()


def total(value: str, published: str) -> dict[str, str]:
    """Return the financing since the start of the programme, told for the end of 2025: 22.3 bn is what is promised."""
    return {
        "indicator": "cci-financing",
        "value": value,
        "period": "2015-11-07..2025-12-31",
        "basis": "since_start",
        "published_on": published,
        "publisher": "cci-bureau",
    }


def record(app: App, said: dict[str, str]) -> ingest.Recorded:
    """Store a reading as the API does, judged at once."""
    now = datetime.now(UTC)
    done = ingest.record(app.engine, said, actor="api:sync", now=now, today=now.date())
    app.web.state.service.judge()
    return done


def enter(app: App, said: dict[str, str]) -> None:
    """Store a reading as another process does, so that the service has not judged it yet."""
    now = datetime.now(UTC)
    outcome = ingest.record(app.engine, said, actor="cli:li", now=now, today=now.date())
    assert outcome.outcome in {"new", "revised"}, outcome


def test_changes_that_wait_while_others_come_are_all_written_once_and_in_order(impatient, app):
    before = history(app, "cci-financing-2025")
    assert before[-1][2] == "awaiting_data"
    for value, published in (("22.0", "2026-11-18"), ("22.5", "2026-11-19")):
        enter(app, total(value, published))
        with another_writer(app):
            app.refresh()
        assert history(app, "cci-financing-2025") == before
    assert app.holder.current.verdicts["cci-financing-2025"].performance == "achieved"
    app.refresh()
    told = [(date(2026, 11, 18), "missed"), (date(2026, 11, 19), "achieved")]
    assert [(on, new) for _, on, new in history(app, "cci-financing-2025")[len(before) :]] == told


def test_a_database_that_fails_is_told_and_the_next_judgement_starts_afresh_without_saying_anything_twice(
    impatient, make
):
    app, untroubled = make(), make()
    with another_writer(app):
        app.refresh()
    with missing(app, "reading"), raises(StoreError, match="no such table: reading"):
        app.refresh()
    assert samples(app)["targetwatch_database_up{}"] == 0
    assert samples(app)[f"targetwatch_target_performance{{status=achieved,target={VOLUME}}}"] == 1
    app.refresh()
    untroubled.refresh()
    assert samples(app)["targetwatch_database_up{}"] == 1
    assert history(app) == history(untroubled)


def test_steps_that_wait_when_the_database_fails_are_written_once(impatient, make, monkeypatch):
    days = iter(["2025-12-30", "2026-01-02", "2026-03-31", "2026-03-31", "2026-03-31"])
    monkeypatch.setattr(App, "as_of", lambda app: AsOf.end_of(date.fromisoformat(next(days)), app.settings.zone))
    app = make()
    app.refresh()
    before = history(app, "routes-2025")
    with another_writer(app):
        app.refresh()
        app.refresh()
    with missing(app, "held"), raises(StoreError, match="no such table: held"):
        app.refresh()
    app.refresh()
    told = [new for _, _, new in history(app, "routes-2025")[len(before) :]]
    assert told == ["awaiting_data", "missed"]


def test_what_was_defined_otherwise_when_the_database_failed_is_judged_afterwards(app, config):
    file = config / "targets.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("zh: 标箱}", "zh: 集装箱}", 1), encoding="utf-8")
    configuration.apply(app.engine, config, actor="cli:li", now=datetime.now(UTC), environment={})
    with missing(app, "held"), pytest.raises(StoreError):
        app.refresh()
    app.refresh()
    seen = app.holder.current
    with db.reading(app.engine) as session:
        fresh = take(session, seen.as_of, taken_at=seen.taken_at)
    assert "集装箱" in {indicator.unit_label.zh for indicator in seen.catalogue.indicators}
    assert (seen.catalogue, seen.verdicts) == (fresh.catalogue, fresh.verdicts)


def test_a_change_whose_snapshot_could_not_be_shown_is_kept_all_the_same(app, monkeypatch):
    enter(app, total("22.5", "2026-11-19"))
    monkeypatch.setattr(app.exposition, "show", lambda _snapshot: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        app.refresh()
    monkeypatch.undo()
    app.refresh()
    assert history(app, "cci-financing-2025")[-1][1:] == (date(2026, 11, 19), "achieved")


def test_a_judgement_asked_for_by_many_at_once_ends_with_everything_judged(app):
    def bring(number: int) -> None:
        record(app, entry("ilstc-value", f"{50 + number}.5", published=f"2026-11-{number + 1:02}"))

    threads = [threading.Thread(target=bring, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    seen = app.holder.current
    assert seen.figures["ilstc-value"].value == Decimal("57.5")
    with db.reading(app.engine) as session:
        fresh = take(session, seen.as_of, taken_at=seen.taken_at)
        assert audit.verify(session) == ()
    assert (seen.verdicts, seen.figures) == (fresh.verdicts, fresh.figures)


# --- sources ----------------------------------------------------------------------------------------------------------


def last_run(app: App, source: str) -> runs.Run:
    with db.reading(app.engine) as session:
        return runs.last(session)[source]


def test_what_a_source_brings_is_judged_and_counted(app, config):
    row = "ilstc-volume,2026-01..2026-10,year_to_date,30.1万,TEU,,,,,2026-11-19,port-and-logistics-office,,,,"
    append_to(config / "readings" / "ilstc-chongqing.csv", row + "\n")
    app.ingest("ilstc-chongqing")
    assert app.holder.current.figures["ilstc-volume"].value == 301_000
    told = samples(app)
    assert told["targetwatch_ingest_readings_total{result=new,source=ilstc-chongqing}"] == 1
    assert told["targetwatch_ingest_runs_total{outcome=ok,source=ilstc-chongqing}"] == 1
    assert told["targetwatch_source_last_run_successful{source=ilstc-chongqing}"] == 1


def test_a_source_that_fails_is_recorded_with_its_reason_and_judges_as_before(app, config):
    (config / "readings" / "zones.csv").unlink()
    before = app.holder.current.verdicts
    app.ingest("zones")
    run = last_run(app, "zones")
    assert run.outcome == "failed"
    assert "zones.csv" in say(run.reason)
    told = samples(app)
    assert told["targetwatch_ingest_runs_total{outcome=failed,source=zones}"] == 1
    assert told["targetwatch_source_last_run_successful{source=zones}"] == 0
    assert app.holder.current.verdicts == before


SECRET_SOURCE = """
  - id: a-customs-office
    kind: http_json
    schedule: '5 9 * * *'
    options:
      url: https://statistics.invalid/trade
      headers: {X-Key: "${CUSTOMS_KEY}"}
      rows: data
      fields: {period: month, value: amount}
      constants: {indicator: total-trade, basis: period, publisher: customs}
"""


@pytest.fixture
def keyless(app: App, config: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """Give a service with a source whose ${CUSTOMS_KEY} was set when it was configured, and is not any more."""
    append_to(config / "sources.yaml", SECRET_SOURCE)
    configuration.apply(
        app.engine, config, actor="cli:li", now=datetime.now(UTC), environment={"CUSTOMS_KEY": "s3cret"}
    )
    monkeypatch.delenv("CUSTOMS_KEY", raising=False)
    app.refresh()
    return app


def test_a_source_whose_variable_is_not_set_is_recorded_with_that_reason(keyless):
    keyless.ingest("a-customs-office")
    run = last_run(keyless, "a-customs-office")
    assert run.outcome == "failed"
    assert "${CUSTOMS_KEY} not set" in say(run.reason)


def test_a_source_whose_variable_is_not_set_stops_no_other_source_on_the_command_line(keyless):
    keyless.engine.dispose()
    done = command(db.file_of(keyless.engine), "ingest")
    assert done.status == 1
    assert "ingest: 1 of the sources failed: a-customs-office" in done.err
    assert "zones" in done.out


def test_a_run_that_the_database_refuses_is_counted_as_broken_and_the_next_one_makes_up_for_it(impatient, app, config):
    row = "ilstc-volume,2026-01..2026-10,year_to_date,30.1万,TEU,,,,,2026-11-19,port-and-logistics-office,,,,"
    append_to(config / "readings" / "ilstc-chongqing.csv", row + "\n")
    with another_writer(app):
        app.ingest("ilstc-chongqing")
    told = samples(app)
    assert told["targetwatch_ingest_runs_total{outcome=broken,source=ilstc-chongqing}"] == 1
    assert told["targetwatch_source_last_run_successful{source=ilstc-chongqing}"] == 0
    app.ingest("ilstc-chongqing")
    assert app.holder.current.figures["ilstc-volume"].value == 301_000
    assert samples(app)["targetwatch_source_last_run_successful{source=ilstc-chongqing}"] == 1


def test_a_source_nobody_knows_is_refused_with_the_nearest_name(app):
    with raises(NotFoundError, match="source 'zone': not found; did you mean zones"):
        app.runner.run("zone")


def test_a_reading_entered_by_hand_is_judged_at_once_and_a_suspicious_one_waits(app):
    assert record(app, entry("ilstc-volume", "30.1万")).outcome == "new"
    assert app.holder.current.figures["ilstc-volume"].value == 301_000
    assert record(app, entry("ilstc-volume", "301万", published="2026-11-20")).outcome == "held"
    assert app.holder.current.held == {"ilstc-volume": 1}
    assert app.holder.current.figures["ilstc-volume"].value == 301_000
    assert samples(app)["targetwatch_readings_held{indicator=ilstc-volume}"] == 1


def test_what_another_process_wrote_is_judged_at_the_next_look_and_nothing_new_is_not_judged_again(app, caplog):
    before = app.holder.current
    app.look()
    assert app.holder.current is before
    enter(app, total("22.5", "2026-11-19"))
    app.look()
    assert app.holder.current.verdicts["cci-financing-2025"].performance == "achieved"


def test_a_database_put_back_to_an_earlier_moment_is_read_anew_even_where_it_has_as_many_figures(app, tmp_path):
    name, file = "ilstc-volume", db.file_of(app.engine)
    with sqlite3.connect(tmp_path / "before.db") as before, sqlite3.connect(file) as now:
        now.backup(before)
    record(app, entry(name, "30.1万"))
    app.refresh()
    with sqlite3.connect(tmp_path / "before.db") as before, sqlite3.connect(file) as now:
        before.backup(now)
    enter(app, entry(name, "30.2万"))
    app.look()
    assert app.holder.current.figures[name].value == 302_000


def test_a_look_at_a_database_that_does_not_answer_is_told_and_so_is_its_return(app):
    with missing(app, "reading"):
        app.look()
    assert samples(app)["targetwatch_database_up{}"] == 0
    app.look()
    assert samples(app)["targetwatch_database_up{}"] == 1


def test_changes_that_wait_are_written_at_the_next_look(impatient, app):
    enter(app, total("22.5", "2026-11-19"))
    with another_writer(app):
        app.refresh()
    app.look()
    assert history(app, "cci-financing-2025")[-1][1:] == (date(2026, 11, 19), "achieved")


# --- configuration ----------------------------------------------------------------------------------------------------


@pytest.fixture
def running(app: App) -> App:
    """Give a service whose schedule runs, nothing being due."""
    with db.reading(app.engine) as session:
        names = [source.id for source in catalogue.load(session).sources]
    for name in names:
        app.runner.run(name)
    app.start()
    return app


def test_a_service_loads_its_forecasts_before_a_figure_comes(make, monkeypatch):
    loaded = threading.Event()
    monkeypatch.setattr("targetwatch.evaluation.forecast.load", loaded.set)
    make().start()
    assert loaded.wait(30)


def test_a_valid_change_of_the_files_is_in_force_after_a_reload(running, config):
    file = config / "sources.yaml"
    changed = file.read_text(encoding="utf-8").replace("'9 9 * * *'", "'45 6 * * *'")
    file.write_text(changed.replace("  - id: costs\n", "  - id: costs\n    enabled: false\n"), encoding="utf-8")
    running.reload()
    upcoming = running.schedule.next_runs()
    assert "costs" not in upcoming
    assert f"{upcoming['zones'].astimezone(running.settings.zone):%H:%M}" == "06:45"
    told = samples(running)
    assert told["targetwatch_config_last_reload_successful{}"] == 1
    assert not [series for series in told if "source=costs" in series]


def test_the_day_turns_at_midnight_in_the_configured_zone(make, monkeypatch):
    app = make(timezone="America/St_Johns")
    app.refresh()
    shown, midnight = [], datetime(2026, 11, 28, tzinfo=app.settings.zone).astimezone(UTC)
    for moment in (
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(hours=1),
        midnight - timedelta(hours=1),
    ):
        monkeypatch.setattr(App, "as_of", lambda app, moment=moment: AsOf.at(moment, app.settings.zone))
        app.look()
        shown.append(app.holder.current.as_of.day.day)
    assert shown == [27, 28, 28, 27], "the clock was set back at last"


def test_once_a_day_what_was_kept_for_long_enough_is_deleted(make, monkeypatch, caplog):
    caplog.set_level("INFO")
    app = make(keep_runs_days=1)
    monkeypatch.setattr("targetwatch.service.app.LOTS_AT_ONCE", 2)
    monkeypatch.setattr("targetwatch.store.maintenance.AT_ONCE", 2)
    app.refresh()
    for days_ago in range(9, 1, -1):
        at = datetime.now(UTC) - timedelta(days=days_ago)
        with db.writing(app.engine, "ingest:costs", now=at) as session:
            run = runs.Run(source="costs", started_at=at, finished_at=at, outcome="ok")
            runs.record(session, run)

    def kept() -> int:
        with db.reading(app.engine) as session:
            return len(runs.history(session, "costs"))

    found = [kept()]
    for _ in range(4):
        app.look()
        found.append(kept())
    assert found[1] == found[0] - 4, "no more than a few lots at a time"
    assert found[-1] == 1
    assert "runs of more than 1 days ago deleted" in caplog.text


def test_an_invalid_file_changes_nothing_and_says_where(running, config, caplog):
    before, jobs = running.holder.current, running.schedule.next_runs()
    targets = config / "targets.yaml"
    valid = targets.read_text(encoding="utf-8")
    targets.write_text(valid.replace("measure: flow", "measure: flood", 1), encoding="utf-8")
    with raises(ConfigError, match=r"targets.yaml:\d+: .*flood"):
        running.reload()
    assert re.search(r"targets.yaml:\d+: .*'flood'", caplog.text)
    assert samples(running)["targetwatch_config_last_reload_successful{}"] == 0
    assert running.holder.current is before
    assert running.schedule.next_runs() == jobs
    targets.write_text(valid, encoding="utf-8")
    running.reload()
    assert samples(running)["targetwatch_config_last_reload_successful{}"] == 1


def test_a_target_taken_out_of_the_file_is_gone_from_the_gauges(running, config):
    file = config / "targets.yaml"
    file.write_text(without(file.read_text(encoding="utf-8"), "meat-certification"), encoding="utf-8")
    assert [series for series in samples(running) if "target=meat-certification" in series]
    running.reload()
    assert not [series for series in samples(running) if "meat-certification" in series]
    assert history(running, "meat-certification"), "its history stays"


def without(text: str, target: str) -> str:
    """Return the file without one entry."""
    return re.sub(rf"^  - id: {target}\n(?:    .*\n|\n)*", "", text, flags=re.MULTILINE)


def test_a_reload_that_the_database_refuses_is_told_and_what_was_running_goes_on(impatient, running, config):
    before = running.holder.current
    append_to(config / "targets.yaml", "\n# a word\n")
    file = config / "sources.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("'9 9 * * *'", "'45 6 * * *'"), encoding="utf-8")
    with another_writer(running), raises(StoreError, match="someone else has been writing"):
        running.reload()
    assert running.holder.current is before
    assert samples(running)["targetwatch_config_last_reload_successful{}"] == 0


# --- who asks, and what it costs --------------------------------------------------------------------------------------


@pytest.fixture
def site(app: App) -> Iterator[str]:
    """Give the address at which the service answers."""
    with served(app.web) as address:
        yield address


@pytest.fixture
def asked(app: App) -> Iterator[list[str]]:
    """Give the statements the database is sent from now on, a mere connection counted too."""
    seen: list[str] = []

    def connected(*_: object) -> None:
        seen.append("a connection")

    def told(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(app.engine, "checkout", connected)
    event.listen(app.engine, "before_cursor_execute", told)
    yield seen
    event.remove(app.engine, "checkout", connected)
    event.remove(app.engine, "before_cursor_execute", told)


@pytest.mark.parametrize("path", ["/metrics", "/-/healthy", "/-/ready"])
def test_a_scrape_opens_no_database_session(app, site, asked, path):
    assert requests.get(f"{site}{path}", timeout=20).status_code == 200
    assert asked == []


def test_a_page_does_ask_the_database_and_so_this_way_of_asking_notices(app, site, asked):
    assert requests.get(f"{site}/targets/{VOLUME}?as_of=2025-07-18", timeout=20).status_code == 200
    assert asked


def test_a_scrape_is_answered_while_the_database_is_away(app, site):
    file = db.file_of(app.engine)
    app.engine.dispose()
    for part in file.parent.glob(f"{file.name}*"):
        part.rename(part.with_name(f"away-{part.name}"))
    answer = requests.get(f"{site}/metrics", timeout=20)
    assert f'targetwatch_target_actual_value{{target="{VOLUME}"}} 327700' in answer.text
    assert not file.exists()


def test_a_scrape_is_answered_anew_while_the_judgement_waits_for_another_writer(app, site):
    enter(app, total("22.5", "2026-11-19"))
    achieved = 'targetwatch_target_performance{target="cci-financing-2025",status="achieved"} 1\n'
    with another_writer(app):
        judging = threading.Thread(target=app.refresh)
        judging.start()
        while judging.is_alive() and achieved not in requests.get(f"{site}/metrics", timeout=20).text:
            time.sleep(0.01)
        while judging.is_alive() and app.holder.current.verdicts["cci-financing-2025"].performance != "achieved":
            time.sleep(0.01)
        assert app.holder.current.verdicts["cci-financing-2025"].performance == "achieved"
        assert judging.is_alive(), "the judgement was to wait for the other writer all the while"
    judging.join(60)
    assert history(app, "cci-financing-2025")[-1][2] == "achieved"


def test_a_past_moment_is_told_without_writing_anything(app):
    with db.reading(app.engine) as session:
        before = (audit.head(session), statuses.load(session))
    past = app.past.snapshot(AsOf.end_of(date(2025, 7, 18), app.settings.zone), str)
    assert past.verdicts[VOLUME].actual_value == 154_600
    with db.reading(app.engine) as session:
        assert (audit.head(session), statuses.load(session)) == before
    assert app.holder.current.verdicts[VOLUME].actual_value == 327_700


# --- simulated clocks -------------------------------------------------------------------------------------------------


def test_a_frozen_clock_stands_on_its_day_and_writes_nothing(make):
    app = make(simulation=Simulation(date(2025, 7, 18), date(2025, 7, 18)))
    app.start()
    assert app.as_of().day == date(2025, 7, 18)
    assert app.holder.current.simulated
    assert app.holder.current.verdicts[VOLUME].actual_value == 154_600
    assert samples(app)["targetwatch_clock_simulated{}"] == 1
    assert app.schedule.next_runs() == {}
    assert history(app) == []


def test_a_replay_lives_the_days_and_stops_at_the_last(make):
    app = make(simulation=Simulation(date(2025, 12, 7), date(2025, 12, 9), 0.02))
    lived: list[tuple[date, str]] = []
    app.holder.listen(lambda seen: lived.append((seen.as_of.day, seen.verdicts[VOLUME].performance.value)))
    app.start()
    until = time.monotonic() + 30
    while len(lived) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    days = [date(2025, 12, 7), date(2025, 12, 8), date(2025, 12, 9)]
    assert [day for day, _ in lived] == days
    assert [performance for _, performance in lived][-1] == "achieved"
    assert "achieved" not in [performance for _, performance in lived][:-1]
    assert history(app) == []


# --- what cannot be built ---------------------------------------------------------------------------------------------


def test_an_unprepared_database_is_refused(tmp_path):
    with raises(SchemaError, match="targetwatch db upgrade"):
        build(Settings(database_url=f"sqlite:///{tmp_path / 'empty.db'}"))


def test_a_calendar_nobody_knows_is_refused(prepared):
    with raises(UsageError, match="TARGETWATCH_HOLIDAY_CALENDAR: 'XX' has no calendar of holidays"):
        build(Settings(database_url=f"sqlite:///{prepared}", holiday_calendar="XX"))


MAILING = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "targets@example.org", "mail_hours": "always"}


def noted(app: App) -> set[tuple[str, str, str]]:
    with db.reading(app.engine) as session:
        return {(key.receiver, key.kind, key.about) for key in outbox.waiting(session)}


FINANCED = ("commerce@example.org", "target", "cci-financing-2025")


def test_the_first_start_takes_what_is_old_as_told_and_notes_a_change_with_it(make):
    app = make(**MAILING)
    app.refresh()
    assert noted(app) == set()
    with db.reading(app.engine) as session:
        told = outbox.told(session)
    assert {key.about for key in told if key.kind == "target"} == set(app.holder.current.verdicts)
    enter(app, total("22.5", "2026-11-18"))
    app.refresh()
    assert history(app, FINANCED[2])[-1][2] == "achieved"
    assert noted(app) == {FINANCED}


def test_what_could_not_be_noted_is_noted_at_the_next_look_with_its_change(impatient, make):
    app = make(**MAILING)
    app.refresh()
    before = history(app)
    enter(app, total("22.5", "2026-11-18"))
    with another_writer(app):
        app.refresh()
    assert (noted(app), history(app)) == (set(), before)
    assert samples(app)["targetwatch_write_failures_total{}"] == 1
    app.look()
    assert noted(app) == {FINANCED}
    assert len(history(app)) == len(before) + 1


def test_a_source_that_fails_three_times_is_told_to_who_its_figures_concern_and_when_it_is_mended(make, config):
    app = make(**MAILING)
    app.refresh()
    file = config / "readings" / "ilstc-chongqing.csv"
    aside = file.rename(file.with_suffix(".away"))
    for _ in range(3):
        assert not {one for one in noted(app) if one[1] == "source"}
        app.ingest("ilstc-chongqing")
    assert {one for one in noted(app) if one[1] == "source"} == {("ilstc@example.org", "source", "ilstc-chongqing")}
    aside.rename(file)


def test_without_a_mail_server_nothing_is_noted_and_the_log_says_so_once(make, caplog):
    app = make()
    with caplog.at_level("INFO"):
        app.start()
    app.mail()
    assert noted(app) == set()
    assert [line for line in caplog.messages if "no mail is sent" in line] == [
        "no mail is sent: no TARGETWATCH_SMTP_URL"
    ]


def test_the_key_of_links_is_made_once_unless_the_settings_give_one(make):
    app = make(**MAILING)
    app.start()
    with db.reading(app.engine) as session:
        (made,) = outbox.secret_keys(session)
    app._outbox.keys = ()
    app._outbox.keys = app._secret_keys(datetime.now(UTC))
    assert app._outbox.keys == (made,)
    given = make(**MAILING, secret_key="k" * 40)
    given.start()
    with db.reading(given.engine) as session:
        assert outbox.secret_keys(session) == ()
