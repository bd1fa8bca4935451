"""The latest figure of an indicator as of a moment: shown beside the targets, never judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.evaluation.release import data_state, due_on, next_period_end
from targetwatch.evaluation.series import in_force
from targetwatch.model import AsOf, Basis, Figure, Indicator, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFERENCE = (Basis.PERIOD, Basis.SINCE_START, Basis.YEAR_TO_DATE, Basis.POINT, Basis.EVENT)


def figure(indicator: Indicator, readings: Sequence[Reading], as_of: AsOf) -> Figure | None:
    """Return the figure of the last known period by the indicator's authority; None when nothing is known.

    Of several that end on the same day a year-to-date is shown before a single period.
    """
    known = in_force(readings, indicator.authority, as_of)
    if not known:
        return None
    latest = max(known, key=lambda reading: (reading.period.end, PREFERENCE.index(reading.basis)))
    upcoming = next_period_end(indicator.release, latest.period.end)
    state, _ = data_state(indicator.release, upcoming, as_of.day, any_reading=True)
    return Figure(
        indicator=indicator.id,
        value=latest.value,
        period=latest.period,
        basis=latest.basis,
        qualifier=latest.qualifier,
        yoy=latest.yoy,
        publisher=latest.publisher,
        published_on=latest.known_on(as_of),
        evidence_url=latest.evidence_url,
        data_state=state,
        next_release_due=None if upcoming is None else due_on(indicator.release, upcoming),
        rounding=latest.rounding,
    )
