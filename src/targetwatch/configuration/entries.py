"""The entries of the files as whole as they could be read, and the versions of a target in full.

`${VAR}` in a value is the environment's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from targetwatch.configuration.shapes import (
    DESCRIBED,
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
from targetwatch.errors import SourceError
from targetwatch.model import Source
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


REFERENCE = re.compile(r"\$\$\{|\$\{([^}]*\}?)")


ONE_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\}")


def expand(source: Source, environment: Mapping[str, str], *, on_web: Collection[str] = ()) -> Source:
    """Return the source with every ${VARIABLE} of its options filled in from `environment`.

    Raises:
        SourceError: a variable is not set, or the source was made on the web and it is none of `on_web`; its name is
            given, never a value.
    """
    named = {name for _, name in references(source.options)}
    if source.managed_by == "web" and (others := sorted(named - set(on_web))):
        raise SourceError("variables_not_allowed", source=source.id, variables=tuple(f"${{{one}}}" for one in others))
    missing = sorted(named - environment.keys())
    if missing:
        raise SourceError("variables_not_set", source=source.id, variables=tuple(f"${{{one}}}" for one in missing))
    options = filled(source.options, environment)
    assert isinstance(options, dict)
    return replace(source, options=options)


def filled(value: object, environment: Mapping[str, str]) -> object:
    """Return a tree of values with each ${VARIABLE} that `environment` knows filled in; others stay."""

    def of(found: re.Match[str]) -> str:
        return "${" if found[1] is None else environment.get(found[1].removesuffix("}"), found[0])

    return _mapped(value, lambda text: REFERENCE.sub(of, text))


def references(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield (path, variable name) for every ${VARIABLE} in a tree of values."""
    for inner, written in _referring(value, path):
        if name := NAME.fullmatch(written):
            yield inner, name[1]


def note_misplaced(document: YamlDocument) -> None:
    """Note every ${...} of a file that stands outside the option values of a source, or is not a variable's name."""
    for path, key in _keys(document.data, ()):
        for found in REFERENCE.finditer(key):
            if found[1] is not None:
                document.refuse(path, "variable_in_key", variable=found[0])
    for path, written in _referring(document.data, ()):
        in_options = len(path) > 3 and path[0] == "sources" and path[2] in {"options", *DESCRIBED}  # noqa: PLR2004 - sources, n, options
        if not in_options:
            document.refuse(path, "variable_misplaced", variable=f"${{{written}")
        elif not NAME.fullmatch(written):
            document.refuse(path, "variable_malformed", variable=f"${{{written}")


def _referring(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Yield (path, what follows the brace) for every ${ in a tree of values, well formed or not."""
    for inner, text in _texts(value, path):
        for found in REFERENCE.finditer(text):
            if found[1] is not None:
                yield inner, found[1]


def _mapped(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _mapped(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(inner, change) for inner in value]
    return value


def _texts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _keys(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield (*path, key), key
            yield from _keys(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _keys(inner, (*path, index))
