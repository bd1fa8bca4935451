"""The exposition: bytes made when the snapshot is, so that a scrape only hands them over.

The targets are cut into blocks. A block whose verdicts are the very objects it was made of is taken as it is, plain and
compressed, so that one more reading costs the lines of one block and the putting together.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from operator import is_
from typing import TYPE_CHECKING, TypeVar

from targetwatch.metrics import gzipped
from targetwatch.metrics.families import (
    INDICATOR_FAMILIES,
    SNAPSHOT_FAMILIES,
    TARGET_FAMILIES,
    Judged,
    Shown,
    of_snapshot,
)
from targetwatch.metrics.lines import header
from targetwatch.metrics.negotiation import OPENMETRICS, TEXT, accepts_gzip, wants_openmetrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from targetwatch.metrics.catalogue import Metric
    from targetwatch.metrics.service import Service
    from targetwatch.model import Catalogue, Figure, Indicator, Snapshot, Target, Verdict

T = TypeVar("T")
BLOCK_SIZE = 64
"""How many targets (or indicators) are formatted and compressed together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines, plain and deflated."""

    plain: bytes
    deflated: bytes

    @classmethod
    def of(cls, text: str) -> Piece:
        """Return the piece of a text."""
        plain = text.encode()
        return cls(plain, gzipped.deflate(plain))


@dataclass(frozen=True, slots=True)
class Page:
    """The frozen part of the exposition: everything that a snapshot says."""

    plain: tuple[bytes, ...] = ()
    deflated: tuple[bytes, ...] = ()
    crc: int = 0
    size: int = 0

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Page:
        """Return the page of pieces in a row."""
        plain = tuple(piece.plain for piece in pieces)
        deflated = tuple(piece.deflated for piece in pieces)
        return cls(plain, deflated, gzipped.checksum(plain), sum(map(len, plain)))

    def text(self, tail: bytes = b"") -> bytes:
        """Return the page with `tail` after it."""
        return b"".join([*self.plain, tail])

    def gzip(self, tail: bytes = b"") -> bytes:
        """Return the page with `tail` after it, compressed; only the tail is compressed now."""
        crc = gzipped.checksum([tail], self.crc)
        return gzipped.assemble([*self.deflated, gzipped.deflate(tail)], crc, self.size + len(tail))


@dataclass(frozen=True, slots=True)
class _Block:
    """The pieces of some targets (or indicators), family by family; `said` is what they were made of."""

    said: Sequence[object]
    pieces: tuple[Piece | None, ...]

    @classmethod
    def of(cls, said: Sequence[object], lines: Iterable[tuple[str, ...]], families: int) -> _Block:
        texts = ["".join(column) for column in zip(*lines, strict=True)] or [""] * families
        return cls(said, tuple(Piece.of(text) if text else None for text in texts))

    def made_of(self, said: Sequence[object]) -> bool:
        return len(said) == len(self.said) and all(map(is_, said, self.said))


class Exposition:
    """The bytes of /metrics. `service` adds what the process says of itself, at every scrape."""

    def __init__(self, zone: tzinfo, *, owner_email: bool = True, service: Service | None = None) -> None:
        self._zone, self._owner_email, self._service = zone, owner_email, service
        self._page = Page()
        self._rendering = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._targets: list[tuple[Target, ...]] = []
        self._indicators: list[tuple[Indicator, ...]] = []
        self._by_name: dict[str, Indicator] = {}
        self._promised: frozenset[str] = frozenset()
        self._target_blocks: list[_Block | None] = []
        self._indicator_blocks: list[_Block | None] = []

    def show(self, snapshot: Snapshot) -> None:
        """Answer with this snapshot from now on."""
        self._page = self.render(snapshot)

    def answer(self, accept: str = "", accept_encoding: str = "") -> tuple[bytes, dict[str, str]]:
        """Return the body and its headers, in the format and encoding asked for; the database is not asked."""
        openmetrics = wants_openmetrics(accept)
        tail = b"" if self._service is None else self._service.text(openmetrics=openmetrics)
        if openmetrics:
            tail += b"# EOF\n"
        headers = {"Content-Type": OPENMETRICS if openmetrics else TEXT, "Vary": "Accept, Accept-Encoding"}
        if not accepts_gzip(accept_encoding):
            return self._page.text(tail), headers
        return self._page.gzip(tail), {**headers, "Content-Encoding": "gzip"}

    def render(self, snapshot: Snapshot) -> Page:
        """Return the page of a snapshot; what it shares with the one rendered before is not made again."""
        with self._rendering:
            if snapshot.catalogue is not self._catalogue:
                self._configure(snapshot.catalogue)
            for number, targets in enumerate(self._targets):
                block, first = self._target_blocks[number], 1 + number * BLOCK_SIZE
                self._target_blocks[number] = self._of_targets(block, targets, snapshot.verdicts, first=first)
            for number, indicators in enumerate(self._indicators):
                self._indicator_blocks[number] = self._of_indicators(
                    self._indicator_blocks[number], indicators, snapshot.figures, snapshot.held
                )
            head = _Block.of((), [of_snapshot(snapshot)], len(SNAPSHOT_FAMILIES))
            return Page.of(
                [
                    *_in_order(SNAPSHOT_FAMILIES, [head]),
                    *_in_order(TARGET_FAMILIES, self._target_blocks),
                    *_in_order(INDICATOR_FAMILIES, self._indicator_blocks),
                ]
            )

    def _configure(self, catalogue: Catalogue) -> None:
        """Forget every block, and cut the targets and indicators anew."""
        self._catalogue = catalogue
        self._by_name = {indicator.id: indicator for indicator in catalogue.indicators}
        self._promised = frozenset(target.indicator for target in catalogue.targets)
        self._targets = list(_cut(catalogue.targets))
        self._indicators = list(_cut(catalogue.indicators))
        self._target_blocks = [None] * len(self._targets)
        self._indicator_blocks = [None] * len(self._indicators)

    def _of_targets(
        self, block: _Block | None, targets: tuple[Target, ...], verdicts: Mapping[str, Verdict], *, first: int
    ) -> _Block:
        said = [verdicts.get(target.id) for target in targets]
        if block is not None and block.made_of(said):
            return block
        lines = [
            Judged(target, self._by_name[target.indicator], verdict, position).lines(
                self._zone, owner_email=self._owner_email
            )
            for position, (target, verdict) in enumerate(zip(targets, said, strict=True), first)
            if verdict is not None
        ]
        return _Block.of(said, lines, len(TARGET_FAMILIES))

    def _of_indicators(
        self,
        block: _Block | None,
        indicators: tuple[Indicator, ...],
        figures: Mapping[str, Figure],
        held: Mapping[str, int],
    ) -> _Block:
        shown = [None if one.id in self._promised else figures.get(one.id) for one in indicators]
        waiting = [held.get(one.id, 0) for one in indicators]
        if block is not None and block.made_of([*shown, *waiting]):
            return block
        lines = [
            Shown(one, figure, count, one.id not in self._promised).lines(self._zone)
            for one, figure, count in zip(indicators, shown, waiting, strict=True)
        ]
        return _Block.of([*shown, *waiting], lines, len(INDICATOR_FAMILIES))


def _cut(values: Sequence[T]) -> Iterator[tuple[T, ...]]:
    return (tuple(values[at : at + BLOCK_SIZE]) for at in range(0, len(values), BLOCK_SIZE))


def _in_order(families: Sequence[Metric], blocks: Sequence[_Block | None]) -> Iterator[Piece]:
    """Return the pieces family by family, each under its header; a family without a sample is left out."""
    for number, metric in enumerate(families):
        pieces = [piece for block in blocks if block is not None and (piece := block.pieces[number]) is not None]
        if pieces:
            yield _opening(metric)
            yield from pieces


@cache
def _opening(metric: Metric) -> Piece:
    return Piece.of(header(metric))
