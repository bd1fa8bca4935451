"""What a person typed, read as one reading in its indicator's unit, or refused with every fault at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.connectors import FIELDS, RowError, read_row
from targetwatch.errors import QuantityError, UsageError
from targetwatch.ingest.settle import Known, problems, settled
from targetwatch.ingest.spoken import said_day, said_period
from targetwatch.model import Basis, Indicator, Measure, Reading
from targetwatch.quantity import format_period, own_spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

SOURCE = "manual"
DEFAULTS: dict[Measure, dict[str, str]] = {
    Measure.FLOW: {},
    Measure.LEVEL: {"basis": Basis.POINT},
    Measure.MILESTONES: {"basis": Basis.EVENT, "value": "1"},
}
LONGEST = {"quote": 4000, "note": 4000, "evidence_url": 2000}
LONGEST_CELL = 200


def read_typed(
    entry: Mapping[str, str], known: Known, *, now: datetime, today: date, locale: str | None = None
) -> tuple[Reading, Indicator]:
    """Return the reading that `entry` states, by the names of `connectors.FIELDS`, and its indicator.

    Left empty, the publisher is the indicator's authority, and the basis of a level is point, of a milestone event.

    Raises:
        NotFoundError: no such indicator.
        RowError: every other fault of the words, and no indicator at all.
        UsageError: a field that no reading has.
    """
    if unknown := sorted(set(entry) - set(FIELDS)):
        raise UsageError(f"field '{unknown[0]}': is not known, expected one of {', '.join(FIELDS)}")
    if long := _too_long(entry):
        raise RowError(long)
    if not entry.get("indicator", "").strip():
        raise RowError(["indicator: is empty, expected a value"])
    indicator = known.indicator(entry["indicator"].strip())
    defaults = {"publisher": indicator.authority, **DEFAULTS[indicator.measure]}
    cells = defaults | {name: text for name, text in entry.items() if text.strip()}
    for name, read in _SPOKEN.items():
        if name in cells:
            cells[name] = read(cells[name], today)
    own_units = own_spellings(indicator.unit, indicator.unit_label.en, indicator.unit_label.zh)
    reading = read_row(cells, source=SOURCE, now=now, locale=locale, own_units=own_units)
    if wrong := problems(reading, known):
        raise RowError(wrong)
    entered = settled(reading, indicator)
    if entered.unit is not None:  # no note can make dollars out of yuan
        raise RowError([f"value: says {entered.unit or 'no unit'}, the indicator counts {indicator.unit}"])
    return entered, indicator


def _too_long(entry: Mapping[str, str]) -> list[str]:
    return [
        f"{name}: has {len(text):,} characters, expected at most {LONGEST.get(name, LONGEST_CELL):,}"
        for name, text in entry.items()
        if len(text) > LONGEST.get(name, LONGEST_CELL)
    ]


def _period(text: str, today: date) -> str:
    return format_period(said_period(text, today))


def _day(text: str, today: date) -> str:
    return said_day(text, today).isoformat()


def _or_as_it_is(read: Callable[[str, date], str]) -> Callable[[str, date], str]:
    """Leave to the reader of the row what nobody says that way: it refuses it together with all other faults."""

    def said(text: str, today: date) -> str:
        try:
            return read(text, today)
        except QuantityError:
            return text

    return said


_SPOKEN = {"period": _or_as_it_is(_period), "published_on": _or_as_it_is(_day)}
