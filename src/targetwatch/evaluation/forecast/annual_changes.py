"""The forecast of a value by its own steps a year apart.

Four yearly values are enough to say how such a series moves; a goal several years off is the sum of so many steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from targetwatch.errors import UsageError
from targetwatch.evaluation.forecast.mixture import Mixture
from targetwatch.evaluation.forecast.outcome import Aim, Answers, Prediction

FEWEST_VALUES, MOST_VALUES = 4, 11
KEPT_DRIFT = 0.7
WIDEN = 1.1
SMALLEST_STEP = 0.002


def predict_steps(aim_: Aim, values: Sequence[float], ahead: float) -> Prediction | None:
    """Return the prediction of what a value will be `ahead` steps from now; None with fewer than four values.

    Args:
        aim_: what is aimed at.
        values: one a step, oldest first, the last one now. Positive ones move in logarithms.
        ahead: how many steps lie between now and the deadline, not necessarily whole.

    The drift is seven tenths of the mean step; what is not known of it counts with the square of the time ahead.

    >>> from targetwatch.evaluation.forecast.outcome import aim
    >>> wanted = aim("at_least", 130, None, grows=False)
    >>> [round(predict_steps(wanted, [100, 104, 109, 112], ahead).probability, 2) for ahead in (1, 3, 6)]
    [0.01, 0.06, 0.57]
    """
    given = np.array(values[-MOST_VALUES:], dtype=float)
    if not np.isfinite(given).all():
        raise UsageError("months_not_finite")
    unit = float(np.abs(given).max(initial=0.0))
    if given.size < FEWEST_VALUES or unit == 0 or ahead <= 0:
        return None
    given = given / unit
    logarithmic = bool((given > 0).all())
    steps = np.diff(np.log(given) if logarithmic else given)
    now = np.log(given[-1]) if logarithmic else given[-1]
    spread = WIDEN * max(float(steps.std(ddof=1)), SMALLEST_STEP) * np.sqrt(ahead + ahead**2 / steps.size)
    figures = (0.0, now + KEPT_DRIFT * ahead * steps.mean(), spread, steps.size - 1.0, 1.0)
    offset, location, scale, freedom, weight = (np.array([[figure]]) for figure in figures)
    distribution = Mixture(offset, location, scale, freedom, weight, logarithmic=logarithmic)
    return Prediction(
        Answers(distribution, [aim_.scaled(unit)], [float(given[-1])], ("steps",)),
        unit=unit,
        method="steps",
        history_years=int(given.size),
    )
