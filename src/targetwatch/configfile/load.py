"""A directory of configuration as one valid catalogue, or every reason why it is not one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from targetwatch.configfile.build import build
from targetwatch.configfile.check_indicators import check_indicators
from targetwatch.configfile.check_sources import check_sources
from targetwatch.configfile.check_targets import check_targets
from targetwatch.configfile.contents import contents_of, note_duplicates
from targetwatch.configfile.document import Document
from targetwatch.configfile.tree import read_document
from targetwatch.configfile.variables import note_misplaced
from targetwatch.errors import ConfigError
from targetwatch.model import Catalogue
from targetwatch.model.problem import Problem

TARGETS = "targets.yaml"
SOURCES = "sources.yaml"
MISNAMED = {
    "target.yaml": TARGETS,
    "targets.yml": TARGETS,
    "target.yml": TARGETS,
    "source.yaml": SOURCES,
    "sources.yml": SOURCES,
    "source.yml": SOURCES,
}


def check(directory: Path | str, *, environment: Mapping[str, str] | None = None) -> Catalogue:
    """Return the catalogue that `targets.yaml` and `sources.yaml` in `directory` describe.

    With an `environment`, the variables that sources name must be set in it. Nothing is read but the two files.

    Raises:
        ConfigError: with every problem of both files, each with its file and line.
    """
    folder = Path(directory)
    documents = _documents(folder)
    for document in documents:
        note_misplaced(document)
    found = contents_of(documents[0], documents[1] if len(documents) > 1 else None)
    note_duplicates(found.programmes)
    note_duplicates(found.publishers)
    note_duplicates(found.indicators, found.derived)
    note_duplicates(found.targets)
    check_indicators(found)
    check_targets(found)
    check_sources(found, environment)
    problems = [problem for document in documents for problem in document.problems] + _misnamed(folder)
    if problems:
        raise ConfigError(problems)
    return build(found)


def _documents(folder: Path) -> list[Document]:
    if not folder.is_dir():
        raise ConfigError([Problem(f"is not a directory, expected one that holds {TARGETS}", file=str(folder))])
    if not (folder / TARGETS).exists():
        expected = Problem("there is no such file, expected the targets in it", file=str(folder / TARGETS))
        raise ConfigError([expected, *_misnamed(folder)])
    names = [name for name in (TARGETS, SOURCES) if (folder / name).exists()]
    return [read_document(folder / name, str(folder / name)) for name in names]


def _misnamed(folder: Path) -> list[Problem]:
    return [
        Problem(f"is not read under this name, rename it to {right}", file=str(folder / name))
        for name, right in MISNAMED.items()
        if (folder / name).exists()
    ]
