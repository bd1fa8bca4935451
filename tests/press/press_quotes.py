"""The real quotes, and how many fields of how many are read right in them."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from targetwatch.configuration import check
from targetwatch.connectors.row import REQUIRED
from targetwatch.model import Indicator
from targetwatch.press import Proposal, entry, read
from targetwatch.quantity import convert, parse_period, parse_rate, parse_unit

ROOT = Path(__file__).parents[2]
QUOTES = Path(__file__).parents[1] / "data" / "press-quotes.csv"
TODAY = date(2026, 1, 31)
FIELDS = ("indicator", "period", "basis", "value", "unit", "yoy", "qualifier")


@dataclass(frozen=True)
class Quote:
    """A real quote and what a person reads in it; a field the quote does not state is empty."""

    quote: str
    language: str
    indicator: str
    period: str
    basis: str
    value: str
    unit: str
    yoy: str
    qualifier: str
    published: str
    publisher: str

    @property
    def held_out(self) -> bool:
        """Return whether the quote was kept from whoever wrote the rules."""
        return hashlib.sha256(self.quote.encode()).digest()[0] % 2 == 0


@cache
def quotes() -> tuple[Quote, ...]:
    with QUOTES.open(encoding="utf-8", newline="") as lines:
        return tuple(Quote(**row) for row in csv.DictReader(lines))


@cache
def indicators() -> tuple[Indicator, ...]:
    return check(ROOT / "config", environment={}).indicators


@cache
def since() -> dict[str, date]:
    """What earlier running totals say of their first day, as the page knows it from the stored readings."""
    totals = [quote for quote in quotes() if quote.basis == "since_start" and quote.period]
    return {quote.indicator: parse_period(quote.period).start for quote in totals}


@cache
def proposals(quote: Quote, *, told_publisher: bool = True) -> tuple[Proposal, ...]:
    published = date.fromisoformat(quote.published) if quote.published else None
    publisher = quote.publisher if told_publisher else ""
    return read(quote.quote, indicators(), published_on=published, today=TODAY, publisher=publisher, since=since())


def missing(proposal: Proposal) -> tuple[str, ...]:
    """Return the required fields of a row that a person still has to give."""
    given = entry(proposal)
    return tuple(name for name in REQUIRED if not given.get(name))


def amount_in(proposal: Proposal, unit: str) -> Decimal | None:
    """Return the proposed value counted in `unit`; None when it does not convert."""
    if proposal.value is None:
        return None
    said = proposal.unit.value if proposal.unit else ""
    return convert(proposal.value.value, said, unit)


def best(found: tuple[Proposal, ...], quote: Quote) -> Proposal:
    """Return the proposal that speaks of the quote's figure, else the first one that could."""
    right = [one for one in found if amount_in(one, quote.unit) == Decimal(quote.value)]
    convertible = [one for one in found if amount_in(one, quote.unit) is not None]
    return next(iter(right or convertible or found), Proposal())


def judged(quote: Quote, proposal: Proposal) -> dict[str, bool]:
    """Return, for each field the quote states, whether it was read right."""
    told: dict[str, bool] = {
        "indicator": proposal.indicator is not None and proposal.indicator.value == quote.indicator,
        "value": amount_in(proposal, quote.unit) == Decimal(quote.value),
        "qualifier": proposal.qualifier is not None and proposal.qualifier.value == quote.qualifier,
    }
    if quote.period:
        told["period"] = proposal.period is not None and proposal.period.value == parse_period(quote.period)
    if quote.basis:
        told["basis"] = proposal.basis is not None and proposal.basis.value == quote.basis
    if quote.yoy:
        told["yoy"] = proposal.yoy is not None and proposal.yoy.value == parse_rate(quote.yoy)
    if quote.unit:
        said = parse_unit(proposal.unit.value).base if proposal.unit else parse_unit(quote.unit).base
        told["unit"] = proposal.value is not None and said == parse_unit(quote.unit).base
    return told


def left_open(quote: Quote, proposal: Proposal) -> dict[str, bool]:
    """Return, for each field the quote does not state, whether it was left open or at least marked as inferred."""
    fields = {"period": proposal.period, "basis": proposal.basis, "yoy": proposal.yoy}
    silent = [name for name in fields if not getattr(quote, name)]
    return {name: fields[name] is None or fields[name].inferred for name in silent}


def score(chosen: list[Quote], *, told_publisher: bool = True) -> dict[str, tuple[int, int]]:
    """Return, by field, how many were read right and how many were asked; last how many were rightly left open."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for quote in chosen:
        proposal = best(proposals(quote, told_publisher=told_publisher), quote)
        open_ = left_open(quote, proposal)
        for name, fine in [*judged(quote, proposal).items(), *(("left open", fine) for fine in open_.values())]:
            asked[name] += 1
            right[name] += fine
    return {name: (right[name], asked[name]) for name in (*FIELDS, "left open") if asked[name]}


def table(**columns: dict[str, tuple[int, int]]) -> str:
    """Return the scores as a table, one column a set of quotes."""
    lines = ["field       " + "".join(f"{name:>22}" for name in columns)]
    for field in (*FIELDS, "left open"):
        cells = (column.get(field, (0, 0)) for column in columns.values())
        lines.append(
            f"{field:<12}" + "".join(f"{right:>8} of {asked:<3} {share(right, asked):>6}" for right, asked in cells)
        )
    return "\n".join(lines)


def share(right: int, asked: int) -> str:
    return f"{right / asked:.0%}" if asked else "-"
