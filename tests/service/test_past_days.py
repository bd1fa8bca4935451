"""A past day: judged once for everybody, by the side of what is served, within limits, and kept."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from in_process import HERE, session
from real_service import CONFIG, prepare
from targetwatch import watch
from targetwatch.model import AsOf, Clock, Snapshot
from targetwatch.service import app as service_app
from targetwatch.service import past_days
from targetwatch.service.past_days import PastDays
from targetwatch.settings import Settings
from targetwatch.store import catalogue, db, readings
from targetwatch.store import verdicts as kept
from targetwatch.watch import judging
from targetwatch.watch.judging import horizon
from targetwatch.web.running import PastNotJudgedError, PastTooLargeError

DAY = date(2025, 10, 2)
LONG = 60
"""Far longer than it takes, on a machine with other work."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("past") / "targetwatch.db"
    prepare(file).dispose()
    return file


@pytest.fixture
def file(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(prepared, tmp_path))


@pytest.fixture
def app(file: Path) -> service_app.App:
    return started(file)


@pytest.fixture
def few_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take more than three targets for many."""
    monkeypatch.setattr(past_days, "TARGETS_HERE", 3)
    monkeypatch.setattr(past_days, "AT_ONCE", 5)


@pytest.fixture
def judged_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say which targets are judged in this process from now on."""
    found, prepares = list[str](), judging.prepare

    def told(case: Any, *more: Any) -> Any:
        found.append(case.target.id)
        return prepares(case, *more)

    monkeypatch.setattr(judging, "prepare", told)
    return found


def started(file: Path, **how: Any) -> service_app.App:
    made = service_app.build(Settings(database_url=f"sqlite:///{file}", config_dir=CONFIG), **how)
    made.refresh()
    return made


def nobody() -> str:
    return "192.0.2.1"


def moment(app: service_app.App, day: date = DAY, clock: Clock = Clock.PUBLISHED) -> AsOf:
    return AsOf.end_of(day, app.settings.zone, clock)


def afresh(app: service_app.App, as_of: AsOf) -> Snapshot:
    """Return what a look at everything says."""
    with db.reading(app.engine) as one:
        return watch.take(one, as_of, taken_at=datetime.now(UTC))


def differences(one: Snapshot, other: Snapshot) -> dict[str, object]:
    """Return what two snapshots say otherwise, whoever took them when."""
    names = {field.name for field in fields(one)} - {"taken_at", "simulated"}
    sides = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return {name: both for name, both in sides.items() if both[0] != both[1]}


def is_kept(app: service_app.App, as_of: AsOf) -> bool:
    with db.reading(app.engine) as one:
        return bool(kept.load_day(one, as_of)[1])


def test_a_day_that_takes_long_is_told_to_be_asked_for_again_and_judged_once_for_everybody(app, monkeypatch):
    monkeypatch.setattr(past_days, "WITHIN_SECONDS", 0.01)
    judged, go_on, judges = [], threading.Event(), PastDays._judged

    def slowly(self, as_of):
        judged.append(as_of.day)
        go_on.wait(LONG)
        return judges(self, as_of)

    monkeypatch.setattr(PastDays, "_judged", slowly)
    ask = session(app.web)
    for _ in range(3):
        page = ask.get(f"{HERE}/?as_of={DAY}", headers={"accept-language": "en", "accept": "text/html"})
        assert (page.status_code, page.headers["retry-after"]) == (503, "2")
        assert "This day is being judged" in page.text
        assert '<meta http-equiv="refresh" content="3">' in page.text
    told = ask.get(f"{HERE}/api/v1/targets?as_of={DAY}")
    assert (told.status_code, told.headers["retry-after"]) == (503, "2")
    assert told.headers["content-type"] == "application/problem+json"
    assert ask.get(f"{HERE}/").status_code == 200
    assert judged == [DAY]
    monkeypatch.setattr(past_days, "WITHIN_SECONDS", LONG)
    go_on.set()
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: ask.get(f"{HERE}/api/v1/targets?as_of={DAY}").status_code, range(4)))
    assert answers == [200] * 4
    app.refresh()
    assert ask.get(f"{HERE}/?as_of={DAY}").status_code == 200
    assert judged == [DAY]  # nothing more was read since


class Waited:
    """A lock that somebody else lets go of after some seconds of a clock that only waiting moves on."""

    now = 0.0

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def acquire(self, timeout: float) -> bool:
        Waited.now += min(timeout, self.seconds)
        return timeout >= self.seconds

    def release(self) -> None:
        pass


def test_whoever_waits_for_more_than_one_thing_waits_no_longer_for_all_of_them(app, monkeypatch):
    monkeypatch.setattr(past_days, "WITHIN_SECONDS", 2)
    monkeypatch.setattr(past_days, "monotonic", lambda: Waited.now)
    for loading, refreshing in ((1.5, 1.5), (0, 3), (3, 0)):
        Waited.now = 0
        days = replace(app.past, refreshing=Waited(refreshing), _loading=Waited(loading))
        with pytest.raises(PastNotJudgedError):
            days.snapshot(moment(app), nobody)
        assert Waited.now == 2


def test_a_day_waits_for_each_address_and_those_of_people_go_first_however_many_wait(app, monkeypatch):
    monkeypatch.setattr(past_days, "WITHIN_SECONDS", 0.01)
    judged, go_on = [], threading.Event()

    def slowly(_, as_of):
        go_on.wait(LONG)
        judged.append(as_of.day)
        raise PastNotJudgedError("past_not_judged", where="as_of", said=as_of.day)

    monkeypatch.setattr(PastDays, "_judged", slowly)

    def ask(day: int, by: str) -> None:
        with pytest.raises(PastNotJudgedError):
            app.past.snapshot(moment(app, date(2025, 9, day)), lambda: by)

    for number in range(1, 4):
        ask(number, "192.0.2.1")
    for number in range(4, 20):
        ask(number, f"192.0.2.{number}")
    for number in (20, 21, 5):
        ask(number, "")
    go_on.set()
    wait_until(lambda: not app.past._wanted)
    assert [day.day for day in judged] == [1, 5, 20, 21, 4, *range(6, 11)]


def test_no_more_days_are_in_memory_than_fit(app, monkeypatch, judged_here):
    monkeypatch.setattr(past_days, "IN_MEMORY", 2)
    for number, is_judged in ((1, True), (2, True), (1, False), (3, True), (2, False), (1, True)):
        judged_here.clear()
        app.past.snapshot(moment(app, date(2025, 9, number)), nobody)
        assert bool(judged_here) is is_judged, number


def wait_until(there: Callable[[], object]) -> None:
    end = time.monotonic() + LONG
    while not there():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_asks_for_a_day_is_an_address_or_somebody_known(app, monkeypatch):
    told = []

    def asked(self, as_of, by):
        told.append(by())
        raise PastNotJudgedError("past_not_judged", where="as_of", said=as_of.day)

    app.web.state.service.past = lambda as_of, by: asked(None, as_of, by)
    app.web.state.service.settings = app.settings.model_copy(update={"api_token": SecretStr("good")})
    ask = session(app.web)
    for headers in ({}, {"authorization": "Bearer bad"}, {"authorization": "Bearer good"}):
        assert ask.get(f"{HERE}/api/v1/targets?as_of={DAY}", headers=headers).status_code == 503
    assert told == ["127.0.0.1", "127.0.0.1", ""]


def test_what_went_wrong_with_a_day_is_tried_again(app, monkeypatch):
    ask = session(app.web)
    with monkeypatch.context() as patch:
        patch.setattr(PastDays, "_judged", lambda *_: 1 / 0)
        assert ask.get(f"{HERE}/?as_of={DAY}").status_code == 500
    assert ask.get(f"{HERE}/?as_of={DAY}").status_code == 200


@pytest.mark.usefixtures("few_here")
@pytest.mark.parametrize("clock", Clock)
def test_a_day_of_many_targets_is_judged_in_a_process_of_its_own_and_kept_for_every_other_service(
    file, app, monkeypatch, judged_here, clock
):
    as_of = moment(app, DAY if clock is Clock.PUBLISHED else app.as_of().day, clock)
    here = afresh(app, as_of)
    judged_here.clear()
    assert here.verdicts
    assert not differences(app.past.snapshot(as_of, nobody), here)
    monkeypatch.setattr(past_days, "_judge_apart", None)
    restarted = started(file)
    judged_here.clear()
    found = restarted.past.snapshot(as_of, nobody)
    assert not differences(found, here)
    assert (found.catalogue is restarted.holder.current.catalogue) == (clock is Clock.PUBLISHED)
    simulated = started(file, simulation=service_app.Simulation(date(2025, 12, 1), date(2025, 12, 1)))
    judged_here.clear()
    assert not differences(simulated.past.snapshot(as_of, nobody), here)
    assert judged_here == []


@pytest.mark.usefixtures("few_here")
@pytest.mark.parametrize("clock", Clock)
def test_of_a_day_kept_only_that_is_judged_anew_which_came_to_light_since(file, app, monkeypatch, judged_here, clock):
    as_of = moment(app, DAY if clock is Clock.PUBLISHED else app.as_of().day, clock)
    app.past.snapshot(as_of, nobody)
    monkeypatch.setattr(past_days, "_judge_apart", None)
    with db.reading(app.engine) as one:
        configured, stored = catalogue.load(one), readings.load(one, ["ilstc-volume"])["ilstc-volume"]
    names = {"ilstc-volume", *app.past.inputs().derivatives("ilstc-volume")}
    of_it = [target.id for target in configured.targets if target.indicator in names]
    last = [one for one in stored if one.published_on <= DAY][-1]
    derived = [target.id for target in configured.targets if target.indicator in names - {"ilstc-volume"}]
    later = [] if clock is Clock.PUBLISHED else derived
    tomorrow = datetime.now(UTC) + timedelta(days=2)

    def add(more: int, **how: Any) -> None:
        with db.writing(app.engine, "test", now=datetime.now(UTC)) as one:
            readings.add(one, [replace(last, id=None, value=last.value + Decimal(more), **how)])

    def withdraw() -> None:
        with db.writing(app.engine, "test", now=datetime.now(UTC)) as one:
            readings.withdraw(one, last.id, reason="wrong", now=datetime.now(UTC))

    def correct() -> None:
        changed = replace(configured.targets[0], title=replace(configured.targets[0].title, en="Something else"))
        every = (changed, *configured.targets[1:])
        with db.writing(app.engine, "test", now=datetime.now(UTC)) as one:
            catalogue.reconcile(one, replace(configured, targets=every), now=datetime.now(UTC))

    expected = set[str]()
    for change, judged in (
        (lambda: add(1, published_on=date(2026, 1, 5), recorded_at=tomorrow), later),
        (lambda: add(2, recorded_at=datetime.now(UTC)), of_it),
        (withdraw, of_it),
        (correct, [configured.targets[0].id]),
    ):
        change()
        expected = expected.union(judged)
        for service, wanted in ((app, set(judged)), (started(file), expected)):
            service.refresh()
            judged_here.clear()
            found = service.past.snapshot(as_of, nobody)
            assert set(judged_here) == wanted
            assert not differences(found, afresh(service, as_of))


@pytest.mark.usefixtures("few_here")
def test_a_day_on_which_more_than_a_few_targets_changed_is_judged_anew_and_kept_again(file, app, monkeypatch):
    as_of = moment(app)
    app.past.snapshot(as_of, nobody)
    with db.reading(app.engine) as one:
        configured, before = catalogue.load(one), kept.load_day(one, as_of)[0]
    renamed = tuple(replace(one, title=replace(one.title, en=f"No {one.id}")) for one in configured.targets)
    with db.writing(app.engine, "test", now=datetime.now(UTC)) as one:
        catalogue.reconcile(one, replace(configured, targets=renamed), now=datetime.now(UTC))
    app.refresh()
    assert not differences(app.past.snapshot(as_of, nobody), afresh(app, as_of))
    with db.reading(app.engine) as one:
        assert kept.load_day(one, as_of)[0].configured > before.configured


@pytest.mark.usefixtures("few_here")
def test_a_day_before_anything_was_announced_costs_no_judging(app, monkeypatch):
    monkeypatch.setattr(past_days, "_judge_apart", None)
    first = min(target.versions[0].effective for target in app.holder.current.catalogue.targets)
    for day in (date(1950, 1, 1), first - timedelta(days=1)):
        found = app.past.snapshot(moment(app, day), nobody)
        assert not differences(found, afresh(app, moment(app, day)))
        assert not found.verdicts
    assert session(app.web).get(f"{HERE}/?as_of=1900-01-01").status_code == 400


@pytest.mark.usefixtures("few_here")
def test_the_day_that_ends_is_kept_as_it_was(file, app, monkeypatch):
    ended = moment(app, app.as_of().day)
    monkeypatch.setattr(past_days, "_judge_apart", None)
    next_day = AsOf.at(app.as_of().moment + timedelta(days=1), app.settings.zone)
    monkeypatch.setattr(service_app.App, "as_of", lambda _: next_day)
    app.refresh()
    wait_until(lambda: is_kept(app, ended))
    assert not differences(started(file).past.snapshot(ended, nobody), afresh(app, ended))


@pytest.mark.usefixtures("few_here")
def test_a_day_on_which_something_could_not_be_judged_is_not_kept(app, monkeypatch):
    monkeypatch.setattr(
        past_days, "_judge_apart", lambda *_, **__: ([], horizon(app.past.inputs(), moment(app)), False)
    )
    app.past.snapshot(moment(app), nobody)
    assert not is_kept(app, moment(app))


@pytest.mark.usefixtures("few_here")
def test_a_service_on_a_simulated_clock_keeps_no_day(file):
    simulated = started(file, simulation=service_app.Simulation(date(2025, 12, 1), date(2025, 12, 1)))
    as_of = moment(simulated)
    assert not differences(simulated.past.snapshot(as_of, nobody), afresh(simulated, as_of))
    assert not is_kept(simulated, as_of)


@pytest.mark.usefixtures("few_here")
def test_a_day_that_takes_more_memory_than_it_may_is_given_up(app, monkeypatch):
    app.past.settings = app.settings.model_copy(update={"past_megabytes": 1})
    with pytest.raises(PastTooLargeError):
        app.past.snapshot(moment(app), nobody)
    monkeypatch.setattr(past_days, "_judge_apart", None)  # it would be too large again
    answer = session(app.web).get(f"{HERE}/?as_of={DAY}", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert "This day could not be judged" in answer.text
