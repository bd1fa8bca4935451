"""Files that a pattern names: whole, regular, and none too large."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import Field

from targetwatch.connectors.base import FilesAsked, Gathered, SourceOptions, Surroundings
from targetwatch.errors import SourceError
from targetwatch.model import FetchedDocument
from targetwatch.model.problem import Problem

MOST_BYTES = 200_000_000
"""A million rows with their quotes; more is a mistake in the pattern."""


def files_of(pattern: str, config_dir: Path, *, folders: Sequence[Path] | None = None) -> dict[str, bytes]:
    """Return the contents of every matching file, by the name it is reported with, in the order of the names.

    A pattern is looked for from `config_dir`, unless it is absolute.

    Raises:
        SourceError: none matches, one cannot be read, or one lies outside `folders` (None: all are good).
    """
    base = Path(Path(pattern).anchor or config_dir)
    try:
        paths = sorted(base.glob(str(Path(pattern).relative_to(Path(pattern).anchor))))
    except (ValueError, NotImplementedError, OSError) as error:
        raise SourceError(Problem("cannot_be_searched", {"said": pattern, "why": str(error)}, where="path")) from error
    if folders is not None:
        allowed = [folder.resolve() for folder in folders]
        if not all(any(path.resolve().is_relative_to(folder) for folder in allowed) for path in (paths or [base])):
            raise SourceError(Problem("outside_folders", {"said": pattern}, where="path"))
    if not paths:
        raise SourceError(Problem("no_file_matches", {"said": pattern, "folder": str(base.absolute())}, where="path"))
    return {str(path.relative_to(base) if base == config_dir else path): _contents(path) for path in paths}


def _contents(path: Path) -> bytes:
    """Return what is in the file; a pipe or a device, which might never end, is refused."""
    try:
        if not path.is_file():
            raise SourceError(Problem("no_regular_file", file=str(path)))
        if (size := path.stat().st_size) > MOST_BYTES:
            sizes = {"count": Decimal(size), "most": Decimal(MOST_BYTES)}
            raise SourceError(Problem("file_too_large", sizes, file=str(path)))
        return path.read_bytes()
    except OSError as error:
        reason = {"reason": error.strerror or str(error)}
        raise SourceError(Problem("file_unreadable", reason, file=str(path))) from error


class FileFetch(SourceOptions):
    """Files: each that matches is a document of its own."""

    path: str = Field(min_length=1, description="the file, or a pattern such as tables/*.xlsx, from the config folder")

    def request(self) -> FilesAsked:
        """Return which files are read."""
        return FilesAsked(path=self.path, folder="", encoding="utf-8")

    def gather(self, around: Surroundings) -> Gathered:
        """Return every file that matches, in the order of the names.

        Raises:
            SourceError: none matches, or one cannot be read.
        """
        found = files_of(self.path, around.config_dir, folders=around.folders)
        return Gathered(documents=tuple(FetchedDocument(data=data, name=name) for name, data in found.items()))
