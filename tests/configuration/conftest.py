"""A folder of configuration files, and what `check` says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from config_examples import SOURCES, TARGETS

from targetwatch.configuration import check
from targetwatch.errors import ConfigError
from targetwatch.wording.problems import in_english

Write = Callable[..., Path]
Refusal = Callable[..., list[str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a folder of the files and returns it."""

    def folder(targets: str | bytes = TARGETS, sources: str | bytes | None = SOURCES) -> Path:
        place = tmp_path / "config"
        place.mkdir(exist_ok=True)
        for name, text in (("targets.yaml", targets), ("sources.yaml", sources)):
            if text is None:
                (place / name).unlink(missing_ok=True)
            else:
                (place / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return place

    return folder


@pytest.fixture
def refusal(write: Write) -> Refusal:
    """Give a function that returns what `check` has against the files, the folder left out."""

    def problems(
        targets: str | bytes = TARGETS,
        sources: str | bytes | None = SOURCES,
        environment: Mapping[str, str] | None = None,
    ) -> list[str]:
        folder = write(targets, sources)
        with pytest.raises(ConfigError) as caught:
            check(folder, environment=environment)
        return [line.replace(f"{folder}/", "") for line in in_english(caught.value).split("\n")]

    return problems
