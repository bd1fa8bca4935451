"""The default forecast: structural models weighted by how well they have explained this very series.

Each model's forecast is a Student t. Its scale is the series' own: the residuals, and the errors the model would have
made in past years at the same month. Months that stand out are drawn in first. Weights come from the likelihood of
the past years and from those same errors, never from the level of the year running, so that more of the year to date
can only raise the forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from targetwatch.evaluation.forecast.design import FLOW_MODELS, LEVEL_MODELS, MONTHS, Maps, Model, maps, outlier_map
from targetwatch.evaluation.forecast.mixture import Floats, Mixture

MOST_YEARS = 5
LIKELIHOOD_WEIGHT, ERRORS_WEIGHT = 0.15, 1.0
RESIDUAL_YEARS = 2.0
DIFFUSE = 12
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
    return _fit(past, running, FLOW_MODELS, offset=known, total=True)


def structural_level(history: Floats, known: Floats) -> Mixture:
    """Return the distribution of the value at the year's last month, from (cases, years, 12) and (cases, months).

    A series with a value that is not positive is forecast as it stands instead of in logarithms.
    """
    history = history[:, -MOST_YEARS:]
    cases = len(history)
    if (history > 0).all() and (known > 0).all():
        past, running = np.log(history).reshape(cases, -1), np.log(known)
        return _fit(past, running, LEVEL_MODELS, offset=np.zeros(cases), total=False)
    unit = np.maximum(np.abs(history).mean((1, 2)), np.abs(known).max(1))[:, None]
    unit = np.where(unit > 0, unit, 1.0)
    fitted = _fit(history.reshape(cases, -1) / unit, known / unit, LEVEL_MODELS, offset=np.zeros(cases), total=False)
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
    usual = history.mean((1, 2))
    positive = np.where(history > 0, history, np.inf).min((1, 2))
    empty = np.clip(positive, SMALLEST_MONTH * usual, ZERO_MONTH * usual)
    same_months = history[:, :, :months].sum((1, 2)) / history.shape[1]
    known = year_to_date.sum(1)
    growth = np.where(known > 0, known / np.where(same_months > 0, same_months, months * usual), 1.0)
    past = _filled(history.reshape(cases, -1), empty, usual)
    return past, _filled(year_to_date, empty * growth, usual * growth)


def _filled(values: Floats, empty: Floats, usual: Floats) -> Floats:
    filled = np.where(values > 0, np.maximum(values, SMALLEST_MONTH * usual[:, None]), empty[:, None])
    return np.asarray(np.log(filled))


def _fit(past: Floats, running: Floats, models: tuple[Model, ...], *, offset: Floats, total: bool) -> Mixture:
    years, months = past.shape[1] // MONTHS, running.shape[1]
    prior, maps_ = PRIORS.get(years, SETTLED), maps(models, years, months)
    centre = past.mean(1, keepdims=True)
    past = past - centre
    rise = (
        running.mean(1, keepdims=True)
        - centre
        - past[:, -MONTHS : past.shape[1] - MONTHS + months].mean(1, keepdims=True)
    )
    raw = np.concatenate([past, running - centre - rise], 1)
    clean = _drawn_in(raw, years, months) if years > 1 else raw
    squares, likelihood = _residuals(clean, maps_, prior)
    noise = squares / (clean.shape[1] - DIFFUSE - 1 + prior.months)
    unit, errors = _past_errors(raw, clean, maps_, total=total)
    ahead = _ahead(clean, maps_.forecast[-1]) + rise[:, :, None] * maps_.lift
    location = _log_sum(ahead) if total else ahead[:, :, -1]
    tried = years - 1
    skill = -tried * (0.5 * np.log((RESIDUAL_YEARS * noise + errors[0]) / (RESIDUAL_YEARS + tried)) + np.log(unit))
    weight = LIKELIHOOD_WEIGHT * likelihood + ERRORS_WEIGHT * skill
    weight = np.exp(weight - weight.max(1, keepdims=True))
    both = np.sqrt(errors[0] * errors[1])
    scale = unit * np.sqrt((RESIDUAL_YEARS * noise + both) / (RESIDUAL_YEARS + tried))
    shape = location.shape
    return Mixture(
        offset=np.broadcast_to(offset[:, None], shape),
        location=location + centre,
        scale=scale * (prior.shrink if total else LEVEL_SHRINK),
        freedom=np.full(shape, FREEDOM),
        weight=weight / weight.sum(1, keepdims=True),
    )


def _drawn_in(series: Floats, years: int, months: int) -> Floats:
    """Return the series with past months that stand out drawn in to three robust deviations of what is around them.

    One month at a time, the furthest first: an outlier makes its neighbours look odd too.
    """
    precision, root = outlier_map(years, months)
    past, series, cases = MONTHS * years, series.copy(), np.arange(len(series))
    middle = series.shape[1] // 2
    pull = series @ precision
    for _ in range(OUTLIER_ROUNDS):
        deviation = pull / root
        away = np.abs(deviation)
        usual = np.partition(away, middle, axis=1)[:, middle] / NORMAL_QUARTILE
        beyond = away[:, :past] - OUTLIER * np.maximum(usual, SMALLEST_DEVIATION)[:, None]
        furthest = beyond.argmax(1)
        most = np.maximum(beyond[cases, furthest], 0.0)
        if not most.any():
            break
        step = np.copysign(most, deviation[cases, furthest]) / root[furthest]
        series[cases, furthest] -= step
        pull = pull - step[:, None] * precision[furthest]
    return series


def _residuals(clean: Floats, maps_: Maps, prior: Prior) -> tuple[Floats, Floats]:
    """Return (sum of squared residuals blind to a uniform rise of the year to date, log likelihood of the past)."""
    past = clean.shape[1] - maps_.uniform.shape[1]
    white = np.tensordot(clean, maps_.whiten, (1, 2))
    running = white[:, :, past:]
    running = running - (running * maps_.uniform).sum(2, keepdims=True) * maps_.uniform
    supposed = SMALLEST_SQUARES + prior.months * prior.noise**2
    before = (white[:, :, :past] ** 2).sum(2) + supposed
    freedom = past - DIFFUSE + prior.months
    return before + (running**2).sum(2), -0.5 * (maps_.log_determinant + freedom * np.log(before))


def _past_errors(raw: Floats, clean: Floats, maps_: Maps, *, total: bool) -> tuple[Floats, Floats]:
    """Return (unit of the present forecast, sums over past years of squared errors in their own units: raw, clean)."""
    years, k, h, known = maps_.forecast.shape
    months = MONTHS - h
    season = clean[:, : MONTHS * years].reshape(len(clean), years, MONTHS)[:, :, months:].mean(1)
    share = np.exp(season - season.max(1, keepdims=True)) if total else np.eye(h)[-1:].repeat(len(clean), 0)
    share /= share.sum(1, keepdims=True)
    variance = np.einsum("ch,jkhi,ci->cjk", share, maps_.covariance, share, optimize=["einsum_path", (0, 1), (0, 1)])
    unit = np.sqrt(variance[:, -1])
    if years == 1:
        return unit, np.zeros((2, len(clean), k))
    before = maps_.forecast[:-1].reshape(-1, known)
    errors = []
    for series in (raw, clean):
        ahead = (series @ before.T).reshape(len(series), years - 1, k, h)
        actual = series[:, MONTHS : MONTHS * years].reshape(len(series), years - 1, MONTHS)[:, :, None, months:]
        miss = _log_sum(actual) - _log_sum(ahead) if total else actual[..., -1] - ahead[..., -1]
        errors.append((miss**2 / variance[:, :-1]).sum(1))
    return unit, np.stack(errors)


def _ahead(series: Floats, forecast: Floats) -> Floats:
    return np.asarray(np.tensordot(series, forecast, (1, 2)))


def _log_sum(logs: Floats) -> Floats:
    top = logs.max(-1, keepdims=True)
    return np.asarray(top[..., 0] + np.log(np.exp(logs - top).sum(-1)))
