"""A walk through every page that somebody can reach, and what of it a golden file keeps."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from golden_outline import outline, parsed
from golden_text import Text, normal
from golden_visit import Visitor
from golden_world import PAST
from starlette.routing import compile_path

STARTS = ("/", "/wall", "/sign-in", "/guide", "/api/docs")
BEFORE = "2023-01-31"
ODD = (
    f"/?as_of={PAST[1]}&clock=recorded",
    "/?as_of=2026-11-22&clock=recorded",
    "/?as_of=2026-02-30",
    "/?as_of=2031-01-01",
    f"/?as_of={BEFORE}",
    "/?q=cargo",
    "/nowhere",
    "/targets/nothing",
    f"/targets/berths-2026?as_of={PAST[1]}",
    "/targets/given-up",
    "/indicators/nothing",
    "/readings/9999",
    "/readings/46",
    "/readings/48",
    "/readings/61",
    "/readings/101",
    "/guide/nothing.png",
    "/runbooks/nothing",
    "/sign-in/issuer/back",
    "/wall/content",
    "/api/openapi.json",
    "/feeds/status.atom",
    "/feeds/calendar.ics",
    "/export/readings.csv",
    "/export/statuses.csv",
    "/embed/berths-2026",
    "/held?tab=decided",
    "/sources/nothing",
    "/sources/not-there/outcome",
    "/audit.csv?kind=target",
    "/audit?kind=target",
    "/audit?before=100",
    "/audit?object=throughput-2026",
    "/audit?actor=operator",
    "/users/nobody",
    "/owners/nobody",
    "/targets/throughput-2026/undo",
    "/targets/throughput-2026/restore",
    "/targets/given-up/restore",
    "/targets/given-up/yaml",
    "/targets/given-up/archive",
    "/targets/routes-2025/hand-back",
    "/targets/routes-2025/edit",
    "/targets/throughput-2026/edit",
    "/targets/throughput-down/edit",
    "/targets/permits-2026/edit",
    "/targets/berths-2026/edit",
    "/targets/berths-between/edit",
    "/targets/cci-financing-2025/edit",
    "/figures/new?indicator=throughput",
    "/figures/new?indicator=berths",
    "/figures/new?indicator=permits",
    "/new-target/nothing",
)
EVERY = frozenset({"/targets/{target_id}", "/indicators/{indicator_id}", "/new-target/{kind}", "/sources/{source_id}"})
MOST_OF_A_KIND = 2
DOCUMENTS = ("/guide", "/runbooks/")


@dataclass(frozen=True)
class Page:
    """What an address answered: its own lines, and those of the frame around them."""

    head: str
    own: list[str]
    frame: list[str]


class Routes:
    """What can be asked for, by the patterns of the application."""

    def __init__(self, app: FastAPI) -> None:
        self.patterns = [one.path for one in iter_route_contexts(app.routes) if "GET" in (one.methods or ())]
        self._compiled = [(pattern, compile_path(pattern)[0]) for pattern in self.patterns]

    def of(self, path: str) -> str:
        """Return the pattern that a path is answered by; "" when there is none."""
        return next((pattern for pattern, compiled in self._compiled if compiled.match(path)), "")


def crawl(
    app: FastAPI, visitor: Visitor, language: str, *, named: tuple[tuple[str, str], ...], past: bool
) -> dict[str, Page]:
    """Return every page that can be reached, by address; those of past days only where asked for."""
    routes = Routes(app)
    level = [*STARTS, *ODD, *(f"{path}?as_of={day}" for day in PAST for path in ("/", "/wall"))]
    found: dict[str, Page] = {}
    kinds: Counter[tuple[str, frozenset[str]]] = Counter()
    while level:
        links: set[str] = set()
        for address in level:
            answer = visitor.get(address, language)
            found[address] = look(answer, address, named)
            if answer.headers.get("content-type", "").startswith("text/html"):
                links |= set(links_of(answer.text, address))
        level = [one for one in sorted(links) if one not in found and _wanted(routes, one, kinds, past=past)]
    return found


def _wanted(routes: Routes, address: str, kinds: Counter[tuple[str, frozenset[str]]], *, past: bool) -> bool:
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    route = routes.of(parts.path)
    if (
        not route
        or parts.path.startswith(("/static", "/metrics", "/api/v1", "/api/openapi", "/schema"))
        or "lang" in asked
    ):
        return False
    if "as_of" in asked:
        moments = (
            PAST if route == "/targets/{target_id}" else PAST[1:2] if route == "/indicators/{indicator_id}" else ()
        )
        return past and set(asked) == {"as_of"} and asked["as_of"] in moments
    if route.startswith("/audit"):
        return not asked and route == "/audit"
    if route in EVERY and not asked:
        return True
    kind = (route, frozenset(asked))
    kinds[kind] += 1
    return kinds[kind] <= MOST_OF_A_KIND


def links_of(source: str, address: str) -> Iterator[str]:
    """Return where the links of a page lead, within this service."""
    for one in parsed(source).all("a"):
        parts = urlsplit(re.sub("^http://testserver", "", one.get("href")))
        if parts.scheme or parts.netloc or one.get("href").startswith("#"):
            continue
        path = parts.path or urlsplit(address).path
        yield path + (f"?{parts.query}" if parts.query else "")


def look(answer: httpx.Response, address: str, named: tuple[tuple[str, str], ...] = ()) -> Page:
    """Return what an answer says to whoever reads it, without what differs from run to run."""
    page = _look(answer, address)
    own, frame = ([normal(line, *named) for line in lines] for lines in (page.own, page.frame))
    return Page(normal(page.head, *named), own, frame)


def _look(answer: httpx.Response, address: str) -> Page:
    kind = answer.headers.get("content-type", "").split(";")[0]
    more = [answer.headers[name] for name in ("location", "retry-after") if name in answer.headers]
    head = " ".join([str(answer.status_code), kind, *more])
    path = urlsplit(address).path
    if kind != "text/html":
        keeps = kind.startswith("text/") or kind.endswith("json")
        return Page(head, answer.text.replace("\r", "").split("\n") if keeps else [], [])
    own, frame = outline(answer.text)
    if path.startswith(DOCUMENTS) and answer.status_code < 400:
        own = [line for line in own if line.startswith(("title:", "#"))]
    return Page(head, own, [line.replace(address, "{here}").replace(path, "{here}") for line in frame])


def told(pages: Mapping[str, Page], before: Mapping[str, Page]) -> Text:
    """Return pages as a golden text: of one that others see too, only how it differs; a frame once, when it is new."""
    text, frames = Text(), set[str]()
    for address, page in pages.items():
        earlier = before.get(address)
        lines = [page.head, *page.own]
        if earlier is not None and earlier.head == page.head:
            lines = [page.head, *changed(earlier.own, page.own)]
            if len(lines) == 1:
                continue
        frame = "\n".join(page.frame)
        if page.frame and frame not in frames and earlier is None:
            lines += ["---- around it", *page.frame]
        frames.add(frame)
        text.add(f"GET {address}", lines)
    return text


def changed(before: list[str], after: list[str]) -> list[str]:
    """Return the lines that came and went."""
    return [
        line for line in difflib.unified_diff(before, after, lineterm="", n=0) if not line.startswith(("---", "+++"))
    ]
