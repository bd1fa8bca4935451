"""Write docs/commands.md, the help of every command as it is printed: `make docs` runs this, a test compares."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from typer.testing import CliRunner

from targetwatch.cli import app

PLAIN = {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}
HEADING = """# Commands

The help of every command, word for word (`make docs` writes this file; a test fails when it lags behind).
Exit status: 0 it went well, 1 it failed and said why, 2 the command was not understood.
"""


def names(group: object, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return every command's words, a group before its commands."""
    found = [prefix]
    for name, command in sorted(getattr(group, "commands", {}).items()):
        found += names(command, (*prefix, name))
    return found


def written() -> str:
    """Return the text of docs/commands.md."""
    runner, parts = CliRunner(), [HEADING]
    for words in names(typer.main.get_command(app)):
        result = runner.invoke(app, [*words, "--help"], prog_name="targetwatch", env=PLAIN)
        title = " ".join(("targetwatch", *words))
        text = "\n".join(line.rstrip() for line in result.output.splitlines()).strip()
        parts.append(f"## {title}\n\n```\n{text}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else "docs/commands.md").write_text(written(), encoding="utf-8")
