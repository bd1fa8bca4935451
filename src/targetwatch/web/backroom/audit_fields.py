"""The columns of audited objects as a reader is shown them: names in words, values formatted, secrets hidden."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from targetwatch.store.audit.trail import HIDDEN
from targetwatch.web.backroom import actors, schedule_words
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import AsOf, Indicator
    from targetwatch.web.formats import Formats

AMOUNTS = frozenset({"goal_value", "goal_upper", "baseline_value", "lowest", "highest", "value", "derivation_base"})
RATIOS = frozenset({"goal_change", "yoy"})
WIDTHS = frozenset({"rounding"})
DAYS = frozenset({"effective", "start", "deadline", "baseline_start", "baseline_end", "period_start", "period_end"})
ACTORS = frozenset({"actor", "decided_by"})
PREFIXES = {
    **{
        name: f"value_{name}_"
        for name in ("managed_by", "status", "action", "role", "scope", "qualifier", "plan_shape")
    },
    "basis": "basis_",
    "measure": "measure_",
    "release_every": "release_",
}
"""Where the words of a column that is one of a few are found."""
NEVER = frozenset({"digest", "vintage", "revision", "correction", "recorded_at", "period_start", "period_end"})
"""Columns that tell a reader nothing: how a row is kept, or what its sentence says already."""
PRIVATE = frozenset({"headers", "params", "body"})
"""Options of a source that may hold a secret; what is left to the environment is shown as it is written."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an object, before and after; "" is empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """How values are shown: in which language, in which zone, in the unit of which indicator."""

    formats: Formats
    as_of: AsOf
    indicator: Indicator | None = None

    def label(self, column: str) -> str:
        """Return the name of a column in words; as it stands when it has none."""
        phrase = PHRASES.get(f"kept_{column}")
        return phrase[self.formats.language] if phrase else column

    def value(self, column: str, value: object) -> str:
        """Return a value of a column in words; "" for none."""
        if value is None or value in ("", [], {}):
            return ""
        if value == HIDDEN:
            return self._phrase("audit_hidden")
        if isinstance(value, bool):
            return self._phrase("audit_yes" if value else "audit_no")
        if isinstance(value, str):
            return self._text(column, value)
        return self._other(column, value)

    def _text(self, column: str, value: str) -> str:
        if column in AMOUNTS | RATIOS | WIDTHS:
            return self._number(column, value)
        if column in DAYS or column.endswith("_on"):
            return _try(lambda: self.formats.day(date.fromisoformat(value)), value)
        if column.endswith("_at") or column == "at":
            return _try(lambda: self.formats.moment(datetime.fromisoformat(value), self.as_of), value)
        if column in ACTORS:
            return actors.said(value, self.formats.language)
        prefix = PREFIXES.get(column)
        if prefix and f"{prefix}{value}" in PHRASES:
            return self._phrase(f"{prefix}{value}")
        if column == "schedule":
            return schedule_words.said(value)[self.formats.language]
        return value

    def _number(self, column: str, value: str) -> str:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if column in RATIOS:
            return self.formats.percent(number)
        if self.indicator is None:
            return f"{number:,f}"
        return self.formats.width(number, self.indicator) if column in WIDTHS else self._amount(number)

    def _amount(self, number: Decimal) -> str:
        assert self.indicator is not None
        return self.formats.amount(number, self.indicator)

    def _other(self, column: str, value: object) -> str:
        if column == "options" and isinstance(value, Mapping):
            return json.dumps(masked(value, self._phrase("audit_hidden")), ensure_ascii=False, indent=1)
        if column == "plan_waypoints" and isinstance(value, list):
            return "\n".join(f"{self._text('effective', day)}: {self._text('value', much)}" for day, much in value)
        if column == "steps" and isinstance(value, list):
            return "\n".join(self._step(step) for step in value)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return self._phrase("comma").join(value)
        if isinstance(value, list | Mapping):
            return json.dumps(value, ensure_ascii=False)
        return str(value)

    def _step(self, step: Mapping[str, Any]) -> str:
        title = step.get(f"title_{self.formats.language}") or step.get("title_en") or step.get("id", "")
        due = self._text("deadline", step["due"]) if step.get("due") else ""
        return f"{title} ({due})" if due else str(title)

    def _phrase(self, key: str) -> str:
        return PHRASES[key][self.formats.language]


def changes(shown: Shown, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[Change, ...]:
    """Return what differs between two sets of columns, in their order; what is empty on both is left out."""
    before, after = old or {}, new or {}
    names = [*before, *(name for name in after if name not in before)]
    found = (
        Change(shown.label(name), shown.value(name, before.get(name)), shown.value(name, after.get(name)))
        for name in names
        if name not in NEVER and (before.get(name) != after.get(name) or before.get(name) == HIDDEN)
    )
    return tuple(change for change in found if change.before or change.after)


def masked(value: object, instead: str) -> object:
    """Return the options of a source without what may be a secret: only what the environment fills in is shown."""
    if not isinstance(value, Mapping):
        return value
    shown = {name: _hidden(inner, instead) if name in PRIVATE else inner for name, inner in value.items()}
    url = shown.get("url")
    if isinstance(url, str) and "?" in url:
        shown["url"] = f"{url.partition('?')[0]}?{instead}"
    return shown


def safe(columns: Mapping[str, Any] | None, instead: str = HIDDEN) -> dict[str, Any] | None:
    """Return the columns of an entry as they may leave the program: the options of a source masked."""
    if columns is None:
        return None
    return {name: masked(value, instead) if name == "options" else value for name, value in columns.items()}


def listed(labels: Iterable[str], language: str) -> str:
    """Return names of fields as they stand in a sentence."""
    some = list(labels)
    if language == "zh":
        return "、".join(some)
    lower = [f"{label[:1].lower()}{label[1:]}" for label in some]
    return lower[0] if len(lower) == 1 else f"{', '.join(lower[:-1])} and {lower[-1]}"


def _hidden(value: object, instead: str) -> object:
    if isinstance(value, Mapping):
        return {name: _hidden(inner, instead) for name, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner, instead) for inner in value]
    is_left_out = isinstance(value, str) and value.startswith("${") and value.endswith("}")
    return value if is_left_out or value in (None, "") else instead


def _try(make: Any, otherwise: str) -> str:  # noqa: ANN401 - a small function
    try:
        said: str = make()
    except ValueError:
        return otherwise
    return said
