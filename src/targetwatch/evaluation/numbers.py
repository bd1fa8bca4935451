"""The figures a verdict rests on, gathered before anything is said about them.

On most days of a target's past only the ladder is asked. So what it asks first (`Gist`) is found first, and the rest
when somebody wants it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.model import Forecast, StepState, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from targetwatch.evaluation.forecast.outcome import Prediction


@dataclass(slots=True, kw_only=True)
class Numbers:
    """Fields of the same names in `Verdict`.

    `final` says that the figure deciding the deadline is known, `start_value` where a level started.
    """

    final: bool = False
    start_value: Decimal | None = None
    provisional: bool = False
    data_through: date | None = None
    published_on: date | None = None
    baseline_value: Decimal | None = None
    actual_value: Decimal | None = None
    actual_rounding: Decimal = Decimal(0)
    expected_value: float | None = None
    variance: float | None = None
    progress_ratio: float | None = None
    expected_progress_ratio: float | None = None
    pace_ratio: float | None = None
    straight_line_pace_ratio: float | None = None
    last_year_to_date: float | None = None
    last_year_rest: float | None = None
    last_year_total: float | None = None
    required_growth_ratio: float | None = None
    required_value_per_month: float | None = None
    value_per_month: float | None = None
    remaining_months: float | None = None
    buffer_days: float | None = None
    attainment_probability: float | None = None
    forecast: Forecast | None = None
    steps: tuple[StepState, ...] = ()
    notes: list[Text] = field(default_factory=list)
    evidence: str = ""


SHARED = tuple(f.name for f in fields(Numbers) if f.name not in {"final", "start_value", "notes"})


def _unpredicted() -> None:
    return None


@dataclass(slots=True)
class Gist:
    """What the ladder asks first, and where the rest of the figures comes from once they are wanted."""

    find: Callable[[], Numbers]
    actual_value: Decimal | None = None
    final: bool = False
    predict: Callable[[], Prediction | None] = _unpredicted
    _found: Numbers | None = None
    _predicted: tuple[Prediction | None] | None = None

    @classmethod
    def of(cls, numbers: Numbers) -> Gist:
        """Return the gist of figures that are all found already."""
        return cls(lambda: numbers, numbers.actual_value, numbers.final)

    @property
    def prediction(self) -> Prediction | None:
        """Return what the outcome may be; None where there is too little to say."""
        if self._predicted is None:
            self._predicted = (self.predict(),)
        return self._predicted[0]

    @property
    def probability(self) -> float | None:
        """Return the chance of attaining the goal; None without a forecast."""
        return None if self.prediction is None else self.prediction.probability

    @property
    def numbers(self) -> Numbers:
        """Return all figures, the forecast among them, but not what its members say."""
        if self._found is None:
            self._found = self.find()
            if self.prediction is not None:
                self._found.forecast = self.prediction.forecast(brief=True)
                self._found.attainment_probability = self._found.forecast.attain_probability
        return self._found

    @property
    def forecast(self) -> Forecast | None:
        """Return the forecast with its members."""
        found = self.numbers.forecast
        return found if found is None or self.prediction is None else replace(found, members=self.prediction.members())
