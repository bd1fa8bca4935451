"""From forms that have been checked to the frozen values everything else speaks in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.configfile import owners
from targetwatch.configfile.check_indicators import RULES, ingredients
from targetwatch.configfile.check_terms import chosen
from targetwatch.configfile.scalars import plain_number
from targetwatch.configfile.target_forms import GoalForm, WaypointsForm
from targetwatch.configfile.terms import terms_of
from targetwatch.configfile.words import text
from targetwatch.model import (
    Announcement,
    Baseline,
    Catalogue,
    Change,
    Derived,
    Goal,
    Indicator,
    Measure,
    Owner,
    Plan,
    PlanShape,
    Programme,
    Publisher,
    Release,
    Source,
    Step,
    Target,
    TargetVersion,
    Text,
    Waypoint,
)

if TYPE_CHECKING:
    from targetwatch.configfile.contents import Contents
    from targetwatch.configfile.indicator_forms import DerivedForm, IndicatorForm, ReleaseForm
    from targetwatch.configfile.source_forms import SourceForm
    from targetwatch.configfile.target_forms import AnnouncementForm, TargetForm
    from targetwatch.configfile.terms import Terms

STEPS_LABEL = Text(en="steps", zh="项")
DERIVED_TITLES = {
    Derived.ANNUAL_TOTAL: Text(en="{0}, calendar-year total", zh="{0}（全年合计）"),
    Derived.RATIO: Text(en="{0} per {1}", zh="{0}与{1}之比"),
    Derived.GROWTH: Text(en="Growth of {0}", zh="{0}同比增速"),
    Derived.CHAINED: Text(en="{0}, chained index", zh="{0}（链式指数）"),
}


def build(found: Contents) -> Catalogue:
    """Return the catalogue that valid contents describe, in the order of the files."""
    indicators = {entry.form.id: _indicator(entry.form) for entry in found.indicators}
    waiting = [entry.form for entry in found.derived]
    while waiting:
        ready = [form for form in waiting if all(name in indicators for name in ingredients(form))]
        for form in ready:
            indicators[form.id] = _derived(form, [indicators[name] for name in ingredients(form)])
        waiting = [form for form in waiting if form not in ready]
    listed = {owners.owner_id(entry.form): owners.owner(entry.form) for entry in found.owners}
    order = [entry.form.id for entry in [*found.indicators, *found.derived]]
    return Catalogue(
        programmes=tuple(Programme(id=e.form.id, title=text(e.form.title)) for e in found.programmes),
        publishers=tuple(Publisher(id=e.form.id, title=text(e.form.title)) for e in found.publishers),
        indicators=tuple(indicators[name] for name in order),
        targets=tuple(_target(entry.form, listed) for entry in found.targets),
        sources=tuple(_source(entry.form) for entry in found.sources),
    )


def _indicator(form: IndicatorForm) -> Indicator:
    counts_steps = form.measure == Measure.MILESTONES.value
    return Indicator(
        id=form.id,
        title=text(form.title),
        measure=Measure(form.measure),
        unit=form.unit or "steps",
        unit_label=STEPS_LABEL if counts_steps and form.unit_label is None else text(form.unit_label),
        scope=text(form.scope),
        authority=form.authority,
        release=_release(form.release),
        lowest=form.lowest,
        highest=form.highest,
        note=text(form.note),
    )


def _derived(form: DerivedForm, parts: list[Indicator]) -> Indicator:
    kind = next(Derived(rule) for rule in RULES if getattr(form, rule) is not None)
    first, titles = parts[0], DERIVED_TITLES[kind]
    made = Text(
        en=titles.en.format(*(part.title.en for part in parts)), zh=titles.zh.format(*(part.title.zh for part in parts))
    )
    release = first.release
    if kind is Derived.ANNUAL_TOTAL:
        release = Release(every="year", lag=release.lag, grace=release.grace, calendar=release.calendar)
    adds_up = kind is Derived.ANNUAL_TOTAL and form.unit is None
    return Indicator(
        id=form.id,
        title=text(form.title) if form.title else made,
        measure=Measure.LEVEL,
        unit=form.unit or _derived_unit(kind, parts),
        unit_label=first.unit_label if adds_up and form.unit_label is None else text(form.unit_label),
        scope=first.scope if form.scope is None else text(form.scope),
        authority=form.authority or first.authority,
        release=_release(form.release) if form.release else release,
        lowest=form.lowest,
        highest=form.highest,
        base=form.base,
        base_on=form.base_on,
        note=text(form.note),
        **{rule: getattr(form, rule) for rule in RULES},
    )


def _derived_unit(kind: Derived, parts: list[Indicator]) -> str:
    if kind is Derived.ANNUAL_TOTAL:
        return parts[0].unit
    if kind is Derived.CHAINED:
        return "index"
    same = kind is Derived.GROWTH or parts[0].unit == parts[1].unit
    return "%" if same else f"{parts[0].unit}/{parts[1].unit}"


def _release(form: ReleaseForm) -> Release:
    return Release(
        every=form.every,
        lag=form.lag,
        grace=form.grace,
        calendar=form.calendar,
        january_with_february=form.january_with_february,
    )


def _target(form: TargetForm, listed: Mapping[str, Owner]) -> Target:
    return Target(
        id=form.id,
        indicator=form.indicator,
        programme=form.programme or "",
        title=text(form.title),
        short=text(form.short or form.title),
        owner=listed[form.owner] if isinstance(form.owner, str) else owners.owner(form.owner),
        versions=tuple(_version(terms, number) for number, terms in enumerate(terms_of(form), 1)),
        note=text(form.note),
    )


def _version(terms: Terms, number: int) -> TargetVersion:
    assert terms.goal is not None
    assert terms.start is not None
    assert terms.effective is not None
    assert terms.announcement is not None
    baseline = terms.baseline
    return TargetVersion(
        number=number,
        effective=terms.effective,
        goal=_goal(terms.goal),
        start=terms.start,
        deadline=terms.deadline,
        baseline=Baseline(value=baseline.value, period=baseline.period) if baseline else None,
        plan=_plan(terms.plan),
        steps=tuple(Step(id=step.id, title=text(step.title), due=step.due) for step in terms.steps),
        announcement=_announcement(terms.announcement),
        reason=terms.reason,
    )


def _goal(form: GoalForm | str) -> Goal:
    if isinstance(form, str):
        return Goal(complete=True)
    if form.between is not None:
        return Goal(between=(form.between[0], form.between[1]))
    if form.change is not None:
        return Goal(change=Change(by=form.change.by))
    name = chosen(form)[0]
    return Goal(**{name: getattr(form, name)})


def _plan(form: WaypointsForm | str | None) -> Plan:
    if isinstance(form, WaypointsForm):
        points = tuple(Waypoint(on=point.on, value=point.value) for point in form.waypoints)
        return Plan(shape=PlanShape.WAYPOINTS, waypoints=points)
    return Plan(shape=PlanShape(form)) if form else Plan()


def _announcement(form: AnnouncementForm) -> Announcement:
    return Announcement(by=form.by, on=form.on, source=form.source or "", url=form.url or "", quote=form.quote or "")


def _source(form: SourceForm) -> Source:
    options = {name: stored(value) for name, value in form.options.items()}
    return Source(id=form.id, kind=form.kind, schedule=form.schedule or "", options=options, enabled=form.enabled)


def stored(value: object) -> object:
    """Return an option's value as JSON can hold it: a fraction as a float, everything else as it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and "." not in plain_number(value) else float(value)
    if isinstance(value, dict):
        return {key: stored(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [stored(inner) for inner in value]
    return value
