"""The configuration that is served: complete, read without a fault, nothing held, and true on the days that matter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from targetwatch.checks import History, check_against
from targetwatch.configuration import check
from targetwatch.connectors import CONNECTORS
from targetwatch.evaluation import derive, evaluate, figure
from targetwatch.model import AsOf, Basis, Clock, DataState, Measure, Performance, Qualifier

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TARGETS = {
    "ilstc-volume-2025",
    "cci-financing-2025",
    "tax-burden-2025",
    "routes-2025",
    "rail-sea-trial-2025q1",
    "clt-schedule-2025q1",
    "trade-platforms-2025",
    "cost-policy-extension",
    "zones-2025",
    "pilots-2025",
    "meat-certification",
    "ilstc-volume-2027",
    "logistics-cost-2027",
}
WATCHED = {
    "total-trade",
    "exports",
    "imports",
    "fdi",
    "cci-projects",
    "bonded-share",
    "ilstc-value",
    "singapore-route",
}
NOT_READINGS = {"T16", "B05", "K01", "K02", "M04", "M05", "M06"}
"""Numbers of the collection that are promises, claims without a period, or were not found: config/README.md."""
FACTS = (
    {f"T{n:02}" for n in range(1, 32)}
    | {f"C{n:02}" for n in range(1, 19)}
    | {f"F{n:02}" for n in range(1, 15) if n != 13}
    | {f"I{n:02}" for n in range(1, 11)}
    | {f"B{n:02}" for n in range(1, 6)}
    | {f"M{n:02}" for n in range(1, 8)}
    | {f"K{n:02}" for n in range(1, 7)}
)
UNDATED = {"I05", "C07", "F02", "F03", "F04", "F09", "F14", "B04"}
INFERRED = {"T11": date(2025, 1, 1), "T14": date(2025, 3, 10), "T15": date(2025, 3, 10)}


@pytest.fixture(scope="module")
def catalogue():
    return check(CONFIG, environment={})


@pytest.fixture(scope="module")
def indicators(catalogue):
    return {indicator.id: indicator for indicator in catalogue.indicators}


@pytest.fixture(scope="module")
def readings(catalogue):
    found = []
    for source in catalogue.sources:
        fetched = CONNECTORS[source.kind](CONFIG).fetch(source, {}, NOW)
        assert fetched.problems == ()
        assert fetched.readings
        found.extend(fetched.readings)
    return found


@pytest.fixture(scope="module")
def known(indicators, readings):
    """Return the readings of every indicator, derived ones included."""
    by_indicator = {name: [r for r in readings if r.indicator == name] for name in indicators}
    return by_indicator | {
        name: list(derive(indicator, by_indicator, indicators))
        for name, indicator in indicators.items()
        if indicator.derivation
    }


@pytest.fixture(scope="module")
def verdict(catalogue, indicators, known):
    targets = {target.id: target for target in catalogue.targets}

    def judged(name, day):
        target = targets[name]
        return evaluate(target, indicators[target.indicator], known[target.indicator], date.fromisoformat(day))

    return judged


def fact(reading):
    return reading.note.split(":")[0] if reading.note[3:4] == ":" else None


def test_every_target_and_every_watched_indicator_is_there(catalogue, indicators):
    assert {target.id for target in catalogue.targets} == TARGETS
    judged = {target.indicator for target in catalogue.targets}
    assert set(indicators) >= WATCHED
    assert not WATCHED & judged
    assert (len(indicators), len(catalogue.sources), len(catalogue.programmes)) == (50, 7, 4)


def test_every_csv_file_is_read_by_exactly_one_source(catalogue):
    read = [source.options["path"] for source in catalogue.sources]
    assert sorted(read) == sorted(f"readings/{path.name}" for path in (CONFIG / "readings").glob("*.csv"))


def test_every_reading_belongs_to_an_indicator_and_a_publisher_that_exist(catalogue, indicators, readings):
    assert len(readings) == 89
    assert {reading.indicator for reading in readings} <= set(indicators)
    assert {reading.publisher for reading in readings} == {publisher.id for publisher in catalogue.publishers}


def test_every_usable_fact_is_a_reading_and_every_other_is_listed_with_its_reason(readings):
    used = {fact(reading) for reading in readings} - {None}
    assert used == FACTS - NOT_READINGS
    listed = (CONFIG / "README.md").read_text()
    assert all(number in listed for number in NOT_READINGS)


def test_only_facts_without_a_publication_date_have_none_and_inferred_ones_say_so(readings):
    assert {fact(reading) for reading in readings if reading.published_on is None} == UNDATED
    for reading in readings:
        if fact(reading) in INFERRED:
            assert reading.published_on == INFERRED[fact(reading)]
            assert "inferred" in reading.note


def test_every_reading_has_evidence_or_says_why_not(readings):
    bare = [reading for reading in readings if not reading.evidence_url]
    assert [fact(reading) for reading in bare] == ["T11"]
    assert "no address" in bare[0].note
    wordless = [reading.indicator for reading in readings if not reading.quote]
    assert wordless == ["singapore-route"]


def test_nothing_is_held_by_screening_in_the_order_it_was_published(indicators, readings):
    histories = {}
    for reading in sorted(readings, key=lambda r: (r.published_on or NOW.date(), r.period.end)):
        indicator = indicators[reading.indicator]
        counted = replace(reading, unit=None) if reading.unit == indicator.unit else reading
        history = histories.setdefault(reading.indicator, History())
        assert check_against(counted, indicator, history, today=NOW.date()) is None
        history.add(counted)


def test_another_scope_another_office_and_a_restatement_are_kept_as_what_they_are(readings):
    half = [r for r in readings if r.indicator == "ilstc-volume" and r.period.end == date(2025, 6, 30)]
    assert Counter((r.publisher, int(r.value), r.qualifier) for r in half) == Counter(
        [
            ("port-and-logistics-office", 154600, Qualifier.EXACT),
            ("port-and-logistics-office", 150000, Qualifier.OVER),
            ("customs", 132000, Qualifier.EXACT),
        ]
    )
    year = {r.indicator: int(r.value) for r in readings if fact(r) in {"T27", "C08"}}
    assert year == {"ilstc-volume": 327700, "corridor-rail-volume": 1425000}
    totals = [r for r in readings if r.indicator == "cci-financing" and r.basis is Basis.SINCE_START]
    assert {r.publisher for r in totals} == {"cci-bureau", "mas"}
    assert {r.period.start for r in totals} == {date(2015, 11, 7)}


def test_milestone_indicators_wait_31_and_14_days_for_a_report(catalogue, indicators):
    for target in catalogue.targets:
        indicator = indicators[target.indicator]
        if indicator.measure is Measure.MILESTONES:
            assert (indicator.release.lag, indicator.release.grace) == (31, 14)


def test_every_owner_has_an_address_that_cannot_exist(catalogue):
    for target in catalogue.targets:
        assert target.owner.email.endswith("@example.org")
        assert target.owner.name.en
        assert target.owner.name.zh


def test_everything_people_read_is_in_both_languages(catalogue):
    titled = [*catalogue.programmes, *catalogue.publishers, *catalogue.indicators, *catalogue.targets]
    texts = [item.title for item in titled] + [target.short for target in catalogue.targets]
    texts += [step.title for target in catalogue.targets for step in target.versions[0].steps]
    texts += [words for item in catalogue.indicators for words in (item.scope, item.note) if words.en]
    texts += [target.note for target in catalogue.targets if target.note.en]
    for words in texts:
        assert words.en.isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh), words


@pytest.mark.parametrize(
    ("day", "through", "actual", "growth"),
    [
        ("2025-03-11", "2025-02-28", 37600, 0.044),
        ("2025-04-16", "2025-03-31", 64000, 0.021),
        ("2025-07-18", "2025-06-30", 154600, -0.119),
        ("2025-10-02", "2025-08-31", 215800, -0.368),
        ("2025-12-08", "2025-08-31", 215800, -0.368),
    ],
)
def test_the_volume_of_2025_is_never_off_track_on_what_was_published_then(day, through, actual, growth, verdict):
    said = verdict("ilstc-volume-2025", day)
    assert (said.data_through, said.actual_value) == (date.fromisoformat(through), actual)
    assert said.required_growth_ratio == pytest.approx(growth, abs=0.0005)
    assert said.performance in {Performance.ON_TRACK, Performance.AT_RISK}
    assert said.data_state is (DataState.LATE if day == "2025-12-08" else DataState.FRESH)


def test_last_years_share_comes_from_the_published_rate(verdict):
    assert round(verdict("ilstc-volume-2025", "2025-03-11").last_year_to_date) == 29147


@pytest.mark.parametrize(
    ("target", "day", "performance", "state"),
    [
        ("ilstc-volume-2025", "2025-02-20", Performance.PENDING, DataState.FRESH),
        ("ilstc-volume-2025", "2025-12-09", Performance.ACHIEVED, DataState.FRESH),
        ("ilstc-volume-2025", "2026-01-09", Performance.ACHIEVED, DataState.CLOSED),
        ("ilstc-volume-2025", "2026-11-24", Performance.ACHIEVED, DataState.CLOSED),
        ("cci-financing-2025", "2025-11-11", Performance.OFF_TRACK, DataState.FRESH),
        ("cci-financing-2025", "2026-01-01", Performance.AWAITING_DATA, DataState.FRESH),
        ("cci-financing-2025", "2026-11-24", Performance.AWAITING_DATA, DataState.LATE),
        ("tax-burden-2025", "2025-06-01", Performance.PENDING, DataState.NONE),
        ("tax-burden-2025", "2026-01-01", Performance.AWAITING_DATA, DataState.NONE),
        ("routes-2025", "2026-01-01", Performance.AWAITING_DATA, DataState.FRESH),
        ("routes-2025", "2026-02-14", Performance.AWAITING_DATA, DataState.DUE),
        ("routes-2025", "2026-02-15", Performance.MISSED, DataState.CLOSED),
        ("rail-sea-trial-2025q1", "2025-04-01", Performance.AWAITING_DATA, DataState.NONE),
        ("rail-sea-trial-2025q1", "2025-05-16", Performance.MISSED, DataState.CLOSED),
        ("cost-policy-extension", "2026-11-24", Performance.PENDING, DataState.NONE),
        ("ilstc-volume-2027", "2026-11-24", Performance.ON_TRACK, DataState.FRESH),
    ],
)
def test_targets_stand_where_the_dated_facts_put_them(target, day, performance, state, verdict):
    said = verdict(target, day)
    assert (said.performance, said.data_state) == (performance, state)


def test_financing_is_a_difference_of_rounded_totals(verdict):
    said = verdict("cci-financing-2025", "2025-11-11")
    assert (said.actual_value, said.actual_rounding, said.goal_value) == (Decimal("0.4"), Decimal("0.1"), 1)


def test_the_plan_to_double_is_judged_on_the_calendar_year(verdict):
    said = verdict("ilstc-volume-2027", "2026-11-24")
    assert (said.actual_value, said.goal_value) == (327700, 296000)


def test_the_timetable_is_known_from_15_november_as_227_days_late(verdict):
    assert verdict("clt-schedule-2025q1", "2025-11-14").steps[0].done_on is None
    step = verdict("clt-schedule-2025q1", "2025-11-15").steps[0]
    assert (step.done_on, step.late_days) == (date(2025, 11, 13), 227)


def test_the_baseline_was_a_flash_figure_first(indicators, known):
    volume = indicators["ilstc-volume"]

    def shown(day):
        return figure(volume, known["ilstc-volume"], AsOf.end_of(date.fromisoformat(day), clock=Clock.PUBLISHED))

    assert (shown("2025-01-10").value, shown("2025-01-10").qualifier) == (249000, Qualifier.OVER)
    assert (shown("2025-02-01").value, shown("2025-02-01").qualifier) == (251800, Qualifier.EXACT)


def test_facts_without_a_publication_date_exist_on_the_recorded_clock_only(indicators, known):
    share = indicators["mechanical-electrical-share"]
    rows = known["mechanical-electrical-share"]
    assert figure(share, rows, AsOf.end_of(NOW.date(), clock=Clock.PUBLISHED)) is None
    assert figure(share, rows, AsOf.end_of(NOW.date(), clock=Clock.RECORDED)).value == 90


@pytest.mark.parametrize(
    ("name", "warned", "due"),
    [
        ("routes-2025", "2025-05-31", "2025-12-31"),
        ("zones-2025", "2025-08-21", "2025-12-31"),
        ("pilots-2025", "2025-08-21", "2025-12-31"),
        ("trade-platforms-2025", "2025-11-01", "2025-12-31"),
        ("rail-sea-trial-2025q1", "2025-03-18", "2025-03-31"),
        ("clt-schedule-2025q1", "2025-03-18", "2025-03-31"),
    ],
)
def test_every_milestone_missed_in_2025_is_warned_of_on_every_day_from_a_known_one_on(verdict, name, warned, due):
    first, last = date.fromisoformat(warned), date.fromisoformat(due)
    days = [first + timedelta(days=number) for number in range(-1, (last - first).days + 1)]
    said = [verdict(name, str(one)).performance for one in days]
    assert said[0] is Performance.PENDING
    assert set(said[1:]) == {Performance.AT_RISK, Performance.OFF_TRACK}
    assert verdict(name, "2026-02-20").performance is Performance.MISSED
