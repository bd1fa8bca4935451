"""From a decoded document and its description to readings: each exact, with its place, or refused with the reason.

A row that cannot be read is a problem with its place; what makes the whole document doubtful is its drift.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from targetwatch.documents.confined import NEVER, Deadline
from targetwatch.documents.description import (
    BRACES,
    RULE,
    IndicatorOf,
    Layout,
    Numbers,
    Pick,
    ReadingRule,
    Rows,
    Unpivot,
)
from targetwatch.documents.found_tables import (
    FoundTable,
    Row,
    captured,
    condition,
    filled,
    parts_of,
    same,
    table_of,
    texts,
    within,
)
from targetwatch.documents.guards import Appearance, adds_up, internal, series_name, series_of, sums_off
from targetwatch.documents.printed import read_day, read_number, read_period, unit_of, unit_text
from targetwatch.errors import DriftError, QuantityError
from targetwatch.model import Basis, Period, Reading
from targetwatch.model.problem import Problem
from targetwatch.quantity import parse_unit, printed_units
from targetwatch.quantity.spellings import factor_power, shifted

if TYPE_CHECKING:
    from datetime import datetime

    from targetwatch.documents.grid import Decoded
    from targetwatch.quantity import Quantity

OF_UNIT = ("unit", "currency")
"""The anchors that hold for every column."""
UNIT_ANCHORS = tuple(f"anchors.{name}" for name in OF_UNIT)
MOST_LABELS = 500
"""Of so many codes it is remembered what they mean."""
ROWS_AT_ONCE = 1_000
"""After so many rows it is asked whether there is time for more."""
_period = lru_cache(maxsize=8192)(read_period)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What a document gave: readings with their places, rows that cannot be read, its drift, and what it looks like."""

    readings: tuple[Reading, ...] = ()
    places: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    drift: tuple[Problem, ...] = ()
    picture: Appearance = field(default_factory=Appearance)


def pick(
    decoded: Decoded,
    how: Pick,
    *,
    source: str,
    now: datetime,
    name: str = "",
    publisher: str = "",
    today: date | None = None,
    deadline: Deadline = NEVER,
) -> Picked:
    """Return the readings that `how` finds, recorded at `now`; `name` is the document's file name or address.

    A reading's unit is what the document or the description says; "" as its publisher stands for the indicator's own.
    """
    try:
        captures = captured(decoded, how.captures, name)
    except DriftError as error:
        return Picked(drift=error.problems)
    document = _Document(decoded, how, captures, today or now.date(), source=source, now=now, publisher=publisher)
    document.deadline = deadline
    document.check_anchors()
    for place, rule in enumerate(how.readings, 1):
        try:
            document.read(rule)
        except (DriftError, QuantityError) as error:
            document.drift += [one.at(f"readings[{place}]") for one in error.problems]
    return document.picked()


@dataclass(slots=True)
class _Document:
    """A document being read: what was found so far."""

    decoded: Decoded
    how: Pick
    captures: Mapping[str, str]
    today: date
    source: str = field(kw_only=True)
    now: datetime = field(kw_only=True)
    publisher: str = field(kw_only=True)
    deadline: Deadline = NEVER
    found: list[tuple[Reading, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    drift: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    picture: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"anchors": {}, "columns": {}, "units": {}, "labels": {}}
    )
    tables: dict[tuple[object, ...], FoundTable] = field(default_factory=dict)
    sums: dict[int, Problem | None] = field(default_factory=dict)

    def check_anchors(self) -> None:
        """Note where each anchor stands; one that is nowhere, or says another unit there, is drift."""
        for name, alternatives in self.how.anchors.items():
            wanted = [same(filled(one, self.captures)) for one in alternatives]
            held = [(one, text) for one in wanted for text in texts(self.decoded) if one in same(text)]
            if not held:
                if self.how.guards.on("anchor"):
                    self.drift.append(Problem("anchor_gone", {"said": alternatives[0]}, where=f"anchors.{name}"))
                continue
            said, text = min(held, key=lambda one: len(one[1]))
            self.picture["anchors"][name] = text
            if name in OF_UNIT:
                own, beside = printed_units(said), printed_units(text)
                if own and beside and not set(own) & set(beside) and self.how.guards.on("unit"):
                    self.drift.append(
                        Problem("anchor_of_other_unit", {"said": said, "text": text}, where=f"anchors.{name}")
                    )
                self.notes.append(said if own else text)

    def read(self, rule: ReadingRule) -> None:
        """Read one series, or the several that its rows name, of every table that is meant."""
        found, refused, said = len(self.found), len(self.problems), set[str]()
        for decoded, more in parts_of(self.decoded, rule.table or self.how.table):
            captures = {**self.captures, **more}
            table, rows = self._table(rule, decoded, captures), rule.rows or self.how.rows
            where = {**(rows.where if rows else {}), **rule.where}
            fits, series = condition(table, where, captures), _SeriesReader(self, rule, table, captures)
            for count, (number, row) in enumerate(table.rows):
                if count % ROWS_AT_ONCE == 0:
                    self.deadline.left_seconds()
                if fits(row):
                    series.read(number, row)
            self._check_sums(rule, series, captures)
            self._check_note(table)
            said |= series.seen
        if len(self.found) == found:
            if wrong := self.problems[refused:]:
                raise DriftError("nothing_readable", said=rule.value[0], count=len(wrong), first=wrong[0])
            raise DriftError("nothing_found", said=rule.value[0])
        wanted = [same(one) for one in rule.indicator.map] if isinstance(rule.indicator, IndicatorOf) else []
        if gone := [one for one in wanted if one not in said]:
            raise DriftError("row_gone", said=gone[0], count=len(gone))

    def _check_note(self, table: FoundTable) -> None:
        """Refuse a table over which another unit is printed than that of the anchors, which stand elsewhere."""
        over = [text for text in table.above if printed_units(text)]
        for name in OF_UNIT if over and self.how.guards.on("unit") else ():
            wanted = [same(filled(one, self.captures)) for one in self.how.anchors.get(name, ())]
            units = {unit for one in wanted for unit in printed_units(one)}
            here = any(one in same(text) for one in wanted for text in (*table.above, *table.heads))
            if units and not here and units.isdisjoint(unit for text in over for unit in printed_units(text)):
                values = {"said": wanted[0], "text": over[0]}
                problem = Problem("anchor_of_other_unit", values, where=f"anchors.{name}")
                self.drift += [problem] * (problem not in self.drift)

    def _check_sums(self, rule: ReadingRule, series: _SeriesReader, captures: Mapping[str, str]) -> None:
        """Check the sums that a reading's table holds; what it has not may stand in another's."""
        rows, table = rule.rows or self.how.rows, series.table
        for place, one in enumerate(self.how.guards.sum):
            where = {**(rows.where if rows else {}), **(rule.where if one.by else {})}
            try:
                by = {table.column(one.by)} if one.by else set()
                where = {name: how for name, how in where.items() if table.column((name,)) not in by}
                fits = condition(table, where, captures)
                some = ((number, row) for number, row in table.rows if fits(row))
                off = sums_off(one, table, some, value=series.value, group=series.period_text, numbers=series.numbers)
            except DriftError as error:
                self.sums.setdefault(place, error.problems[0])
            else:
                self.sums[place] = None
                self.drift += [problem for problem in off if problem not in self.drift]

    def picked(self) -> Picked:
        """Return what was found, with what is wrong within the document itself."""
        readings = tuple(reading for reading, _ in self.found)
        facts: dict[str, list[tuple[Period, int]]] = defaultdict(list)
        for one in readings:
            exponent = one.rounding.normalize().as_tuple().exponent
            assert isinstance(exponent, int)
            facts[series_name(one)].append((one.period, max(0, -exponent - 1)))
        drift, kept = internal(self.found, self.how)
        drift += [one for one in self.sums.values() if one]
        tables = self.tables.values()
        stated = filled(self.how.guards.stated, self.captures)
        rows = max((len({row for _, row in table.rows}) for table in self.tables.values() if stated), default=0)
        if stated and (not stated.isdecimal() or rows < int(stated)):
            drift.append(Problem("rows_fewer_than_stated", {"count": rows, "stated": stated}))
        printed = dict.fromkeys(
            unit_text(unit) for text in (self.decoded.title, *self.decoded.lines) for unit in printed_units(text)
        )
        return Picked(
            readings=tuple(reading for reading, _ in kept),
            places=tuple(place for _, place in kept),
            problems=tuple(self.problems),
            drift=(*self.drift, *drift),
            picture=Appearance(
                title=self.decoded.title,
                order=tuple(dict.fromkeys(head for one in tables if one.of != "lines" for head in one.order if head)),
                above=" ".join(word for one in tables if one.of == "lines" for word in one.order),
                printed=tuple(printed),
                series={name: series_of(some) for name, some in facts.items()},
                **self.picture,
            ),
        )

    def _table(self, rule: ReadingRule, decoded: Decoded, captures: Mapping[str, str]) -> FoundTable:
        """Return the table of a reading, whose own layout stands for that of the whole."""
        names = [name for name in Layout.model_fields if name not in {"period", "published"}]
        said = {name: getattr(rule, name) or getattr(self.how, name) for name in names}
        if rule.table or rule.lines:
            said |= {"table": rule.table, "lines": rule.lines}
        named = () if said["lines"] else self._named(rule, said["rows"], said["unpivot"], captures)
        key = (*(repr(one) for one in said.values()), named, *(grid.name for grid in decoded.grids))
        if key not in self.tables:
            up = adds_up(self.how.guards, said["numbers"] or Numbers())
            self.tables[key] = table_of(decoded, Layout.model_construct(**said), up, named=named)
        return self.tables[key]

    def _named(
        self, rule: ReadingRule, rows: Rows | None, unpivot: Unpivot | None, captures: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the columns that a reading names and a header must have, less those that are made."""
        patterns = [*(rows.parts.values() if rows else ()), *([unpivot.columns] if unpivot else ())]
        made = {name for one in patterns for name in re.findall(r"\(\?P<(\w+)>", one)} | (
            {"value"} if unpivot else set()
        )
        made |= set(rows.sections if rows else ())
        period = rule.period or self.how.period
        names = [
            *rule.where,
            *(rows.where if rows else ()),
            *(rows.fill_down if rows else ()),
            *(filled(one, captures) for one in rule.value[:1]),
        ]
        names += rule.indicator.column[:1] if isinstance(rule.indicator, IndicatorOf) else ()
        names += BRACES.findall(filled(period.of if period else "", captures))
        return tuple(dict.fromkeys(name for name in names if name not in made and "#" not in name))


class _SeriesReader:
    """Reads the rows of one reading rule."""

    def __init__(self, document: _Document, rule: ReadingRule, table: FoundTable, captures: Mapping[str, str]) -> None:
        self.document, self.rule, self.table, self.captures = document, rule, table, captures
        how = document.how
        self.numbers = rule.numbers or how.numbers or Numbers()
        self.value = table.column(self._names(rule.value))
        period, self.published = rule.period or how.period, rule.published or how.published
        assert period is not None
        self.period = period.model_copy(update={"of": ""})
        self.period_text = self._template(period.of)
        named = [name for name in BRACES.findall(filled(period.of, captures)) if table.of == "cells"]
        self.period_column = table.column((named[0],)) if named else None
        self.until = _period(filled(period.until, captures), self.period).end if period.until else None
        self.published_text = self._template(self.published.of) if self.published else None
        self.yoy = table.column(self._names(rule.yoy.column)) if rule.yoy else None
        self.growth = self.numbers.model_copy(update={"brackets": rule.yoy.brackets if rule.yoy else None})
        self.provisional = condition(table, rule.provisional, captures)
        of = rule.indicator
        self.by = table.column(of.column) if isinstance(of, IndicatorOf) else None
        self.map = {same(said): name for said, name in of.map.items()} if isinstance(of, IndicatorOf) else {}
        heads = table.heads
        self.coded = [
            (one, place, heads.index(f"{one} label")) for place, one in enumerate(heads) if f"{one} label" in heads
        ]
        self.unit_column = table.column(rule.unit.column) if rule.unit and rule.unit.column else None
        self.units: dict[str, str] = {}
        self.printed: dict[str, str] = {}
        self.seen: set[str] = set()
        self.mark = ""
        if (
            rule.unit
            and rule.unit.printed
            and not any(within(same(rule.unit.printed), same(one)) for one in (*table.heads, *texts(document.decoded)))
        ):
            raise DriftError("unit_gone", said=rule.unit.printed)

    def read(self, number: int, row: Row) -> None:
        """Read one row: nothing where no figure stands, a problem where it cannot be read."""
        document, rule = self.document, self.rule
        if self.by is None:
            indicator = str(rule.indicator)
        elif (said := same(row[self.by])) in self.map:
            indicator = self.map[said]
            self.seen.add(said)
        else:
            return
        place, name = self.table.place(number, row, self.value), "value"
        try:
            quantity = read_number(row[self.value], self.numbers)
            if quantity is None:
                return
            self._check_mark(quantity)
            name = "period"
            period = _period(self.period_text(row), self.period)
            if self.until and period.end > self.until:
                return
            period = self._based(period)
            name = "unit"
            value, rounding, unit = self._counted(quantity, row, indicator)
            name = "published_on"
            published = self._published(row, period.end)
            name = "yoy"
            yoy = self._yoy(row)
        except QuantityError as error:
            if name == "period" and self.period_column is not None:
                place = self.table.place(number, row, self.period_column)
            document.problems += [one.at(name, file=place) for one in error.problems]
            return
        labels = document.picture["labels"]
        for name, code, label in self.coded if len(labels) < MOST_LABELS else ():
            labels.setdefault(f"{name} {row[code]}", row[label])
        document.found.append(
            (
                Reading(
                    indicator=indicator,
                    period=period,
                    basis=rule.basis,
                    value=value,
                    publisher=rule.publisher or document.how.publisher or document.publisher,
                    published_on=published,
                    recorded_at=document.now,
                    rounding=rounding,
                    yoy=yoy,
                    provisional=bool(rule.provisional) and self.provisional(row),
                    unit=unit,
                    source=document.source,
                ),
                place,
            )
        )

    def _check_mark(self, quantity: Quantity) -> None:
        """Refuse a decimal comma among decimal points, or the other way round, where neither is declared."""
        if self.numbers.decimal is None and quantity.value % 1:
            mark = max(".,", key=quantity.text.rfind)
            self.mark = self.mark or mark
            if mark != self.mark:
                raise QuantityError("number_ambiguous", said=quantity.text)

    def _names(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the names of a column, which may hold captures: the month in the head of a month's figures."""
        return tuple(filled(one, self.captures) for one in names)

    def _template(self, template: str) -> Callable[[Row], str]:
        """Return what fills a template from a row; a name is a capture or else a column."""
        template = filled(template, self.captures)
        columns = {name: self.table.column((name,)) for name in BRACES.findall(template)}
        return lambda row: BRACES.sub(lambda found: row[columns[found[1]]], template)

    def _based(self, period: Period) -> Period:
        """Return the span of time that the value covers."""
        if self.rule.basis is Basis.YEAR_TO_DATE:
            return replace(period, start=date(period.end.year, 1, 1))
        if self.rule.basis is Basis.SINCE_START and self.period.since:
            return replace(period, start=self.period.since)
        return period

    def _published(self, row: Row, end: date) -> date | None:
        """Return the day of publication as the document says it, or by the rule, but no day to come."""
        how, document = self.published, self.document
        if how is None or self.published_text is None:
            return None
        if rule := RULE.fullmatch(how.of):
            return min(end + timedelta(days=int(rule[1] or 0)), max(document.today, end))
        if how.of == "document":
            day = document.decoded.published_on
            if day is None:
                raise DriftError("published_gone")
        else:
            day = read_day(self.published_text(row), how)
        if day < end and document.how.guards.on("published"):
            raise QuantityError("ends_after_publication", end=end, published=day)
        return day

    def _yoy(self, row: Row) -> Decimal | None:
        """Return the printed growth as a ratio."""
        if self.yoy is None or self.rule.yoy is None:
            return None
        growth = read_number(row[self.yoy], self.growth)
        if growth is None:
            return None
        return growth.value if self.rule.yoy.ratio else shifted(growth.value, -2)

    def _counted(self, quantity: Quantity, row: Row, indicator: str) -> tuple[Decimal, Decimal, str]:
        """Return the value and its rounding in the unit of the column, or of the cell where only that prints one."""
        head = self.table.head(row, self.value)
        if head not in self.units:
            self.units[head] = self._unit(head)
            printed = [unit_text(one) for level in head.split(" / ") for one in printed_units(level)]
            self.printed[head] = f"({', '.join(printed)})" if printed and self.rule.unit else ""
        unit = (
            (row[self.unit_column].strip() if self.unit_column is not None else self.units[head]) or quantity.unit or ""
        )
        if not unit:
            gone = any(one.where in UNIT_ANCHORS for one in self.document.drift)
            raise DriftError(*(() if gone else ("unit_not_printed",)), said=head or self.rule.value[0])
        name = f"{indicator}/{self.rule.basis.value}"
        for kind, kept in (("columns", head), ("units", f"{unit} {self.printed[head]}".strip())):
            self.document.picture[kind].setdefault(name, kept)
        if not quantity.unit:
            return quantity.value, quantity.rounding, unit
        power = factor_power(parse_unit(quantity.unit), parse_unit(unit))
        if power is None:
            raise QuantityError("other_unit_than_field", said=quantity.text, unit=quantity.unit, counted=unit)
        return shifted(quantity.value, power), shifted(quantity.rounding, power), unit

    def _unit(self, head: str) -> str:
        """Return what a column counts, and keep where it stands."""
        document, table = self.document, self.table
        guarded = document.how.guards.on("unit")
        return unit_of(self.rule.unit, "" if table.of == "lines" else head, document.notes, guarded=guarded)
