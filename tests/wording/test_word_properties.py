"""What holds of every sentence, whatever is published: its digits, its rhythm, a cap's own sense."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import goal, indicator, month_ends, reading, target, version
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.status import by_probability, hangs_on_before
from targetwatch.evaluation.versions import DOWNWARD, UPWARD
from targetwatch.model import Basis, Indicator, Measure, Performance, Plan, PlanShape, Release, Target, Verdict
from targetwatch.wording import card, needed, verdict
from targetwatch.wording.exported import words
from targetwatch.wording.formats import told
from targetwatch.wording.translation import LANGUAGES, translator

pytestmark = pytest.mark.slow

YEARS = (2023, 2024, 2025)
PROFILE = (5, 3, 8, 8, 9, 9, 7, 8, 10, 11, 11, 11)
DECIMALS = re.compile(r"\.(\d+)")
WITHOUT = re.compile(
    r"(进度完成率|pace )-?\d+\.\d+|\d+(\.\d+)?% (of|over|more|less|below|on)|(增长|少|多|完成|超出)\d+(\.\d+)?%"
)
"""What is no amount: a pace, and what is told in percent of something, to a tenth."""
LAGGING = {Performance.AT_RISK, Performance.OFF_TRACK}
RELEASES = ("day", "week", "month", "quarter", "half", "year", "irregular")
DEADLINE = date(2025, 12, 31)


class Told(NamedTuple):
    """What was promised and published, and the verdict on it."""

    promised: Target
    indicator: Indicator
    readings: list
    verdict: Verdict

    def sentences(self) -> dict[str, str]:
        """Return everything that is said of it, by language and name."""
        of = words(self.verdict, self.indicator)
        found = {f"{name} {language}": of[name][language] for name in of for language in LANGUAGES}
        for language in LANGUAGES:
            _ = translator(language)
            boxes = card.key_numbers(self.verdict, self.promised.versions[-1], self.indicator, _)
            found[f"boxes {language}"] = " | ".join(f"{one.label} {one.value} {one.hint}" for one in boxes)
        return found


def span_of(mixed: str, end: date, measure: Measure) -> tuple[str, Basis]:
    if measure is Measure.LEVEL:
        return f"{end}..{end}", Basis.POINT
    if mixed == "single months" or (mixed == "mixed" and end.month % 3):
        return f"{end.replace(day=1)}..{end}", Basis.PERIOD
    return f"{end.year}-01-01..{end}", Basis.YEAR_TO_DATE


@st.composite
def tales(draw: st.DrawFn, kinds=("above", "at_least", "at_most", "below")) -> Told:
    """Draw some years of figures, a promise about the last, and a day of it on which it is judged."""
    measure, every = draw(st.sampled_from([Measure.FLOW, Measure.LEVEL])), draw(st.sampled_from(RELEASES))
    places, scale = draw(st.integers(0, 4)), Decimal(10) ** draw(st.integers(-3, 6))
    step = Decimal(1).scaleb(-places)
    growth, noise = draw(st.floats(0.85, 1.2)), draw(st.lists(st.floats(0.8, 1.25), min_size=36, max_size=36))
    mixed = draw(st.sampled_from(["single months", "mixed", "sums"]))
    unit, label = draw(st.sampled_from([("TEU", "TEU"), ("%", "%"), ("bn CNY", "bn yuan")]))
    one = replace(
        indicator(measure=measure, release=Release(every=every, lag=10), unit=unit),
        unit_label=replace(indicator().unit_label, en=label, zh=label),
    )
    every_month = {"quarter": 3, "half": 6, "year": 12}.get(every, 1)
    rows, totals, level = [], dict.fromkeys(YEARS, Decimal(0)), Decimal(0)
    for number, end in enumerate(end for year in YEARS for end in month_ends(year)):
        value = float(scale) * PROFILE[end.month - 1] * growth ** (end.year - 2023) * noise[number]
        month = Decimal(f"{value:f}").quantize(step)
        totals[end.year] += month
        level = month if measure is Measure.LEVEL else totals[end.year]
        span, basis = span_of(mixed if every_month == 1 else "sums", end, measure)
        if end.month % every_month == 0:
            rows.append(
                reading(span, month if basis is Basis.PERIOD else level, str(end + timedelta(days=10)), basis=basis)
            )
    final = totals[2025] if measure is Measure.FLOW else level
    aimed = (final * Decimal(draw(st.sampled_from(["0.7", "0.95", "1", "1.05", "1.4"])))).quantize(step) or step
    shape = draw(st.sampled_from([PlanShape.LINEAR, PlanShape.SEASONAL]))
    promised = target(
        version(
            goal(**{draw(st.sampled_from(kinds)): aimed}),
            announced=date(2025, 1, 5),
            plan=Plan(shape=shape),
            baseline=draw(st.sampled_from([None, final or step])),
        )
    )
    on = date(2025, 2, 14) + timedelta(days=draw(st.integers(0, 340)))
    return Told(promised, one, rows, evaluate(promised, one, rows, on))


def quickly(examples: int):
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
    )


@quickly(120)
@given(tale=tales())
def test_no_sentence_has_more_than_four_decimals_nor_more_than_was_published(tale):
    values = [row.value for row in tale.readings] + [tale.promised.versions[0].goal.value]
    published = max(0, *(-value.normalize().as_tuple().exponent for value in values))
    for name in ("sentence", "card", "plan"):
        for language in LANGUAGES:
            said = WITHOUT.sub("", tale.sentences()[f"{name} {language}"])
            most = max((len(found) for found in DECIMALS.findall(said)), default=0)
            assert most <= (4 if language == "zh" else min(4, published)), said  # 万 and 亿 have decimals of their own


@quickly(120)
@given(tale=tales())
def test_nothing_computed_has_more_than_four_significant_digits(tale):
    found = tale.verdict
    for value in (found.expected_value, *(() if found.forecast is None else (found.forecast.low, found.forecast.high))):
        if value is not None:
            assert len(told(value, found).normalize().as_tuple().digits) <= 4


@quickly(150)
@given(tale=tales(kinds=("at_most", "below")))
def test_a_cap_that_lags_is_never_said_to_be_ahead(tale):
    for name, said in tale.sentences().items():
        if tale.verdict.performance in LAGGING:
            assert "ahead" not in said.lower(), name
            assert "领先" not in said, name
            assert "超前" not in said, name


@quickly(80)
@given(tale=tales())
def test_an_annual_figure_is_never_told_by_the_month(tale):
    if tale.indicator.release.every == "year":
        for name, said in tale.sentences().items():
            assert "a month" not in said, name
            assert "每月" not in said, name


@quickly(80)
@given(tale=tales(), seed=st.randoms(use_true_random=False))
def test_the_order_in_which_the_same_readings_arrive_changes_no_word(tale, seed):
    shuffled = list(tale.readings)
    seed.shuffle(shuffled)
    again = evaluate(tale.promised, tale.indicator, shuffled, tale.verdict.day)
    assert tale._replace(verdict=again).sentences() == tale.sentences()


@quickly(60)
@given(tale=tales(), exponent=st.integers(1, 6))
def test_counting_in_another_unit_changes_numbers_only(tale, exponent):
    factor, wanted = Decimal(10) ** exponent, tale.promised.versions[0]
    kind = {"above": "above", "at_least": "at_least", "at_most": "at_most", "below": "below"}[wanted.goal.comparator]
    base = wanted.baseline and replace(wanted.baseline, value=wanted.baseline.value * factor)
    bigger = replace(wanted, goal=goal(**{kind: wanted.goal.value * factor}), baseline=base)
    rows = [replace(row, value=row.value * factor) for row in tale.readings]
    other = evaluate(replace(tale.promised, versions=(bigger,)), tale.indicator, rows, tale.verdict.day)
    methods = {found.forecast.method for found in (tale.verdict, other) if found.forecast is not None}
    if "count" not in methods:  # what is counted is no amount
        assert (tale.verdict.performance, tale.verdict.rule) == (other.performance, other.rule)
        assert tale.verdict.reached_on == other.reached_on


@quickly(80)
@given(
    values=st.lists(st.integers(-900, 900), min_size=2, max_size=9),
    wanted=st.integers(-900, 900),
    baseline=st.integers(-900, 900),
)
def test_a_mirrored_level_needs_as_much_in_the_other_direction(values, wanted, baseline):
    one = indicator(measure=Measure.LEVEL, release=Release(every="month"))
    points = list(zip(month_ends(2025), values, strict=False))

    def said(sign: int, kind: str) -> str:
        rows = [reading(f"{on}..{on}", sign * value, str(on), basis=Basis.POINT) for on, value in points]
        wish = goal(**{kind: sign * wanted})
        promised = version(wish, baseline=sign * baseline, plan=Plan(), announced=date(2025, 1, 1))
        return words(evaluate(target(promised), one, rows, points[-1][0]), one)["needed"]["en"]

    up, down = said(1, "at_least"), said(-1, "at_most")
    assert up == down.replace("fall by", "rise by") or up == down.replace("rise by", "fall by")


@quickly(80)
@given(tale=tales())
def test_nothing_needed_is_negative_and_nothing_met_is_needed(tale):
    rest, found = needed.still_to_come(tale.verdict), tale.verdict
    if rest is None:
        assert words(found, tale.indicator)["needed"] == {"en": "", "zh": ""}
    elif tale.indicator.measure is Measure.FLOW:
        assert rest > 0
    said = words(found, tale.indicator)["needed"]["en"]
    assert not re.search(r"[-−]\d", said)


@quickly(60)
@given(tale=tales())
def test_from_one_day_to_the_next_without_news_only_the_days_left_differ(tale):
    days = [tale.verdict.day, tale.verdict.day + timedelta(days=1)]
    first, second = (evaluate(tale.promised, tale.indicator, tale.readings, on) for on in days)
    if first.published_on == second.published_on and first.performance is second.performance and first == second:
        assert replace(first, day=days[1]) == second
        assert words(replace(first, day=days[1]), tale.indicator) == words(second, tale.indicator)


@pytest.mark.parametrize(
    ("before", "probabilities", "said"),
    [
        (Performance.ON_TRACK, (0.71, 0.74), "kept on track until the odds fall below 7 in 10"),
        (Performance.AT_RISK, (0.76, 0.79), "kept at risk until the odds pass 8 in 10"),
        (Performance.AT_RISK, (0.21, 0.24), "kept at risk until the odds fall below 2 in 10"),
        (Performance.OFF_TRACK, (0.26, 0.29), "kept off track until the odds pass 3 in 10"),
    ],
)
def test_a_status_that_only_hysteresis_keeps_says_until_when(before, probabilities, said):
    for probability in probabilities:
        assert by_probability(probability, before) is before
        assert hangs_on_before(probability)
        assert verdict.KEPT[before, probability > verdict.EVEN][1] == said


def test_every_goal_but_a_band_says_its_limit_beside_the_value():
    assert set(verdict.LIMITS) == UPWARD | DOWNWARD
