"""The cells of a spreadsheet that a stranger sent: looked at from outside first, then read in a confined process.

An archive says how large it is unpacked, and one that says too much is refused at once; one that lies is stopped by
the memory the process is given. Neither a file's name nor any name inside it is ever used as a path.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from targetwatch.errors import TargetwatchError
from targetwatch.wording.translation import N_

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 15
PATIENCE_SECONDS = 30
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 12_000_000
MOST_CELLS = 1_500_000
MOST_UNPACKED_BYTES = 150 * 1024 * 1024
MOST_MEMBERS = 2_000
_TURNS = threading.BoundedSemaphore(2)
"""How many are read at once: the limits hold for each."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

REFUSED = {
    "rows": N_("It has {found} rows, expected at most {most}."),
    "columns": N_("It has {found} columns, expected at most {most}."),
    "characters": N_("It holds more than {most} characters of text."),
    "password": N_("The file is locked with a password: save it without one."),
    "damaged": N_("The file is damaged, or not what it seems; it could not be read."),
}
"""Why the program that reads a spreadsheet refused it."""


class TableRefusedError(TargetwatchError):
    """A table that cannot be read; `message` says why, with `values` in it."""

    def __init__(self, message: str, **values: object) -> None:
        self.message, self.values = message, values
        super().__init__(f"table: {message.format(**values)}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as rows of text cells, blank ones included: a row's place is that in the file."""

    name: str
    rows: tuple[tuple[str, ...], ...]


def is_spreadsheet(data: bytes) -> bool:
    """Return whether these are the bytes of a spreadsheet (XLSX, XLSB, ODS or XLS)."""
    return data.startswith((ZIP, OLE))


def sheets_of(data: bytes) -> tuple[Sheet, ...]:
    """Return every visible sheet that has something in it.

    Raises:
        TableRefusedError: it is none, too large, damaged, or locked with a password.
    """
    if data.startswith(ZIP):
        _check_archive(data)
    said = _confined(data)
    if "refused" in said:
        most = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "characters": MOST_CHARACTERS}.get(said["refused"])
        values = {"found": said.get("found"), "most": most} if most else {}
        raise TableRefusedError(REFUSED[said["refused"]], **values)
    found = tuple(Sheet(sheet["name"], tuple(tuple(row) for row in sheet["rows"])) for sheet in said["sheets"])
    if not found:
        raise TableRefusedError(N_("There is nothing to read: paste a table, or choose a file."))
    cells = sum(1 + sum(map(len, sheet.rows)) for sheet in found)
    if cells > MOST_CELLS:
        raise TableRefusedError(N_("It has {found} cells, expected at most {most}."), found=cells, most=MOST_CELLS)
    return found


def _check_archive(data: bytes) -> None:
    """Refuse an archive that says it is huge; reading what it says costs nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise TableRefusedError(N_("The file is damaged, or not what it seems; it could not be read.")) from error
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED_BYTES:
        raise TableRefusedError(N_("Unpacked it is larger than any table of figures; it was not read."))
    names = {member.filename for member in members}
    if not names & {"[Content_Types].xml", "mimetype"}:
        raise TableRefusedError(N_("This archive is no spreadsheet, expected CSV, XLSX, XLS or ODS."))


def _confined(data: bytes) -> dict[str, Any]:
    limits = (MEMORY_BYTES, CPU_SECONDS, MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS)
    program = str(files("targetwatch.web.figures").joinpath("sheet_child.py"))
    try:
        with _TURNS:
            done = subprocess.run(  # noqa: S603 - our own program, nothing of the request on its command line
                [sys.executable, "-I", program, *(str(limit) for limit in limits)],
                input=data,
                capture_output=True,
                timeout=PATIENCE_SECONDS,
                env={},
                cwd="/",
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise TableRefusedError(N_("Unpacked it is larger than any table of figures; it was not read.")) from error
    if done.returncode:
        raise TableRefusedError(
            N_("Unpacked it is larger than any table of figures; it was not read.")
            if _is_stopped(done)
            else REFUSED["damaged"]
        )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _is_stopped(done: subprocess.CompletedProcess[bytes]) -> bool:
    """Return whether the process ended at its limits: killed, aborted, or out of memory."""
    return done.returncode < 0 or b"MemoryError" in done.stderr or b"memory allocation" in done.stderr
