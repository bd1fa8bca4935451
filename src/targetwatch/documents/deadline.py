"""How long a run may take in all: fetching, decoding, reading and storing."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import monotonic

from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

DEADLINE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a run that may take so many `seconds`, on the clock that is never set."""

    seconds: float
    at: float

    @classmethod
    def of(cls, seconds: float) -> Deadline:
        """Return the deadline of a run that begins now."""
        return cls(seconds, monotonic() + seconds)

    @property
    def passed(self) -> Problem | None:
        """Return that the run took too long, once it did."""
        late = monotonic() >= self.at
        return Problem("run_too_long", {"seconds": f"{self.seconds:g}"}) if late else None

    def left_seconds(self) -> float:
        """Return how many seconds are left.

        Raises:
            DocumentError: `run_too_long`.
        """
        if late := self.passed:
            raise DocumentError(late)
        return self.at - monotonic()


NEVER = Deadline(inf, inf)
