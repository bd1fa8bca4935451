"""How long a run may take in all: fetching, decoding, reading and storing."""

from __future__ import annotations

from math import inf
from time import monotonic

from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

DEADLINE_SECONDS = 600.0


class Deadline:
    """The end of a run that begins now and may take so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.at = seconds, monotonic() + seconds

    @property
    def passed(self) -> Problem | None:
        """Return that the run took too long, once it did."""
        return Problem("run_too_long", {"seconds": f"{self.seconds:g}"}) if monotonic() >= self.at else None

    def left_seconds(self) -> float:
        """Return how many seconds are left, or raise `DocumentError` with `run_too_long`."""
        if late := self.passed:
            raise DocumentError(late)
        return self.at - monotonic()


NEVER = Deadline(inf)
