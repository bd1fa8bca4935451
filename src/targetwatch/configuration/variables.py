"""${VARIABLE} in the values of a source's options: where it may stand, and what it stands for.

A source is stored as it is written, so that no secret is in the database or in an export; `expand` fills it in when
the source is about to be read. Two dollars, $${, write the characters themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from targetwatch.configuration.shapes import DESCRIBED
from targetwatch.configuration.yaml import KeyPath, YamlDocument
from targetwatch.errors import SourceError
from targetwatch.model import Source

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
    for inner, written in _written(value, path):
        if name := NAME.fullmatch(written):
            yield inner, name[1]


def note_misplaced(document: YamlDocument) -> None:
    """Note every ${...} of a file that stands outside the option values of a source, or is not a variable's name."""
    for path, key in _keys(document.data, ()):
        for found in REFERENCE.finditer(key):
            if found[1] is not None:
                document.refuse(path, "variable_in_key", variable=found[0])
    for path, written in _written(document.data, ()):
        in_options = len(path) > 3 and path[0] == "sources" and path[2] in {"options", *DESCRIBED}  # noqa: PLR2004 - sources, n, options
        if not in_options:
            document.refuse(path, "variable_misplaced", variable=f"${{{written}")
        elif not NAME.fullmatch(written):
            document.refuse(path, "variable_malformed", variable=f"${{{written}")


def _written(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
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
