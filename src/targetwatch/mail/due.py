"""What is to be told whom: the present compared with what each receiver was told, never with history. Pure.

The same comparison decides twice: when something is noted (against what the newest mail says, sent or not), and when it
is bound into a mail (against what was told), so that what came and went in between is not told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from targetwatch.evaluation.days import ONE_DAY, is_holiday, is_working_day
from targetwatch.evaluation.status import LAGGING, place_of
from targetwatch.mail.letter import Kind, News, Receiver, Said, mailbox
from targetwatch.model import (
    Acknowledgement,
    DataState,
    Indicator,
    Performance,
    Snapshot,
    StatusChange,
    Target,
    Verdict,
)
from targetwatch.model.catalogue import as_json, read
from targetwatch.settings import Settings
from targetwatch.store.outbox import Key, Told
from targetwatch.store.runs import TROUBLE, Run

NEWS_DAYS = 13
"""How long ago what is seen for the first time may have begun and still be mailed."""
REMINDED_AFTER = (30, 60, 120, 240)
"""After so many days trouble is told again even without a new figure; after the last, each time as many later."""
WEEK = timedelta(days=7)
"""A digest is of no use any more when the next one is due."""
FAILED_RUNS = 3
"""A source that failed so often in a row is in trouble."""
TELLING = LAGGING | {Performance.MISSED, Performance.ACHIEVED}
"""What is always told. On track is only told to whoever was told one of these."""
TARGET, LATE, SOURCE, HELD = "target", Kind.LATE.value, Kind.SOURCE.value, Kind.HELD.value
ORDER = (Performance.MISSED, Performance.OFF_TRACK, Performance.AT_RISK)
"""Worst news first; what is no trouble of a target stands between these and good news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """All that a mail can tell, as of a day. `runs` are the last ones of each source, newest first.

    `brought` names the indicators of which a source has brought figures.
    """

    snapshot: Snapshot
    runs: Mapping[str, Sequence[Run]] = field(default_factory=dict)
    brought: Mapping[str, Collection[str]] = field(default_factory=dict)
    acknowledged: Mapping[str, Acknowledgement] = field(default_factory=dict)
    unsubscribed: Collection[str] = frozenset()
    receivers: dict[str, Receiver] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    on_indicator: dict[str, list[Target]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort what is configured by name, and the people by mailbox."""
        catalogue = self.snapshot.catalogue
        self.indicators.update((one.id, one) for one in catalogue.indicators)
        self.targets.update((one.id, one) for one in catalogue.targets)
        for target in catalogue.targets:
            self.on_indicator.setdefault(target.indicator, []).append(target)
        owners = {target.owner.id: target.owner for target in catalogue.targets}
        stewards = [one.steward for one in catalogue.indicators] + [one.steward for one in catalogue.sources]
        for _, owner in sorted(owners.items()):
            self._welcome(Receiver.at(owner))
        for steward in filter(None, stewards):
            self._welcome(Receiver.at(steward, is_owner=False))

    def _welcome(self, receiver: Receiver | None) -> None:
        if receiver is not None:
            self.receivers.setdefault(receiver.id, receiver)

    @property
    def day(self) -> date:
        """Return the day it is."""
        return self.snapshot.as_of.day

    def verdict(self, target: str) -> Verdict | None:
        """Return what is said of a target; None for one that is not announced, not judged, or gone."""
        return self.snapshot.verdicts.get(target) if target in self.targets else None

    def owners_of(self, indicator: str) -> set[str]:
        """Return the mailboxes of the owners of an indicator's targets."""
        return {mailbox(target.owner) for target in self.on_indicator.get(indicator, ())} - {""}

    def stewards_of(self, indicator: str) -> set[str]:
        """Return the mailbox of the steward of an indicator, if it has one."""
        steward = self.indicators[indicator].steward
        return set() if steward is None else {mailbox(steward)}

    def keepers_of(self, indicator: str) -> set[str]:
        """Return whose business the figures of an indicator are: its steward's, without one the owners'."""
        return self.stewards_of(indicator) or self.owners_of(indicator)

    def keepers_of_source(self, source: str) -> set[str]:
        """Return whose business a source is: its steward's, without one those of what it brought."""
        steward = next((one.steward for one in self.snapshot.catalogue.sources if one.id == source), None)
        if steward is not None:
            return {mailbox(steward)}
        known = (name for name in self.brought.get(source, ()) if name in self.indicators)
        return {reader for name in known for reader in self.keepers_of(name)}

    def late(self, receiver: str, indicator: str) -> tuple[Target | None, date] | None:
        """Return since when a release is late that a receiver waits for, with a target that needs it; None: it is not.

        The steward waits for what any target needs, an owner for what one of their own does.
        """
        found = [
            (verdict.next_release_due, target)
            for target in self.on_indicator.get(indicator, ())
            if (verdict := self.verdict(target.id)) is not None
            and verdict.data_state is DataState.LATE
            and verdict.next_release_due is not None
            and (mailbox(target.owner) == receiver or receiver in self.stewards_of(indicator))
        ]
        due, target = max(found, key=lambda one: one[0], default=(None, None))
        return None if due is None else (target, due)

    def held(self, receiver: str) -> tuple[tuple[Indicator, int], ...]:
        """Return the figures that wait for a receiver's decision, by indicator."""
        if self.snapshot.simulated:
            return ()  # they wait today, not on the day that is lived again
        return tuple(
            (self.indicators[name], count)
            for name, count in sorted(self.snapshot.held.items())
            if count and name in self.indicators and receiver in self.keepers_of(name)
        )


def candidates(present: Present, names: Collection[str] | None = None) -> Iterator[Key]:
    """Yield all that may have to be told of some targets (None: of all), their figures, sources and held figures."""
    chosen = [target for target in present.targets.values() if names is None or target.id in names]
    for target in chosen:
        if target.owner.email and present.verdict(target.id) is not None:
            yield Key(mailbox(target.owner), TARGET, target.id)
    for indicator in sorted({target.indicator for target in chosen}):
        for receiver in sorted(present.owners_of(indicator) | present.keepers_of(indicator)):
            yield Key(receiver, LATE, indicator)
    for source in present.runs:
        for receiver in sorted(present.keepers_of_source(source)):
            yield Key(receiver, SOURCE, source)
    for receiver in sorted({reader for name in present.snapshot.held for reader in _keepers(present, name)}):
        yield Key(receiver, HELD)


def first_seen(
    present: Present, told: Mapping[Key, Told], names: Collection[str] | None = None
) -> dict[Key, dict[str, Any] | None]:
    """Return what is seen for the first time, with what is taken as told of it; None: nothing, it is news.

    What began more than NEWS_DAYS ago is taken as told, except by the new owner of a target that lags.
    """
    owned = {key.about for key in told if key.kind == TARGET}
    found: dict[Key, dict[str, Any] | None] = {}
    for key in candidates(present, names):
        if key in told:
            continue
        verdict = present.verdict(key.about)
        if key.kind == TARGET and verdict is not None:
            is_news = verdict.performance in LAGGING if key.about in owned else _is_news(verdict, present.day)
            found[key] = None if is_news else state_of(told_of(verdict, present.day))
        elif key.kind == LATE and (late := present.late(key.receiver, key.about)) is not None:
            began = late[1] + timedelta(present.indicators[key.about].release.grace)
            found[key] = None if present.day - began <= timedelta(NEWS_DAYS) else {"due": late[1].isoformat()}
    return found


def gone(present: Present, told: Mapping[Key, Told]) -> set[Key]:
    """Return what was told of targets to somebody who is not their owner any more."""
    return {
        key
        for key in told
        if key.kind == TARGET
        and (key.about not in present.targets or mailbox(present.targets[key.about].owner) != key.receiver)
    }


def turn(now: Verdict | None, then: Verdict, day: date, *, new_owner: bool = False) -> Kind | None:
    """Return why a verdict would be told that turns from one that was told (None: a new target's); None: it is not."""
    if now is None or new_owner:
        return Kind.CHANGE if (then.performance in LAGGING if new_owner else _is_news(then, day)) else None
    told = replace(told_of(now, day - ONE_DAY), began_on=now.performance_since)
    return _kind(then, told, day, told.began_on)


def due(present: Present, told: Mapping[Key, Told], names: Collection[str] | None = None) -> set[Key]:
    """Return what is to be told of some targets (None: of all) that no mail says yet."""
    bound = ((key, told[key].bound if key in told else None) for key in candidates(present, names))
    return {key for key, said in bound if news(key, said, present) is not None}


def news(
    key: Key, said: Mapping[str, Any] | None, present: Present, changes: Sequence[StatusChange] = ()
) -> News | None:
    """Return what is to be told, compared with what was `said` (None: nothing); None when there is nothing.

    `changes` are the target's, oldest first.
    """
    if key.kind == TARGET:
        return _of_target(key, said, present, changes)
    if key.kind == LATE and (late := present.late(key.receiver, key.about)) is not None:
        target, due_on = late
        if said is None or said["due"] < due_on.isoformat():
            verdict = None if target is None else present.verdict(target.id)
            indicator = present.indicators[key.about]
            return News(kind=Kind.LATE, target=target, indicator=indicator, verdict=verdict, late_since=due_on)
    if key.kind == SOURCE:
        return _of_source(key, said, present)
    held = present.held(key.receiver) if key.kind == HELD else ()
    is_new_day = said is None or said.get("day", "") < present.day.isoformat()
    return News(kind=Kind.HELD, held=held) if held and is_new_day else None


def says(one: News, day: date, *, thread: str) -> dict[str, Any]:
    """Return what a mail with this news says, to compare with later; `thread` is the Message-ID it answers or has."""
    match one.kind:
        case Kind.LATE:
            assert one.late_since is not None
            return {"due": one.late_since.isoformat()}
        case Kind.SOURCE:
            drifted = one.run is not None and one.run.outcome == "drifted"
            return {"failing": not one.mended} | ({"drifted": True} if drifted else {})
        case Kind.HELD:
            return {"day": day.isoformat()}
    assert one.verdict is not None
    return state_of(replace(told_of(one.verdict, day), began_on=one.began_on, thread=thread))


def is_true(key: Key, state: Mapping[str, Any], present: Present) -> bool:
    """Return whether what a mail says is still so."""
    if key.kind == TARGET:
        verdict = present.verdict(key.about)
        is_theirs = verdict is not None and mailbox(present.targets[key.about].owner) == key.receiver
        return is_theirs and verdict is not None and verdict.performance == state["performance"]
    if key.kind == LATE:
        late = present.late(key.receiver, key.about)
        return late is not None and late[1].isoformat() == state["due"]
    if key.kind == SOURCE:
        return is_failing(present.runs.get(key.about, ())) is bool(state["failing"])
    if key.kind == HELD:
        return bool(present.held(key.receiver))
    return date.fromisoformat(state["week"]) + WEEK > present.day


def severity(one: News) -> tuple[float, str]:
    """Return what sorts news: missed, off track, at risk, then sources, late and held figures, then good news."""
    if one.kind in {Kind.CHANGE, Kind.STILL} and one.verdict is not None:
        place = place_of(one.verdict)
        place = place if place < len(ORDER) else len(ORDER) + 4
        return (place * 2 + (one.kind is Kind.STILL), one.verdict.target)
    place = (Kind.SOURCE, Kind.LATE, Kind.HELD).index(one.kind) + (3 if one.mended else 0)
    return ((len(ORDER) + place) * 2, "")


def goes_on(one: News) -> bool:
    """Return whether news belong to trouble that was told: their mail answers the one that told it."""
    return one.then is not None and one.then.performance in LAGGING | {Performance.MISSED}


def is_failing(runs: Sequence[Run]) -> bool:
    """Return whether the last runs of a source, newest first, all failed, or it has drifted."""
    return has_drifted(runs) or (
        len(runs) >= FAILED_RUNS and all(one.outcome == "failed" for one in runs[:FAILED_RUNS])
    )


def has_drifted(runs: Sequence[Run]) -> bool:
    """Return whether a source looked other than described the last time it could be reached; runs newest first."""
    return next((run.outcome for run in runs if run.outcome != "failed"), "") == "drifted"


def reminders(days: int) -> int:
    """Return how many reminders trouble is worth that has lasted so many days without a new figure.

    >>> [reminders(days) for days in (0, 29, 30, 60, 239, 240, 479, 480)]
    [0, 0, 1, 2, 3, 4, 4, 5]
    """
    last = REMINDED_AFTER[-1]
    return sum(days >= after for after in REMINDED_AFTER[:-1]) + max(days, 0) // last


def told_of(verdict: Verdict, day: date) -> Said:
    """Return what is remembered of a verdict that is told, or taken as told, on a day."""
    return Said(
        performance=verdict.performance,
        since=verdict.performance_since,
        began_on=verdict.performance_since if verdict.performance in LAGGING else None,
        told_on=day,
        data_through=verdict.data_through,
        actual_value=verdict.actual_value,
        steps_done=steps_done(verdict),
        attainment_probability=verdict.attainment_probability,
    )


def state_of(said: Said) -> dict[str, Any]:
    """Return it as it is stored."""
    found: dict[str, Any] = as_json(said)
    return found


def _of_target(
    key: Key, said: Mapping[str, Any] | None, present: Present, changes: Sequence[StatusChange]
) -> News | None:
    verdict, target = present.verdict(key.about), present.targets.get(key.about)
    if verdict is None or target is None or mailbox(target.owner) != key.receiver:
        return None
    then = None if said is None else read(Said, dict(said))
    began = _began(verdict, then, changes)
    kind = _kind(verdict, then, present.day, began)
    acknowledged = _acknowledged(present, target.id, began)
    if kind is None or (kind is Kind.STILL and (acknowledged or key.receiver in present.unsubscribed)):
        return None
    return News(
        kind=kind,
        target=target,
        indicator=present.indicators[target.indicator],
        verdict=verdict,
        told=None if then is None else then.performance,
        then=then,
        between=() if then is None or kind is Kind.STILL else _between(then, changes),
        corrected=then is not None and kind is Kind.CHANGE and _is_corrected(then, verdict),
        began_on=began,
        acknowledged=acknowledged,
    )


def _is_news(verdict: Verdict, day: date) -> bool:
    """Return whether a status that is seen for the first time is told: bad or good news that is not old."""
    since = verdict.performance_since or day
    return verdict.performance in TELLING and day - since <= timedelta(NEWS_DAYS)


def _kind(verdict: Verdict, then: Said | None, day: date, began: date | None) -> Kind | None:
    """Return why a target is told: its status is another than was told, or trouble lasts and it is time; None: not."""
    performance = verdict.performance
    if then is None or performance is not then.performance:
        recovered = performance is Performance.ON_TRACK and then is not None and then.performance in TELLING
        return Kind.CHANGE if performance in TELLING or recovered else None
    if performance not in LAGGING or began is None:
        return None
    lasts, told = (day - began).days, (then.told_on - began).days
    is_time = reminders(lasts) > reminders(told) or (
        day > then.told_on and _figures(then) != _figures(told_of(verdict, day))
    )
    return Kind.STILL if is_time else None


def _began(verdict: Verdict, then: Said | None, changes: Sequence[StatusChange]) -> date | None:
    """Return the first day of the trouble: at risk and off track are one."""
    if verdict.performance not in LAGGING:
        return None
    if then is not None and then.performance in LAGGING and then.began_on is not None:
        return then.began_on
    began = verdict.performance_since
    for change in reversed(changes):
        if change.new not in LAGGING:
            break
        began = min(began, change.on) if began is not None else change.on
    return began


def _between(then: Said, changes: Iterable[StatusChange]) -> tuple[StatusChange, ...]:
    """Return the steps since it was told, newest first; a past that was rewritten is none."""
    later = [one for one in changes if one.on >= then.told_on and (one.on, one.new) != (then.since, then.performance)]
    return tuple(reversed(later[:-1]))


def _is_corrected(then: Said, verdict: Verdict) -> bool:
    """Return whether a status rests on a figure that was changed or taken back, and on no newer one."""
    if then.data_through is None or verdict.data_through is None:
        return then.data_through is not None
    if steps_done(verdict) < then.steps_done or verdict.data_through < then.data_through:
        return True
    return verdict.data_through == then.data_through and verdict.actual_value != then.actual_value


def _acknowledged(present: Present, target: str, began: date | None) -> Acknowledgement | None:
    """Return who knows of this trouble; what was said of an earlier one is over."""
    found = present.acknowledged.get(target)
    if found is None or began is None:
        return None
    return found if found.at.astimezone(present.snapshot.as_of.moment.tzinfo).date() >= began else None


def _figures(said: Said) -> tuple[object, ...]:
    return said.data_through, said.actual_value, said.steps_done


def steps_done(verdict: Verdict) -> int:
    """Return how many milestones are reported done."""
    return sum(state.done_on is not None for state in verdict.steps)


def _of_source(key: Key, said: Mapping[str, Any] | None, present: Present) -> News | None:
    source = next((one for one in present.snapshot.catalogue.sources if one.id == key.about), None)
    runs = present.runs.get(key.about, ())
    if source is None or not runs or key.receiver not in present.keepers_of_source(key.about):
        return None
    was = said is not None and said["failing"]
    is_mended = was and runs[0].outcome not in TROUBLE
    is_told = was and (not has_drifted(runs) or (said is not None and "drifted" in said))
    if not is_mended and (is_told or not is_failing(runs)):
        return None
    return News(kind=Kind.SOURCE, source=source, run=runs[0], mended=bool(is_mended))


def _keepers(present: Present, indicator: str) -> set[str]:
    return present.keepers_of(indicator) if indicator in present.indicators else set()


WAIT = timedelta(minutes=5)
"""What comes within this time goes into one mail."""
FRIDAY = 4
MOST_DAYS = 400
"""No calendar has so many holidays in a row."""


def leaves_at(noted_at: datetime, settings: Settings) -> datetime:
    """Return when a mail leaves about what was noted at a moment, if nothing holds it up; in the configured zone."""
    return next_open(noted_at + WAIT, settings)


def is_open(moment: datetime, settings: Settings) -> bool:
    """Return whether mails leave at a moment."""
    return next_open(moment, settings) == moment


def next_open(moment: datetime, settings: Settings) -> datetime:
    """Return the first moment from `moment` on at which mails leave, in the configured zone."""
    hours, zone = settings.hours, settings.zone
    local = moment.astimezone(zone)
    if hours.always:
        return local
    for days in range(MOST_DAYS):
        day = local.date() + days * ONE_DAY
        opens, closes = (datetime.combine(day, clock, settings.zone) for clock in (hours.opens, hours.closes))
        if _is_open_on(day, settings) and local < closes:
            return max(local, opens)
    return local


def _is_open_on(day: date, settings: Settings) -> bool:
    """Return whether mails leave on a day: one of those set that is no holiday, or a weekend's that was moved."""
    days, calendar = settings.hours.days, settings.holiday_calendar
    if is_holiday(day, calendar):
        return False
    return day.weekday() in days or (FRIDAY in days and is_working_day(day, calendar))
