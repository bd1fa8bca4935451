"""Reading an article: its words marked by figure, a card for each figure, those ticked entered together.

What a person said is not ours is not proposed again when the same publisher says it, and an article that was done with
proposes nothing new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch import ingest, press
from targetwatch.connectors import LONGEST, RowError
from targetwatch.errors import SourceError, StoreError
from targetwatch.ingest import Line
from targetwatch.model import Basis, Indicator, Period, Qualifier
from targetwatch.model.problem import Problem
from targetwatch.store import db, documents
from targetwatch.web import access, just_entered, render
from targetwatch.web.access import READ, Editing, Person
from targetwatch.web.figures import articles, view
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.running import RunningService, Service
from targetwatch.wording import figure_fields, formats, terms
from targetwatch.wording.problems import on_page
from targetwatch.wording.translation import Translator

if TYPE_CHECKING:
    from targetwatch.press import Found, HeldPromise, Promise, Proposal

LONGEST_TEXT = 60_000
"""A long article, or a report of many pages; what is longer is a book, of which a person should choose the part."""
TYPED = ("text", "published_on", "publisher", "evidence_url", "document")
MOST_CARDS = 60
MOST_OTHERS = 3
LEAST_OTHER = 0.03
"""Less likely indicators are not offered."""
CERTAINTIES = ((0.6, "likely"), (0.3, "possible"), (0.0, "doubtful"))
"""What a proposal is called from which confidence on."""
MOST_TICKED = 60
MOST_WAITING = 50
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text; `cards` are those it was read for, none for words that were not used."""

    text: str
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalCard:
    """One figure as it would be entered.

    `line` is what would become of it; where it cannot be entered yet, `missing` says why, by field. `address` is the
    form with everything filled in that was found, `others` the same for the other indicators it may be of. `fields`
    are those that were found, each with what it is called and how it reads.
    """

    number: int
    proposal: Proposal
    indicator: Indicator | None
    certainty: str
    address: str
    others: list[tuple[Indicator, str]]
    line: Line
    missing: Mapping[str, str]
    fields: Mapping[str, tuple[str, str, Found[Any]]]

    @property
    def may_be_saved(self) -> bool:
        """Return whether a tick is enough: it would be stored, or held until somebody accepts it."""
        return self.line.outcome in {"new", "revised", "held"}


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
    held: HeldPromise | None
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text as it was read: the proposals with the number of each, and what was answered to it before.

    `digest` is that of its words, `said_by` whose words they are: the publisher chosen, or the site it stands on.
    """

    digest: str
    said_by: str
    proposals: Mapping[int, Proposal]
    link: str
    promised: Sequence[TargetCard] = ()
    answered: tuple[str, datetime] | None = None

    def cells(self, number: int) -> dict[str, str]:
        """Return a proposal in the words it is entered by."""
        return press.entry(self.proposals[number]) | ({"evidence_url": self.link} if self.link else {})

    def subject(self, number: int) -> tuple[str, str]:
        """Return what is dismissed with a proposal: the indicator, and the words it was taken from."""
        found = self.proposals[number].indicator
        return (found.value, found.text.casefold()) if found else ("", "")

    @property
    def seen(self) -> str:
        """Return what tells these proposals from others."""
        return _digest(repr([self.cells(number) for number in self.proposals]))


@router.api_route("/figures/press", methods=READ)
def paste(request: Request, _: Editing, service: Service) -> Response:
    """Show where to paste, and what became of the article just read."""
    saved = just_entered.saved(service, request.query_params.get("saved", ""))
    return _page(request, service, {}, saved=saved)


@router.post("/figures/press")
def read(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Show what the text seems to say, and what would become of each figure; enter what was ticked, all at once."""
    values, doing = {name: posted.text(name) for name in TYPED}, posted.text("do")
    _ = render.translator_for(request)
    errors = _errors(service, values, _)
    if errors.keys() <= {"text"}:
        try:
            values = articles.given(service, posted, values)
        except SourceError as error:
            where = "file" if posted.files else "evidence_url"
            wrong = {where: " ".join(on_page(one, _) for one in error.problems)}
            return _page(request, service, values, errors=wrong, status=422)
        errors = _errors(service, values, _)
    if errors:
        return _page(request, service, values, errors=errors, status=422)
    article = _article(request, service, values, anew=posted.asked("anew"))
    if doing not in {"save", "none"}:
        return _shown(request, service, values, article)
    if posted.text("seen") != article.seen:
        return _shown(request, service, values, article, wrong=_(view.CHANGED), status=409)
    ticked, refused = (_numbers(posted, name, article) for name in ("take", "refuse"))
    if doing == "save" and not ticked and not refused:
        nothing = _("Tick what is to be saved, or say that nothing here is ours.")
        return _shown(request, service, values, article, wrong=nothing, status=422)
    try:
        ticked = ticked if doing == "save" else []
        return _settled(request, service, article, who, ticked=ticked, refused=refused, waited=values["document"])
    except StoreError:
        return _shown(request, service, values, article, wrong=_(view.BUSY), status=503)
    except RowError as error:
        said = " ".join(on_page(one, _) for one in error.problems)
        return _shown(request, service, values, article, wrong=said, status=422)


def _settled(
    request: Request,
    service: RunningService,
    article: Article,
    who: Person,
    *,
    ticked: Sequence[int],
    refused: Sequence[int],
    waited: str,
) -> Response:
    """Enter what was ticked in one stroke, and remember that the article is done with.

    Raises:
        RowError: something that was ticked cannot be entered; then nothing is.
    """
    now, numbers = service.now(), list[int]()
    if ticked:
        rows = [(number, article.cells(number)) for number in ticked]
        reason = Problem("read_article", {"count": len(rows)}).to_text()
        table = ingest.enter_table(
            service.engine, rows, actor=who.actor, now=now, today=service.today(), reason=reason, hold=True
        )
        if not table.stored:
            raise RowError([problem for line in table.lines for problem in line.problems])
        numbers = [line.id for line in table.lines if line.outcome in {"new", "revised"} and line.id]
    with db.writing(service.engine, who.actor, now=now) as session:
        subjects = [subject for number in refused if all(subject := article.subject(number))]
        documents.answer(
            session, article.digest, article.said_by, dismissed=dict.fromkeys(subjects), actor=who.actor, now=now
        )
        if waited:
            documents.settle(session, articles.waiting(service, waited).id)
    service.judge()
    saved = f"&saved={min(numbers)}..{max(numbers)}" if numbers else ""
    return render.redirect(request, f"/figures/press?done={'article_saved' if ticked else 'article_settled'}{saved}")


def _numbers(posted: Filled, name: str, article: Article) -> list[int]:
    """Return the proposals whose box of that name was ticked."""
    said = posted.lists.get(name, ())[:MOST_TICKED]
    return [number for one in said if one.isdecimal() and (number := int(one[:4])) in article.proposals]


def _shown(
    request: Request,
    service: RunningService,
    values: Mapping[str, str],
    article: Article,
    *,
    wrong: str = "",
    status: int = 200,
) -> Response:
    """Show an article with its proposals marked, by indicator in the order in which they are first told of."""
    _, indicators = render.translator_for(request), service.current().catalogue.indicators_by_id
    shown = dict(list(article.proposals.items())[:MOST_CARDS])
    rows = [(number, article.cells(number)) for number in shown]
    told = ingest.enter_table(service.engine, rows, actor="", now=service.now(), today=service.today(), dry_run=True)
    cards = [_card(article, line, indicators, _) for line in told.lines]
    grouped: dict[str, list[ProposalCard]] = {}
    for card in cards:
        grouped.setdefault(card.indicator.id if card.indicator else "", []).append(card)
    answered = article.answered
    return _page(
        request,
        service,
        values,
        view={
            "pieces": _pieces(values["text"], _marks(shown, article.promised)),
            "targets": article.promised,
            "groups": list(grouped.values()),
            "count": len(cards),
            "may_be_saved": sum(card.may_be_saved for card in cards),
            "left": len(article.proposals) - len(shown),
            "seen": article.seen,
            "answered_by": access.actor_said(answered[0], _.language) if answered else "",
            "answered_at": answered[1].astimezone(service.settings.zone) if answered else None,
        },
        errors={"": wrong} if wrong else {},
        status=status,
    )


def _page(request: Request, service: RunningService, values: Mapping[str, str], **more: Any) -> Response:  # noqa: ANN401
    publishers = [(one.id, one.title[render.language_of(request)]) for one in service.current().catalogue.publishers]
    with db.reading(service.engine) as session:
        inbox = documents.waiting(session)[:MOST_WAITING]
    context = {
        "view": None,
        "about": press.ABOUT,
        "typed": TYPED,
        "saved": (),
        "indicators": service.current().catalogue.indicators_by_id,
        "inbox": inbox,
        **more,
    }
    return view.draw(
        request, service, "press.html", values=values, publishers=publishers, longest=LONGEST_TEXT, **context
    )


def _errors(service: RunningService, values: Mapping[str, str], _: Translator) -> dict[str, str]:
    """Return what is wrong with what was typed, by field."""
    wrong: dict[str, str] = {}
    text, day, publisher, link, _document = (values[name] for name in TYPED)
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


def _article(request: Request, service: RunningService, values: Mapping[str, str], *, anew: bool) -> Article:
    """Return what a text says, without what a person said is not ours; of one done with nothing, unless `anew`."""
    digest = _digest("".join(values["text"].split()))
    said_by = values["publisher"] or (urlsplit(values["evidence_url"]).hostname or "")
    with db.reading(service.engine) as session:
        answered = documents.answered(session, digest)
        refused = documents.dismissed(session, said_by) if said_by else frozenset()
    is_new, indicators = answered is None or anew, service.current().catalogue.indicators_by_id
    found = _proposals(service, values, indicators) if is_new else ()
    day = _day(values["published_on"]) or next((one.published_on.value for one in found if one.published_on), None)
    promised = _target_cards(request, service, values, day) if is_new else []
    found = tuple(one for one in found if not _is_promised(one, promised))
    every = dict(enumerate(found, 1))
    article = Article(digest=digest, said_by=said_by, proposals=every, link=values["evidence_url"], answered=answered)
    kept = {number: one for number, one in every.items() if article.subject(number) not in refused}
    return replace(article, proposals=kept, promised=promised)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


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


def _card(article: Article, line: Line, indicators: Mapping[str, Indicator], _: Translator) -> ProposalCard:
    proposal, cells = article.proposals[line.number], article.cells(line.number)
    indicator = indicators[proposal.indicator.value] if proposal.indicator else None
    likely = [one.indicator for one in proposal.candidates if one.confidence >= LEAST_OTHER]
    others = [name for name in likely if indicator is None or name != indicator.id]
    return ProposalCard(
        number=line.number,
        proposal=proposal,
        indicator=indicator,
        certainty=next(word for least, word in CERTAINTIES if proposal.confidence >= least),
        address=_address(cells),
        others=[(indicators[name], _address({**cells, "indicator": name})) for name in others[:MOST_OTHERS]],
        line=line,
        missing=view.by_field(line.problems, _) if indicator else {},
        fields={name: (label, _said(name, one, line, indicator, _), one) for name, label, one in _found(proposal, _)},
    )


def _found(proposal: Proposal, _: Translator) -> Iterator[tuple[str, str, Found[Any]]]:
    """Give the fields that are shown, each by its name and what it is called; of a rounding only what was inferred."""
    for name, label in figure_fields.labels(_, figure_fields.PROPOSED).items():
        one = proposal.found.get(name)
        if one and (name != "rounding" or one.inferred):
            yield name, label, replace(one, inferred=one.inferred and name != "qualifier")


def _said(name: str, found: Found[Any], line: Line, indicator: Indicator | None, _: Translator) -> str:
    """Return a field as people read it, by its type; an amount as it would be entered, else as it is printed."""
    match found.value:
        case Period():
            return formats.period(found.value, _)
        case Basis():
            return _(terms.BASIS_CHOICES[found.value])
        case Qualifier():
            return _(terms.QUALIFIERS[found.value])
        case date():
            return formats.day(found.value, _)
    if name == "yoy":
        return formats.percent(found.value)
    if line.reading is None or indicator is None:
        return found.typed if name == "value" else f"± {found.typed}"
    if name == "value":
        return formats.printed(line.reading, indicator, _)
    return f"± {formats.width(line.reading.rounding, indicator, _)}"


def _address(cells: Mapping[str, str]) -> str:
    return "/figures/new?" + urlencode(cells)


def _target_cards(
    request: Request, service: RunningService, values: Mapping[str, str], day: date | None
) -> list[TargetCard]:
    """Return the promises of a text of that day, each with the way to the form of a new target or of its own."""
    indicators = service.current().catalogue.indicators_by_id
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


def _marks(shown: Mapping[int, Proposal], promised: Sequence[TargetCard]) -> list[tuple[int, int, str]]:
    """Return where words were read, from which place to which, for which card."""
    marks = [(one.promise.start, one.promise.end, f"target-{one.number}") for one in promised]
    return marks + [
        (said.start, said.end, f"figure-{number}")
        for number, proposal in shown.items()
        for name, said in proposal.found.items()
        if said.text and name != "rounding"
    ]


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
