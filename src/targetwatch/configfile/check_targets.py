"""Targets checked against what they stand on: indicator, programme, owner, and their own versions in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.configfile.check_indicators import measures_of
from targetwatch.configfile.check_terms import About, term_findings
from targetwatch.configfile.contents import Contents, ids
from targetwatch.configfile.owners import Owners
from targetwatch.configfile.problems import unknown
from targetwatch.configfile.terms import NAMES, own_terms, terms_of

if TYPE_CHECKING:
    from targetwatch.configfile.entries import Entry
    from targetwatch.configfile.target_forms import TargetForm
    from targetwatch.configfile.terms import Terms


def check_targets(found: Contents) -> None:
    """Note what is wrong with targets beyond their single values."""
    known = _indicators(found)
    programmes = ids(found.programmes)
    owners = Owners(found.owners)
    for entry in found.targets:
        form = entry.form
        if form.indicator is not None and form.indicator not in known:
            entry.add(unknown(form.indicator, "indicator", list(known)), "indicator")
        if form.programme is not None and form.programme not in programmes:
            entry.add(unknown(form.programme, "programme", programmes), "programme")
        if form.owner is not None:
            owners.check(entry)
        _check_versions(entry)
        for terms in terms_of(form):
            _check_terms(entry, terms, known.get(form.indicator))


def _indicators(found: Contents) -> dict[str, About]:
    bounds = {entry.form.id: (entry.form.lowest, entry.form.highest) for entry in [*found.indicators, *found.derived]}
    return {name: About(name, measure, *bounds[name]) for name, measure in measures_of(found).items()}


def _check_terms(entry: Entry[TargetForm], terms: Terms, indicator: About | None) -> None:
    prefix = () if terms.index is None else ("versions", terms.index)
    judged = indicator if indicator is not None and indicator.measure else None
    wrong = _unread(entry, prefix)
    for finding in term_findings(terms, judged, explained=entry.form.note is not None):
        own = finding.about & terms.own
        if not own or finding.about & wrong:
            continue
        keys = finding.keys if finding.keys[0] in own else (min(own),)
        entry.add(finding.what, *prefix, *keys, code=finding.code)


def _unread(entry: Entry[TargetForm], prefix: tuple[str | int, ...]) -> frozenset[str]:
    """Return the terms that the file has but that could not be read: nothing more is said of them."""
    raw = entry.raw
    if prefix:
        return frozenset()
    return frozenset(name for name in NAMES if name in raw and name not in entry.form.model_fields_set)


def _check_versions(entry: Entry[TargetForm]) -> None:
    form = entry.form
    before = form.announcement.on if form.announcement else None
    for index, version in enumerate(form.versions or ()):
        place = ("versions", index)
        if before is not None and version.effective < before:
            since = "the announcement" if index == 0 else "the version above it"
            what = f"{version.effective} is before {since} ({before}), expected that day or later, oldest version first"
            entry.add(what, *place, "effective")
        if version.effective < version.announcement.on:
            announced = version.announcement.on
            what = f"{version.effective} is before it was announced ({announced}), expected that day or later"
            entry.add(what, *place, "effective")
        if not own_terms(version):
            entry.add(f"changes nothing, expected at least one of {', '.join(NAMES)}", *place)
        before = version.effective
