"""What stands in each list of a file: the fields of the model's classes, less what only the program knows.

An entry is validated leniently: what is wrong is told with its place, what is right can still be checked further. The
JSON Schema that editors use is made of the same shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, ValidationError, create_model

from targetwatch.errors import QuantityError
from targetwatch.model import Derived, Indicator, Owner, Period, Programme, Publisher, Source, Target, TargetVersion
from targetwatch.model.problem import Problem, Value, refused
from targetwatch.model.scalars import OrNothing, Slug, Written, json_value, plain_number, shown
from targetwatch.quantity import parse_period, parse_quantity

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from targetwatch.configuration.yaml import KeyPath

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MOST_KEYS_SHOWN = 12
RULES = tuple(one.value for one in Derived)
KINDS = {
    "string_type": "expected_text",
    "bool_type": "expected_bool",
    "list_type": "expected_list",
    "tuple_type": "expected_list",
    "model_type": "expected_mapping",
    "dataclass_type": "expected_mapping",
    "dict_type": "expected_mapping",
    "mapping_type": "expected_mapping",
    "int_type": "expected_whole_number",
    "int_parsing": "expected_whole_number",
}
EMPTY: tuple[object, ...] = (None, "", [], {}, {"en": "", "zh": ""})
CLOSED = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except QuantityError as error:
        (problem,) = error.problems
        raise ValueError(problem) from None


WRITTEN = Written(_period)


@dataclass(frozen=True)
class Shape:
    """The entries of one list: whose fields they have, which of them not, and which may or may not be left out.

    `spare` may be left out of a file though the program always has it; `needed` may not, though it may be empty in the
    program. `said` describes a field where the model's words do not fit.
    """

    name: str
    kinds: tuple[type[Any], ...]
    doc: str
    without: frozenset[str] = frozenset()
    spare: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    said: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def form(self) -> type[BaseModel]:
        """Return the shape as a model: what is required stands there, what else may."""
        fields = {name: (info.annotation, info) for name, info in self._fields()}
        made: type[BaseModel] = create_model(
            "".join(self.name.title().split()), __config__=CLOSED, __doc__=self.doc, **{**fields, **self.more}
        )
        return made

    @cached_property
    def lenient(self) -> type[BaseModel]:
        """Return the same where anything may be missing."""
        fields: dict[str, Any] = {}
        for name, info in self.form.model_fields.items():
            optional = copy(info)
            if info.is_required():
                optional.default = None
            fields[name] = (list[dict[str, Any]] if name == "versions" else info.annotation, optional)
        made: type[BaseModel] = create_model(f"Lenient{self.form.__name__}", __config__=CLOSED, **fields)
        return made

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of an entry."""
        return self.form.model_json_schema()

    def _fields(self) -> Iterator[tuple[str, FieldInfo]]:
        for kind in self.kinds:
            for name, known in _known(kind).items():
                if name in self.without or known.exclude or not known.description:
                    continue
                info = copy(known)
                info.description = self.said.get(name, known.description)
                if name in self.needed:
                    info.metadata = [one for one in info.metadata if not isinstance(one, OrNothing)]
                    info.default = ...
                elif name in self.spare:
                    said: Any = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
                    info.annotation, info.metadata, info.default = said | None, [], None
                yield name, info


def _known(kind: Any) -> dict[str, FieldInfo]:  # noqa: ANN401 - a class of the model's
    found: dict[str, FieldInfo] = kind.__pydantic_fields__
    return found


def read_entry(shape: Shape, raw: Mapping[str, Any]) -> tuple[BaseModel, list[tuple[KeyPath, Problem]]]:
    """Return an entry as whole as it could be read (what could not is None), and what is wrong with it, by place."""
    required = shape.schema.get("required", ())
    wrong: list[tuple[KeyPath, Problem]] = [
        ((name,), Problem("missing", {"expected": shape.schema["properties"][name]["description"]}))
        for name in required
        if name not in raw
    ]
    try:
        return shape.lenient.model_validate(raw, context=WRITTEN), wrong
    except ValidationError as error:
        wrong += findings(shape.schema, raw, error)
    refused = {path[0] for path, _ in wrong if path}
    return shape.lenient.model_validate({k: v for k, v in raw.items() if k not in refused}, context=WRITTEN), wrong


def findings(
    schema: dict[str, Any], raw: object, error: ValidationError, *, discreet: bool = False
) -> Iterator[tuple[KeyPath, Problem]]:
    """Yield (path inside `raw`, problem) for everything pydantic found wrong with it; `discreet` quotes no value."""
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # it only lacks what is told itself
        path = (*real_path(raw, detail), *detail.get("ctx", {}).get("at", ()))
        yield path, _problem(schema, path, detail, discreet=discreet)


def unknown(name: str, kind: str, known: Sequence[str]) -> Problem:
    """Return that there is no `kind` of a name, with the nearest names there are."""
    if not known:
        return Problem("unknown_name_none", {"kind": kind, "name": name})
    return nearest("unknown_name", name, known, kind=kind, name=name)


def nearest(code: str, name: str, known: Sequence[str], /, **values: Value) -> Problem:
    """Return a problem with a name that is not known: what was probably meant, or all there is."""
    if close := get_close_matches(name, known, n=2, cutoff=0.6):
        return Problem(f"{code}_near", {**values, "near": tuple(close)})
    listed = (*known[:MOST_KEYS_SHOWN], *(["..."] if len(known) > MOST_KEYS_SHOWN else []))
    return Problem(code, {**values, "known": listed})


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


def _problem(schema: dict[str, Any], path: KeyPath, detail: ErrorDetails, *, discreet: bool) -> Problem:
    kind, given = detail["type"], detail["input"]
    context = detail.get("ctx", {})
    said = _kind(given) if discreet else shown(given)
    expected = _node(schema, path).get("description", "a value")
    if kind == "missing":
        return Problem("missing", {"expected": expected})
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return nearest("unknown_key", str(path[-1]), sorted(_keys(schema, path[:-1])))
    if kind == "value_error":
        return refused(detail)
    if detail["msg"] == kind:
        return _own(kind, {name: value for name, value in context.items() if name != "at"}, expected)
    if given is None:
        removable = path[-1] not in _required(schema, path[:-1])
        return Problem("nothing_or_removed" if removable else "nothing", {"expected": expected})
    if kind in {"literal_error", "enum"}:
        choices = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
        return nearest("unknown_word", str(given), choices, given=said)
    if kind == "too_short":
        return Problem("empty_list", {"expected": expected})
    if kind in KINDS:
        required = _required(schema, path) if kind in {"model_type", "dataclass_type"} else ()
        if required:
            shape = "{" + ", ".join(f"{name}: ..." for name in required) + "}"
            return Problem("expected_shape", {"given": said, "shape": shape})
        quoted = kind == "string_type" and not discreet and not isinstance(given, dict | list)
        return Problem("expected_text_quoted" if quoted else KINDS[kind], {"given": said})
    return Problem("does_not_fit", {"given": said, "reason": detail["msg"][:1].lower() + detail["msg"][1:]})


def _own(code: str, values: dict[str, Any], expected: str) -> Problem:
    """Return a refusal of the model's, completed with what only the language of numbers or the shape can say."""
    match code:
        case "unknown_word" | "unknown_key":
            name = values.pop("word", None) or values.pop("name")
            return nearest(code, name, values.pop("known"), **values)
        case "empty_list":
            return Problem(code, {"expected": expected})
        case "number_words":
            try:
                better = parse_quantity(values["text"].strip()).value
            except QuantityError:
                return Problem("number", {"given": values["given"]})
            return Problem(code, {"given": values["given"], "better": plain_number(better)})
    return Problem(code, values)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else shown(value)


def _node(schema: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """Return the schema of the value at `path`; an empty one where it is not known."""
    if not path:
        return schema
    *outer, last = path
    for parent in _objects(schema, tuple(outer)):
        found = parent.get("items") if isinstance(last, int) else parent.get("properties", {}).get(last)
        if found is not None:
            return dict(found)
    return {}


def _objects(schema: dict[str, Any], path: KeyPath) -> list[dict[str, Any]]:
    """Return what the value at `path` may be, one schema for each branch of a choice."""
    waiting, found = [_node(schema, path)], []
    while waiting:
        one = waiting.pop(0)
        if "$ref" in one:
            waiting.append(schema["$defs"][one["$ref"].rpartition("/")[2]])
        waiting += [*one.get("anyOf", ()), *one.get("oneOf", ()), *one.get("allOf", ())]
        found.append(one)
    return found


def _keys(schema: dict[str, Any], path: KeyPath) -> set[str]:
    return {name for one in _objects(schema, path) for name in one.get("properties", {})}


def _required(schema: dict[str, Any], path: KeyPath) -> list[str]:
    return next((one["required"] for one in _objects(schema, path) if "required" in one), [])


def _id_or_mapping(raw: Any) -> str:  # noqa: ANN401 - whatever stands in the file
    return "mapping" if isinstance(raw, dict | BaseModel) else "id"


TERMS = tuple(name for name in _known(TargetVersion) if name not in {"number", "effective", "reason", "announcement"})
"""What a later version of a target may say anew."""
ONLY_DERIVED = frozenset({*RULES, "base", "base_on"})
PROGRAMME = Shape("programme", (Programme,), "A heading several targets stand under.")
PUBLISHER = Shape("publisher", (Publisher,), "Whose count a reading is, whoever printed it.")
OWNER = Shape("owner", (Owner,), "Who answers for a target, and where their mail goes.", spare=frozenset({"id"}))
INDICATOR = Shape(
    "indicator",
    (Indicator,),
    "What is measured: measure, unit, scope, whose count, and when it is published.",
    without=ONLY_DERIVED,
    needed=frozenset({"authority"}),
)
DERIVED = Shape(
    "derived indicator",
    (Indicator,),
    "An indicator computed from others and judged like any other; exactly one rule says how.",
    without=frozenset({"measure"}),
    spare=frozenset({"title", "unit", "authority", "release"}),
    said={
        "title": "the name people read; made from the others' titles if left out",
        "unit": "what the values count; taken from the rule if left out",
        "authority": "the publisher judged; that of the first indicator if left out",
        "release": "when its figures appear; as the first one's if left out",
        "steward": "who looks after its figures; the first one's if left out",
    },
)
VERSION = Shape(
    "version",
    (TargetVersion,),
    "A later change of the promise; what it does not name stays as it was.",
    spare=frozenset({"goal", "start"}),
    needed=frozenset({"reason"}),
    said={"announcement": "who announced the change, when and where"},
)
TARGET = Shape(
    "target",
    (Target, TargetVersion),
    "One announced promise about an indicator.",
    without=frozenset({"owner", "versions", "effective", "reason"}),
    spare=frozenset({"short", "start"}),
    more={
        "owner": (
            Annotated[
                Annotated[Slug, Tag("id")] | Annotated[OWNER.form, Tag("mapping")],
                Discriminator(_id_or_mapping),
            ],
            Field(description=_known(Target)["owner"].description),
        ),
        "versions": (
            list[VERSION.form],  # type: ignore[name-defined]
            Field(default=[], description=_known(Target)["versions"].description),
        ),
    },
)
DESCRIBED = ("fetch", "decode", "pick")
"""What stands beside the kind of a document, and is its options."""
DESCRIPTION = Annotated[object, BeforeValidator(json_value)]
SOURCE = Shape(
    "source",
    (Source,),
    "One channel: a connector kind, its options, and a crontab schedule.",
    more={
        "fetch": (DESCRIPTION, Field(default=None, description="kind document: where it comes from")),
        "decode": (DESCRIPTION, Field(default=None, description="kind document: what it is")),
        "pick": (DESCRIPTION, Field(default=None, description="kind document: where the readings stand in it")),
    },
)

SECTIONS: Mapping[str, tuple[Shape, str]] = {
    "programmes": (PROGRAMME, "headings that targets stand under"),
    "publishers": (PUBLISHER, "whose counts the readings are"),
    "owners": (OWNER, "who answers for targets, where several share one"),
    "indicators": (INDICATOR, "what is measured"),
    "derived": (DERIVED, "indicators computed from others"),
    "targets": (TARGET, "what was promised"),
}


def json_schema() -> dict[str, Any]:
    """Return one schema that either file must match: the shape only, references between entries are `check`'s."""
    targets = _file("TargetsFile", "`targets.yaml`: what is measured, what was promised, who answers for it.", SECTIONS)
    sources = _file(
        "SourcesFile", "`sources.yaml`: where the readings come from.", {"sources": (SOURCE, "the channels")}
    )
    from targetwatch.connectors import CONNECTORS  # noqa: PLC0415 - only who asks for a schema needs connectors

    described = CONNECTORS["document"].Options.model_json_schema()
    definitions = targets.pop("$defs", {}) | sources.pop("$defs", {}) | described["$defs"]
    definitions["Source"]["properties"] |= {name: described["properties"][name] for name in DESCRIBED}
    return {
        "$schema": DIALECT,
        "$id": "targetwatch.schema.json",
        "title": "targetwatch configuration",
        "description": "targets.yaml (what was promised) and sources.yaml (where the readings come from)",
        "anyOf": [{"$ref": "#/$defs/TargetsFile"}, {"$ref": "#/$defs/SourcesFile"}],
        "$defs": {**definitions, "TargetsFile": targets, "SourcesFile": sources},
    }


def _file(name: str, doc: str, sections: Mapping[str, tuple[Shape, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {"version": (Literal[1], Field(description="the version of this file's shape"))}
    for section, (shape, said) in sections.items():
        fields[section] = (list[shape.form], Field(default=[], description=said))  # type: ignore[name-defined]
    form: type[BaseModel] = create_model(name, __config__=CLOSED, __doc__=doc, **fields)
    schema: dict[str, Any] = _without_empty_defaults(form.model_json_schema())
    return schema


def _without_empty_defaults(schema: Any) -> Any:  # noqa: ANN401 - a part of a schema
    """Return a schema that does not say of a key that it is empty when it is left out."""
    if isinstance(schema, list):
        return [_without_empty_defaults(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: one for key, one in schema.items() if key != "default" or one not in EMPTY}
    return {key: _without_empty_defaults(one) for key, one in kept.items()}
