"""Golden files: text under headings, compared heading by heading, renewed by one option."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
HEADING = "==== "
MOST_HEADINGS = 4
MOST_LINES = 60


class Text:
    """Parts of a golden file, each under a heading of its own."""

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}

    def add(self, heading: str, lines: Iterable[str] | str) -> None:
        """Put lines under a heading that is not there yet."""
        assert heading not in self.parts, heading
        listed = lines.split("\n") if isinstance(lines, str) else list(lines)
        while listed and not listed[-1].strip():
            listed.pop()
        self.parts[heading] = [line.rstrip() for line in listed]

    def __str__(self) -> str:
        return "".join(
            f"{HEADING}{name}\n" + "".join(f"{one}\n" for one in lines) for name, lines in self.parts.items()
        )


def read(text: str) -> dict[str, list[str]]:
    """Return the parts of a golden file."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.split("\n")[:-1]:
        if line.startswith(HEADING):
            lines = found[line.removeprefix(HEADING)] = []
        else:
            lines.append(line)
    return found


def difference(name: str, golden: dict[str, list[str]], found: dict[str, list[str]]) -> str:
    """Return how the first parts that differ do so; "" when none does."""
    names = [*golden, *(one for one in found if one not in golden)]
    differing = [one for one in names if golden.get(one) != found.get(one)]
    if not differing:
        return ""
    said = [f"{name}: {len(differing)} of {len(names)} parts differ (renew them: pytest tests/golden --renew-goldens)"]
    for one in differing[:MOST_HEADINGS]:
        state = "is gone" if one not in found else "is new" if one not in golden else ""
        said.append(f"{HEADING}{one} {state}")
        lines = difflib.unified_diff(golden.get(one, []), found.get(one, []), "golden", "now", lineterm="", n=1)
        shown = list(lines)[2:]
        said += [line[:400] for line in shown[:MOST_LINES]]
        if len(shown) > MOST_LINES:
            said.append(f"... {len(shown) - MOST_LINES} more lines")
    if len(differing) > MOST_HEADINGS:
        said.append(f"... and {', '.join(differing[MOST_HEADINGS : MOST_HEADINGS + 20])}")
    return "\n".join(said)


def json_lines(value: object, path: str = "") -> list[str]:
    """Return JSON as one line for each of its values, so that a difference shows where it is."""
    if isinstance(value, dict) and value:
        return [line for name, one in sorted(value.items()) for line in json_lines(one, f"{path}.{name}".lstrip("."))]
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return [line for number, one in enumerate(value) for line in json_lines(one, f"{path}[{number}]")]
    return [f"{path}: {json.dumps(value, ensure_ascii=False)}"]


NORMAL = (
    (re.compile(r"/[\w./-]*/worlds/(?:real|seeded)"), "{folder}"),  # where a reason was written down
    (re.compile(r"(?<=\| )\d+\.\d ?(?:s|秒)$", re.MULTILINE), "{took}"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "{hash}"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "{hash}"),
    (re.compile(r"\b(?:http://)testserver"), "{here}"),
    (re.compile(r"targetwatch \d+\.\d+\.\d+\S*"), "targetwatch {version}"),
)


def normal(text: str, *more: tuple[str, str]) -> str:
    """Return a text without what differs from run to run: hashes, versions, and `more` (what, by what)."""
    for what, by in more:
        text = text.replace(what, by)
    for pattern, by in NORMAL:
        text = pattern.sub(by, text)
    return text
