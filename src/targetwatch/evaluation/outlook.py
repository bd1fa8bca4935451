"""What the forecast is made from: a target's own history laid out in months, or in whatever sums are known.

Single months of complete past years are used where every month end is known (January and February taken as halves
where only their sum is published); else sums up to the same evening of past years and after it; else the run rate. The
reason is said where nothing can be forecast.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from targetwatch.evaluation import forecast
from targetwatch.evaluation.days import MONTHS_PER_YEAR, is_month_end, month_ends_after, months_between, shift_years
from targetwatch.evaluation.plan import DAYS_IN_LEAP_YEAR, PAST_YEARS, elapsed_ratio
from targetwatch.model import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targetwatch.evaluation.forecast.outcome import Prediction
    from targetwatch.evaluation.goal import Resolved
    from targetwatch.evaluation.numbers import Numbers
    from targetwatch.evaluation.series import Flow
    from targetwatch.model import Reading, TargetVersion

ONE_DAY = timedelta(days=1)
MONTHS_OF_HISTORY = PAST_YEARS * MONTHS_PER_YEAR
TOO_LITTLE = Text("too little is known to forecast the outcome", "已知数据太少，无法预测结果")


def flow_outlook(version: TargetVersion, goal: Resolved, numbers: Numbers, flow: Flow) -> Prediction | None:
    """Return the forecast of a flow's total at its deadline; None when it is over or there is too little to say."""
    through, deadline = numbers.data_through, version.deadline
    if through is None or deadline is None or through >= deadline or goal.value is None:
        return None
    if numbers.actual_value is None or numbers.actual_value < 0:
        return None
    origin = version.start - ONE_DAY
    upper = None if goal.upper is None else float(goal.upper)
    wanted = forecast.aim(goal.comparator, float(goal.value), upper, grows=True)
    months = _flow_months(flow, origin, deadline, through)
    if months is not None and numbers.actual_rounding <= abs(numbers.actual_value) / 1000:
        history, known = months
        return forecast.predict_flow(history, known, wanted)
    return forecast.predict_total(
        wanted,
        actual=float(numbers.actual_value),
        actual_half_width=float(numbers.actual_rounding),
        months_known=MONTHS_PER_YEAR * elapsed_ratio(origin, deadline, through),
        past=_past_sums(flow, origin, deadline, through),
    )


def level_outlook(
    version: TargetVersion, goal: Resolved, numbers: Numbers, points: Mapping[date, Reading]
) -> Prediction | None:
    """Return the forecast of a monthly level at its deadline; None without a complete past year of months."""
    through, deadline = numbers.data_through, version.deadline
    if through is None or deadline is None or through >= deadline or goal.value is None or not is_month_end(deadline):
        return None
    blocks = _blocks_of_months(deadline)
    known = [points[day] for day in blocks[0] if day in points and day <= through]
    if not known or len(known) != sum(1 for day in blocks[0] if day <= through):
        return None
    history: list[list[float]] = []
    for block in blocks[1:]:
        if not all(day in points for day in block):
            break
        history.insert(0, [float(points[day].value) for day in block])
    if not history:
        return None
    upper = None if goal.upper is None else float(goal.upper)
    values = [float(reading.value) for reading in known]
    return forecast.predict_level(history, values, forecast.aim(goal.comparator, float(goal.value), upper, grows=False))


def _flow_months(
    flow: Flow, origin: date, deadline: date, through: date
) -> tuple[list[list[float]], list[float]] | None:
    """Return (complete past years oldest first, months of the window so far); None when the months are not known."""
    if months_between(origin, deadline) != MONTHS_PER_YEAR or not (is_month_end(origin) and is_month_end(through)):
        return None
    known = single_months(flow, [end for end in month_ends_after(origin) if end <= through], origin)
    if known is None:
        return None
    history: list[list[float]] = []
    for years in range(1, MONTHS_OF_HISTORY // MONTHS_PER_YEAR + 1):
        start = shift_years(origin, -years)
        year = flow.kept(start, shift_years(start, 1), _year_of_months)
        if year is None:
            break
        history.insert(0, year)
    return (history, known) if history else None


def _year_of_months(flow: Flow, origin: date, _last: date) -> list[float] | None:
    return single_months(flow, month_ends_after(origin), origin)


def single_months(flow: Flow, ends: Sequence[date], origin: date) -> list[float] | None:
    """Return single months, not negative; a month known only together with the next is half of both."""
    months: list[float] = []
    start, waiting = origin, 0
    for end in ends:
        value = flow.between(start, end)
        waiting += 1
        if value is None and waiting == 1:
            continue
        if value is None or value < 0:
            return None
        months += [float(value) / waiting] * waiting
        start, waiting = end, 0
    return months if months and waiting == 0 else None


def _past_sums(flow: Flow, origin: date, deadline: date, through: date) -> list[tuple[float, float]]:
    """Return past years' sums up to the same evening and after it, oldest first; none for a longer window.

    Last year's may come from a published year-on-year rate; an older year counts only where its own figures were
    published: rates are rounded, and years that hang on one another's rates are not as many witnesses.
    """
    if (deadline - origin).days > DAYS_IN_LEAP_YEAR:
        return []
    pairs = []
    for years in range(PAST_YEARS, 0, -1):
        first, at, last = (shift_years(day, -years) for day in (origin, through, deadline))
        if years == 1:
            to_date, rest = flow.between(first, at), flow.between(at, last)
        else:
            published = flow.since(first)
            if at not in published or last not in published:
                continue
            to_date, rest = published[at].value, published[last].value - published[at].value
        if to_date is not None and rest is not None and to_date > 0 and rest > 0:
            pairs.append((float(to_date), float(rest)))
    return pairs


def _blocks_of_months(deadline: date) -> list[tuple[date, ...]]:
    """Return the month ends of the year that ends at `deadline`, then of the years before it."""
    return [month_ends_after(shift_years(deadline, -years)) for years in range(1, PAST_YEARS + 2)]
