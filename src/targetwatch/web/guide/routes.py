"""The documents a reader of a mail or an admin is led to: runbooks, the guide and what it leads to.

They are files of ours, in the wheel beside the pages or in `docs/` of the source tree. A name from an address is only
ever looked up among the names there are. HTML in them is shown, not used; a picture has to be one of ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from fastapi import APIRouter, Request
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.responses import Response

from targetwatch.errors import NotFoundError
from targetwatch.web import render
from targetwatch.web.access import READ, Reader
from targetwatch.wording import terms
from targetwatch.wording.translation import LANGUAGES, translator

GUIDE, RUNBOOKS, PICTURES = "admin-guide", "runbooks", "admin-guide"
DEEPEST_LISTED = 2
A_DAY = "private, max-age=86400"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document, to be listed at its top."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document as part of a page. `language` is the one it is written in."""

    title: str
    language: str
    html: Markup
    headings: tuple[Heading, ...]


@router.api_route("/guide", methods=READ)
def show_guide(request: Request, _who: Reader) -> Response:
    """Show the guide, and all runbooks below it."""
    chosen = render.language_of(request)
    document = guide(chosen, root=render.root(request))
    return render.form(request, "document.html", document=document, runbooks=titles(chosen), name="")


@router.api_route("/guide/{name}", methods=READ)
def show_part(request: Request, name: str, _who: Reader) -> Response:
    """Show a picture of the guide, or a document that it leads to."""
    if name.endswith(".png"):
        return Response(picture(name), media_type="image/png", headers={"cache-control": A_DAY})
    known = _documents()
    if name not in known:
        raise NotFoundError("document", name[:100], known)
    part, written_in = _part(known[name].read_text(encoding="utf-8"), render.language_of(request))
    document = rendered(part, written_in, root=render.root(request))
    return render.form(request, "document.html", document=document, runbooks={}, name=name)


@router.api_route("/runbooks/{name}", methods=READ)
def show_runbook(request: Request, name: str, _who: Reader) -> Response:
    """Show what to do about one alert."""
    document = runbook(name, render.language_of(request), root=render.root(request))
    return render.form(request, "document.html", document=document, runbooks={}, name=name)


def runbooks() -> dict[str, str]:
    """Return the text of every runbook by its name."""
    return {name: one.read_text(encoding="utf-8") for name, one in _documents(RUNBOOKS).items()}


def runbook(name: str, language: str, *, root: str) -> Document:
    """Return a runbook in a language.

    Raises:
        NotFoundError: there is none of that name.
    """
    known = runbooks()
    if name not in known:
        raise NotFoundError("runbook", name[:100], known)
    part, written_in = _part(known[name], language)
    return rendered(part, written_in, root=root)


def titles(language: str) -> dict[str, str]:
    """Return the title of every runbook in a language, by its name."""
    parts = {name: _part(text, language)[0] for name, text in runbooks().items()}
    return {name: part.partition("\n")[0].lstrip("# ").strip() for name, part in parts.items()}


def guide(language: str, *, root: str) -> Document | None:
    """Return the guide in a language, or in the other one; None while it is not written."""
    known = _documents()
    for wanted in dict.fromkeys((language, *LANGUAGES)):
        if written := known.get(f"{GUIDE}.{wanted}"):
            return rendered(written.read_text(encoding="utf-8"), wanted, root=root, pictures=_pictures().keys())
    return None


def picture(name: str) -> bytes:
    """Return a picture of the guide.

    Raises:
        NotFoundError: there is none of that name.
    """
    known = _pictures()
    if name not in known:
        raise NotFoundError("picture", name[:100], known)
    return known[name].read_bytes()


def rendered(text: str, language: str, *, root: str, pictures: Collection[str] = ()) -> Document:
    """Return a Markdown text as HTML of ours: headings can be linked to, no picture but `pictures` is shown.

    >>> str(rendered("<b>x</b> [y](runbooks/target-missed.md)", "en", root="").html).strip()
    '<p>&lt;b&gt;x&lt;/b&gt; <a href="/runbooks/target-missed">y</a></p>'
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    title = ""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title, tokens = _plain(tokens[1]), tokens[3:]
    headings = _anchored(tokens)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        _aligned_by_class(token)
        if token.type == "th_open" and following is not None and not following.content:
            token.attrSet("aria-hidden", "true")  # the empty corner of a table heads nothing
        if token.children:
            _turn_here(token.children, root, pictures)
    html = Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - our files, HTML in them escaped
    return Document(title, language, html, headings)


def _part(text: str, language: str) -> tuple[str, str]:
    """Return the part of a runbook in a language with the heading it begins with; the English when there is none."""
    own_name = re.escape(translator("zh")(terms.LANGUAGES["zh"]))  # its heading begins with the language's own name
    english, *chinese = re.split(rf"^## {own_name}[：:]\s*", text, maxsplit=1, flags=re.MULTILINE)
    if language == "zh" and chinese:
        return f"# {chinese[0]}", "zh"
    return english, "en"


def _documents(folder: str = "") -> dict[str, Traversable]:
    return {name.removesuffix(".md"): one for name, one in _files(folder).items() if name.endswith(".md")}


def _pictures() -> dict[str, Traversable]:
    return {name: one for name, one in _files(PICTURES).items() if name.endswith(".png")}


def _files(folder: str) -> dict[str, Traversable]:
    packaged = files("targetwatch.web").joinpath("documents")
    documents: Traversable = packaged if packaged.is_dir() else Path(__file__).parents[4] / "docs"
    found = documents.joinpath(folder) if folder else documents
    return {one.name: one for one in sorted(found.iterdir(), key=lambda one: one.name)} if found.is_dir() else {}


def _anchored(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Give every heading an id of its own and return those to be listed."""
    seen: dict[str, int] = {}
    listed = []
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        text = _plain(tokens[place + 1])
        slug = re.sub(r"[^\w]+", "-", text.casefold()).strip("-") or "part"
        seen[slug] = seen.get(slug, 0) + 1
        anchor = slug if seen[slug] == 1 else f"{slug}-{seen[slug]}"
        token.attrSet("id", anchor)
        if int(token.tag[1]) <= DEEPEST_LISTED:
            listed.append(Heading(anchor, text))
    return tuple(listed)


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in {"text", "code_inline"})


def _aligned_by_class(token: Token) -> None:
    """Say how a cell is aligned by a class: the pages allow no style inside an element."""
    style = str(token.attrs.pop("style", ""))
    if style.startswith("text-align:"):
        token.attrJoin("class", f"align-{style.removeprefix('text-align:')}")


def _turn_here(line: Iterable[Token], root: str, pictures: Collection[str]) -> None:
    """Turn the links and pictures of a line to the addresses of this service; of what it has not, the words stay."""
    leads = ""
    for token in line:
        if token.type == "image":
            address = str(token.attrGet("src") or "")
            name = address.removeprefix(f"{PICTURES}/")
            if name == address or name not in pictures:
                token.type, token.tag, token.nesting = "text", "", 0
                continue
            token.attrSet("src", f"{root}/guide/{name}")
            token.attrSet("loading", "lazy")
        elif token.type == "link_open":
            leads = _link(str(token.attrGet("href") or ""), root)
            token.attrSet("href", leads)
            if leads.startswith(("http://", "https://")):
                token.attrSet("rel", "noreferrer noopener")
        if token.type.startswith("link_") and not leads:
            token.type, token.tag, token.nesting = "text", "", 0


def _link(address: str, root: str) -> str:
    """Return where a link of a document leads on this service; "" where its text cannot be read there."""
    if address.startswith(("http://", "https://", "#", "/")):
        return f"{root}{address}" if address.startswith("/") and not address.startswith("//") else address
    path, mark, anchor = address.partition("#")
    name = path.rpartition("/")[2].removesuffix(".md")
    if not path.endswith(".md"):
        return ""
    if name.startswith(f"{GUIDE}."):
        return f"{root}/guide{mark}{anchor}"
    folder = next((one for one, known in (("runbooks", RUNBOOKS), ("guide", "")) if name in _documents(known)), "")
    return f"{root}/{folder}/{name}{mark}{anchor}" if folder else ""
