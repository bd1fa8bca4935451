"""Targets from a form or from pasted YAML, checked by the rules of the files beside what is configured already.

The same forms and the same checks as for a directory. What is new may name what is there; what is there is not
described a second time, unless in the same words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from targetwatch.configfile.build import build
from targetwatch.configfile.check_indicators import check_indicators
from targetwatch.configfile.check_targets import check_targets
from targetwatch.configfile.contents import contents_of, note_duplicates
from targetwatch.configfile.document import Document, Note
from targetwatch.configfile.export import sections_of
from targetwatch.configfile.owners import owner_id
from targetwatch.configfile.text_forms import OwnerForm
from targetwatch.configfile.tree import read_text
from targetwatch.configfile.variables import note_misplaced
from targetwatch.errors import ConfigError
from targetwatch.model import Catalogue, Indicator, Programme, Publisher, Target

if TYPE_CHECKING:
    from targetwatch.configfile.contents import Contents
    from targetwatch.configfile.document import KeyPath
    from targetwatch.configfile.entries import Entry

SECTIONS = ("programmes", "publishers", "owners", "indicators", "derived")
OF_A_TARGET = frozenset({"goal", "indicator", "announcement"})
NONE: Mapping[str, Collection[str]] = {}
ARCHIVED = "'{name}' is the id of one that is archived, expected a different one"
Item = TypeVar("Item", Programme, Publisher, Indicator)


def check_values(values: Mapping[str, Any], beside: Catalogue) -> tuple[Catalogue | None, tuple[Note, ...]]:
    """Return what `values` (the lists of a file, as plain values) describe, or None and what is wrong, by its path."""
    document = Document("form", {"version": 1, **values})
    found = _checked(document, beside)
    made = None if document.notes else _new(build(found), found, beside)
    return (None if document.notes else made), tuple(document.notes)


def check_text(
    text: str, beside: Catalogue, *, taken: Mapping[str, Collection[str]] = NONE, name: str = "paste"
) -> Catalogue:
    """Return what is new in `text`: a whole file's YAML, a list of targets, or one target.

    `taken` are the ids there have ever been, by kind ("target", "indicator", "programme", "publisher", "owner").

    Raises:
        ConfigError: with every problem, each with its line; then nothing of it can be used.
    """
    document = read_text(text, name)
    _unwrap(document)
    if document.data is None and document.problems:
        raise ConfigError(document.problems)
    note_misplaced(document)
    found = _checked(document, beside)
    _check_taken(found, beside, taken)
    if not found.targets and not document.problems:
        document.add((), "targets", "missing, expected at least one target")
    if not document.problems:
        wanted = _new(build(found), found, beside)
        if not document.problems:
            return wanted
    raise ConfigError(document.problems)


def _check_taken(found: Contents, beside: Catalogue, taken: Mapping[str, Collection[str]]) -> None:
    """Note every id that is taken: by a target, or by something that is archived and so cannot be named."""
    for entry in found.targets:
        if entry.form.id in taken.get("target", ()):
            entry.add(f"'{entry.form.id}' is the id of a target there is already, expected a different one", "id")
    described: list[tuple[str, tuple[Any, ...], list[Entry[Any]]]] = [
        ("programme", beside.programmes, found.programmes),
        ("publisher", beside.publishers, found.publishers),
        ("indicator", beside.indicators, [*found.indicators, *found.derived]),
    ]
    for kind, known, entries in described:
        gone = set(taken.get(kind, ())) - {one.id for one in known}
        for entry in entries:
            if entry.form.id in gone:
                entry.add(ARCHIVED.format(name=entry.form.id), "id")
    gone = set(taken.get("owner", ())) - {target.owner.id for target in beside.targets}
    for owner in found.owners:
        if owner_id(owner.form) in gone:
            owner.add(ARCHIVED.format(name=owner_id(owner.form)), "id")
    for target in found.targets:
        form = target.form.owner
        if isinstance(form, OwnerForm) and owner_id(form) in gone:
            target.add(ARCHIVED.format(name=owner_id(form)), "owner")


def _unwrap(document: Document) -> None:
    """Let one target, or a list of them, stand for the file that has nothing else."""
    data = document.data
    if isinstance(data, list):
        _move(document, ("targets",), {"version": 1, "targets": data})
    elif isinstance(data, dict) and data.keys() & OF_A_TARGET:
        _move(document, ("targets", 0), {"version": 1, "targets": [data]})
    elif isinstance(data, dict) and "version" not in data and data.keys() & {"targets", *SECTIONS}:
        document.data = {"version": 1, **data}


def _move(document: Document, under: KeyPath, data: dict[str, Any]) -> None:
    document.data = data
    document.lines = {(*under, *path): line for path, line in document.lines.items()}
    document.spoiled = {(*under, *path) for path in document.spoiled}


def _checked(document: Document, beside: Catalogue) -> Contents:
    data = document.data
    if isinstance(data, dict):
        known = sections_of(beside)
        document.data = {**data, **{name: _with(data, name, known[name]) for name in SECTIONS}}
    found = contents_of(document, None)
    for group in (found.programmes, found.publishers, found.targets):
        note_duplicates(group)
    note_duplicates(found.indicators, found.derived)
    check_indicators(found)
    check_targets(found)
    return found


def _with(data: dict[str, Any], section: str, known: list[dict[str, Any]]) -> object:
    """Return a list followed by what is known and not described in it; what is no list is left to be refused."""
    own = data.get(section)
    if own is not None and not isinstance(own, list):
        return own
    together = ("indicators", "derived") if section in {"indicators", "derived"} else (section,)
    listed = [item for name in together for item in _mappings(data.get(name))]
    named = {item["id"] for item in listed if isinstance(item.get("id"), str)}
    return [*(own or ()), *(item for item in known if item["id"] not in named)]


def _mappings(listed: object) -> list[dict[str, Any]]:
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def _new(built: Catalogue, found: Contents, beside: Catalogue) -> Catalogue:
    """Return what of a catalogue is not there yet; note what is there and would be described otherwise."""
    described: list[Entry[Any]] = [*found.programmes, *found.publishers, *found.indicators, *found.derived]
    lines = {(entry.kind.split()[-1], entry.form.id): entry for entry in described}

    def fresh(kind: str, items: tuple[Item, ...], known: tuple[Item, ...]) -> tuple[Item, ...]:
        there = {item.id: item for item in known}
        for item in items:
            if item.id in there and replace(there[item.id], managed_by=item.managed_by) != item:
                lines[kind, item.id].add("is there already and says something else, expected its id alone")
        return tuple(item for item in items if item.id not in there)

    owners = {target.owner.id: target.owner for target in beside.targets}
    targets: list[Target] = []
    for entry, target in zip(found.targets, built.targets, strict=True):
        known = owners.get(target.owner.id)
        if known is not None and replace(known, managed_by=target.owner.managed_by) != target.owner:
            entry.add("is there already and described differently, expected its id alone", "owner")
        targets.append(replace(target, owner=known or target.owner))
    return Catalogue(
        programmes=fresh("programme", built.programmes, beside.programmes),
        publishers=fresh("publisher", built.publishers, beside.publishers),
        indicators=fresh("indicator", built.indicators, beside.indicators),
        targets=tuple(targets),
    )
