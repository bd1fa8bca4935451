"""A gzip stream put together from pieces that were compressed one by one.

A changed piece is compressed anew, the others are taken as they are. It is one ordinary gzip member, not several:
many readers, browsers among them, stop after the first.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEVEL = 6
HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST_BLOCK = b"\x03\x00"
MODULUS = 1 << 32


def deflate(piece: bytes, level: int = LEVEL) -> bytes:
    """Return a piece compressed so that others can stand before and after it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)


def checksum(pieces: Iterable[bytes], start: int = 0) -> int:
    """Return the CRC of pieces in a row, going on from that of what stands before them."""
    for piece in pieces:
        start = zlib.crc32(piece, start)
    return start


def assemble(deflated: Sequence[bytes], crc: int, size: int) -> bytes:
    """Return the gzip stream of deflated pieces; `crc` and `size` are those of the whole uncompressed."""
    trailer = crc.to_bytes(4, "little") + (size % MODULUS).to_bytes(4, "little")
    return b"".join([HEADER, *deflated, LAST_BLOCK, trailer])
