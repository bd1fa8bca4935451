"""What must hold between fields, entries and files, which no single value can say of itself.

A version of a target is only told of what it says itself, and nothing is said of what could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel, ValidationError

from targetwatch.configuration.entries import ONE_VARIABLE, filled, references
from targetwatch.configuration.shapes import DESCRIBED, RULES, TERMS, WRITTEN, findings, unknown
from targetwatch.model import Comparator, Measure, PlanShape, ingredients
from targetwatch.model.problem import Problem, Value
from targetwatch.model.scalars import plain_number, slug_of
from targetwatch.quantity import convert
from targetwatch.quantity.crontab import crontab_problem

if TYPE_CHECKING:
    from datetime import date
    from types import SimpleNamespace

    from targetwatch.configuration.entries import Contents, ListEntry, Version
    from targetwatch.configuration.yaml import KeyPath

PRIVATE = re.compile(r"header|token|password|passwd|secret|key|auth|cookie|credential", re.IGNORECASE)
SHORTEST_SECRET = 4
"""Characters; taking shorter ones out would tear the sentence apart and hide nothing."""
GOALS = ("above", "at_least", "below", "at_most", "between", "change")
Finding: TypeAlias = "tuple[KeyPath, frozenset[str], str, dict[str, Value]]"
"""Where, resting on which terms, what, with which values."""


def check(found: Contents) -> None:
    """Note what is wrong between the entries of the targets' file."""
    for group in (found.programmes, found.publishers, found.targets, [*found.indicators, *found.derived]):
        _check_duplicates(group)
    _check_indicators(found)
    _check_targets(found)


def check_sources(found: Contents, environment: Mapping[str, str] | None) -> None:
    """Note what is wrong with sources; without an `environment`, what variables stand for is not looked at.

    Options may hold secrets: their values are never quoted, and what a variable stood for is taken out of sentences.
    """
    _check_duplicates(found.sources)
    if not found.sources:
        return
    from targetwatch.connectors import CONNECTORS  # noqa: PLC0415 - only a file with sources needs connectors

    for entry in found.sources:
        source = entry.value
        if source.schedule and (problem := crontab_problem(source.schedule)):
            entry.add(problem, "schedule")
        is_document, options = source.kind == "document", options_of(source)
        prefix: KeyPath = () if is_document else ("options",)
        for path, name in references(options):
            if environment is not None and name not in environment:
                entry.add("variable_not_set", *prefix, *path, variable=f"${{{name}}}")
        _check_described(entry, is_document=is_document)
        if source.kind is not None and source.kind not in CONNECTORS:
            entry.add(unknown(source.kind, "connector", sorted(CONNECTORS)), "kind")
        elif source.kind is not None and "options" not in entry.wrong:
            _check_options(entry, options, CONNECTORS[source.kind].Options, environment or {}, prefix)
            if is_document:
                _check_readings(entry, options, found)


def _check_readings(entry: ListEntry, options: Mapping[str, Any], found: Contents) -> None:
    """Note readings of a document of no measured indicator or publisher, or in a unit that does not convert."""
    from targetwatch.documents import Pick  # noqa: PLC0415 - only a document needs it

    known = {one.value.id: one.value for one in (*found.indicators, *found.derived) if one.value.id}
    publishers, derived = _ids(found.publishers), _ids(found.derived)
    try:
        pick = Pick.model_validate(options.get("pick", {}), context=WRITTEN) if known else None
    except ValidationError:
        return
    if pick is not None and pick.publisher and pick.publisher not in publishers:
        entry.add(unknown(pick.publisher, "publisher", publishers), "pick", "publisher")
    for place, reading in enumerate(pick.readings if pick is not None else ()):
        if reading.publisher and reading.publisher not in publishers:
            entry.add(unknown(reading.publisher, "publisher", publishers), "pick", "readings", place, "publisher")
        unit = reading.unit.declared or reading.unit.means if reading.unit else ""
        for name in reading.indicators:
            if name not in known:
                entry.add(unknown(name, "indicator", sorted(known)), "pick", "readings", place, "indicator")
            elif name in derived:
                entry.add("computed_not_read", "pick", "readings", place, "indicator", name=name)
            elif unit and known[name].unit and _converts_to_nothing(unit, known[name]):
                values: dict[str, Value] = {"given": unit, "counted": known[name].unit, "name": name}
                entry.add(Problem("unit_converts_to_nothing", values), "pick", "readings", place, "unit")


def _converts_to_nothing(unit: str, indicator: Any) -> bool:  # noqa: ANN401 - an indicator as far as it could be read
    label = indicator.unit_label
    own = {indicator.unit, label.en, label.zh} if label else {indicator.unit}
    return unit not in own and convert(Decimal(1), unit, indicator.unit) is None


def options_of(source: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a source as far as it could be read
    """Return the options of a source, which for a document stand beside its kind."""
    described = {name: getattr(source, name) for name in DESCRIBED if getattr(source, name) is not None}
    return described if source.kind == "document" else source.options or {}


def id_of(entry: ListEntry, key: str = "id") -> str | None:
    """Return the id an entry is known by, that of an owner made from its name; None when it has no valid one."""
    said = entry.value if key == "id" else getattr(entry.value, key)
    if isinstance(said, str):
        return None
    name: str | None = getattr(said, "id", None)
    return name or (owner_id(said) if hasattr(said, "language") else None) or None


def owner_id(owner: Any) -> str:  # noqa: ANN401 - an owner as far as it could be read
    """Return an owner's id, made from the English name where none is given; empty when that leaves nothing."""
    return owner.id or (slug_of(owner.name.en) if owner.name is not None else "")


def parts_of(value: Any) -> list[str]:  # noqa: ANN401 - an indicator as far as it could be read
    """Return the ids a derived indicator is computed from, by whatever rules it names."""
    return [name for rule in RULES for name in ingredients(getattr(value, rule))]


def _check_duplicates(entries: Iterable[ListEntry]) -> None:
    seen: dict[str, ListEntry] = {}
    for entry in entries:
        name = entry.value.id
        first = seen.setdefault(name, entry) if name is not None else entry
        if first is not entry:
            entry.add("id_twice", "id", name=name, kind=first.kind, first_line=first.line())


# --- indicators ---


def _check_indicators(found: Contents) -> None:
    publishers = _ids(found.publishers)
    for entry in [*found.indicators, *found.derived]:
        one = entry.value
        if one.authority is not None and one.authority not in publishers:
            entry.add(unknown(one.authority, "publisher", publishers), "authority")
        if one.lowest is not None and one.highest is not None and one.lowest > one.highest:
            entry.add("bounds_reversed", "lowest", lowest=plain_number(one.lowest), highest=plain_number(one.highest))
        if one.release is not None and one.release.january_with_february and one.release.every != "month":
            entry.add("january_needs_months", "release", "january_with_february", every=one.release.every)
    for entry in found.indicators:
        measure = entry.value.measure
        if measure in {Measure.FLOW, Measure.LEVEL} and not entry.value.unit and "unit" not in entry.wrong:
            entry.add("missing", "unit", expected="what the values count, such as TEU")
        if measure is Measure.MILESTONES and entry.value.unit:
            entry.add("unit_of_milestones", "unit")
    measures = _measures(found)
    for entry in found.derived:
        _check_rule(entry, measures)
    needs = {entry.value.id: parts_of(entry.value) for entry in found.derived if entry.value.id}
    for entry in found.derived:
        if entry.value.id and (loop := _loop(entry.value.id, needs)):
            entry.add("from_itself", way=" from ".join(loop))


def _measures(found: Contents) -> dict[str, Measure | None]:
    """Return each indicator's measure by id; a derived one is a level. None where it could not be read."""
    measures = {entry.value.id: entry.value.measure for entry in found.indicators if entry.value.id}
    return measures | {entry.value.id: Measure.LEVEL for entry in found.derived if entry.value.id}


def _check_rule(entry: ListEntry, measures: Mapping[str, Measure | None]) -> None:
    value = entry.value
    named = [rule for rule in RULES if getattr(value, rule) is not None]
    if not named and not entry.wrong & set(RULES):
        entry.add("rule_none", known=RULES)
    if len(named) > 1:
        entry.add("rule_many", count=len(named), named=" and ".join(named), known=RULES)
    for rule in named:
        for place, name in enumerate(ingredients(getattr(value, rule))):
            further: dict[str, tuple[str | int, ...]] = {"ratio": (place,), "rolling_total_of": ("indicator",)}
            keys = (rule, *further.get(rule, ()))
            if name not in measures:
                entry.add(unknown(name, "indicator", list(measures)), *keys)
            elif code := _unfit(rule, measures[name]):
                entry.add(code, *keys, name=name)
    if value.ratio is not None and (len(value.ratio) != 2 or value.ratio[0] == value.ratio[-1]):  # noqa: PLR2004 - a pair
        entry.add("ratio_of_two", "ratio", given=", ".join(value.ratio))
    for name in ("base", "base_on"):
        if "chained_from" in named and getattr(value, name) is None and name not in entry.wrong:
            entry.add("base_missing", name)
        if named and "chained_from" not in named and getattr(value, name) is not None:
            entry.add("base_without_chain", name, rule=named[0])


def _unfit(rule: str, measure: Measure | None) -> str | None:
    if measure is Measure.MILESTONES:
        return "part_counts_milestones"
    if rule in {"annual_total_of", "rolling_total_of"} and measure is Measure.LEVEL:
        return "part_is_level"
    if rule == "chained_from" and measure is Measure.FLOW:
        return "part_is_flow"
    return None


def _loop(start: str, needs: Mapping[str, list[str]]) -> list[str]:
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


# --- targets ---


def _check_targets(found: Contents) -> None:
    indicators = {entry.value.id: entry.value for entry in [*found.indicators, *found.derived] if entry.value.id}
    measures = _measures(found)
    programmes = _ids(found.programmes)
    owners = _Owners(found.owners)
    for entry in found.targets:
        target = entry.value
        if target.indicator is not None and target.indicator not in indicators:
            entry.add(unknown(target.indicator, "indicator", list(measures)), "indicator")
        if target.programme and target.programme not in programmes:
            entry.add(unknown(target.programme, "programme", programmes), "programme")
        if target.owner is not None:
            owners.check(entry)
        _check_order(entry)
        measure = measures.get(target.indicator)
        for version in entry.versions:
            about = _about(version, indicators[target.indicator], measure) if measure else _about(version, None, None)
            explained = bool(target.note.en or target.note.zh) if target.note is not None else False
            for keys, rests_on, code, values in [*about, *_baseline(version.said, explained=explained)]:
                own = rests_on & version.own
                if own and not rests_on & version.wrong:
                    place = keys if keys[0] in own else (min(own),)
                    entry.add(code, *version.place, *place, **values)


class _Owners:
    """The owners met so far, by id, with the line that describes each."""

    def __init__(self, listed: Iterable[ListEntry]) -> None:
        self._known: dict[str, tuple[tuple[object, ...], int]] = {}
        for entry in listed:
            name = owner_id(entry.value)
            if not name:
                _check_nameless(entry, entry.value, ())
            elif name in self._known:
                entry.add("id_twice", "id", name=name, kind="owner", first_line=self._known[name][1])
            else:
                self._known[name] = (_described(entry.value), entry.line())
        self._listed = list(self._known)

    def check(self, entry: ListEntry) -> None:
        """Note an owner that is not known, or that is described differently elsewhere; remember one written here."""
        owner = entry.value.owner
        if isinstance(owner, str):
            if owner not in self._listed:
                entry.add(unknown(owner, "owner", self._listed), "owner")
            return
        name = owner_id(owner)
        if not name:
            _check_nameless(entry, owner, ("owner",))
            return
        line = entry.document.line((*entry.path, "owner"))
        known = self._known.setdefault(name, (_described(owner), line))
        if known[0] != _described(owner):
            entry.add("owner_twice", "owner", name=name, first_line=known[1])


def _described(owner: Any) -> tuple[object, ...]:  # noqa: ANN401 - an owner as far as it could be read
    return (owner_id(owner), owner.name, owner.email, owner.language, owner.digest)


def _check_nameless(entry: ListEntry, owner: Any, keys: tuple[str, ...]) -> None:  # noqa: ANN401 - likewise
    if owner.name is not None and "id" not in entry.wrong:
        entry.add("owner_id_missing", *keys, "id")


def _check_order(entry: ListEntry) -> None:
    before: date | None = entry.versions[0].said.effective
    for place, version in enumerate(entry.versions[1:]):
        said, announced = version.said, version.said.announcement
        if said.effective is not None and before is not None and said.effective < before:
            code = "effective_before_last" if place else "effective_before_announced"
            entry.add(code, *version.place, "effective", day=said.effective, before=before)
        if said.effective is not None and announced is not None and said.effective < announced.on:
            entry.add("effective_early", *version.place, "effective", day=said.effective, announced=announced.on)
        if not version.own:
            entry.add("version_changes_nothing", *version.place, known=TERMS)
        before = said.effective or before


def _about(version: Version, indicator: Any, measure: Measure | None) -> Iterator[Finding]:  # noqa: ANN401 - likewise
    said = version.said
    for name in ("goal", "start"):
        if version.place and name in version.own and getattr(said, name) is None:
            yield (name,), frozenset({name}), "term_taken_away", {"term": name}
    yield from _window(said)
    yield from _plan(said)
    yield from _steps(said)
    if measure is Measure.MILESTONES:
        yield from _fit_milestones(version, indicator.id)
    elif measure is not None:
        yield from _fit(said, indicator, measure)


def _window(said: SimpleNamespace) -> Iterator[Finding]:
    about = frozenset({"start", "deadline"})
    if said.start is not None and said.deadline is not None and said.deadline < said.start:
        yield ("deadline",), about, "deadline_before_start", {"day": said.deadline, "start": said.start}
        return
    announced = said.announcement.on if said.announcement else None
    if announced is not None and said.deadline is not None and said.deadline < announced:
        yield ("deadline",), frozenset({"deadline"}), "deadline_over", {"day": said.deadline, "announced": announced}


def _plan(said: SimpleNamespace) -> Iterator[Finding]:
    points = said.plan.waypoints if said.plan is not None else ()
    for index, point in enumerate(points):
        keys: KeyPath = ("plan", "waypoints", index, "on")
        early = said.start is not None and point.on < said.start
        if early or (said.deadline is not None and point.on > said.deadline):
            code = "waypoint_outside" if said.deadline else "waypoint_outside_open"
            values = {"day": point.on, "first": said.start, "last": said.deadline}
            yield keys, frozenset({"plan", "start", "deadline"}), code, values
    for index, (before, after) in enumerate(pairwise(points), 1):
        if after.on <= before.on:
            keys = ("plan", "waypoints", index, "on")
            yield keys, frozenset({"plan"}), "waypoint_order", {"day": after.on, "before": before.on}


def _steps(said: SimpleNamespace) -> Iterator[Finding]:
    seen: set[str] = set()
    about = frozenset({"steps", "start", "deadline"})
    for index, step in enumerate(said.steps or ()):
        if step.id in seen:
            yield ("steps", index, "id"), frozenset({"steps"}), "step_twice", {"name": step.id}
        seen.add(step.id)
        if step.due is not None and said.deadline is not None and step.due > said.deadline:
            yield ("steps", index, "due"), about, "step_due_late", {"day": step.due, "deadline": said.deadline}
        if step.due is not None and said.start is not None and step.due < said.start:
            yield ("steps", index, "due"), about, "step_due_early", {"day": step.due, "start": said.start}


def _baseline(said: SimpleNamespace, *, explained: bool) -> Iterator[Finding]:
    relative, baseline = said.goal is not None and said.goal.change is not None, said.baseline
    about = frozenset({"goal", "baseline"})
    if relative and baseline is None and not explained:
        yield ("goal", "change"), about, "baseline_missing", {}
    if baseline is None:
        return
    if relative and baseline.value == 0:
        yield ("baseline", "value"), about, "baseline_zero", {}
    if said.start is not None and baseline.period.end > said.start:
        values = {"day": baseline.period.end, "start": said.start}
        yield ("baseline", "period"), frozenset({"baseline", "start"}), "baseline_inside", values


def _fit_milestones(version: Version, name: str) -> Iterator[Finding]:
    said = version.said
    if said.goal is not None and not said.goal.complete:
        chosen = next(one for one in GOALS if getattr(said.goal, one) is not None)
        yield ("goal",), frozenset({"goal"}), "goal_misfit", {"goal": chosen, "name": name}
    if not said.steps and said.goal is not None:
        yield ("steps",), frozenset({"steps"}), "steps_missing", {"name": name}
    for term in sorted({"baseline", "plan"} & version.written):
        yield (term,), frozenset({term}), "term_misfit", {"name": name}


def _fit(said: SimpleNamespace, indicator: Any, measure: Measure) -> Iterator[Finding]:  # noqa: ANN401 - as above
    misfit: dict[str, Value] = {"name": indicator.id, "measure": measure}
    goal = said.goal
    if goal is not None and goal.complete:
        yield ("goal",), frozenset({"goal"}), "complete_misfit", {**misfit, "known": GOALS}
    if said.steps:
        yield ("steps",), frozenset({"steps"}), "steps_misfit", misfit
    if said.deadline is None:
        yield ("deadline",), frozenset({"deadline"}), "deadline_missing", misfit
    if measure is Measure.FLOW:
        yield from _fit_flow(said)
    elif goal is not None and goal.value is not None and goal.between is None:
        yield from _fit_bounds(goal.comparator, goal.value, indicator)


def _fit_flow(said: SimpleNamespace) -> Iterator[Finding]:
    points = said.plan.waypoints if said.plan is not None and said.plan.shape is PlanShape.WAYPOINTS else ()
    most = said.goal.value if said.goal is not None and said.goal.between is None else None
    for index, point in enumerate(points):
        if most is not None and point.value > most:
            values: dict[str, Value] = {"value": plain_number(point.value), "goal": plain_number(most)}
            yield ("plan", "waypoints", index, "value"), frozenset({"plan", "goal"}), "waypoint_beyond", values
    for index, (before, after) in enumerate(pairwise(points), 1):
        if after.value < before.value:
            values = {"value": plain_number(after.value), "before": plain_number(before.value)}
            yield ("plan", "waypoints", index, "value"), frozenset({"plan"}), "waypoint_falls", values


def _fit_bounds(comparator: Comparator, value: Decimal, indicator: Any) -> Iterator[Finding]:  # noqa: ANN401 - as above
    low, high = indicator.lowest, indicator.highest
    if (low is not None and value < low) or (high is not None and value > high):
        values: dict[str, Value] = {
            "value": plain_number(value),
            "name": indicator.id,
            "low": "any" if low is None else plain_number(low),
            "high": "any" if high is None else plain_number(high),
        }
        yield ("goal", comparator.value), frozenset({"goal"}), "goal_bounds", values


# --- sources ---


def _check_described(entry: ListEntry, *, is_document: bool) -> None:
    """Note options where a description belongs, the reverse, and the address of a database that is no variable."""
    source = entry.value
    if is_document and source.options:
        entry.add("options_beside_kind", "options")
    for name in () if is_document or source.kind is None else DESCRIBED:
        if getattr(source, name) is not None:
            entry.add("described_otherwise", name)
    if is_document and (address := _written_out(source.fetch)):
        entry.add("sql_address_written_out", *address)


def _written_out(fetch: Any) -> KeyPath:  # noqa: ANN401 - whatever stands in the file
    """Return where the address of a database stands that is no variable; nothing where there is none."""
    sql = fetch.get("sql") if isinstance(fetch, Mapping) else None
    url = sql.get("url") if isinstance(sql, Mapping) else None
    return ("fetch", "sql", "url") if isinstance(url, str) and not ONE_VARIABLE.fullmatch(url) else ()


def _check_options(
    entry: ListEntry,
    written: Mapping[str, Any],
    form: type[BaseModel],
    environment: Mapping[str, str],
    prefix: KeyPath,
) -> None:
    values = filled(written, environment)
    open_paths = [path for path, name in references(written) if name not in environment]
    try:
        form.model_validate(values, context=WRITTEN)
    except ValidationError as error:
        for path, problem in findings(form.model_json_schema(), values, error, discreet=True):
            if not any(path[: len(place)] == place or place[: len(path)] == path for place in open_paths):
                entry.add(_without_secrets(problem, written, environment), *prefix, *path)


def _without_secrets(problem: Problem, written: Mapping[str, object], environment: Mapping[str, str]) -> Problem:
    filled_in = {environment[name]: f"${{{name}}}" for _, name in references(written) if name in environment}
    hidden = dict.fromkeys(_private_texts(written, ()), "(hidden)") | filled_in

    def without(said: Value) -> Value:
        if isinstance(said, tuple):
            return tuple(without(one) for one in said)
        if not isinstance(said, str):
            return said
        for text in sorted(hidden, key=len, reverse=True):
            if len(text) >= SHORTEST_SECRET:
                said = said.replace(text, hidden[text])
        return " ".join(said.split())

    values = {name: without(value) for name, value in problem.values.items()}
    return Problem(problem.code, values)


def _private_texts(value: Any, path: KeyPath) -> list[str]:  # noqa: ANN401 - whatever stands in the file
    if isinstance(value, Mapping):
        return [text for key, inner in value.items() for text in _private_texts(inner, (*path, key))]
    if isinstance(value, list):
        return [text for inner in value for text in _private_texts(inner, path)]
    private = isinstance(value, str) and value and any(PRIVATE.search(str(part)) for part in path)
    return [value] if private else []


def _ids(entries: Iterable[ListEntry]) -> list[str]:
    return [entry.value.id for entry in entries if entry.value.id is not None]
