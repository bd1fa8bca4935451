"""How far off the day is on which a goal is most likely reached: `python reaching.py`.

Public flows become readings as in configurations.py: single months of four past years, and sums at irregular evenings
with a growth rate. Each is judged by `evaluate` on every day of publication in the target's last year, for goals of .9,
1 and 1.1 times the year before. The day that was: within its month, evenly. Only goals that are on track and not
reached by the figures count, since of no others a day is said; beside it the day by the mean rate so far.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from configurations import PAST, Config, _drawn, _monthly, _sums
from series import family, flows

from builders import goal, indicator, month_ends, target, version
from targetwatch.backtest import day_reached
from targetwatch.evaluation import evaluate
from targetwatch.model import Performance, Release

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 60
GOALS = (0.9, 1.0, 1.1)
ORIGIN = date(2024, 12, 31)
NEAR_DAYS = 15


class Guess(NamedTuple):
    """The days that were said, by the forecast and by the rate so far, less the day that was; None: not in the year."""

    forecast: int | None
    rate: int | None


def main() -> None:
    """Print a line for each kind and month known."""
    families = defaultdict(list)
    for one in flows():
        families[family(one.name)].append(one.values)
    kinds = {"months, four years": (PAST, _monthly), "sums and growth": (1, _sums)}
    for kind, (years, make) in kinds.items():
        found = defaultdict(list)
        for config, year in _drawn(families, MOST, years, lambda past, year, make=make: _with_truth(make, past, year)):
            for months, guess in _guesses(config, year):
                found[months].append(guess)
        print(kind)
        for months, guesses in sorted(found.items()):
            _print(months, guesses)


def _with_truth(make, past: np.ndarray, year: np.ndarray) -> tuple[Config, np.ndarray] | None:  # noqa: ANN001
    config = make(past, year)
    return None if config is None else (config, year)


def _guesses(config: Config, year: np.ndarray) -> Iterator[tuple[int, Guess]]:
    one = indicator(release=Release(every=config.every, lag=20))
    for share in GOALS:
        aimed = config.before * share
        promised = target(version(goal(at_least=round(aimed, 6)), announced=config.start))
        was = day_reached(_course(year), aimed)
        for row in {
            row.period.end: row for row in config.readings if row.period.end.year == config.start.year
        }.values():
            said = evaluate(promised, one, config.readings, row.published_on)
            through = said.data_through
            if through != row.period.end or said.performance is not Performance.ON_TRACK or said.reached_on is None:
                continue
            actual = float(said.actual_value)
            rate = ORIGIN + timedelta(days=round((through - ORIGIN).days * aimed / actual))
            guesses = (None if was is None else (day - was).days for day in (said.reached_on, rate))
            yield through.month, Guess(*guesses)


def _course(year: np.ndarray) -> list[tuple[date, float]]:
    return list(zip([ORIGIN, *month_ends(2025)], [0.0, *np.cumsum(year)], strict=True))


def _print(months: int, guesses: list[Guess]) -> None:
    known = [guess for guess in guesses if guess.forecast is not None and guess.rate is not None]
    off, by_rate = (np.array([guess[number] for guess in known]) for number in (0, 1))
    print(
        f"  month {months:2} {len(guesses):5}  off by {np.median(np.abs(off)):4.0f} days, 4 in 5 within "
        f"{np.quantile(np.abs(off), 0.8):4.0f}, within {NEAR_DAYS}: {np.mean(np.abs(off) <= NEAR_DAYS):.0%}, "
        f"mean {off.mean():+5.1f}; by the rate so far off by {np.median(np.abs(by_rate)):4.0f}; "
        f"not reached in the year {1 - len(known) / len(guesses):.1%}",
        flush=True,
    )


if __name__ == "__main__":
    main()
