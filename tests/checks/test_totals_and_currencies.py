"""A total given as a month, an increment out of proportion, an amount said in two currencies: each at its limit."""

from calendar import monthrange
from datetime import date

import pytest

from builders import indicator, reading
from targetwatch.checks import check
from targetwatch.model import Basis
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator

TODAY = date(2027, 1, 1)
MONEY = indicator(unit="bn CNY")
COUNT = indicator(unit="TEU")


def code(one, past, of=MONEY):
    problem = check(one, of, past, today=TODAY)
    return problem.code if problem else None


def month(year, number, value):
    last = monthrange(year, number)[1]
    return reading(f"{year}-{number:02}-01..{year}-{number:02}-{last}", value, basis=Basis.PERIOD)


def total(end, value, **changes):
    return reading(f"2015-11-07..{end}", value, basis=Basis.SINCE_START, **changes)


@pytest.mark.parametrize(
    ("value", "found"), [("259", None), ("260", "total_as_month"), ("600", "total_as_month"), ("601", None)]
)
def test_what_exceeds_the_sum_so_far_by_about_a_usual_month_is_the_total(value, found):
    assert code(month(2026, 3, value), [month(2026, 1, 100), month(2026, 2, 100)]) == found


@pytest.mark.parametrize(("value", "found"), [("1159", None), ("1160", "total_as_month")])
def test_where_no_season_is_known_the_last_month_is_a_usual_one_too(value, found):
    assert code(month(2026, 3, value), [month(2026, 1, 1000), month(2026, 2, 100)]) == found


@pytest.mark.parametrize(("value", "found"), [("15", None), ("16", "total_as_month")])
def test_a_month_of_a_few_things_may_be_as_many_as_chance_makes_it(value, found):
    past = [month(2026, 1, 4), month(2026, 2, 4)]
    assert code(month(2026, 3, value), past, COUNT) == found
    assert code(month(2026, 3, "15"), past) == "total_as_month"


def test_the_totals_that_once_passed_for_months_are_held():
    past = [month(2025, number, "3.7") for number in range(1, 13)] + [month(2026, 1, "3.7"), month(2026, 2, "3.7")]
    assert code(month(2026, 3, "11.9"), past) == "total_as_month"
    assert code(month(2026, 6, "22.0"), past) is not None


def test_a_month_of_another_length_is_not_a_month():
    past = [month(2026, 1, 100)]
    two = reading("2026-02-01..2026-03-31", 200, basis=Basis.PERIOD)
    assert code(two, past) is None
    assert code(month(2026, 2, 200), past) == "total_as_month"
    weeks = [reading(f"2026-01-{day:02}..2026-01-{day + 6:02}", 30, basis=Basis.PERIOD) for day in (1, 8, 15, 22)]
    assert code(reading("2026-02-01..2026-02-07", 60, basis=Basis.PERIOD), weeks) is None


@pytest.mark.parametrize(("value", "found"), [(580, "total_as_month"), (581, None)])
def test_a_usual_month_is_the_mean_of_the_last_twelve(value, found):
    known = [(2026, 1), *((2025, number) for number in range(12, 2, -1))]
    large = [(2025, 1), (2024, 12), (2024, 11)]
    past = [month(*one, 100) for one in known] + [month(*one, 340) for one in large]
    assert code(month(2026, 2, value), past) == found


@pytest.mark.parametrize(("last", "found"), [(27, None), (28, "total_as_month")])
def test_a_month_has_twenty_eight_days_at_least(last, found):
    past = [month(2026, 1, 100), month(2026, 2, 100)]
    assert code(reading(f"2026-03-01..2026-03-{last}", 300, basis=Basis.PERIOD), past) == found


def test_five_weeks_are_not_a_month():
    five_weeks = reading("2026-01-28..2026-03-03", 300, basis=Basis.PERIOD)
    assert code(five_weeks, [month(2026, 1, 100)]) is None


def test_january_is_its_own_total():
    assert code(month(2026, 1, 200), [month(2025, 12, 100)]) is None


def test_the_season_of_last_year_says_what_is_usual():
    past = [month(2025, 1, 100), month(2025, 2, 240), month(2026, 1, 100)]
    assert code(month(2026, 2, 210), past) is None
    assert code(month(2026, 2, 340), past) == "total_as_month"


@pytest.mark.parametrize(("value", "found"), [("25.7", None), ("30.7", "increment_out_of_proportion"), ("21.7", None)])
def test_the_typo_that_made_a_goal_achieved_ninefold_is_held(value, found):
    past = [total("2020-10-31", "12.3"), total("2022-11-14", "18.59"), total("2024-12-31", "21.3")]
    assert code(total("2025-11-10", value), past, indicator(unit="bn USD")) == found


@pytest.mark.parametrize(("value", "found"), [("1400", None), ("1401", "increment_out_of_proportion")])
def test_a_running_total_may_grow_at_four_times_its_pace(value, found):
    past = [reading("2025-01-01..2025-04-10", 1000, basis=Basis.SINCE_START)]
    assert code(reading("2025-01-01..2025-04-20", value, basis=Basis.SINCE_START), past) == found


@pytest.mark.parametrize(("value", "found"), [("17", None), ("18", "increment_out_of_proportion")])
def test_a_few_things_more_are_believed(value, found):
    past = [reading("2025-01-01..2025-04-10", 10, basis=Basis.SINCE_START)]
    one = reading("2025-01-01..2025-04-20", value, basis=Basis.SINCE_START)
    assert code(one, past, COUNT) == found


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("402.2亿元和5.7亿美元", "currencies_disagree"),
        ("25.12 billion yuan (about 3.73 billion U.S. dollars)", None),
        ("544 yuan, or 100 dollars", "currencies_disagree"),
        ("545 yuan, or 100 dollars", None),
        ("910 yuan, or 100 dollars", None),
        ("911 yuan, or 100 dollars", "currencies_disagree"),
        ("100 euros, or 76 dollars", "currencies_disagree"),
        ("100 euros, or 77 dollars", None),
        ("100 euros, or 173 dollars", None),
        ("100 euros, or 174 dollars", "currencies_disagree"),
        ("696 HKD, or 100 USD", "currencies_disagree"),
        ("697 HKD, or 100 USD", None),
        ("863 HKD, or 100 USD", None),
        ("864 HKD, or 100 USD", "currencies_disagree"),
        ("689 JPY, or 10 USD", "currencies_disagree"),
        ("690 JPY, or 10 USD", None),
        ("1768 JPY, or 10 USD", None),
        ("1769 JPY, or 10 USD", "currencies_disagree"),
        ("100 SGD, or 1 USD", None),
        ("402.2亿元、5.7亿美元和3亿美元", None),
        ("402.2亿元和5.7亿元", None),
    ],
)
def test_two_currencies_lie_within_a_tenth_of_what_the_pair_has_been(quote, found):
    assert code(reading("2025", 40, "2026-01-20", quote=quote), [], indicator(unit="TEU")) == found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_is_said_in_both_languages(language):
    held = (
        (month(2026, 2, 200), [month(2026, 1, 100)]),
        (total("2025-11-10", "90"), [total("2024-12-31", "21.3")]),
        (reading("2025", 40, quote="402.2亿元和5.7亿美元"), []),
    )
    for one, past in held:
        problem = check(one, MONEY, past, today=TODAY)
        assert problem is not None
        assert "{" not in sentence(problem, translator(language))
