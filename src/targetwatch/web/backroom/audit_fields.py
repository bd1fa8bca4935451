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
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, NC_, Translator, listed, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import AsOf, Indicator
    from targetwatch.web.formats import Formats

AMOUNTS = frozenset({"goal_value", "goal_upper", "baseline_value", "lowest", "highest", "value", "derivation_base"})
RATIOS = frozenset({"goal_change", "yoy"})
WIDTHS = frozenset({"rounding"})
DAYS = frozenset({"effective", "start", "deadline", "baseline_start", "baseline_end", "period_start", "period_end"})
ACTORS = frozenset({"actor", "decided_by"})
VALUES = {
    "managed_by": terms.MANAGED_BY,
    "status": {"waiting": N_("waiting"), "accepted": N_("accepted"), "rejected": N_("rejected")},
    "action": {"withdraw": NC_("act", "withdrawn"), "restore": N_("restored")},
    "role": {"viewer": N_("viewer"), "editor": N_("editor"), "admin": N_("admin")},
    "scope": {"read": NC_("scope of a token", "read"), "record": N_("read and record")},
    "qualifier": {"exact": N_("exact"), "about": NC_("audit", "about"), "over": N_("over")},
    "plan_shape": {
        "linear": N_("a straight line"),
        "seasonal": N_("seasonal, from earlier years"),
        "waypoints": N_("through points"),
    },
    "basis": terms.BASES,
    "measure": terms.MEASURES,
    "release_every": terms.RELEASES,
}
"""What the values of a column that is one of a few are called."""
LABELS = {
    "account": N_("Account"),
    "action": N_("Action"),
    "actor": N_("Person"),
    "announced_by": N_("Announced by"),
    "announced_in": N_("Announced in"),
    "announced_on": N_("Announced on"),
    "announced_quote": N_("Words of the announcement"),
    "announced_url": N_("Link to the announcement"),
    "archived_at": NC_("audit", "Archived"),
    "at": N_("When"),
    "authority": N_("Whose count is judged"),
    "baseline": N_("Baseline"),
    "basis": N_("Basis"),
    "created_at": N_("Created"),
    "deadline": N_("Deadline"),
    "decided_at": N_("Decided"),
    "decided_by": N_("Decided by"),
    "decision_note": N_("Note"),
    "derivation_base": N_("Base of the index"),
    "derivation_base_on": N_("Day of the base"),
    "derivation_kind": N_("How it is computed"),
    "derivation_of": N_("Computed from"),
    "disabled_at": N_("Closed"),
    "effective": N_("In force from"),
    "email": N_("E-mail"),
    "enabled": N_("Switched on"),
    "evidence_url": N_("Link"),
    "expires_at": N_("Expires"),
    "goal": N_("Goal"),
    "highest": N_("Highest plausible value"),
    "id": NC_("identifier", "Name"),
    "indicator": N_("Indicator"),
    "kind": N_("Kind"),
    "language": N_("Language of mails"),
    "lowest": N_("Lowest plausible value"),
    "managed_by": N_("Managed by"),
    "measure": N_("Measure"),
    "name": N_("Name"),
    "name_en": N_("Name (English)"),
    "name_zh": N_("Name (Chinese)"),
    "note": N_("Remark"),
    "note_en": N_("Note (English)"),
    "note_zh": N_("Note (Chinese)"),
    "number": N_("Version"),
    "one_time": N_("Password good for one sign-in"),
    "options": N_("Options"),
    "owner": N_("Owner"),
    "password_hash": N_("Password"),
    "period_end": N_("Period to"),
    "period_start": N_("Period from"),
    "plan_shape": N_("Plan"),
    "plan_waypoints": N_("Points of the plan"),
    "programme": N_("Programme"),
    "provisional": N_("Provisional"),
    "published_on": N_("Published"),
    "publisher": N_("Whose count"),
    "qualifier": N_("How exact"),
    "quote": N_("Quote"),
    "reading": N_("Reading"),
    "reason": N_("Reason"),
    "recorded_at": N_("Recorded"),
    "release_calendar": N_("Holidays of"),
    "release_every": N_("Released every"),
    "release_grace_days": N_("Late after further days"),
    "release_january_with_february": N_("January with February"),
    "release_lag_days": N_("Days after the period"),
    "revoked_at": N_("Revoked"),
    "role": N_("Role"),
    "rounding": N_("Rounded to within"),
    "schedule": N_("Schedule"),
    "scope": N_("Scope"),
    "scope_en": N_("What is counted (English)"),
    "scope_zh": N_("What is counted (Chinese)"),
    "secret_hash": N_("Secret"),
    "short_en": N_("Short title (English)"),
    "short_zh": N_("Short title (Chinese)"),
    "source": N_("Came from"),
    "start": N_("Start"),
    "status": N_("Standing"),
    "step": N_("Step"),
    "steps": N_("Steps"),
    "subject": N_("Identity at the sign-in service"),
    "title": N_("Title"),
    "title_en": N_("Title (English)"),
    "title_zh": N_("Title (Chinese)"),
    "unit": N_("Unit"),
    "unit_label_en": N_("Unit in words (English)"),
    "unit_label_zh": N_("Unit in words (Chinese)"),
    "value": N_("Value"),
    "yoy": N_("On a year before"),
    "before": N_("{count} statuses before {day} stay as they were said."),
    "before_one": N_("1 status before {day} stays as it was said."),
    "since": N_(
        "{count} said since {day} stay in the history too, told apart as said under the version "
        "before; the new verdict is added."
    ),
    "since_one": N_(
        "1 said since {day} stays in the history too, told apart as said under the version "
        "before; the new verdict is added."
    ),
    "none": N_("No status has been said of it yet."),
}
"""What the columns are called."""
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
        return self._(LABELS[column]) if column in LABELS else column

    def value(self, column: str, value: object) -> str:
        """Return a value of a column in words; "" for none."""
        if value is None or value in ("", [], {}):
            return ""
        if value == HIDDEN:
            return self._("(hidden)")
        if isinstance(value, bool):
            return self._("yes") if value else self._("no")
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
        if value in (known := VALUES.get(column, {})):
            return self._(known[value])
        if column == "schedule":
            return schedule_words.said(value, self._)
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
            return json.dumps(masked(value, self._("(hidden)")), ensure_ascii=False, indent=1)
        if column == "plan_waypoints" and isinstance(value, list):
            return "\n".join(f"{self._text('effective', day)}: {self._text('value', much)}" for day, much in value)
        if column == "steps" and isinstance(value, list):
            return "\n".join(self._step(step) for step in value)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return self._(", ").join(value)
        if isinstance(value, list | Mapping):
            return json.dumps(value, ensure_ascii=False)
        return str(value)

    def _step(self, step: Mapping[str, Any]) -> str:
        title = step.get(f"title_{self.formats.language}") or step.get("title_en") or step.get("id", "")
        due = self._text("deadline", step["due"]) if step.get("due") else ""
        return f"{title} ({due})" if due else str(title)

    @property
    def _(self) -> Translator:
        return translator(self.formats.language)


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


def named(labels: Iterable[str], language: str) -> str:
    """Return names of fields as they stand in a sentence."""
    return listed([f"{label[:1].lower()}{label[1:]}" for label in labels], translator(language))


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
