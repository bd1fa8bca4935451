"""Does a reading only repeat what is in force, in other digits? Then it is no revision."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.model import Qualifier

if TYPE_CHECKING:
    from targetwatch.model import Reading


def repeats(reading: Reading, current: Reading) -> bool:
    """Return whether `reading` says of the same fact only what `current`, which is in force, says as well.

    25.18万 and 251,800 are one figure, whichever came first; 251,830 after 25.18万 is news, the reverse is not.
    A growth rate that was not known, an end of being provisional, or an earlier day of publication is news.
    """
    if {reading.qualifier, current.qualifier} != {Qualifier.EXACT} or reading.provisional != current.provisional:
        return False
    if reading.yoy is not None and reading.yoy != current.yoy:
        return False
    if reading.published_on is not None and (
        current.published_on is None or reading.published_on < current.published_on
    ):
        return False
    if (reading.step, reading.unit) != (current.step, current.unit):
        return False
    return abs(reading.value - current.value) <= max(Decimal(0), reading.rounding - current.rounding)
