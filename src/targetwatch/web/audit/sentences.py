"""An entry of the audit trail as a sentence: who did what to which object, from what to what.

The sentence is made of what the entry holds and of the names things have now; a thing that has none any more is called
by its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from targetwatch.model import AsOf, Basis, Catalogue, Reading
from targetwatch.store.audit import AuditEntry
from targetwatch.store.audit.subjects import Subjects, batch_numbers
from targetwatch.store.audit.trail import PACK
from targetwatch.web import access
from targetwatch.web.audit.fields import Shown, ShownChange, changes, differences, named
from targetwatch.web.render import Formats
from targetwatch.wording import terms
from targetwatch.wording.problems import reason
from targetwatch.wording.translation import N_, translator

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
