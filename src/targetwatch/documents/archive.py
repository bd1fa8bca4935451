"""The one document in an archive: a ZIP or gzip file; nothing in it is ever used as a path."""

from __future__ import annotations

import io
import zipfile
import zlib
from fnmatch import fnmatchcase

from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

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
