"""Reading a pasted press text: its words marked, one card a figure or a promised target. Nothing is saved here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch import ingest, press
from targetwatch.connectors import LONGEST, RowError
from targetwatch.errors import NotFoundError
from targetwatch.model import Basis
from targetwatch.web import lookup, render
from targetwatch.web.access import READ, Editing
from targetwatch.web.figures import view
from targetwatch.web.forms import Posted
from targetwatch.web.running import Service
from targetwatch.wording import formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targetwatch.model import Indicator
    from targetwatch.press import Held, Promise, Proposal
    from targetwatch.web.running import RunningService
    from targetwatch.wording.translation import Translator

LONGEST_TEXT = 5000
"""A press release is shorter; what is longer is a page, of which a person should choose the sentence."""
TYPED = ("text", "published_on", "publisher", "evidence_url")
MOST_CARDS = 30
MOST_OTHERS = 3
LEAST_OTHER = 0.03
"""Less likely indicators are not offered."""
CERTAINTIES = ((0.6, "likely"), (0.3, "possible"), (0.0, "doubtful"))
"""What a proposal is called from which confidence on."""
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `cards` are those it was read for, none for words that were not used."""

    text: str
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """One figure as it would be entered.

    `recorded` is what would become of it; where it cannot be entered yet, `missing` says why, by field. `address` is
    the form with everything filled in that was found, `others` the same for the other indicators it may be of.
    """

    number: int
    proposal: Proposal
    indicator: Indicator | None
    certainty: str
    address: str
    others: list[tuple[Indicator, str]]
    recorded: ingest.Recorded | None
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCard:
    """One promise as it would be entered as a target, or the target that holds it; `address` is the form filled in.

    `amounts` are its goal, or the two ends of a range, as people read them, `former` where it stood, if that is said.
    """

    number: int
    promise: Promise
    amounts: list[str]
    former: str
    indicator: Indicator | None
    held: Held | None
    address: str


@router.api_route("/figures/press", methods=READ)
def paste(request: Request, _: Editing, service: Service) -> Response:
    """Show where to paste."""
    return _page(request, service, {})


@router.post("/figures/press")
def read(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Show what the text seems to say, and what would become of each figure if it were entered."""
    values = {name: posted.text(name) for name in TYPED}
    _ = render.translator_for(request)
    if errors := _errors(service, values, _):
        return _page(request, service, values, errors=errors, status=422)
    indicators = lookup.indicators(service.current())
    found = list(_proposals(service, values, indicators))
    day = _day(values["published_on"]) or next((one.published_on.value for one in found if one.published_on), None)
    promised = _target_cards(request, service, values, day)
    found = [one for one in found if not _is_promised(one, promised)]
    shown = found[:MOST_CARDS]
    cards = [
        _card(service, number, proposal, indicators=indicators, link=values["evidence_url"], actor=who.actor, _=_)
        for number, proposal in enumerate(shown, 1)
    ]
    marks = [(one.promise.start, one.promise.end, f"target-{one.number}") for one in promised]
    marks += [
        (said.start, said.end, f"figure-{number}")
        for number, proposal in enumerate(shown, 1)
        for name, said in proposal.found.items()
        if said.text and name != "rounding"
    ]
    pieces, left = _pieces(values["text"], marks), len(found) - len(shown)
    return _page(request, service, values, view={"pieces": pieces, "cards": cards, "left": left, "targets": promised})


def _page(request: Request, service: RunningService, values: Mapping[str, str], **more: Any) -> Response:  # noqa: ANN401
    publishers = [(one.id, one.title[render.language_of(request)]) for one in service.current().catalogue.publishers]
    context = {"view": None, "about": press.ABOUT, **more}
    return view.draw(
        request, service, "press.html", values=values, publishers=publishers, longest=LONGEST_TEXT, **context
    )


def _errors(service: RunningService, values: Mapping[str, str], _: Translator) -> dict[str, str]:
    """Return what is wrong with what was typed, by field."""
    wrong: dict[str, str] = {}
    text, day, publisher, link = (values[name] for name in TYPED)
    if not text:
        wrong["text"] = _("Paste a sentence first.")
    elif len(text) > LONGEST_TEXT:
        wrong["text"] = _(
            "{count} characters are too many, expected at most {most}: paste the sentences with the figures.",
            count=len(text),
            most=LONGEST_TEXT,
        )
    if day and _day(day) is None:
        wrong["published_on"] = _("“{said}” is no day, expected one such as 2025-12-09.", said=day)
    if publisher and publisher not in {one.id for one in service.current().catalogue.publishers}:
        wrong["publisher"] = _("“{said}” is no publisher known here, expected one of the list.", said=publisher)
    if link and (not link.casefold().startswith(("http://", "https://")) or len(link) > LONGEST["evidence_url"]):
        wrong["evidence_url"] = _(
            "“{said}” is no link, expected one starting with https:// or http://, of at most {most} characters.",
            said=link[:100],
            most=LONGEST["evidence_url"],
        )
    return wrong


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _proposals(
    service: RunningService, values: Mapping[str, str], indicators: Mapping[str, Indicator]
) -> tuple[Proposal, ...]:
    """Return the proposals, running totals from where the stored readings of their indicator start."""

    def read(since: Mapping[str, date]) -> tuple[Proposal, ...]:
        return press.read(
            values["text"],
            tuple(indicators.values()),
            published_on=_day(values["published_on"]),
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
    _: Translator,
) -> ProposalCard:
    cells = press.entry(proposal) | ({"evidence_url": link} if link else {})
    indicator = indicators[proposal.indicator.value] if proposal.indicator else None
    recorded: ingest.Recorded | None = None
    missing: Mapping[str, str] = {}
    if indicator is not None:
        try:
            recorded = ingest.record(
                service.engine, cells, actor=actor, now=service.now(), today=service.today(), dry_run=True
            )
        except (RowError, NotFoundError) as error:
            missing = view.by_field(error.problems, _)
    likely = [one.indicator for one in proposal.candidates if one.confidence >= LEAST_OTHER]
    others = [name for name in likely if indicator is None or name != indicator.id]
    return ProposalCard(
        number=number,
        proposal=proposal,
        indicator=indicator,
        certainty=next(word for least, word in CERTAINTIES if proposal.confidence >= least),
        address=_address(cells),
        others=[(indicators[name], _address({**cells, "indicator": name})) for name in others[:MOST_OTHERS]],
        recorded=recorded,
        missing=missing,
    )


def _address(cells: Mapping[str, str]) -> str:
    return "/figures/new?" + urlencode(cells)


def _target_cards(
    request: Request, service: RunningService, values: Mapping[str, str], day: date | None
) -> list[TargetCard]:
    """Return the promises of a text of that day, each with the way to the form of a new target or of its own."""
    indicators = lookup.indicators(service.current())
    catalogue, language, _ = service.current().catalogue, render.language_of(request), render.translator_for(request)
    agency = next((one.title[language] for one in catalogue.publishers if one.id == values["publisher"]), "")
    found = press.read_promises(values["text"], tuple(indicators.values()), published_on=day, agency=agency)
    cards = []
    for number, promise in enumerate(found, 1):
        held = press.held(promise, catalogue.targets, indicators)
        indicator = indicators.get(held.target.indicator if held else promise.indicator or "")
        link = {"announcement.url": values["evidence_url"]} if values["evidence_url"] else {}
        if held is not None:
            said = press.promise_fields(promise, indicator) | link if held.changed else {}
            address = f"/targets/{held.target.id}" + ("/edit?" + urlencode(said) if held.changed else "")
        else:
            kind, cells = press.target_entry(promise, indicator, language=language)
            address = f"/new-target/{kind}?" + urlencode(cells | link)
        ends = promise.ends or ((promise.value,) if promise.value is not None else ())
        cards.append(
            TargetCard(
                number=number,
                promise=promise,
                amounts=[formats.number(one, _) for one in ends],
                former="" if promise.former is None else formats.number(promise.former, _),
                indicator=indicator,
                held=held,
                address=address,
            )
        )
    return cards


def _is_promised(proposal: Proposal, promised: Sequence[TargetCard]) -> bool:
    """Return whether a figure is the goal of a promise, and no reading."""
    value = proposal.value
    return value is not None and any(
        one.promise.start <= value.start and value.end <= one.promise.end for one in promised
    )


def _pieces(text: str, marks: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """Return the text cut where a mark begins or ends, neighbours of the same cards as one."""
    edges = sorted({0, len(text), *(start for start, _, _ in marks), *(end for _, end, _ in marks)})
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        cards = tuple(dict.fromkeys(card for first, last, card in marks if first <= start and end <= last))
        if pieces and pieces[-1].cards == cards:
            pieces[-1] = Piece(pieces[-1].text + text[start:end], cards)
        else:
            pieces.append(Piece(text[start:end], cards))
    return pieces
