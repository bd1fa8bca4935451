"""A catalogue as the two files that describe it: what `check` reads back is the same catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.configfile.scalars import plain_number
from targetwatch.configfile.yaml_text import yaml_text
from targetwatch.model import Comparator, Derived, Measure, PlanShape
from targetwatch.quantity import format_period

if TYPE_CHECKING:
    from targetwatch.model import (
        Announcement,
        Catalogue,
        Goal,
        Indicator,
        Owner,
        Period,
        Plan,
        Programme,
        Publisher,
        Release,
        Source,
        Step,
        Target,
        TargetVersion,
        Text,
    )

TERMS = ("goal", "baseline", "start", "deadline", "plan", "steps")


def written(catalogue: Catalogue) -> dict[str, str]:
    """Return file name -> YAML text, from which `check` makes an equal catalogue (in the order given)."""
    targets = {"version": 1, **sections_of(catalogue), "targets": [_target(item) for item in catalogue.targets]}
    sources = {"version": 1, "sources": [_source(item) for item in catalogue.sources]}
    return {
        "targets.yaml": _heading(catalogue) + yaml_text(_filled(targets)),
        "sources.yaml": yaml_text(_filled(sources)),
    }


def sections_of(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """Return, as the file has them, the lists of what targets stand on; the owners are those of its targets."""
    owners = {target.owner.id: target.owner for target in catalogue.targets}
    return {
        "programmes": [_titled(item) for item in catalogue.programmes],
        "publishers": [_titled(item) for item in catalogue.publishers],
        "owners": [_owner(owners[name]) for name in sorted(owners)],
        "indicators": [_indicator(item) for item in catalogue.indicators if item.derivation is None],
        "derived": [_derived(item) for item in catalogue.indicators if item.derivation is not None],
    }


def _heading(catalogue: Catalogue) -> str:
    """Return a comment that names what the web manages: an `apply` of this file leaves those alone."""
    kinds = ("programmes", "publishers", "indicators", "targets", "sources")
    names = [item.id for kind in kinds for item in getattr(catalogue, kind) if item.managed_by != "file"]
    return f"# Managed on the web, left alone by apply: {', '.join(names)}\n" if names else ""


def _titled(item: Programme | Publisher) -> dict[str, Any]:
    return {"id": item.id, "title": _title(item.title)}


def _owner(owner: Owner) -> dict[str, Any]:
    return _filled({"id": owner.id, "name": _prose(owner.name), "email": owner.email, "language": owner.language})


def _indicator(item: Indicator) -> dict[str, Any]:
    return _filled(
        {
            "id": item.id,
            "title": _title(item.title),
            "measure": item.measure.value,
            "unit": None if item.measure is Measure.MILESTONES else item.unit,
            **_shared(item),
        }
    )


def _derived(item: Indicator) -> dict[str, Any]:
    derivation = item.derivation
    assert derivation is not None
    of: object = list(derivation.of) if derivation.kind is Derived.RATIO else derivation.of[0]
    return _filled(
        {
            "id": item.id,
            derivation.kind.value: of,
            "base": derivation.base,
            "base_on": _day(derivation.base_on),
            "title": _title(item.title),
            "unit": item.unit,
            **_shared(item),
        }
    )


def _shared(item: Indicator) -> dict[str, Any]:
    return {
        "unit_label": _prose(item.unit_label),
        "scope": _prose(item.scope),
        "authority": item.authority,
        "release": _release(item.release),
        "lowest": item.lowest,
        "highest": item.highest,
        "note": _prose(item.note),
    }


def _release(release: Release) -> dict[str, Any]:
    return _filled(
        {
            "every": release.every,
            "lag": f"{release.lag}d" if release.lag else None,
            "grace": f"{release.grace}d" if release.grace else None,
            "calendar": release.calendar,
            "january_with_february": release.january_with_february or None,
        }
    )


def _target(target: Target) -> dict[str, Any]:
    first, *later = target.versions
    said = _terms(first)
    versions = []
    for version in later:
        terms = _terms(version)
        versions.append(_version(version, {name: terms[name] for name in TERMS if terms[name] != said[name]}, terms))
        said = terms
    return _filled(
        {
            "id": target.id,
            "indicator": target.indicator,
            "programme": target.programme,
            "title": _title(target.title),
            "short": None if target.short == target.title else _title(target.short),
            "owner": target.owner.id,
            **_terms(first),
            "announcement": _announcement(first.announcement),
            "versions": versions,
            "note": _prose(target.note),
        }
    )


def _version(version: TargetVersion, changed: dict[str, Any], terms: dict[str, Any]) -> dict[str, Any]:
    """Return a version with the terms that changed, one that was taken away written as a key with nothing behind."""
    return {
        "effective": _day(version.effective),
        **(changed or {"goal": terms["goal"]}),
        "reason": version.reason,
        "announcement": _announcement(version.announcement),
    }


def _terms(version: TargetVersion) -> dict[str, Any]:
    baseline = version.baseline
    return {
        "goal": _goal(version.goal),
        "baseline": {"value": baseline.value, "period": _period(baseline.period)} if baseline else None,
        "start": _day(version.start),
        "deadline": _day(version.deadline),
        "plan": _plan(version.plan),
        "steps": [_step(step) for step in version.steps] or None,
    }


def _goal(goal: Goal) -> object:
    if goal.comparator is Comparator.COMPLETE:
        return "complete"
    if goal.change is not None:
        return {"change": {"by": f"{'+' if goal.change.by > 0 else ''}{plain_number(goal.change.by * 100)}%"}}
    if goal.comparator is Comparator.BETWEEN:
        return {"between": [goal.value, goal.upper]}
    return {goal.comparator.value: goal.value}


def _period(period: Period) -> object:
    text = format_period(period)
    return int(text) if text.isdigit() else text


def _plan(plan: Plan) -> object:
    if plan.shape is PlanShape.WAYPOINTS:
        return {"waypoints": [{"on": _day(point.on), "value": point.value} for point in plan.waypoints]}
    return None if plan.shape is PlanShape.LINEAR else plan.shape.value


def _step(step: Step) -> dict[str, Any]:
    return _filled({"id": step.id, "title": _title(step.title), "due": _day(step.due)})


def _announcement(said: Announcement) -> dict[str, Any]:
    return _filled({"by": said.by, "on": _day(said.on), "source": said.source, "url": said.url, "quote": said.quote})


def _source(source: Source) -> dict[str, Any]:
    return _filled(
        {
            "id": source.id,
            "kind": source.kind,
            "schedule": source.schedule,
            "enabled": None if source.enabled else False,
            "options": _options(source.options),
        }
    )


def _options(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _options(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_options(inner) for inner in value]
    return Decimal(repr(value)) if isinstance(value, float) else value


def _title(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _prose(text: Text) -> object:
    if not text.zh:
        return text.en or None
    return _filled({"en": text.en, "zh": text.zh})


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without the empty ones."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
