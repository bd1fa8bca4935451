"""Compare monthly forecasts family by family: `python families.py --beyond series.csv`.

For each family: log loss, Brier and coverage of the default, of its members and of the pool of three with AutoTheta,
and their difference to that pool with a 95 % interval by resampling source-years. Then the slope and intercept of a
recalibration (the outcome's log odds on the forecast's), resampled likewise: a perfect forecaster's are 1 and 0.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pool_of_two import pool2_flow
from questions import MonthlySeries, flow_questions
from series import beyond, family, flows

from targetwatch.evaluation.forecast.pools import pool_flow, smoothed_flow
from targetwatch.evaluation.forecast.structural import structural_flow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from questions import Questions

CLIP, RESAMPLES = 0.005, 400
AT_ONCE = 400
MONTHS = range(1, 12)


class Told(NamedTuple):
    """Of each case: source and year, chances (cases, months, goals) by method, whether attained, intervals held."""

    clusters: list[tuple[str, int]]
    chances: dict[str, np.ndarray]
    attained: np.ndarray
    covers: dict[str, np.ndarray]


def main() -> None:
    """Print a line for each family and method, then the recalibration."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beyond", type=Path, required=True, help="the series that beyond.py writes")
    parser.add_argument("--most", type=int, default=150, help="series of a family, drawn at random")
    parser.add_argument("--without-theta", action="store_true", help="leave the pool of three out: much quicker")
    asked = parser.parse_args()
    methods = {"pool": pool_flow, "structural": structural_flow, "smoothing": _smoothed, "pool2": pool2_flow}
    if not asked.without_theta:
        from theta import pool3_flow  # noqa: PLC0415 - statsforecast takes long to load

        methods["pool3"] = pool3_flow
    families = {name: series for name, series in beyond(asked.beyond).items() if name != "carparts"}
    for one in flows():
        families.setdefault(family(one.name), []).append(one)
    told = {name: _told(name, _drawn(series, asked.most), methods) for name, series in families.items()}
    for name, found in told.items():
        print(f"{name} ({len(found.attained)} series-years)")
        _print(found, "pool3" if "pool3" in methods else "structural")
    print("all")
    _print(_joined(list(told.values())), "pool3" if "pool3" in methods else "structural")
    for method in methods:
        _print_recalibration(method, _joined(list(told.values())))


def _drawn(series: Sequence[MonthlySeries], most: int) -> list[MonthlySeries]:
    return [series[number] for number in np.random.default_rng(1).permutation(len(series))[:most]]


def _smoothed(history: np.ndarray, year_to_date: np.ndarray) -> object:
    return smoothed_flow(history[:, -5:], year_to_date)


def _told(source: str, series: list[MonthlySeries], methods: dict[str, Callable[..., object]]) -> Told:
    parts = []
    for one in flow_questions(series):
        clusters = [(source, year) for year in one.years]
        answered = {name: _answered(one, method) for name, method in methods.items()}
        attained = one.attained[:, None].repeat(len(MONTHS), 1)
        parts.append(
            Told(clusters, {k: c for k, (c, _) in answered.items()}, attained, {k: h for k, (_, h) in answered.items()})
        )
        print(f"\r{source} {len(clusters)}", end="\r", flush=True)
    return _joined(parts)


def _answered(one: Questions, method: Callable[..., object]) -> tuple[np.ndarray, np.ndarray]:
    chances, held = [], []
    for m in MONTHS:
        found, inside = [], []
        for start in range(0, len(one.series), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            answer = method(one.history[rows], one.year[rows, :m])
            known = one.year[rows, :m].sum(1)[:, None]
            found.append(np.where(known >= one.goals[rows], 1.0, answer.exceeding(one.goals[rows])))
            ends = answer.quantiles(np.array([0.1, 0.9]))
            inside.append((ends[:, 0] <= one.outcome[rows]) & (one.outcome[rows] <= ends[:, 1]))
        chances.append(np.concatenate(found))
        held.append(np.concatenate(inside))
    return np.stack(chances, 1), np.stack(held, 1)


def _joined(parts: list[Told]) -> Told:
    methods = list(parts[0].chances)
    return Told(
        [cluster for part in parts for cluster in part.clusters],
        {name: np.concatenate([part.chances[name] for part in parts]) for name in methods},
        np.concatenate([part.attained for part in parts]),
        {name: np.concatenate([part.covers[name] for part in parts]) for name in methods},
    )


def _losses(chance: np.ndarray, attained: np.ndarray) -> np.ndarray:
    clipped = np.clip(chance, CLIP, 1 - CLIP)
    return np.asarray(-np.log(np.where(attained, clipped, 1 - clipped)))


def _print(found: Told, against: str) -> None:
    draws = list(_resampled(found.clusters))
    other = _losses(found.chances[against], found.attained).mean((1, 2))
    for name, chance in found.chances.items():
        losses = _losses(chance, found.attained).mean((1, 2))
        low, high = np.percentile([(losses - other)[draw].mean() for draw in draws], [2.5, 97.5])
        print(
            f"  {name:10} log loss {losses.mean():.4f}  Brier {((chance - found.attained) ** 2).mean():.4f}  "
            f"covers {found.covers[name].mean():.3f}  minus {against} {(losses - other).mean():+.4f} "
            f"[{low:+.4f}, {high:+.4f}]",
            flush=True,
        )


def _resampled(clusters: list[tuple[str, int]]) -> Sequence[np.ndarray]:
    """Return the cases of source-years drawn with replacement, so many times."""
    random, members = np.random.default_rng(1), {}
    for number, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(number)
    groups = [np.array(numbers) for numbers in members.values()]
    return [np.concatenate([groups[g] for g in random.integers(0, len(groups), len(groups))]) for _ in range(RESAMPLES)]


def _print_recalibration(method: str, found: Told) -> None:
    is_open = found.chances[method] < 1
    chance = np.clip(found.chances[method], CLIP, 1 - CLIP)
    odds = np.log(chance / (1 - chance))
    slope, intercept = _fitted(odds[is_open], found.attained[is_open])
    drawn = [
        _fitted(odds[draw][is_open[draw]], found.attained[draw][is_open[draw]])
        for draw in _resampled(found.clusters)[:100]
    ]
    (s_low, i_low), (s_high, i_high) = np.percentile(drawn, [2.5, 97.5], axis=0)
    print(
        f"{method}: recalibration slope {slope:.3f} [{s_low:.3f}, {s_high:.3f}], "
        f"intercept {intercept:+.3f} [{i_low:+.3f}, {i_high:+.3f}]",
        flush=True,
    )


def _fitted(odds: np.ndarray, attained: np.ndarray) -> tuple[float, float]:
    """Return slope and intercept of the likeliest line in log odds (Newton)."""
    causes, line = np.stack([odds, np.ones(odds.size)], 1), np.array([1.0, 0.0])
    for _ in range(12):
        chance = 1 / (1 + np.exp(-causes @ line))
        curvature = (causes * (chance * (1 - chance))[:, None]).T @ causes
        line = line + np.linalg.solve(curvature, causes.T @ (attained - chance))
    return float(line[0]), float(line[1])


if __name__ == "__main__":
    main()
