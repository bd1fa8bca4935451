"""Readings from CSV files: one row a reading, values as printed, every bad row reported, every good one kept."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, field_validator, model_validator

from targetwatch import __version__
from targetwatch.connectors.base import Connector, Fetched, Options, RowProblem, checked
from targetwatch.connectors.csv_rows import Layout, Row, rows_of
from targetwatch.connectors.row import RowError, check_fields, read_row
from targetwatch.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from targetwatch.model import Reading, Source

MOST_BYTES = 200_000_000
"""A million rows with their quotes; more is a mistake in the pattern."""


class CsvOptions(Options):
    """How the files of a source are found and read."""

    path: str = Field(min_length=1, description="the file, or a pattern such as readings/*.csv, from the config folder")
    encoding: str = Field(default="utf-8", description="utf-8 (a byte order mark is allowed) or gb18030")
    delimiter: str = Field(default=",", min_length=1, max_length=1, description="what parts the cells of a row")
    columns: dict[str, str] = Field(default={}, description="field: the header that the file uses for it")
    constants: dict[str, str] = Field(default={}, description="field: the value where a row gives none")
    locale: str | None = Field(default=None, description="whose notation numbers have, such as de for 1.234,5")

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        try:
            parts_lines = "\n".encode(name) == b"\n"
        except LookupError:
            parts_lines = False
        if not parts_lines:
            raise ValueError("is no encoding that can be read here, expected one such as utf-8 or gb18030")
        return name

    @model_validator(mode="after")
    def _known_fields(self) -> CsvOptions:
        check_fields(self.columns, self.constants)
        return self


class CsvFile(Connector):
    """Files of readings in the configuration folder, or wherever a pattern points."""

    kind: ClassVar[str] = "csv_file"
    Options: ClassVar[type[Options]] = CsvOptions

    def request(self, source: Source) -> str:
        """Return which files are read, and how."""
        options = checked(CsvOptions, source)
        return f"read {options.path} in {self.config_dir} as {options.encoding}"

    def fetch(self, source: Source, state: Mapping[str, str], now: datetime) -> Fetched:
        """Return the readings of every file that matches; none when all are as the last good fetch found them."""
        options = checked(CsvOptions, source)
        files = self._files(options)
        request = f"{self.request(source)}: {len(files)} file{'s' if len(files) > 1 else ''}"
        kept = {"digest": _digest(options, files)}
        if state.get("digest") == kept["digest"]:
            return Fetched(state=kept, request=request, unchanged=True)
        found: list[tuple[Reading, str]] = []
        problems: list[RowProblem] = []
        layout = Layout(**options.model_dump(include={"encoding", "delimiter", "columns", "constants"}))
        for name, data in files.items():
            for row in rows_of(data, layout):
                place = f"{name}:{row.line}"
                outcome = _reading(row, source, options=options, now=now)
                if isinstance(outcome, tuple):
                    problems.extend(RowProblem(where=place, what=what) for what in outcome)
                else:
                    found.append((outcome, place))
        return Fetched(
            readings=tuple(reading for reading, _ in found),
            places=tuple(place for _, place in found),
            problems=tuple(problems),
            state=kept,
            request=request,
        )

    def _files(self, options: CsvOptions) -> dict[str, bytes]:
        """Return the contents of every matching file by the name it is reported with."""
        base = Path(Path(options.path).anchor or self.config_dir)
        pattern = str(Path(options.path).relative_to(Path(options.path).anchor))
        try:
            paths = sorted(base.glob(pattern))
        except (ValueError, NotImplementedError, OSError) as error:
            raise SourceError(f"path '{options.path}': cannot be searched: {error}") from error
        if not paths:
            raise SourceError(f"path '{options.path}': no file matches in {base.absolute()}")
        return {str(path.relative_to(base) if base == self.config_dir else path): _contents(path) for path in paths}


def _contents(path: Path) -> bytes:
    """Return what is in the file; a pipe or a device, which might never end, is refused."""
    try:
        if not path.is_file():
            raise SourceError(f"{path}: is no regular file, expected CSV files only")
        if (size := path.stat().st_size) > MOST_BYTES:
            raise SourceError(f"{path}: has {size:,} bytes, expected at most {MOST_BYTES:,}")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error


def _digest(options: CsvOptions, files: Mapping[str, bytes]) -> str:
    """Return what changes when a file, an option or this program does."""
    digest = sha256(f"{__version__}\n{options.model_dump_json()}".encode())
    for name, data in files.items():
        digest.update(f"\n{name}\n{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _reading(row: Row, source: Source, *, options: CsvOptions, now: datetime) -> Reading | tuple[str, ...]:
    """Return the reading of a row, or what is wrong with it."""
    if row.problem:
        return (row.problem,)
    try:
        return read_row({**options.constants, **row.cells}, source=source.id, now=now, locale=options.locale)
    except RowError as error:
        return error.problems
