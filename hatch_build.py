"""Compile the messages of every language into what the program reads, as the wheel is built; `make` runs this too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MESSAGES = "src/targetwatch/wording/locale/*/LC_MESSAGES/*.po"
NO_DAY = datetime(2025, 1, 1, tzinfo=UTC)
"""Stands for the day of compiling: the same messages make the same file."""


class CompileMessages(BuildHookInterface):
    """Puts the compiled messages into the wheel, which Git does not know."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Compile before the files are gathered."""
        compile_messages(Path(self.root))
        build_data["artifacts"].append(MESSAGES.replace(".po", ".mo"))


def compile_messages(root: Path) -> None:
    """Write each catalogue's .mo beside its .po."""
    for path in sorted(root.glob(MESSAGES)):
        catalogue = read_po(path.read_bytes().splitlines(keepends=True))
        catalogue.creation_date = catalogue.revision_date = NO_DAY
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


if __name__ == "__main__":
    compile_messages(Path(__file__).parent)
