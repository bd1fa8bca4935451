"""A mail's news as it stands in the mail, one section each: HTML and plain text are made of the same words.

The status is told by word, sign and colour; the colours are Okabe and Ito's, dark enough for white letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from targetwatch.evaluation.status import DECIDED, LAGGING, is_done_late
from targetwatch.mail.letter import Kind, Letter, Links, News, Said
from targetwatch.model import Indicator, Measure, Performance, Target, Verdict
from targetwatch.wording import card
from targetwatch.wording import mail as words
from targetwatch.wording import verdict as verdict_words
from targetwatch.wording.problems import on_page, placed_on_page
from targetwatch.wording.schedule import data_state
from targetwatch.wording.translation import Translator, translator

LOOKS = {
    Performance.MISSED: ("✕", "#7a2f5d"),
    Performance.OFF_TRACK: ("▼", "#b84a00"),
    Performance.AT_RISK: ("▲", "#8a5a00"),
    Performance.ACHIEVED: ("★", "#005a9c"),
    Performance.ON_TRACK: ("✓", "#00694e"),
}
OTHERWISE = ("●", "#4a5763")
"""The sign and colour of what is no matter of performance, or not decided."""
RUNBOOKS = {
    Performance.MISSED: "target-missed",
    Performance.OFF_TRACK: "target-off-track",
    Performance.AT_RISK: "target-at-risk",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One thing told. `what` and `title` make the subject; `lists` have headings, `answer` is "I know"."""

    what: str
    look: tuple[str, str] = OTHERWISE
    beside: str = ""
    title: str = ""
    sentence: str = ""
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    advice: str = ""
    answer: tuple[str, str] | None = None
    links: tuple[tuple[str, str], ...] = ()
    target: str = ""
    pictured: bool = field(default=False)


def look_of(verdict: Verdict) -> tuple[str, str]:
    """Return the sign and colour of a verdict: done late, a tick in the colour of what is missed."""
    sign, color = LOOKS.get(verdict.performance, OTHERWISE)
    return (LOOKS[Performance.ON_TRACK][0] if is_done_late(verdict) else sign, color)


def section_of(news: News, letter: Letter, links: Links) -> Section:
    """Return how one thing is told."""
    _ = translator(letter.receiver.language)
    match news.kind:
        case Kind.LATE:
            return _late(news, letter, links, _)
        case Kind.SOURCE:
            return _source(news, letter, links, _)
        case Kind.HELD:
            return _held(news, links, _)
    return _target(news, letter, links, _)


def _target(news: News, letter: Letter, links: Links, _: Translator) -> Section:
    """Return how a change of status is told, or that a trouble lasts."""
    target, indicator, verdict = news.target, news.indicator, news.verdict
    assert target is not None
    assert indicator is not None
    assert verdict is not None
    now, is_still = verdict.performance, news.kind is Kind.STILL
    days = (letter.day - news.began_on).days if is_still and news.began_on is not None else None
    lists = []
    if is_still and news.then is not None:
        lists.append((words.since_mail(news.then.told_on, _), _changed_since(news.then, verdict, indicator, _)))
    elif between := words.steps_between(news.between, news.told, news.then.told_on if news.then else None, _):
        lists.append((_(words.BEFORE), between))
    guide = RUNBOOKS.get(now)
    know = links.know(letter.receiver.id, target.id) if now in LAGGING else ""
    return Section(
        what=words.happened(verdict, _, corrected=news.corrected, still_days=days),
        look=look_of(verdict),
        beside=words.by_deadline(verdict, _),
        title=target.title[_.language],
        sentence=verdict_words.reason(verdict, indicator, _),
        lists=tuple(lists),
        rows=tuple(_rows(news, target, indicator, verdict, letter, _)),
        advice=words.advice(verdict, indicator, _),
        links=_links(
            ("see", links.page(f"targets/{target.id}")),
            ("evidence", verdict.evidence if verdict.evidence.startswith(("http://", "https://")) else ""),
            ("guide", links.page(f"runbooks/{guide}") if guide else ""),
            _=_,
        ),
        answer=(_(words.BUTTONS["know"]), know) if know else None,
        target=target.id,
        pictured=indicator.measure is not Measure.MILESTONES,
    )


def _changed_since(then: Said, verdict: Verdict, indicator: Indicator, _: Translator) -> tuple[str, ...]:
    return words.changed_since(
        verdict,
        indicator,
        _,
        through=then.data_through,
        value=then.actual_value,
        odds=then.attainment_probability,
        steps_done=then.steps_done,
    )


def _rows(
    news: News, target: Target, indicator: Indicator, verdict: Verdict, letter: Letter, _: Translator
) -> Iterator[tuple[str, str]]:
    """Yield the figures by their names; what is not known, or matters no more, is left out."""
    version = target.versions[verdict.version - 1]
    is_of_steps = indicator.measure is Measure.MILESTONES
    is_open, since = verdict.performance not in DECIDED, verdict.performance_since
    began = news.began_on if verdict.performance in LAGGING else None
    found = {
        "value": words.standing_of(verdict, version, indicator, _),
        "plan": verdict_words.plan(verdict, indicator, _) if is_open else "",
        "odds": card.odds(verdict, indicator, _),
        "needed": card.needed(verdict, indicator, _),
        "since" if is_open else "known_since": words.since(since, began, letter.day, _) if since else "",
        "data": "" if is_of_steps else data_state(verdict, letter.day, _),
        "known": _known(news, _),
    }
    yield from ((_(words.LABELS[name]), said) for name, said in found.items() if said)


def _known(news: News, _: Translator) -> str:
    given = news.acknowledged
    return words.known_to(given.by, given.note, given.until, _) if given else ""


def _late(news: News, letter: Letter, links: Links, _: Translator) -> Section:
    indicator, due = news.indicator, news.late_since
    assert indicator is not None
    assert due is not None
    rows = []
    if news.target is not None and news.verdict is not None:
        standing = verdict_words.performance(news.verdict, _)
        rows = [(_(words.LABELS["target"]), f"{news.target.title[_.language]}{_(': ')}{standing}")]
        if news.verdict.data_through is not None:
            rows.append((_(words.LABELS["data"]), words.figures_to(news.verdict.data_through, _)))
    page = f"targets/{news.target.id}" if news.target else f"indicators/{indicator.id}"
    return Section(
        what=_(words.HAPPENED["late"]),
        title=indicator.title[_.language],
        sentence=words.late(due, (letter.day - due).days, _),
        rows=tuple(rows),
        advice=_(words.ADVICE["late"]),
        links=_links(("see", links.page(page)), ("guide", links.page("runbooks/release-late")), _=_),
    )


MOST_DIFFERENCES = 5
GUIDES = {"source": "runbooks/ingest-failing", "drifted": "runbooks/source-drifted"}


def _source(news: News, letter: Letter, links: Links, _: Translator) -> Section:
    source, run = news.source, news.run
    assert source is not None
    rows = []
    if run is not None:
        ended = run.finished_at.astimezone(letter.written_at.tzinfo)
        rows = [(_(words.LABELS["run"]), words.moment(ended, _))]
    failed = on_page(run.reason, _) if run is not None and run.reason is not None and not news.mended else ""
    trouble = "source"
    if run is not None and run.outcome == "drifted":
        trouble, failed = "drifted", " ".join(placed_on_page(one, _) for one in run.problems[:MOST_DIFFERENCES])
    return Section(
        what=_(words.HAPPENED["mended" if news.mended else trouble]),
        look=LOOKS[Performance.ON_TRACK] if news.mended else LOOKS[Performance.OFF_TRACK],
        title=source.title[_.language] or source.id,
        sentence=_(words.MENDED) if news.mended else failed,
        rows=tuple(rows),
        advice="" if news.mended else _(words.ADVICE[trouble]),
        links=_links(
            ("source", links.page(f"sources/{source.id}")),
            ("guide", "" if news.mended else links.page(GUIDES[trouble])),
            _=_,
        ),
    )


def _held(news: News, links: Links, _: Translator) -> Section:
    count = sum(number for _indicator, number in news.held)
    return Section(
        what=_(words.HAPPENED["held"]),
        title=words.held(count, _),
        rows=tuple((one.title[_.language], str(number)) for one, number in news.held),
        advice=_(words.ADVICE["held"]),
        links=_links(("held", links.page("held")), ("guide", links.page("runbooks/readings-held")), _=_),
    )


def _links(*found: tuple[str, str], _: Translator) -> tuple[tuple[str, str], ...]:
    """Return the links there are, by what they are called."""
    return tuple((_(words.BUTTONS[name]), address) for name, address in found if address)
