"""The fields of a target's form, named by the paths of the model, and how what is typed into each is read.

A field of a list has the number of its row in its name: "steps.2.due". What is new with a target stands under the list
of the file it would be in: "indicators.unit". What a field is called stands in `wording.terms`, in the order of the
page; what may be typed into it is its type in the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from targetwatch.errors import QuantityError, UsageError
from targetwatch.model import Comparator, Indicator, Programme, Publisher, Qualifier, Target, TargetVersion
from targetwatch.model.catalogue import PROMISED, as_json
from targetwatch.model.scalars import EARLIEST, LATEST
from targetwatch.quantity import in_unit, own_spellings, parse_period, parse_quantity, parse_rate
from targetwatch.wording.terms import FIELDS, ROWS
from targetwatch.wording.versions import LONGEST_REASON

NEW = "+"
"""Chosen in a list: something that is not in it yet. No id can be so."""
CHANGE = "change"
COMPARATORS = (
    *(Comparator.ABOVE, Comparator.AT_LEAST, Comparator.BELOW, Comparator.AT_MOST, Comparator.BETWEEN),
    CHANGE,
)
"""What a goal with a number may begin with, the commonest first."""
EMPTY_ROWS, MOST_ROWS = 2, 60
"""Rows that stand open where there is none yet, and as many as there may be."""
OF_VERSION = tuple(one.name for one in fields(TargetVersion) if one.name not in {"number", *PROMISED})
"""What is said of a change only, and not of the target as it then is."""
PARAGRAPHS = ("note.", "indicators.note.", "indicators.scope.", "announcement.quote", "reason")
LONGEST = {
    "note.": 1000,
    "indicators.note.": 1000,
    "indicators.scope.": 1000,
    "short.": 60,
    "indicators.unit": 60,
    "owner.email": 254,
    "reason": LONGEST_REASON,
    "announcement.quote": 1000,
    "announcement.url": 2000,
    "announcement.": 300,
}
"""How many characters fit into the fields whose names begin so."""
LONGEST_OF_TYPE: Mapping[object, int] = {date: 40, Decimal: 80}
OTHERWISE = 200
OF_INDICATOR = [
    name for name in FIELDS if name.startswith("indicators.") and name not in {"indicators.id", "indicators.unit"}
]
EDITABLE = frozenset(name.split(".")[1] for name in OF_INDICATOR)
"""What of an indicator may change while its figures stay what they are."""
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def _leaves(kind: type, path: str) -> Iterator[tuple[str, object]]:
    """Yield the path and the type of every value of a class of the model."""
    for name, hint in get_type_hints(kind).items():
        inner = next((one for one in get_args(hint) if isinstance(one, type)), hint)
        if is_dataclass(inner) and isinstance(inner, type):
            yield from _leaves(inner, f"{path}{name}.")
        else:
            yield f"{path}{name}", inner


ROOTS = ((Target, ""), (TargetVersion, ""), (Indicator, "indicators."), (Programme, "programmes."))
TYPES = dict(leaf for kind, path in (*ROOTS, (Publisher, "publishers.")) for leaf in _leaves(kind, path))
AMOUNTS = {"goal.value", "goal.upper", *(name for name in FIELDS if TYPES.get(name) is Decimal)}


def line(text: str) -> str:
    """Return text as one line, every stretch of space one space.

    Raises:
        UsageError: something in it cannot be seen.
    """
    plain = " ".join(text.translate(INVISIBLE).split())
    if not plain.isprintable():
        raise UsageError("unprintable")
    return plain


def lines(text: str) -> str:
    """Return text of several lines without the space at the end of each."""
    return "\n".join(line(one) for one in text.strip().split("\n"))


def number(text: str, unit: str) -> Decimal:
    """Return a number as printed, in `unit`.

    Raises:
        UsageError: it is none, or one of something else.
    """
    try:
        quantity = parse_quantity(text, own_units=own_spellings(unit))
    except QuantityError:
        raise UsageError("number") from None
    if quantity.qualifier is not Qualifier.EXACT:
        raise UsageError("number_qualified")
    try:
        return in_unit(quantity, unit).value
    except QuantityError:
        raise UsageError("number_unit" if unit else "number_unit_none", said=quantity.unit or "", unit=unit) from None


def percent(text: str) -> Decimal:
    """Return a change as a ratio; "-60" is -60 % where a percentage is asked for."""
    for written in (text, f"{text}%"):
        try:
            return parse_rate(written)
        except QuantityError:
            continue
    raise UsageError("percent")


def day(text: str) -> date:
    """Return a day, also one written as 2025/7/1 or in Chinese."""
    dashed = text.replace("/", "-").replace(".", "-")
    parts = dashed.split("-")
    if len(parts) == 3:  # noqa: PLR2004 - year, month, day
        dashed = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])
    try:
        found = date.fromisoformat(dashed)
    except ValueError:  # perhaps it is written in Chinese
        try:
            period = parse_period(text)
        except QuantityError:
            raise UsageError("day") from None
        found = period.start
        if period.end != found:
            raise UsageError("day") from None
    if not EARLIEST <= found <= LATEST:
        raise UsageError("day_far", first=EARLIEST.year, last=LATEST.year)
    return found


def read(name: str, text: str, unit: str) -> object:
    """Return what a field says as the configuration takes it; "" where it says nothing.

    Raises:
        UsageError: it cannot be used; the problem says why.
    """
    most = longest(name)
    if len(text) > most:
        raise UsageError("too_long", most=most, count=len(text))
    text, kind = (lines if name.startswith(PARAGRAPHS) else line)(text), TYPES.get(plain(name))
    if not text:
        return ""
    if kind is date:
        return day(text).isoformat()
    if kind is Decimal:
        return number(text, unit)
    if kind is bool:
        return True
    return f"{text}d" if kind is int and text.isdecimal() else text


def longest(name: str) -> int:
    """Return how many characters fit into a field."""
    most = LONGEST_OF_TYPE.get(TYPES.get(plain(name)), OTHERWISE)
    return next((most for prefix, most in LONGEST.items() if name.startswith(prefix)), most)


def row_of(name: str) -> tuple[str, int, str] | None:
    """Return the list, the row and the part that a field is; None when it is of no row.

    >>> row_of("steps.2.title.en"), row_of("steps.2.length"), row_of("steps.0.due"), row_of("deadline")
    (('steps', 2, 'title.en'), None, None, None)
    """
    for row in ROWS:
        said, _, part = name.removeprefix(f"{row}.").partition(".")
        if name.startswith(f"{row}.") and f"{row}.{part}" in FIELDS and _counts(said):
            return row, int(said), part
    return None


def _counts(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) <= 3 and said[0] != "0"  # noqa: PLR2004 - up to 999


def plain(name: str) -> str:
    """Return a field's name without the number of its row: "steps.2.due" is "steps.due"."""
    row = row_of(name)
    return f"{row[0]}.{row[2]}" if row else name


def is_field(name: str) -> bool:
    """Return whether a field is one of ours; of a list only one with the number of its row."""
    return row_of(name) is not None or (name in FIELDS and not name.startswith(tuple(f"{row}." for row in ROWS)))


def parts(path: str) -> list[str]:
    """Return what is asked of one row of a list, or of whatever else has fields of its own."""
    return [name.removeprefix(f"{path}.") for name in FIELDS if name.startswith(f"{path}.")]


def typed(values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into fields of ours, for a page to carry on."""
    return {name: text for name, text in values.items() if is_field(name)}


def numbers(values: Iterable[str], row: str) -> list[int]:
    """Return the numbers of the rows of a list, ascending."""
    return sorted({found[1] for name in values if (found := row_of(name)) and found[0] == row})


def filled_rows(values: Mapping[str, str], row: str) -> list[int]:
    """Return the numbers of the rows in which something stands."""
    known = numbers(values, row)
    return [one for one in known if any(values.get(f"{row}.{one}.{part}", "").strip() for part in parts(row))]


def edited(values: Mapping[str, str], doing: str, more: str) -> dict[str, str]:
    """Return a form with an empty row more ("more", "steps") or without one of its rows ("less", "steps:2")."""
    row, _, number = more.partition(":")
    known = numbers(values, row)
    if doing == "more" and row in ROWS and len(known) < MOST_ROWS:
        return {**values, f"{row}.{max(known, default=EMPTY_ROWS) + 1}.{parts(row)[0]}": ""}
    gone = {f"{row}.{number}.{part}" for part in parts(row)} if doing == "less" else set()
    return {name: text for name, text in values.items() if name not in gone}


def ordered(names: Iterable[str]) -> list[str]:
    """Return fields in the order in which they stand on the page."""
    listed = list(FIELDS)

    def key(name: str) -> tuple[int, int, str]:
        row = row_of(name)
        if row is not None:
            return (listed.index("plan"), row[1], name)
        return (listed.index(name) if name in listed else -1, 0, name)

    return sorted(names, key=key)


def of_target(target: Target) -> dict[str, str]:
    """Return what stands in the form of a target, its last version in force or to come."""
    said = as_json(target)
    own = {name: said[name] for name in ("title", "short", "programme", "owner", "note") if name in said}
    if target.short == target.title:
        del own["short"]
    return dict(_written(own)) | of_version(target.versions[-1])


def of_indicator(indicator: Indicator) -> dict[str, str]:
    """Return what stands in the form of an indicator that there is, with the choices a list always shows."""
    said = as_json(indicator)
    shown = {"indicators.release.every": "irregular", "indicators.steward.language": "en"}
    own = shown | dict(_written({name: said[name] for name in EDITABLE if name in said}, "indicators."))
    days = {name: own[name].removesuffix("d") for name in own if TYPES[name] is int}
    return {name: (own | days)[name] for name in OF_INDICATOR if name in own}


def of_version(version: TargetVersion) -> dict[str, str]:
    """Return what stands in the form of a promise."""
    goal, said = version.goal, as_json(version)
    for name in ("number", *OF_VERSION):
        said.pop(name, None)
    if goal.change is not None:
        said["goal"] = {"comparator": CHANGE, "value": as_json(goal.change)["by"]}
    else:
        said["goal"] = {"comparator": goal.comparator.value, "value": goal.value, "upper": goal.upper}
    if not goal.complete:
        said["plan"] = version.plan.shape.value
        said["plan.waypoints"] = [as_json(point) for point in version.plan.waypoints]
    return dict(_written(said))


def _written(said: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of a tree of plain values, and what stands in each as people type it."""
    for key, value in said.items():
        name = f"{path}{key}"
        if isinstance(value, Mapping):
            yield from _written(value, f"{name}.")
        elif isinstance(value, list):
            for place, one in enumerate(value, 1):
                yield from _written(one, f"{name}.{place}.")
        elif value is not None:
            is_number = plain(name) in AMOUNTS and not str(value).endswith("%")
            yield name, f"{Decimal(value).normalize():,f}" if is_number else str(value)
