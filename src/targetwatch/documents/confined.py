"""Reads a document in a process of its own, within limits of memory and time: whatever it does, it does it there.

A packed one is unpacked within a size; a reading ends at its deadline. The document comes on standard input with how it
is to be read, and goes back as lines of JSON, a row a line.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import threading
import zipfile
import zlib
from datetime import date
from fnmatch import fnmatchcase
from importlib import import_module
from io import BytesIO
from itertools import islice
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from targetwatch.documents import grid
from targetwatch.documents.decode_options import Decode
from targetwatch.documents.grid import Decoded, Grid, rows_kept
from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 60_000_000
"""More is no document, packed or not."""
MOST_MEMBERS = 2_000
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
OF_WORKBOOKS = frozenset({"[Content_Types].xml", "mimetype"})
"""What is in a ZIP file that is a workbook itself."""
MOST_NAMES = 8


def members(data: bytes) -> list[zipfile.ZipInfo]:
    """Return what a ZIP file says is in it, which costs nothing to read; one that lies meets the limits.

    Raises:
        DocumentError: `damaged`, or `beyond_limits`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DocumentError("damaged", why=str(error)[:200]) from error
    if len(found) > MOST_MEMBERS:
        raise DocumentError("beyond_limits")
    return found


def is_archive(data: bytes) -> bool:
    """Return whether these are the bytes of a document in an archive, and not of a workbook."""
    if data.startswith(ZIP):
        return not {one.filename for one in members(data)} & OF_WORKBOOKS
    return data.startswith(GZIP)


def unpacked(data: bytes, member: str | None) -> bytes:
    """Return the document in an archive: the only one, or the one whose name has the form `member`.

    Raises:
        DocumentError: `several_members`, `no_such_member`, `locked`, `damaged`, or `beyond_limits`.
    """
    try:
        if data.startswith(GZIP):
            unpacker = zlib.decompressobj(wbits=31)
            found = unpacker.decompress(data, MOST_BYTES + 1)
            if not unpacker.eof and len(found) <= MOST_BYTES:
                raise DocumentError("cut_off")
        else:
            with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_only(data, member)) as packed:
                found = packed.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise DocumentError("damaged", why=str(error)[:200]) from error
    if len(found) > MOST_BYTES:
        raise DocumentError("beyond_limits")
    return found


def _only(data: bytes, member: str | None) -> zipfile.ZipInfo:
    there = [one for one in members(data) if not one.is_dir()]
    chosen = [one for one in there if member is None or fnmatchcase(one.filename, member)]
    if len(chosen) != 1:
        code = "several_members" if chosen else "no_such_member"
        values = {"names": [one.filename for one in chosen or there][:MOST_NAMES]}
        raise DocumentError(Problem(code, {**values, "said": member} if member else values, where="member"))
    if chosen[0].flag_bits & 1:
        raise DocumentError("locked")
    return chosen[0]


DEADLINE_SECONDS = 600.0


class Deadline:
    """The end of a run that begins now and may take so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.at = seconds, monotonic() + seconds

    @property
    def passed(self) -> Problem | None:
        """Return that the run took too long, once it did."""
        return Problem("run_too_long", {"seconds": f"{self.seconds:g}"}) if monotonic() >= self.at else None

    def left_seconds(self) -> float:
        """Return how many seconds are left, or raise `DocumentError` with `run_too_long`."""
        if late := self.passed:
            raise DocumentError(late)
        return self.at - monotonic()


NEVER = Deadline(inf)


MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 30
PATIENCE_SECONDS = 120
"""Four times as long, as there may be others at work."""
_TURNS = threading.BoundedSemaphore(2)
"""How many are read at once: the limits hold for each."""


def read_here(data: bytes, how: Decode, charset: str) -> Decoded:
    """Return the document, read by the module of its format."""
    try:
        if is_archive(data):
            data = unpacked(data, how.options.member)
        decoded: Decoded = _module(how).read(data, how.options, charset)
    except RecursionError as error:
        raise DocumentError("nested_too_deeply") from error
    return decoded


def _module(how: Decode) -> Any:  # noqa: ANN401 - a module has no type of its own
    return import_module(f"targetwatch.documents.formats.{how.format}")


def read_confined(
    data: bytes, how: Decode, charset: str, most_rows: int = grid.MOST_ROWS, deadline: Deadline = NEVER
) -> Decoded:
    """Return the document as `read_here` does, but in a process that ends at its limits.

    Raises:
        DocumentError: as the format raises it, `beyond_limits` when the process was stopped, or `run_too_long`.
    """
    said = json.dumps([how.model_dump(mode="json", by_alias=True, exclude_unset=True), charset, most_rows]).encode()
    if not _TURNS.acquire(timeout=min(deadline.left_seconds(), threading.TIMEOUT_MAX)):
        raise DocumentError(deadline.passed or Problem("beyond_limits"))
    try:
        done = subprocess.run(  # noqa: S603 - our own program, nothing of the document on its command line
            [sys.executable, "-I", "-m", __name__],
            input=said + b"\n" + data,
            capture_output=True,
            timeout=min(PATIENCE_SECONDS, deadline.left_seconds()),
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        deadline.left_seconds()
        raise DocumentError("beyond_limits") from error
    finally:
        _TURNS.release()
    if done.returncode:
        stopped = done.returncode < 0 or b"MemoryError" in done.stderr or b"memory allocation" in done.stderr
        raise DocumentError("beyond_limits") if stopped else DocumentError("damaged", why=_last_line(done.stderr))
    return _unpacked(done.stdout)


def _last_line(stderr: bytes) -> str:
    return (stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1][:200]


def _packed(decoded: Decoded) -> Iterator[Any]:
    published_on = decoded.published_on and decoded.published_on.isoformat()
    sizes = [(one.name, len(one.rows), len(one.rows[0]) if one.rows else 0) for one in decoded.grids]
    yield {"title": decoded.title, "published_on": published_on, "lines": decoded.lines, "grids": sizes}
    for one in decoded.grids:
        yield from one.rows


def _unpacked(packed: bytes) -> Decoded:
    lines = map(json.loads, BytesIO(packed))
    head = next(lines)
    if "problems" in head:
        raise DocumentError(*map(Problem.from_json, head["problems"]))
    return Decoded(
        grids=tuple(
            Grid(name, rows_kept(([*map(sys.intern, row)] for row in islice(lines, count)), count * width))
            for name, count, width in head["grids"]
        ),
        lines=tuple(head["lines"]),
        title=head["title"],
        published_on=date.fromisoformat(head["published_on"]) if head["published_on"] else None,
    )


def main() -> None:
    """Print the document on standard input, or the problems with it."""
    how, charset, grid.MOST_ROWS = json.loads(sys.stdin.buffer.readline())
    decode = Decode.model_validate(how)
    _module(decode)  # what is compiled on the way can still be kept
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    try:
        packed = _packed(read_here(sys.stdin.buffer.read(), decode, charset))
    except DocumentError as error:
        packed = iter([{"problems": [problem.to_json() for problem in error.problems]}])
    for line in packed:
        sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
