"""A catalogue as the two files that describe it, and what valid files describe as a catalogue.

What a file may leave unsaid is filled in here when it is read, and left out again when it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from targetwatch.configuration.entries import Contents, ListEntry
from targetwatch.configuration.rules import options_of, owner_id, parts_of
from targetwatch.configuration.shapes import DESCRIBED, RULES, TERMS
from targetwatch.configuration.yaml import yaml_text
from targetwatch.model import (
    Catalogue,
    Derived,
    Indicator,
    Measure,
    Owner,
    Programme,
    Publisher,
    Source,
    Target,
    TargetVersion,
    Text,
    as_yaml,
)
from targetwatch.wording.translation import N_, NC_, translator

STEPS, STEPS_LABEL = "steps", NC_("unit", "steps")
"""What milestones count, which a file does not say."""
DERIVED_TITLES = {
    Derived.ANNUAL_TOTAL: N_("{part}, calendar-year total"),
    Derived.ROLLING_TOTAL: N_("{part}, total of the last {months} months"),
    Derived.RATIO: N_("{part} per {other}"),
    Derived.GROWTH: N_("Growth of {part}"),
    Derived.CHAINED: N_("{part}, chained index"),
}
ORDER = ("id", "indicator", "programme", "title", "short", "owner", *TERMS, "announcement", "versions", "note")
"""How a target is told."""


def build(found: Contents) -> Catalogue:
    """Return the catalogue that valid contents describe, in the order of the files."""
    indicators = {entry.value.id: _measured(entry.value) for entry in found.indicators}
    waiting = [entry.value for entry in found.derived]
    while waiting:
        ready = [value for value in waiting if all(name in indicators for name in parts_of(value))]
        for value in ready:
            indicators[value.id] = _derived(value, [indicators[name] for name in parts_of(value)])
        waiting = [value for value in waiting if value not in ready]
    listed = {owner_id(entry.value): _owner(entry.value) for entry in found.owners}
    order = [entry.value.id for entry in [*found.indicators, *found.derived]]
    return Catalogue(
        programmes=tuple(Programme(**_said(entry.value)) for entry in found.programmes),
        publishers=tuple(Publisher(**_said(entry.value)) for entry in found.publishers),
        indicators=tuple(indicators[name] for name in order),
        targets=tuple(_target(entry, listed) for entry in found.targets),
        sources=tuple(_source(entry.value) for entry in found.sources),
    )


def written(catalogue: Catalogue) -> dict[str, str]:
    """Return file name -> YAML text, from which `check` makes an equal catalogue (in the order given)."""
    targets = {"version": 1, **sections_of(catalogue), "targets": [_target_said(item) for item in catalogue.targets]}
    sources = {"version": 1, "sources": [_source_said(item) for item in catalogue.sources]}
    return {
        "targets.yaml": _heading(catalogue) + yaml_text(_filled(targets)),
        "sources.yaml": yaml_text(_filled(sources)),
    }


def source_text(source: Source) -> str:
    """Return the YAML of one source, as its entry of the file has it."""
    return yaml_text(_source_said(source))


def sections_of(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """Return, as the file has them, the lists of what targets stand on; the owners are those of its targets."""
    owners = {target.owner.id: target.owner for target in catalogue.targets}
    return {
        "programmes": [as_yaml(item) for item in catalogue.programmes],
        "publishers": [as_yaml(item) for item in catalogue.publishers],
        "owners": [as_yaml(owners[name]) for name in sorted(owners)],
        "indicators": [_measured_said(item) for item in catalogue.indicators if item.derivation is None],
        "derived": [_derived_said(item) for item in catalogue.indicators if item.derivation is not None],
    }


def _heading(catalogue: Catalogue) -> str:
    """Return a comment that names what the web manages: an `apply` of this file leaves those alone."""
    kinds = ("programmes", "publishers", "indicators", "targets", "sources")
    names = [item.id for kind in kinds for item in getattr(catalogue, kind) if item.managed_by != "file"]
    return f"# Managed on the web, left alone by apply: {', '.join(names)}\n" if names else ""


def _said(value: BaseModel) -> dict[str, Any]:
    """Return the values of an entry by their names."""
    return {name: getattr(value, name) for name in type(value).model_fields}


def _source(value: Any) -> Source:  # noqa: ANN401 - an entry's value
    said = {name: one for name, one in _said(value).items() if name not in DESCRIBED}
    return Source(**{**said, "options": options_of(value)})


def _source_said(item: Source) -> dict[str, Any]:
    said: dict[str, Any] = as_yaml(item)
    options = said.pop("options", {}) if item.kind == "document" else {}
    return {**said, **options}


def _owner(value: Any) -> Owner:  # noqa: ANN401 - an entry's value
    return Owner(**{**_said(value), "id": owner_id(value)})


def _measured(value: Any) -> Indicator:  # noqa: ANN401 - an entry's value
    indicator = Indicator(**_said(value))
    if indicator.measure is not Measure.MILESTONES:
        return indicator
    label = _in_words(STEPS_LABEL)
    return replace(indicator, unit=STEPS, unit_label=label if indicator.unit_label == Text() else indicator.unit_label)


def _measured_said(item: Indicator) -> dict[str, Any]:
    said = as_yaml(item)
    if item.measure is Measure.MILESTONES:
        del said["unit"]
    return dict(said)


def _derived(value: Any, parts: list[Indicator]) -> Indicator:  # noqa: ANN401 - an entry's value
    kind = next(Derived(rule) for rule in RULES if getattr(value, rule) is not None)
    first = parts[0]
    adds_up, rolls = kind is Derived.ANNUAL_TOTAL, value.rolling_total_of
    release = replace(first.release, every="year", january_with_february=False) if adds_up else first.release
    months = Text(str(rolls.months)) if rolls else Text()
    title = _in_words(DERIVED_TITLES[kind], part=first.title, other=parts[-1].title, months=months)
    is_same = (adds_up or rolls) and value.unit is None and value.unit_label == Text()
    label = first.unit_label if is_same else value.unit_label
    return Indicator(
        **{
            **_said(value),
            "title": value.title or title,
            "measure": Measure.LEVEL,
            "unit": value.unit or _derived_unit(kind, parts),
            "unit_label": label,
            "scope": first.scope if value.scope == Text() else value.scope,
            "authority": value.authority or first.authority,
            "release": value.release or release,
            "steward": value.steward or first.steward,
        }
    )


def _in_words(message: str, **parts: Text) -> Text:
    english, chinese = (
        translator(one)(message, **{name: part[one] for name, part in parts.items()}) for one in ("en", "zh")
    )
    return Text(english, chinese)


def _derived_unit(kind: Derived, parts: list[Indicator]) -> str:
    if kind in {Derived.ANNUAL_TOTAL, Derived.ROLLING_TOTAL}:
        return parts[0].unit
    if kind is Derived.CHAINED:
        return "index"
    same = kind is Derived.GROWTH or parts[0].unit == parts[1].unit
    return "%" if same else f"{parts[0].unit}/{parts[1].unit}"


def _derived_said(item: Indicator) -> dict[str, Any]:
    said: dict[str, Any] = as_yaml(item)
    del said["measure"]
    said.setdefault("release", {})
    return said


def _target(entry: ListEntry, listed: Mapping[str, Owner]) -> Target:
    value = entry.value
    versions = tuple(
        TargetVersion(number=number, **vars(version.said)) for number, version in enumerate(entry.versions, 1)
    )
    return Target(
        id=value.id,
        indicator=value.indicator,
        programme=value.programme,
        title=value.title,
        short=value.short or value.title,
        owner=listed[value.owner] if isinstance(value.owner, str) else _owner(value.owner),
        versions=versions,
        note=value.note,
    )


def _target_said(target: Target) -> dict[str, Any]:
    """Return a target as a file tells it: the terms announced, then what each later version changed."""
    said = as_yaml(target)
    if target.short == target.title:
        del said["short"]
    first, *later = said["versions"]
    said |= {name: first[name] for name in (*TERMS, "announcement") if name in first}
    said["versions"] = [_version_said(before, after) for before, after in zip([first, *later], later, strict=False)]
    return {name: said[name] for name in ORDER if said.get(name)}


def _version_said(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return a version with the terms that changed, one that was taken away as a key with nothing behind it."""
    changed = {name: after.get(name) for name in TERMS if after.get(name) != before.get(name)}
    told = {"effective": after["effective"], **(changed or {"goal": after["goal"]}), "reason": after.get("reason")}
    return {**told, "announcement": after["announcement"]}


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return the lists that hold something."""
    return {name: value for name, value in values.items() if value}
