"""What every forecast must keep to, whatever the series: the laws, and any series to try them on."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from targetwatch.evaluation.forecast import forecast_flow, forecast_level

if TYPE_CHECKING:
    from collections.abc import Callable

    from targetwatch.model import Forecast

ROUNDING = 1e-9
UPWARD = ("at_least", "above")
DOWNWARD = ("at_most", "below")


@dataclass(frozen=True)
class Case:
    """Past years, the months of the running one, and a goal, in a unit of any size."""

    history: np.ndarray
    known: np.ndarray
    goal: float
    comparator: str

    @property
    def upper(self) -> float | None:
        return self.goal * 1.25 + 1e-9 * abs(self.goal) if self.comparator == "between" else None

    def forecast(self, *, goal: float | None = None, times: float = 1.0, unit: float = 1.0) -> Forecast | None:
        aimed = self.goal if goal is None else goal
        return forecast_flow(
            self.history * unit,
            self.known * times * unit,
            aimed * unit,
            self.comparator,
            upper=None if self.upper is None else self.upper * unit,
        )


@st.composite
def cases(draw: st.DrawFn, comparators: tuple[str, ...] = (*UPWARD, *DOWNWARD, "between")) -> Case:
    """Return quiet, wild, constant, sparse, huge and tiny series with goals from nothing to far beyond."""
    years = draw(st.integers(0, 6))
    months = draw(st.integers(1, 11))
    seed = draw(st.integers(0, 2**32 - 1))
    noise = draw(st.sampled_from([0.0, 1e-6, 0.01, 0.1, 1.0, 4.0]))
    growth = draw(st.sampled_from([-3.0, -0.2, 0.0, 0.05, 0.5, 3.0]))
    empty = draw(st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.4, 0.9, 1.0]))
    unit = 10.0 ** draw(st.sampled_from([-280, -20, -3, 0, 0, 4, 11, 280]))
    series = _series(seed, 12 * years + months, noise=noise, growth=growth, empty=empty) * unit
    history, known = series[: 12 * years].reshape(years, 12), series[12 * years :]
    typical = (history.mean() if years else known.mean()) * 12
    goal = draw(st.sampled_from([0.0, 0.3, 0.9, 1.0, 1.05, 1.3, 3.0, 100.0])) * typical
    return Case(history, known, goal, draw(st.sampled_from(comparators)))


def _series(seed: int, length: int, *, noise: float, growth: float, empty: float) -> np.ndarray:
    random = np.random.default_rng(seed)
    season = random.normal(0, noise, 12)
    logs = season[np.arange(length) % 12] + random.normal(0, noise, length) + growth / 12 * np.arange(length)
    values = np.exp(np.clip(logs, -15, 15))
    values[random.random(length) < empty] = 0
    return values


def speaks_plainly(case: Case) -> None:
    """The figures are numbers, the interval is ordered around the median, the chance is one."""
    found = case.forecast()
    if found is None:
        assert case.known.sum() == 0 or not case.history.any()
        return
    assert all(isfinite(value) for value in (found.low, found.median, found.high, found.attain_probability))
    assert case.known.sum() * (1 - ROUNDING) <= found.low <= found.median <= found.high
    assert 0 <= found.attain_probability <= 1
    for _, median, chance in found.members:
        assert isfinite(median)
        assert 0 <= chance <= 1


def an_easier_goal_is_no_less_likely(case: Case, share: float) -> None:
    """P never falls when the goal is lowered (a cap raised)."""
    easier = case.goal * (share if case.comparator in UPWARD else 1 / max(share, 0.01))
    first, second = case.forecast(), case.forecast(goal=easier)
    if first is not None and second is not None:
        assert second.attain_probability >= first.attain_probability - ROUNDING


def more_so_far_is_no_less_likely(case: Case, times: float) -> None:
    """P never falls when the whole year to date grows in proportion (for a cap: never rises)."""
    first, second = case.forecast(), case.forecast(times=times)
    if first is None or second is None:
        return
    sign = 1 if case.comparator in UPWARD else -1
    assert sign * second.attain_probability >= sign * first.attain_probability - ROUNDING


def what_is_reached_is_certain(case: Case) -> None:
    """P is 1 once a flow's goal is reached, 0 once its cap is passed; exactly at the goal strictness decides."""
    total = float(case.known.sum())
    if case.forecast() is None:
        return
    decided = {"at_least": 1.0, "below": 0.0}
    for comparator in (*UPWARD, *DOWNWARD):
        at = forecast_flow(case.history, case.known, total, comparator)
        beyond = forecast_flow(case.history, case.known, total * 0.99, comparator)
        assert at is not None
        assert beyond is not None
        if comparator in decided:
            assert at.attain_probability == decided[comparator]
        else:
            assert 0 < at.attain_probability < 1
        if total * 0.99 < total:
            assert beyond.attain_probability == (1.0 if comparator in UPWARD else 0.0)


def the_unit_does_not_matter(case: Case, unit: float) -> None:
    """Counting in another unit changes no probability and scales every figure."""
    first, second = case.forecast(), case.forecast(unit=unit)
    assert (first is None) == (second is None)
    if first is None or second is None:
        return
    assert abs(first.attain_probability - second.attain_probability) < 1e-6
    for name in ("low", "median", "high"):
        assert np.isclose(getattr(first, name) * unit, getattr(second, name), rtol=1e-6)


def a_level_speaks_plainly(case: Case, shift: float) -> None:
    """A level's figures are numbers in order too, also when values are below zero."""
    size = max(case.history.max(initial=0.0), case.known.max(initial=0.0))
    history, known = case.history - shift * size, case.known - shift * size
    found = forecast_level(history, known, case.goal / 12, case.comparator, upper=case.upper)
    if found is None:
        assert not history.size or not (history.any() or known.any())
        return
    assert all(isfinite(value) for value in (found.low, found.median, found.high))
    assert found.low <= found.median <= found.high
    assert 0 < found.attain_probability < 1


def the_unit_of_a_level_does_not_matter(case: Case, unit: float) -> None:
    """Counting a level in another unit changes no probability and scales every figure."""
    first, second = (
        forecast_level(case.history * times, case.known * times, case.goal / 12 * times, "at_least")
        for times in (1.0, unit)
    )
    assert (first is None) == (second is None)
    if first is None or second is None:
        return
    assert abs(first.attain_probability - second.attain_probability) < 1e-6
    size = max(case.history.max(), case.known.max()) * unit
    for name in ("low", "median", "high"):
        assert np.isclose(getattr(first, name) * unit, getattr(second, name), rtol=1e-6, atol=1e-9 * size)


def an_easier_level_is_no_less_likely(case: Case, share: float) -> None:
    """P of a level never falls when its goal is lowered."""
    first, second = (
        forecast_level(case.history, case.known, goal, "at_least") for goal in (case.goal, case.goal * share)
    )
    if first is not None and second is not None:
        assert second.attain_probability >= first.attain_probability - ROUNDING


LAWS: tuple[tuple[Callable[..., None], tuple[st.SearchStrategy[object], ...]], ...] = (
    (speaks_plainly, (cases(),)),
    (an_easier_goal_is_no_less_likely, (cases((*UPWARD, *DOWNWARD)), st.floats(0, 1))),
    (more_so_far_is_no_less_likely, (cases((*UPWARD, *DOWNWARD)), st.floats(1, 1e6))),
    (what_is_reached_is_certain, (cases(),)),
    (the_unit_does_not_matter, (cases(), st.sampled_from([1e-9, 0.3, 7.0, 1e4]))),
    (a_level_speaks_plainly, (cases(), st.sampled_from([0.0, 0.5, 2.0]))),
    (the_unit_of_a_level_does_not_matter, (cases(), st.sampled_from([1e-9, 0.3, 7.0, 1e4]))),
    (an_easier_level_is_no_less_likely, (cases(), st.floats(0, 1))),
)
