"""What a configured thing stands on: what must be in force for it to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from targetwatch.model import Indicator, Owner, Programme, Publisher, Source, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Named: TypeAlias = tuple[str, str]
"""A kind and an id."""
Item: TypeAlias = Programme | Publisher | Owner | Indicator | Target | Source


def stands_on(value: Item | None) -> list[Named]:
    """Return what a value names: a target its indicator and programme, an indicator its publisher and its parts."""
    match value:
        case Target():
            named = [("indicator", value.indicator), ("programme", value.programme)]
        case Indicator():
            parts = value.derivation.of if value.derivation else ()
            named = [("publisher", value.authority), *(("indicator", part) for part in parts)]
        case _:
            named = []
    return [(kind, name) for kind, name in named if name]


def needed(values: Iterable[Item], known: Mapping[Named, Item]) -> set[Named]:
    """Return all that `values` stand on, directly or by what they stand on."""
    waiting = [named for value in values for named in stands_on(value)]
    found: set[Named] = set()
    while waiting:
        named = waiting.pop()
        if named not in found:
            found.add(named)
            waiting += stands_on(known.get(named))
    return found
