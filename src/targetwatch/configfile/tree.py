"""A YAML file as plain values with the line of each, or every reason why it cannot be read.

Reads the core of YAML 1.2: `on`, `yes` and `NO` are words, a day stays text, a number is exact. What YAML allows and
a configuration must not have (a key twice, tags, merge keys, an anchor inside itself) is a problem here. Knows nothing
of targets.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from targetwatch.configfile.document import Document, KeyPath, dotted
from targetwatch.configfile.yaml_core import PREFIX, SCALARS, resolve_as_core

MOST_VALUES = 1_000_000
DEEPEST = 40
LONGEST_NUMBER = 40


class _Loader(yaml.SafeLoader):
    """The slow parser, whose sentences are the same everywhere."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same by libyaml where PyYAML was built with it: ten thousand targets in seconds."""


resolve_as_core(_Loader)
resolve_as_core(_FastLoader)


def read_document(path: Path, shown_as: str) -> Document:
    """Return the file as a document; one that cannot be read has its problems and `data` None."""
    document = Document(shown_as)
    text = _text(path, document)
    return document if text is None else _read(text, document)


def read_text(text: str, shown_as: str) -> Document:
    """Return text as a document; one that cannot be read has its problems and `data` None."""
    return _read(text.removeprefix("\ufeff"), Document(shown_as))


def _read(text: str, document: Document) -> Document:
    node = _compose(text, document)
    if node is None and not document.problems:
        document.add_at(1, "", "the file is empty, expected a mapping that begins version: 1")
    if node is not None and not document.problems:
        document.data = _Plain(document).value(node, ())
    return document


def _text(path: Path, document: Document) -> str | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        document.add_at(0, "", f"cannot be read: {error.strerror}")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8, expected the file saved as UTF-8"
        document.add_at(line, "", what)
        return None


def _compose(text: str, document: Document) -> yaml.Node | None:
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
        document.add_at(line, "", "a tab indents this line, expected spaces (YAML forbids tabs)")
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


def _syntax_problem(error: Exception, text: str) -> tuple[int, str, str]:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        begun = error.context_mark
        since = f", {error.context}" if error.context else ""
        if since and begun is not None and begun.line != error.problem_mark.line:
            since += f" (line {begun.line + 1})"
        what = f"not valid YAML{since}: {error.problem}"
        return error.problem_mark.line + 1, "", what
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return line, "", f"character U+{error.character:04X} may not stand in YAML, remove it"
    return 0, "", f"not valid YAML: {type(error).__name__}"


def _is_rest_of_number(key: yaml.Node, value: yaml.Node) -> bool:
    empty = isinstance(value, yaml.ScalarNode) and value.value == ""
    return empty and isinstance(key, yaml.ScalarNode) and bool(re.match(r"^\d{3}(\.\d+)?$", key.value))


def _is_digits(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and bool(re.match(r"^[-+]?\d{1,3}$", node.value))


@dataclass(slots=True)
class _Plain:
    """Turns nodes into plain values, noting lines and problems in the document."""

    document: Document
    made: int = 0
    open_nodes: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        self.made += 1
        if self.made > MOST_VALUES:
            if self.made == MOST_VALUES + 1:
                self._add(node, path, f"more than {MOST_VALUES} values once its aliases are filled in, expected fewer")
            return None
        if id(node) in self.open_nodes:
            self._add(node, path, "an alias stands inside its own anchor, expected the value written out")
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
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag not in (PREFIX + "str", PREFIX + "merge"):
                written = f"'{key}'" if isinstance(key, str) else "a list or mapping"
                self._add(key_node, path, f"the key {written} is not text, expected a key in quotes or another one")
            elif key_node.tag == PREFIX + "merge":
                self._add(key_node, path, "merge keys (<<) are not read, expected the keys written out")
            elif key in seen:
                what = f"the key '{key}' stands here twice (first in line {seen[key]}), expected it once"
                self._add(key_node, path, what)
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
                what = f"{digits} has thousands separators, write {digits.replace(',', '')}"
                self.document.refuse((*path, name), what)

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
        written = node.tag.replace(PREFIX, "!!")
        self._add(node, path, f"the tag {written} is not read, expected the value without it")

    def _add(self, node: yaml.Node, path: KeyPath, what: str) -> None:
        self.document.add_at(node.start_mark.line + 1, dotted(path), what)
