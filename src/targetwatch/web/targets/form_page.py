"""What the page of a target's form shows around the fields: what can be chosen, what is in force, who manages it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.model import Measure
from targetwatch.web.formats import Formats
from targetwatch.web.targets import fields
from targetwatch.web.targets.fields import NEW, WrongError
from targetwatch.wording import formats as written
from targetwatch.wording import terms
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from targetwatch.model import Catalogue, Indicator, Target, TargetVersion

Options = tuple[tuple[str, str], ...]
EMPTY_ROWS = 2
"""Rows that stand open where there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditView:
    """The page of a form. Without `target` it is of a new one."""

    target: Target | None
    indicator: Indicator | None
    measure: Measure
    unit: str
    comparators: Options
    plans: Options
    programmes: Options
    owners: Options
    languages: Options
    waypoints: tuple[int, ...]
    steps: tuple[int, ...]
    goal_read: str
    to_come: TargetVersion | None
    is_over: bool

    @property
    def counts_steps(self) -> bool:
        """Return whether the promise is a list of steps."""
        return self.measure is Measure.MILESTONES


def form_page(
    catalogue: Catalogue,
    target: Target | None,
    values: Mapping[str, str],
    *,
    measure: Measure,
    today: date,
    language: str,
) -> EditView:
    """Return the page of a form in which `values` stand."""
    _ = translator(language)
    name = target.indicator if target else values.get("indicator", "")
    indicator = next((one for one in catalogue.indicators if one.id == name), None)
    owners = {one.owner.id: one.owner.name[language] for one in catalogue.targets}
    last = target.versions[-1] if target else None
    new = (NEW, _("A new one ..."))
    return EditView(
        target=target,
        indicator=indicator,
        measure=measure,
        unit=_unit(indicator, values, language),
        comparators=tuple((one, _(terms.COMPARATORS[one])) for one in fields.COMPARATORS),
        plans=tuple((one, _(said)) for one, said in terms.PLANS.items()),
        programmes=(*((one.id, one.title[language]) for one in catalogue.programmes), new),
        owners=(*sorted(owners.items(), key=lambda pair: pair[1]), new),
        languages=(("en", _("English")), ("zh", _("Chinese"))),
        waypoints=_rows(values, "plan.waypoints"),
        steps=_rows(values, "steps"),
        goal_read=_goal_read(indicator, values, language),
        to_come=last if last is not None and last.effective > today else None,
        is_over=last is not None and last.deadline is not None and last.deadline < today,
    )


def start_of(target: Target, today: date) -> dict[str, str]:
    """Return what stands in a target's form when it is opened: the day a change counts from is today, if it can be."""
    last = target.versions[-1]
    over = last.deadline is not None and last.deadline < today
    return fields.of_target(target) | {
        "effective": "" if over else max(today, last.effective).isoformat(),
        "reason": "",
    }


def with_row(values: Mapping[str, str], row: str) -> dict[str, str]:
    """Return a form with one more empty row of a kind."""
    known = _rows(values, row)
    if len(known) >= fields.MOST_ROWS:
        return dict(values)
    return {**values, f"{row}.{max(known, default=0) + 1}.{fields.parts(row)[0]}": ""}


def without_row(values: Mapping[str, str], row: str, number: int) -> dict[str, str]:
    """Return a form without one of its rows."""
    gone = {f"{row}.{number}.{part}" for part in fields.parts(row)}
    return {name: text for name, text in values.items() if name not in gone}


def _goal_read(indicator: Indicator | None, values: Mapping[str, str], language: str) -> str:
    """Return how what was typed as the goal is read; where a reader counts in another unit than the form, also 1."""
    _ = translator(language)
    if indicator is None or values.get("goal.comparator") == fields.CHANGE:
        return ""
    formats, typed, said = Formats(language), values.get("goal.value", "").strip(), dict[str, str]()
    if written.scale(indicator, _) != 1:
        said["1"] = formats.amount(Decimal(1), indicator)
    with suppress(WrongError):  # which is said beside the field when the form is sent
        said[typed] = formats.amount(fields.number(typed, indicator.unit), indicator)
    return _("; ").join(f"{number} = {amount}" for number, amount in said.items())


def _rows(values: Mapping[str, str], row: str) -> tuple[int, ...]:
    return tuple(fields.numbers(values, row)) or tuple(range(1, EMPTY_ROWS + 1))


def _unit(indicator: Indicator | None, values: Mapping[str, str], language: str) -> str:
    if indicator is None:
        return values.get("indicators.unit", "")
    return indicator.unit_label[language] or indicator.unit
