"""Bring every language's messages up to date with templates and code: `make messages` runs this, a test compares."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "targetwatch"
LOCALE = SOURCE / "wording" / "locale"


def from_python(
    file: IO[bytes],
    keywords: Mapping[str, object],
    _comment_tags: object,
    options: object,
) -> Iterator[tuple[int, str, tuple[object, ...], list[str]]]:
    """Give the calls that name a message; Babel's own reader of Python misses those within other calls."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = tuple(getattr(one, "value", None) if isinstance(one, ast.Constant) else None for one in node.args)
            assert not (name in keywords and node.args and isinstance(node.args[0], ast.JoinedStr)), ast.unparse(node)
            if name in keywords:
                yield node.lineno, name, texts, []


METHODS = [("**/templates/**.html", "jinja2"), ("**.py", from_python)]
OPTIONS = {"**/templates/**.html": {"silent": "false"}}
CONTEXT = ((1, "c"), 2)
KEYWORDS = {"_": None, "N_": None, "NC_": CONTEXT, "context": CONTEXT, "pgettext": CONTEXT}
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: targetwatch\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""Nothing in it changes by itself."""


def paths() -> dict[str, Path]:
    """Return where the messages of each language stand."""
    return {path.parents[1].name: path for path in sorted(LOCALE.glob("*/LC_MESSAGES/targetwatch.po"))}


def extracted() -> Catalog:
    """Return every message that stands in templates and code."""
    found = Catalog()
    for name, line, message, comments, context in extract_from_dir(
        SOURCE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        assert message, f"{name}:{line}: an empty message"
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def read(path: Path) -> Catalog:
    """Return the messages of one language as they are kept."""
    return read_po(io.BytesIO(path.read_bytes()))


def updated(path: Path, messages: Catalog) -> str:
    """Return the file of one language with what is new in it, without what is gone, in the order of the English."""
    catalogue = read(path)
    catalogue.update(messages, no_fuzzy_matching=True)
    for message in catalogue:
        message.flags -= {"python-format", "python-brace-format"}  # the placeholders are compared by a test
    file = io.BytesIO()
    write_po(file, catalogue, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER.format(language=path.parents[1].name) + file.getvalue().decode()


if __name__ == "__main__":
    known = extracted()
    for one in paths().values():
        one.write_text(updated(one, known), encoding="utf-8")
