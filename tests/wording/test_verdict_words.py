"""What is needed and what a tile says, in words that can be read aloud: points, percentage points, amounts, dots."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from builders import day, event, goal, indicator, month_ends, reading, steps, target, version
from targetwatch.evaluation import Case, evaluate, judge
from targetwatch.model import (
    AsOf,
    Basis,
    Comparator,
    EarlierGoal,
    Forecast,
    Measure,
    Performance,
    Plan,
    PlanShape,
    Release,
    RollingTotal,
    Text,
)
from targetwatch.wording.card import key_numbers
from targetwatch.wording.exported import as_json, words
from targetwatch.wording.formats import amount, bare, between, forecast_told, odds, rate, width
from targetwatch.wording.translation import translator
from targetwatch.wording.verdict import when

EN, ZH = translator("en"), translator("zh")

INDEX = indicator(id="cost", measure=Measure.LEVEL, unit="points", unit_label=Text("(2022 = 100)", "（2022年=100）"))
SHARE = indicator(id="share", measure=Measure.LEVEL, unit="%", unit_label=Text("%", "%"))
BOXES = indicator(id="boxes", measure=Measure.LEVEL, unit="TEU", unit_label=Text("TEU", "标箱"))
YEARLY = replace(BOXES, release=Release(every="year"))
MONTHLY = replace(BOXES, release=Release(every="month"))
QUARTERLY = replace(BOXES, release=Release(every="quarter"))
MONEY = indicator(id="money", unit="bn USD", unit_label=Text("bn USD", "十亿美元"))
STEPS = indicator(id="routes", measure=Measure.MILESTONES, unit="", release=Release(lag=31, grace=14))
ROLLING = indicator(measure=Measure.LEVEL, rolling_total_of=RollingTotal(indicator="boxes", months=12))
LINEAR = Plan(shape=PlanShape.LINEAR)
HALF_YEAR = evaluate(
    target(version(goal(above=270000), baseline=251800)),
    indicator(),
    [
        reading("2024", 251800, "2025-01-20"),
        reading("2024-01-01..2024-06-30", 120800, "2024-07-20"),
        reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
    ],
    day("2025-07-20"),
)


def level(one, wanted, value, *, baseline, as_of="2025-08-01"):
    promised = version(wanted, plan=LINEAR, start=day("2024-01-01"), deadline=day("2027-12-31"), baseline=baseline)
    found = reading("2024-12-31..2024-12-31", value, "2025-03-01", basis=Basis.POINT, indicator=one.id)
    return evaluate(target(promised, indicator=one.id), one, [found], day(as_of))


@pytest.mark.parametrize(
    ("one", "wanted", "value", "baseline", "en", "zh"),
    [
        (
            INDEX,
            goal(at_most=80),
            "96.5",
            100,
            "needs to fall by 16.5 points (2022 = 100) from 31 Dec 2024 to 31 Dec 2027, 1.4 points a quarter",
            "2024年12月31日至2027年12月31日还需下降16.5点（2022年=100），即每季度1.4点",
        ),
        (
            SHARE,
            goal(at_least=70),
            "34",
            30,
            "needs to rise by 36 percentage points from 31 Dec 2024 to 31 Dec 2027, 3 percentage points a quarter",
            "2024年12月31日至2027年12月31日还需上升36个百分点，即每季度3个百分点",
        ),
        (
            BOXES,
            goal(at_least=296_000),
            "151800",
            148_000,
            "needs to rise by 144,200 TEU from 31 Dec 2024 to 31 Dec 2027, 12,000 TEU a quarter",
            "2024年12月31日至2027年12月31日还需上升14.42万标箱，即每季度1.2万标箱",
        ),
    ],
)
def test_a_level_needs_to_rise_or_fall_by_points_or_amounts_of_its_unit(one, wanted, value, baseline, en, zh):
    said = level(one, wanted, value, baseline=baseline)
    assert words(said, one)["needed"] == {"en": en, "zh": zh}


@pytest.mark.parametrize(
    ("one", "value", "en", "zh"),
    [
        (INDEX, -0.34375, "1 point a quarter", "每季度1点"),
        (SHARE, 12.345, "37 percentage points a quarter", "每季度37个百分点"),
        (MONTHLY, 19_233.33, "19,200 TEU a month", "每月1.92万标箱"),
        (MONTHLY, 1.6667, "1.7 TEU a month", "每月1.7标箱"),
        (MONTHLY, 0.0, "0 TEU a month", "每月0标箱"),
        (YEARLY, 1228.0, "14,700 TEU a year", "每年1.47万标箱"),
        (MONEY, 0.35812, "1.1 bn USD a quarter", "每季度11亿美元"),
    ],
)
def test_a_rate_is_told_for_the_stretch_that_figures_come_in_and_rounded_to_what_matters(one, value, en, zh):
    of_tenths = level(one, goal(at_least=70), "0.4", baseline=0)
    assert (rate(value, of_tenths, one, EN), rate(value, of_tenths, one, ZH)) == (en, zh)


def test_what_is_needed_of_a_flow_is_said_beside_what_came_so_far():
    money = [reading("2025-01-01..2025-06-30", "0.2", "2025-07-17", indicator="money")]
    said = evaluate(target(version(goal(at_least=1), plan=LINEAR), indicator="money"), MONEY, money, day("2025-08-01"))
    needed = words(said, MONEY)["needed"]
    assert needed["en"].startswith(
        "needs another 0.8 bn USD from 30 Jun 2025 to 31 Dec 2025, 0.4 bn USD a quarter; so far 0.1 bn USD a quarter; "
    )
    assert needed["zh"].startswith("2025年6月30日至2025年12月31日还需8亿美元，即每季度4亿美元；此前每季度1亿美元；")


def months_of(years: range, last: str) -> list:
    """Return single months, each a little more than the one before, as far as `last`."""
    return [
        reading(
            f"{end.replace(day=1)}..{end}",
            10 + Decimal(end.month) / 10,
            str(end + timedelta(days=20)),
            basis=Basis.PERIOD,
        )
        for year in years
        for end in month_ends(year)
        if end <= day(last)
    ]


def test_the_forecast_says_when_the_goal_is_reached_before_its_figure_is_out_and_changes_nothing_else():
    monthly = indicator(release=Release(every="month", lag=20, grace=60))
    rows = months_of(range(2022, 2026), "2025-08-31")
    promised = target(version(goal(at_least=105), announced=day("2025-01-05")))
    before, after = (evaluate(promised, monthly, rows, day(on)) for on in ("2025-10-09", "2025-11-02"))
    assert before.reached_on == after.reached_on == day("2025-10-30")
    assert "most likely to be reached in late Oct 2025" in words(before, monthly)["sentence"]["en"]
    assert (
        "it was most likely reached in late Oct 2025, which is not published yet"
        in words(after, monthly)["sentence"]["en"]
    )
    assert "最可能已在2025年10月下旬达到，数据尚未公布" in words(after, monthly)["sentence"]["zh"]
    assert (before.performance, before.rule) == (after.performance, after.rule) == ("on_track", "probability")


def test_a_cap_is_most_likely_passed_where_it_is_off_track():
    monthly = indicator(release=Release(every="month", lag=20, grace=60))
    rows = months_of(range(2022, 2026), "2025-08-31")
    promised = target(version(goal(at_most=105), announced=day("2025-01-05")))
    said = words(evaluate(promised, monthly, rows, day("2025-11-02")), monthly)
    assert "the cap was most likely passed in late Oct 2025, which is not published yet" in said["sentence"]["en"]
    assert said["needed"]["en"].startswith(
        "leaves room for at most another 21.4 TEU from 31 Aug 2025 to 31 Dec 2025, 5.3 TEU a month;"
    )


def test_where_more_is_needed_than_has_come_season_and_growth_are_named():
    rows = [
        reading("2024-01-01..2024-02-29", 29_000, "2024-03-20"),
        reading("2024", 252_000, "2025-01-20"),
        reading("2025-01-01..2025-02-28", 37_600, "2025-03-11"),
    ]
    said = words(evaluate(target(version(goal(above=270_000))), indicator(), rows, day("2025-03-11")), indicator())
    assert said["needed"] == {
        "en": "needs another 232,400 TEU from 28 Feb 2025 to 31 Dec 2025, 23,200 TEU a month; "
        "so far 18,800 TEU a month; Jan–Feb is a weak stretch, 12% of the whole by the plan; "
        "so far 29.7% up on a year before; 8 days ahead of plan",
        "zh": "2025年2月28日至2025年12月31日还需23.24万标箱，即每月2.32万标箱；"
        "此前每月1.88万标箱；1—2月为淡季，按计划仅占全期的12%；累计同比增长29.7%；领先计划8天",
    }


def test_near_the_end_no_rate_is_told_but_what_is_missing_since_the_last_figure():
    money = [
        reading("2015-11-07..2024-12-31", "21.3", "2025-02-09", basis=Basis.SINCE_START, rounding=Decimal("0.05")),
        reading(
            "2015-11-07..2025-11-10",
            "21.7",
            "2025-11-10",
            basis=Basis.SINCE_START,
            rounding=Decimal("0.05"),
        ),
    ]
    money = [replace(row, indicator="money") for row in money]
    promised = target(version(goal(at_least=1), plan=LINEAR), indicator="money")
    said = words(evaluate(promised, MONEY, money, day("2025-12-22")), MONEY)
    assert said["needed"]["en"].startswith("needs another 0.6 bn USD from 10 Nov 2025 to 31 Dec 2025; ")
    assert "the forecast is 0.5 bn USD (4 in 5: 0.4 to 0.6 bn USD)" in said["sentence"]["en"]
    last = words(evaluate(promised, MONEY, money, day("2025-12-31")), MONEY)
    assert last["needed"] == said["needed"], "what is missing counts from the last figure, whatever day it is"


def test_what_is_shared_out_by_days_is_told_in_whole_cases_and_one_case_is_no_cases():
    weekly = indicator(unit="cases", unit_label=Text("cases", "例"))
    rows = [
        reading(f"{end - timedelta(days=6)}..{end}", 10, str(end + timedelta(days=2)), basis=Basis.PERIOD)
        for end in (day("2025-01-05") + timedelta(days=7 * week) for week in range(10))
    ]
    said = words(evaluate(target(version(goal(at_most=700))), weekly, rows, day("2025-03-14")), weekly)
    assert ": about 97 cases through 9 Mar 2025" in said["sentence"]["en"]
    assert amount(Decimal(1), weekly, EN) == "1 case"
    assert amount(Decimal(1), indicator(unit="companies", unit_label=Text("companies", "家")), EN) == "1 company"


@pytest.mark.parametrize(
    ("one", "through", "en", "zh"),
    [
        (indicator(), "2025-05-31", "through 31 May 2025", "截至2025年5月31日"),
        (MONTHLY, "2025-05-31", "in May 2025", "2025年5月"),
        (MONTHLY, "2025-05-30", "at 30 May 2025", "2025年5月30日"),
        (BOXES, "2025-05-31", "at 31 May 2025", "2025年5月31日"),
        (QUARTERLY, "2025-03-31", "at 31 Mar 2025", "2025年3月31日"),
        (YEARLY, "2024-12-31", "for 2024", "2024年"),
        (YEARLY, "2025-03-31", "at 31 Mar 2025", "2025年3月31日"),
        (ROLLING, "2025-05-31", "in the 12 months to 31 May 2025", "截至2025年5月31日的近12个月"),
    ],
)
def test_only_what_adds_up_counts_through_a_day(one, through, en, zh):
    found = evaluate(target(version(goal(at_least=1)), indicator=one.id), one, [], day("2025-06-01"))
    found = replace(found, data_through=day(through))
    assert (when(found, one, EN), when(found, one, ZH)) == (en, zh)


def test_a_level_that_describes_a_period_is_of_that_period():
    quarter = reading("2025-04-01..2025-06-30", 3, "2025-07-10", basis=Basis.PERIOD, indicator="share")
    one = replace(SHARE, release=Release(every="quarter"))
    found = evaluate(target(version(goal(at_least=1)), indicator="share"), one, [quarter], day("2025-08-01"))
    assert found.data_from == day("2025-04-01")
    assert (when(found, one, EN), when(found, one, ZH)) == ("in Apr–Jun 2025", "2025年4—6月")


def test_a_total_interpolated_at_the_deadline_is_about_and_what_it_is_over_is_of_what_is_told():
    rows = [
        reading("2025-01-01..2025-12-28", 740, "2025-12-30"),
        reading("2025-12-29..2026-01-04", 32, "2026-01-06", basis=Basis.PERIOD),
    ]
    found = evaluate(target(version(goal(at_most=700))), indicator(), rows, day("2026-01-20"))
    said = words(replace(found, attainment_probability=0.01), indicator())
    over = "Missed: about 754 TEU through 31 Dec 2025 against the goal of at most 700 TEU, 7.7% over it."
    assert said["sentence"]["en"] == over
    assert said["odds"] == {"en": "", "zh": ""}, "what is decided has no odds"


@pytest.mark.parametrize(("value", "ends"), [("20010", "20,000 TEU."), ("20300", "20,000 TEU, 1.5% over it.")])
def test_a_goal_barely_reached_says_no_share(value, ends):
    row = reading("2025", value, "2026-01-20")
    found = evaluate(target(version(goal(at_least=20_000))), indicator(), [row], day("2026-02-01"))
    assert words(found, indicator())["sentence"]["en"].endswith(ends)


def test_ten_thousands_are_told_with_four_decimals_at_most():
    said = [amount(Decimal(value), BOXES, ZH) for value in (4_245, 10_065, 215_800, 12_000_000, 340_600_000)]
    assert said == ["4245标箱", "1.0065万标箱", "21.58万标箱", "1200万标箱", "3.406亿标箱"]


def test_a_chinese_unit_that_carries_a_magnitude_is_told_in_ten_thousands():
    rupees, energy = (
        indicator(unit=en, unit_label=Text(en, zh)) for en, zh in (("bn rupees", "十亿卢比"), ("kWh", "千瓦时"))
    )
    assert (amount(Decimal(800), rupees, ZH), amount(Decimal(800), rupees, EN)) == ("8000亿卢比", "800 bn rupees")
    assert amount(Decimal(800), energy, ZH) == "800千瓦时"


def test_nothing_is_due_that_was_due_before_the_announcement():
    yearly = indicator(release=Release(every="year", lag=45, grace=30))
    old = [reading("2022", 100, "2023-02-10")]
    found = evaluate(target(version(goal(at_least=100))), yearly, old, day("2025-02-07"))
    assert (found.data_state, found.late_days, found.next_release_due) == ("fresh", 0, day("2025-02-14"))


def test_a_figure_that_is_late_for_long_is_missing_and_nobody_counts_the_days():
    short, long = (
        level(BOXES, goal(at_least=296_000), "151800", baseline=148_000, as_of=on)
        for on in ("2025-08-08", "2025-08-09")
    )
    assert (short.late_days, long.late_days) == (99, 100)
    assert words(short, BOXES)["age"]["en"].endswith("the next was due 1 May 2025, 99 days late")
    assert words(long, BOXES)["age"]["en"].endswith("the next was due 1 May 2025 and is missing")


def test_a_card_shows_steps_as_dots_in_their_order_and_a_band_with_both_ends():
    promised = version(goal(), steps=steps("one", "two", "three", due="2025-12-31"))
    done = [event("two", "2025-05-05", "2025-05-09", indicator="routes")]
    said = evaluate(target(promised, indicator="routes"), STEPS, done, day("2025-08-01"))
    tile = words(said, STEPS)
    assert tile["card"] == {"en": "○●○ 1 of 3", "zh": "○●○ 已报告完成1/3项"}
    assert tile["outlook"] == {"en": "next by 31 Dec", "zh": "下一项12月31日截止"}
    assert tile["tile_age"] == {"en": "last done 5 May", "zh": "最近完成5月5日"}
    band = evaluate(
        target(version(goal(between=(200_000, 270_000)))),
        indicator(),
        [reading("2025-01-01..2025-06-30", 90_000, "2025-07-17")],
        day("2025-08-01"),
    )
    assert words(band, indicator())["card"]["en"] == "90,000 / 200,000–270,000 TEU"


def test_many_steps_are_counted_without_dots():
    names = [f"s{number}" for number in range(9)]
    said = evaluate(target(version(goal(), steps=steps(*names)), indicator="routes"), STEPS, [], day("2025-08-01"))
    assert words(said, STEPS)["card"]["en"] == "0 of 9"


def test_a_tile_says_how_late_without_the_day_where_that_is_long_ago():
    short = level(BOXES, goal(at_least=296_000), "251800", baseline=148_000, as_of="2025-08-01")
    assert words(short, BOXES)["tile_age"]["en"].startswith("figures to 31 Dec 2024, next ")
    long = level(BOXES, goal(at_least=296_000), "251800", baseline=148_000, as_of="2026-08-01")
    assert long.late_days > 99
    assert words(long, BOXES)["tile_age"] == {
        "en": "figures to 31 Dec 2024, next missing since 1 May 2025",
        "zh": "数据截至2024年12月31日，下期自2025年5月1日起未公布",
    }


def test_a_tile_is_said_anew_at_new_year_because_it_leaves_this_year_unsaid():
    promised = version(goal(), steps=steps("one", due="2027-06-30"), deadline=day("2027-06-30"))
    done = [event("one", "2025-05-05", "2025-05-09", indicator="routes")]
    case = Case(target(promised, indicator="routes"), STEPS, done)
    for on, said in (("2025-12-31", "last done 5 May"), ("2026-01-01", "last done 5 May 2025")):
        assert words(judge(case, AsOf.end_of(day(on))).verdict, STEPS)["tile_age"]["en"] == said


def test_what_is_decided_says_since_when_and_no_odds():
    full = [reading("2025-01-01..2025-12-31", 300_000, "2026-01-20")]
    said = evaluate(target(version(goal(above=270_000))), indicator(), full, day("2026-03-01"))
    assert said.performance is Performance.ACHIEVED
    assert words(said, indicator())["outlook"] == {"en": "known since 20 Jan", "zh": "1月20日获知"}


VERSIONS = (
    version(goal(at_least=300_000)),
    version(goal(at_least=270_000), number=2, effective=day("2025-07-01"), reason="the bridge is closed"),
    version(goal(at_least=270_000), number=3, effective=day("2025-08-01"), reason="as planned", plan=LINEAR),
)


@pytest.mark.parametrize("rows", [[], [reading("2025-01-01..2025-05-31", 100_000, "2025-06-20")]])
def test_a_goal_that_a_new_version_lowered_is_said_to_have_been_lowered_from_that_day_on(rows):
    june, july, august = (
        evaluate(target(*VERSIONS), indicator(), rows, day(on)) for on in ("2025-06-30", "2025-07-01", "2025-08-01")
    )
    assert june.goal_before is None
    assert (
        july.goal_before
        == august.goal_before
        == EarlierGoal(comparator=Comparator.AT_LEAST, value=Decimal(300_000), replaced_on=day("2025-07-01"))
    )
    for said in (july, august):
        sentence = words(said, indicator())["sentence"]
        assert "; the goal was lowered from 300,000 to 270,000 TEU on 1 Jul 2025" in sentence["en"]
        assert "；目标于2025年7月1日由30万下调至27万标箱" in sentence["zh"]
        assert as_json(said, indicator(), said.day)["goal_before"]["value"] == 300_000
    assert "lowered" not in words(june, indicator())["sentence"]["en"]


@pytest.mark.parametrize(
    ("goals", "was", "since"),
    [
        ([(270, "2025-02-07"), (300, "2025-07-01"), (270, "2025-07-03")], None, None),
        ([(270, "2025-02-07"), (300, "2025-07-01"), (280, "2025-07-01")], 270, "2025-07-01"),
        ([(300, "2025-02-07"), (270, "2025-07-01"), (250, "2025-08-01"), (270, "2025-08-02")], 300, "2025-07-01"),
        ([(300, "2025-02-07"), (280, "2025-07-01"), (270, "2025-08-01")], 280, "2025-08-01"),
        ([(270, "2025-02-07"), (270, "2025-07-01")], None, None),
    ],
)
def test_a_goal_that_was_undone_or_replaced_on_its_own_day_is_none_that_was_before(goals, was, since):
    versions = [
        version(goal(at_least=value), number=number, effective=day(on), reason="" if number == 1 else "said so")
        for number, (value, on) in enumerate(goals, 1)
    ]
    found = evaluate(target(*versions), indicator(), [], day("2025-09-01")).goal_before
    assert (found and found.value, found and found.replaced_on) == (was, since and day(since))


@pytest.mark.parametrize(
    ("before", "after", "en", "zh"),
    [
        (goal(at_most=90), goal(at_most=95), "the goal was raised from 90 to 95 TEU on 1 Jul 2025", "由90上调至95标箱"),
        (
            goal(at_least=90),
            goal(above=90),
            "before 1 Jul 2025 the goal was at least 90 TEU",
            "以前的目标为不低于90标箱",
        ),
        (
            goal(at_least=90),
            goal(at_most=80),
            "before 1 Jul 2025 the goal was at least 90 TEU",
            "以前的目标为不低于90标箱",
        ),
        (
            goal(between=[60, 70]),
            goal(between=[60, 80]),
            "before 1 Jul 2025 the goal was between 60 and 70 TEU",
            "以前的目标为介于60至70标箱",
        ),
    ],
)
def test_a_goal_that_was_raised_or_made_another_says_what_it_was(before, after, en, zh):
    promised = target(version(before), version(after, number=2, effective=day("2025-07-01"), reason="new figures"))
    said = words(evaluate(promised, indicator(), [], day("2025-09-01")), indicator())["sentence"]
    assert said["en"].endswith(f"; {en}.")
    assert zh in said["zh"]


def yearly_course(*shares):
    """Return a monthly share of four years that falls from its first month to its last as `shares` do."""
    return [
        reading(
            f"{end}..{end}", share + year - 2022, str(end + timedelta(days=20)), basis=Basis.POINT, indicator="share"
        )
        for year in range(2022, 2026)
        for end, share in zip(month_ends(year), shares, strict=True)
        if end <= day("2025-02-28")
    ]


def test_a_level_above_its_goal_that_fell_a_year_before_says_so():
    one = replace(SHARE, release=Release(every="month", lag=20))
    rows = yearly_course(60, 58, 56, 54, 52, 50, 50, 50, 49, 49, 48, 47)
    found = evaluate(target(version(goal(at_least=51)), indicator="share"), one, rows, day("2025-04-01"))
    assert (found.performance, found.last_year_to_date, found.last_year_total) == (Performance.OFF_TRACK, 60, 49)
    said = words(found, one)["sentence"]
    assert "; in the year before it fell from 60% at this point to 49% by the end" in said["en"]
    assert "；上年同期为60%，到期末降至49%" in said["zh"]
    low = words(replace(found, actual_value=Decimal(40)), one)["sentence"]["en"]
    assert "in the year before" not in low, "what is below its goal needs no such reason"


def test_what_a_cap_allows_is_rounded_down_and_what_is_needed_to_the_nearest():
    rows = [reading("2025-01-01..2025-02-28", 184, "2025-03-20")]
    weekly = indicator(release=Release(every="week"))
    cap, wish = (
        words(evaluate(target(version(wanted)), weekly, rows, day("2025-03-20")), weekly)["needed"]["en"]
        for wanted in (goal(at_most=691), goal(at_least=691))
    )
    assert "at most another 507 TEU from 28 Feb 2025 to 31 Dec 2025, 11 TEU a week" in cap
    assert "another 507 TEU from 28 Feb 2025 to 31 Dec 2025, 12 TEU a week" in wish


def test_a_cap_says_of_which_day_its_plan_allows_as_much():
    found = evaluate(
        target(version(goal(at_most=365), plan=LINEAR)),
        indicator(),
        [reading("2025-01-01..2025-01-31", 41, "2025-02-10")],
        day("2025-02-10"),
    )
    for days, en, zh in (
        (10, "as much already as the plan allows 10 days later", "已达到计划10天后的水平"),
        (-1, "only as much as the plan allowed 1 day earlier", "仅为计划1天前的水平"),
    ):
        said = words(replace(found, buffer_days=days), indicator())["needed"]
        assert said["en"].endswith(
            f"{en}, yet the forecast, made from the figures and not from the plan, misses the goal" if days < 0 else en
        )
        assert zh in said["zh"]


@pytest.mark.parametrize(
    ("performance", "probability", "en", "zh"),
    [
        (Performance.ON_TRACK, 0.72, "just over 7 in 10", "略高于70%可能"),
        (Performance.ON_TRACK, 0.76, "about 8 in 10", "约80%可能"),
        (Performance.AT_RISK, 0.78, "just under 8 in 10", "略低于80%可能"),
        (Performance.AT_RISK, 0.22, "just over 2 in 10", "略高于20%可能"),
        (Performance.AT_RISK, 0.26, "about 3 in 10", "约30%可能"),
        (Performance.OFF_TRACK, 0.27, "just under 3 in 10", "略低于30%可能"),
    ],
)
def test_odds_that_keep_a_status_say_on_which_side_of_the_limit_they_are(performance, probability, en, zh):
    forecast = Forecast(median=260e3, low=250e3, high=275e3, attain_probability=probability)
    found = replace(
        HALF_YEAR,
        performance=performance,
        rule="probability",
        forecast=forecast,
        attainment_probability=probability,
    )
    said = words(found, indicator())
    assert said["odds"] == {"en": en, "zh": zh}
    assert f"the odds of making it {en}" in said["sentence"]["en"]
    assert f"{zh}达成" in said["sentence"]["zh"]


def test_the_odds_say_why_they_are_worse_than_the_plan_or_better():
    def said(performance, buffer_days, median):
        forecast = Forecast(median=float(median), low=median - 5e3, high=median + 5e3, attain_probability=0.5)
        shown = replace(HALF_YEAR, performance=performance, buffer_days=buffer_days, forecast=forecast)
        box = [one for one in key_numbers(shown, version(), indicator(), EN) if "plan" in one.label.lower()][-1]
        return words(shown, indicator())["needed"]["en"].partition(" of plan")[2], box.hint

    varies = "yet the forecast, made from the figures and not from the plan, is not sure of the goal"
    assert said(Performance.AT_RISK, 44, 275_000) == (f", {varies}", varies)
    missed = "yet the forecast, made from the figures and not from the plan, misses the goal"
    assert said(Performance.OFF_TRACK, 44, 260_000) == (f", {missed}", missed)
    met = "yet the forecast, made from the figures and not from the plan, meets the goal"
    assert words(replace(HALF_YEAR, buffer_days=-9), indicator())["needed"]["en"].endswith(f"behind plan, {met}")
    for performance, buffer_days in ((Performance.ON_TRACK, 44), (Performance.AT_RISK, -9)):
        assert "yet" not in str(said(performance, buffer_days, 275_000))
    assert (
        "yet"
        not in words(replace(HALF_YEAR, performance=Performance.AT_RISK, rule="pace"), indicator())["needed"]["en"]
    )


def test_thousands_of_a_unit_of_a_thousand_are_told_in_millions_and_the_value_as_the_goal_beside_it():
    boxes = indicator(unit="kTEU", unit_label=Text("thousand TEU", "千标箱"))
    assert [amount(Decimal(one), boxes, EN) for one in ("999.5", "1000", "5700", "4802.5", "4802.55")] == [
        "999.5 thousand TEU",
        "1 million TEU",
        "5.7 million TEU",
        "4.8025 million TEU",
        "4,802.55 thousand TEU",
    ], "no figure takes more than four decimals"
    assert bare(Decimal("428.35"), boxes, EN, beside=Decimal(6000)) == "0.4284"
    row = reading("2025-01-01..2025-01-31", "428.3", "2025-02-16", rounding=Decimal("5.1"))
    said = words(evaluate(target(version(goal(above=6000))), boxes, [row], day("2025-02-20")), boxes)
    assert said["card"] == {"en": "428.3 thousand TEU / > 6 million TEU", "zh": "42.83万标箱 / > 600万标箱"}
    assert (
        "428.3 thousand TEU ± 5.1 through 31 Jan 2025 against the goal of more than 6 million TEU"
        in said["sentence"]["en"]
    )
    assert width(Decimal(50), boxes, EN, beside=Decimal(5700)) == "0.05"


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0499, "less than 1 in 20"),
        (0.0501, "about 1 in 20"),
        (0.0749, "about 1 in 20"),
        (0.0751, "about 1 in 10"),
        (0.9249, "about 9 in 10"),
        (0.9251, "about 19 in 20"),
        (0.9499, "about 19 in 20"),
        (0.9501, "better than 19 in 20"),
    ],
)
def test_odds_in_words_are_within_a_factor_of_what_they_are(probability, said):
    assert odds(probability, EN) == said


@pytest.mark.parametrize(
    ("wanted", "en", "zh"),
    [
        (
            goal(at_least=100),
            "yet what is still to come may be 20% less than in the same part of the year before",
            "但其余时段可比上年同期少20%",
        ),
        (
            goal(at_most=100),
            "yet what is still to come may be up to 20% more than in the same part of the year before",
            "但其余时段最多可比上年同期多20%",
        ),
    ],
)
def test_what_lags_though_less_than_last_year_would_do_says_yet(wanted, en, zh):
    found = evaluate(
        target(version(wanted)), indicator(), [reading("2025-01-01..2025-01-31", 5, "2025-02-10")], day("2025-02-10")
    )
    growth = -0.2 if wanted.comparator is Comparator.AT_LEAST else 0.2
    lags = replace(found, rule="required_growth", required_growth_ratio=growth, performance=Performance.AT_RISK)
    said = words(lags, indicator())["sentence"]
    assert en in said["en"]
    assert zh in said["zh"]
    fine = words(replace(lags, performance=Performance.ON_TRACK), indicator())["sentence"]["en"]
    assert "yet" not in fine.partition("; ")[2]


def test_the_ends_of_a_forecast_count_in_one_unit_and_no_finer_than_it_is_wide():
    homes = indicator(unit="homes", unit_label=Text("homes", "套"))
    assert between(Decimal(18_200), Decimal(21_290), homes, ZH) == ("1.82万", "2.129万套")
    assert between(Decimal(8_000), Decimal(12_000), homes, ZH) == ("0.8万", "1.2万套")
    assert between(Decimal(33), Decimal(12_000), homes, ZH) == ("33", "1.2万套")
    found = evaluate(
        target(version(goal(at_least=25_000))),
        homes,
        [reading("2025-01-01..2025-01-31", 5, "2025-02-10")],
        day("2025-02-10"),
    )
    wide = Forecast(median=21_243.4, low=17_066.0, high=26_758.0, attain_probability=0.2, history_years=3, method="m")
    told = forecast_told(replace(found, forecast=wide))
    assert told == (21_200, 17_100, 26_800)


@pytest.mark.parametrize(
    ("one", "start", "deadline", "en", "zh"),
    [
        (MONTHLY, "2025-01-01", "2025-12-31", "the figure for 2025 is not published yet", "2025年的数据尚未公布"),
        (
            MONTHLY,
            "2024-01-01",
            "2025-12-31",
            "the figure for Dec 2025 is not published yet",
            "2025年12月的数据尚未公布",
        ),
        (
            QUARTERLY,
            "2024-01-01",
            "2025-12-31",
            "the figure for Oct–Dec 2025 is not published yet",
            "2025年10—12月的数据",
        ),
        (
            MONTHLY,
            "2025-01-01",
            "2025-12-20",
            "the figure to 20 Dec 2025 is not published yet",
            "截至2025年12月20日的数据",
        ),
    ],
)
def test_the_last_figure_is_named_by_the_period_it_is_for(one, start, deadline, en, zh):
    promised = version(goal(at_least=70), start=day(start), deadline=day(deadline), announced=day("2024-01-01"))
    flow = replace(one, measure=Measure.FLOW)
    row = reading(f"{start}..2025-11-30", 60, "2025-12-10", basis=Basis.SINCE_START, indicator=one.id)
    said = words(evaluate(target(promised, indicator=one.id), flow, [row], day("2026-01-02")), flow)["sentence"]
    assert en in said["en"]
    assert zh in said["zh"]


def test_a_relative_goal_keeps_its_change_beside_what_it_comes_to():
    wanted = goal(change="-0.2")
    said = words(level(INDEX, wanted, "96.5", baseline=100), INDEX)["sentence"]
    assert "the goal of at most 80 (a cut of 20% on the baseline)" in said["en"]
    assert "（较基期下降20%）" in said["zh"]


def test_the_rounding_that_the_digits_show_already_is_not_said():
    row = reading(
        "2024-12-31..2024-12-31", "2.4", "2025-03-01", basis=Basis.POINT, rounding=Decimal("0.05"), indicator=SHARE.id
    )
    promised = version(goal(at_most="2.5"), plan=LINEAR, start=day("2024-01-01"), deadline=day("2027-12-31"))
    said = words(evaluate(target(promised, indicator=SHARE.id), SHARE, [row], day("2025-08-01")), SHARE)["sentence"]
    assert "±" not in said["en"]
    coarse = replace(row, rounding=Decimal("0.1"))
    said = words(evaluate(target(promised, indicator=SHARE.id), SHARE, [coarse], day("2025-08-01")), SHARE)["sentence"]
    assert "2.4% ± 0.1 percentage points" in said["en"]


def test_a_rate_of_whole_things_is_told_for_a_stretch_in_which_there_is_one():
    weekly = indicator(unit="cases", unit_label=Text("cases", "例"), release=Release(every="week"))
    rows = [reading("2025-01-01..2025-02-28", 80, "2025-03-02")]
    said = words(evaluate(target(version(goal(at_most=98))), weekly, rows, day("2025-03-05")), weekly)["needed"]
    assert "at most another 18 cases from 28 Feb 2025 to 31 Dec 2025, 1.8 cases a month" in said["en"]
