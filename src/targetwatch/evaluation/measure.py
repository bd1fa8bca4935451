"""What the three measures share: the figures of one version of a target, from the readings in force.

On most days of a target's past only the ladder of calls is asked. So a measure finds what the ladder asks first when
it is made, and the rest (`figures`, `prediction`) when somebody wants it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from targetwatch.evaluation import forecast
from targetwatch.evaluation.days import ONE_DAY, due_on, next_period_end
from targetwatch.evaluation.status import DECIDED
from targetwatch.evaluation.versions import goal_before, resolve
from targetwatch.model import (
    AsOf,
    Basis,
    Indicator,
    Measure,
    Performance,
    Reading,
    Release,
    Target,
    TargetVersion,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from targetwatch.evaluation.forecast.prediction import Prediction
    from targetwatch.evaluation.series import Knowledge


@dataclass(frozen=True, slots=True)
class Case:
    """A target, its indicator and all vintages of its readings: what is judged."""

    target: Target
    indicator: Indicator
    readings: Sequence[Reading]


class Call(NamedTuple):
    """A performance, and the rule that fired."""

    performance: Performance
    rule: str


class Measured:
    """A version of a target measured by the readings in force; `final`: the figure that decides the deadline is known.

    `is_timeless`: the same readings say the same on every further day.
    """

    kind: ClassVar[Measure]
    bases: ClassVar[frozenset[Basis]]
    """How its readings may be reported."""
    usual_basis: ClassVar[Basis | None] = None
    """How a reading is reported that does not say it; None where it has to."""
    is_timeless: ClassVar[bool] = True
    actual_value: Decimal | None = None
    data_through: date | None = None
    final: bool = False

    def __init__(
        self, case: Case, version: TargetVersion, readings: list[Reading], as_of: AsOf, knowledge: Knowledge
    ) -> None:
        self.case, self.version, self.readings = case, version, readings
        self.release, self.goal = case.indicator.release, resolve(version)
        self.measure(as_of, knowledge)

    def measure(self, as_of: AsOf, knowledge: Knowledge) -> None:
        """Find what the ladder asks first."""
        raise NotImplementedError

    @cached_property
    def figures(self) -> Verdict:
        """Return a verdict that has all its figures, its forecast without members, and is not called yet."""
        raise NotImplementedError

    def decided(self, day: date) -> Call | None:
        """Return what the figures decide on `day` whatever is still to come; None when they do not."""
        raise NotImplementedError

    def compared(self) -> Call:
        """Return what the figures amount to beside the plan, where there is no forecast."""
        raise NotImplementedError

    @cached_property
    def inquiry(self) -> forecast.ToForecast | Prediction | None:
        """Return what the forecast is made from, or the forecast where it is made alone; None: too little to say."""
        return None

    @cached_property
    def prediction(self) -> Prediction | None:
        """Return what the outcome may be; None where there is too little to say."""
        asked = self.inquiry
        return self.predict([asked])[0] if asked is not None and isinstance(asked, forecast.ToForecast) else asked

    @staticmethod
    def predict(cases: Sequence[forecast.ToForecast]) -> list[Prediction | None]:
        """Return the predictions of inquiries of this kind, made together."""
        raise NotImplementedError

    @property
    def probability(self) -> float | None:
        """Return the chance of attaining the goal; None without a forecast."""
        return None if self.prediction is None else self.prediction.probability

    @staticmethod
    def turning_days(version: TargetVersion, release: Release) -> Iterable[date]:  # noqa: ARG004 - steps have some
        """Return further days known ahead on which the performance may change without a new reading."""
        return ()

    def paces(self) -> tuple[float, ...]:
        """Return the pace on each known evening of the window, as known now, oldest first; 1 is on plan."""
        return ()

    def awaited_period_end(self) -> date | None:
        """Return the end of the period whose figure comes next; None when the calendar cannot name one.

        Of a target nothing is awaited that was due before it was announced.
        """
        through = self.readings[-1].period.end if self.readings else self.version.start - ONE_DAY
        end = next_period_end(self.release, through)
        while end is not None and due_on(self.release, end) < self.case.target.announced_on:
            end = next_period_end(self.release, end)
        return end or self.version.deadline

    def is_closed(self, day: date, performance: Performance) -> bool:
        """Return whether no further figure can matter: the final one is known, or all is decided and over."""
        over = self.version.deadline is not None and day > self.version.deadline
        return over and (self.final or performance in DECIDED)

    def uncalled(self, as_of: AsOf, **figures: Any) -> Verdict:  # noqa: ANN401 - the fields of a verdict
        """Return a verdict that says what is asked, and these figures."""
        version, goal = self.version, self.goal
        return Verdict(
            target=self.case.target.id,
            indicator=self.case.indicator.id,
            version=version.number,
            clock=as_of.clock,
            day=as_of.day,
            start=version.start,
            deadline=version.deadline,
            comparator=goal.comparator,
            goal_value=goal.value,
            goal_upper=goal.upper,
            goal_change=version.goal.relative,
            goal_before=goal_before(self.case.target, version),
            **figures,
        )


def foretell(measures: Iterable[Measured]) -> None:
    """Make the predictions of many together, each kept where it will be asked for."""
    asking: dict[type[Measured], dict[int, tuple[Measured, forecast.ToForecast]]] = {}
    for found in measures:
        asked = None if "prediction" in vars(found) else found.inquiry
        if asked is not None and isinstance(asked, forecast.ToForecast):
            asking.setdefault(type(found), {})[id(found)] = (found, asked)
    for kind, many in asking.items():
        told = kind.predict([asked for _, asked in many.values()])
        for (found, _), prediction in zip(many.values(), told, strict=True):
            found.prediction = prediction
