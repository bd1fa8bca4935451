"""What a target stands on, in force or archived: its indicator, what that is made of, its programme, its publisher."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from targetwatch.model import Catalogue

if TYPE_CHECKING:
    from targetwatch.model import Target


def alone(target: Target, *catalogues: Catalogue) -> Catalogue:
    """Return what a file needs to hold one target: itself and what it stands on, as the first catalogue to have it."""
    known = {one.id: one for some in reversed(catalogues) for one in some.indicators}
    programmes = {one.id: one for some in reversed(catalogues) for one in some.programmes}
    publishers = {one.id: one for some in reversed(catalogues) for one in some.publishers}
    waiting, needed = [target.indicator], set[str]()
    while waiting:
        one = known[waiting.pop()]
        if one.id not in needed:
            needed.add(one.id)
            waiting.extend(one.derivation.of if one.derivation else ())
    authorities = {known[name].authority for name in needed}
    return Catalogue(
        programmes=tuple(one for one in programmes.values() if one.id == target.programme),
        publishers=tuple(publishers[name] for name in sorted(authorities) if name in publishers),
        indicators=tuple(known[name] for name in sorted(needed)),
        targets=(target,),
    )


def around(target: Target, configured: Catalogue, *others: Catalogue) -> Catalogue:
    """Return what is configured, with the target as it is kept and with what it stands on, wherever that is found."""
    own = alone(target, configured, *others)
    programmes = {one.id: one for one in (*own.programmes, *configured.programmes)}
    publishers = {one.id: one for one in (*own.publishers, *configured.publishers)}
    indicators = {one.id: one for one in (*own.indicators, *configured.indicators)}
    return replace(
        configured,
        programmes=tuple(programmes.values()),
        publishers=tuple(publishers.values()),
        indicators=tuple(indicators.values()),
        targets=(*(one for one in configured.targets if one.id != target.id), target),
    )


def missing(target: Target, configured: Catalogue, *others: Catalogue) -> Catalogue:
    """Return the indicators and the programme a target stands on that are not in force: what comes back with it."""
    own = alone(target, configured, *others)
    there = {one.id for one in configured.indicators}
    headings = {one.id for one in configured.programmes}
    return Catalogue(
        programmes=tuple(one for one in own.programmes if one.id not in headings),
        indicators=tuple(one for one in own.indicators if one.id not in there),
    )
