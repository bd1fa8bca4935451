"""A letter made into a mail: subject, HTML, the same as plain text, a picture of the course, the headers. Pure."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from targetwatch.mail.digest import groups_of, subject_of
from targetwatch.mail.letter import Kind, Letter
from targetwatch.mail.links import Links
from targetwatch.mail.picture import picture_of
from targetwatch.mail.sections import Section, section_of
from targetwatch.model import AsOf, Reading
from targetwatch.settings import Settings
from targetwatch.wording import mail as words
from targetwatch.wording.translation import translator

MOST_PICTURES = 6
"""A mail with more of them would be too heavy for a phone."""
HTML_LANG = {"zh": "zh-Hans"}


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
