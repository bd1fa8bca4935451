"""A reading as it came, put into the words and the unit of the catalogue, or refused."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.errors import NotFoundError
from targetwatch.model import Catalogue, Indicator, Measure, Reading
from targetwatch.quantity import convert, is_count, parse_unit
from targetwatch.wording.problems import in_english

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue knows, by name: indicators, publishers, and the steps of each milestone indicator."""

    indicators: dict[str, Indicator]
    publishers: frozenset[str]
    steps: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Catalogue) -> Known:
        """Return what `catalogue` knows."""
        steps: dict[str, set[str]] = {}
        for target in catalogue.targets:
            for version in target.versions:
                steps.setdefault(target.indicator, set()).update(step.id for step in version.steps)
        return cls(
            {indicator.id: indicator for indicator in catalogue.indicators},
            frozenset(publisher.id for publisher in catalogue.publishers),
            {indicator: frozenset(names) for indicator, names in steps.items()},
        )

    def indicator(self, name: str) -> Indicator:
        """Return the indicator that readings may be entered for; NotFoundError names the nearest."""
        if name not in self.indicators:
            raise NotFoundError("indicator", name, self.indicators)
        return self.indicators[name]


def problems(reading: Reading, known: Known) -> tuple[str, ...]:
    """Return what keeps a reading from being entered: names the catalogue does not know, a step that is missing."""
    try:
        indicator = known.indicator(reading.indicator)
    except NotFoundError as error:
        return (in_english(error),)
    found = []
    if indicator.derivation is not None:
        inputs = ", ".join(indicator.derivation.of)
        found.append(f"indicator '{indicator.id}': is computed, expected readings of {inputs} instead")
    if known.publishers and reading.publisher not in known.publishers:
        found.append(in_english(NotFoundError("publisher", reading.publisher, known.publishers)))
    steps = known.steps.get(indicator.id, frozenset())
    if indicator.measure is Measure.MILESTONES and steps:
        if reading.step is None:
            found.append(f"step: is empty, expected one of {', '.join(sorted(steps))}")
        elif reading.step not in steps:
            found.append(in_english(NotFoundError("step", reading.step, steps)))
    if indicator.measure is not Measure.MILESTONES and reading.step is not None:
        found.append(f"step '{reading.step}': {indicator.id} has no steps, expected none")
    return tuple(found)


def settled(reading: Reading, indicator: Indicator, *, seen_on: date | None = None) -> Reading:
    """Return the reading in the indicator's unit, dated `seen_on` when it says no publication date.

    With None such a reading stays undated: it exists on the recorded clock only.

    A unit that does not convert stays on the reading, for the screening to name.
    """
    published_on = reading.published_on or seen_on
    if indicator.measure is Measure.MILESTONES:
        return replace(reading, published_on=published_on, unit=None, rounding=Decimal(0))
    own = reading.unit is None or reading.unit in {indicator.unit, indicator.unit_label.en, indicator.unit_label.zh}
    unit = indicator.unit if own or reading.unit is None else reading.unit
    value, rounding = (convert(amount, unit, indicator.unit) for amount in (reading.value, reading.rounding))
    if value is None or rounding is None:
        return replace(reading, published_on=published_on)
    if is_count(rounding, parse_unit(indicator.unit)):
        rounding = Decimal(0)
    return replace(reading, published_on=published_on, value=value, rounding=rounding, unit=None)
