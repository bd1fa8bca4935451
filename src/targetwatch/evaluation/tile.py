"""What a wall says of a verdict, in words short enough for large letters, in English and Chinese.

A year goes without saying: that of the day on a page, that of the deadline where the words outlive the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.evaluation.phrases import MONTHS, day_words, odds, rate
from targetwatch.model import Comparator, DataState, Measure, Performance, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from targetwatch.model import Indicator, StepState, Verdict

LAGGING = frozenset({Performance.AT_RISK, Performance.OFF_TRACK})
DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})
AT_MOST = frozenset({Comparator.AT_MOST, Comparator.BELOW})


def short_day(day: date, year: int) -> Text:
    """Return a day without its year where that is `year`.

    >>> from datetime import date
    >>> short_day(date(2025, 8, 31), 2025).en, short_day(date(2024, 8, 31), 2025).en
    ('31 Aug', '31 Aug 2024')
    """
    if day.year != year:
        return day_words(day)
    return Text(f"{day.day} {MONTHS[day.month - 1]}", f"{day.month}月{day.day}日")


def needed(verdict: Verdict, indicator: Indicator) -> Text:
    """Return what a lagging target needs a month from here on; empty for every other."""
    a_month = verdict.required_value_per_month
    if verdict.performance not in LAGGING or not verdict.needed["en"] or a_month is None:
        return Text()
    size = rate(a_month, indicator)
    if indicator.measure is Measure.LEVEL:
        up = a_month > 0
        return Text(f"needs {'+' if up else '−'}{size.en}", f"每月需{'升' if up else '降'}{size.zh}")
    if verdict.comparator in AT_MOST:
        return Text(f"at most {size.en}", f"每月至多{size.zh}")
    return Text(f"needs {size.en}", f"每月需{size.zh}")


def beside(verdict: Verdict, indicator: Indicator, year: int) -> Text:
    """Return what matters next: what is needed, or the deadline; since when it is so where that is decided."""
    if verdict.performance in DECIDED:
        since = verdict.performance_since
        return _day("since {day}", "自{day}", since, year) if since is not None else Text()
    found = needed(verdict, indicator)
    if found["en"] or indicator.measure is Measure.MILESTONES or verdict.deadline is None:
        return found
    return _day("by {day}", "期限{day}", verdict.deadline, year)


def outlook(verdict: Verdict, indicator: Indicator, year: int) -> Text:
    """Return where the plan would have it, the odds, and what matters next, in one line.

    Steps have neither: their dates are in `age`.
    """
    said = []
    if verdict.performance not in DECIDED and indicator.measure is not Measure.MILESTONES:
        if verdict.expected_progress_ratio is not None:
            planned = f"{verdict.expected_progress_ratio * 100:.0f} %"
            said.append(Text(f"plan {planned}", f"计划{planned}"))
        if verdict.attainment_probability is not None:
            said.append(odds(verdict.attainment_probability))
    return _joined([*said, beside(verdict, indicator, year)])


def age(verdict: Verdict, indicator: Indicator, today: date, *, year: int, from_due: bool = False) -> Text:
    """Return how old the figures are and what is due or late; of steps, the last one done and the next date.

    `from_due`: a figure counts as due on its day already, and no longer from the next day on.
    """
    if indicator.measure is Measure.MILESTONES:
        return _steps(verdict.steps, today, year)
    through = verdict.data_through
    known = Text("no figure yet", "尚无数据")
    if through is not None:
        known = _day("figures to {day}", "数据截至{day}", through, year)
    due = verdict.next_release_due
    if due is None or verdict.data_state is DataState.CLOSED:
        return known
    return _joined([known, _release(verdict, due, year, is_out=due <= today if from_due else due < today)])


def _release(verdict: Verdict, due: date, year: int, *, is_out: bool) -> Text:
    is_first = verdict.data_through is None
    if verdict.data_state is DataState.LATE:
        late = f"{verdict.late_days} day{'' if verdict.late_days == 1 else 's'} late"
        en = f"{'first' if is_first else 'next'} was due {{day}}, {late}"
        return _day(en, f"{'首期' if is_first else '下期'}应于{{day}}公布，已迟{verdict.late_days}天", due, year)
    if is_first:
        return _day("first was due {day}" if is_out else "first due {day}", _FIRST_ZH[is_out], due, year)
    return _day("next due since {day}" if is_out else "next due {day}", _NEXT_ZH[is_out], due, year)


_FIRST_ZH = {True: "首期应于{day}公布", False: "首期{day}"}
_NEXT_ZH = {True: "下期自{day}起应公布", False: "下期{day}"}


def _steps(steps: Iterable[StepState], today: date, year: int) -> Text:
    done = [state.done_on for state in steps if state.done_on is not None]
    last = _day("last done {day}", "最近完成{day}", max(done), year) if done else Text("none reported yet", "尚未报告")
    waiting = [state for state in steps if state.done_on is None]
    if not waiting:
        return last
    due = min((state.due for state in waiting if state.due is not None), default=None)
    if due is None:
        return _joined([last, Text("no date set", "未定期限")])
    if due >= today:
        return _joined([last, _day("next by {day}", "下一项期限{day}", due, year)])
    return _joined([last, _day("was due {day}", "期限{day}已过", due, year)])


def _day(en: str, zh: str, day: date, year: int) -> Text:
    said = short_day(day, year)
    return Text(en.format(day=said.en), zh.format(day=said.zh))


def _joined(parts: Iterable[Text]) -> Text:
    said = [part for part in parts if part.en]
    return Text(", ".join(part.en for part in said), "，".join(part.zh for part in said))
