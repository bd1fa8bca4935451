"""A pasted text as the page shows it: its words marked by figure, and one card a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from targetwatch import ingest, press
from targetwatch.connectors import RowError
from targetwatch.errors import NotFoundError
from targetwatch.model import Basis, Text
from targetwatch.web import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from targetwatch.model import Indicator
    from targetwatch.press import Found, Proposal
    from targetwatch.web.running import RunningService

MOST_CARDS = 30
LEAST_OTHER = 0.03
"""Less likely indicators are not offered."""
SURE, FAIR = 0.6, 0.3
"""The confidences from which a proposal is called likely, or possible."""
SHOWN = ("period", "basis", "value", "yoy", "qualifier", "rounding", "published")
MARKED = ("indicator", "period", "basis", "value", "unit", "yoy", "qualifier", "published")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `numbers` are the figures it was read for, none for words that were not used."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One field of a card: its name, what was found, and whether the words beside it say so themselves."""

    name: str
    found: Found[object]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """One figure as it would be entered.

    `recorded` is what would become of it; where it cannot be entered yet, `problem` says why. `address` is the form
    with everything filled in that was found, `others` the same for the other indicators it may be of.
    """

    number: int
    proposal: Proposal
    indicator: Indicator | None
    certainty: str
    rows: tuple[ProposalRow, ...]
    address: str
    others: tuple[tuple[Indicator, str], ...] = ()
    recorded: ingest.Recorded | None = None
    problem: RowError | NotFoundError | None = None
    doubts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PressView:
    """The text and its cards; `left` counts the figures beyond the ones shown."""

    pieces: tuple[Piece, ...]
    cards: tuple[ProposalCard, ...]
    left: int = 0


def press_page(service: RunningService, values: Mapping[str, str], *, actor: str) -> PressView:
    """Return what a text seems to say, with the outcome of entering each figure; nothing is written."""
    snapshot = service.current()
    indicators = lookup.indicators(snapshot)
    proposals = _read(service, values, indicators)
    shown = proposals[:MOST_CARDS]
    cards = tuple(
        _card(service, number, proposal, indicators=indicators, link=values["evidence_url"], actor=actor)
        for number, proposal in enumerate(shown, 1)
    )
    return PressView(pieces=_pieces(values["text"], shown), cards=cards, left=len(proposals) - len(shown))


def _read(
    service: RunningService, values: Mapping[str, str], indicators: Mapping[str, Indicator]
) -> tuple[Proposal, ...]:
    """Return the proposals, running totals from where the stored readings of their indicator start."""
    published = date.fromisoformat(values["published_on"]) if values["published_on"] else None

    def read(since: Mapping[str, date]) -> tuple[Proposal, ...]:
        return press.read(
            values["text"],
            tuple(indicators.values()),
            published_on=published,
            today=service.today(),
            publisher=values["publisher"],
            since=since,
        )

    found = read({})
    running = {
        one.indicator.value for one in found if one.indicator and one.basis and one.basis.value is Basis.SINCE_START
    }
    starts = {name: start for name in running if (start := _start(service, indicators[name], indicators))}
    return read(starts) if starts else found


def _start(service: RunningService, indicator: Indicator, indicators: Mapping[str, Indicator]) -> date | None:
    """Return the first day of the running total that was published last; None when none was."""
    totals = [one for one in service.readings_of(indicator, indicators) if one.basis is Basis.SINCE_START]
    return max(totals, key=lambda one: one.period.end).period.start if totals else None


def _card(
    service: RunningService,
    number: int,
    proposal: Proposal,
    *,
    indicators: Mapping[str, Indicator],
    link: str,
    actor: str,
) -> ProposalCard:
    cells = press.entry(proposal) | ({"evidence_url": link} if link else {})
    indicator = indicators[proposal.indicator.value] if proposal.indicator else None
    recorded: ingest.Recorded | None = None
    problem: RowError | NotFoundError | None = None
    if indicator is not None:
        try:
            recorded = ingest.record(
                service.engine, cells, actor=actor, now=service.now(), today=service.today(), dry_run=True
            )
        except (RowError, NotFoundError) as error:
            problem = error
    likely = [one.indicator for one in proposal.candidates if one.confidence >= LEAST_OTHER]
    others = [name for name in likely if indicator is None or name != indicator.id]
    return ProposalCard(
        number=number,
        proposal=proposal,
        indicator=indicator,
        certainty="likely"
        if proposal.confidence >= SURE
        else "possible"
        if proposal.confidence >= FAIR
        else "doubtful",
        rows=tuple(_rows(proposal)),
        address=_address(cells),
        others=tuple((indicators[name], _address({**cells, "indicator": name})) for name in others[:3]),
        recorded=recorded,
        problem=problem,
        doubts=proposal.doubts,
    )


def _rows(proposal: Proposal) -> Iterator[ProposalRow]:
    for name in SHOWN:
        found: Found[object] | None = getattr(proposal, name)
        if found is not None:
            yield ProposalRow(name, found, found.text)


def _address(cells: Mapping[str, str]) -> str:
    return "/figures/new?" + urlencode(cells)


def _pieces(text: str, proposals: Sequence[Proposal]) -> tuple[Piece, ...]:
    """Return the text cut where a mark begins or ends, neighbours of the same figures as one."""
    marks = [
        (found.start, found.end, number)
        for number, proposal in enumerate(proposals, 1)
        for name in MARKED
        if (found := getattr(proposal, name)) is not None and found.text
    ]
    edges = sorted({0, len(text), *(start for start, _, _ in marks), *(end for _, end, _ in marks)})
    opens: dict[int, list[int]] = {}
    closes: dict[int, list[int]] = {}
    for start, end, number in marks:
        opens.setdefault(start, []).append(number)
        closes.setdefault(end, []).append(number)
    pieces: list[Piece] = []
    running: list[int] = []
    for start, end in pairwise(edges):
        for number in closes.get(start, ()):
            running.remove(number)
        running += opens.get(start, ())
        numbers = tuple(sorted(set(running)))
        if pieces and pieces[-1].numbers == numbers:
            pieces[-1] = Piece(pieces[-1].text + text[start:end], numbers)
        else:
            pieces.append(Piece(text[start:end], numbers))
    return tuple(pieces)
