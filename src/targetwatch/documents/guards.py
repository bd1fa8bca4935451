"""What a document looks like, and what keeps a changed one out: within it, beside its past, beside what is known.

Each guard has a name in the description, by which it is relaxed with a reason or another threshold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from targetwatch.checks.past import a_year_from
from targetwatch.documents.found_tables import same
from targetwatch.documents.printed import read_number
from targetwatch.errors import DriftError, QuantityError
from targetwatch.model import Basis
from targetwatch.model.problem import Problem, Ratio, Value
from targetwatch.model.scalars import named_period
from targetwatch.model.words import format_period
from targetwatch.quantity.period import without_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from targetwatch.documents.description import Guards, Numbers, Pick, Sum
    from targetwatch.documents.found_tables import FoundTable, Row
    from targetwatch.model import Period, Reading

YEAR, QUARTER, MONTH, WEEK = range(365, 367), range(90, 93), range(28, 32), range(7, 8)


class Series(BaseModel):
    """One indicator's readings of one basis: how many, from which period to which, how long, how many decimals."""

    model_config = ConfigDict(frozen=True)

    count: int
    first: str
    last: str
    end: str
    span: str
    decimals: int


class Appearance(BaseModel):
    """What makes a change noticeable. `columns` are the headers by what they are read as, in `order` all as printed.

    `above` is the line above those that were read by a pattern, `labels` what the codes of rows that were read mean.
    """

    model_config = ConfigDict(frozen=True)

    title: str = ""
    anchors: dict[str, str] = {}
    columns: dict[str, str] = {}
    order: tuple[str, ...] = ()
    above: str = ""
    units: dict[str, str] = {}
    labels: dict[str, str] = {}
    printed: tuple[str, ...] = ()
    series: dict[str, Series] = {}


def series_of(facts: Iterable[tuple[Period, int]]) -> Series:
    """Return what is kept of some periods, each with the decimals of its value."""
    some = sorted(facts)
    first, last = some[0][0], some[-1][0]
    spans = {span_of(period) for period, _ in some}
    return Series(
        count=len({period for period, _ in some}),
        first=format_period(first),
        last=format_period(last),
        end=last.end.isoformat(),
        span=spans.pop() if len(spans) == 1 else "several",
        decimals=max(decimals for _, decimals in some),
    )


def series_name(one: Reading) -> str:
    """Return what the readings of one series share: 'teu/period/month'."""
    return f"{one.indicator}/{one.basis.value}/{span_of(one.period) if one.basis is Basis.PERIOD else ''}"


@lru_cache(maxsize=4096)
def span_of(period: Period) -> str:
    """Return how long a period is, in a word."""
    for name, days in (("year", YEAR), ("quarter", QUARTER), ("month", MONTH), ("week", WEEK), ("day", range(1, 2))):
        if period.days in days:
            return name
    return "half" if period.days in range(181, 185) else "several"


REPEATED = 9
"""So many rows may stand twice: tables overlap by some months; a page that came again has more."""
REWRITTEN = 3
"""Past periods of a series that may change at once: offices revise the last quarter, not the history."""
DIGITS = 4
"""Figures of so many digits are not the same by chance twice in a document."""
RECENT, OLD_CHANGE = 3, Decimal("0.1")
"""The newest known periods may be revised by any amount, older ones by a tenth: that is corrected, not counted anew."""
FEWEST_MONTHS, GROWN = 6, 3
"""Months of a year that rise without a break to so many times the first: no flow of single months does."""
GROWTH_SLACK = Decimal("0.005")
"""Growth is computed by offices from figures they do not print, some revised: half a point beside rounding."""


def adds_up(guards: Guards, numbers: Numbers) -> Callable[[Mapping[str, str]], bool]:
    """Return what tells whether the named parts of a line add up as described; no sum that fits is no."""

    def fits(parts: Mapping[str, str]) -> bool:
        sums = [one for one in guards.sum if not one.by and {one.total, *one.of} <= set(parts)]
        return bool(sums) and all(
            _off([parts[name] for name in (one.total, *one.of)], one, numbers) is None for one in sums
        )

    return fits


def internal(found: Sequence[tuple[Reading, str]], how: Pick) -> tuple[list[Problem], list[tuple[Reading, str]]]:
    """Return what contradicts itself in what was read, and each fact once."""
    facts: dict[int, int] = {}  # where in `found` a fact stands, by its hash: there may be some hundred thousand
    drift, twice = [], 0
    for number, (reading, place) in enumerate(found):
        first = found[facts.setdefault(hash((reading.indicator, *reading.key)), number)]
        if first[0] is reading:
            continue
        twice += 1
        if first[0].value != reading.value and how.guards.on("doubled"):
            values: dict[str, Value] = {
                "period": reading.period,
                "one": first[0].value,
                "other": reading.value,
                "place": first[1],
            }
            drift.append(Problem("fact_doubled", values, file=place, where=reading.indicator))
    if how.guards.on("repeated") and twice > how.guards.most("repeated", REPEATED):
        drift.append(Problem("rows_repeated", {"count": twice}))
    kept = [found[number] for number in facts.values()]
    if how.guards.on("cumulative"):
        drift += _running(reading for reading, _ in kept)
        drift += _above_their_year(reading for reading, _ in kept)
    return drift, kept


def sums_off(
    one: Sum,
    table: FoundTable,
    rows: Iterable[tuple[int, Row]],
    *,
    value: int,
    group: Callable[[Row], str],
    numbers: Numbers,
) -> list[Problem]:
    """Return every total among `rows` that is not the sum of its parts.

    Where parts are rows, those of one `group` add up in the column `value`, or in the columns said.

    Raises:
        DriftError: the total or a part is no more there.
    """
    if not one.by:
        places = [table.column((name,)) for name in (one.total, *one.of)]
        cells = [(table.place(number, row, places[0]), [row[place] for place in places]) for number, row in rows]
    else:
        by, wanted = table.column(one.by), [same(name) for name in (one.total, *one.of)]
        columns = [table.column((name,)) for name in one.columns] or [value]
        said: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
        for number, row in rows:
            for column in columns if same(row[by]) in wanted else ():
                said[group(row), column][same(row[by])] = (table.place(number, row, column), row[column])
        if gone := [name for name in (one.total, *one.of) if not any(same(name) in parts for parts in said.values())]:
            raise DriftError("row_gone", said=gone[0], count=len(gone))
        whole = [parts for parts in said.values() if len(parts) == len(wanted)]
        cells = [(parts[wanted[0]][0], [parts[name][1] for name in wanted]) for parts in whole]
    return [off.at(file=place) for place, some in cells if (off := _off(some, one, numbers))]


def drifted(picture: Appearance, how: Pick, before: Appearance | None) -> tuple[Problem, ...]:
    """Return in what a document no longer looks as it did when it was last read."""
    if before is None:
        return ()
    guards, found = how.guards, list[Problem]()
    languages = tuple({name for rule in (how, *how.readings) if rule.period for name in rule.period.language})
    if guards.on("title") and before.title and _worded(picture.title, languages) != _worded(before.title, languages):
        found.append(Problem("title_changed", {"before": before.title, "now": picture.title}))
    exact = {same(one) for rule in how.readings for one in rule.value}
    for name, head in before.columns.items():
        now = picture.columns.get(name, head)
        if guards.on("column") and _worded(now, languages) != _worded(head, languages) and same(now) not in exact:
            found.append(Problem("column_changed", {"before": head, "now": now}, where=name))
    for code, label in before.labels.items():
        if guards.on("column") and same(now := picture.labels.get(code, label)) != same(label):
            found.append(Problem("label_changed", {"before": label, "now": now}, where=code))
    for name, unit in before.units.items():
        if guards.on("unit") and picture.units.get(name, unit) != unit:
            found.append(Problem("unit_changed", {"before": unit, "now": picture.units[name]}, where=name))
    gone, new = (
        sorted(set(one) - set(other))
        for one, other in ((before.printed, picture.printed), (picture.printed, before.printed))
    )
    if guards.on("unit") and gone and new:
        found.append(Problem("printed_unit_changed", {"before": gone, "now": new}))
    return (*found, *_fewer(picture, before, guards), *_reordered(picture, before, guards))


def contradicts(parts: Iterable[tuple[Sequence[Reading], Iterable[Reading]]], how: Pick) -> tuple[Problem, ...]:
    """Return what speaks against what is known, both in the indicators' units: a rewritten past, other growth.

    Readings come with what is known of their indicators, a few indicators at a time.
    """
    found, repeated, off, certain = list[Problem](), list[Problem](), list[Problem](), False
    for readings, known in parts:
        facts: dict[tuple[object, ...], Reading] = {(one.indicator, *one.key): one for one in known}
        series: dict[str, list[tuple[Reading, Reading]]] = defaultdict(list)
        for one in readings:
            if before := facts.get((one.indicator, *one.key)):
                series[series_name(one)].append((one, before))
        if how.guards.on("rewritten"):
            for name, pairs in series.items():
                found += [one.at(name.rstrip("/")) for one in _rewritten(pairs, how.guards)]
        for problem, sure in _stale(readings, facts) if how.guards.on("repeated") else ():
            repeated.append(problem)
            certain = certain or sure
        if how.guards.on("growth") and any(one.yoy is not None for one in readings):
            facts |= {(one.indicator, *one.key): one for one in readings}
            off += [wrong for one in readings if (wrong := _growth_off(one, facts))]
    found += repeated if certain or len(repeated) > 1 else ()
    return (*found, *(off[:3] if len(off) > how.guards.most("growth", 0) else ()))


def _rewritten(pairs: Sequence[tuple[Reading, Reading]], guards: Guards) -> Iterable[Problem]:
    """Yield what became of the known periods of a series, given as they are said now and were before.

    Few may change at once, old ones but little, and no two may change places, as columns swapped under their heads do.
    """
    changed = [(one, before) for one, before in pairs if _differs(one, before)]
    most = guards.most("rewritten", min(REWRITTEN, max(1, len(pairs) // 2)))
    if len(changed) > most:
        values: dict[str, Value] = {"count": len(changed), "most": most, "first": min(one.period for one, _ in changed)}
        yield Problem("past_rewritten", values)
        return
    if guards.rewritten is not None:
        return
    recent = sorted(one.period for one, _ in pairs)[-RECENT:]
    moved = {before.value: one.value for one, before in changed}
    for one, before in changed:
        values = {"period": one.period, "before": before.value, "now": one.value}
        if one.value != before.value and moved.get(one.value) == before.value:
            yield Problem("values_exchanged", values)
        elif one.period not in recent and abs(one.value - before.value) > OLD_CHANGE * abs(before.value):
            yield Problem("old_figure_changed", values)


def _stale(readings: Sequence[Reading], known: Mapping[tuple[object, ...], Reading]) -> Iterator[tuple[Problem, bool]]:
    """Yield the figures that repeat to the last digit those of the period before, which moved on under a new heading.

    One may be chance where it is new; a known figure that becomes the one before it, or a year to date that stands
    still, is none, which is told beside it, and neither are two.
    """
    before: dict[tuple[object, ...], list[Reading]] = defaultdict(list)
    for one in sorted(known.values(), key=lambda one: one.period.end):
        before[series_name(one), one.publisher].append(one)
    for one in readings:
        was = known.get((one.indicator, *one.key))
        if one.basis is Basis.POINT or (was is not None and was.value == one.value) or _digits(one.value) < DIGITS:
            continue
        earlier = [other for other in before[series_name(one), one.publisher] if other.period.end < one.period.end]
        if earlier and earlier[-1].value == one.value and _follows(earlier[-1].period, one):
            values: dict[str, Value] = {"period": one.period, "value": one.value, "before": earlier[-1].period}
            certain = was is not None or one.basis is Basis.YEAR_TO_DATE
            yield Problem("figure_of_period_before", values, where=one.indicator), certain


def _follows(earlier: Period, one: Reading) -> bool:
    """Return whether a reading is of the period right after another, or of the same year to a later day."""
    if one.basis is Basis.YEAR_TO_DATE:
        return earlier.start == one.period.start
    return (one.period.start - earlier.end).days == 1


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _differs(one: Reading, before: Reading) -> bool:
    """Return whether a figure, or its growth, is another, and not only a rounder or a finer one."""
    growth = one.yoy is not None and before.yoy is not None and one.yoy != before.yoy
    return growth or abs(one.value - before.value) > abs(one.rounding - before.rounding)


def _off(cells: Sequence[str], one: Sum, numbers: Numbers) -> Problem | None:
    """Return how far a total, the first of the cells, is from the sum of the others; None where that is explained."""
    try:
        total, *parts = (read_number(cell, numbers) for cell in cells)
    except QuantityError:
        return None  # the row is refused for itself where it is read
    if total is None or any(part is None for part in parts):
        return None
    some = [part for part in parts if part]
    difference = abs(total.value - sum(part.value for part in some))
    if difference <= (total.rounding + sum(part.rounding for part in some) if one.within is None else one.within):
        return None
    return Problem("sum_differs", {"total": one.total, "value": total.value, "sum": sum(part.value for part in some)})


def _running(readings: Iterable[Reading]) -> list[Problem]:
    """Return the series that run up through a year though single months are said, or fall though they run up."""
    months: dict[tuple[str, Basis], dict[date, Decimal]] = defaultdict(dict)
    for one in readings:
        if one.basis is Basis.YEAR_TO_DATE or (one.basis is Basis.PERIOD and one.period.days in range(28, 32)):
            months[one.indicator, one.basis][one.period.end] = one.value
    found = []
    for (indicator, basis), values in months.items():
        years: dict[int, list[Decimal]] = defaultdict(list)
        for end in sorted(values):
            years[end.year].append(values[end])
        running = [
            year
            for year, some in years.items()
            if len(some) >= FEWEST_MONTHS and all(a < b for a, b in pairwise(some)) and some[-1] >= GROWN * some[0] > 0
        ]
        if basis is Basis.PERIOD and running:
            found.append(Problem("looks_cumulative", {"year": running[-1]}, where=indicator))
        falls = [year for year, some in years.items() if any(a > b >= 0 for a, b in pairwise(some))]
        if basis is Basis.YEAR_TO_DATE and falls:
            found.append(Problem("looks_not_cumulative", {"year": falls[-1]}, where=indicator))
    return found


def _above_their_year(readings: Iterable[Reading]) -> Iterable[Problem]:
    """Yield the months that are more than the year to date which ends with them: the two have changed places."""
    some = [one for one in readings if one.value > 0]
    to_date = {(one.indicator, one.period.end): one for one in some if one.basis is Basis.YEAR_TO_DATE}
    for one in some:
        year = to_date.get((one.indicator, one.period.end))
        if one.basis is Basis.PERIOD and year and one.value - one.rounding > year.value + year.rounding:
            values: dict[str, Value] = {"period": one.period, "value": one.value, "total": year.value}
            yield Problem("month_above_year_to_date", values, where=one.indicator)


def _fewer(picture: Appearance, before: Appearance, guards: Guards) -> Iterable[Problem]:
    """Yield the series that lost periods, changed their length, or print decimals where there were none."""
    for name, was in before.series.items() if picture.series else ():
        now = picture.series.get(name)
        if now is None and guards.on("span") and (other := _other_span(name, picture)):
            yield Problem("span_changed", {"before": was.span, "now": picture.series[other].span}, where=name)
            continue
        missing = now is None or now.count < was.count or now.end < was.end
        if now and not missing and now.end > was.end:
            missing = named_period(now.first) <= named_period(was.first) and now.count <= was.count
        if missing and guards.on("rows_fewer"):
            values: dict[str, Value] = {
                "before": was.count,
                "now": now.count if now else 0,
                "last_before": was.last,
                "last": now.last if now else "-",
            }
            yield Problem("rows_fewer", values, where=name)
        if now and was.decimals == 0 and now.decimals == 3 and guards.on("decimals"):  # noqa: PLR2004 - a group of digits
            yield Problem("decimals_changed", {"now": now.decimals}, where=name)


def _other_span(name: str, picture: Appearance) -> str | None:
    """Return the series of the same indicator and basis that has periods of another length."""
    return next((one for one in picture.series if one.rpartition("/")[0] == name.rpartition("/")[0]), None)


def _reordered(picture: Appearance, before: Appearance, guards: Guards) -> Iterable[Problem]:
    """Yield that columns stand in another order, where no period read before tells whether their values moved along.

    Words above lines that are read by a pattern never tell: what is read of a line goes by its place.
    """
    then, now = (dict.fromkeys(_worded(head) for head in one.order) for one in (before, picture))
    shared = [head for head in then if head in now]
    apart = all(
        one.end > before.series[name].end and one.count == 1
        for name, one in picture.series.items()
        if name in before.series
    )
    words, others = (_worded(one.above).split() for one in (before, picture))
    if guards.on("column") and words != others and sorted(words) == sorted(others):
        yield Problem("columns_reordered", {"before": before.above, "now": picture.above})
    if guards.on("column") and apart and shared != [head for head in now if head in then]:
        yield Problem("columns_reordered", {"before": before.order, "now": picture.order})


def _growth_off(one: Reading, facts: Mapping[tuple[object, ...], Reading]) -> Problem | None:
    """Return how a printed growth differs from the one computed, beyond what rounding and GROWTH_SLACK explain."""
    if one.yoy is None:
        return None
    earlier = facts.get((one.indicator, *replace(one, period=a_year_from(one.period, -1)).key))
    if earlier is None or earlier.value - earlier.rounding <= 0:
        return None
    exponent = one.yoy.as_tuple().exponent
    assert isinstance(exponent, int)
    slack = GROWTH_SLACK + Decimal(5).scaleb(exponent - 1)
    least = (one.value - one.rounding) / (earlier.value + earlier.rounding) - 1 - slack
    most = (one.value + one.rounding) / (earlier.value - earlier.rounding) - 1 + slack
    if least <= one.yoy <= most:
        return None
    computed = Ratio((one.value / earlier.value - 1).quantize(Decimal("0.001")))
    return Problem(
        "growth_otherwise", {"period": one.period, "growth": Ratio(one.yoy), "computed": computed}, where=one.indicator
    )


def _worded(text: str, languages: tuple[str, ...] = ()) -> str:
    """Return a heading as it is compared from one time to the next: without its numbers, months and quarters."""
    return re.sub(r"[\W\d_]+", " ", without_parts(same(text), languages)).strip()
