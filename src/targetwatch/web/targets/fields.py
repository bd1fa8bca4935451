"""The fields of a target's form, named by the paths of the model, and how what is typed into each is read.

A field of a list has the number of its row in its name: "steps.2.due". What is new with a target stands under the list
of the file it would be in: "indicators.unit".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.errors import QuantityError
from targetwatch.model import Comparator, Qualifier
from targetwatch.model.catalogue import as_json
from targetwatch.model.scalars import EARLIEST, LATEST
from targetwatch.quantity import in_unit, own_spellings, parse_period, parse_quantity, parse_rate
from targetwatch.wording.versions import LONGEST_REASON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from targetwatch.model import Target, TargetVersion

NEW = "+"
"""Chosen in a list: something that is not in it yet. No id can be so."""
CHANGE = "change"
COMPARATORS = (
    *(Comparator.ABOVE, Comparator.AT_LEAST, Comparator.BELOW, Comparator.AT_MOST, Comparator.BETWEEN),
    CHANGE,
)
"""What a goal with a number may begin with, the commonest first."""
ROWS = ("plan.waypoints", "steps")
MOST_ROWS = 60
OF_VERSION = ("effective", "reason")
"""What is said of a change only, and not of the target as it then is."""
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


class WrongError(Exception):
    """A value that cannot be used; `code` says why."""

    def __init__(self, code: str, /, **said: object) -> None:
        self.code, self.said = code, said
        super().__init__(code)


def line(text: str, _unit: str = "") -> str:
    """Return text as one line, every stretch of space one space; WrongError for what cannot be seen."""
    plain = " ".join(text.translate(INVISIBLE).split())
    if not plain.isprintable():
        raise WrongError("unprintable")
    return plain


def lines(text: str, _unit: str = "") -> str:
    """Return text of several lines without the space at the end of each."""
    return "\n".join(line(one) for one in text.strip().split("\n"))


def number(text: str, unit: str) -> Decimal:
    """Return a number as printed, in `unit`; WrongError when it is none, or one of something else."""
    try:
        quantity = parse_quantity(text, own_units=own_spellings(unit))
    except QuantityError:
        raise WrongError("number") from None
    if quantity.qualifier is not Qualifier.EXACT:
        raise WrongError("number_qualified")
    try:
        return in_unit(quantity, unit).value
    except QuantityError:
        raise WrongError("number_unit" if unit else "number_unit_none", said=quantity.unit or "", unit=unit) from None


def percent(text: str) -> Decimal:
    """Return a change as a ratio; "-60" is -60 % where a percentage is asked for."""
    for written in (text, f"{text}%"):
        try:
            return parse_rate(written)
        except QuantityError:
            continue
    raise WrongError("percent")


def day(text: str) -> date:
    """Return a day, also one written as 2025/7/1 or in Chinese."""
    dashed = text.replace("/", "-").replace(".", "-")
    parts = dashed.split("-")
    if len(parts) == 3:  # noqa: PLR2004 - year, month, day
        dashed = "-".join([parts[0], *(part.zfill(2) for part in parts[1:])])
    found = _day(dashed)
    if not EARLIEST <= found <= LATEST:
        raise WrongError("day_far", first=EARLIEST.year, last=LATEST.year)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass  # perhaps it is written in Chinese
    try:
        period = parse_period(text)
    except QuantityError:
        raise WrongError("day") from None
    if period.start != period.end:
        raise WrongError("day")
    return period.start


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldKind:
    """What may stand in a field: at most how many characters, and how they become what the configuration takes.

    `misfit` is the mistake when the rules refuse it. The second argument of `read` is the unit of the indicator.
    """

    most: int
    misfit: str = "empty"
    read: Callable[[str, str], object] = line


SLUG, CHOICE = FieldKind(most=64, misfit="slug"), FieldKind(most=64, misfit="choice")
DAY = FieldKind(most=40, misfit="day", read=lambda text, _unit: day(text).isoformat())
AMOUNT = FieldKind(most=80, read=number)
PERIOD = FieldKind(most=40, misfit="period")
DAYS = FieldKind(most=8, misfit="days", read=lambda text, _unit: f"{text}d" if text.isdecimal() else text)
TITLE, SHORT, PARAGRAPH = FieldKind(most=200), FieldKind(most=60), FieldKind(most=1000, read=lines)

FIELDS = {
    "id": SLUG,
    "indicator": CHOICE,
    "indicators.title.en": TITLE,
    "indicators.title.zh": TITLE,
    "indicators.id": SLUG,
    "indicators.unit": FieldKind(most=40),
    "indicators.unit_label.en": SHORT,
    "indicators.unit_label.zh": SHORT,
    "indicators.authority": CHOICE,
    "publishers.title.en": TITLE,
    "publishers.title.zh": TITLE,
    "indicators.release.every": FieldKind(most=16, misfit="choice"),
    "indicators.release.lag": DAYS,
    "indicators.release.grace": DAYS,
    "indicators.release.calendar": FieldKind(most=2, misfit="country"),
    "goal.comparator": FieldKind(most=16),
    "goal.value": FieldKind(most=80),
    "goal.upper": AMOUNT,
    "start": DAY,
    "deadline": DAY,
    "baseline.value": AMOUNT,
    "baseline.period": PERIOD,
    "plan": FieldKind(most=16, misfit="choice"),
    "plan.waypoints.on": DAY,
    "plan.waypoints.value": AMOUNT,
    "steps.title.en": TITLE,
    "steps.title.zh": TITLE,
    "steps.due": DAY,
    "steps.id": SLUG,
    "effective": DAY,
    "reason": FieldKind(most=LONGEST_REASON, read=lines),
    "announcement.by": FieldKind(most=300),
    "announcement.on": DAY,
    "announcement.source": FieldKind(most=300),
    "announcement.url": FieldKind(most=2000, misfit="address"),
    "announcement.quote": PARAGRAPH,
    "title.en": TITLE,
    "title.zh": TITLE,
    "short.en": SHORT,
    "short.zh": SHORT,
    "programme": CHOICE,
    "programmes.title.en": TITLE,
    "programmes.title.zh": TITLE,
    "owner": CHOICE,
    "owner.name.en": FieldKind(most=120),
    "owner.name.zh": FieldKind(most=120),
    "owner.email": FieldKind(most=254, misfit="email"),
    "owner.language": FieldKind(most=2, misfit="choice"),
    "note.en": PARAGRAPH,
    "note.zh": PARAGRAPH,
}
"""In the order of the page; the rows of a list without their numbers."""
NUMBERS = frozenset({"goal.value", "goal.upper", "baseline.value", "plan.waypoints.value"})


def row_of(name: str) -> tuple[str, int, str] | None:
    """Return the list, the row and the part that a field is; None when it is of no row.

    >>> row_of("steps.2.title.en"), row_of("steps.2.length"), row_of("steps.0.due"), row_of("start")
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


def kind_of(name: str) -> FieldKind | None:
    """Return what may stand in a field; None for what is no field of ours."""
    row = row_of(name)
    if row is None and name.startswith(tuple(f"{one}." for one in ROWS)):
        return None
    return FIELDS.get(plain(name))


def parts(path: str) -> list[str]:
    """Return what is asked of one row of a list, or of whatever else has fields of its own."""
    return [name.removeprefix(f"{path}.") for name in FIELDS if name.startswith(f"{path}.")]


def typed(values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into fields of ours, for a page to carry on."""
    return {name: text for name, text in values.items() if kind_of(name) is not None}


def numbers(values: Iterable[str], row: str) -> list[int]:
    """Return the numbers of the rows of a list, ascending."""
    return sorted({found[1] for name in values if (found := row_of(name)) and found[0] == row})


def filled_rows(values: Mapping[str, str], row: str) -> list[int]:
    """Return the numbers of the rows in which something stands."""
    known = numbers(values, row)
    return [one for one in known if any(values.get(f"{row}.{one}.{part}", "").strip() for part in parts(row))]


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
            is_number = plain(name) in NUMBERS and not str(value).endswith("%")
            yield name, f"{Decimal(value).normalize():,f}" if is_number else str(value)
