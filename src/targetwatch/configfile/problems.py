"""pydantic's findings in the words of the file: where, what is wrong, what was expected.

Values are quoted except inside a source's options, where a secret may stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from targetwatch.configfile.scalars import shown

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from targetwatch.configfile.document import KeyPath

MOST_KEYS_SHOWN = 12
KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list (lines that begin with - )",
    "model_type": "a mapping (lines of the form key: value)",
    "model_attributes_type": "a mapping (lines of the form key: value)",
    "dict_type": "a mapping (lines of the form key: value)",
    "int_type": "a whole number",
}


def findings(
    form: type[BaseModel], raw: object, error: ValidationError, *, discreet: bool = False
) -> Iterator[tuple[KeyPath, str]]:
    """Yield (path inside `raw`, sentence) for everything pydantic found wrong with it; `discreet` quotes no value."""
    say = _kind if discreet else shown
    for detail in error.errors(include_url=False):
        path = real_path(raw, detail)
        yield path, _sentence(form, path, detail, say)


def unknown(name: str, kind: str, known: Sequence[str]) -> str:
    """Return that there is no such `kind`, with the nearest names there are."""
    hint = nearest(name, known) if known else f", expected it to be written under {kind}s: first"
    return f"no {kind} '{name}'{hint}"


def nearest(name: str, known: Sequence[str]) -> str:
    """Return the end of a sentence about an unknown name: what was probably meant, or all there is."""
    close = get_close_matches(name, known, n=2, cutoff=0.6)
    if close:
        return f", did you mean {' or '.join(close)}?"
    listed = ", ".join(known[:MOST_KEYS_SHOWN]) + (", ..." if len(known) > MOST_KEYS_SHOWN else "")
    return f", expected one of: {listed}"


def real_path(raw: object, detail: ErrorDetails) -> KeyPath:
    """Return the error's place in the file: pydantic's own names for branches of a choice are left out."""
    path: list[str | int] = []
    current: Any = raw
    location = detail["loc"]
    for place, part in enumerate(location):
        last = place == len(location) - 1
        inside_mapping = isinstance(current, Mapping) and isinstance(part, str) and part in current
        if inside_mapping or (isinstance(current, list) and isinstance(part, int) and part < len(current)):
            current = current[part]
        elif not (last and detail["type"] == "missing"):
            continue
        path.append(part)
    return tuple(path)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else shown(value)


def _sentence(form: type[BaseModel], path: KeyPath, detail: ErrorDetails, say: Callable[[object], str]) -> str:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    if kind == "missing":
        return f"missing, expected {_description(form, path)}"
    if kind == "extra_forbidden":
        return f"unknown key{nearest(str(path[-1]), sorted(_keys(form, path[:-1])))}"
    if kind == "value_error":
        return str(context["error"])
    if given is None:
        info = _field(form, path)
        otherwise = ", or the key removed" if info is not None and not info.is_required() else ""
        return f"nothing stands here, expected {_description(form, path)}{otherwise}"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
        return f"{say(given)} is not known{nearest(str(given), choices)}"
    if kind == "too_short":
        return f"an empty list, expected {_description(form, path)}"
    if kind in KINDS:
        expected = _mapping_of(form, path) if kind.startswith("model") else KINDS[kind]
        quoted = f", write '{say(given)}' in quotes" if kind == "string_type" and not _is_nested(given) else ""
        return f"{say(given)} stands here, expected {expected}{quoted if say is shown else ''}"
    return f"{say(given)} does not fit: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)


def _mapping_of(form: type[BaseModel], path: KeyPath) -> str:
    found = _forms_at(form, path)
    if not found:
        return KINDS["model_type"]
    return "{" + ", ".join(f"{name}: ..." for name, info in _fields(found[0]) if info.is_required()) + "}"


def _description(form: type[BaseModel], path: KeyPath) -> str:
    info = _field(form, path)
    return (info.description if info else None) or "a value"


def _keys(form: type[BaseModel], path: KeyPath) -> set[str]:
    return {name for inner in _forms_at(form, path) for name, _ in _fields(inner)}


def _fields(form: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(info.alias or name, info) for name, info in form.model_fields.items()]


def _field(form: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    names = [part for part in path if isinstance(part, str)]
    for outer in _forms_at(form, tuple(names[:-1])):
        for name, info in _fields(outer):
            if name == names[-1]:
                return info
    return None


def _forms_at(form: type[BaseModel], path: KeyPath) -> list[type[BaseModel]]:
    forms = [form]
    for part in path:
        if isinstance(part, str):
            annotations = [info.annotation for outer in forms for name, info in _fields(outer) if name == part]
            forms = [inner for annotation in annotations for inner in _forms_in(annotation)]
    return forms


def _forms_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - whatever stands as an annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [inner for argument in get_args(annotation) for inner in _forms_in(argument)]
