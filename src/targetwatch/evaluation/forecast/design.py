"""The structural models: how a monthly series may move, and the linear maps that forecasting with them comes to.

Each model says how the logarithm of a month is made: a level that drifts, a slope that is pulled back to zero, a
season that changes from year to year, sometimes a passing deviation, and noise; all in units of the noise. With the
unit left open, the models are Gaussian processes whose forecasts are fixed linear maps of the series: computed once
for each number of past years and months known, kept, and applied to any series.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.mixture import Floats

VAGUE_LEVEL, VAGUE_SEASON = 1e4, 1e3


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """How a series may move, in variances relative to its noise; each is itself alone, so that it is quickly looked up.

    Of the level's monthly drift, of the slope's monthly steps, of the season's yearly change, of a passing deviation
    that fades by `fading` a month; `persistence` is what of the slope is left a month later. A rate of growth on a year
    before has no season left, and is not `seasonal`.
    """

    family: str
    drift: float
    slope: float
    season: float = 1.2
    passing: float = 0.0
    persistence: float = 0.98
    fading: float = 0.9
    seasonal: bool = True


FLOW_MODELS = (
    *(Model("steady", drift, 1e-6) for drift in (0.01, 0.2, 2.0)),
    *(Model("slow trend", drift, 2e-4) for drift in (0.01, 0.2, 2.0)),
    *(Model("trend", drift, 4e-3) for drift in (0.01, 0.2, 2.0)),
    *(Model("returning", 0.01, slope, passing=3.0) for slope in (1e-6, 2e-4, 4e-3)),
    *(Model("fast trend", drift, slope, persistence=0.95) for drift, slope in ((0.03, 0.1), (1.0, 0.1))),
)
LEVEL_MODELS = (
    *(
        Model(family, drift, slope, season, persistence=0.95)
        for family, slope in (("steady", 1e-6), ("trend", 1e-3), ("fast trend", 0.1))
        for drift in (0.03, 1.0)
        for season in (0.15, 1.2)
    ),
    *(Model("without season", drift, 1e-6, seasonal=False) for drift in (1.0, 10.0)),
    Model("returning", 0.01, 1e-6, passing=10.0, seasonal=False),
)
REFERENCE = (Model("reference", 0.2, 2e-4),)


@dataclass(frozen=True, slots=True)
class Maps:
    """Maps for n past years and m months known of the year after, h = 12 - m to come; k models.

    They are laid out as they are applied to series (cases, N) from the right. `whiten` (N, k N) makes the N = 12 n + m
    months independent; `uniform` (k, m) is the whitened direction of a uniform rise of the year to date; `ahead`
    (N, k h) gives the months to come, `before` (N, (n - 1) k h) those of each past year but the first from what was
    known at the same month; `covariance` (n k h, h) their errors, the running year's last; `lift` (k, h) is how a
    uniform rise of the year to date lifts each month to come, never taken as below nothing; `seasonal` (k,) tells the
    models that have a season.
    """

    years: int
    models: int
    period: int

    whiten: Floats
    uniform: Floats
    log_determinant: Floats
    ahead: Floats
    before: Floats
    covariance: Floats
    lift: Floats
    seasonal: npt.NDArray[np.bool_]


@lru_cache(maxsize=256)
def maps(models: tuple[Model, ...], years: int, months: int, period: int = MONTHS) -> Maps:
    """Return the maps of `models` for so many past years and months known, or quarters when a year's `period` is 4."""
    lower, inverse = _factors(models, years, period)
    known, past, h = period * years + months, period * years, period - months
    forecast = np.zeros((years, len(models), h, known))
    covariance = np.zeros((years, len(models), h, h))
    for j in range(1, years + 1):
        upto, end = period * j + months, period * (j + 1)
        forecast[j - 1, :, :, :upto] = lower[:, upto:end, :upto] @ inverse[:, :upto, :upto]
        ahead = lower[:, upto:end, upto:end]
        covariance[j - 1] = ahead @ ahead.transpose(0, 2, 1)
    uniform = inverse[:, past:known, past:known].sum(2)
    return Maps(
        years=years,
        models=len(models),
        period=period,
        whiten=inverse[:, :known, :known].reshape(-1, known).T,
        uniform=uniform / np.sqrt((uniform**2).sum(1, keepdims=True)),
        log_determinant=2 * np.log(np.diagonal(lower[:, :past, :past], axis1=1, axis2=2)).sum(1),
        ahead=forecast[-1].reshape(-1, known).T,
        before=forecast[:-1].reshape(-1, known).T,
        covariance=covariance.transpose(0, 1, 3, 2).reshape(-1, h),
        lift=np.maximum(forecast[-1][:, :, past:].sum(2), 0.0),
        seasonal=np.array([model.seasonal for model in models]),
    )


@lru_cache(maxsize=256)
def outlier_map(years: int, months: int, period: int = MONTHS) -> tuple[Floats, Floats]:
    """Return (precision, its diagonal's root) of the reference model, blind to a uniform rise of the year to date."""
    inverse = _factors(REFERENCE, years, period)[1][0]
    known, past = period * years + months, period * years
    whiten = inverse[:known, :known]
    precision = whiten.T @ whiten
    rise = precision[:, past:].sum(1)
    precision = precision - np.outer(rise, rise) / rise[past:].sum()
    return precision, np.sqrt(np.maximum(np.diagonal(precision), np.finfo(float).eps))


@lru_cache(maxsize=64)
def _factors(models: tuple[Model, ...], years: int, period: int) -> tuple[Floats, Floats]:
    """Return the Cholesky factors (k, N, N) of the models' covariances over `years` + 1 years, and their inverses."""
    lower = np.linalg.cholesky(np.stack([_covariance(model, period * (years + 1), period) for model in models]))
    return lower, np.tril(np.linalg.inv(lower))


def _covariance(model: Model, months: int, period: int = MONTHS) -> Floats:
    t = np.arange(months)
    lag, first = np.abs(t[:, None] - t[None, :]), np.minimum(t[:, None], t[None, :])
    slope = model.slope / (1 - model.persistence**2) * model.persistence**lag
    summed = np.tril(np.ones((months, months)))
    summed[:, 0] = 0
    covariance = VAGUE_LEVEL + model.drift * first + summed @ slope @ summed.T
    if model.seasonal:
        covariance += np.where(lag % period == 0, VAGUE_SEASON + model.season * (first // period), 0.0)
    covariance += model.passing * model.fading**lag
    covariance[t, t] += 1.0
    return np.asarray(covariance)
