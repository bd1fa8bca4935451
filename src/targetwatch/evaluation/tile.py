"""What a wall says of a verdict, in words short enough for large letters, in English and Chinese.

This year goes without saying; so these words are said anew on New Year's Day (`next_turn`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.evaluation.phrases import MONTHS, bare, chance, day_words, rate, rough
from targetwatch.model import Comparator, DataState, Measure, Performance, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from targetwatch.model import Indicator, StepState, Verdict

LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})
LATE_FOR_LONG_DAYS = 99
AT_MOST = frozenset({Comparator.AT_MOST, Comparator.BELOW})


def short_day(day: date, today: date) -> Text:
    """Return a day without its year where that is this year.

    >>> from datetime import date
    >>> [short_day(date(year, 8, 31), date(2025, 12, 8)).en for year in (2025, 2024)]
    ['31 Aug', '31 Aug 2024']
    """
    if day.year != today.year:
        return day_words(day)
    return Text(f"{day.day} {MONTHS[day.month - 1]}", f"{day.month}月{day.day}日")


def needed(verdict: Verdict, indicator: Indicator) -> Text:
    """Return what a lagging target needs a month from here on; empty for every other."""
    a_month = verdict.required_value_per_month
    if verdict.performance not in LAGGING or not verdict.needed["en"] or a_month is None:
        return Text()
    if indicator.measure is Measure.LEVEL:
        up, change = a_month > 0, bare(rough(a_month, indicator), indicator)
        return Text(f"needs {'+' if up else '−'}{change.en} a month", f"每月需{'升' if up else '降'}{change.zh}")
    size = rate(a_month, indicator)
    if verdict.comparator in AT_MOST:
        return Text(f"at most {size.en}", f"每月至多{size.zh}")
    return Text(f"needs {size.en}", f"每月需{size.zh}")


def beside(verdict: Verdict, indicator: Indicator, today: date) -> Text:
    """Return what matters next: what is needed, or the deadline; since when it is so where that is decided."""
    if verdict.performance in DECIDED:
        since = verdict.performance_since
        return _day("since {day}", "自{day}起", since, today) if since is not None else Text()
    found = needed(verdict, indicator)
    if found["en"] or indicator.measure is Measure.MILESTONES or verdict.deadline is None:
        return found
    return _day("by {day}", "期限{day}", verdict.deadline, today)


def outlook(verdict: Verdict, indicator: Indicator, today: date) -> Text:
    """Return the progress beside the plan's, the odds, and what matters next, as much as fits in one line.

    Odds and what is needed leave no room for the progress; of steps it is the next date.
    """
    if verdict.performance in DECIDED:
        return beside(verdict, indicator, today)
    if indicator.measure is Measure.MILESTONES:
        return _next_step(verdict.steps, today)
    wanted, probability = beside(verdict, indicator, today), verdict.attainment_probability
    has_room = probability is None or not needed(verdict, indicator)["en"]
    said = [_progress(verdict)] if has_room else []
    if probability is not None:
        said.append(chance(probability))
    return _joined([*said, wanted])


def age(verdict: Verdict, indicator: Indicator, today: date, *, brief: bool = False) -> Text:
    """Return how old the figures are and what is due or late; of steps, the last one done and the next date.

    `brief`: for words that are kept until the verdict turns: a figure is due from its day on, not from the day after,
    and where it has been late for long, how long says enough; the next step is told by `outlook`.
    """
    if indicator.measure is Measure.MILESTONES:
        last = _last_step(verdict.steps, today)
        return last if brief else _joined([last, _next_step(verdict.steps, today)])
    through = verdict.data_through
    known = Text("no figure yet", "尚无数据")
    if through is not None:
        known = _day("figures to {day}", "数据截至{day}", through, today)
    due = verdict.next_release_due
    if due is None or verdict.data_state is DataState.CLOSED:
        return known
    if brief and (verdict.late_days > LATE_FOR_LONG_DAYS or (verdict.late_days and due.year != today.year)):
        which = Text("first", "首期") if through is None else Text("next", "下期")
        return _joined(
            [known, Text(f"{which.en} {verdict.late_days} days late", f"{which.zh}已迟{verdict.late_days}天")]
        )
    return _joined([known, _release(verdict, due, today, is_out=due <= today if brief else due < today)])


def _progress(verdict: Verdict) -> Text:
    done, planned = verdict.progress_ratio, verdict.expected_progress_ratio
    if done is None or planned is None:
        return Text()
    done_words, planned_words = f"{done * 100:.0f}", f"{planned * 100:.0f}"
    return Text(f"{done_words} % (plan {planned_words} %)", f"{done_words}%（计划{planned_words}%）")


def _release(verdict: Verdict, due: date, today: date, *, is_out: bool) -> Text:
    is_first = verdict.data_through is None
    if verdict.data_state is DataState.LATE:
        late = f"{verdict.late_days} day{'' if verdict.late_days == 1 else 's'} late"
        en = f"{'first' if is_first else 'next'} was due {{day}}, {late}"
        return _day(en, f"{'首期' if is_first else '下期'}应于{{day}}公布，已迟{verdict.late_days}天", due, today)
    if is_first:
        return _day("first was due {day}" if is_out else "first due {day}", _FIRST_ZH[is_out], due, today)
    return _day("next due since {day}" if is_out else "next due {day}", _NEXT_ZH[is_out], due, today)


_FIRST_ZH = {True: "首期应于{day}公布", False: "首期{day}"}
_NEXT_ZH = {True: "下期自{day}起应公布", False: "下期{day}"}


def _last_step(steps: Iterable[StepState], today: date) -> Text:
    done = [state.done_on for state in steps if state.done_on is not None]
    if not done:
        return Text("none reported yet", "尚未报告")
    return _day("last done {day}", "最近完成{day}", max(done), today)


def _next_step(steps: Iterable[StepState], today: date) -> Text:
    waiting = [state for state in steps if state.done_on is None]
    due = min((state.due for state in waiting if state.due is not None), default=None)
    if due is None:
        return Text("no date set", "未定期限") if waiting else Text()
    if due >= today:
        return _day("next by {day}", "下一项期限{day}", due, today)
    return _day("was due {day}", "期限{day}已过", due, today)


def _day(en: str, zh: str, day: date, today: date) -> Text:
    said = short_day(day, today)
    return Text(en.format(day=said.en), zh.format(day=said.zh))


def _joined(parts: Iterable[Text]) -> Text:
    said = [part for part in parts if part.en]
    return Text(", ".join(part.en for part in said), "，".join(part.zh for part in said))
