"""What was judged kept in the database: which status changes are news, and how far everything was judged."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from targetwatch import __version__, evaluation
from targetwatch.store import statuses, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from targetwatch.model import AsOf, StatusChange
    from targetwatch.watch.inputs import Inputs


def news(kept: Mapping[str, StatusChange], changes: Iterable[StatusChange]) -> tuple[StatusChange, ...]:
    """Return the changes that follow what is kept as each target's last one.

    What was called stays called: a reading that came to light later adds a change, it rewrites none. A history from its
    beginning (from no performance at all) replaces what was given of its target before.
    """
    by_target: dict[str, list[StatusChange]] = {}
    for change in changes:
        if change.old is None:
            by_target[change.target] = []
        by_target.setdefault(change.target, []).append(change)
    fresh: list[StatusChange] = []
    for target, judged in by_target.items():
        last = kept.get(target)
        if last is None:
            fresh += judged
        elif (last.version, last.new) != (judged[-1].version, judged[-1].new) or judged[-1].on > last.on:
            fresh += [change for change in judged if change.on > last.on] or [judged[-1]]
    return tuple(fresh)


def keep(
    session: Session,
    changes: Iterable[StatusChange],
    *,
    reached: statuses.Horizon | None = None,
    found: Iterable[verdicts.FoundVerdict] = (),
) -> tuple[tuple[StatusChange, ...], int]:
    """Write the status changes that are news, with what was found and how far everything is judged.

    Return the news, and the number of the horizon (0 without one).
    """
    changes = tuple(changes)
    last = statuses.latest(session, {change.target for change in changes})
    fresh = statuses.append(session, news(last, changes))
    if reached is None:
        return fresh, 0
    number = statuses.keep_horizon(session, reached)
    verdicts.keep(session, found, number=number)
    return fresh, number


def horizon(inputs: Inputs, as_of: AsOf) -> statuses.Horizon:
    """Return how far everything is judged."""
    return statuses.Horizon(
        through=as_of.day,
        reading=inputs.mark.reading,
        withdrawal=inputs.mark.withdrawal,
        configured=inputs.configured,
        program=program(),
    )


@cache
def program() -> str:
    """Return what judges: the version, and a digest of the judgement, which a checkout changes under one version."""
    code = b"".join(file.read_bytes() for file in sorted(Path(evaluation.__file__).parent.rglob("*.py")))
    return f"{__version__} {sha256(code).hexdigest()[:12]}"
