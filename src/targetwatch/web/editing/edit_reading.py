"""What stands in a target's form, value by value, as the rules of the files take it.

What a value looks like when typed is read here; what a target may say is decided by the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from targetwatch.model import Catalogue, Comparator, Measure
from targetwatch.model.scalars import plain_number
from targetwatch.web.editing import edit_fields, edit_values
from targetwatch.web.editing.edit_fields import CHANGE, NEW
from targetwatch.web.editing.edit_ids import proposed_id
from targetwatch.web.editing.edit_values import WrongError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from targetwatch.model import Target, TargetVersion

T = TypeVar("T")
NO_WORDS = "—"
"""Stands where words are missing, so that the rules say nothing more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form is read beside: everything configured, the target it is about (None: a new one), its measure.

    `taken` are the ids there have ever been, by kind; `language` is the reader's.
    """

    catalogue: Catalogue
    target: Target | None
    measure: Measure
    today: date
    taken: Mapping[str, frozenset[str]]
    language: str

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
        title = _title(reading, "programme")
        name = proposed_id(title, "programme", around.taken["programme"])
        found["programmes"] = [{"id": name, "title": title}]
        found["targets"][0]["programme"] = name
    if reading.values.get("indicator") == NEW and around.target is None:
        indicator = _indicator(reading)
        if reading.values.get("indicator_authority") == NEW:
            title = _title(reading, "authority")
            name = proposed_id(title, "publisher", around.taken["publisher"])
            found["publishers"] = [{"id": name, "title": title}]
            indicator["authority"] = name
        found["indicators"] = [indicator]
        found["targets"][0]["indicator"] = indicator.get("id", "")
    return found


def _target(reading: Reading) -> dict[str, Any]:
    around, text = reading.around, reading.text
    target = around.target
    unit = _unit(reading)
    raw: dict[str, Any] = {
        "id": target.id if target else text("id"),
        "indicator": target.indicator if target else text("indicator"),
        "title": _title(reading, "title"),
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
        raw["short"] = _title(reading, "short")
    if around.measure is Measure.MILESTONES:
        return _without_empty(raw | {"steps": _steps(reading)}) | {"goal": Comparator.COMPLETE.value}
    raw |= {"baseline": _baseline(reading, unit), "plan": _plan(reading, unit)}
    return _without_empty(raw) | {"goal": _goal(reading, unit)}


def _title(reading: Reading, name: str, row: str = "") -> dict[str, str]:
    """Return words in both languages, each standing in for the other; where there are none, one field asks for them."""
    names = [f"{name}_{language}{row}" for language in ("en", "zh")]
    english, chinese = (reading.text(one) for one in names)
    if not any(reading.values.get(one, "").strip() for one in names):
        reading.add(f"{name}_{reading.around.language}{row}", WrongError("empty_both"))
    return {"en": english or chinese or NO_WORDS, "zh": chinese or english or NO_WORDS}


def _owner(reading: Reading) -> object:
    if reading.values.get("owner") != NEW:
        return reading.text("owner")
    name = _title(reading, "owner_name")
    return _without_empty(
        {
            "id": proposed_id(name, "owner", reading.around.taken["owner"]),
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
    steps: list[dict[str, Any]] = []
    rows = edit_fields.filled_rows(reading.values, "step")
    said = {reading.text(f"step_id_{number}") for number in rows}
    for number in rows:
        title = _title(reading, "step_title", f"_{number}")
        name = reading.text(f"step_id_{number}") or proposed_id(title, "step", {*said, *(one["id"] for one in steps)})
        steps.append(_without_empty({"id": name, "due": reading.day(f"step_due_{number}")}) | {"title": title})
    return steps


def _indicator(reading: Reading) -> dict[str, Any]:
    text, milestones = reading.text, reading.around.measure is Measure.MILESTONES
    title = _title(reading, "indicator_title")
    release = {"every": text("indicator_every") or "irregular", "calendar": text("indicator_calendar")}
    for name in ("lag", "grace"):
        days = text(f"indicator_{name}")
        release[name] = f"{days}d" if days.isdecimal() else days
    raw = {
        "id": text("indicator_id") or proposed_id(title, "indicator", reading.around.taken["indicator"]),
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
