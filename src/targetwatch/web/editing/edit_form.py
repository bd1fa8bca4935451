"""A target's form read into the target it describes, or into everything that is wrong with it, by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from targetwatch import configuration
from targetwatch.evaluation.versions import different
from targetwatch.web.editing import edit_faults, edit_values
from targetwatch.web.editing.easing import eased
from targetwatch.web.editing.edit_ids import unique
from targetwatch.web.editing.edit_reading import Around, Reading, lists
from targetwatch.web.editing.edit_values import WrongError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from targetwatch.model import Catalogue, Indicator, Target, TargetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form says: a target with every version it then has, and what is new with it."""

    target: Target
    beside: Catalogue
    eased: tuple[str, ...] = ()
    is_new_version: bool = True

    @property
    def version(self) -> TargetVersion:
        """Return the promise as the form says it."""
        return self.target.versions[-1]

    def with_reason(self, reason: str) -> Draft:
        """Return the draft, its promise changed for a reason."""
        last = replace(self.version, reason=reason)
        return replace(self, target=replace(self.target, versions=(*self.target.versions[:-1], last)))


def read(values: Mapping[str, str], around: Around) -> tuple[Draft | None, dict[str, WrongError]]:
    """Return what a form says, or None and everything that is wrong with it by field, in the order of the fields."""
    reading = Reading(values, around)
    raw = lists(reading)
    made, notes = configuration.check_values(raw, _beside(around, raw))
    for note in notes:
        reading.add(*edit_faults.of(note, reading))
    _check_id(reading, raw)
    draft = _draft(reading, made) if made is not None else None
    if made is None:
        _version_day(reading, None)
    if reading.wrong or draft is None:
        order = edit_faults.order(reading.wrong)
        return None, {name: reading.wrong[name] for name in order}
    return draft, {}


def _beside(around: Around, raw: Mapping[str, Any]) -> Catalogue:
    """Return what of the catalogue the form can be about: every programme and owner, one indicator and its parts."""
    known = {one.id: one for one in around.catalogue.indicators}
    waiting, needed = [raw["targets"][0].get("indicator", "")], dict[str, "Indicator"]()
    while waiting:
        one = known.get(waiting.pop())
        if one is not None and one.id not in needed:
            needed[one.id] = one
            waiting.extend(one.derivation.of if one.derivation else ())
    answering = {target.owner.id: target for target in around.catalogue.targets}
    return replace(around.catalogue, indicators=tuple(needed.values()), targets=tuple(answering.values()), sources=())


def _check_id(reading: Reading, raw: Mapping[str, Any]) -> None:
    around = reading.around
    if around.target is not None:
        return
    named = [("id", "target", raw["targets"][0])]
    named += [("indicator_id", "indicator", made) for made in raw.get("indicators", [])]
    for field, kind, made in named:
        name, taken = made.get("id", ""), around.taken[kind]
        if name in taken:
            reading.add(field, WrongError("id_taken", other=unique(name, taken)))


def _draft(reading: Reading, made: Catalogue) -> Draft | None:
    (described,) = made.targets
    promise, target = described.versions[0], reading.around.target
    reason = reading.text("reason")
    if target is None:
        return Draft(target=described, beside=made)
    before = target.versions[-1]
    grown: tuple[TargetVersion, ...]
    if different(before, promise) or promise.announcement.on != before.announcement.on:
        effective = _version_day(reading, promise)
        easier = eased(before, promise)
        if easier and not reason:
            reading.add("reason", WrongError("reason", easier=easier))
        number = before.number + 1
        later = replace(promise, number=number, effective=effective or reading.around.today, reason=reason)
        grown, is_new = (*target.versions, later), True
    else:
        same = replace(promise, number=before.number, effective=before.effective, reason=before.reason)
        grown, easier, is_new = (*target.versions[:-1], same), (), False
    changed = replace(described, versions=grown, managed_by=target.managed_by)
    return Draft(target=changed, beside=made, eased=easier, is_new_version=is_new)


def _version_day(reading: Reading, promise: TargetVersion | None) -> date | None:
    """Return the day from which a changed promise counts, after checking it against what it follows."""
    before = reading.around.before
    if before is None:
        return None
    day = reading.as_("effective", edit_values.day) or _day_left_empty(reading, promise)
    if day is None:
        return None
    if day < before.effective:
        reading.add("effective", WrongError("effective_before_last", day=before.effective))
    elif promise is not None and day < promise.announcement.on:
        reading.add("effective", WrongError("effective_before_announcement", day=promise.announcement.on))
    elif promise is not None and promise.deadline is not None and day > promise.deadline:
        reading.add("effective", WrongError("effective_after_deadline", day=promise.deadline))
    return day


def _day_left_empty(reading: Reading, promise: TargetVersion | None) -> date | None:
    """Return the day from which a change counts when none is said: today, unless the window is over by then."""
    before, today = reading.around.before, reading.around.today
    if before is None or promise is None or reading.values.get("effective", "").strip():
        return None
    if before.deadline is not None and before.deadline < today:
        reading.add("effective", WrongError("empty"))
        return None
    return max(today, before.effective, promise.announcement.on)
