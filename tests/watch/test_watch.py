"""The watch over all targets: kept current by what is new, it says what a fresh look at everything says."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import Engine

import builders as b
from real_service import prepare
from targetwatch.evaluation import Case, judge, next_turn
from targetwatch.evaluation.judge import turning_days
from targetwatch.model import (
    AsOf,
    Baseline,
    Catalogue,
    Clock,
    Indicator,
    Measure,
    Performance,
    Publisher,
    Reading,
    Release,
    Snapshot,
    StatusChange,
    Target,
    Text,
)
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db, readings, statuses
from targetwatch.store.maintenance import backup
from targetwatch.watch import SnapshotHolder, Taken, Watch, judging, keep, news, snapshots, take

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
AUGUST = b.day("2025-08-01")
ONE_DAY = timedelta(days=1)


def end_of(day: date | str, clock: Clock = Clock.PUBLISHED) -> AsOf:
    return AsOf.end_of(b.day(day) if isinstance(day, str) else day, ZONE, clock)


def said(seen: Snapshot) -> dict[str, object]:
    """Return everything a snapshot says, whoever took it when."""
    return {
        "as of": seen.as_of,
        "targets": [target.id for target in seen.catalogue.targets],
        "verdicts": dict(seen.verdicts),
        "figures": dict(seen.figures),
        "held": dict(seen.held),
        "failed": dict(seen.failed),
    }


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the figures of what is not loaded by the last readings alone, as where there are many."""
    monkeypatch.setattr(judging, "FEW", 0)


class Forgetful(Watch):
    """A watch that builds on nothing an earlier process left: it judges every target from its beginning."""

    def _load(self, session: Any, as_of: AsOf) -> tuple[set[str], None]:
        return set(), None


@dataclass
class Desk:
    """A database, and a watch over it that is compared with a fresh look at every step."""

    engine: Engine
    watch: Watch = field(default_factory=Watch)

    def look(self, as_of: AsOf | date | str = AUGUST, *, compare: bool = True) -> Taken:
        """Refresh the watch; it says what one says who has never looked before, and what one says who is restarted."""
        moment = as_of if isinstance(as_of, AsOf) else end_of(as_of)
        with db.reading(self.engine) as session:
            taken = self.watch.refresh(session, moment, taken_at=NOW)
            if compare:
                fresh = said(Forgetful().refresh(session, moment, taken_at=NOW).snapshot)
                assert said(taken.snapshot) == fresh
                if statuses.horizon(session) is not None:
                    assert said(take(session, moment, taken_at=NOW)) == fresh
        return taken

    def keep(self, changes: Sequence[StatusChange]) -> tuple[StatusChange, ...]:
        """Write the status changes, what was found, and how far everything is judged, as the service does."""
        with db.writing(self.engine, "service", now=NOW) as session:
            everything = self.watch.found({target.id for target in self.watch.inputs.catalogue.targets})
            news, self.watch.number = keep(session, changes, reached=self.watch.horizon(), found=everything)
        return news

    def configure(self, wanted: Catalogue, now: datetime = NOW) -> None:
        with db.writing(self.engine, "test", now=now) as session:
            catalogue.reconcile(session, wanted, now=now)

    def enter(self, *found: Reading) -> list[int]:
        with db.writing(self.engine, "test", now=NOW) as session:
            added = readings.add(session, found)
        assert all(one.id is not None for one in added)
        return [one.id for one in added if one.id is not None]

    def withdraw(self, number: int, now: datetime = NOW) -> None:
        with db.writing(self.engine, "test", now=now) as session:
            readings.withdraw(session, number, reason="typed wrongly", now=now)

    def restore(self, number: int, now: datetime = NOW) -> None:
        with db.writing(self.engine, "test", now=now) as session:
            readings.restore(session, number, reason="was right after all", now=now)


def flow(number: int, **changes: Any) -> Indicator:
    return b.indicator(id=f"flow-{number}", **changes)


def promise(number: int, *versions: Any, **changes: Any) -> Target:
    return b.target(*versions, id=f"target-{number}", indicator=f"flow-{number}", **changes)


YEARLY = b.indicator(
    id="yearly",
    measure=Measure.LEVEL,
    release=Release(every="year", lag=31, grace=14),
    annual_total_of="flow-0",
)
GROWTH = b.indicator(id="growth", unit="%", measure=Measure.LEVEL, growth_of="yearly")
TWICE = b.target(
    b.version(
        b.goal(at_least=500_000),
        start=b.day("2023-01-01"),
        deadline=b.day("2027-12-31"),
        baseline=Baseline(value=b.Decimal(148_000), period=b.period("2022")),
        plan=b.Plan(),
    ),
    id="twice",
    indicator="yearly",
)
CATALOGUE = Catalogue(
    publishers=(Publisher(id=b.PUBLISHER, title=Text("Office", "局")),),
    indicators=(flow(0), flow(1), flow(2), GROWTH, YEARLY),
    targets=(promise(0), promise(1), promise(2), TWICE),
)
QUARTER = ("2025-01-01..2025-03-31", 64_000, "2025-04-15")
HALF = ("2025-01-01..2025-06-30", 154_600, "2025-07-17")


def with_target(wanted: Target, configured: Catalogue = CATALOGUE) -> Catalogue:
    others = [target for target in configured.targets if target.id != wanted.id]
    return replace(configured, targets=tuple(sorted((*others, wanted), key=lambda target: target.id)))


def without_target(name: str, configured: Catalogue = CATALOGUE) -> Catalogue:
    return replace(configured, targets=tuple(target for target in configured.targets if target.id != name))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file: three flows with a quarter and a target each, a yearly total with its target, and its growth."""
    file = tmp_path_factory.mktemp("watch") / "prepared.db"
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    made = Desk(engine)
    made.configure(CATALOGUE)
    made.enter(
        *(b.reading(*QUARTER, yoy="0.31", indicator=f"flow-{number}") for number in range(3)),
        b.reading("2023", 178_200, "2024-01-20", indicator="flow-0"),
        b.reading("2024", 251_800, "2025-01-20", indicator="flow-0"),
    )
    engine.dispose()
    return file


@pytest.fixture
def desk(prepared: Path, tmp_path: Path) -> Iterator[Desk]:
    """Give a copy of that file with a watch over it that has looked on 1 August 2025."""
    engine = db.create_engine(f"sqlite:///{shutil.copy(prepared, tmp_path / 'watch.db')}")
    made = Desk(engine)
    made.look()
    yield made
    engine.dispose()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give a database with the real configuration and figures, for tests that only read."""
    engine = prepare(tmp_path_factory.mktemp("watch") / "targetwatch.db")
    yield engine
    engine.dispose()


# --- the real case, day by day ----------------------------------------------------------------------------------------


def days_that_turn(engine: Engine, last: date) -> list[date]:
    """Return every day on which something real was announced, published, due or late, and others at random."""
    watch = Watch()
    with db.reading(engine) as session:
        seen = watch.refresh(session, end_of(last), taken_at=NOW).snapshot
    indicators = {indicator.id: indicator for indicator in seen.catalogue.indicators}
    days: set[date] = set()
    for target in seen.catalogue.targets:
        case = Case(target, indicators[target.indicator], watch.inputs.readings[target.indicator])
        days |= set(turning_days(case, end_of(last)))
        for day in sorted(days):
            if day >= target.versions[0].effective:
                turn = next_turn(case, end_of(day), judge(case, end_of(day)).verdict)
                days |= {turn} if turn is not None and turn <= last else set()
    first, turns = min(days), len(days)
    days |= {first + timedelta(days=random.randrange((last - first).days)) for _ in range(turns // 2)}
    return sorted(days)


@pytest.mark.slow
def test_the_real_targets_followed_through_the_years_are_what_a_fresh_look_finds_on_days_that_matter(real, some):
    desk = Desk(real)
    days = days_that_turn(real, b.day("2028-07-31"))
    assert len(days) > 80
    for day in some(days, 50):
        desk.look(day)


@pytest.mark.slow
def test_the_real_year_2025_lived_day_by_day_is_what_a_fresh_look_finds_and_tells_the_same_history(real):
    desk = Desk(real)
    day, last, changes, judged = b.day("2024-12-25"), b.day("2026-02-28"), [], 0
    while day <= last:
        taken = desk.look(day, compare=day.day in {1, 10})
        changes += taken.changes
        judged += len(taken.judged)
        day += ONE_DAY
    with db.reading(real) as session:
        fresh = Watch().refresh(session, end_of(last), taken_at=NOW)
    assert sorted(changes, key=str) == sorted(fresh.changes, key=str)
    steps_daily = sum(1 for verdict in fresh.snapshot.verdicts.values() if verdict.steps and verdict.deadline) * 330
    others = sum(1 for verdict in fresh.snapshot.verdicts.values() if not verdict.steps) * 100
    assert judged < steps_daily + others, "steps are judged daily, every other target on the days that matter only"


@pytest.mark.slow
def test_one_real_reading_judges_only_the_targets_of_its_indicator_and_of_what_derives_from_it(real, tmp_path):
    backup(real, tmp_path / "copy.db")
    engine = db.create_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    desk = Desk(engine)
    desk.look("2026-11-25")
    reading = b.reading(
        "2026-01-01..2026-10-31",
        301_000,
        "2026-11-25",
        indicator="ilstc-volume",
        publisher="port-and-logistics-office",
    )
    desk.enter(reading)
    assert desk.look("2026-11-25").judged == {"ilstc-volume-2025", "ilstc-volume-2027"}
    assert desk.look("2026-11-25").judged == set()
    engine.dispose()


# --- what is new is judged, and nothing else --------------------------------------------------------------------------


def test_a_reading_judges_its_indicators_target_alone(desk):
    desk.enter(b.reading(*HALF, indicator="flow-1"))
    assert desk.look().judged == {"target-1"}


def test_a_reading_of_an_ingredient_judges_what_is_computed_from_it(desk):
    before = desk.look().snapshot.figures["growth"]
    desk.enter(b.reading("2024", 260_000, "2025-07-20", indicator="flow-0"))
    taken = desk.look()
    assert taken.judged == {"target-0", "twice"}
    assert taken.snapshot.verdicts["twice"].actual_value == 260_000
    assert taken.snapshot.figures["growth"].value > before.value


def test_nothing_new_on_the_same_day_judges_nobody(desk):
    assert desk.look().judged == set()


def test_a_day_on_which_nothing_can_change_judges_nobody(desk):
    assert desk.look(AUGUST).snapshot.verdicts["target-0"].next_release_due == b.day("2025-07-31")
    assert desk.look(AUGUST + ONE_DAY).judged == set()


def test_a_reading_that_comes_late_is_judged_where_it_belongs(desk):
    desk.enter(b.reading(*HALF, yoy="0.36", indicator="flow-0"))
    desk.look()
    desk.enter(b.reading("2025-01-01..2025-02-28", 37_600, "2025-03-10", yoy="0.29", indicator="flow-0"))
    taken = desk.look()
    assert taken.judged == {"target-0", "twice"}
    first = [change for change in taken.changes if change.target == "target-0" and change.old is Performance.PENDING]
    assert [change.on for change in first] == [b.day("2025-03-10")]


def test_a_reading_dated_ahead_counts_from_its_day_on_without_being_read_again(desk):
    desk.enter(b.reading(HALF[0], HALF[1], "2025-08-03", indicator="flow-1"))
    assert desk.look(AUGUST).snapshot.verdicts["target-1"].actual_value == 64_000
    assert desk.look(AUGUST + ONE_DAY).judged == set()
    ahead = desk.look(AUGUST + 2 * ONE_DAY)
    assert ahead.judged == {"target-1"}
    assert ahead.snapshot.verdicts["target-1"].actual_value == 154_600


def test_a_withdrawn_reading_is_gone_and_a_restored_one_is_back(desk):
    (number,) = desk.enter(b.reading(*HALF, indicator="flow-0"))
    with_it = desk.look().snapshot.verdicts["target-0"]
    desk.withdraw(number)
    without = desk.look()
    assert without.judged == {"target-0", "twice"}
    assert without.snapshot.verdicts["target-0"].actual_value == 64_000
    desk.restore(number)
    assert desk.look().snapshot.verdicts["target-0"].actual_value == with_it.actual_value == 154_600


def test_a_waiting_reading_is_counted_and_judges_nobody(desk):
    with db.writing(desk.engine, "test", now=NOW) as session:
        readings.hold(session, b.reading(*HALF, indicator="flow-1"), Problem("ten times the last value"), now=NOW)
    taken = desk.look()
    assert taken.judged == set()
    assert taken.snapshot.held == {"flow-1": 1}


def test_a_changed_note_judges_only_its_target(desk):
    desk.configure(with_target(promise(1, note=Text("as announced", "按公布"))))
    taken = desk.look()
    assert taken.judged == {"target-1"}
    assert taken.snapshot.catalogue.targets[1].note.en == "as announced"


def test_an_indicator_with_another_calendar_judges_its_targets(desk):
    later = flow(1, release=Release(every="quarter", lag=90, grace=14))
    desk.configure(replace(CATALOGUE, indicators=(flow(0), later, flow(2), GROWTH, YEARLY)))
    taken = desk.look()
    assert taken.judged == {"target-1"}
    assert taken.snapshot.verdicts["target-1"].data_state == "fresh"


def test_an_ingredient_with_another_authority_changes_what_is_computed_from_it(desk):
    customs = Publisher(id="customs", title=Text("Customs", "海关"))
    configured = replace(
        CATALOGUE,
        publishers=(*CATALOGUE.publishers, customs),
        indicators=(flow(0, authority="customs"), flow(1), flow(2), GROWTH, YEARLY),
    )
    desk.configure(configured)
    taken = desk.look()
    assert taken.judged == {"target-0", "twice"}
    assert taken.snapshot.verdicts["twice"].actual_value is None
    assert "growth" not in taken.snapshot.figures


def test_an_archived_target_is_gone_and_a_restored_one_is_back(desk):
    verdict = desk.look().snapshot.verdicts["target-1"]
    desk.configure(without_target("target-1"))
    gone = desk.look().snapshot
    assert "target-1" not in gone.verdicts
    assert [target.id for target in gone.catalogue.targets] == ["target-0", "target-2", "twice"]
    desk.configure(CATALOGUE)
    back = desk.look()
    assert back.judged == {"target-1"}
    assert back.snapshot.verdicts["target-1"] == verdict


def test_a_further_version_counts_from_the_day_it_is_effective(desk):
    more = b.version(b.goal(above=300_000), number=2, effective=AUGUST + 2 * ONE_DAY, reason="raised")
    desk.configure(with_target(promise(1, b.version(), more)), now=datetime(2025, 8, 1, tzinfo=UTC))
    assert desk.look(AUGUST).snapshot.verdicts["target-1"].goal_value == 270_000
    assert desk.look(AUGUST + ONE_DAY).judged == set()
    raised = desk.look(AUGUST + 2 * ONE_DAY)
    assert raised.judged == {"target-1"}
    assert (raised.snapshot.verdicts["target-1"].version, raised.snapshot.verdicts["target-1"].goal_value) == (
        2,
        300_000,
    )


def test_a_target_announced_ahead_has_no_verdict_until_its_day(desk):
    announced = AUGUST + 2 * ONE_DAY
    ahead = b.target(b.version(announced=announced), id="later", indicator="flow-2")
    desk.configure(with_target(ahead))
    assert "later" not in desk.look(AUGUST).snapshot.verdicts
    assert "later" not in desk.look(AUGUST + ONE_DAY).snapshot.verdicts
    assert "later" in desk.look(announced).snapshot.verdicts


def test_an_indicator_added_with_its_readings_is_shown_and_judged(desk):
    desk.configure(replace(with_target(promise(3)), indicators=(flow(0), flow(1), flow(2), flow(3), GROWTH, YEARLY)))
    assert desk.look().snapshot.verdicts["target-3"].actual_value is None
    desk.enter(b.reading(*HALF, indicator="flow-3"))
    taken = desk.look()
    assert taken.judged == {"target-3"}
    assert taken.snapshot.figures["flow-3"].value == 154_600


def test_an_indicator_that_left_the_catalogue_is_not_shown_and_its_new_readings_do_not_matter(desk):
    fewer = replace(without_target("target-2"), indicators=(flow(0), flow(1), GROWTH, YEARLY))
    desk.configure(fewer)
    assert "flow-2" not in desk.look().snapshot.figures
    desk.enter(b.reading(*HALF, indicator="flow-2"))
    assert desk.look().judged == set()
    desk.configure(CATALOGUE)
    assert desk.look().snapshot.verdicts["target-2"].actual_value == 154_600


def test_going_back_in_time_forgets_what_came_later(desk):
    desk.enter(b.reading(*HALF, indicator="flow-1"))
    assert desk.look(AUGUST).snapshot.verdicts["target-1"].actual_value == 154_600
    assert desk.look("2025-05-01").snapshot.verdicts["target-1"].actual_value == 64_000
    assert desk.look("2025-02-08").snapshot.verdicts["target-1"].actual_value is None
    assert desk.look("2025-02-01").snapshot.verdicts.keys() == set()
    assert desk.look(AUGUST).snapshot.verdicts["target-1"].actual_value == 154_600


def test_the_other_clock_is_another_knowledge(desk):
    desk.enter(b.reading(*HALF, indicator="flow-1"))
    assert desk.look(AUGUST).snapshot.verdicts["target-1"].actual_value == 154_600
    assert desk.look(end_of(AUGUST, Clock.RECORDED)).snapshot.verdicts["target-1"].actual_value is None
    assert desk.look(end_of("2026-03-02", Clock.RECORDED)).snapshot.verdicts["target-1"].actual_value == 154_600
    assert desk.look(AUGUST).snapshot.verdicts["target-1"].actual_value == 154_600


def test_on_the_recorded_clock_a_reading_counts_from_the_moment_it_was_stored_until_it_was_withdrawn(desk):
    stored, gone = datetime(2026, 4, 1, 2, 0, tzinfo=UTC), datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    (number,) = desk.enter(b.reading(*HALF, indicator="flow-1", recorded_at=stored))
    desk.withdraw(number, now=gone)
    for hour, actual in ((1, 64_000), (3, 154_600), (7, 154_600), (9, 64_000)):
        moment = datetime(2026, 4, 1, hour, tzinfo=UTC)
        verdict = desk.look(AsOf.at(moment, ZONE, Clock.RECORDED)).snapshot.verdicts["target-1"]
        assert verdict.actual_value == actual, hour


# --- any sequence of events -------------------------------------------------------------------------------------------


def anything(desk: Desk, chance: random.Random) -> object:
    """Do one thing that may happen to the service."""
    number = chance.randrange(3)
    published = b.day("2025-01-05") + timedelta(days=chance.randrange(400))
    end = published - timedelta(days=chance.randrange(1, 60))
    match chance.randrange(8):
        case 0 | 1 | 2:
            span = f"{end.year}-01-01..{end}" if chance.random() < 0.8 else f"{end.replace(day=1)}..{end}"
            value = chance.randrange(10_000, 400_000, 100)
            desk.enter(b.reading(span, value, str(published), indicator=f"flow-{number}"))
        case 3:
            with db.reading(desk.engine) as session:
                known = [reading for some in readings.load(session).values() for reading in some if reading.id]
            last = {reading.id: reading for reading in known}
            chosen = chance.choice(list(last.values()))
            assert chosen.id is not None
            (desk.restore if chosen.withdrawn_at else desk.withdraw)(chosen.id)
        case 4:
            desk.configure(with_target(promise(number, note=Text(str(chance.random())))))
        case 5:
            desk.configure(without_target(f"target-{number}") if chance.random() < 0.5 else CATALOGUE)
        case 6:
            changed = [flow(n, release=Release(every="month", lag=chance.randrange(40))) for n in range(3)]
            desk.configure(replace(CATALOGUE, indicators=(*changed, GROWTH, YEARLY)))
        case 7:
            later = b.version(b.goal(above=chance.randrange(200_000, 400_000)), number=2, effective=published)
            extra = b.target(b.version(announced=published), later, id=f"extra-{chance.random()}", indicator="flow-1")
            desk.configure(with_target(extra))
    return None


@pytest.mark.slow
@pytest.mark.parametrize("run", range(3))
def test_whatever_happens_in_whatever_order_the_watch_says_what_a_fresh_look_says(desk, run):
    chance = random.Random(random.random())
    day, pending = b.day("2025-01-02"), list[StatusChange]()
    for _ in range(25):
        for _ in range(chance.randrange(3)):
            anything(desk, chance)
        pending += desk.look(day).changes
        if chance.random() < 0.5:
            desk.keep(pending)
            pending.clear()
        if chance.random() < 0.2:
            desk.watch = Watch()
            pending.clear()
        day += timedelta(days=chance.choice([0, 1, 1, 7, 31, -40]))


# --- what fails is named, and takes nobody down -----------------------------------------------------------------------


@pytest.fixture
def failing(monkeypatch):
    """Give a way to let one function of the judgement fail for what answers `when`, until it is repaired."""

    def fail(name: str, when: Any) -> Any:
        place = {"derive": judging, "figure": snapshots}.get(name, judging)
        original = getattr(place, name)

        def broken(*arguments: Any) -> Any:
            if when(arguments[0]):
                raise ZeroDivisionError(f"{name} divides by nothing")
            return original(*arguments)

        monkeypatch.setattr(place, name, broken)
        return lambda: monkeypatch.setattr(place, name, original)

    return fail


@pytest.mark.parametrize("function", ["prepare", "conclude", "next_turn"])
def test_a_target_that_cannot_be_judged_is_left_out_and_named_until_it_can(desk, failing, function):
    repair = failing(
        function,
        lambda about: (about.days[0][1].case if function == "conclude" else about).target.id == "target-1",
    )
    desk.enter(*(b.reading(*HALF, indicator=f"flow-{number}") for number in range(3)))
    seen = desk.look().snapshot
    assert seen.failed == {"target-1": f"ZeroDivisionError: {function} divides by nothing"}
    assert seen.verdicts.keys() == {"target-0", "target-2", "twice"}
    assert seen.verdicts["target-2"].actual_value == 154_600
    repair()
    desk.enter(b.reading("2025-01-01..2025-07-31", 190_000, "2025-08-01", indicator="flow-1"))
    seen = desk.look().snapshot
    assert seen.failed == {}
    assert seen.verdicts["target-1"].actual_value == 190_000


def test_targets_that_cannot_be_forecast_together_are_forecast_each_alone(desk, failing):
    desk.enter(*(b.reading(*HALF, indicator=f"flow-{number}") for number in range(3)))
    failing("forecast_together", lambda _many: True)
    alone = desk.look().snapshot
    assert alone.failed == {}
    assert alone.verdicts["target-2"].attainment_probability is not None


def test_a_target_that_could_not_be_judged_is_tried_again_the_next_day(desk, failing):
    repair = failing("prepare", lambda bench: bench.target.id == "target-1")
    desk.enter(b.reading(*HALF, indicator="flow-1"))
    assert "target-1" in desk.look(AUGUST).snapshot.failed
    repair()
    tomorrow = desk.look(AUGUST + ONE_DAY)
    assert tomorrow.judged == {"target-1"}
    assert tomorrow.snapshot.failed == {}


def test_a_first_look_with_a_target_that_cannot_be_judged_shows_the_others(desk, failing):
    failing("prepare", lambda bench: bench.target.id == "target-1")
    desk.watch = Watch()
    seen = desk.look().snapshot
    assert seen.verdicts.keys() == {"target-0", "target-2", "twice"}


def test_an_indicator_whose_figure_cannot_be_told_is_named_and_the_others_are_there(desk, failing):
    repair = failing("figure", lambda indicator: indicator.id == "flow-1")
    desk.enter(*(b.reading(*HALF, indicator=f"flow-{number}") for number in range(3)))
    seen = desk.look().snapshot
    assert seen.failed == {"flow-1": "ZeroDivisionError: figure divides by nothing"}
    assert "flow-1" not in seen.figures
    assert seen.figures["flow-2"].value == 154_600
    assert seen.verdicts["target-1"].actual_value == 154_600
    repair()
    seen = desk.look(AUGUST + ONE_DAY).snapshot
    assert seen.failed == {}
    assert seen.figures["flow-1"].value == 154_600


def test_a_computed_indicator_whose_figure_could_not_be_told_is_named_only_as_long_as_that_is_so(desk, failing):
    repair = failing("figure", lambda indicator: indicator.id == "yearly")
    assert desk.look(AUGUST + ONE_DAY).snapshot.failed.keys() == {"yearly"}
    repair()
    seen = desk.look(AUGUST + 2 * ONE_DAY).snapshot
    assert seen.failed == {}
    assert seen.figures["yearly"].value == 251_800


def test_an_indicator_that_cannot_be_computed_is_named_until_it_can_and_takes_nobody_down(desk, failing):
    repair = failing("derive", lambda indicator: indicator.id == "yearly")
    desk.enter(b.reading("2024", 260_000, "2025-07-20", indicator="flow-0"))
    seen = desk.look().snapshot
    assert seen.failed == {"yearly": "ZeroDivisionError: derive divides by nothing"}
    assert seen.verdicts["twice"].actual_value is None
    assert seen.figures.keys() == {"flow-0", "flow-1", "flow-2"}
    assert desk.look(AUGUST + ONE_DAY).snapshot.failed.keys() == {"yearly"}
    repair()
    seen = desk.look(AUGUST + ONE_DAY).snapshot
    assert seen.failed == {}
    assert seen.verdicts["twice"].actual_value == 260_000


def test_what_failed_and_left_the_catalogue_is_not_named_any_more(desk, failing):
    failing("prepare", lambda bench: bench.target.id == "target-1")
    desk.enter(b.reading(*HALF, indicator="flow-1"))
    assert desk.look().snapshot.failed.keys() == {"target-1"}
    desk.configure(without_target("target-1"))
    assert desk.look().snapshot.failed == {}


# --- what was said stays said -----------------------------------------------------------------------------------------


def change(on: str, old: str | None, new: str, version: int = 1, target: str = "target-1") -> StatusChange:
    return StatusChange(
        target=target,
        version=version,
        on=b.day(on),
        old=Performance(old) if old else None,
        new=Performance(new),
        rule="pace",
        text=Text(new, new),
    )


BEGAN = change("2025-02-07", None, "pending")
RISKY = change("2025-04-15", "pending", "at_risk")
FINE = change("2025-07-17", "at_risk", "on_track")
DONE = change("2025-12-09", "on_track", "achieved")


@pytest.mark.parametrize(
    ("kept", "judged", "expected"),
    [
        pytest.param(None, [BEGAN, RISKY, FINE], [BEGAN, RISKY, FINE], id="nothing was said yet: all of it is news"),
        pytest.param(RISKY, [BEGAN, RISKY], [], id="the same again is no news"),
        pytest.param(RISKY, [BEGAN, RISKY, FINE, DONE], [FINE, DONE], id="what follows is news"),
        pytest.param(RISKY, [FINE], [FINE], id="a single step is news"),
        pytest.param(
            FINE,
            [BEGAN, change("2025-03-10", "pending", "on_track"), change("2025-07-17", "on_track", "at_risk")],
            [change("2025-07-17", "on_track", "at_risk")],
            id="a reading that comes late rewrites nothing, it adds how it stands now",
        ),
        pytest.param(DONE, [BEGAN, RISKY], [RISKY], id="a withdrawal takes back what was said by saying so"),
        pytest.param(
            RISKY,
            [BEGAN, RISKY, FINE, change("2025-10-01", "on_track", "at_risk")],
            [FINE, change("2025-10-01", "on_track", "at_risk")],
            id="there and back while nobody looked: both steps are news",
        ),
        pytest.param(
            None,
            [BEGAN, RISKY, BEGAN, RISKY, FINE],
            [BEGAN, RISKY, FINE],
            id="a history told from its beginning replaces what waited to be written",
        ),
        pytest.param(
            RISKY,
            [change("2025-08-01", "at_risk", "at_risk", version=2)],
            [change("2025-08-01", "at_risk", "at_risk", version=2)],
            id="another version of the promise is news",
        ),
    ],
)
def test_news_is_what_follows_the_last_thing_said(kept, judged, expected):
    assert list(news({"target-1": kept} if kept else {}, judged)) == expected


def test_news_of_one_target_is_told_apart_from_that_of_another():
    other = change("2025-05-01", None, "pending", target="target-2")
    assert set(news({"target-1": RISKY}, [BEGAN, RISKY, other])) == {other}


def history(desk: Desk, target: str) -> list[tuple[str, str]]:
    with db.reading(desk.engine) as session:
        return [(str(change.on), change.new.value) for change in statuses.load(session, target)]


def test_the_changes_of_the_first_look_are_kept_once_however_often_one_starts(desk):
    desk.watch = Watch()
    first = desk.look()
    assert len(desk.keep(first.changes)) == len(first.changes) > 4
    desk.watch = Watch()
    assert desk.keep(desk.look().changes) == ()


def test_a_reading_that_comes_late_adds_to_the_history_and_rewrites_none_of_it(desk):
    desk.watch = Watch()
    desk.keep(desk.look().changes)
    before = history(desk, "target-1")
    assert before == [("2025-02-07", "pending"), ("2025-04-15", before[-1][1])]
    desk.enter(b.reading("2025-01-01..2025-07-31", 280_000, "2025-07-20", indicator="flow-1"))
    desk.keep(desk.look().changes)
    assert history(desk, "target-1") == [*before, ("2025-07-20", "achieved")]
    (number,) = desk.enter(b.reading("2025-01-01..2025-05-31", 275_000, "2025-06-10", indicator="flow-1"))
    assert desk.keep(desk.look().changes) == ()
    desk.withdraw(number)
    assert desk.keep(desk.look().changes) == ()


def test_an_achievement_taken_back_by_a_withdrawal_is_said_to_be_taken_back(desk):
    desk.watch = Watch()
    desk.keep(desk.look().changes)
    before = history(desk, "target-1")
    (number,) = desk.enter(b.reading("2025-01-01..2025-07-31", 280_000, "2025-07-20", indicator="flow-1"))
    desk.keep(desk.look().changes)
    desk.withdraw(number)
    (back,) = desk.keep(desk.look().changes)
    assert back.new.value == before[-1][1]
    assert history(desk, "target-1") == [*before, ("2025-07-20", "achieved"), (str(back.on), back.new.value)]


# --- a restart --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stopped(desk):
    """Give the desk after a first look that was kept: a new watch is a restart of the service."""
    desk.watch = Watch()
    desk.keep(desk.look().changes)
    desk.watch = Watch()
    return desk


def test_a_restart_says_what_was_said_before_judges_nobody_and_has_nothing_to_add(stopped):
    taken = stopped.look()
    assert (taken.changes, taken.judged) == ((), set())
    assert taken.loaded == set(taken.snapshot.verdicts)
    assert taken.snapshot.figures.keys() > {"flow-0", "flow-1"}
    assert stopped.watch.inputs.lacking(["flow-0", "flow-1"]) == {"flow-1"}  # something is computed from the other


def test_a_restart_on_another_day_judges_whom_that_day_can_change(stopped):
    assert stopped.look(AUGUST + ONE_DAY).judged == set()
    stopped.watch = Watch()
    late = stopped.look(AUGUST + 20 * ONE_DAY)
    assert late.judged
    assert late.judged < late.loaded | {"target-0"}


def test_a_newer_program_judges_everything_itself(stopped, monkeypatch):
    monkeypatch.setattr(judging, "program", lambda: "newer")
    assert stopped.look().judged == {"target-0", "target-1", "target-2", "twice"}


# --- another process beside -------------------------------------------------------------------------------------------


def test_what_another_process_has_judged_is_loaded_and_judged_by_nobody_else(stopped):
    other = Desk(stopped.engine)
    stopped.look()
    other.look()
    stopped.enter(b.reading(*HALF, indicator="flow-1"), b.reading("2024", 260_000, "2025-07-20", indicator="flow-0"))
    stopped.keep(stopped.look().changes)
    taken = other.look()
    assert taken.judged == set()
    assert {"target-0", "target-1", "twice"} <= taken.loaded
    assert taken.snapshot.verdicts["target-1"].actual_value == 154_600
    assert other.look().loaded is None


def test_a_promise_that_another_process_has_judged_anew_is_loaded_with_its_verdict(stopped):
    other = Desk(stopped.engine)
    stopped.look()
    other.look()
    stopped.configure(with_target(promise(1, note=Text("as announced", "按公布"))))
    stopped.keep(stopped.look().changes)
    taken = other.look()
    assert taken.judged == set()
    assert taken.snapshot.catalogue.targets[1].note.en == "as announced"


def test_what_came_after_another_process_has_judged_is_judged_here(stopped):
    other = Desk(stopped.engine)
    stopped.look()
    other.look()
    stopped.enter(b.reading(*HALF, indicator="flow-1"))
    stopped.keep(stopped.look().changes)
    stopped.enter(b.reading(*HALF, indicator="flow-2"))
    assert other.look().judged == {"target-2"}


def test_one_who_has_judged_further_goes_not_back_to_what_another_has_judged(stopped):
    other = Desk(stopped.engine)
    with db.reading(stopped.engine) as session:
        taken = stopped.watch.refresh(session, end_of(AUGUST), taken_at=NOW)
    stopped.enter(b.reading(*HALF, indicator="flow-1"))
    other.look()
    stopped.keep(taken.changes)
    later = other.look()
    assert (later.loaded, later.judged) == (None, set())
    assert later.snapshot.verdicts["target-1"].actual_value == 154_600


def test_a_restart_judges_what_came_while_it_was_down(stopped):
    stopped.enter(b.reading("2025-01-01..2025-07-31", 280_000, "2025-07-20", indicator="flow-1"))
    taken = stopped.look(AUGUST + 9 * ONE_DAY)
    (achieved,) = stopped.keep(taken.changes)
    assert (achieved.target, achieved.on, achieved.new) == ("target-1", b.day("2025-07-20"), Performance.ACHIEVED)


def test_a_restart_judges_what_is_computed_from_what_came_while_it_was_down(stopped):
    before = stopped.look().snapshot.verdicts["twice"].performance
    stopped.watch = Watch()
    stopped.enter(b.reading("2024", 400_000, "2025-07-20", indicator="flow-0"))
    verdict = stopped.look(AUGUST + 9 * ONE_DAY).snapshot.verdicts["twice"]
    assert verdict.performance != before
    assert verdict.performance_since == b.day("2025-07-20")


def test_a_restart_after_a_reading_that_came_late_still_knows_since_when_it_stands_as_it_does(stopped):
    since = stopped.look().snapshot.verdicts["target-1"].performance_since
    stopped.enter(b.reading("2025-01-01..2025-02-28", 41_000, "2025-03-10", yoy="0.31", indicator="flow-1"))
    taken = stopped.look()
    assert taken.snapshot.verdicts["target-1"].performance_since < since
    stopped.keep(taken.changes)
    stopped.watch = Watch()
    stopped.look()


def test_a_restart_after_a_target_could_not_be_judged_replays_what_was_missed(stopped, failing):
    stopped.look()
    repair = failing("prepare", lambda bench: bench.target.id == "target-1")
    stopped.enter(b.reading("2025-01-01..2025-07-31", 280_000, "2025-08-03", indicator="flow-1"))
    stopped.keep(stopped.look(AUGUST + 4 * ONE_DAY).changes)
    repair()
    stopped.watch = Watch()
    taken = stopped.look(AUGUST + 6 * ONE_DAY)
    (achieved,) = stopped.keep(taken.changes)
    assert achieved.on == AUGUST + 2 * ONE_DAY


def test_a_restart_after_the_promise_was_raised_builds_on_the_version_in_force(desk, monkeypatch):
    more = b.version(b.goal(above=270_500), number=2, effective=b.day("2025-05-01"), reason="raised")
    desk.configure(with_target(promise(1, b.version(), more)))
    desk.watch = Watch()
    taken = desk.look()
    assert [change.version for change in taken.changes if change.target == "target-1"][-1] == 1, "it stands as before"
    desk.keep(taken.changes)
    versions: list[int] = []
    original = judging.prepare

    def noting(case: Case, as_of: AsOf, resume: Any = None) -> Any:
        if case.target.id == "target-1" and resume is not None:
            versions.append(resume.version)
        return original(case, as_of, resume)

    monkeypatch.setattr(judging, "prepare", noting)
    with db.reading(desk.engine) as session:
        Watch().refresh(session, end_of(AUGUST + 20 * ONE_DAY), taken_at=NOW)  # its release is late by then
    assert versions == [2]


# --- the holder -------------------------------------------------------------------------------------------------------


def test_a_listener_hears_of_a_snapshot_before_it_is_in_force(desk):
    holder, heard = SnapshotHolder(), []
    assert holder.current is None
    holder.listen(lambda fresh: heard.append((fresh, holder.current)))
    first, second = desk.look().snapshot, desk.look(AUGUST + ONE_DAY).snapshot
    holder.swap(first)
    holder.swap(second)
    assert heard == [(first, None), (second, first)]
    assert holder.current is second


def test_a_snapshot_in_force_does_not_change_under_its_readers(desk):
    seen = desk.look().snapshot
    before = said(seen)
    desk.enter(b.reading(*HALF, indicator="flow-1"))
    desk.configure(without_target("target-2"))
    desk.look()
    assert said(seen) == before


def test_progress_counts_the_targets_to_be_judged(desk):
    steps: list[tuple[int, int]] = []
    with db.reading(desk.engine) as session:
        Watch().refresh(session, end_of(AUGUST), taken_at=NOW, progress=lambda done, due: steps.append((done, due)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
