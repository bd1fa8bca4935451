"""What a column is, by its name in English or Chinese, and what its cells mean: names become ids, words a basis."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from targetwatch.errors import QuantityError
from targetwatch.model import Basis, Catalogue, Period
from targetwatch.quantity import format_period, parse_unit, plain_text, said_period
from targetwatch.quantity.spellings import SPELLINGS
from targetwatch.wording import figure_fields

RATES = ("printed", "percent", "ratio")
FIRST_OF_MONTH = re.compile(r"\d{4}-\d{2}-01")


def named(row: Sequence[str]) -> int:
    """Return how many cells of a row are names of columns."""
    return sum(1 for cell in row if cell.strip() and field_of(cell))


def field_of(header: str) -> str:
    """Return the field that a column's name stands for; "" when it is none we know.

    >>> field_of("Value (TEU)"), field_of("Published on"), field_of("colour")
    ('value', 'published_on', '')
    """
    known = figure_fields.columns()
    return known.get(figure_fields.key(header)) or known.get(_without_unit(header), "")


def basis_of(header: str) -> str:
    """Return the basis of the figures in a column of that name; "" when it says none.

    >>> basis_of("Year to date (TEU)"), basis_of("Value")
    ('year_to_date', '')
    """
    return figure_fields.bases().get(_without_unit(header), "")


def _without_unit(header: str) -> str:
    return figure_fields.key(re.sub(r"[（(\[].*?[)）\]]", "", plain_text(header)))


def unit_of(header: str) -> str:
    """Return the unit that a column's name says in brackets, or is; "" when it says none we know.

    >>> unit_of("Value (in bn CNY)"), unit_of("TEU"), unit_of("colour")
    ('bn CNY', 'TEU', '')
    """
    words = "|".join(re.escape(word) for word in figure_fields.before_a_unit())
    found = re.search(rf"[（(\[]\s*(?:(?:{words})[:：]?)?\s*([^)）\]]+)[)）\]]", header)
    unit = (found[1] if found else header).strip()
    return unit if unit and parse_unit(unit).base in SPELLINGS and unit not in {"%", "％"} else ""


def cells_of(cells: Mapping[str, str], catalogue: Names, *, today: date, rates: str) -> dict[str, str]:
    """Return a row's cells in the words a reading is entered in; what is not understood stays as it is."""
    said = {name: text for name, text in cells.items() if text.strip()}
    for name in ("indicator", "publisher"):
        if name in said:
            said[name] = catalogue.get(name, {}).get(figure_fields.key(said[name]), said[name])
    if "basis" in said:
        said["basis"] = figure_fields.bases().get(figure_fields.key(said["basis"]), said["basis"])
    if "yoy" in said:
        said["yoy"] = _rate(said["yoy"], rates)
    if said.get("basis") == Basis.YEAR_TO_DATE and "period" in said:
        said["period"] = _from_january(said["period"], today)
    return said


Names = dict[str, dict[str, str]]


def names_of(catalogue: Catalogue) -> Names:
    """Return the ids of indicators and publishers by every name they go by."""
    found: Names = {"indicator": {}, "publisher": {}}
    for kind, items in (("indicator", catalogue.indicators), ("publisher", catalogue.publishers)):
        for item in items:
            for name in (item.id, item.title.en, item.title.zh):
                if name:
                    found[kind].setdefault(figure_fields.key(name), item.id)
    return found


def rates_of(texts: Sequence[str]) -> str:
    """Return how a column of growth rates is written, by its cells: 28 %, 28, or 0.28."""
    bare = [text.strip() for text in texts if text.strip()]
    if not bare or any("%" in plain_text(text) for text in bare):
        return "printed"
    try:
        sizes = [abs(float(text)) for text in bare]
    except ValueError:
        return "printed"
    return "ratio" if max(sizes) < 2 else "percent"  # noqa: PLR2004 - a growth of 200 % is rare, one of 2 % is not


def are_months(texts: Sequence[str]) -> bool:
    """Return whether days stand for their months: a spreadsheet keeps "Oct 2025" as the first of October."""
    said = [text for text in texts if text]
    return len(said) > 1 and all(FIRST_OF_MONTH.fullmatch(text) for text in said)


def _rate(text: str, rates: str) -> str:
    plain = plain_text(text)
    if rates == "printed" or "%" in plain:
        return text
    try:
        number = float(plain)
    except ValueError:
        return text
    return f"{number * (100 if rates == 'ratio' else 1):.10g}%"


def _from_january(text: str, today: date) -> str:
    """Return the year to date that a month or a quarter stands for in a table."""
    try:
        said = said_period(text, today)
    except QuantityError:
        return text
    return format_period(Period(said.end.replace(month=1, day=1), said.end))
