"""The exposition: lines made when the snapshot is, so that a scrape only hands them over.

The targets are cut into blocks. A block whose verdicts are the very objects it was made of is taken as it is, plain and
compressed, so that one more reading costs the lines of one block; the first scrape after it puts them together, and its
bytes are those of every other. They are one ordinary gzip member, not several: many readers, browsers among them, stop
after the first.
"""

from __future__ import annotations

import threading
import zlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from operator import is_
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from targetwatch.metrics.names import (
    CATALOGUE,
    TARGET_TILE_INFO,
    header,
    of_acknowledgement,
    of_held,
    of_indicator,
    of_late,
    of_snapshot,
    of_status_changes,
    of_target,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from targetwatch.metrics.names import Metric
    from targetwatch.metrics.service import Service
    from targetwatch.model import Catalogue, Figure, Indicator, Snapshot, Target

T = TypeVar("T")
PIECE_BYTES = 256 * 1024
BLOCK_SIZE = 64
"""How many targets (or indicators) are formatted and compressed together."""
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_LEVEL = 6
_GZIP_HEADER, _GZIP_LAST_BLOCK = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", b"\x03\x00"


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some whole lines, plain and deflated so that others can stand before and after them."""

    plain: bytes
    deflated: bytes


def chunk(plain: bytes) -> _Chunk:
    """Return lines with their deflated form."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _Chunk(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


class Page:
    """The frozen part of the exposition: everything that a snapshot says."""

    def __init__(self, chunks: Iterable[_Chunk] = ()) -> None:
        self.chunks = tuple(chunks)
        self._pieces: dict[bool, list[bytes]] = {}

    def text(self, tail: bytes = b"") -> bytes:
        """Return the page with `tail` after it."""
        return b"".join(self.pieces(tail, packed=False))

    def gzip(self, tail: bytes = b"") -> bytes:
        """Return the page with `tail` after it, compressed; only the tail is compressed now."""
        return b"".join(self.pieces(tail, packed=True))

    def pieces(self, tail: bytes, *, packed: bool) -> list[bytes]:
        """Return the page with `tail` after it, in pieces: those of the page are the same for everybody."""
        if not packed:
            return [*self._of(packed=False), tail]
        crc, size = self._summed
        size = (size + len(tail)) % (1 << 32)
        trailer = zlib.crc32(tail, crc).to_bytes(4, "little") + size.to_bytes(4, "little")
        return [*self._of(packed=True), chunk(tail).deflated, _GZIP_LAST_BLOCK + trailer]

    @cached_property
    def _summed(self) -> tuple[int, int]:
        """Return the checksum and the size of the page, which only its compressed form says."""
        crc = size = 0
        for one in self.chunks:
            crc, size = zlib.crc32(one.plain, crc), size + len(one.plain)
        return crc, size

    def _of(self, *, packed: bool) -> list[bytes]:
        """Return the chunks joined to a few pieces, when it is first asked for them."""
        if packed not in self._pieces:
            pieces = [bytearray(_GZIP_HEADER if packed else b"")]
            for one in self.chunks:
                if len(pieces[-1]) > PIECE_BYTES:
                    pieces.append(bytearray())
                pieces[-1] += one.deflated if packed else one.plain
            self._pieces[packed] = list(map(bytes, pieces))
        return self._pieces[packed]


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of some targets (or indicators) by metric; `made_of` is what they were made of."""

    made_of: Sequence[object]
    chunks: Mapping[Metric, _Chunk]

    def still(self, made_of: Sequence[object]) -> bool:
        return len(made_of) == len(self.made_of) and all(map(is_, made_of, self.made_of))


def _block(made_of: Sequence[object], lines: Iterable[Mapping[Metric, str]]) -> _Block:
    texts: dict[Metric, list[str]] = defaultdict(list)
    for one in lines:
        for metric, text in one.items():
            texts[metric].append(text)
    whole = {metric: "".join(parts) for metric, parts in texts.items()}
    return _Block(made_of, {metric: chunk(text.encode()) for metric, text in whole.items() if text})


def part_of(name: str, parts: int) -> int:
    """Return in which of so many parts a target stands, from 1: always the same, on every machine.

    >>> [part_of(f"cargo-{number}", 4) for number in range(8)], part_of("cargo-1", 1)
    ([3, 1, 3, 1, 4, 2, 4, 2], 1)
    """
    return crc32(name.encode()) % parts + 1


class Exposition:
    """The bytes of /metrics, or of one part of them. `service` adds what the process says of itself, at every scrape.

    Of several `parts` each target stands in one, and what is of no target in the first.
    """

    def __init__(self, zone: tzinfo, *, service: Service | None = None, part: int = 1, parts: int = 1) -> None:
        self._zone, self._service = zone, service if part == 1 else None
        self._part, self._parts = part, parts
        self._others: dict[tuple[int, int], Exposition] = {}
        self._made_of: Sequence[_Block] = ()
        self._pages: dict[bool, Page] = {}
        self._shown: Snapshot | None = None
        self._changes: dict[str, int] = {}
        self._rendering = threading.Lock()
        self._parting = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._block_of: dict[str, int] = {}
        self._targets: list[tuple[Target, ...]] = []
        self._indicators: list[tuple[Indicator, ...]] = []
        self._places: dict[str, int] = {}
        self._promised: frozenset[str] = frozenset()
        self._own: _Block | None = None
        self._target_blocks: list[_Block | None] = []
        self._indicator_blocks: list[_Block | None] = []

    def show(self, snapshot: Snapshot) -> None:
        """Answer with this snapshot from now on."""
        self._answer_with(self.render(snapshot))
        self._shown = snapshot
        with self._parting:
            for other in self._others.values():
                other.show(snapshot)

    def part(self, part: int, parts: int) -> Exposition:
        """Return the exposition of one part, made when it is first asked for and shown with the whole from then on.

        Those of another number of parts than the last two asked for are given up.
        """
        if parts == 1:
            return self
        with self._parting:
            if (found := self._others.get((part, parts))) is not None:
                return found
            other = Exposition(self._zone, service=self._service, part=part, parts=parts)
            other._changes = self._changes
            if self._shown is not None:
                other.show(self._shown)
            kept = [*dict.fromkeys(of for _, of in self._others if of != parts)][-1:]
            others = {key: one for key, one in self._others.items() if key[1] in {*kept, parts}}
            self._others = {**others, (part, parts): other}
            return other

    def has_part(self, part: int, parts: int) -> bool:
        """Return whether a part can be answered from memory."""
        return parts == 1 or (part, parts) in self._others

    def count(self, changes: Mapping[str, int]) -> None:
        """Say from now on how many status changes of some targets are kept."""
        if not changes:
            return
        self._changes |= changes
        if self._shown is not None:
            self._answer_with(self.render(self._shown, changes))
        with self._parting:
            for other in self._others.values():
                other.count(changes)

    def answer(self, accept: str = "", accept_encoding: str = "") -> tuple[bytes, dict[str, str]]:
        """Return the body and its headers, in the format and encoding asked for; the database is not asked."""
        pieces, headers = self.pieces(accept, accept_encoding)
        return b"".join(pieces), headers

    def pieces(self, accept: str = "", accept_encoding: str = "") -> tuple[list[bytes], dict[str, str]]:
        """Return the body in pieces, which scrapes share as far as a snapshot says them, and its headers."""
        openmetrics, packed = _wants_openmetrics(accept), accepts_gzip(accept_encoding)
        tail = b"" if self._service is None else self._service.text(openmetrics=openmetrics)
        if openmetrics:
            tail += b"# EOF\n"
        headers = {"Content-Type": OPENMETRICS if openmetrics else TEXT, "Vary": "Accept, Accept-Encoding"}
        if packed:
            headers["Content-Encoding"] = "gzip"
        pages, blocks = self._pages, self._made_of
        if openmetrics not in pages:
            pages[openmetrics] = _page(blocks, openmetrics=openmetrics)
        return pages[openmetrics].pieces(tail, packed=packed), headers

    def _answer_with(self, blocks: Sequence[_Block]) -> None:
        self._made_of = blocks
        self._pages = {}

    def render(self, snapshot: Snapshot, only: Iterable[str] | None = None) -> list[_Block]:
        """Return the lines of a snapshot; what it shares with the one rendered before is not made again.

        Of a snapshot rendered before it may be said in `only` which targets there is something else to say of.
        """
        with self._rendering:
            if snapshot.catalogue is not self._catalogue:
                self._configure(snapshot.catalogue)
            every = range(len(self._targets))
            asked = every if only is None else {self._block_of[name] for name in only if name in self._block_of}
            for number in asked:
                self._target_blocks[number] = self._of_targets(
                    self._target_blocks[number], self._targets[number], snapshot
                )
            for number, indicators in enumerate(self._indicators if only is None else ()):
                block = self._indicator_blocks[number]
                self._indicator_blocks[number] = self._of_indicators(block, indicators, snapshot.figures, snapshot.held)
            if self._own is None or not self._own.still([snapshot]):
                own = of_snapshot(snapshot) if self._part == 1 else {}
                self._own = _block([snapshot], [own, of_late(snapshot, self._zone, self._block_of)])
            return [one for one in (self._own, *self._target_blocks, *self._indicator_blocks) if one is not None]

    def _configure(self, catalogue: Catalogue) -> None:
        """Forget every block, and cut the targets and indicators anew."""
        self._catalogue = catalogue
        self._promised = frozenset(target.indicator for target in catalogue.targets)
        self._places = {target.id: place for place, target in enumerate(catalogue.targets, 1)}
        has = [one for one in catalogue.targets if part_of(one.id, self._parts) == self._part]
        self._targets = list(_cut(has))
        self._block_of = {one.id: number for number, targets in enumerate(self._targets) for one in targets}
        self._indicators = list(_cut(catalogue.indicators if self._part == 1 else ()))
        self._target_blocks = [None] * len(self._targets)
        self._indicator_blocks = [None] * len(self._indicators)

    def _of_targets(self, block: _Block | None, targets: tuple[Target, ...], snapshot: Snapshot) -> _Block:
        names, indicators = [target.id for target in targets], snapshot.catalogue.indicators_by_id
        said, known = [*map(snapshot.verdicts.get, names)], [*map(snapshot.acknowledged.get, names)]
        kept = [*map(self._changes.get, names)]
        if block is not None and block.still([*said, *kept, *known]):
            return block
        tiles = {} if block is None else _tiles(block, len(targets))
        return _block(
            [*said, *kept, *known],
            (
                of_target(
                    *(target, indicators[target.indicator], verdict, self._places[target.id]),
                    zone=self._zone,
                    tile=tiles.get(id(verdict), ""),
                )
                | of_status_changes(target, count or 0)
                | of_acknowledgement(target, given, zone=self._zone)
                for target, verdict, count, given in zip(targets, said, kept, known, strict=True)
                if verdict is not None
            ),
        )

    def _of_indicators(
        self,
        block: _Block | None,
        indicators: tuple[Indicator, ...],
        figures: Mapping[str, Figure],
        held: Mapping[str, int],
    ) -> _Block:
        shown = [None if one.id in self._promised else figures.get(one.id) for one in indicators]
        waiting = [held.get(one.id, 0) for one in indicators]
        if block is not None and block.still([*shown, *waiting]):
            return block
        lines = (
            of_held(one, count) | ({} if one.id in self._promised else of_indicator(one, figure, zone=self._zone))
            for one, figure, count in zip(indicators, shown, waiting, strict=True)
        )
        return _block([*shown, *waiting], lines)


def _tiles(block: _Block, targets: int) -> dict[int, str]:
    """Return the line of each target's tile in a block of so many, by the identity of the verdict it says.

    The verdicts are the first things a block is made of; each has one tile, which is one line.
    """
    said = [one for one in block.made_of[:targets] if one is not None]
    lines = block.chunks[TARGET_TILE_INFO].plain.decode().split("\n")[:-1] if said else []
    return {id(verdict): f"{line}\n" for verdict, line in zip(said, lines, strict=True)}


def _cut(values: Sequence[T]) -> Iterator[tuple[T, ...]]:
    return (tuple(values[at : at + BLOCK_SIZE]) for at in range(0, len(values), BLOCK_SIZE))


def _page(blocks: Sequence[_Block], *, openmetrics: bool) -> Page:
    return Page(_in_order(blocks, openmetrics=openmetrics))


def _in_order(blocks: Sequence[_Block], *, openmetrics: bool) -> Iterator[_Chunk]:
    """Yield the chunks metric by metric, each under its header; a metric without a sample is left out."""
    for metric in CATALOGUE:
        chunks = [block.chunks[metric] for block in blocks if metric in block.chunks]
        if chunks:
            yield _opening(metric, openmetrics=openmetrics)
            yield from chunks


@cache
def _opening(metric: Metric, *, openmetrics: bool) -> _Chunk:
    return chunk(header(metric, openmetrics=openmetrics).encode())


def _wants_openmetrics(accept: str) -> bool:
    """Return whether OpenMetrics is named, and not liked less than plain text.

    >>> _wants_openmetrics("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
    True
    >>> _wants_openmetrics("text/plain;q=0.9, application/openmetrics-text;q=0.4"), _wants_openmetrics("*/*")
    (False, False)
    """
    liked = _liked(accept)
    openmetrics = liked.get("application/openmetrics-text", 0.0)
    return openmetrics > 0 and openmetrics >= liked.get("text/plain", 0.0)


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether gzip may be sent.

    >>> accepts_gzip("gzip"), accepts_gzip("br, gzip;q=0.5"), accepts_gzip("*"), accepts_gzip("gzip;q=0, *")
    (True, True, True, False)
    """
    liked = _liked(accept_encoding)
    return liked.get("gzip", liked.get("*", 0.0)) > 0


def _liked(field: str) -> dict[str, float]:
    """Return the best quality each item of an Accept field is given; one that cannot be read counts as none."""
    liked: dict[str, float] = {}
    for item in field.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        said = next((text.partition("=")[2] for text in parameters if text.startswith("q=")), "1")
        if name:
            liked[name] = max(liked.get(name, 0.0), _quality(said))
    return liked


def _quality(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        return 0.0
