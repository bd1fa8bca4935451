"""The columns of audited objects as a reader is shown them: names in words, values formatted, secrets hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticUndefined

from targetwatch.model import Indicator, Owner, Source
from targetwatch.model.catalogue import as_json, as_yaml
from targetwatch.model.problem import Problem
from targetwatch.store.audit.trail import HIDDEN
from targetwatch.store.types import leaves
from targetwatch.web import actors
from targetwatch.wording import terms
from targetwatch.wording.problems import is_ours, on_page
from targetwatch.wording.schedule import schedule_in_words
from targetwatch.wording.translation import N_, NC_, Translator, listed, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import AsOf, TargetVersion
    from targetwatch.web.formats import Formats

AMOUNTS = frozenset({"above", "at_least", "below", "at_most", "between", "value", "upper", "lowest", "highest", "base"})
RATIOS = frozenset({"change", "yoy"})
WIDTHS = frozenset({"rounding"})
DAYS = frozenset({"effective", "start", "end", "deadline", "due", "on"})
COUNTS_OF_DAYS = frozenset({"lag", "grace"})
ACTORS = frozenset({"actor", "decided_by"})
VALUES = {
    "managed_by": terms.MANAGED_BY,
    "status": {"waiting": N_("waiting"), "accepted": N_("accepted"), "rejected": N_("rejected")},
    "action": {"withdraw": NC_("act", "withdrawn"), "restore": N_("restored")},
    "role": {"viewer": N_("viewer"), "editor": N_("editor"), "admin": N_("admin")},
    "scope": {"read": NC_("scope of a token", "read"), "record": N_("read and record")},
    "qualifier": {"exact": N_("exact"), "about": NC_("audit", "about"), "over": N_("over")},
    "plan": {
        "linear": N_("a straight line"),
        "seasonal": N_("seasonal, from earlier years"),
        "waypoints": N_("through points"),
    },
    "basis": terms.BASES,
    "measure": terms.MEASURES,
    "every": terms.RELEASES,
}
"""What the values of a column that is one of a few are called."""
LABELS = {
    "account": N_("Account"),
    "action": N_("Action"),
    "actor": N_("Person"),
    "announcement.by": N_("Announced by"),
    "announcement.source": N_("Announced in"),
    "announcement.on": N_("Announced on"),
    "announcement.quote": N_("Words of the announcement"),
    "announcement.url": N_("Link to the announcement"),
    "archived_at": NC_("audit", "Archived"),
    "at": N_("When"),
    "annual_total_of": N_("Whose annual total it is"),
    "authority": N_("Whose count is judged"),
    "baseline": N_("Baseline"),
    "basis": N_("Basis"),
    "chained_from": N_("Chained from"),
    "created_at": N_("Created"),
    "deadline": N_("Deadline"),
    "decided_at": N_("Decided"),
    "decided_by": N_("Decided by"),
    "decision_note": N_("Note"),
    "base": N_("Base of the index"),
    "base_on": N_("Day of the base"),
    "derivation_kind": N_("How it is computed"),
    "derivation_of": N_("Computed from"),
    "disabled_at": N_("Closed"),
    "effective": N_("In force from"),
    "email": N_("E-mail"),
    "enabled": N_("Switched on"),
    "evidence_url": N_("Link"),
    "expires_at": N_("Expires"),
    "goal": N_("Goal"),
    "growth_of": N_("Whose growth it is"),
    "highest": N_("Highest plausible value"),
    "id": NC_("identifier", "Name"),
    "indicator": N_("Indicator"),
    "kind": N_("Kind"),
    "language": N_("Language of mails"),
    "lowest": N_("Lowest plausible value"),
    "managed_by": N_("Managed by"),
    "measure": N_("Measure"),
    "name": N_("Name"),
    "name.en": N_("Name (English)"),
    "name.zh": N_("Name (Chinese)"),
    "note": N_("Remark"),
    "note.en": N_("Note (English)"),
    "note.zh": N_("Note (Chinese)"),
    "number": N_("Version"),
    "one_time": N_("Password good for one sign-in"),
    "options": N_("Options"),
    "owner": N_("Owner"),
    "password_hash": N_("Password"),
    "period_end": N_("Period to"),
    "period_start": N_("Period from"),
    "plan": N_("Plan"),
    "plan_waypoints": N_("Points of the plan"),
    "programme": N_("Programme"),
    "provisional": N_("Provisional"),
    "published_on": N_("Published"),
    "publisher": N_("Whose count"),
    "qualifier": N_("How exact"),
    "quote": N_("Quote"),
    "ratio": N_("Ratio of"),
    "reading": N_("Reading"),
    "reason": N_("Reason"),
    "recorded_at": N_("Recorded"),
    "release.calendar": N_("Holidays of"),
    "release.every": N_("Released every"),
    "release.grace": N_("Late after further days"),
    "release.january_with_february": N_("January with February"),
    "release.lag": N_("Days after the period"),
    "revoked_at": N_("Revoked"),
    "role": N_("Role"),
    "rounding": N_("Rounded to within"),
    "schedule": N_("Schedule"),
    "scope": N_("Scope"),
    "scope.en": N_("What is counted (English)"),
    "scope.zh": N_("What is counted (Chinese)"),
    "secret_hash": N_("Secret"),
    "short.en": N_("Short title (English)"),
    "short.zh": N_("Short title (Chinese)"),
    "source": N_("Came from"),
    "start": N_("Start"),
    "status": N_("Standing"),
    "step": N_("Step"),
    "steps": N_("Steps"),
    "subject": N_("Identity at the sign-in service"),
    "title": N_("Title"),
    "title.en": N_("Title (English)"),
    "title.zh": N_("Title (Chinese)"),
    "unit": N_("Unit"),
    "unit_label.en": N_("Unit in words (English)"),
    "unit_label.zh": N_("Unit in words (Chinese)"),
    "value": N_("Value"),
    "yoy": N_("On a year before"),
}
"""What the columns are called."""
NEVER = frozenset({"digest", "vintage", "revision", "correction", "recorded_at", "period_start", "period_end"})
"""Columns that tell a reader nothing: how a row is kept, or what its sentence says already."""
BEFORE = {
    "announced_in": "announcement.source",
    "release_lag_days": "release.lag",
    "release_grace_days": "release.grace",
    "plan_shape": "plan",
    "derivation_base": "base",
    "derivation_base_on": "base_on",
}
"""Under which path is kept now what had another name in entries from before the rows were packed."""
SPLIT = re.compile(r"(title|name|short|note|scope|unit_label|release|goal|baseline|announced)_(\w+)")
"""How a column that was a part of something was called then: "title_en"."""
IN_SENTENCE = ("number", "effective", "reason")
"""What the sentence of a version says already."""
PRIVATE = re.compile(r"options\.(headers|params|body)\b")
"""Options of a source that may hold a secret; what is left to the environment is shown as it is written."""


def path_of(column: str) -> str:
    """Return the path of what was kept in a column of that name before the rows were packed; any other as it is.

    >>> path_of("title_en"), path_of("announced_by"), path_of("release_lag_days"), path_of("goal.above")
    ('title.en', 'announcement.by', 'release.lag', 'goal.above')
    """
    if column in BEFORE:
        return BEFORE[column]
    part = SPLIT.fullmatch(column)
    return f"{'announcement' if part[1] == 'announced' else part[1]}.{part[2]}" if part else column


@dataclass(frozen=True, slots=True)
class ShownChange:
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
        path = path_of(column)
        if path.startswith("options."):
            return f"{self.label('options')}: {path.removeprefix('options.')}"
        return self._(LABELS[path]) if path in LABELS else path

    def value(self, column: str, value: object) -> str:
        """Return a value of a column, or of a path within its terms, in words; "" for none."""
        column = path_of(column).rpartition(".")[2]
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
        if column in COUNTS_OF_DAYS:
            return value.removesuffix("d")
        if column == "reason" and is_ours(kept := Problem.from_text(value)):
            return on_page(kept, self._, indicator=self.indicator)
        if column == "schedule":
            return schedule_in_words(value, self._)
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
        if column == "plan_waypoints" and isinstance(value, list):
            return "\n".join(f"{self._text('effective', day)}: {self._text('value', much)}" for day, much in value)
        if column == "steps" and isinstance(value, list):
            return "\n".join(self._step(step) for step in value)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return self._(", ").join(self._text(column, one) for one in value)
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


def changes(
    shown: Shown, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *, kind: str = ""
) -> tuple[ShownChange, ...]:
    """Return what differs between two sets of columns, in their order; what is empty on both is left out.

    Of a change of a `kind` that says what a field means where it is left out, that is shown.
    """
    hidden = shown._("(hidden)")
    raw_before, raw_after = _by_path(old), _by_path(new)
    before, after = safe(old, hidden) or {}, safe(new, hidden) or {}
    if old is not None and new is not None:
        unsaid = _unsaid(kind)
        before, after = (
            {name: unsaid.get(name) if value is None else value for name, value in side.items()}
            for side in (before, after)
        )
    found = (
        ShownChange(shown.label(name), shown.value(name, before.get(name)), shown.value(name, after.get(name)))
        for name in {**before, **after}
        if name not in NEVER and (raw_before.get(name) != raw_after.get(name) or before.get(name) == HIDDEN)
    )
    return tuple(change for change in found if change.before or change.after)


def differences(shown: Shown, before: TargetVersion | None, after: TargetVersion) -> tuple[ShownChange, ...]:
    """Return what differs between two versions; everything that is not empty for the first."""
    old, new = as_json(before) if before else {}, as_json(after)
    found: list[ShownChange] = []
    for name in after.__dataclass_fields__:
        if name in IN_SENTENCE or (before is not None and getattr(before, name) == getattr(after, name)):
            continue
        if say := WHOLE.get(name):
            found.append(ShownChange(shown.label(name), say(shown, before), say(shown, after)))
        else:
            found += changes(shown, leaves({name: old.get(name)}), leaves({name: new.get(name)}))
    return tuple(one for one in found if one.before or one.after)


def _goal(shown: Shown, version: TargetVersion | None) -> str:
    if version is None:
        return ""
    if shown.indicator is None:
        goal = version.goal
        return " ".join(str(part) for part in (goal.comparator, goal.value, goal.upper, goal.relative) if part)
    return shown.formats.goal(version, shown.indicator)


def _baseline(shown: Shown, version: TargetVersion | None) -> str:
    if version is None or version.baseline is None:
        return ""
    value = shown.value("baseline_value", str(version.baseline.value))
    return f"{value} ({shown.formats.period(version.baseline.period)})"


def _plan(shown: Shown, version: TargetVersion | None) -> str:
    if version is None:
        return ""
    points = [
        f"{shown.value('on', point.on.isoformat())}: {shown.value('value', str(point.value))}"
        for point in version.plan.waypoints
    ]
    return "\n".join(points) or shown.value("plan", version.plan.shape.value)


def _steps(shown: Shown, version: TargetVersion | None) -> str:
    said = []
    for step in version.steps if version else ():
        due = f" ({shown.value('due', step.due.isoformat())})" if step.due else ""
        said.append(f"{step.title[shown.formats.language]}{due}")
    return "\n".join(said)


WHOLE = {"goal": _goal, "baseline": _baseline, "plan": _plan, "steps": _steps}
"""What is said in one line, not by its parts."""


def safe(columns: Mapping[str, Any] | None, instead: str = HIDDEN) -> dict[str, Any] | None:
    """Return the columns of an entry as they may leave the program: what an option of a source may hide is masked."""
    if columns is None:
        return None
    return {path: _masked(path, value, instead) for path, value in _by_path(columns).items()}


@cache
def _unsaid(kind: str) -> Mapping[str, Any]:
    """Return what the fields of a kind mean where nothing is said, by path."""
    known = {"owner": Owner, "source": Source, "indicator": Indicator}.get(kind)
    fields = known.__pydantic_fields__ if known else {}  # type: ignore[attr-defined]
    said = {name: field.default for name, field in fields.items() if field.default is not PydanticUndefined}
    return leaves({name: as_yaml(value, whole=True) for name, value in said.items()})


def _by_path(columns: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return columns with the options of a source by path, as they have been told since rows are packed."""
    told = dict(columns or {})
    options = told.pop("options", None)
    return told | (leaves({"options": options}) if options is not None else {})


def _masked(path: str, value: object, instead: str) -> object:
    if PRIVATE.match(path):
        return _hidden(value, instead)
    if path == "options.url" and isinstance(value, str) and "?" in value:
        return f"{value.partition('?')[0]}?{instead}"
    return value


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
