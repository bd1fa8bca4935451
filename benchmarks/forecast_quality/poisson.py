"""Measure counts against the best that could be said of them: `python poisson.py`.

Poisson counts are drawn with yearly rates between 3 and 60, the rate staying as it is. They are forecast as counts at
the ends of months 2, 3, 6, 8 and 10 with none to three past years; beside it a gamma-Poisson whose prior is fitted with
hindsight to all the rates drawn. Goals are the rate's own rounded expectation, and a tenth less and more.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from targetwatch.evaluation.forecast import Evening, aim, predict_count

KNOWN = (2, 3, 6, 8, 10)
CASES, CLIP = 400, 0.005
RATES = (3.0, 60.0)


def main() -> None:
    """Print log loss and coverage, and the log loss with hindsight, by past years and by size."""
    random = np.random.default_rng(1)
    rates = np.exp(random.uniform(*np.log(RATES), CASES))
    months = random.poisson(rates[:, None, None] / 12, (CASES, 4, 12))
    shape = rates.mean() ** 2 / rates.var()
    for years in range(4):
        rows = np.array([_scores(months[case], rate, years, shape, rates.mean()) for case, rate in enumerate(rates)])
        for title, chosen in (
            ("all", rates > 0),
            ("3 to 15 a year", rates <= 15),
            ("15 to 60 a year", rates > 15),
        ):
            loss, covered, best = np.nanmean(rows[chosen], (0, 1))
            print(
                f"{years} past years, {title:16} log loss {loss:.4f}  covers {covered:.3f}  with hindsight {best:.4f}  "
                f"{loss - best:+.4f}",
                flush=True,
            )


def _scores(months: np.ndarray, rate: float, years: int, shape: float, mean: float) -> list[tuple[float, ...]]:
    past, year = months[3 - years : 3], months[3]
    found = []
    for m in KNOWN:
        so_far, total = float(year[:m].sum()), float(year.sum())
        pairs = [(float(one[:m].sum()), float(one[m:].sum())) for one in past]
        evenings = [
            Evening(float(k), float(year[:k].sum()), float(past[-1, :k].sum()) if years else None)
            for k in KNOWN
            if k <= m
        ]
        told = predict_count(
            aim("at_least", 1, None, grows=True), actual=so_far, months_known=float(m), past=pairs, evenings=evenings
        )
        if told is None:
            continue
        goals = np.ceil(rate * np.array([0.9, 1.0, 1.1]))
        low, _, high = told.answers.intervals[0]
        firm, seen = shape + so_far + sum(map(sum, pairs)), shape / mean + years + m / 12
        rest = firm / seen * (12 - m) / 12
        best = np.where(goals <= so_far, 1.0, betainc(np.maximum(goals - so_far, 1), firm, rest / (rest + firm)))
        said = told.answers.predicted.exceeding(goals[None] - 0.5)[0]
        found.append((_loss(said, total >= goals), float(low <= total <= high), _loss(best, total >= goals)))
    return found + [(np.nan,) * 3] * (len(KNOWN) - len(found))


def _loss(chance: np.ndarray, attained: np.ndarray) -> float:
    clipped = np.clip(chance, CLIP, 1 - CLIP)
    return float(-np.log(np.where(attained, clipped, 1 - clipped)).mean())


if __name__ == "__main__":
    main()
