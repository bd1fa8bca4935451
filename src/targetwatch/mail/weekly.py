"""What a digest holds, who gets one, and whether anything in it is new since the last one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from targetwatch.evaluation.status import LAGGING, place_of
from targetwatch.mail.due import ORDER, Present, steps_done
from targetwatch.mail.letter import Digest, Kind, TargetLine, mailbox
from targetwatch.model import DataState, StatusChange, Target, Verdict
from targetwatch.store.outbox import Key
from targetwatch.store.types import digest as fingerprint

ONE_WEEK = timedelta(days=7)
RELEASES_WITHIN = ONE_WEEK
DEADLINES_WITHIN = timedelta(days=30)


def monday(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def readers(present: Present) -> Iterator[Key]:
    """Yield the digests of those who get one: stewards, and owners who ask for it."""
    stewards = {reader for name in present.indicators for reader in present.stewards_of(name)}
    owners = {mailbox(one.owner) for one in present.targets.values() if one.owner.digest}
    for reader in sorted((stewards | owners) - {"", *present.unsubscribed}):
        yield Key(reader, Kind.DIGEST.value)


def is_due(said: Mapping[str, Any], day: date) -> bool:
    """Return whether another week has begun since the last digest, or since one would first have been sent.

    A last one more than a week ahead was sent while the clock was wrong.
    """
    week = date.fromisoformat(said["week"])
    return not monday(day) <= week <= monday(day) + ONE_WEEK


def digest_of(
    receiver: str, present: Present, changes: Mapping[str, StatusChange], said: Mapping[str, Any] | None = None
) -> Digest:
    """Return the digest of a receiver; `changes` has the last one of each target, `said` is of the last digest."""
    said = said or {"day": present.day.isoformat()}
    since = date.fromisoformat(said["day"])
    fresh = {
        name: one for name, one in changes.items() if one.on >= since and _spelled(one) not in said.get("changes", ())
    }
    lines = [
        TargetLine(
            target=target,
            indicator=present.indicators[target.indicator],
            verdict=verdict,
            change=fresh.get(target.id),
            acknowledged=present.acknowledged.get(target.id),
        )
        for target in targets_of(receiver, present)
        if (verdict := present.verdict(target.id)) is not None
    ]
    releases = {
        (line.indicator.id, line.verdict.next_release_due)
        for line in lines
        if line.verdict.next_release_due is not None
        and line.verdict.data_state is not DataState.CLOSED
        and present.day <= line.verdict.next_release_due <= present.day + RELEASES_WITHIN
    }
    return Digest(
        since=since,
        changed=_worst_first(line for line in lines if line.change is not None),
        lagging=_worst_first(line for line in lines if line.verdict.performance in LAGGING),
        releases=tuple((present.indicators[name], due) for name, due in sorted(releases, key=lambda one: one[::-1])),
        deadlines=tuple(sorted((line for line in lines if _ends_soon(line.verdict, present.day)), key=_deadline)),
    )


def state_of_digest(one: Digest, receiver: str, present: Present) -> dict[str, Any]:
    """Return what is remembered of a digest, to see whether the next one has anything new."""
    verdicts = [present.verdict(target.id) for target in targets_of(receiver, present)]
    figures = [(one.target, one.data_through, one.actual_value, steps_done(one)) for one in verdicts if one is not None]
    return {
        "week": monday(present.day).isoformat(),
        "day": present.day.isoformat(),
        "changes": [_spelled(line.change) for line in one.changed if line.change is not None],
        "figures": fingerprint(sorted(figures)),
        "releases": [f"{indicator.id} {due}" for indicator, due in one.releases],
        "deadlines": [line.target.id for line in one.deadlines],
    }


def is_new(one: Digest, state: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Return whether a digest tells a change, a figure, a release or a deadline that the last one did not."""
    more = any(set(state[name]) - set(said.get(name, ())) for name in ("releases", "deadlines"))
    return bool(one.changed) or more or state["figures"] != said.get("figures")


def _spelled(change: StatusChange) -> str:
    return f"{change.target} {change.on} {change.new}"


def targets_of(receiver: str, present: Present) -> list[Target]:
    """Return the targets in a receiver's digest: on the indicators they look after, and their own if they asked."""
    return [
        target
        for target in present.targets.values()
        if receiver in present.stewards_of(target.indicator)
        or (target.owner.digest and mailbox(target.owner) == receiver)
    ]


def _worst_first(lines: Iterable[TargetLine]) -> tuple[TargetLine, ...]:
    return tuple(sorted(lines, key=lambda line: (min(place_of(line.verdict), len(ORDER)), line.target.id)))


def _ends_soon(verdict: Verdict, day: date) -> bool:
    return verdict.deadline is not None and day <= verdict.deadline <= day + DEADLINES_WITHIN


def _deadline(line: TargetLine) -> tuple[date, str]:
    assert line.verdict.deadline is not None
    return line.verdict.deadline, line.target.id
