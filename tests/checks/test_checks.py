from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import PUBLISHER, event, indicator, reading
from targetwatch.checks import History, check, check_against, quote_agrees
from targetwatch.checks.past import a_year_from
from targetwatch.connectors import read_row
from targetwatch.model import Basis, Indicator, Measure, Qualifier, Reading
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator

TODAY = date(2026, 11, 25)
LEVEL = indicator(measure=Measure.LEVEL, unit="points")


def _port_office() -> list[Reading]:
    path = Path(__file__).parents[1] / "data" / "port_office_readings.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    now = datetime(2026, 11, 25, tzinfo=UTC)
    read = [read_row(row, source="file", now=now) for row in rows]
    return [replace(one, unit=None, rounding=Decimal(0)) for one in read]


REAL = [one for one in _port_office() if one.published_on and one.published_on.year > 2020]
PAIR = [one for one in _port_office() if one.published_on and one.published_on.year == 2020]
VOLUME = indicator(id="ilstc-volume")


def held(one: Reading, past: list[Reading] | None = None, of: Indicator | None = None, today: date = TODAY) -> str:
    """Return the reason to hold `one`, "" when there is none."""
    problem = check(one, of or indicator(), past or [], today=today)
    return sentence(problem, translator("en")) if problem else ""


def point(on: str, value: object, **changes: Any) -> Reading:
    return reading(f"{on}..{on}", value, basis=Basis.POINT, **changes)


def test_none_of_the_port_offices_real_readings_is_held_as_they_came_out_one_after_the_other() -> None:
    assert len(REAL) == 14
    history = History()
    for one in REAL:
        assert one.published_on
        assert check_against(one, VOLUME, history, today=one.published_on) is None, one
        history.add(one)


def test_none_of_the_port_offices_real_readings_is_held_beside_all_the_others() -> None:
    for one in REAL:
        assert check(one, VOLUME, [other for other in REAL if other is not one], today=TODAY) is None, one


def test_the_real_pair_of_two_scopes_under_one_name_is_held() -> None:
    october, november = PAIR
    assert held(november, [october], VOLUME) == (
        "The year-to-date of port-and-logistics-office would fall from 183,200 TEU (2020-01..2020-10, published "
        "2020-11-18) to 64,013 TEU (2020-01..2020-11, published 2020-12-24)."
    )
    assert held(october, [november], VOLUME) == (
        "The year-to-date of port-and-logistics-office would be 183,200 TEU (2020-01..2020-10, published 2020-11-18), "
        "more than what it has grown to later: 64,013 TEU (2020-01..2020-11, published 2020-12-24)."
    )


def test_the_whole_corridors_figure_does_not_pass_for_chongqings() -> None:
    corridor = replace(REAL[-1], value=Decimal(1_425_000), yoy=Decimal("0.476"), quote="")
    assert held(corridor, REAL[:-1], VOLUME) == (
        "A growth of 47.6% to 1,425,000 TEU in 2025 means about 965,400 TEU a year before, "
        "but known is 251,800 TEU (2024, published 2025-01-20)."
    )


@pytest.mark.parametrize("factor", ["10", "0.1"])
def test_a_slip_of_ten_in_any_real_year_to_date_is_held(factor: str) -> None:
    for one in REAL:
        if one.basis is Basis.SINCE_START:
            continue  # a total since 2017 is the only one of its kind
        slipped = replace(one, value=one.value * Decimal(factor), quote="")
        assert held(slipped, [other for other in REAL if other is not one], VOLUME), one


@pytest.mark.parametrize("power", [-4, -3, -2, -1, 1, 2, 3, 4])
def test_a_value_that_misreads_the_magnitude_of_its_own_quote_is_held_even_as_the_first_reading(power: int) -> None:
    for one in REAL:
        slipped = replace(one, value=one.value.scaleb(power), yoy=None)
        if quote_agrees(one, VOLUME):
            assert "The quote says '" in held(slipped, [], VOLUME), one


def test_the_reason_of_a_misread_magnitude_names_quote_value_and_factor() -> None:
    money = indicator(unit="bn CNY")
    one = reading("2025-01-01..2025-06-30", "283.3", "2025-07-17", quote="worth 28.33 billion yuan")
    assert held(one, [], money) == (
        "The quote says '28.33 billion yuan', which is 28.33 bn CNY, but the value is 283.3 bn CNY, 10 times larger."
    )


@pytest.mark.parametrize(
    "quote",
    [
        "worth 28.33 billion yuan (about 3.95 billion U.S. dollars)",
        "worth 283.3亿元",
        "no figure at all",
        "2.833 million TEUs of it",
        "up 28.33 percent",
    ],
)
def test_a_quote_that_agrees_or_speaks_of_something_else_holds_nothing(quote: str) -> None:
    one = reading("2025-01-01..2025-06-30", "28.33", "2025-07-17", quote=quote, rounding=Decimal("0.005"))
    assert held(one, [], indicator(unit="bn CNY")) == ""


def test_an_event_a_nought_and_a_single_digit_among_several_figures_are_not_compared_with_the_quote() -> None:
    milestones = indicator(measure=Measure.MILESTONES, unit="")
    assert held(event("a", "2025-08-24", "2025-08-24", quote="10 of them"), [], milestones) == ""
    money = indicator(unit="bn USD")
    assert held(reading("2025", 0, quote="3 billion USD"), [], money) == ""
    assert held(reading("2025", 5, quote="50 billion USD of 70 billion USD"), [], money) == ""
    assert held(reading("2025", 5, quote="50 billion USD"), [], money)
    assert held(reading("2025", "5.1", quote="51 billion USD of 70 billion USD"), [], money)
    assert held(reading("2025", 51, quote="51 of 510 billion USD, or 51 billion USD"), [], money) == ""


def test_whether_a_quote_names_the_value_is_told() -> None:
    one = reading("2025", "64000", quote="共运输6.4万标箱")
    assert quote_agrees(one, VOLUME) is True
    assert quote_agrees(replace(one, value=Decimal(65000)), VOLUME) is False
    assert quote_agrees(replace(one, quote="28 percent more"), VOLUME) is None


@pytest.mark.parametrize(
    ("measure", "basis", "fits"),
    [
        (Measure.FLOW, Basis.PERIOD, True),
        (Measure.FLOW, Basis.YEAR_TO_DATE, True),
        (Measure.FLOW, Basis.SINCE_START, True),
        (Measure.FLOW, Basis.POINT, False),
        (Measure.FLOW, Basis.EVENT, False),
        (Measure.LEVEL, Basis.POINT, True),
        (Measure.LEVEL, Basis.PERIOD, True),
        (Measure.LEVEL, Basis.YEAR_TO_DATE, True),
        (Measure.LEVEL, Basis.SINCE_START, False),
        (Measure.LEVEL, Basis.EVENT, False),
        (Measure.MILESTONES, Basis.EVENT, True),
        (Measure.MILESTONES, Basis.PERIOD, False),
        (Measure.MILESTONES, Basis.POINT, False),
    ],
)
def test_a_basis_must_fit_the_measure(measure: Measure, basis: Basis, *, fits: bool) -> None:
    reason = held(reading("2025", 5, basis=basis), [], indicator(measure=measure))
    assert (reason == "") is fits
    if not fits:
        assert reason.endswith(f"but this reading says {basis}.")


def test_the_reason_of_a_basis_that_does_not_fit_names_those_that_do() -> None:
    assert held(reading("2025", 5, basis=Basis.POINT)) == (
        "A flow is reported as period, year_to_date, since_start, but this reading says point."
    )


def test_another_unit_than_the_indicators_is_held() -> None:
    assert held(reading("2025", 5, unit="USD"), [], indicator(unit="bn CNY")) == (
        "The reading says USD, but the indicator counts bn CNY."
    )


@pytest.mark.parametrize(
    ("span", "published", "reason"),
    [
        ("2026-01-01..2026-11-26", None, "The period ends on 2026-11-26, after today, 2026-11-25."),
        ("2025", "2026-11-26", "It is said to be published on 2026-11-26, after today, 2026-11-25."),
        ("2025", "2025-12-30", "The period ends on 2025-12-31, after the day of publication, 2025-12-30."),
        ("2025", "2025-12-31", ""),
        ("2026-01-01..2026-11-25", "2026-11-25", ""),
    ],
)
def test_a_period_ends_before_it_is_published_and_neither_is_in_the_future(
    span: str, published: str | None, reason: str
) -> None:
    assert held(reading(span, 5, published)) == reason


def test_a_lower_bound_of_nought_does_not_make_an_indicator_one_that_changes_sign() -> None:
    bounded = indicator(lowest=Decimal(0))
    assert held(reading("2025-01-01..2025-08-31", 5), [reading("2025-01-01..2025-06-30", 154600)], bounded)


def test_an_approximate_total_may_lie_a_tenth_below_and_no_more() -> None:
    half = reading("2025-01-01..2025-06-30", 100000, qualifier=Qualifier.ABOUT)
    assert held(reading("2025-01-01..2025-08-31", 90500), [half]) == ""
    assert held(reading("2025-01-01..2025-08-31", 89500), [half])


def test_a_value_outside_the_declared_bounds_is_held() -> None:
    bounded = indicator(lowest=Decimal(0), highest=Decimal(1_000_000))
    assert held(reading("2025", -1), [], bounded) == "-1 TEU is below the lowest plausible value, 0 TEU."
    assert held(reading("2025", 1_000_001), [], bounded) == (
        "1,000,001 TEU is above the highest plausible value, 1,000,000 TEU."
    )
    assert held(reading("2025", 0), [], bounded) == held(reading("2025", 1_000_000), [], bounded) == ""


def test_a_year_to_date_may_not_fall_but_starts_again_with_every_year() -> None:
    half = reading("2025-01-01..2025-06-30", 154600, "2025-07-17")
    lower = reading("2025-01-01..2025-08-31", 150000, "2025-10-01")
    assert "would fall from 154,600 TEU (2025-H1, published 2025-07-17) to 150,000 TEU" in held(lower, [half])
    assert held(reading("2026-01-01..2026-02-28", 37600, "2026-03-10"), [half]) == ""
    assert held(reading("2025-01-01..2025-08-31", 154600, "2025-10-01"), [half]) == ""


def test_a_year_to_date_that_comes_late_is_compared_with_the_later_ones_too() -> None:
    year = reading("2025", 327700, "2026-01-08")
    assert "would be 400,000 TEU (2025-01..2025-10), more than what it has grown to later: 327,700 TEU" in held(
        reading("2025-01-01..2025-10-31", 400000), [year]
    )


def test_another_publishers_lower_count_is_no_fall() -> None:
    half = reading("2025-01-01..2025-06-30", 154600)
    assert held(reading("2025-01-01..2025-08-31", 132000, publisher="customs"), [half]) == ""


def test_rounding_and_a_rounder_restatement_are_no_fall() -> None:
    half = reading("2025-01-01..2025-06-30", "21.7", rounding=Decimal("0.05"))
    assert held(reading("2025-01-01..2025-07-31", "21.65", rounding=Decimal("0.005")), [half]) == ""
    exact = reading("2025-01-01..2025-06-30", 154600)
    assert held(reading("2025-01-01..2025-07-31", 150000, qualifier=Qualifier.OVER), [exact]) == ""
    assert held(reading("2025-01-01..2025-07-31", 100000, qualifier=Qualifier.OVER), [exact])


def test_a_total_since_the_start_may_not_fall() -> None:
    before = reading("2015-11-07..2024-12-31", "21.3", basis=Basis.SINCE_START)
    after = reading("2015-11-07..2025-11-10", "12.7", basis=Basis.SINCE_START)
    assert held(after, [before]).startswith(f"The running total of {PUBLISHER} would fall from 21.3 TEU")


def test_a_level_may_fall_as_it_likes() -> None:
    assert held(point("2025-06-30", "1121.1"), [point("2025-01-31", "1212.7")], LEVEL) == ""


def test_a_withdrawn_reading_is_no_past() -> None:
    wrong = reading("2025-01-01..2025-06-30", 1_546_000, withdrawn_at=datetime(2025, 8, 1, tzinfo=UTC))
    assert held(reading("2025-01-01..2025-08-31", 215800), [wrong]) == ""


def test_the_latest_vintage_is_what_a_reading_is_compared_with() -> None:
    first = reading("2025-01-01..2025-06-30", 250000, "2025-07-10")
    revised = reading("2025-01-01..2025-06-30", 154600, "2025-07-17")
    for past in ([first, revised], [revised, first]):
        assert held(reading("2025-01-01..2025-08-31", 215800, "2025-10-01"), past) == ""


def test_an_exact_vintage_outlasts_a_rounder_one() -> None:
    exact = reading("2025-01-01..2025-06-30", 154600, "2025-07-17")
    rounder = reading("2025-01-01..2025-06-30", 150000, "2025-08-24", qualifier=Qualifier.OVER)
    for past in ([exact, rounder], [rounder, exact]):
        assert "154,600" in held(reading("2025-01-01..2025-08-31", 152000, "2025-10-01"), past)


def test_a_revision_by_an_order_of_magnitude_is_held_and_a_small_one_is_not() -> None:
    flash = reading("2024", 249000, "2025-01-01")
    assert held(reading("2024", 251800, "2025-01-20"), [flash]) == ""
    assert held(reading("2024", 2_518_000, "2025-01-20"), [flash]) == (
        "It would revise 249,000 TEU (2024, published 2025-01-01) to 2,518,000 TEU."
    )


def test_a_jump_of_an_order_of_magnitude_is_held_with_what_it_was_compared_with() -> None:
    past = [reading(str(year), value, f"{year + 1}-01-20") for year, value in ((2023, 178000), (2024, 251800))]
    assert held(reading("2025", 3_277_000, "2026-01-08"), past) == (
        "3,277,000 TEU is an order of magnitude above what is known: 251,800 TEU (2024, published 2025-01-20), "
        "178,000 TEU (2023, published 2024-01-20)."
    )
    assert "an order of magnitude below" in held(reading("2025", 32770, "2026-01-08"), past)
    assert held(reading("2025", 327700, "2026-01-08"), past) == ""


def test_one_wrong_value_in_the_past_does_not_hold_the_right_ones_after_it() -> None:
    past = [reading("2022", 148000), reading("2023", 178000), reading("2024", 2_518_000)]
    assert held(reading("2025", 327700), past) == ""


def test_a_first_reading_is_never_a_jump() -> None:
    assert held(reading("2025", 10**12)) == ""
    assert held(reading("2025", 10**12), [reading("2025", 5, publisher="customs")]) == ""


def test_unlike_spans_are_compared_by_the_day() -> None:
    year = reading("2024", 251800)
    assert held(reading("2025-01-01..2025-02-28", 37600), [year]) == ""
    assert "what is known per day" in held(reading("2025-01-01..2025-02-28", 3760), [year])


def test_growth_by_three_in_a_small_indicator_is_no_jump() -> None:
    for first in (1, 2, 5):
        assert held(reading("2025", first * 3), [reading("2024", first)]) == ""
    assert held(reading("2025", 4), [reading("2024", 0)]) == ""


@pytest.mark.parametrize(
    ("unit", "first", "second", "passes"),
    [
        ("projects", 1, 9, True),
        ("projects", 30, 3, False),
        ("projects", 12, 2, True),
        ("projects", 100, 1000, False),
        ("bn CNY", 1, 9, False),
        ("CNY", 1, 9, False),
        ("万TEU", 1, 9, False),
        ("points", "1.5", 14, False),
        ("points", 2, "18.5", False),
    ],
)
def test_only_counts_of_a_few_things_may_move_manifold(
    unit: str, first: object, second: object, *, passes: bool
) -> None:
    assert (held(reading("2025", second), [reading("2024", first)], indicator(unit=unit)) == "") is passes


def test_rounding_counts_on_both_sides_of_a_jump() -> None:
    money = indicator(unit="bn USD")
    rough = reading("2024", "0.1", rounding=Decimal("0.05"))
    assert held(reading("2025", "1.0", rounding=Decimal("0.05")), [rough], money) == ""
    assert held(reading("2025", "1.0"), [replace(rough, rounding=Decimal(0))], money)


def test_nothing_can_be_said_against_a_known_nought_but_a_fall_to_nought_is_held() -> None:
    money = indicator(unit="bn USD")
    assert held(reading("2025", 4), [reading("2024", 0)], money) == ""
    assert held(reading("2025", 0), [reading("2024", 0)], money) == ""
    assert held(reading("2025", 0), [reading("2024", 4)], money)


def test_a_total_that_goes_on_from_the_only_ones_known_is_held_when_the_rest_came_ten_times_as_fast() -> None:
    ytd = [reading("2025-01-01..2025-09-30", 244_000), reading("2025-01-01..2025-10-31", 272_400)]
    assert "is an order of magnitude above" in held(reading("2025-01-01..2025-11-30", 2_800_000), ytd)
    assert held(reading("2025-01-01..2025-11-30", 600_000), ytd) == ""
    assert held(reading("2025-01-01..2025-03-31", 600), [reading("2025-01-01..2025-02-28", 110)]) == ""


def test_a_single_day_is_a_span_too() -> None:
    month = reading("2025-01-01..2025-01-31", 3100, basis=Basis.PERIOD)
    assert held(reading("2025-02-01..2025-02-01", 100, basis=Basis.PERIOD), [month]) == ""
    assert held(reading("2025-02-01..2025-02-01", 3100, basis=Basis.PERIOD), [month])
    one = reading("2025-02-01..2025-02-01", 100, basis=Basis.PERIOD)
    assert held(reading("2025-03-01..2025-03-31", 3100, basis=Basis.PERIOD), [one]) == ""


def test_months_of_28_to_31_days_are_alike_and_a_quarter_is_not() -> None:
    march = reading("2025-03-01..2025-03-31", 3000, basis=Basis.PERIOD)
    assert "per day" not in held(reading("2025-02-01..2025-02-28", 600, basis=Basis.PERIOD), [march])
    assert "per day" in held(reading("2025-04-01..2025-06-30", 600, basis=Basis.PERIOD), [march])


def test_a_harvest_month_is_compared_with_the_harvests_of_other_years() -> None:
    def month(when: str, value: int) -> Reading:
        last = 31 if when.endswith("10") else 30
        return reading(f"{when}-01..{when}-{last}", value, basis=Basis.PERIOD)

    past = [month("2024-09", 500), month("2024-10", 20000), month("2024-11", 600), month("2025-09", 450)]
    assert held(month("2025-10", 21000), past) == ""
    assert held(month("2025-10", 21000), past[:1] + past[2:])
    assert held(month("2025-10", 2100), past) == "", "one harvest does not show a season yet"
    assert held(month("2025-10", 2100), [*past, month("2023-10", 19000)])
    assert held(month("2025-09", 5000), [*past[:3], month("2023-09", 450)])


def test_a_season_of_years_ago_does_not_overrule_what_is_known_since() -> None:
    ytd = [
        reading("2023-01-01..2023-09-30", 121_000),
        reading("2025-01-01..2025-08-31", 215_800),
        reading("2025-01-01..2025-10-31", 272_300),
        reading("2025", 327_700),
    ]
    said = held(reading("2026-01-01..2026-09-30", 3_010_000), ytd)
    assert "3,010,000 TEU is an order of magnitude above what is known per day: 327,700 TEU (2025)" in said
    assert "121,000" not in said, "what is cited is what speaks against it"
    assert held(reading("2026-01-01..2026-09-30", 301_000), ytd) == ""
    assert held(reading("2026-01-01..2026-09-30", 3_010_000), ytd[:1]) == "", "alone, it allows for the years between"


def test_a_period_from_new_year_and_a_year_to_date_are_one_fact() -> None:
    ytd = [
        reading("2024-01-01..2024-03-31", 60_000),
        reading("2025-01-01..2025-03-31", 64_000),
        reading("2025", 327_700),
    ]
    assert "It would revise 327,700 TEU (2025)" in held(reading("2025", 3_277_000, basis=Basis.PERIOD), ytd)
    assert held(reading("2025", 328_000, basis=Basis.PERIOD), ytd) == ""
    quarter = reading("2026-01-01..2026-03-31", 830_000, basis=Basis.PERIOD)
    assert "is an order of magnitude above what is known: 64,000 TEU (2025-Q1)" in held(quarter, ytd)
    assert held(replace(quarter, value=Decimal(83_000)), ytd) == ""


def test_the_first_single_month_is_compared_with_the_daily_rate_of_the_year_to_date() -> None:
    ytd = [reading("2025-01-01..2025-08-31", 215_800), reading("2025-01-01..2025-09-30", 244_000)]
    october = reading("2025-10-01..2025-10-31", 28_000, basis=Basis.PERIOD)
    assert held(october, ytd) == ""
    assert "what is known per day: 244,000 TEU (2025-01..2025-09)" in held(
        replace(october, value=Decimal(2_800_000)), ytd
    )
    months = [reading("2025-09-01..2025-09-30", 2_500_000, basis=Basis.PERIOD)]
    assert held(replace(october, value=Decimal(2_800_000)), ytd + months) == "", "once months are known, they decide"


def test_years_without_a_reading_allow_for_growth_by_the_day_too() -> None:
    year = [reading("2022", 1000), reading("2023-01-01..2023-11-30", 950)]
    assert held(reading("2025", 10_000), year) == ""
    assert held(reading("2025", 20_000), year)
    assert held(reading("2025", 90), year), "what fell has no such allowance"


def test_the_season_of_later_years_is_none_of_what_is_known_since() -> None:
    assert held(reading("2024", 10_000), [reading("2022", 1000), reading("2026", 50_000)]) == ""


def test_a_harvest_of_years_ago_bears_out_a_harvest_that_nothing_since_looks_like() -> None:
    past = [reading("2022-10-01..2022-10-31", 20000, basis=Basis.PERIOD)]
    past += [reading(f"2025-{month:02}-01..2025-{month:02}-28", 500, basis=Basis.PERIOD) for month in (6, 7, 8, 9)]
    october = reading("2025-10-01..2025-10-31", 24000, basis=Basis.PERIOD)
    assert held(october, past) == ""
    assert held(october, past[1:])
    assert held(replace(october, value=Decimal(240_000)), past)


def test_the_season_of_a_later_year_counts_as_well() -> None:
    past = [reading(f"{year}-10-01..{year}-10-31", 20000, basis=Basis.PERIOD) for year in (2025, 2026)]
    near = reading("2024-09-01..2024-09-30", 500, basis=Basis.PERIOD)
    october = reading("2024-10-01..2024-10-31", 2000, basis=Basis.PERIOD)
    assert held(october, [near, *past])
    assert held(replace(october, value=Decimal(21000)), [near, *past]) == ""


def test_of_two_earlier_years_one_that_agrees_is_enough() -> None:
    past = [reading("2023", 200000), reading("2024", 1000)]
    assert held(reading("2025", 210000), past) == ""
    assert held(reading("2025", 210000), [reading("2023", 2000), reading("2024", 1000)])


def test_the_direction_of_a_jump_by_the_day_is_that_of_the_daily_rate() -> None:
    year, quarter = reading("2024", 366000), "2025-01-01..2025-03-31"
    assert "5,000 TEU is an order of magnitude below what is known per day: 366,000 TEU (2024)" in held(
        reading(quarter, 5000), [year]
    )
    assert "1,000,000 TEU is an order of magnitude above what is known per day" in held(
        reading(quarter, 1_000_000), [year]
    )
    assert "300,000 TEU is an order of magnitude above" in held(reading("2025-01-01..2025-01-28", 300_000), [year])


def test_without_a_season_the_range_of_late_decides() -> None:
    rising = [reading(f"2025-0{m}-01..2025-0{m}-28", 100 * 3**m, basis=Basis.PERIOD) for m in range(1, 5)]
    assert held(reading("2025-05-01..2025-05-28", 400, basis=Basis.PERIOD), rising) == ""
    assert held(reading("2025-05-01..2025-05-28", 8100 * 6, basis=Basis.PERIOD), rising) == ""
    assert held(reading("2025-05-01..2025-05-28", 8100 * 7, basis=Basis.PERIOD), rising)
    assert held(reading("2025-05-01..2025-05-28", 70, basis=Basis.PERIOD), rising)


def test_the_real_fivefold_growth_passes() -> None:
    assert held(reading("2025-01-01..2025-10-31", "15", yoy="4.5"), [reading("2024-01-01..2024-10-31", "2.73")]) == ""


def test_a_long_gap_allows_more_growth() -> None:
    past = [reading("2017", 3382)]
    assert held(reading("2024", 966000), past) == ""
    assert held(reading("2018", 966000), past)


def test_the_publishers_own_growth_rate_explains_a_jump() -> None:
    past = [reading("2024", 1000)]
    assert held(reading("2025", 9000), past)
    assert held(reading("2025", 9000, yoy="8"), past) == ""


def test_percentages_near_nought_may_jump() -> None:
    rate = indicator(measure=Measure.LEVEL, unit="%")
    assert held(point("2025-12-31", "13.7"), [point("2024-12-31", "0.5")], rate) == ""
    assert held(point("2025-12-31", "6.47"), [point("2024-12-31", "64.7")], rate)
    assert held(point("2025-12-31", "0.647"), [point("2024-12-31", "64.7")], rate)


def test_an_indicator_that_changes_sign_is_not_screened_by_ratios() -> None:
    net = indicator(lowest=Decimal(-1000))
    past = [reading("2025-01-01..2025-06-30", 100), reading("2024", -900)]
    for of in (net, indicator()):
        assert held(reading("2025-01-01..2025-09-30", -50), past, of) == ""
    assert held(reading("2025-01-01..2025-09-30", -50), past[:1]) == ""
    assert held(reading("2025-01-01..2025-09-30", 50), past[:1], net) == ""
    assert held(reading("2025-01-01..2025-09-30", 50), past) == ""
    assert held(reading("2025-01-01..2025-09-30", 50), past[:1])


def test_a_growth_rate_must_fit_the_value_of_the_year_before() -> None:
    past = [reading("2024-01-01..2024-03-31", 50000, "2024-04-23")]
    assert held(reading("2025-01-01..2025-03-31", 64000, yoy="0.28"), past) == ""
    assert held(reading("2025-01-01..2025-03-31", 64000, yoy="0.20"), past) == ""
    assert held(reading("2025-01-01..2025-03-31", 64000, yoy="0.028"), past) == (
        "A growth of 2.8% to 64,000 TEU in 2025-Q1 means about 62,260 TEU a year before, "
        "but known is 50,000 TEU (2024-Q1, published 2024-04-23)."
    )


def test_a_value_must_fit_the_growth_rate_published_the_year_after() -> None:
    past = [reading("2025-01-01..2025-03-31", 64000, yoy="0.28")]
    assert held(reading("2024-01-01..2024-03-31", 50000), past) == ""
    assert "but this reading says 44,450 TEU (2024-Q1)" in held(reading("2024-01-01..2024-03-31", 44450), past)


def test_a_growth_that_left_nothing_a_year_later_says_nothing_about_this_year() -> None:
    assert held(reading("2024", 100), [reading("2025", 0, yoy="-1")]) == ""


def test_january_and_february_of_a_leap_year_are_the_year_before() -> None:
    past = [reading("2024-01-01..2024-02-29", 29147)]
    assert held(reading("2025-01-01..2025-02-28", 37600, yoy="0.29"), past) == ""
    assert held(reading("2025-01-01..2025-02-28", 37600, yoy="0.9"), past)


def test_a_negative_growth_is_as_good_as_a_positive_one() -> None:
    past = [reading("2024", 100000)]
    assert held(reading("2025", 80000, yoy="-0.2"), past) == ""
    assert held(reading("2025", 80000, yoy="-0.5"), past)


def test_a_growth_in_points_is_not_taken_for_a_ratio() -> None:
    share = indicator(measure=Measure.LEVEL, unit="%")
    assert held(point("2025-12-31", "13.7", yoy="0.02"), [point("2024-12-31", "11.7")], share) == ""


def test_a_growth_that_leaves_nothing_is_held() -> None:
    assert held(reading("2025", 5, yoy="-1")) == "A growth of -100% would leave nothing or less."


def test_a_milestone_is_screened_by_its_dates_only() -> None:
    milestones = indicator(measure=Measure.MILESTONES, unit="")
    assert held(event("laem-chabang", "2025-08-24", "2025-08-24"), [], milestones) == ""
    assert held(event("laem-chabang", "2025-08-24", "2025-08-23"), [], milestones)


@given(st.integers(1, 10**9), st.floats(0.5, 2.0), st.integers(2016, 2024))
def test_an_indicator_that_halves_or_doubles_is_never_held(first: int, factor: float, year: int) -> None:
    later = Decimal(int(first * factor) or 1)
    assert held(reading(str(year + 1), later), [reading(str(year), first)]) == ""


@given(st.integers(100, 10**9), st.sampled_from([Decimal(1000), Decimal("0.001")]), st.sampled_from(["", "0.28"]))
def test_a_slip_of_three_places_is_always_held(first: int, factor: Decimal, yoy: str) -> None:
    later = reading("2025", first * factor, yoy=yoy or None)
    assert held(later, [reading("2024", first)])


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 400), st.integers(-4, 4))
@example(date(2000, 2, 28), 0, 0)
@example(date(2000, 2, 28), 0, 1)
@example(date(2000, 2, 29), 0, -1)
def test_the_same_period_years_away_starts_on_the_same_day_of_its_month(start: date, days: int, years: int) -> None:
    period = reading(f"{start}..{date.fromordinal(start.toordinal() + days)}", 1).period
    moved = a_year_from(period, years)
    assert (moved.start.month, moved.start.year) == (start.month, start.year + years)
    assert moved.start <= moved.end
