"""Indicators checked against each other: authorities, bounds, units, and how derived ones come about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from targetwatch.configfile.contents import Contents, ids
from targetwatch.configfile.problems import unknown
from targetwatch.configfile.scalars import plain_number
from targetwatch.model import Derived

if TYPE_CHECKING:
    from targetwatch.configfile.entries import Entry
    from targetwatch.configfile.indicator_forms import DerivedForm, IndicatorForm

RULES = tuple(kind.value for kind in Derived)


def check_indicators(found: Contents) -> None:
    """Note what is wrong between indicators, publishers and each other."""
    publishers = ids(found.publishers)
    for entry in [*found.indicators, *found.derived]:
        _authority(entry, publishers)
        _bounds(entry)
        _release(entry)
    for entry in found.indicators:
        _unit(entry)
    measures = measures_of(found)
    for derived in found.derived:
        _rule(derived, measures)
    _cycles(found)


def measures_of(found: Contents) -> dict[str, str]:
    """Return each indicator's measure by id; a derived one is a level. Empty where it could not be read."""
    measures: dict[str, str] = {entry.form.id: entry.form.measure or "" for entry in found.indicators if entry.form.id}
    return measures | {entry.form.id: "level" for entry in found.derived if entry.form.id}


def ingredients(form: DerivedForm) -> list[str]:
    """Return the ids a derived indicator is computed from, by whatever rules it names."""
    names = [form.annual_total_of, *(form.ratio or ()), form.growth_of, form.chained_from]
    return [name for name in names if name is not None]


def rules(form: DerivedForm) -> list[str]:
    """Return the names of the rules that a derived indicator names."""
    return [name for name in RULES if getattr(form, name) is not None]


def _authority(entry: Entry[Any], publishers: list[str]) -> None:
    name = entry.form.authority
    if name is not None and name not in publishers:
        entry.add(unknown(name, "publisher", publishers), "authority")


def _bounds(entry: Entry[Any]) -> None:
    low, high = entry.form.lowest, entry.form.highest
    if low is not None and high is not None and low > high:
        what = f"{plain_number(low)} is above highest {plain_number(high)}, expected the two the other way round"
        entry.add(what, "lowest")


def _release(entry: Entry[Any]) -> None:
    release = entry.form.release
    if release is not None and release.january_with_february and release.every != "month":
        what = f"goes with every: month, and every is {release.every}; expected every: month or the key removed"
        entry.add(what, "release", "january_with_february")


def _unit(entry: Entry[IndicatorForm]) -> None:
    measure = entry.form.measure
    if measure in {"flow", "level"} and "unit" not in entry.raw:
        entry.add("missing, expected what the values count, such as TEU", "unit")
    if measure == "milestones" and entry.form.unit is not None:
        entry.add("milestones count steps and need no unit, expected the key removed", "unit")


def _rule(entry: Entry[DerivedForm], measures: dict[str, str]) -> None:
    form, named = entry.form, rules(entry.form)
    if len(named) != 1:
        what = f"{len(named)} rules at once ({' and '.join(named)})" if named else "no rule says how it is computed"
        entry.add(f"{what}, expected exactly one of {', '.join(RULES)}")
    for rule in named:
        for place, name in enumerate(ingredients_of(form, rule)):
            keys = (rule, place) if rule == "ratio" else (rule,)
            if name not in measures:
                entry.add(unknown(name, "indicator", list(measures)), *keys)
            elif problem := _unfit(rule, name, measures[name]):
                entry.add(problem, *keys)
    if form.ratio is not None and (len(form.ratio) != 2 or form.ratio[0] == form.ratio[-1]):  # noqa: PLR2004 - a pair
        listed = ", ".join(form.ratio)
        entry.add(f"[{listed}] is not a ratio, expected two different indicators: [above, below]", "ratio")
    for name in ("base", "base_on"):
        if "chained_from" in named and name not in entry.raw:
            entry.add("missing, expected base and base_on: where the chained index begins (100 on 2022-12-31)", name)
        if named and "chained_from" not in named and getattr(form, name) is not None:
            entry.add(f"goes with chained_from, and the rule is {named[0]}; expected the key removed", name)


def ingredients_of(form: DerivedForm, rule: str) -> list[str]:
    """Return the ids that one rule names."""
    value = getattr(form, rule)
    return list(value) if isinstance(value, list) else [value]


def _unfit(rule: str, name: str, measure: str) -> str | None:
    if measure == "milestones":
        return f"'{name}' counts milestones, expected an indicator with values"
    if rule == "annual_total_of" and measure == "level":
        return f"'{name}' is a level, which does not add up; expected a flow"
    if rule == "chained_from" and measure == "flow":
        return f"'{name}' is a flow, expected a level that gives the yearly change in %"
    return None


def _cycles(found: Contents) -> None:
    needs = {entry.form.id: ingredients(entry.form) for entry in found.derived if entry.form.id}
    for entry in found.derived:
        if entry.form.id and (loop := _loop(entry.form.id, needs)):
            entry.add(
                f"is computed from itself ({' from '.join(loop)}), expected a rule that ends at measured indicators"
            )


def _loop(start: str, needs: dict[str, list[str]]) -> list[str]:
    """Return the way from `start` back to itself, or nothing."""
    waiting, seen = [[start]], {start}
    while waiting:
        way = waiting.pop()
        for name in needs.get(way[-1], ()):
            if name == start:
                return [*way, start]
            if name not in seen:
                seen.add(name)
                waiting.append([*way, name])
    return []
