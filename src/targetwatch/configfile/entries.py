"""The entries of a file, each validated by its form; a wrong one still gives what of it is right.

So that a target with a bad e-mail address is also told of its deadline, the checks between fields run on what could
be read. A field that could not is None there, whatever its type says.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import ValidationError, create_model

from targetwatch.configfile.document import Document, Key, KeyPath, dotted
from targetwatch.configfile.problems import findings, nearest
from targetwatch.configfile.scalars import shown
from targetwatch.configfile.text_forms import Form

F = TypeVar("F", bound=Form)
Fc = TypeVar("Fc", bound=Form, covariant=True)  # noqa: PLC0105 - short like F, whose reading side it is


@dataclass(frozen=True, slots=True)
class Entry(Generic[Fc]):
    """One entry of one list of a file: its form, as whole as could be read, and where it stands."""

    document: Document
    path: KeyPath
    kind: str
    name: str
    form: Fc
    raw: dict[str, Any]

    def add(self, what: str, *keys: Key, code: str = "value") -> None:
        """Note a problem of this entry at the value under `keys`."""
        self.document.add((*self.path, *keys), self.where(*keys), what, code=code)

    def where(self, *keys: Key) -> str:
        """Return the place under `keys` as people call it: target 'ilstc-volume-2025', goal.above."""
        own = f"{self.kind} {self.name}"
        return f"{own}, {dotted(keys)}" if keys else own

    def line(self) -> int:
        """Return the line at which the entry begins."""
        return self.document.line(self.path)


def sections(document: Document, shape: type[Form]) -> dict[str, Any]:
    """Return the file's top-level lists, after noting what is wrong at the top: keys, version, kinds of value."""
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        document.add((), "", f"{shown(document.data)} stands here, expected a mapping that begins version: 1")
        return {}
    known = list(shape.model_fields)
    for key in document.data:
        if key not in known:
            document.add((key,), key, f"unknown key{nearest(key, known)}")
    if not _version_fits(document, document.data):
        return {}
    return {name: value for name, value in document.data.items() if name in known and name != "version"}


def _version_fits(document: Document, data: dict[str, object]) -> bool:
    version = data.get("version")
    if "version" not in data:
        document.add((), "version", "missing, expected version: 1 as the first line")
    elif version == "1" or version is True:
        document.add(("version",), "version", f"{shown(version)} is not the number, write version: 1")
    elif version != 1:
        document.add(("version",), "version", f"{shown(version)} is not known here, expected version: 1")
        return False
    return True


def entries(document: Document, section: str, listed: object, *, kind: str, form: type[F]) -> list[Entry[F]]:
    """Return the entries of one list, each as whole as it could be read, after noting all that is wrong in them."""
    if listed is None:
        return []
    if not isinstance(listed, list):
        what = f"{shown(listed)} stands here, expected a list (lines that begin with - )"
        document.add((section,), section, what)
        return []
    return list(_each(document, section, listed, kind=kind, form=form))


def _each(document: Document, section: str, listed: list[object], *, kind: str, form: type[F]) -> Iterator[Entry[F]]:
    for index, raw in enumerate(listed):
        path: KeyPath = (section, index)
        if not isinstance(raw, dict):
            what = f"{shown(raw)} stands here, expected a mapping that begins id:"
            document.add(path, f"{section}[{index + 1}]", what)
            continue
        named = raw.get("id")
        name = f"'{named}'" if isinstance(named, str) and named else f"number {index + 1}"
        try:
            yield Entry(document, path, kind, name, form.model_validate(raw), raw)
        except ValidationError as error:
            found = list(findings(form, raw, error))
            wrong = {inner[0] for inner, _ in found if inner}
            entry = Entry(document, path, kind, name, _readable(form, raw, wrong), raw)
            for inner, what in found:
                entry.add(what, *inner)
            yield entry


def _readable(form: type[F], raw: dict[str, object], wrong: set[Key]) -> F:
    """Return the form of what can be read: wrong fields and unknown keys left out, missing ones None."""
    read: F = _lenient(form).model_validate({key: value for key, value in raw.items() if key not in wrong})
    return read


@cache
def _lenient(form: type[F]) -> type[F]:
    fields: dict[str, Any] = {}
    for name, info in form.model_fields.items():
        if info.is_required():
            optional = copy(info)
            optional.default = None
            fields[name] = (info.annotation, optional)
    return create_model(f"Lenient{form.__name__}", __base__=form, **fields)
