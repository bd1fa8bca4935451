"""What a person meets on a page, as lines of text: no markup, no classes, no names of fields, no drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

UNSEEN = frozenset({"script", "style", "template", "datalist", "head"})
INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "button",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "meter",
        "output",
        "progress",
        "q",
        "s",
        "samp",
        "select",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "svg",
        "textarea",
        "time",
        "u",
        "var",
        "wbr",
    }
)
CELLS = frozenset({"td", "th"})
FIELDS = frozenset({"input", "select", "textarea"})


@dataclass
class Node:
    """An element, or a text when it has no tag."""

    tag: str = ""
    said: dict[str, str | None] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.said.get(name) or ""

    def walk(self) -> Iterator[Node]:
        left = [self]
        while left:
            node = left.pop()
            yield node
            left += reversed(node.children)

    def all(self, *tags: str) -> list[Node]:
        found, left = list[Node](), [self]
        while left:
            node = left.pop()
            if node.tag in tags:
                found.append(node)
            left += node.children[::-1]
        return found

    def words(self) -> str:
        """Return the text in it, without that of fields and drawings."""
        if not self.tag or self.tag not in UNSEEN | FIELDS | {"svg"}:
            return folded(self.text + "".join(_spaced(child) for child in self.children))
        return ""


def _spaced(node: Node) -> str:
    words = node.text if not node.tag else node.words()
    return words if not node.tag or node.tag in INLINE - {"small"} else f" {words} "


class _Builder:
    """Is told by the parser what begins and ends."""

    def __init__(self) -> None:
        self.root = Node("root")
        self._open = [self.root]

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        one = Node(tag, dict(attrs))
        self._open[-1].children.append(one)
        self._open.append(one)

    def end(self, tag: str) -> None:
        del tag, self._open[-1]

    def data(self, data: str) -> None:
        self._open[-1].children.append(Node(text=data))

    def close(self) -> Node:
        return self.root


@lru_cache(maxsize=2)
def parsed(source: str) -> Node:
    """Return a page as its elements, only to be looked at: who asks for its links has asked for its words."""
    parser = etree.HTMLParser(target=_Builder(), encoding="utf-8")
    parser.feed(source.encode())
    return parser.close()


def folded(text: str) -> str:
    """Return a text with its white space as single spaces."""
    return re.sub(r" (?=[.,;:)!?，。；：）、](?: |$))", "", re.sub(r"\s+", " ", text)).strip()


def labels(root: Node) -> dict[int, str]:
    """Return what each field is called, by the identity of its element: a radio by its group as well."""
    found: dict[int, str] = {}
    by_id = {label.get("for"): label.words() for label in root.all("label") if label.get("for")}
    for label in root.all("label"):
        for one in label.all(*FIELDS):
            found[id(one)] = label.words()
    for one in root.all(*FIELDS):
        name = found.get(id(one)) or by_id.get(one.get("id")) or one.get("aria-label") or one.get("placeholder")
        found[id(one)] = name or ""
    for group in root.all("fieldset"):
        legend = " ".join(one.words() for one in group.children if one.tag == "legend")
        for one in group.all("input"):
            if legend and one.get("type") == "radio":
                found[id(one)] = f"{legend}: {found[id(one)]}"
    return found


def outline(source: str) -> tuple[list[str], list[str]]:
    """Return the lines of a page's own content (its title first), and those of the frame around it."""
    root = parsed(source)
    names = labels(root)
    title = " ".join(folded("".join(part.text for part in one.children)) for one in root.all("title")[:1])
    own, frame = _Writer(names), _Writer(names)
    mains = root.all("main")
    for main in mains:
        own.write(main)
    bodies = root.all("body") or [root]
    for body in bodies:
        (frame if mains else own).write(body, without="main")
    refresh = [one.get("content") for one in root.all("meta") if one.get("http-equiv") == "refresh"]
    head = [f"title: {title}"] if title else []
    return [*head, *(f"refresh: {one}" for one in refresh), *own.lines], frame.lines


class _Writer:
    def __init__(self, names: dict[int, str]) -> None:
        self.names = names
        self.lines: list[str] = []
        self._line = ""
        self._lead = ""
        self._in_row = 0
        self._drawn: set[str] = set()

    def write(self, node: Node, *, without: str = "") -> None:
        self._children(node, without)
        self._break()

    def _children(self, node: Node, without: str = "") -> None:
        for child in node.children:
            if child.tag != without or not without:
                self._one(child, without)

    def _break(self) -> None:
        if self._in_row:
            self._line += " "
            return
        text = re.sub(r"( \|)+$", "", folded(self._line))
        if text:
            self.lines.append(self._lead + text)
        self._line, self._lead = "", ""

    def _one(self, node: Node, without: str) -> None:
        tag = node.tag
        if not tag:
            self._line += node.text
        elif tag in UNSEEN or (tag in {"a", "button", "svg"} and node.get("aria-hidden") == "true"):
            return
        elif tag == "svg":
            self._drawing(node)
        elif tag == "img":
            self._line += f"![{node.get('alt')}]"
        elif tag == "br":
            self._break()
        elif tag in FIELDS:
            self._field(node)
        elif tag == "label" and (node.get("for") or node.all(*FIELDS)):
            for one in node.all(*FIELDS):
                self._field(one)
        elif tag == "a":
            self._line += f" [{self._inside(node)}]({_address(node.get('href'))}){_aside(node)} "
        elif tag == "button":
            self._line += f" <{self._inside(node)}>{_aside(node)}{_state(node)} "
        elif tag in INLINE:
            self._line += f" {_aside(node)}"
            self._children(node, without)
            self._line += " "
        else:
            self._block(node, without)

    def _drawing(self, node: Node) -> None:
        """Say once what a drawing shows, however often it is drawn."""
        said = _aside(node)
        if said not in self._drawn:
            self._line += said
        self._drawn.add(said)

    def _inside(self, node: Node) -> str:
        inner = _Writer(self.names)
        inner._in_row = 1
        inner._children(node)
        return folded(inner._line)

    def _block(self, node: Node, without: str) -> None:
        tag = node.tag
        if tag in CELLS:
            self._children(node, without)
            self._line += f"{_aside(node)} | "
            return
        self._break()
        if not self._in_row:
            if re.fullmatch(r"h[1-6]", tag):
                self._lead = "#" * int(tag[1]) + " "
            elif tag == "li":
                self._lead = "- "
            elif tag in {"summary", "caption", "figcaption", "legend"}:
                self._lead = f"{tag}: "
        if said := _aside(node):
            self._line += said
            self._break()
        if tag == "tr":
            self._in_row += 1
            self._children(node, without)
            self._in_row -= 1
        elif tag == "pre":
            self.lines += [line.rstrip() for line in "".join(one.text for one in node.walk()).split("\n") if line]
        else:
            self._children(node, without)
        self._break()

    def _field(self, node: Node) -> None:
        kind = node.get("type") or "text" if node.tag == "input" else node.tag
        if kind == "hidden" or "hidden" in node.said:
            return
        name = self.names.get(id(node), "")
        if kind == "submit":
            self._line += f" <{node.get('value')}> "
            return
        more = [
            f"{key}={node.get(key)}" for key in ("min", "max", "maxlength", "pattern", "placeholder") if node.get(key)
        ]
        more += [key for key in ("required", "readonly", "disabled", "multiple") if key in node.said]
        if node.get("aria-invalid"):
            more.append("invalid")
        if kind == "select":
            value = " / ".join(("*" if "selected" in one.said else "") + one.words() for one in node.all("option"))
        elif kind == "textarea":
            value = "".join(one.text for one in node.walk()).removeprefix("\n").replace("\n", "⏎")
        elif kind in {"radio", "checkbox"}:
            value = "on" if "checked" in node.said else "off"
        else:
            value = node.get("value")
        if not self._in_row:
            self._break()
        self._line += f" {name}: {kind} «{value}»{' (' + ', '.join(more) + ')' if more else ''} "
        if not self._in_row:
            self._break()


def _address(said: str) -> str:
    return re.sub(r"^https?://testserver", "", said)


def _aside(node: Node) -> str:
    """Return what is said for those who do not see it, or who point at it."""
    said = [f"{key.removeprefix('aria-')}: {node.get(key)}" for key in ("aria-label", "title") if node.get(key)]
    if node.tag == "svg":
        said += [one.words() for one in node.children if one.tag in {"title", "desc"}]
    if "hidden" in node.said:
        said.append("hidden")
    return f" {{{'; '.join(said)}}} " if said else ""


def _state(node: Node) -> str:
    return " (disabled)" if "disabled" in node.said else ""
