"""What stands in a target's form, value by value, as the rules of the files take it.

What a value looks like when typed is read here; what a target may say is decided by the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from targetwatch.configfile.scalars import plain_number, slug_of
from targetwatch.model import Catalogue, Comparator, Measure
from targetwatch.web.editing import edit_fields, edit_values
from targetwatch.web.editing.edit_fields import CHANGE, NEW
from targetwatch.web.editing.edit_values import WrongError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from targetwatch.model import Target, TargetVersion

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form is read beside: everything configured, the target it is about (None: a new one), its measure."""

    catalogue: Catalogue
    target: Target | None
    measure: Measure
    today: date
    taken: frozenset[str] = frozenset()

    @property
    def before(self) -> TargetVersion | None:
        """Return the promise as it is now, or will be from a day already said."""
        return self.target.versions[-1] if self.target else None


@dataclass(slots=True)
class Reading:
    """A form being read: the values found, and what is wrong so far."""

    values: Mapping[str, str]
    around: Around
    wrong: dict[str, WrongError] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the words in a field; "" where they cannot be used."""
        raw = self.values.get(name, "")
        limit = edit_fields.most(name)
        assert limit is not None, name
        if len(raw) > limit:
            self.add(name, WrongError("too_long", most=limit, count=len(raw)))
            return ""
        read = edit_values.lines if name in edit_fields.AREAS else edit_values.line
        return self.as_(name, read, raw) or ""

    def as_(self, name: str, read: Callable[[str], T], raw: str | None = None) -> T | None:
        """Return a field's words as `read` reads them; None where there are none or they cannot be read."""
        text = self.text(name) if raw is None else raw
        if not text:
            return None
        try:
            return read(text)
        except WrongError as wrong:
            self.add(name, wrong)
            return None

    def day(self, name: str) -> str | None:
        """Return a day as the rules take it."""
        found = self.as_(name, edit_values.day)
        return found.isoformat() if found else None

    def add(self, name: str, wrong: WrongError) -> None:
        """Note the first thing that is wrong with a field."""
        self.wrong.setdefault(name, wrong)


def lists(reading: Reading) -> dict[str, Any]:
    """Return the lists of a file that a form amounts to: its target, and what is new with it."""
    around = reading.around
    found: dict[str, Any] = {"targets": [_target(reading)]}
    if reading.values.get("programme") == NEW:
        title = _title(reading, "programme_en", "programme_zh")
        name = unique(slug_of(title["en"]) or "programme", (one.id for one in around.catalogue.programmes))
        found["programmes"] = [{"id": name, "title": title}]
        found["targets"][0]["programme"] = name
    if reading.values.get("indicator") == NEW and around.target is None:
        indicator = _indicator(reading)
        if reading.values.get("indicator_authority") == NEW:
            title = _title(reading, "authority_en", "authority_zh")
            name = unique(slug_of(title["en"]) or "publisher", (one.id for one in around.catalogue.publishers))
            found["publishers"] = [{"id": name, "title": title}]
            indicator["authority"] = name
        found["indicators"] = [indicator]
        found["targets"][0]["indicator"] = indicator.get("id", "")
    return found


def proposed_id(values: Mapping[str, str], taken: Iterable[str]) -> str:
    """Return an id made from a title, one that is not taken; "" where the title has no Latin letters or digits."""
    return unique(slug_of(values.get("title_en", "")), taken)


def unique(name: str, taken: Iterable[str]) -> str:
    """Return a name, with a number after it when it is taken."""
    known = set(taken)
    if not name or name not in known:
        return name
    return next(made for number in range(2, len(known) + 3) if (made := f"{name[:60]}-{number}") not in known)


def _target(reading: Reading) -> dict[str, Any]:
    around, text = reading.around, reading.text
    target = around.target
    unit = _unit(reading)
    raw: dict[str, Any] = {
        "id": target.id if target else text("id"),
        "indicator": target.indicator if target else text("indicator"),
        "title": _title(reading, "title_en", "title_zh"),
        "owner": _owner(reading),
        "start": reading.day("start"),
        "deadline": reading.day("deadline"),
        "announcement": _without_empty(
            {
                "by": text("announced_by"),
                "on": reading.day("announced_on"),
                "source": text("announced_source"),
                "url": text("announced_url"),
                "quote": text("announced_quote"),
            }
        ),
        "programme": text("programme"),
        "note": _without_empty({"en": text("note_en"), "zh": text("note_zh")}),
    }
    if text("short_en") or text("short_zh"):
        raw["short"] = _title(reading, "short_en", "short_zh")
    if around.measure is Measure.MILESTONES:
        return _without_empty(raw | {"steps": _steps(reading)}) | {"goal": Comparator.COMPLETE.value}
    raw |= {"baseline": _baseline(reading, unit), "plan": _plan(reading, unit)}
    return _without_empty(raw) | {"goal": _goal(reading, unit)}


def _title(reading: Reading, english: str, chinese: str) -> dict[str, str]:
    return {"en": reading.text(english), "zh": reading.text(chinese)}


def _owner(reading: Reading) -> object:
    if reading.values.get("owner") != NEW:
        return reading.text("owner")
    name = _without_empty({"en": reading.text("owner_name_en"), "zh": reading.text("owner_name_zh")})
    known = (target.owner.id for target in reading.around.catalogue.targets)
    return _without_empty(
        {
            "id": unique(slug_of(name.get("en", "")) or "owner", known),
            "name": name,
            "email": reading.text("owner_email"),
            "language": reading.text("owner_language") or "en",
        }
    )


def _goal(reading: Reading, unit: str) -> dict[str, Any]:
    comparator = reading.text("comparator")
    if comparator == CHANGE:
        ratio = reading.as_("goal", edit_values.percent)
        return {} if ratio is None else {"change": {"by": f"{plain_number(ratio * 100)}%"}}
    value = reading.as_("goal", lambda text: edit_values.number(text, unit))
    if comparator == Comparator.BETWEEN.value:
        upper = reading.as_("goal_upper", lambda text: edit_values.number(text, unit))
        if not reading.values.get("goal_upper", "").strip():
            reading.add("goal_upper", WrongError("empty"))
        return {} if value is None or upper is None else {"between": [value, upper]}
    if comparator not in edit_fields.comparators():
        reading.add("comparator", WrongError("choice"))
        return {}
    return {} if value is None else {comparator: value}


def _baseline(reading: Reading, unit: str) -> dict[str, Any]:
    value = reading.as_("baseline", lambda text: edit_values.number(text, unit))
    return _without_empty({"value": value, "period": reading.text("baseline_period")})


def _plan(reading: Reading, unit: str) -> object:
    shape = reading.text("plan")
    if shape != "waypoints":
        return shape
    points = []
    for number in edit_fields.filled_rows(reading.values, "waypoint"):
        value = reading.as_(f"waypoint_value_{number}", lambda text: edit_values.number(text, unit))
        points.append(_without_empty({"on": reading.day(f"waypoint_on_{number}"), "value": value}))
    return {"waypoints": points}


def _steps(reading: Reading) -> list[dict[str, Any]]:
    steps = []
    for number in edit_fields.filled_rows(reading.values, "step"):
        title = _title(reading, f"step_title_en_{number}", f"step_title_zh_{number}")
        name = reading.text(f"step_id_{number}") or slug_of(title["en"])
        steps.append(_without_empty({"id": name, "due": reading.day(f"step_due_{number}")}) | {"title": title})
    return steps


def _indicator(reading: Reading) -> dict[str, Any]:
    text, milestones = reading.text, reading.around.measure is Measure.MILESTONES
    title = _title(reading, "indicator_title_en", "indicator_title_zh")
    release = {"every": text("indicator_every") or "irregular", "calendar": text("indicator_calendar")}
    for name in ("lag", "grace"):
        days = text(f"indicator_{name}")
        release[name] = f"{days}d" if days.isdecimal() else days
    raw = {
        "id": text("indicator_id") or unique(slug_of(title["en"]), (i.id for i in reading.around.catalogue.indicators)),
        "measure": reading.around.measure.value,
        "unit": "" if milestones else text("indicator_unit"),
        "unit_label": _without_empty({"en": text("indicator_unit_en"), "zh": text("indicator_unit_zh")}),
        "authority": text("indicator_authority"),
        "release": _without_empty(release),
    }
    return _without_empty(raw) | {"title": title}


def _unit(reading: Reading) -> str:
    target = reading.around.target
    name = target.indicator if target else reading.values.get("indicator", "")
    if name == NEW:
        return reading.text("indicator_unit")
    return next((one.unit for one in reading.around.catalogue.indicators if one.id == name), "")


def _without_empty(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value not in (None, "", {}, [])}
