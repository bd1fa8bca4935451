"""A letter or a digest made into a mail: subject, HTML, the same as plain text, the course drawn, the headers. Pure.

The small picture is the server's drawing as PNG, without words: a server may have no Chinese font, and a mail client
shows no SVG. What the picture shows, the mail says. HTML and plain text are made of the same words, a section for each
thing told. The status is told by word, sign and colour; the colours are Okabe and Ito's, dark enough for white letters.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from itertools import pairwise
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from targetwatch.chart import Picture, Size, bar_of, course_of, draw, moves_of, words_of
from targetwatch.evaluation import versions
from targetwatch.evaluation.status import DECIDED, LAGGING, is_done_late
from targetwatch.mail.letter import Digest, Kind, Letter, Links, News, Said, TargetLine
from targetwatch.model import AsOf, Indicator, Measure, Performance, Reading, Target, Verdict
from targetwatch.settings import Settings
from targetwatch.wording import card
from targetwatch.wording import mail as words
from targetwatch.wording import verdict as verdict_words
from targetwatch.wording.problems import on_page, placed_on_page
from targetwatch.wording.schedule import data_state
from targetwatch.wording.translation import HTML_LANG, LANGUAGES, Translator, translator

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
    return _of_target(news, letter, links, _)


def _of_target(news: News, letter: Letter, links: Links, _: Translator) -> Section:
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


MOST_PICTURES = 6
"""A mail with more of them would be too heavy for a phone."""


def compose(
    letter: Letter,
    *,
    settings: Settings,
    keys: Sequence[str] = (),
    readings: Callable[[str], Sequence[Reading]] | None = None,
) -> EmailMessage:
    """Return the mail a letter is.

    `keys` sign its links; with `readings`, which gives those of an indicator, it shows the course of its targets.
    """
    letter = replace(letter, written_at=letter.written_at.astimezone(settings.zone))
    links = Links(url=settings.external_url, keys=tuple(keys), day=letter.day)
    sections = [section_of(one, letter, links) for one in letter.news]
    pictures = _pictures(letter, sections, AsOf.end_of(letter.day, settings.zone), readings) if readings else {}
    unsubscribe = links.unsubscribe(letter.receiver.id) if _is_repeated(letter) else ""
    language = letter.receiver.language
    _ = translator(language)
    subject = _subject(letter, sections)
    values = {
        "language": language,
        "html_language": HTML_LANG.get(language, language),
        "subject": subject,
        "sections": sections,
        "pictures": pictures,
        "groups": groups_of(letter.digest, links, language) if letter.digest else [],
        "notice": _(words.SIMULATED) if letter.simulated else "",
        "why": words.why(_, is_owner=letter.receiver.is_owner, is_digest=letter.digest is not None),
        "unsubscribe": unsubscribe,
        "colon": _(": "),
        "words": {name: _(said) for name, said in words.AROUND.items()},
    }
    message = EmailMessage(policy=SMTP)
    _head(message, letter, settings, subject=subject, unsubscribe=unsubscribe)
    message.set_content(_template("mail.txt").render(values))
    message.add_alternative(_template("mail.html").render(values), subtype="html")
    html = message.get_payload(1)
    for target, (png, _caption) in pictures.items():
        html.add_related(png, "image", "png", cid=f"<{target}@course>", disposition="inline", filename=f"{target}.png")  # type: ignore[union-attr]
    return message


def page(message: EmailMessage) -> str:
    """Return the HTML of a mail with its pictures inside, for a browser."""
    body = message.get_body(("html",))
    said = "" if body is None else str(body.get_content())
    for part in message.walk():
        if part.get_content_maintype() == "image":
            data = b64encode(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]
            said = said.replace(
                f"cid:{part['Content-ID'].strip('<>')}", f"data:{part.get_content_type()};base64,{data}"
            )
    return said


def _subject(letter: Letter, sections: Sequence[Section]) -> str:
    _ = translator(letter.receiver.language)
    if letter.digest is not None:
        said = subject_of(letter.digest, letter.receiver.language)
    else:
        said = words.subject(sections[0].what, sections[0].title, len(sections) - 1, _)
    return " ".join((_("[Simulated] {subject}", subject=said) if letter.simulated else said).split())


def _head(message: EmailMessage, letter: Letter, settings: Settings, *, subject: str, unsubscribe: str) -> None:
    name, address = parseaddr(settings.mail_from)
    message["From"] = Address(name, addr_spec=address) if address else "targetwatch@localhost"
    box, _at, domain = letter.receiver.email.rpartition("@")
    if domain:
        message["To"] = Address(" ".join(letter.receiver.name.split()), box, domain)
    message["Subject"] = subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        message["In-Reply-To"] = message["References"] = letter.in_reply_to
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        if settings.secure:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _is_repeated(letter: Letter) -> bool:
    """Return whether a mail tells nothing but what its receiver may do without: a digest, or reminders alone."""
    return letter.digest is not None or all(one.kind is Kind.STILL for one in letter.news)


def _pictures(
    letter: Letter, sections: Sequence[Section], as_of: AsOf, readings: Callable[[str], Sequence[Reading]]
) -> dict[str, tuple[bytes, str]]:
    """Return the pictures by target with what is said below each, of the worst news first."""
    found: dict[str, tuple[bytes, str]] = {}
    for news, section in zip(letter.news, sections, strict=True):
        if not section.pictured or len(found) == MOST_PICTURES:
            continue
        assert news.target is not None
        assert news.indicator is not None
        assert news.verdict is not None
        known = readings(news.indicator.id)
        if drawn := picture_of(news.target, news.indicator, news.verdict, known, as_of):
            png, kinds = drawn
            found[news.target.id] = png, words.caption(kinds, translator(letter.receiver.language))
    return found


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("targetwatch.mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> Any:  # noqa: ANN401 - Jinja's
    return _environment().get_template(name)


TRACK, TICK, GAP = "#cfd7de", "#16202a", (1.0, "#ffffff")
TICK_WIDTH = 1.5
"""Of the plan in a bar, in percent of its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One line; `bar` are stretches (percent of the width, colour), which the words beside it say too."""

    what: str = ""
    look: tuple[str, str] = OTHERWISE
    title: str
    said: str
    url: str = ""
    bar: tuple[tuple[float, str], ...] = ()


def groups_of(digest: Digest, links: Links, language: str) -> list[tuple[str, list[DigestLine]]]:
    """Return the lines of a digest under their headings; a heading without lines is left out."""
    _ = translator(language)
    changed = {one.target.id for one in digest.changed}
    found = {
        "changed": [_target(one, links, _, said=_changed(one, _)) for one in digest.changed],
        "lagging": [_target(one, links, _) for one in digest.lagging if one.target.id not in changed],
        "deadlines": [_target(one, links, _) for one in digest.deadlines],
        "releases": [
            DigestLine(
                title=indicator.title[language],
                said=words.due(due, _),
                url=links.page(f"indicators/{indicator.id}"),
            )
            for indicator, due in digest.releases
        ],
    }
    return [(_(words.GROUPS[name]), lines) for name, lines in found.items() if lines]


def subject_of(digest: Digest, language: str) -> str:
    """Return the subject: how the targets told of stand, the worst first."""
    told = {line.target.id: line.verdict.performance for line in (*digest.lagging, *digest.changed)}
    counts = Counter(told.values())
    return words.standing([(one, counts[one]) for one in LOOKS], translator(language))


def _target(line: TargetLine, links: Links, _: Translator, *, said: str = "") -> DigestLine:
    verdict = line.verdict
    deadline = words.by_deadline(verdict, _)
    given = line.acknowledged
    known = words.acknowledged(given.by, given.until, _) if given else ""
    parts = [
        said,
        *words.outlook(verdict, line.target.versions[verdict.version - 1], line.indicator, _),
        deadline,
        known,
    ]
    return DigestLine(
        what=verdict_words.performance(verdict, _),
        look=look_of(verdict),
        title=line.target.title[_.language],
        said=_("; ").join(part for part in parts if part),
        url=links.page(f"targets/{line.target.id}"),
        bar=bar(verdict, line.indicator),
    )


def _changed(line: TargetLine, _: Translator) -> str:
    change = line.change
    return "" if change is None else words.turned(change, _)


def bar(verdict: Verdict, indicator: Indicator) -> tuple[tuple[float, str], ...]:
    """Return progress and plan as coloured stretches of a bar; none where there is nothing to measure against."""
    _sign, color = look_of(verdict)
    drawn = bar_of(verdict, indicator)
    if drawn is None:
        return ()
    if indicator.measure is Measure.MILESTONES:
        wide = round(100 / len(drawn.steps), 2) - GAP[0]
        steps = [((wide, TRACK if one.done_on is None else color), GAP) for one in drawn.steps]
        return tuple(stretch for pair in steps for stretch in pair)[:-1]
    fill, plan = drawn.fill or 0.0, drawn.plan
    tick = None if plan is None else max(plan - TICK_WIDTH, 0.0)
    marks = {0.0, fill, 100.0} | (set() if plan is None or tick is None else {tick, plan})
    stretches = pairwise(sorted(marks))
    return tuple(
        (round(end - start, 2), TICK if start == tick else color if end <= fill else TRACK) for start, end in stretches
    )


SIZE = Size("mail", 620, 250)
PIXELS_WIDE = 1080
"""Twice what a mail shows, for screens that can."""
STYLE = """
text { display: none }
.reach { fill: none }
.grid { stroke: #e3e8ed }
.grid-tick { stroke: #aab5c0 }
.line-goal { stroke: #17212b; stroke-width: 2; stroke-dasharray: 8 5 }
.line-goal-before { stroke: #17212b; stroke-width: 2; stroke-dasharray: 8 5; stroke-opacity: 0.4 }
.band-goal { fill: #009e73; fill-opacity: 0.12 }
.line-plan { fill: none; stroke: #8b97a3; stroke-width: 3 }
.line-actual { fill: none; stroke: #0072b2; stroke-width: 4 }
.line-today { stroke: #4c5a68; stroke-dasharray: 2 3 }
.line-deadline, .line-move { stroke: #aab5c0; stroke-width: 1.5 }
.fan-forecast { fill: #56b4e9; fill-opacity: 0.22 }
.line-forecast { fill: none; stroke: #0072b2; stroke-width: 3; stroke-dasharray: 3 5 }
.interval-forecast { stroke: #0072b2; stroke-width: 4 }
.spot { fill: #0072b2; stroke: #ffffff; stroke-width: 2 }
.spot-start, .spot-forecast { fill: #ffffff; stroke: #0072b2; stroke-width: 2.5 }
.spot-before { fill: #ffffff; stroke: #4c5a68; stroke-width: 1.5 }
.line-before { stroke: #4c5a68; stroke-width: 1.5; stroke-dasharray: 2 2 }
"""


def picture_of(
    target: Target, indicator: Indicator, verdict: Verdict, readings: Sequence[Reading], as_of: AsOf
) -> tuple[bytes, Sequence[str]] | None:
    """Return the course of a target as of a moment as PNG, and which kinds of lines are in it.

    None for steps, and before there is anything to draw.
    """
    shown = versions.until(target, as_of.day)
    if indicator.measure is Measure.MILESTONES or not shown:
        return None
    course = course_of(indicator, shown[-1], readings, as_of)
    if not course.spots:
        return None
    picture = Picture(course, as_of.day, verdict.forecast, moves=moves_of(shown))
    words = words_of(target, verdict, indicator, versions.changes(shown), translator(LANGUAGES[0]))
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - a service that sends no mail does without it

    drawn = draw(picture, words, SIZE, alone=True)
    png = svg_to_bytes(str(drawn), style_sheet=STYLE, background="#ffffff", width=PIXELS_WIDE, skip_system_fonts=True)
    return png, picture.kinds
