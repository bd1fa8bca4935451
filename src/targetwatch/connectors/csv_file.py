"""Readings from CSV files: one row a reading, values as printed, every bad row reported, every good one kept.

A file may be in the middle of being written: what is not ended by a line break is left for the next run.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, field_validator, model_validator

from targetwatch import __version__
from targetwatch.connectors.base import (
    Connector,
    Fetched,
    FilesAsked,
    Gathered,
    SourceOptions,
    Surroundings,
    checked,
    fetched,
)
from targetwatch.connectors.row import FIELDS, REQUIRED, RowError, check_fields, read_row
from targetwatch.errors import SourceError
from targetwatch.model import FetchedDocument, Reading, Source
from targetwatch.model.problem import Problem, Value

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


_UNDECODED = re.compile("[\udc80-\udcff]")


class CsvOptions(SourceOptions):
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
            raise ValueError(Problem("encoding_unknown"))
        return name

    @model_validator(mode="after")
    def _known_fields(self) -> CsvOptions:
        check_fields(self.columns, self.constants)
        return self


class CsvFile(Connector):
    """Files of readings in the configuration folder, or wherever a pattern points."""

    kind: ClassVar[str] = "csv_file"
    Options: ClassVar[type[SourceOptions]] = CsvOptions

    def request(self, source: Source) -> FilesAsked:
        """Return which files are read, and how."""
        options = checked(CsvOptions, source)
        return FilesAsked(path=options.path, folder=str(self.config_dir), encoding=options.encoding)

    def fetch(self, source: Source, state: Mapping[str, Any], now: datetime) -> Fetched:
        """Return the readings of every file that matches; none when all are as the last good fetch found them."""
        options = checked(CsvOptions, source)
        files = files_of(options.path, self.config_dir)
        request = replace(self.request(source), count=len(files))
        kept = {"digest": _digest(options, files)}
        if state.get("digest") == kept["digest"]:
            return Fetched(state=kept, request=request, unchanged=True)
        outcomes = (
            (f"{name}:{line}", row if isinstance(row, RowError) else _reading(row, source, options, now))
            for name, data in files.items()
            for line, row in rows_of(data, options)
        )
        return fetched(outcomes, state=kept, request=request)


def _digest(options: CsvOptions, files: Mapping[str, bytes]) -> str:
    """Return what changes when a file, an option or this program does."""
    digest = sha256(f"{__version__}\n{options.model_dump_json()}".encode())
    for name, data in files.items():
        digest.update(f"\n{name}\n{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _reading(cells: Mapping[str, str], source: Source, options: CsvOptions, now: datetime) -> Reading | RowError:
    try:
        return read_row({**options.constants, **cells}, source=source.id, now=now, locale=options.locale)
    except RowError as error:
        return error


def rows_of(data: bytes, options: CsvOptions) -> Iterator[tuple[int, Mapping[str, str] | RowError]]:
    """Give the line of every row below the header with its cells by field, or with what is wrong with it.

    Empty cells and blank lines are left out.
    """
    whole, unfinished = _cut(data)
    text = whole.decode(options.encoding, "surrogateescape").removeprefix("\ufeff")
    records = _records(text, options)
    line, header, problem = next(records, (1, [], Problem("no_header")))
    problems = [problem] if problem else _header_problems(header, options)
    if problems:
        yield line, RowError(problems)
        return
    fields = _fields(header, options)
    for line, cells, fault in records:
        if wrong := fault or _shape_problem(cells, header, options):
            yield line, RowError([wrong])
        else:
            named = zip(fields, cells, strict=True)
            yield line, {name: cell for name, cell in named if name and cell.strip()}
    if unfinished.strip():
        lines = whole.count(b"\n") + 1
        yield lines, RowError([Problem("half_written")])


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Return what is ended by a line break, and what comes after the last one."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    return data[:end], data[end:]


def _records(text: str, options: CsvOptions) -> Iterator[tuple[int, list[str], Problem | None]]:
    """Give (line, cells, problem) of every record that is not blank."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=options.delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [], _quoting_problem(str(error), line, reader.line_num)
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells, None


def _quoting_problem(error: str, first: int, last: int) -> Problem:
    unread: dict[str, Value] = {"first": first, "last": last} if last > first else {}
    lines = "_lines" if unread else ""
    if "unexpected end" in error or "field larger" in error:
        return Problem(f"quotation_open{lines}", unread)
    return Problem(f"quotation_misplaced{lines}", {**unread, "why": error})


def _header_problems(header: Sequence[str], options: CsvOptions) -> list[Problem]:
    """Return what keeps the file from being read: missing, double and unknown columns."""
    names = [name.strip() for name in header]
    named = {column: name for name, column in options.columns.items()}
    problems = [_of_column(name, "column_twice") for name in sorted({n for n in names if names.count(n) > 1})]
    problems += [
        _of_column(column, "column_not_there", field=name) for column, name in named.items() if column not in names
    ]
    fields = set(_fields(header, options)) | set(options.constants)
    problems += [_of_column(name, "column_missing") for name in REQUIRED if name not in fields]
    if not options.columns:
        problems += [_unknown(name) for name in names if name and name not in FIELDS]
    return problems


def _unknown(name: str) -> Problem:
    if close := get_close_matches(name, FIELDS, n=1):
        return _of_column(name, "column_unknown_near", near=close[0])
    return _of_column(name, "column_unknown", names=FIELDS)


def _of_column(name: str, code: str, **values: Value) -> Problem:
    return Problem(code, {"said": name, **values}, where="column")


def _fields(header: Sequence[str], options: CsvOptions) -> list[str]:
    """Return the field of each column, "" for one that is not read."""
    named = {column: name for name, column in options.columns.items()}
    taken = set(options.columns)
    return [
        named.get(name, name if name in FIELDS and name not in taken else "")
        for name in (cell.strip() for cell in header)
    ]


def _shape_problem(cells: Sequence[str], header: Sequence[str], options: CsvOptions) -> Problem | None:
    if len(cells) != len(header):
        counts = {"count": len(cells), "expected": len(header)}
        return Problem("cells_differ", {**counts, "delimiter": options.delimiter})
    for cell in cells:
        if _UNDECODED.search(cell):
            return Problem("other_encoding", {"encoding": options.encoding})
    return None
