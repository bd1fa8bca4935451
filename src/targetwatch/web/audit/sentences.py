"""An entry of the audit trail as a sentence: who did what to which object, from what to what.

The sentence is made of what the entry holds and of the names things have now; a thing that has none any more is called
by its id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from targetwatch.model import Basis
from targetwatch.store.audit.subjects import Subjects, batch_numbers
from targetwatch.store.audit.trail import PACK
from targetwatch.web import actors, reasons
from targetwatch.web.audit.fields import Shown, ShownChange, changes, differences, named
from targetwatch.web.formats import Formats
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import AsOf, Catalogue, Indicator, Reading, Target, Text
    from targetwatch.store.audit import AuditEntry

PLACES = {"target": "targets", "indicator": "indicators", "source": "sources"}
LONGEST_INLINE = 80
"""A value longer than this stands in the table below the sentence only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """An entry in words. `path` leads to its object, "" when it has no page; `readings` are those of a batch."""

    entry: AuditEntry
    who: str
    kind: str
    reason: str
    sentence: str
    changes: tuple[ShownChange, ...] = ()
    readings: tuple[tuple[int, str], ...] = ()
    total: int = 0
    path: str = ""

    @property
    def is_change(self) -> bool:
        """Return whether there was something before, to be shown beside what came after."""
        return bool(self.entry.old) or any(change.before for change in self.changes)


@dataclass(slots=True)
class Names:
    """The names of one catalogue in the language of `formats`."""

    formats: Formats
    catalogue: Catalogue
    indicators: dict[str, Indicator] = field(init=False)
    targets: dict[str, Target] = field(init=False)
    _titles: dict[tuple[str, str], Text] = field(init=False)

    def __post_init__(self) -> None:
        known = self.catalogue
        self.indicators = {one.id: one for one in known.indicators}
        self.targets = {one.id: one for one in known.targets}
        self._titles = {
            **{("target", one.id): one.title for one in known.targets},
            **{("indicator", one.id): one.title for one in known.indicators},
            **{("programme", one.id): one.title for one in known.programmes},
            **{("publisher", one.id): one.title for one in known.publishers},
            **{("owner", one.owner.id): one.owner.name for one in known.targets},
        }

    def title(self, kind: str, name: str) -> str:
        """Return what a thing of that id is called now."""
        known = self._titles.get((kind, name))
        return known[self.formats.language] if known else name

    def kind(self, kind: str) -> str:
        """Return what a kind of object is called."""
        return translator(self.formats.language)(terms.KINDS[kind]) if kind in terms.KINDS else kind

    def object_of(self, entry: AuditEntry) -> str:
        """Return what the object of an entry is called, now or in the entry itself."""
        known = self.title(entry.kind, entry.object)
        if known != entry.object:
            return known
        columns = {**(entry.old or {}), **(entry.new or {})}
        for stem in ("title", "name"):
            for language in (self.formats.language, "en", "zh"):
                if said := columns.get(f"{stem}.{language}") or columns.get(f"{stem}_{language}"):
                    return str(said)
        return entry.object

    def reading(self, reading: Reading | None, number: int) -> str:
        """Return a reading in a few words; its number when it is not there to be told of."""
        _ = translator(self.formats.language)
        if reading is None:
            return _("figure no. {number}", number=number)
        indicator = self.indicators.get(reading.indicator)
        value = f"{reading.value:,f}" if indicator is None else self.formats.stated(reading, indicator)
        if reading.basis is Basis.EVENT:
            value = reading.step or value
        key = (
            N_("{indicator}, {value}, {period} ({basis}), published {day}")
            if reading.published_on
            else N_("{indicator}, {value}, {period} ({basis})")
        )
        return _(
            key,
            indicator=self.title("indicator", reading.indicator),
            value=value,
            period=self.formats.period(reading.period),
            basis=_(terms.BASES[reading.basis]),
            day=self.formats.day(reading.published_on),
        )


@dataclass(slots=True)
class Teller:
    """Tells entries in one language, by the names of one catalogue."""

    language: str
    as_of: AsOf
    catalogue: Catalogue
    subjects: Subjects = field(default_factory=Subjects)

    formats: Formats = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.formats = Formats(self.language)
        self.names = Names(self.formats, self.catalogue)

    @property
    def _(self) -> Translator:
        return translator(self.language)

    def line(self, entry: AuditEntry) -> AuditLine:
        """Return an entry in words."""
        who = actors.beginning(entry.actor, self.language, self.subjects.tokens)
        line = AuditLine(
            entry=entry, who=who, kind=self.names.kind(entry.kind), reason=self._reason(entry), sentence=""
        )
        if entry.kind == "reading" and entry.new:
            return self._recorded(line, entry.new)
        if entry.kind == "withdrawal" and entry.new:
            return self._withdrawn(line, entry.new)
        if entry.kind == "held":
            return self._held(line)
        if entry.kind == "target_version" and entry.action != PACK and entry.object in self.subjects.versions:
            return self._version(line)
        return self._thing(line)

    def _recorded(self, line: AuditLine, new: Mapping[str, Any]) -> AuditLine:
        count, first, last = int(new["count"]), int(new["first"]), int(new["last"])
        if count == 1:
            sentence = self._(
                "{who} recorded {reading}",
                who=line.who,
                reading=self.names.reading(self.subjects.readings.get(first), first),
            )
            return replace(line, sentence=sentence, path=f"/readings/{first}")
        return replace(
            line,
            sentence=self._(
                "{who} recorded {count} readings, numbers {first} to {last}",
                who=line.who,
                count=f"{count:,}",
                first=first,
                last=last,
            ),
            readings=tuple(
                (number, self.names.reading(self.subjects.readings[number], number))
                for number in batch_numbers(new)
                if number in self.subjects.readings
            ),
            total=count,
        )

    def _withdrawn(self, line: AuditLine, new: Mapping[str, Any]) -> AuditLine:
        number = int(new["reading"])
        said = (
            N_("{who} put figure no. {number} back in force: {reading}")
            if new.get("action") == "restore"
            else N_("{who} withdrew figure no. {number}: {reading}")
        )
        reading = self.names.reading(self.subjects.readings.get(number), number)
        return replace(
            line,
            sentence=self._(said, who=line.who, number=number, reading=reading),
            path=f"/readings/{number}",
        )

    def _held(self, line: AuditLine) -> AuditLine:
        entry, number = line.entry, int(line.entry.object)
        held = self.subjects.held.get(number)
        status = (entry.new or {}).get("status", "")
        decided = {
            "accepted": N_("{who} accepted a held reading: {reading}"),
            "rejected": N_("{who} rejected a held reading: {reading}"),
        }.get(status)
        indicator = self.names.indicators.get(held.indicator) if held else None
        return replace(
            line,
            sentence=self._(
                decided or N_("{who} brought a reading that is held: {reading}"),
                who=line.who,
                reading=self.names.reading(held, number),
            ),
            changes=changes(Shown(self.formats, self.as_of, indicator), entry.old, entry.new),
            path="/held?tab=decided" if decided else "/held",
        )

    def _version(self, line: AuditLine) -> AuditLine:
        name = line.entry.object
        target_id, _, correction = name.rsplit("/", 2)
        target, version = self.names.targets.get(target_id), self.subjects.versions[name]
        before = self.subjects.before.get(name)
        indicator = self.names.indicators.get(target.indicator) if target else None
        shown = Shown(self.formats, self.as_of, indicator)
        found = differences(shown, before, version)
        goal = next((one for one in found if one.label == shown.label("goal")), None)
        said = {
            "who": line.who,
            "object": self.names.title("target", target_id),
            "day": self.formats.day(version.effective),
        }
        others = named([one.label for one in found], self.language) if found else ""
        if before is None:
            after = goal.after if goal else ""
            sentence = self._(
                "{who} entered the promise of {object}: {goal}", who=line.who, object=said["object"], goal=after
            )
        elif int(correction):
            sentence = self._(
                "{who} corrected {fields} of {object} (version {number})", **said, fields=others, number=version.number
            )
        elif goal:
            sentence = self._(
                "{who} changed the goal of {object}: {before} → {after}, from {day}",
                **said,
                before=goal.before,
                after=goal.after,
            )
        elif found:
            sentence = self._("{who} changed {fields} of {object}, from {day}", **said, fields=others)
        else:
            sentence = self._(
                "{who} entered version {number} of {object} anew, from {day}", **said, number=version.number
            )
        return replace(line, sentence=sentence, changes=found, path=f"/targets/{target_id}")

    def _thing(self, line: AuditLine) -> AuditLine:
        entry = line.entry
        found = () if entry.action == PACK else changes(self._shown(entry), entry.old, entry.new, kind=entry.kind)
        said = {"who": line.who, "kind": line.kind, "object": self.names.object_of(entry)}
        path = f"/{PLACES[entry.kind]}/{entry.object}" if entry.kind in PLACES else ""
        return replace(line, sentence=self._sentence(entry, said, found), changes=found, path=path)

    def _sentence(self, entry: AuditEntry, said: dict[str, str], found: tuple[ShownChange, ...]) -> str:
        new = entry.new or {}
        if entry.kind in {"account", "token"}:
            special = self._of_people(entry, said, new)
            if special:
                return special
        if entry.action == "change" and "archived_at" in new:
            return self._(
                N_("{who} archived the {kind} {object}")
                if new["archived_at"]
                else N_("{who} brought the {kind} {object} back"),
                **said,
            )
        if entry.action == "change" and new.get("managed_by") in {"web", "file"}:
            return self._(
                N_("{who} took the {kind} {object} over from the file")
                if new["managed_by"] == "web"
                else N_("{who} handed the {kind} {object} back to the file"),
                **said,
            )
        if entry.action != "change" or not found:
            done = {
                "add": N_("{who} added the {kind} {object}"),
                "delete": N_("{who} deleted the {kind} {object}"),
                PACK: N_("With a new version of the program, the {kind} {object} is kept in another form"),
            }
            return self._(done.get(entry.action, N_("{who} saved the {kind} {object}")), **said)
        fields = named([one.label for one in found], self.language)
        (first, *rest) = found
        if not rest and max(len(first.before), len(first.after)) <= LONGEST_INLINE and "\n" not in first.after:
            empty = self._("empty")
            return self._(
                "{who} changed {fields} of the {kind} {object}: {before} → {after}",
                **said,
                fields=fields,
                before=first.before or empty,
                after=first.after or empty,
            )
        return self._("{who} changed {fields} of the {kind} {object}", **said, fields=fields)

    def _of_people(self, entry: AuditEntry, said: Mapping[str, str], new: Mapping[str, Any]) -> str:
        """Return what was done to an account or a token; "" when the plain sentence says it."""
        if entry.kind == "token":
            if entry.action == "add":
                title, account = str(new.get("title", "")), str(new.get("account", ""))
                return self._(
                    "{who} made the token “{title}” of {account}", who=said["who"], title=title, account=account
                )
            return self._("{who} revoked token {object}", **said) if new.get("revoked_at") else ""
        if entry.action == "add":
            role = self._shown(entry).value("role", new.get("role"))
            return self._("{who} opened an account for {object} ({role})", **said, role=role)
        if "disabled_at" in new:
            return self._(
                N_("{who} closed the account of {object}")
                if new["disabled_at"]
                else N_("{who} reopened the account of {object}"),
                **said,
            )
        return self._("{who} changed the password of {object}", **said) if "password_hash" in new else ""

    def _reason(self, entry: AuditEntry) -> str:
        target = (
            self.names.targets.get(entry.object.split("/")[0]) if entry.kind in {"target", "target_version"} else None
        )
        indicator = self.names.indicators.get(target.indicator) if target else None
        if target is None or indicator is None:
            return reasons.said(entry.reason, self.language)
        return reasons.of_target(entry.reason, target, indicator, self.language)

    def _shown(self, entry: AuditEntry) -> Shown:
        name = entry.object if entry.kind == "indicator" else (entry.new or {}).get("indicator", "")
        return Shown(self.formats, self.as_of, self.names.indicators.get(name))
