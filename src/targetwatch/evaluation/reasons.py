"""Why a verdict says what it says: the clause of the rule that fired, or of the steps; in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.evaluation.phrases import again, chance, day_words, percent
from targetwatch.model import Measure, Performance, StepState, Text

if TYPE_CHECKING:
    from targetwatch.evaluation.words import Matter


def of_rule(matter: Matter) -> Text:
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


def of_steps(matter: Matter) -> Text:
    """Return how many steps are done, which were late, which are missing, which comes next."""
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
    median, low, high = (again(value, matter.indicator) for value in (forecast.median, forecast.low, forecast.high))
    words = chance(forecast.attain_probability)
    kept = words.zh if words.zh.endswith("%") else f"{words.zh}完成"
    said = Text(
        f"; the forecast is {median.en} ({low.en} to {high.en}), the odds of making it {words.en}",
        f"；预测{median.zh}（{low.zh}至{high.zh}），{kept}",
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
    planned = again(expected, matter.indicator)
    return Text(
        f"; the plan expected {planned.en} by then (pace {pace:.2f}, a rule of thumb)",
        f"；按计划届时应为{planned.zh}（进度比{pace:.2f}，经验判断）",
    )


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
