"""From monthly series to questions that time has answered: a past year, what was known in it, a goal, the outcome.

The series are the public set's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MONTHS = 12
FLOW_GOALS = (0.0, 0.05, 0.10)
LEVEL_GOALS = (0.0, 0.01, 0.03)
LEAST_FLOW_YEARS, LEAST_LEVEL_YEARS, MOST_YEARS = 3, 5, 5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MonthlySeries:
    """One indicator's months: `values` (years, 12) from January of `first_year` on; an unknown month is NaN."""

    name: str
    first_year: int
    values: Floats


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions with equally many past years: `history` (cases, years, 12), `year` (cases, 12), `goals` (cases, g).

    `outcome` (cases,) is what came: the year's total of a flow, December's value of a level. `series` and `years` name
    the case.
    """

    measure: str
    series: tuple[str, ...]
    years: tuple[int, ...]
    history: Floats
    year: Floats
    goals: Floats
    outcome: Floats

    @property
    def attained(self) -> npt.NDArray[np.bool_]:
        """Return whether each goal was attained, (cases, g)."""
        return np.asarray(self.outcome[:, None] >= self.goals)


def flow_questions(
    series: Iterable[MonthlySeries],
    *,
    last_years: int | None = 3,
    growth_goals: Sequence[float] = FLOW_GOALS,
    least_years: int = LEAST_FLOW_YEARS,
) -> tuple[Questions, ...]:
    """Return a question for each of a series' last eligible years: last year's total and so much more.

    A year is eligible when its months and those of the `least_years` before are known and positive; up to five past
    years are used. `last_years` None: every eligible year.
    """
    return _questions(
        series,
        "flow",
        last_years=last_years,
        growth_goals=growth_goals,
        needed=least_years,
        used=(least_years, MOST_YEARS),
    )


def level_questions(
    series: Iterable[MonthlySeries],
    *,
    last_years: int | None = None,
    growth_goals: Sequence[float] = LEVEL_GOALS,
    least_years: int = LEAST_LEVEL_YEARS,
) -> tuple[Questions, ...]:
    """Return a question for each of a series' eligible years: December's value against the last December's.

    A year is eligible when its months and those of the `least_years` before are known and positive, and, as in the
    published set, the December before those too.
    """
    return _questions(
        series,
        "level",
        last_years=last_years,
        growth_goals=growth_goals,
        needed=least_years + 1,
        used=(least_years, least_years),
    )


def _questions(
    series: Iterable[MonthlySeries],
    measure: str,
    *,
    last_years: int | None,
    growth_goals: Sequence[float],
    needed: int,
    used: tuple[int, int],
) -> tuple[Questions, ...]:
    found: dict[int, list[tuple[str, int, Floats, Floats]]] = {}
    for one in series:
        known = np.isfinite(one.values) & (np.nan_to_num(one.values) > 0)
        complete = [bool(year.all()) for year in known]
        eligible = [i for i in range(needed, len(complete)) if all(complete[i - needed : i + 1])]
        for i in eligible if last_years is None else eligible[len(eligible) - min(last_years, len(eligible)) :]:
            least, most = used
            years = least
            while years < most and i > years and complete[i - years - 1]:
                years += 1
            case = (one.name, one.first_year + i, one.values[i - years : i], one.values[i])
            found.setdefault(years, []).append(case)
    return tuple(_stacked(measure, cases, growth_goals) for _, cases in sorted(found.items()))


def _stacked(measure: str, cases: list[tuple[str, int, Floats, Floats]], growth_goals: Sequence[float]) -> Questions:
    names, years, history, year = zip(*cases, strict=True)
    past, running = np.stack(history), np.stack(year)
    before = past[:, -1].sum(1) if measure == "flow" else past[:, -1, -1]
    return Questions(
        measure=measure,
        series=names,
        years=years,
        history=past,
        year=running,
        goals=before[:, None] * (1 + np.array(growth_goals)),
        outcome=running.sum(1) if measure == "flow" else running[:, -1],
    )
