"""Every error targetwatch raises on purpose.

TargetwatchError                 the sentence is fit to show to the person who caused it
├── QuantityError                a number as printed that cannot be read exactly
├── ConfigError                  configuration with problems: all of them, each with file:line
├── NotFoundError                no such target, indicator, reading, source
├── NotAnnouncedError            the target did not exist yet at the moment asked about
├── UsageError                   arguments that contradict each other
├── SourceError                  a source could not be read, with the reason for a person
│   └── BusyError                a run of the source is under way
├── ScreeningError               a decision on a held reading that cannot be carried out
└── StoreError                   the database said no
    ├── ActorMissingError        a write with nobody to answer for it
    ├── ManagedElsewhereError    the row belongs to the file (or to the web)
    ├── ConflictError            someone else changed it first, or it exists already
    └── SchemaError              the database is unreachable, older or newer than the program
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class TargetwatchError(Exception):
    """Anything that went wrong in a way a person can act on."""


class QuantityError(TargetwatchError):
    """A number as printed that cannot be read exactly."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a file: `file:line: where: what is wrong, what was expected`."""

    file: str
    line: int
    where: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.where}: {self.what}" if self.where else f"{place}: {self.what}"


class ConfigError(TargetwatchError):
    """Configuration that cannot be used; `problems` holds every reason at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NotFoundError(TargetwatchError):
    """Nothing of that name; the sentence offers the nearest names there are."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        self.kind, self.name = kind, name
        known = sorted(known)
        close = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        if not close and known:
            shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")  # noqa: PLR2004 - fits one line
            hint = f"; there are: {shown}"
        super().__init__(f"{kind} '{name}': not found{hint}")


class NotAnnouncedError(TargetwatchError):
    """The target did not exist yet at the moment asked about."""


class UsageError(TargetwatchError):
    """Arguments that contradict each other or cannot be read."""


class SourceError(TargetwatchError):
    """A source could not be read; the sentence says why in words a person understands."""


class BusyError(SourceError):
    """A run of the source is under way, and there is one at a time."""


class ScreeningError(TargetwatchError):
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
