"""An entry of the audit trail as a sentence: who did what to which object, from what to what.

The sentence is made of what the entry holds and of the names things have now; a thing that has none any more is called
by its id. The fields it tells of are shown as a reader knows them: named, formatted, before and after, secrets hidden.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined

from targetwatch.model import AsOf, Basis, Catalogue, Indicator, Owner, Reading, Source, TargetVersion
from targetwatch.model.catalogue import as_yaml
from targetwatch.model.problem import Problem
from targetwatch.store.audit import AuditEntry
from targetwatch.store.audit.subjects import Subjects, batch_numbers, by_path, masked
from targetwatch.store.audit.trail import HIDDEN, PACK
from targetwatch.store.catalogue.diff import changed_fields
from targetwatch.store.types import leaves
from targetwatch.web import access
from targetwatch.web.render import Formats
from targetwatch.wording import terms, versions
from targetwatch.wording.problems import is_ours, on_page, reason
from targetwatch.wording.schedule import schedule_in_words
from targetwatch.wording.translation import N_, Translator, listed, translator

PLACES = {"target": "targets", "indicator": "indicators", "source": "sources"}
LONGEST_INLINE = 80
"""A value longer than this stands in the table below the sentence only."""
DONE = {
    "add": N_("{who} added the {kind} {object}"),
    "delete": N_("{who} deleted the {kind} {object}"),
    PACK: N_("With a new version of the program, the {kind} {object} is kept in another form"),
}
UNSUBSCRIPTION = (
    N_("{who} lets reminders and summaries go to {object} again"),
    N_("{who} wants no reminders and summaries any more"),
)
HELD = {
    "accepted": N_("{who} accepted a figure that was to be checked: {reading}"),
    "rejected": N_("{who} rejected a figure that was to be checked: {reading}"),
}
WAITS_AGAIN = {
    "accepted": N_("{who} took back the acceptance of a figure, which is to be checked again: {reading}"),
    "rejected": N_("{who} took back the rejection of a figure, which is to be checked again: {reading}"),
}
AMOUNTS = frozenset({"above", "at_least", "below", "at_most", "between", "value", "upper", "lowest", "highest", "base"})
RATIOS = frozenset({"change", "by", "yoy"})
DAY = re.compile(r"\d{4}-\d\d-\d\d")
COUNTS_OF_DAYS = frozenset({"lag", "grace"})
ACTORS = frozenset({"actor", "decided_by"})
NEVER = frozenset({"digest", "vintage", "revision", "correction", "recorded_at", "period_start", "period_end"})
"""Columns that tell a reader nothing: how a row is kept, or what its sentence says already."""
BEFORE = {
    "announced_in": "announcement.source.en",
    "announced_by": "announcement.by.en",
    "announcement.by": "announcement.by.en",
    "announcement.source": "announcement.source.en",
    "release_lag_days": "release.lag",
    "release_grace_days": "release.grace",
    "plan_shape": "plan",
    "plan_waypoints": "plan.waypoints",
    "derivation_base": "base",
    "derivation_base_on": "base_on",
}
"""Under which path is kept now what had another name in entries from before the rows were packed."""
SPLIT = re.compile(r"(title|name|short|note|scope|unit_label|release|goal|baseline|announced)_(\w+)")
"""How a column that was a part of something was called then: "title_en"."""
IN_SENTENCE = frozenset({"effective", "reason"})
"""What the sentence of a version says already."""
WHOLE = frozenset({"goal", "baseline"})
"""What of a version is said in one piece, where its unit is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """An entry in words. `path` leads to its object, "" when it has no page; `readings` are those of a batch."""

    entry: AuditEntry
    who: str
    kind: str
    reason: str
    sentence: str = ""
    changes: tuple[ShownChange, ...] = ()
    readings: tuple[tuple[int, str], ...] = ()
    total: int = 0
    path: str = ""

    @property
    def is_change(self) -> bool:
        """Return whether there was something before, to be shown beside what came after."""
        return bool(self.entry.old) or any(change.before for change in self.changes)


class Teller:
    """Tells entries in one language, by the names of one catalogue and of what is archived."""

    def __init__(self, language: str, as_of: AsOf, catalogue: Catalogue, subjects: Subjects) -> None:
        self._, self.formats, self.as_of, self.subjects = translator(language), Formats(language), as_of, subjects
        known = (subjects.archived, catalogue)
        self._indicators = {one.id: one for part in known for one in part.indicators}
        self._targets = {one.id: one for part in known for one in part.targets}
        self._titles = {
            (kind, one.id): one.title
            for part in known
            for kind in ("target", "indicator", "programme", "publisher")
            for one in getattr(part, f"{kind}s")
        } | {("owner", one.owner.id): one.owner.name for one in self._targets.values()}

    def line(self, entry: AuditEntry) -> AuditLine:
        """Return an entry in words."""
        line = AuditLine(
            entry=entry,
            who=access.actor_begins(entry.actor, self._.language, self.subjects.tokens),
            kind=self._(terms.KINDS[entry.kind]) if entry.kind in terms.KINDS else entry.kind,
            reason=reason(entry.reason, self._),
        )
        if entry.kind == "reading" and entry.new:
            return self._recorded(line, entry.new)
        if entry.kind == "withdrawal" and entry.new:
            return self._withdrawn(line, entry.new)
        if entry.kind == "held":
            return self._held(line)
        if entry.kind == "acknowledgement" and entry.new:
            return self._acknowledged(line, entry.new)
        if entry.kind == "target_version" and entry.action != PACK and entry.object in self.subjects.versions:
            return self._version(line)
        return self._thing(line)

    def _title(self, kind: str, name: str) -> str:
        known = self._titles.get((kind, name))
        return known[self._.language] if known else name

    def _shown(self, indicator: str) -> Shown:
        return Shown(self.formats, self.as_of, self._indicators.get(indicator))

    def _reading(self, reading: Reading | None, number: int) -> str:
        """Return a reading in a few words; its number when it is not there to be told of."""
        if reading is None:
            return self._("figure no. {number}", number=number)
        indicator = self._indicators.get(reading.indicator)
        value = f"{reading.value:,f}" if indicator is None else self.formats.stated(reading, indicator)
        key = (
            N_("{indicator}, {value}, {period} ({basis}), published {day}")
            if reading.published_on
            else N_("{indicator}, {value}, {period} ({basis})")
        )
        return self._(
            key,
            indicator=self._title("indicator", reading.indicator),
            value=(reading.step or value) if reading.basis is Basis.EVENT else value,
            period=self.formats.period(reading.period),
            basis=self._(terms.BASES[reading.basis]),
            day=self.formats.day(reading.published_on),
        )

    def _recorded(self, line: AuditLine, new: Mapping[str, Any]) -> AuditLine:
        count, first, last = int(new["count"]), int(new["first"]), int(new["last"])
        readings = self.subjects.readings
        if count == 1:
            sentence = self._(
                "{who} recorded {reading}", who=line.who, reading=self._reading(readings.get(first), first)
            )
            return replace(line, sentence=sentence, path=f"/readings/{first}")
        sentence = self._(
            "{who} recorded {count} readings, numbers {first} to {last}",
            who=line.who,
            count=f"{count:,}",
            first=first,
            last=last,
        )
        listed = tuple((one, self._reading(readings[one], one)) for one in batch_numbers(new) if one in readings)
        return replace(line, sentence=sentence, readings=listed, total=count)

    def _withdrawn(self, line: AuditLine, new: Mapping[str, Any]) -> AuditLine:
        number = int(new["reading"])
        said = (
            N_("{who} put figure no. {number} back in force: {reading}")
            if new.get("action") == "restore"
            else N_("{who} withdrew figure no. {number}: {reading}")
        )
        reading = self._reading(self.subjects.readings.get(number), number)
        sentence = self._(said, who=line.who, number=number, reading=reading)
        return replace(line, sentence=sentence, path=f"/readings/{number}")

    def _acknowledged(self, line: AuditLine, new: Mapping[str, Any]) -> AuditLine:
        target, until, note = str(new["target"]), date.fromisoformat(str(new["until"])), str(new["note"])
        said = (
            N_("{who} knows how {object} stands, until {day}: {note}")
            if note
            else N_("{who} knows how {object} stands, until {day}")
        )
        title = self._title("target", target)
        sentence = self._(said, who=line.who, object=title, day=self.formats.day(until), note=note)
        return replace(line, sentence=sentence, path=f"/targets/{target}")

    def _held(self, line: AuditLine) -> AuditLine:
        entry, number = line.entry, int(line.entry.object)
        held = self.subjects.held.get(number)
        decided = HELD.get((entry.new or {}).get("status", ""))
        taken_back = WAITS_AGAIN.get((entry.old or {}).get("status", ""))
        said = decided or taken_back or N_("{who} brought a figure that is to be checked: {reading}")
        return replace(
            line,
            sentence=self._(said, who=line.who, reading=self._reading(held, number)),
            changes=changes(self._shown(held.indicator if held else ""), entry.old, entry.new),
            path="/held?tab=decided" if decided else "/held",
        )

    def _version(self, line: AuditLine) -> AuditLine:
        name = line.entry.object
        target_id, _number, correction = name.rsplit("/", 2)
        target, version = self._targets.get(target_id), self.subjects.versions[name]
        before = self.subjects.before.get(name)
        shown = self._shown(target.indicator if target else "")
        found = differences(shown, before, version)
        goal = next((one for one in found if one.label == shown.label("goal")), None)
        if before is None:
            said = N_("{who} entered the promise of {object}: {goal}")
        elif int(correction):
            said = N_("{who} corrected {fields} of {object} (version {number})")
        elif goal:
            said = N_("{who} changed the goal of {object}: {before} → {after}, from {day}")
        elif found:
            said = N_("{who} changed {fields} of {object}, from {day}")
        else:
            said = N_("{who} entered version {number} of {object} anew, from {day}")
        sentence = self._(
            said,
            who=line.who,
            object=self._title("target", target_id),
            day=self.formats.day(version.effective),
            fields=named([one.label for one in found], self._.language) if found else "",
            number=version.number,
            before=goal.before if goal else "",
            after=goal.after if goal else "",
            goal=goal.after if goal else "",
        )
        return replace(line, sentence=sentence, changes=found, path=f"/targets/{target_id}")

    def _thing(self, line: AuditLine) -> AuditLine:
        entry = line.entry
        shown = self._shown(entry.object if entry.kind == "indicator" else (entry.new or {}).get("indicator", ""))
        found = () if entry.action == PACK else changes(shown, entry.old, entry.new, kind=entry.kind)
        said = {"who": line.who, "kind": line.kind, "object": self._object(entry)}
        path = f"/{PLACES[entry.kind]}/{entry.object}" if entry.kind in PLACES else ""
        return replace(line, sentence=self._done(entry, said, found), changes=found, path=path)

    def _object(self, entry: AuditEntry) -> str:
        """Return what the object of an entry is called, now or in the entry itself."""
        known = self._title(entry.kind, entry.object)
        columns = {**(entry.old or {}), **(entry.new or {})}
        names = [f"{stem}.{one}" for stem in ("title", "name") for one in (self._.language, "en", "zh")]
        said = (columns.get(name) or columns.get(name.replace(".", "_")) for name in names)
        return known if known != entry.object else next((str(one) for one in said if one), known)

    def _done(self, entry: AuditEntry, said: dict[str, str], found: tuple[ShownChange, ...]) -> str:
        new = entry.new or {}
        if entry.kind == "unsubscription":
            return self._(UNSUBSCRIPTION[entry.action == "add"], **said)
        if entry.kind in {"account", "token"} and (special := self._of_people(entry, said, new)):
            return special
        if entry.action == "change" and "archived_at" in new:
            done = (
                N_("{who} archived the {kind} {object}")
                if new["archived_at"]
                else N_("{who} brought the {kind} {object} back")
            )
            return self._(done, **said)
        if entry.action == "change" and new.get("managed_by") in {"web", "file"}:
            done = (
                N_("{who} took the {kind} {object} over from the file")
                if new["managed_by"] == "web"
                else N_("{who} handed the {kind} {object} back to the file")
            )
            return self._(done, **said)
        if entry.action != "change" or not found:
            return self._(DONE.get(entry.action, N_("{who} saved the {kind} {object}")), **said)
        fields = named([one.label for one in found], self._.language)
        (first, *rest) = found
        if rest or max(len(first.before), len(first.after)) > LONGEST_INLINE or "\n" in first.after:
            return self._("{who} changed {fields} of the {kind} {object}", **said, fields=fields)
        before, after = (one or self._("empty") for one in (first.before, first.after))
        return self._(
            "{who} changed {fields} of the {kind} {object}: {before} → {after}",
            **said,
            fields=fields,
            before=before,
            after=after,
        )

    def _of_people(self, entry: AuditEntry, said: Mapping[str, str], new: Mapping[str, Any]) -> str:
        """Return what was done to an account or a token; "" when the plain sentence says it."""
        if entry.kind == "token":
            if entry.action == "add":
                title, account = str(new.get("title", "")), str(new.get("account", ""))
                made = N_("{who} made the token “{title}” of {account}")
                return self._(made, who=said["who"], title=title, account=account)
            return self._("{who} revoked token {object}", **said) if new.get("revoked_at") else ""
        if entry.action == "add":
            role = self._shown("").value("role", new.get("role"))
            return self._("{who} opened an account for {object} ({role})", **said, role=role)
        if "disabled_at" in new:
            done = (
                N_("{who} closed the account of {object}")
                if new["disabled_at"]
                else N_("{who} reopened the account of {object}")
            )
            return self._(done, **said)
        return self._("{who} changed the password of {object}", **said) if "password_hash" in new else ""


def path_of(column: str) -> str:
    """Return the path of what was kept in a column of that name before the rows were packed; any other as it is.

    >>> path_of("title_en"), path_of("announced_by"), path_of("release_lag_days"), path_of("goal.above")
    ('title.en', 'announcement.by.en', 'release.lag', 'goal.above')
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

    @property
    def _(self) -> Translator:
        return translator(self.formats.language)

    def label(self, column: str) -> str:
        """Return the name of a column or path in words, with the row of a list it is in; as it stands without one."""
        path = path_of(column)
        if path.startswith("options."):
            return f"{self.label('options')}: {path.removeprefix('options.')}"
        label, rows = terms.label(re.sub(r"\[.*?\]", "", path)), re.findall(r"\[(.*?)\]", path)
        return " ".join([self._(label), *(f"({row})" for row in rows)]) if label else path

    def value(self, column: str, value: object) -> str:
        """Return a value of a column, or of a path within its terms, in words; "" for none."""
        name = path_of(column).rpartition(".")[2]
        if value is None or value in ("", [], {}):
            return ""
        if value == HIDDEN:
            return self._("(hidden)")
        if isinstance(value, bool):
            return self._("yes") if value else self._("no")
        if isinstance(value, list | tuple) and not any(isinstance(one, list | tuple | Mapping) for one in value):
            return self._(", ").join(self._text(name, str(one)) for one in value)
        if isinstance(value, list | tuple | Mapping):
            return json.dumps(value, ensure_ascii=False, default=str)
        return self._text(name, str(value))

    def _text(self, name: str, value: str) -> str:
        try:
            if name in AMOUNTS:
                much = Decimal(value)
                return self.formats.amount(much, self.indicator) if self.indicator else f"{much:,f}"
            if name in RATIOS:
                return self.formats.percent(Decimal(value.rstrip("%")) / (100 if value.endswith("%") else 1))
            if name == "rounding" and self.indicator is not None:
                return self.formats.width(Decimal(value), self.indicator)
            if DAY.fullmatch(value):
                return self.formats.day(date.fromisoformat(value))
            if name == "at" or name.endswith("_at"):
                return self.formats.moment(datetime.fromisoformat(value), self.as_of)
        except (ValueError, ArithmeticError):
            return value
        if name in ACTORS:
            return access.actor_said(value, self.formats.language)
        if value in (known := terms.VALUES.get(name, {})):
            return self._(known[value])
        if name in COUNTS_OF_DAYS:
            return value.removesuffix("d")
        if name == "reason" and is_ours(kept := Problem.from_text(value)):
            return on_page(kept, self._, indicator=self.indicator)
        return schedule_in_words(value, self._) if name == "schedule" else value


def changes(
    shown: Shown, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *, kind: str = ""
) -> tuple[ShownChange, ...]:
    """Return what differs between two sets of columns, in their order; what is empty on both is left out.

    Of a change of a `kind` that says what a field means where it is left out, that is shown.
    """
    raw = [{BEFORE.get(name, name): value for name, value in by_path(side).items()} for side in (old, new)]
    unsaid = _unsaid(kind) if old is not None and new is not None else {}
    found = []
    for name in {**raw[0], **raw[1]}:
        before, after = (side.get(name) for side in raw)
        if name in NEVER or (before == after != HIDDEN):
            continue
        said = (masked(name, unsaid.get(name) if one is None else one) for one in (before, after))
        found.append(ShownChange(shown.label(name), *(shown.value(name, one) for one in said)))
    return tuple(change for change in found if change.before or change.after)


def differences(shown: Shown, before: TargetVersion | None, after: TargetVersion) -> tuple[ShownChange, ...]:
    """Return what differs between two versions; everything that is not empty for the first."""
    found: dict[str, ShownChange] = {}
    for field in changed_fields(before, after):
        part = field.name.partition(".")[0]
        if part in WHOLE and shown.indicator is not None:
            sides = (_whole(part, one, shown.indicator, shown._) for one in (before, after))
            found[part] = ShownChange(shown.label(part), *sides)
        elif field.name not in IN_SENTENCE:
            sides = (shown.value(field.name, one) for one in (field.old, field.new))
            found[field.name] = ShownChange(shown.label(field.name), *sides)
    return tuple(found.values())


def _whole(part: str, version: TargetVersion | None, indicator: Indicator, _: Translator) -> str:
    if version is None or getattr(version, part) is None:
        return ""
    return versions.in_words(part, version, indicator, _)


def named(labels: Iterable[str], language: str) -> str:
    """Return names of fields as they stand in a sentence."""
    return listed([f"{label[:1].lower()}{label[1:]}" for label in labels], translator(language))


@cache
def _unsaid(kind: str) -> Mapping[str, Any]:
    """Return what the fields of a kind mean where nothing is said, by path."""
    known = {"owner": Owner, "source": Source, "indicator": Indicator}.get(kind)
    fields = known.__pydantic_fields__ if known else {}  # type: ignore[attr-defined]
    said = {name: field.default for name, field in fields.items() if field.default is not PydanticUndefined}
    return leaves({name: as_yaml(value, whole=True) for name, value in said.items()})
