"""Elements as rows: each leaf and each attribute a column; namespaces are left out, entities refused."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from lxml import etree

from targetwatch.documents.grid import Decoded, grid, text_of
from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.documents.decode_options import XmlOptions

MOST_NAMES = 8
MOST_LINES = 500


def read(data: bytes, options: XmlOptions, charset: str) -> Decoded:
    """Return one grid below a header, and every text outside its rows as a line "path: text"."""
    root = parsed(text_of(data, options.charset, charset))
    elements = _found(root, options.rows, "rows") if options.rows else _repeated(root)
    if options.fields:
        made = grid("", _of_fields(elements, options.fields))
    else:
        rows = [dict(_leaves("", element)) for element in elements]
        header = list(dict.fromkeys(chain.from_iterable(rows)))
        made = grid("", chain([header], ([row.get(name, "") for name in header] for row in rows)))
    kept = set(elements)
    lines = [f"{path}: {text}" for path, text in _leaves("", root, without=kept) if text]
    return Decoded(grids=(made,), lines=tuple(lines[:MOST_LINES]))


def parsed(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the root with its names as they are without a namespace.

    Raises:
        DocumentError: `not_well_formed` with the line, or `has_entities`.
    """
    if "<!ENTITY" in text:
        raise DocumentError("has_entities")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.lstrip().encode(), parser)
    except etree.XMLSyntaxError as error:
        if not error.lineno:  # memory has run out
            raise DocumentError("beyond_limits") from error
        raise DocumentError("not_well_formed", line=error.lineno, why=str(error.msg)[:200]) from error
    if any(True for _ in root.iter(etree.Entity)):
        raise DocumentError("has_entities")
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname
        for name in element.attrib:
            if name.startswith("{"):
                element.attrib[etree.QName(name).localname] = element.attrib.pop(name)
    return root


def _found(element: Any, path: str, where: str) -> Any:  # noqa: ANN401 - lxml has no types
    try:
        found = element.xpath(path)
    except etree.XPathError as error:
        raise DocumentError(Problem("not_applicable", {"said": path, "why": str(error)}, where=where)) from error
    if where != "rows":
        return found
    if not isinstance(found, list) or not found or not all(etree.iselement(one) for one in found):
        raise DocumentError(Problem("no_elements", {"said": path}, where=where))
    return found


def _repeated(root: Any) -> list[Any]:  # noqa: ANN401 - lxml has no types
    """Return the elements that come again and again, each with something in it; those within them left out."""
    paths: dict[str, list[Any]] = {}
    waiting = [("", root)]
    while waiting:
        path, element = waiting.pop()
        several = {tag for tag, count in Counter(child.tag for child in element).items() if count > 1}
        for child in element:
            place = f"{path}/{child.tag}"
            if child.tag in several and (len(child) or child.attrib):
                paths.setdefault(place, []).append(child)
            else:
                waiting.append((place, child))
    if len(paths) == 1:
        return next(iter(paths.values()))
    code = "several_lists" if paths else "no_repeated_elements"
    names = {"names": sorted(f"/{root.tag}{path}" for path in paths)[:MOST_NAMES]} if paths else {}
    raise DocumentError(Problem(code, names, where="rows"))


def _leaves(path: str, element: Any, without: frozenset[Any] | set[Any] = frozenset()) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml has no types
    """Give each text and attribute below an element by its path, one that comes again with its number."""
    for name, value in element.attrib.items():
        yield f"{path}@{name}", value
    seen: Counter[str] = Counter()
    text = " ".join((element.text or "").split())
    if text or (not len(element) and not element.attrib):
        yield path or element.tag, text
    for child in element:
        seen[child.tag] += 1
        if child not in without:
            number = f"[{seen[child.tag]}]" if seen[child.tag] > 1 else ""
            yield from _leaves(f"{path}/{child.tag}{number}" if path else f"{child.tag}{number}", child, without)


def _of_fields(elements: list[Any], fields: Mapping[str, str]) -> Iterator[list[str]]:
    yield list(fields)
    for element in elements:
        yield [_text(_found(element, path, name)) for name, path in fields.items()]


def _text(found: Any) -> str:  # noqa: ANN401 - what an XPath finds
    first = found[0] if isinstance(found, list) and found else found
    if etree.iselement(first):
        first = "".join(first.itertext())
    if isinstance(first, float) and first.is_integer():
        first = int(first)
    return "" if isinstance(first, list) else " ".join(str(first).split())
