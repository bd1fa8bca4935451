"""YAML as plain values with the line of each, and plain values as YAML.

Reads and writes the core of YAML 1.2: `on`, `yes` and `NO` are words, a day stays text, a number is exact. What YAML
allows and a configuration must not have (a key twice, tags, merge keys, an anchor inside itself) is a problem here.
Knows nothing of targets.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from targetwatch.model.problem import Problem, Value
from targetwatch.model.scalars import plain_number

Key = str | int
KeyPath = tuple[Key, ...]

MOST_VALUES = 1_000_000
DEEPEST = 40
LONGEST_NUMBER = 40
WIDTH = 120
SHORT = 90
"""Characters of keys and values that still stand on one line."""
PREFIX = "tag:yaml.org,2002:"
SCALARS = {
    "null": (r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "int": (r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    "float": (
        r"^[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.[0-9]*|(?:0|[1-9][0-9]*)(?=[eE]))(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
    "merge": (r"^<<$", "<"),
}
"""What a bare word or number is taken for. YAML 1.1, which PyYAML follows, takes NO for false, 12:30 for a number."""


def dotted(path: KeyPath) -> str:
    """Return a path as people write it, places in lists counted from 1: steps[2].due."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


@dataclass(slots=True)
class YamlDocument:
    """One file read: its values, the line of each, and what is wrong with it so far.

    `found` are the problems that belong to a value, with its path; `problems` are all.
    """

    file: str
    data: object = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    found: list[tuple[KeyPath, Problem]] = field(default_factory=list)
    spoiled: set[KeyPath] = field(default_factory=set)

    def line(self, path: KeyPath) -> int:
        """Return the line of the value at `path`, or of the nearest one around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def add(self, path: KeyPath, where: str, problem: Problem) -> None:
        """Note a problem with the value at `path`, unless the value has been refused already."""
        if path not in self.spoiled:
            self.add_at(self.line(path), where, problem)
            self.found.append((path, self.problems[-1]))

    def add_at(self, line: int, where: str, problem: Problem) -> None:
        """Note a problem on a line (0: with the file as a whole), on one line whatever the file's own words hold."""
        values = {name: _one_line(value) if isinstance(value, str) else value for name, value in problem.values.items()}
        self.problems.append(Problem(_one_line(problem.code), values, self.file, line, _one_line(where)))

    def refuse(self, path: KeyPath, code: str, **values: Value) -> None:
        """Note a problem with the value at `path` after which nothing more need be said of it."""
        self.add(path, dotted(path), Problem(code, values))
        self.spoiled.add(path)


def read_document(path: Path) -> YamlDocument:
    """Return a file as a document; one that cannot be read has its problems and `data` None."""
    document = YamlDocument(str(path))
    text = _text(path, document)
    return document if text is None else _read(text, document)


def read_text(text: str, name: str) -> YamlDocument:
    """Return text as a document; one that cannot be read has its problems and `data` None."""
    return _read(text.removeprefix("\ufeff"), YamlDocument(name))


def yaml_text(data: dict[str, Any]) -> str:
    """Return mappings, lists, text, exact numbers, true and false as YAML, short mappings on one line."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=False)


def _one_line(text: str) -> str:
    """Return text whose line breaks and control characters are written as escapes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _resolve_as_core(loader_or_dumper: type[yaml.resolver.BaseResolver]) -> None:
    loader_or_dumper.yaml_implicit_resolvers = {}
    for name, (pattern, first) in SCALARS.items():
        starts = ["" if letter == "\0" else letter for letter in first]
        loader_or_dumper.add_implicit_resolver(PREFIX + name, re.compile(pattern), starts)


class _Loader(yaml.SafeLoader):
    """The slow parser, whose sentences are the same everywhere."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same by libyaml where PyYAML was built with it: ten thousand targets in seconds."""


class _Dumper(yaml.SafeDumper):
    """Writes plain whatever the reader takes back as it was."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's
        """Indent lists under their key."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's
        """Write everything out."""
        return True


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = plain_number(value)
    return dumper.represent_scalar(PREFIX + ("float" if "." in text else "int"), text)


def _mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.MappingNode:
    alone = all(not isinstance(inner, dict | list | tuple) for inner in value.values())
    length = sum(len(key) + len(str(inner)) + 4 for key, inner in value.items())
    return dumper.represent_mapping(PREFIX + "map", value, flow_style=alone and length <= SHORT)


_resolve_as_core(_Loader)
_resolve_as_core(_FastLoader)
_resolve_as_core(_Dumper)
_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(float, lambda dumper, value: _number(dumper, Decimal(repr(value))))
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)
_Dumper.add_multi_representer(StrEnum, lambda dumper, value: dumper.represent_str(value.value))


def _read(text: str, document: YamlDocument) -> YamlDocument:
    node = _compose(text, document)
    if node is None and not document.problems:
        document.add_at(1, "", Problem("file_empty"))
    if node is not None and not document.problems:
        document.data = _Plain(document).value(node, ())
    return document


def _text(path: Path, document: YamlDocument) -> str | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        document.add_at(0, "", Problem("file_unreadable", {"reason": error.strerror or str(error)}))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        document.add_at(line, "", Problem("file_not_utf8", {"byte": f"0x{raw[error.start]:02x}"}))
        return None


def _compose(text: str, document: YamlDocument) -> yaml.Node | None:
    try:
        return _first_document(text, _FastLoader)
    except (yaml.YAMLError, RecursionError) as fast_error:
        error: Exception = fast_error
        try:
            _first_document(text, _Loader)
        except (yaml.YAMLError, RecursionError) as slow_error:
            error = slow_error
    tabbed = _tabbed_lines(text)
    for line in tabbed:
        document.add_at(line, "", Problem("yaml_tab"))
    if not tabbed:
        document.add_at(*_syntax_problem(error, text))
    return None


def _tabbed_lines(text: str) -> list[int]:
    """Return the lines indented by tabs: why YAML refused the file, said better than the parser does."""
    return [number for number, line in enumerate(text.split("\n"), 1) if re.match(r" *\t\s*[^\s#]", line)]


def _first_document(text: str, loader: type) -> yaml.Node | None:
    _refuse_depth(text, loader)
    node: yaml.Node | None = yaml.compose(text, Loader=loader)
    return node


def _refuse_depth(text: str, loader: type) -> None:
    """Stop before the parser's own recursion does: it can end the process."""
    depth = 0
    event: Any
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise yaml.MarkedYAMLError(
                problem=f"nested deeper than {DEEPEST} levels, expected at most 8", problem_mark=event.start_mark
            )


def _syntax_problem(error: Exception, text: str) -> tuple[int, str, Problem]:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        line, what, begun = error.problem_mark.line + 1, error.problem or "", error.context_mark
        if not error.context:
            return line, "", Problem("yaml_syntax", {"what": what})
        since = {"since": error.context, "what": what}
        if begun is not None and begun.line != error.problem_mark.line:
            return line, "", Problem("yaml_syntax_since_line", {**since, "since_line": begun.line + 1})
        return line, "", Problem("yaml_syntax_since", since)
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return line, "", Problem("yaml_character", {"character": f"U+{error.character:04X}"})
    return 0, "", Problem("yaml_syntax", {"what": type(error).__name__})


def _is_rest_of_number(key: yaml.Node, value: yaml.Node) -> bool:
    empty = isinstance(value, yaml.ScalarNode) and value.value == ""
    return empty and isinstance(key, yaml.ScalarNode) and bool(re.match(r"^\d{3}(\.\d+)?$", key.value))


def _is_digits(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and bool(re.match(r"^[-+]?\d{1,3}$", node.value))


@dataclass(slots=True)
class _Plain:
    """Turns nodes into plain values, noting lines and problems in the document."""

    document: YamlDocument
    made: int = 0
    open_nodes: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        self.made += 1
        if self.made > MOST_VALUES:
            if self.made == MOST_VALUES + 1:
                self._add(node, path, "yaml_too_many", most=MOST_VALUES)
            return None
        if id(node) in self.open_nodes:
            self._add(node, path, "yaml_alias_inside")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self.open_nodes.add(id(node))
        made = self._collection(node, path)
        self.open_nodes.discard(id(node))
        return made

    def _collection(self, node: yaml.Node, path: KeyPath) -> object:
        kind = "map" if isinstance(node, yaml.MappingNode) else "seq"
        if node.tag != PREFIX + kind:
            self._tag(node, path)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path))
        assert isinstance(node, yaml.SequenceNode)
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, object]]:
        seen: dict[Hashable, int] = {}
        for key_node, value_node in self._without_parted_numbers(node, path):
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._add(key_node, path, "yaml_key_nested")
            elif key_node.tag == PREFIX + "merge":
                self._add(key_node, path, "yaml_merge_key")
            elif key_node.tag != PREFIX + "str":
                self._add(key_node, path, "yaml_key_not_text", key=key)
            elif key in seen:
                self._add(key_node, path, "yaml_key_twice", key=key, first_line=seen[key])
            else:
                seen[key] = line
                self.document.lines[(*path, key)] = line
                yield key, self.value(value_node, (*path, key))

    def _without_parted_numbers(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Yield the pairs, but those that a thousands separator made: {above: 270,000} reads as above: 270 and 000:."""
        digits = ""
        for (key_node, value_node), (next_key, next_value) in pairwise([*node.value, (None, None)]):
            if _is_rest_of_number(key_node, value_node) and digits:
                digits += f",{key_node.value}"
            else:
                name, digits = key_node.value, value_node.value if _is_digits(value_node) else ""
                yield key_node, value_node
            if "," in digits and not (next_key is not None and _is_rest_of_number(next_key, next_value)):
                self.document.lines.setdefault((*path, name), key_node.start_mark.line + 1)
                self.document.refuse((*path, name), "number_separators", given=digits, better=digits.replace(",", ""))

    def _scalar(self, node: yaml.ScalarNode, path: KeyPath) -> object:
        text: str = node.value
        kind = node.tag.removeprefix(PREFIX)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float") and len(text) > LONGEST_NUMBER:
            return text
        if kind == "int" and re.match(SCALARS["int"][0], text):
            return int(text)
        if kind == "float" and re.match(SCALARS["float"][0], text):
            return Decimal(text)
        if kind not in ("str", "merge"):
            self._tag(node, path)
        return text

    def _tag(self, node: yaml.Node, path: KeyPath) -> None:
        self._add(node, path, "yaml_tag", tag=node.tag.replace(PREFIX, "!!"))

    def _add(self, node: yaml.Node, path: KeyPath, code: str, **values: Value) -> None:
        self.document.add_at(node.start_mark.line + 1, dotted(path), Problem(code, values))
