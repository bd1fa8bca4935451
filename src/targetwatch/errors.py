"""Every error targetwatch raises on purpose. It carries problems; `wording.problems` makes their sentences.

TargetwatchError                 what went wrong is fit to show to the person who caused it
├── QuantityError                a number as printed that cannot be read exactly
├── ConfigError                  configuration with problems: all of them, each with file:line
├── NotFoundError                no such target, indicator, reading, source
├── NotAnnouncedError            the target did not exist yet at the moment asked about
├── UsageError                   arguments that contradict each other
├── SourceError                  a source could not be read, with the reason for a person
│   ├── BusyError                a run of the source is under way
│   ├── DocumentError            a document could not be read, or holds nothing that was described
│   └── DriftError               a document no longer looks as described: nothing of it may be stored
├── HeldError                    a decision on a held reading that cannot be carried out
└── StoreError                   the database said no
    ├── ActorMissingError        a write with nobody to answer for it
    ├── ManagedElsewhereError    the row belongs to the file (or to the web)
    ├── ConflictError            someone else changed it first, or it exists already
    └── SchemaError              the database is unreachable, older or newer than the program
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from targetwatch.model.problem import Name, Problem, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_NAMES = 8
"""So many names fit one line."""


class TargetwatchError(Exception):
    """Anything that went wrong in a way a person can act on.

    Raised with a code and its values, `SourceError("unknown_kind", where="kind", said="ftp")`, or with problems.
    """

    def __init__(self, *problems: str | Problem, where: str = "", **values: Value) -> None:
        self.problems = tuple(
            one if isinstance(one, Problem) else Problem(one, values, where=where) for one in problems
        )
        super().__init__(*problems)

    def __str__(self) -> str:
        return "; ".join(str(problem) for problem in self.problems)


class QuantityError(TargetwatchError):
    """A number as printed that cannot be read exactly."""


class ConfigError(TargetwatchError):
    """Configuration that cannot be used; `problems` holds every reason at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__(*sorted(set(problems)))

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class NotFoundError(TargetwatchError):
    """Nothing of that name; the nearest names there are, or some of all, are among the values."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        self.kind, self.name = kind, name
        super().__init__(not_found(kind, name, known))


class NotAnnouncedError(TargetwatchError):
    """The target did not exist yet at the moment asked about."""


class UsageError(TargetwatchError):
    """Arguments that contradict each other or cannot be read."""


class SourceError(TargetwatchError):
    """A source could not be read; the problem says why in words a person understands."""


class BusyError(SourceError):
    """A run of the source is under way, and there is one at a time."""


class DocumentError(SourceError):
    """A document could not be read, or holds nothing that was described."""


class DriftError(SourceError):
    """A document no longer looks as described: nothing of it may be stored, the last good values stay."""


class HeldError(TargetwatchError):
    """A decision on a held reading that cannot be carried out."""


class StoreError(TargetwatchError):
    """The database refused, or could not be reached."""


class ActorMissingError(StoreError):
    """A write to an audited table with nobody to answer for it."""


class ManagedElsewhereError(StoreError):
    """The row is managed by the file and was edited on the web, or the other way round."""


class ConflictError(StoreError):
    """Someone else changed the row first, or it exists already."""


class SchemaError(StoreError):
    """The database cannot be opened, or its schema is not this program's."""


def not_found(kind: str, name: str, known: Iterable[str] = (), *, titles: Mapping[str, str] | None = None) -> Problem:
    """Return that there is no `kind` of that name, with the nearest of the names there are, or some of all.

    `titles` are further names with the one that each stands for.
    """
    known = sorted(known)
    called = {one.casefold(): of for one, of in (dict(titles or {}) | {one: one for one in known}).items()}
    if close := get_close_matches(name.casefold(), called, n=3, cutoff=0.5):
        near = tuple(Name(kind, one) for one in dict.fromkeys(called[word] for word in close))
        return Problem("not_found_near", {"said": name, "near": near}, where=kind)
    if not known:
        return Problem("not_found", {"said": name}, where=kind)
    some: list[Value] = [Name(kind, one) for one in known[:MOST_NAMES]]
    if len(known) > MOST_NAMES:
        some.append("...")
    return Problem("not_found_among", {"said": name, "names": some}, where=kind)
