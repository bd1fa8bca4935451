"""Ids for what is new, made from what it is called and not taken yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from targetwatch.model.scalars import slug_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def proposed_id(title: Mapping[str, str], plain: str, taken: Collection[str]) -> str:
    """Return an id made from the Latin letters of a title, or a plain numbered one; one that is not taken.

    >>> proposed_id({"en": "Cargo 2026"}, "target-2026", []), proposed_id({"zh": "2026"}, "target-2026", [])
    ('cargo-2026', 'target-2026-1')
    """
    for words in title.values():
        if re.search("[a-z]", made := slug_of(words)):
            return unique(made, taken)
    return next(name for number in range(1, len(taken) + 2) if (name := f"{plain}-{number}") not in taken)


def unique(name: str, taken: Iterable[str]) -> str:
    """Return a name, with a number after it when it is taken."""
    known = set(taken)
    if not name or name not in known:
        return name
    return next(made for number in range(2, len(known) + 3) if (made := f"{name[:60]}-{number}") not in known)
