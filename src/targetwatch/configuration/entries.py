"""The entries of the files as whole as they could be read, and the versions of a target in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from targetwatch.configuration.shapes import (
    SECTIONS,
    SOURCE,
    TARGET,
    TERMS,
    VERSION,
    Shape,
    nearest,
    read_entry,
)
from targetwatch.configuration.yaml import Key, KeyPath, YamlDocument, dotted
from targetwatch.model.problem import Problem, Value
from targetwatch.model.scalars import shown


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list: its value as whole as could be read, the keys that could not be, and where it stands."""

    document: YamlDocument
    path: KeyPath
    kind: str
    name: str
    value: Any
    raw: Mapping[str, Any]
    wrong: frozenset[str] = frozenset()
    versions: list[Version] = field(default_factory=list)

    def add(self, code: str | Problem, *keys: Key, **values: Value) -> None:
        """Note a problem of this entry at the value under `keys`."""
        problem = code if isinstance(code, Problem) else Problem(code, values)
        self.document.add((*self.path, *keys), self.where(*keys), problem)

    def where(self, *keys: Key) -> str:
        """Return the place under `keys` as people call it: target 'ilstc-volume-2025', goal.above."""
        own = f"{self.kind} {self.name}"
        return f"{own}, {dotted(keys)}" if keys else own

    def line(self) -> int:
        """Return the line at which the entry begins."""
        return self.document.line(self.path)


@dataclass(slots=True)
class Contents:
    """Every entry of both files."""

    programmes: list[ListEntry] = field(default_factory=list)
    publishers: list[ListEntry] = field(default_factory=list)
    owners: list[ListEntry] = field(default_factory=list)
    indicators: list[ListEntry] = field(default_factory=list)
    derived: list[ListEntry] = field(default_factory=list)
    targets: list[ListEntry] = field(default_factory=list)
    sources: list[ListEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a target in full.

    `own` names the terms that are this version's to say, `written` those of them that it does say, `wrong` those that
    could not be read; `place` is where it stands in the target's entry.
    """

    said: SimpleNamespace
    own: frozenset[str]
    written: frozenset[str]
    wrong: frozenset[str]
    place: KeyPath = ()


def contents_of(targets: YamlDocument, sources: YamlDocument | None = None) -> Contents:
    """Return the entries of the files, after noting in each document what is wrong with them one by one."""
    found = Contents()
    for section, listed in _sections(targets, tuple(SECTIONS)).items():
        setattr(found, section, list(_entries(targets, section, listed, SECTIONS[section][0])))
    if sources is not None:
        for section, listed in _sections(sources, ("sources",)).items():
            setattr(found, section, list(_entries(sources, section, listed, SOURCE)))
    return found


def _versions(entry: ListEntry) -> Iterator[Version]:
    """Yield what a target says from its announcement on, and from each later version on.

    What a later version does not say stays as it was; a key with nothing behind it takes the term away.
    """
    value = entry.value
    announced = value.announcement.on if value.announcement else None
    terms = {name: getattr(value, name) for name in TERMS}
    terms["start"] = value.start or announced
    said = SimpleNamespace(**terms, effective=announced, announcement=value.announcement, reason="")
    wrong = entry.wrong & frozenset(TERMS)
    yield Version(said, frozenset(TERMS), _written(entry.raw), wrong)
    for index, raw in enumerate(value.versions or ()):
        later, found = read_entry(VERSION, raw)
        for path, problem in found:
            entry.add(problem, "versions", index, *path)
        own = frozenset(later.model_fields_set) & frozenset(TERMS)
        refused = _first(found) & frozenset(TERMS)
        wrong = (wrong - own) | refused
        terms = terms | {name: getattr(later, name) for name in own}
        rest = {name: getattr(later, name) for name in ("effective", "announcement", "reason")}
        place = ("versions", index)
        yield Version(SimpleNamespace(**terms, **rest), own | refused, _written(raw), wrong, place)


def _first(found: Iterable[tuple[KeyPath, Problem]]) -> frozenset[str]:
    """Return the fields in which something was found."""
    return frozenset(str(path[0]) for path, _ in found if path)


def _written(raw: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in TERMS if raw.get(name) is not None)


def _sections(document: YamlDocument, known: tuple[str, ...]) -> dict[str, Any]:
    """Return the file's top-level lists, after noting what is wrong at the top: keys, version, kinds of value."""
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        document.add((), "", Problem("expected_file", {"given": shown(document.data)}))
        return {}
    for key in document.data:
        if key not in ("version", *known):
            document.add((key,), key, nearest("unknown_key", key, ("version", *known)))
    if not _version_fits(document, document.data):
        return {}
    return {name: value for name, value in document.data.items() if name in known}


def _version_fits(document: YamlDocument, data: dict[str, object]) -> bool:
    version = data.get("version")
    if "version" not in data:
        document.add((), "version", Problem("version_missing"))
    elif version == "1" or version is True:
        document.add(("version",), "version", Problem("version_not_number", {"given": shown(version)}))
    elif version != 1:
        document.add(("version",), "version", Problem("version_unknown", {"given": shown(version)}))
        return False
    return True


def _entries(document: YamlDocument, section: str, listed: object, shape: Shape) -> Iterator[ListEntry]:
    if listed is None:
        return
    if not isinstance(listed, list):
        document.add((section,), section, Problem("expected_list", {"given": shown(listed)}))
        return
    for index, raw in enumerate(listed):
        path: KeyPath = (section, index)
        if not isinstance(raw, dict):
            document.add(path, f"{section}[{index + 1}]", Problem("expected_entry", {"given": shown(raw)}))
            continue
        named = raw.get("id")
        name = f"'{named}'" if isinstance(named, str) and named else f"number {index + 1}"
        value, found = read_entry(shape, raw)
        wrong = _first(found)
        entry = ListEntry(document, path, shape.name, name, value, raw, wrong)
        for inner, problem in found:
            entry.add(problem, *inner)
        if shape is TARGET:
            entry.versions.extend(_versions(entry))
        yield entry
