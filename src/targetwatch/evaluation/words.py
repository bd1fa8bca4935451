"""The sentence of a verdict, what is needed, and the short card, in English and Chinese.

Every sentence names the state, the figures it rests on and the day they describe, so that it can be read aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation.phrases import ahead_words, amount, bare, base, day_words, months_words, odds, percent
from targetwatch.evaluation.phrases import rate as rate_words
from targetwatch.model import Comparator, Indicator, Measure, Performance, StepState, TargetVersion, Text

if TYPE_CHECKING:
    from targetwatch.evaluation.goal import Resolved
    from targetwatch.evaluation.numbers import Numbers

ROUNDING_WORTH_SAYING = Decimal("0.01")
DOTS_AT_MOST = 8
"""So many dots can be counted at a glance."""
LEADS = {
    Performance.PENDING: Text("Pending", "暂无评价"),
    Performance.ON_TRACK: Text("On track", "进展正常"),
    Performance.AT_RISK: Text("At risk", "存在风险"),
    Performance.OFF_TRACK: Text("Off track", "明显落后"),
    Performance.ACHIEVED: Text("Achieved", "已完成"),
    Performance.MISSED: Text("Missed", "未完成"),
    Performance.AWAITING_DATA: Text("Awaiting data", "等待数据"),
}
GOALS = {
    Comparator.ABOVE: Text("more than {0}", "超过{0}"),
    Comparator.AT_LEAST: Text("at least {0}", "不低于{0}"),
    Comparator.BELOW: Text("less than {0}", "低于{0}"),
    Comparator.AT_MOST: Text("at most {0}", "不超过{0}"),
    Comparator.BETWEEN: Text("between {0} and {1}", "{0}至{1}之间"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a sentence is about."""

    indicator: Indicator
    version: TargetVersion
    goal: Resolved
    numbers: Numbers
    performance: Performance
    rule: str
    day: date


def sentence(matter: Matter) -> Text:
    """Return one sentence a minister can read: the state, the figures, and why."""
    lead = LEADS[matter.performance]
    why = _milestones(matter) if matter.indicator.measure is Measure.MILESTONES else _why(matter)
    return Text(f"{lead.en}: {why.en}.", f"{lead.zh}：{why.zh}。")


def needed(matter: Matter) -> Text:
    """Return what would have to be true from here on; empty when nothing is needed any more."""
    numbers, unit = matter.numbers, matter.indicator
    running = matter.performance in {Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK}
    rate, months = numbers.required_value_per_month, numbers.remaining_months
    if not running or rate is None or months is None or matter.indicator.measure is Measure.MILESTONES:
        return Text()
    if (
        unit.measure is Measure.LEVEL
        and numbers.actual_value is not None
        and matter.goal.attained_by(numbers.actual_value)
    ):
        return Text()
    span, each = months_words(months), rate_words(rate, unit)
    if unit.measure is Measure.LEVEL:
        way = Text("rise", "上升") if rate > 0 else Text("fall", "下降")
        start = day_words(numbers.data_through) if numbers.data_through is not None else None
        since = Text(f" from {start.en}", f"自{start.zh}起") if start is not None else Text()
        index = Text(f" {base(unit).en}".rstrip(), base(unit).zh)
        return Text(
            f"needs to {way.en} by {each.en}{index.en} for {span.en}{since.en}",
            f"{since.zh}{span.zh}内每月需{way.zh}{each.zh}{index.zh}",
        )
    if matter.goal.upward:
        en, zh = f"needs {each.en} for the remaining {span.en}", f"其余{span.zh}每月需{each.zh}"
    else:
        en, zh = f"may take {each.en} for the remaining {span.en}", f"其余{span.zh}每月不得超过{each.zh}"
    if numbers.value_per_month is not None:
        so_far = rate_words(numbers.value_per_month, unit)
        en, zh = f"{en}; so far {so_far.en}", f"{zh}；此前月均{so_far.zh}"
    ahead = ahead_words(numbers.buffer_days)
    return Text(f"{en}{ahead.en}", f"{zh}{ahead.zh}")


def card(matter: Matter) -> Text:
    """Return value and goal in a few words, for a tile read from five metres away."""
    numbers, unit = matter.numbers, matter.indicator
    if matter.indicator.measure is Measure.MILESTONES:
        done, total = sum(1 for s in numbers.steps if s.done_on is not None), len(numbers.steps)
        dots = "".join("○" if s.done_on is None else "●" for s in numbers.steps) if total <= DOTS_AT_MOST else ""
        return Text(f"{dots} {done} of {total}".strip(), f"{dots} {total}项中完成{done}项".strip())
    goal = _goal_in_short(matter)
    value = Text("no figure", "暂无数据") if numbers.actual_value is None else bare(numbers.actual_value, unit)
    return Text(f"{value.en} / {goal.en}", f"{value.zh} / {goal.zh}")


def goal_words(matter: Matter, *, beside_value: bool = False) -> Text:
    """Return the goal in words, with its unit; a relative goal without a baseline as the change it asks for.

    `beside_value`: the value has said what an index is 100 at.
    """
    goal, change = matter.goal, matter.version.goal.change
    if goal.comparator is Comparator.COMPLETE:
        return Text("every step done", "全部完成")
    if goal.value is None:
        size, down = f"{abs(float(change or 0)) * 100:.4g}", change is not None and change < 0
        return Text(
            f"a {'cut' if down else 'rise'} of {size} % on a baseline never published",
            f"较基期{'下降' if down else '增长'}{size}%（基期未公布）",
        )
    words, say = GOALS[goal.comparator], _again if beside_value else amount
    low, high = say(goal.value, matter.indicator), say(goal.upper or goal.value, matter.indicator)
    return Text(words.en.format(low.en, high.en), words.zh.format(low.zh, high.zh))


def _goal_in_short(matter: Matter) -> Text:
    """Return the goal as a figure: both bounds of a band; the change asked for where its baseline is not published."""
    goal, change = matter.goal, matter.version.goal.change
    if goal.value is None:
        return Text(*[percent(float(change or 0))] * 2)
    end = amount(goal.upper if goal.upper is not None else goal.value, matter.indicator)
    if goal.upper is None:
        return end
    low = bare(goal.value, matter.indicator)
    return Text(f"{low.en}–{end.en}", f"{low.zh}–{end.zh}")


def _again(value: Decimal | float, indicator: Indicator) -> Text:
    """Return a value where an amount of the same indicator stands before it: an index does not say its base twice."""
    return bare(value, indicator) if base(indicator)["en"] else amount(value, indicator)


def _why(matter: Matter) -> Text:
    numbers = matter.numbers
    if numbers.actual_value is None or numbers.data_through is None:
        return _nothing_known(matter, goal_words(matter))
    words = goal_words(matter, beside_value=True)
    value, day = amount(numbers.actual_value, matter.indicator), day_words(numbers.data_through)
    about = Text(" (provisional)", "（初步数）") if numbers.provisional else Text()
    if numbers.actual_rounding > abs(numbers.actual_value) * ROUNDING_WORTH_SAYING:
        width = bare(numbers.actual_rounding, matter.indicator).en, amount(numbers.actual_rounding, matter.indicator).zh
        about = Text(f" ± {width[0]}{about.en}", f"（±{width[1]}）{about.zh}")
    facts = Text(
        f"{value.en}{about.en} through {day.en} against the goal of {words.en}",
        f"截至{day.zh}为{value.zh}{about.zh}，目标{words.zh}",
    )
    reason = _reason(matter)
    return Text(f"{facts.en}{reason.en}", f"{facts.zh}{reason.zh}")


def _nothing_known(matter: Matter, words: Text) -> Text:
    if matter.rule == "before_start":
        start = day_words(matter.version.start)
        return Text(f"the window opens on {start.en}; the goal is {words.en}", f"考核期自{start.zh}起，目标{words.zh}")
    if matter.rule == "awaiting_final_figure" and matter.version.deadline is not None:
        end = day_words(matter.version.deadline)
        return Text(
            f"the deadline of {end.en} has passed and no figure has been published; the goal was {words.en}",
            f"{end.zh}的期限已过，尚未公布任何数据，目标{words.zh}",
        )
    return Text(
        f"no figure has been published for the window yet; the goal is {words.en}",
        f"考核期内尚未公布数据，目标{words.zh}",
    )


def _reason(matter: Matter) -> Text:
    """Return the clause that says why, by the rule that fired."""
    match matter.rule:
        case "goal_reached" | "final_reached" | "final_short" | "cap_passed":
            return _share_of_goal(matter)
        case "awaiting_final_figure" if matter.version.deadline is not None:
            end = day_words(matter.version.deadline)
            if matter.goal.value is None:
                return Text("; without a published baseline it cannot be judged", "；没有公布的基期，无法评判")
            return Text(f"; the figure for {end.en} is not published yet", f"；{end.zh}的数据尚未公布")
        case "no_baseline":
            return Text("; without a published baseline it cannot be judged", "；没有公布的基期，无法评判")
        case "goal_met":
            end = day_words(matter.version.deadline) if matter.version.deadline else Text("the end", "期末")
            return Text(
                f"; the goal is met today and has to be held until {end.en}", f"；目前已达到目标，需保持到{end.zh}"
            )
        case "goal_lost":
            return Text("; the goal was met at the baseline and is not any more", "；基期已达到的目标现已失守")
        case "band_overshot":
            return Text("; it has gone through the band and out on the other side", "；已越过目标区间的另一端")
        case "probability":
            return _by_odds(matter)
        case "required_growth":
            return _by_growth(matter)
        case "pace":
            return _by_pace(matter)
        case _:
            return Text()


def _share_of_goal(matter: Matter) -> Text:
    ratio = matter.numbers.progress_ratio
    if ratio is None or matter.indicator.measure is not Measure.FLOW:
        return Text()
    return Text(f", {ratio * 100:.1f} % of it", f"，完成{ratio * 100:.1f}%")


def _by_odds(matter: Matter) -> Text:
    """Return forecast, interval and odds, and what the rest has to come to."""
    forecast, growth = matter.numbers.forecast, matter.numbers.required_growth_ratio
    if forecast is None:
        return Text()
    median, low, high = (_again(value, matter.indicator) for value in (forecast.median, forecast.low, forecast.high))
    words = odds(forecast.attain_probability)
    said = Text(
        f"; the forecast is {median.en} ({low.en} to {high.en}), the odds of making it {words.en}",
        f"；预测{median.zh}（{low.zh}至{high.zh}），{words.zh}完成",
    )
    if growth is None or matter.indicator.measure is not Measure.FLOW:
        return said
    further = _by_growth(matter)
    return Text(f"{said.en}{further.en}", f"{said.zh}{further.zh}")


def _by_growth(matter: Matter) -> Text:
    growth = matter.numbers.required_growth_ratio
    assert growth is not None
    wanted = percent(growth)
    if not matter.goal.upward:
        return Text(f"; the rest may change by {wanted} on last year's", f"；其余时段最多可较上年同期变化{wanted}")
    if growth < 0:
        return Text(
            f"; the rest of the window may even fall {abs(growth) * 100:.1f} % short of last year's",
            f"；其余时段即使比上年同期少{abs(growth) * 100:.1f}%也能完成",
        )
    rise = f"{growth * 100:.1f}"
    return Text(f"; the rest of the window has to grow {rise} % on last year's", f"；其余时段需较上年同期增长{rise}%")


def _by_pace(matter: Matter) -> Text:
    pace, expected = matter.numbers.pace_ratio, matter.numbers.expected_value
    if pace is None or expected is None:
        return Text()
    planned = _again(expected, matter.indicator)
    return Text(
        f"; the plan expected {planned.en} by then (pace {pace:.2f}, a rule of thumb)",
        f"；按计划届时应为{planned.zh}（进度比{pace:.2f}，经验判断）",
    )


def _milestones(matter: Matter) -> Text:
    steps, day = matter.numbers.steps, matter.day
    done = sum(1 for state in steps if state.done_on is not None)
    counted = Text(f"{done} of {len(steps)} done", f"{len(steps)}项中完成{done}项")
    late = [state for state in steps if state.late_days is not None]
    overdue = [state for state in steps if state.done_on is None and state.due is not None and day > state.due]
    clauses = [counted, *(_late(state) for state in late)]
    if overdue:
        names = Text(
            ", ".join(state.step.title["en"] for state in overdue),
            "、".join(state.step.title["zh"] for state in overdue),
        )
        found = matter.performance is Performance.AWAITING_DATA
        en = "no report yet of" if found else "no report of completion found for"
        zh = "尚未见报告：" if found else "未见完成报告："
        clauses.append(Text(f"{en} {names.en}", f"{zh}{names.zh}"))
    elif done < len(steps):
        clauses.append(_next_step(matter))
    return Text("; ".join(c.en for c in clauses if c.en), "；".join(c.zh for c in clauses if c.zh))


def _late(state: StepState) -> Text:
    days = f"{state.late_days} day{'' if state.late_days == 1 else 's'}"
    return Text(f"{state.step.title['en']} done {days} late", f"{state.step.title['zh']}晚了{state.late_days}天")


def _next_step(matter: Matter) -> Text:
    waiting = [state for state in matter.numbers.steps if state.done_on is None]
    dues = [state.due for state in waiting if state.due is not None]
    if not dues:
        return Text("no deadline was announced", "未公布期限")
    due = day_words(min(dues))
    expected = matter.numbers.expected_value
    if matter.rule == "steps_behind_plan" and expected is not None:
        return Text(
            f"the plan expected {int(expected + 1e-9)} by then; the next is due {due.en}",
            f"按计划届时应完成{int(expected + 1e-9)}项；下一期限{due.zh}",
        )
    return Text(f"the next is due {due.en}", f"下一期限{due.zh}")
