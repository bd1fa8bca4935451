"""An entry of the audit trail as a sentence: who did what to which object, from what to what.

The sentence is made of what the entry holds and of the names things have now; a thing that has none any more is called
by its id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from targetwatch.store.told import Told, batch_numbers
from targetwatch.web.backroom import actors, audit_reasons, audit_versions
from targetwatch.web.backroom.audit_fields import Change, Shown, changes, listed
from targetwatch.web.backroom.audit_names import Names
from targetwatch.web.formats import Formats
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import AsOf, Catalogue
    from targetwatch.store.audit import Entry

PLACES = {"target": "targets", "indicator": "indicators", "source": "sources"}
LONGEST_INLINE = 80
"""A value longer than this stands in the table below the sentence only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry in words. `path` leads to its object, "" when it has no page; `readings` are those of a batch."""

    entry: Entry
    who: str
    kind: str
    reason: str
    sentence: str
    changes: tuple[Change, ...] = ()
    readings: tuple[tuple[int, str], ...] = ()
    total: int = 0
    path: str = ""

    @property
    def is_change(self) -> bool:
        """Return whether there was something before, to be shown beside what came after."""
        return bool(self.entry.old) or any(change.before for change in self.changes)


@dataclass(slots=True)
class Teller:
    """Tells entries in one language, by the names of one catalogue."""

    language: str
    as_of: AsOf
    catalogue: Catalogue
    told: Told = field(default_factory=Told)

    formats: Formats = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.formats = Formats(self.language)
        self.names = Names(self.formats, self.catalogue)

    def line(self, entry: Entry) -> Line:
        """Return an entry in words."""
        who = actors.beginning(entry.actor, self.language, self.told.tokens)
        line = Line(entry=entry, who=who, kind=self.names.kind(entry.kind), reason=self._reason(entry), sentence="")
        if entry.kind == "reading" and entry.new:
            return self._recorded(line, entry.new)
        if entry.kind == "withdrawal" and entry.new:
            return self._withdrawn(line, entry.new)
        if entry.kind == "held":
            return self._held(line)
        if entry.kind == "target_version" and entry.object in self.told.versions:
            return self._version(line)
        return self._thing(line)

    def _recorded(self, line: Line, new: Mapping[str, Any]) -> Line:
        count, first, last = int(new["count"]), int(new["first"]), int(new["last"])
        if count == 1:
            sentence = self._say(
                "audit_said_reading", who=line.who, reading=self.names.reading(self.told.readings.get(first), first)
            )
            return replace(line, sentence=sentence, path=f"/readings/{first}")
        return replace(
            line,
            sentence=self._say("audit_said_readings", who=line.who, count=f"{count:,}", first=first, last=last),
            readings=tuple(
                (number, self.names.reading(self.told.readings[number], number))
                for number in batch_numbers(new)
                if number in self.told.readings
            ),
            total=count,
        )

    def _withdrawn(self, line: Line, new: Mapping[str, Any]) -> Line:
        number = int(new["reading"])
        key = "audit_said_restore" if new.get("action") == "restore" else "audit_said_withdraw"
        reading = self.names.reading(self.told.readings.get(number), number)
        return replace(
            line,
            sentence=self._say(key, who=line.who, number=number, reading=reading),
            path=f"/readings/{number}",
        )

    def _held(self, line: Line) -> Line:
        entry, number = line.entry, int(line.entry.object)
        held = self.told.held.get(number)
        status = (entry.new or {}).get("status", "")
        key = f"audit_said_{status}" if status in {"accepted", "rejected"} else "audit_said_held"
        indicator = self.names.indicators.get(held.indicator) if held else None
        return replace(
            line,
            sentence=self._say(key, who=line.who, reading=self.names.reading(held, number)),
            changes=changes(Shown(self.formats, self.as_of, indicator), entry.old, entry.new),
            path="/held" if key == "audit_said_held" else "/held?tab=decided",
        )

    def _version(self, line: Line) -> Line:
        name = line.entry.object
        target_id, _, correction = name.rsplit("/", 2)
        target, version = self.names.targets.get(target_id), self.told.versions[name]
        before = self.told.before.get(name)
        indicator = self.names.indicators.get(target.indicator) if target else None
        shown = Shown(self.formats, self.as_of, indicator)
        found = audit_versions.differences(shown, before, version)
        goal = audit_versions.goal_in(shown, found)
        said = {
            "who": line.who,
            "object": self.names.title("target", target_id),
            "day": self.formats.day(version.effective),
        }
        others = listed([one.label for one in found], self.language) if found else ""
        if before is None:
            after = goal.after if goal else ""
            sentence = self._say("audit_said_promise", who=line.who, object=said["object"], goal=after)
        elif int(correction):
            sentence = self._say("audit_said_correction", **said, fields=others, number=version.number)
        elif goal:
            sentence = self._say("audit_said_goal", **said, before=goal.before, after=goal.after)
        elif found:
            sentence = self._say("audit_said_version", **said, fields=others)
        else:
            sentence = self._say("audit_said_version_same", **said, number=version.number)
        return replace(line, sentence=sentence, changes=found, path=f"/targets/{target_id}")

    def _thing(self, line: Line) -> Line:
        entry = line.entry
        found = changes(self._shown(entry), entry.old, entry.new)
        said = {"who": line.who, "kind": line.kind, "object": self.names.object_of(entry)}
        path = f"/{PLACES[entry.kind]}/{entry.object}" if entry.kind in PLACES else ""
        return replace(line, sentence=self._sentence(entry, said, found), changes=found, path=path)

    def _sentence(self, entry: Entry, said: dict[str, str], found: tuple[Change, ...]) -> str:
        new = entry.new or {}
        if entry.kind in {"account", "token"}:
            special = self._of_people(entry, said, new)
            if special:
                return special
        if entry.action == "change" and "archived_at" in new:
            return self._say("audit_said_archive" if new["archived_at"] else "audit_said_unarchive", **said)
        if entry.action == "change" and new.get("managed_by") in {"web", "file"}:
            return self._say("audit_said_take_over" if new["managed_by"] == "web" else "audit_said_hand_back", **said)
        if entry.action != "change" or not found:
            keys = {"add": "audit_said_add", "delete": "audit_said_delete"}
            return self._say(keys.get(entry.action, "audit_said_saved"), **said)
        fields = listed([one.label for one in found], self.language)
        (first, *rest) = found
        if not rest and max(len(first.before), len(first.after)) <= LONGEST_INLINE and "\n" not in first.after:
            empty = PHRASES["audit_empty"][self.language]
            return self._say(
                "audit_said_change_one",
                **said,
                fields=fields,
                before=first.before or empty,
                after=first.after or empty,
            )
        return self._say("audit_said_change", **said, fields=fields)

    def _of_people(self, entry: Entry, said: Mapping[str, str], new: Mapping[str, Any]) -> str:
        """Return what was done to an account or a token; "" when the plain sentence says it."""
        if entry.kind == "token":
            if entry.action == "add":
                title, account = str(new.get("title", "")), str(new.get("account", ""))
                return self._say("audit_said_token", who=said["who"], title=title, account=account)
            return self._say("audit_said_revoke", **said) if new.get("revoked_at") else ""
        if entry.action == "add":
            role = self._shown(entry).value("role", new.get("role"))
            return self._say("audit_said_account", **said, role=role)
        if "disabled_at" in new:
            return self._say("audit_said_close" if new["disabled_at"] else "audit_said_reopen", **said)
        return self._say("audit_said_password", **said) if "password_hash" in new else ""

    def _reason(self, entry: Entry) -> str:
        target = (
            self.names.targets.get(entry.object.split("/")[0]) if entry.kind in {"target", "target_version"} else None
        )
        indicator = self.names.indicators.get(target.indicator) if target else None
        if target is None or indicator is None:
            return audit_reasons.said(entry.reason, self.language)
        return audit_reasons.of_target(entry.reason, target, indicator, self.language)

    def _shown(self, entry: Entry) -> Shown:
        name = entry.object if entry.kind == "indicator" else (entry.new or {}).get("indicator", "")
        return Shown(self.formats, self.as_of, self.names.indicators.get(name))

    def _say(self, key: str, **values: object) -> str:
        return PHRASES[key][self.language].format(**values)
