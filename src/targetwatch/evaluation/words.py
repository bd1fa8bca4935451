"""The sentence of a verdict, what is needed, and the short card, in English and Chinese.

Every sentence names the state, the figures it rests on and the day they describe, so that it can be read aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.evaluation import reasons
from targetwatch.evaluation.phrases import again, ahead_words, amount, bare, base, day_words, months_words, percent
from targetwatch.evaluation.phrases import rate as rate_words
from targetwatch.model import Comparator, Indicator, Measure, Performance, TargetVersion, Text

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
    why = reasons.of_steps(matter) if matter.indicator.measure is Measure.MILESTONES else _why(matter)
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
    goal, change = matter.goal, matter.version.goal.relative
    if goal.comparator is Comparator.COMPLETE:
        return Text("every step done", "全部完成")
    if goal.value is None:
        size, down = f"{abs(float(change or 0)) * 100:.4g}", change is not None and change < 0
        return Text(
            f"a {'cut' if down else 'rise'} of {size} % on a baseline never published",
            f"较基期{'下降' if down else '增长'}{size}%（基期未公布）",
        )
    words, say = GOALS[goal.comparator], again if beside_value else amount
    low, high = say(goal.value, matter.indicator), say(goal.upper or goal.value, matter.indicator)
    return Text(words.en.format(low.en, high.en), words.zh.format(low.zh, high.zh))


def _goal_in_short(matter: Matter) -> Text:
    """Return the goal as a figure: both bounds of a band; the change asked for where its baseline is not published."""
    goal, change = matter.goal, matter.version.goal.relative
    if goal.value is None:
        return Text(*[percent(float(change or 0))] * 2)
    end = amount(goal.upper if goal.upper is not None else goal.value, matter.indicator)
    if goal.upper is None:
        return end
    low = bare(goal.value, matter.indicator)
    return Text(f"{low.en}–{end.en}", f"{low.zh}–{end.zh}")


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
    reason = reasons.of_rule(matter)
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
