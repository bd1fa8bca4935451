"""The default forecast: structural models weighted by how well they have explained this very series.

Each model says how the logarithm of a month is made: a level that drifts, a slope that is pulled back to zero, a
season that changes from year to year, sometimes a passing deviation, and noise; all in units of the noise. With the
unit left open, the models are Gaussian processes whose forecasts are fixed linear maps of the series: computed once
for each number of past years and months known, kept, and applied to any series.

Each model's forecast is a Student t. Its scale is the series' own: the residuals, and the errors the model would have
made in past years at the same month. Months that stand out are drawn in first. Weights come from the likelihood of
the past years and from those same errors, never from the level of the year running, so that more of the year to date
can only raise the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from targetwatch.evaluation.days import MONTHS_PER_YEAR as MONTHS
from targetwatch.evaluation.forecast.prediction import Floats, Mixture, applied

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


MOST_YEARS = 5
LIKELIHOOD_WEIGHT, ERRORS_WEIGHT = 0.15, 1.0
RESIDUAL_YEARS = 2.0
SEASON_CREDIT = 30.0
"""Added to the log likelihood of a model with a season: most of what it loses by not knowing how large that is."""
SMALLEST_SQUARES = 1e-4
OUTLIER, OUTLIER_ROUNDS = 3.0, 50
NORMAL_QUARTILE = 0.6745
SMALLEST_DEVIATION = 5e-4
ZERO_MONTH, SMALLEST_MONTH = 0.02, 1e-3


FREEDOM = 3.0
LEVEL_SHRINK = 0.83


@dataclass(frozen=True, slots=True)
class Prior:
    """What is supposed of a series' noise before it has spoken: its size, and for how many months that counts.

    `shrink` narrows every scale: the models overlap, so their mixture would be too wide.
    """

    noise: float
    months: float
    shrink: float


PRIORS = {1: Prior(0.025, 3.0, 0.78), 2: Prior(0.02, 1.0, 0.72)}
SETTLED = Prior(0.0, 0.0, 0.70)


def structural_flow(history: Floats, year_to_date: Floats) -> Mixture:
    """Return the distribution of the year's total, from (cases, years, 12) and (cases, months)."""
    history = history[:, -MOST_YEARS:]
    known = year_to_date.sum(1)
    past, running = _logs(history, year_to_date)
    return _fit(past, running, FLOW_MODELS, period=history.shape[2], offset=known, total=True)


def structural_level(history: Floats, known: Floats) -> Mixture:
    """Return the distribution of the value at the year's last month, from (cases, years, period) and (cases, months).

    A series with a value that is not positive is forecast as it stands instead of in logarithms.
    """
    history = history[:, -MOST_YEARS:]
    cases, _, period = history.shape
    if (history > 0).all() and (known > 0).all():
        past, running = np.log(history).reshape(cases, -1), np.log(known)
        return _fit(past, running, LEVEL_MODELS, period=period, offset=np.zeros(cases), total=False)
    unit = np.maximum(np.abs(history).mean((1, 2)), np.abs(known).max(1))[:, None]
    unit = np.where(unit > 0, unit, 1.0)
    values, running = history.reshape(cases, -1) / unit, known / unit
    fitted = _fit(values, running, LEVEL_MODELS, period=period, offset=np.zeros(cases), total=False)
    return Mixture(
        offset=fitted.offset,
        location=fitted.location * unit,
        scale=fitted.scale * unit,
        freedom=fitted.freedom,
        weight=fitted.weight,
        logarithmic=False,
    )


def _logs(history: Floats, year_to_date: Floats) -> tuple[Floats, Floats]:
    """Return both in logarithms; an empty month counts as a fiftieth of a usual one, or as the smallest if less."""
    cases, months = year_to_date.shape
    if _is_even(history, year_to_date):
        return np.log(history.reshape(cases, -1)), np.log(year_to_date)
    usual = history.mean((1, 2))
    positive = np.where(history > 0, history, np.inf).min((1, 2))
    empty = np.clip(positive, SMALLEST_MONTH * usual, ZERO_MONTH * usual)
    same_months = history[:, :, :months].sum((1, 2)) / history.shape[1]
    known = year_to_date.sum(1)
    growth = np.where(known > 0, known / np.where(same_months > 0, same_months, months * usual), 1.0)
    past = _filled(history.reshape(cases, -1), empty, usual)
    return past, _filled(year_to_date, empty * growth, usual * growth)


def _is_even(history: Floats, year_to_date: Floats) -> bool:
    """Return whether no month is anywhere near as small as the smallest that counts."""
    least, most, last = float(history.min()), float(history.max()), float(year_to_date.min())
    if least <= 0 or last <= 0 or least < 2 * SMALLEST_MONTH * most:
        return False
    return last >= 2 * SMALLEST_MONTH * (most / least) * float(year_to_date.max())


def _filled(values: Floats, empty: Floats, usual: Floats) -> Floats:
    filled = np.where(values > 0, np.maximum(values, SMALLEST_MONTH * usual[:, None]), empty[:, None])
    return np.asarray(np.log(filled))


def _fit(
    past: Floats, running: Floats, models: tuple[Model, ...], *, period: int, offset: Floats, total: bool
) -> Mixture:
    years, months = past.shape[1] // period, running.shape[1]
    prior, maps_ = PRIORS.get(years, SETTLED), maps(models, years, months, period)
    centre = _mean(past)
    past = past - centre
    rise = _mean(running) - centre - _mean(past[:, -period : past.shape[1] - period + months])
    raw = np.concatenate([past, running - centre - rise], 1)
    clean = _drawn_in(raw, years, months, period) if years > 1 else raw
    squares, likelihood = _residuals(clean, maps_, prior, period)
    noise = squares / (clean.shape[1] - np.where(maps_.seasonal, period, 1) - 1 + prior.months)
    likelihood += np.where(maps_.seasonal, SEASON_CREDIT, 0.0)
    unit, errors = _past_errors(raw, clean, maps_, total=total)
    ahead = applied(clean, maps_.ahead).reshape(len(clean), *maps_.lift.shape) + rise[:, :, None] * maps_.lift
    location = _log_sum(ahead) if total else ahead[:, :, -1]
    tried, residual = years - 1, RESIDUAL_YEARS * noise
    spread = (residual + errors[0]) / (RESIDUAL_YEARS + tried)
    weight = LIKELIHOOD_WEIGHT * likelihood - ERRORS_WEIGHT * tried * (0.5 * np.log(spread) + np.log(unit))
    weight = np.exp(weight - np.maximum.reduce(weight, 1, keepdims=True))
    if clean is not raw:
        both = np.where(errors[0] == errors[1], errors[0], np.sqrt(errors[0] * errors[1]))
        spread = (residual + both) / (RESIDUAL_YEARS + tried)
    scale = unit * np.sqrt(spread)
    shape = location.shape
    return Mixture(
        offset=np.broadcast_to(offset[:, None], shape),
        location=location + centre,
        scale=scale * (prior.shrink if total else LEVEL_SHRINK),
        freedom=np.full(shape, FREEDOM),
        weight=weight / np.add.reduce(weight, 1, keepdims=True),
    )


def _mean(values: Floats) -> Floats:
    return np.asarray(np.add.reduce(values, 1, keepdims=True) / values.shape[1])


def _drawn_in(series: Floats, years: int, months: int, period: int = MONTHS) -> Floats:
    """Return the series with past months that stand out drawn in to three robust deviations of what is around them.

    One month at a time, the furthest first: an outlier makes its neighbours look odd too. Where nothing stands out it
    is the series itself.
    """
    precision, root = outlier_map(years, months, period)
    past, middle = period * years, series.shape[1] // 2
    pull, drawn = applied(series, precision), series
    for _ in range(OUTLIER_ROUNDS):
        deviation = pull / root
        away = np.abs(deviation)
        sides = away.copy()
        sides.partition(middle, 1)
        usual = np.maximum(sides[:, middle, None] / NORMAL_QUARTILE, SMALLEST_DEVIATION)
        beyond = away[:, :past] - OUTLIER * usual
        if np.maximum.reduce(beyond, None) <= 0:
            break
        if drawn is series:
            drawn, cases = series.copy(), np.arange(len(series))
        furthest = beyond.argmax(1)
        most = np.maximum(beyond[cases, furthest], 0.0)
        step = np.copysign(most, deviation[cases, furthest]) / root[furthest]
        drawn[cases, furthest] -= step
        pull = pull - step[:, None] * precision[furthest]
    return drawn


def _residuals(clean: Floats, maps_: Maps, prior: Prior, period: int) -> tuple[Floats, Floats]:
    """Return (sum of squared residuals blind to a uniform rise of the year to date, log likelihood of the past)."""
    past = clean.shape[1] - maps_.uniform.shape[1]
    white = applied(clean, maps_.whiten).reshape(len(clean), maps_.models, -1)
    running = white[:, :, past:]
    running = running - np.add.reduce(running * maps_.uniform, 2, keepdims=True) * maps_.uniform
    supposed = SMALLEST_SQUARES + prior.months * prior.noise**2
    before = np.add.reduce(white[:, :, :past] ** 2, 2) + supposed
    freedom = past - period + prior.months
    return before + np.add.reduce(running**2, 2), -0.5 * (maps_.log_determinant + freedom * np.log(before))


def _past_errors(raw: Floats, clean: Floats, maps_: Maps, *, total: bool) -> tuple[Floats, tuple[Floats, Floats]]:
    """Return (unit of the present forecast, sums over past years of squared errors in their own units: raw, clean)."""
    years, k, h, cases = maps_.years, maps_.models, maps_.lift.shape[1], len(clean)
    months = clean.shape[1] - maps_.period * years
    period = maps_.period
    season = _mean(clean[:, : period * years].reshape(cases, years, period)[:, :, months:])[:, 0]
    share = np.exp(season - np.maximum.reduce(season, 1, keepdims=True)) if total else np.eye(h)[-1:].repeat(cases, 0)
    share /= np.add.reduce(share, 1, keepdims=True)
    seen = applied(share, maps_.covariance.T).reshape(cases, -1, h)
    variance = (seen @ share[:, :, None]).reshape(cases, years, k)
    unit = np.sqrt(variance[:, -1])
    if years == 1:
        return unit, (np.zeros((cases, k)),) * 2
    errors = []
    for series in (raw,) if clean is raw else (raw, clean):
        ahead = applied(series, maps_.before).reshape(cases, years - 1, k, h)
        actual = series[:, period : period * years].reshape(cases, years - 1, period)[:, :, None, months:]
        miss = _log_sum(actual) - _log_sum(ahead) if total else actual[..., -1] - ahead[..., -1]
        errors.append(np.add.reduce(miss**2 / variance[:, :-1], 1))
    return unit, (errors[0], errors[-1])


def _log_sum(logs: Floats) -> Floats:
    top = np.maximum.reduce(logs, -1, keepdims=True)
    return np.asarray(top[..., 0] + np.log(np.add.reduce(np.exp(logs - top), -1)))
