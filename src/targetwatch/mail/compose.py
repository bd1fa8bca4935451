"""A letter or a digest made into a mail: subject, HTML, the same as plain text, the course drawn, the headers. Pure.

The small picture is the server's drawing as PNG, without words: a server may have no Chinese font, and a mail client
shows no SVG. What the picture shows, the mail says.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from targetwatch.mail.letter import Digest, Kind, Letter, Links, TargetLine
from targetwatch.mail.sections import LOOKS, OTHERWISE, Section, look_of, section_of
from targetwatch.model import AsOf, Indicator, Measure, Reading, Target, Verdict
from targetwatch.settings import Settings
from targetwatch.wording import mail as words
from targetwatch.wording import verdict as verdict_words
from targetwatch.wording.translation import HTML_LANG, LANGUAGES, Translator, translator

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
