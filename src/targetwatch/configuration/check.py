"""A directory of configuration, a paste or a form as a valid catalogue, or every reason why it is not one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from targetwatch.configuration import rules
from targetwatch.configuration.entries import Contents, ListEntry, contents_of, note_misplaced
from targetwatch.configuration.shapes import WRITTEN, findings
from targetwatch.configuration.written import build, sections_of
from targetwatch.configuration.yaml import KeyPath, YamlDocument, dotted, read_document, read_text
from targetwatch.errors import ConfigError
from targetwatch.model import Catalogue, Indicator, Programme, Publisher, Source, Target
from targetwatch.model.problem import Problem
from targetwatch.model.scalars import shown

TARGETS = "targets.yaml"
SOURCES = "sources.yaml"
MISNAMED = {
    "target.yaml": TARGETS,
    "targets.yml": TARGETS,
    "target.yml": TARGETS,
    "source.yaml": SOURCES,
    "sources.yml": SOURCES,
    "source.yml": SOURCES,
}
STANDING = ("programmes", "publishers", "owners", "indicators", "derived")
OF_A_TARGET = frozenset({"goal", "indicator", "announcement"})
NONE: Mapping[str, Collection[str]] = {}
Form = TypeVar("Form", bound=BaseModel)
Item = TypeVar("Item", Programme, Publisher, Indicator)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem as a form needs it: where the value stands, and what is wrong with it."""

    path: KeyPath
    problem: Problem


def check(directory: Path | str, *, environment: Mapping[str, str] | None = None) -> Catalogue:
    """Return the catalogue that `targets.yaml` and `sources.yaml` in `directory` describe.

    With an `environment`, the variables that sources name must be set in it. Nothing is read but the two files.

    Raises:
        ConfigError: with every problem of both files, each with its file and line.
    """
    folder = Path(directory)
    documents = _documents(folder)
    for document in documents:
        note_misplaced(document)
    found = contents_of(*documents)
    rules.check(found)
    rules.check_sources(found, environment)
    problems = [problem for document in documents for problem in document.problems] + _misnamed(folder)
    if problems:
        raise ConfigError(problems)
    return build(found)


def read_as(path: Path, form: type[Form]) -> Form:
    """Return what a file of YAML says.

    Raises:
        ConfigError: it is no `form`; with every problem, each with its line.
    """
    document = read_document(path)
    if not document.problems:
        try:
            return form.model_validate(document.data, context=WRITTEN)
        except ValidationError as error:
            for at, problem in findings(form.model_json_schema(), document.data, error):
                document.add(at, dotted(at), problem)
    raise ConfigError(document.problems)


def check_values(values: Mapping[str, Any], beside: Catalogue) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """Return what `values` (the lists of a file, as plain values) describe, or None and what is wrong, by its path."""
    document = YamlDocument("form", {"version": 1, **values})
    found = _checked(document, beside)
    made = None if document.found else _new(build(found), found, beside)
    findings = tuple(Finding(path, problem) for path, problem in document.found)
    return (None if findings else made), findings


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
        document.add((), "targets", Problem("missing", {"expected": "at least one target"}))
    if not document.problems:
        wanted = _new(build(found), found, beside)
        if not document.problems:
            return wanted
    raise ConfigError(document.problems)


def check_source(text: str, environment: Mapping[str, str] | None = None) -> tuple[Source | None, tuple[Finding, ...]]:
    """Return the source that the YAML of one entry describes, or None and what is wrong, by its path and line."""
    document = read_text(text, "")
    if not isinstance(document.data, dict):
        problems = document.problems or [Problem("expected_entry", {"given": shown(document.data)}, line=1)]
        return None, tuple(Finding((), problem) for problem in problems)
    _move(document, ("sources", 0), {"version": 1, "sources": [document.data]})
    note_misplaced(document)
    found = contents_of(YamlDocument("", {"version": 1}), document)
    rules.check_sources(found, environment)
    placed = {id(problem) for _, problem in document.found}
    findings = [Finding(path[2:], problem) for path, problem in document.found]
    findings += (Finding((), problem) for problem in document.problems if id(problem) not in placed)
    return (None, tuple(findings)) if findings else (build(found).sources[0], ())


def _documents(folder: Path) -> list[YamlDocument]:
    if not folder.is_dir():
        raise ConfigError([Problem("folder_missing", {"name": TARGETS}, file=str(folder))])
    if not (folder / TARGETS).exists():
        raise ConfigError([Problem("file_missing", file=str(folder / TARGETS)), *_misnamed(folder)])
    return [read_document(folder / name) for name in (TARGETS, SOURCES) if (folder / name).exists()]


def _misnamed(folder: Path) -> list[Problem]:
    return [
        Problem("file_misnamed", {"name": right}, file=str(folder / name))
        for name, right in MISNAMED.items()
        if (folder / name).exists()
    ]


def _unwrap(document: YamlDocument) -> None:
    """Let one target, or a list of them, stand for the file that has nothing else."""
    data = document.data
    if isinstance(data, list):
        _move(document, ("targets",), {"version": 1, "targets": data})
    elif isinstance(data, dict) and data.keys() & OF_A_TARGET:
        _move(document, ("targets", 0), {"version": 1, "targets": [data]})
    elif isinstance(data, dict) and "version" not in data and data.keys() & {"targets", *STANDING}:
        document.data = {"version": 1, **data}


def _move(document: YamlDocument, under: KeyPath, data: dict[str, Any]) -> None:
    document.data = data
    document.lines = {(*under, *path): line for path, line in document.lines.items()}
    document.spoiled = {(*under, *path) for path in document.spoiled}


def _checked(document: YamlDocument, beside: Catalogue) -> Contents:
    data = document.data
    if isinstance(data, dict):
        known = sections_of(beside)
        document.data = {**data, **{name: _with(data, name, known[name]) for name in STANDING}}
    found = contents_of(document)
    rules.check(found)
    return found


def _with(data: dict[str, Any], section: str, known: list[dict[str, Any]]) -> object:
    """Return a list followed by what is known and not described in it; what is no list is left to be refused."""
    own = data.get(section)
    if own is not None and not isinstance(own, list):
        return own
    together = ("indicators", "derived") if section in {"indicators", "derived"} else (section,)
    named = {item.get("id") for name in together for item in _mappings(data.get(name)) if isinstance(item["id"], str)}
    return [*(own or ()), *(item for item in known if item["id"] not in named)]


def _mappings(listed: object) -> Iterator[dict[str, Any]]:
    return (
        (item for item in listed if isinstance(item, dict) and "id" in item) if isinstance(listed, list) else iter(())
    )


def _check_taken(found: Contents, beside: Catalogue, taken: Mapping[str, Collection[str]]) -> None:
    """Note every id that is taken: by a target, or by something that is archived and so cannot be named."""
    for entry in found.targets:
        if entry.value.id in taken.get("target", ()):
            entry.add("id_there_already", "id", name=entry.value.id)
    standing: list[tuple[str, Iterable[Any], list[ListEntry], str]] = [
        ("programme", beside.programmes, found.programmes, "id"),
        ("publisher", beside.publishers, found.publishers, "id"),
        ("indicator", beside.indicators, [*found.indicators, *found.derived], "id"),
        ("owner", (target.owner for target in beside.targets), found.owners, "id"),
        ("owner", (target.owner for target in beside.targets), found.targets, "owner"),
    ]
    for kind, known, entries, key in standing:
        gone = set(taken.get(kind, ())) - {one.id for one in known}
        for entry in entries:
            if (name := rules.id_of(entry, key)) in gone:
                entry.add("id_archived", key, name=name)


def _new(built: Catalogue, found: Contents, beside: Catalogue) -> Catalogue:
    """Return what of a catalogue is not there yet; note what is there and would be described otherwise."""
    described = [*found.programmes, *found.publishers, *found.indicators, *found.derived]
    entries = {(entry.kind.split()[-1], entry.value.id): entry for entry in described}

    def fresh(kind: str, items: tuple[Item, ...], known: tuple[Item, ...]) -> tuple[Item, ...]:
        there = {item.id: item for item in known}
        for item in items:
            if item.id in there and replace(there[item.id], managed_by=item.managed_by) != item:
                entries[kind, item.id].add("there_otherwise")
        return tuple(item for item in items if item.id not in there)

    owners = {target.owner.id: target.owner for target in beside.targets}
    targets: list[Target] = []
    for entry, target in zip(found.targets, built.targets, strict=True):
        known = owners.get(target.owner.id)
        if known is not None and replace(known, managed_by=target.owner.managed_by) != target.owner:
            entry.add("owner_there_otherwise", "owner")
        targets.append(replace(target, owner=known or target.owner))
    return Catalogue(
        programmes=fresh("programme", built.programmes, beside.programmes),
        publishers=fresh("publisher", built.publishers, beside.publishers),
        indicators=fresh("indicator", built.indicators, beside.indicators),
        targets=tuple(targets),
    )
