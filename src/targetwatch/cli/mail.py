"""`mails`: those of a year lived again; `mail preview`: one as it would be; `mail test`: one to try the server."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, now, progress
from targetwatch.cli.judgement import AsOfOption, take, verdict_of
from targetwatch.cli.show import Format, FormatOption, Language
from targetwatch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targetwatch.model import AsOf, Snapshot
    from targetwatch.service.backfill import Lived
    from targetwatch.settings import Settings
    from targetwatch.store.outbox import Mail

FIRST_YEAR, LAST_YEAR = 1990, 2200
PREVIEW_KEY = "a preview: its links answer nothing"
one_mail = typer.Typer(no_args_is_help=True, help="One mail: to see what it looks like, or to try the server.")


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.add_typer(one_mail, name="mail")
    app.command(epilog="Example: targetwatch mails --replay 2025 --folder mails-2025")(mails)


def mails(
    context: typer.Context,
    *,
    replay: Annotated[int, typer.Option(metavar="YEAR", min=FIRST_YEAR, max=LAST_YEAR, help="The year to live again")],
    output: FormatOption = Format.TABLE,
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write every mail there, as a file to open")
    ] = None,
) -> None:
    """Live a year again, day by day, and print its status changes and the mails that would have left.

    Nothing is sent. Needed is nothing but targets and their figures.
    """
    from targetwatch.service.backfill import live

    options: Options = context.obj
    last = min(date(replay, 12, 31), options.as_of(None).day)
    if last.year < replay:
        raise UsageError("year_to_come", where="--replay", said=str(replay))
    if folder is not None:
        with _writing(folder):
            pass  # said before the year is lived
    with progress("living the year again") as tell:
        lived = live(options.settings, date(replay, 1, 1), last, progress=tell)
    if folder is not None:
        _write(lived, folder)
    found = [_item(day, mail, lived) for day, mail in lived.mails]
    if output is Format.JSON:
        show.as_json(found)
    elif output is Format.CSV:
        show.as_csv(found)
    else:
        _print(lived, found, replay)


@one_mail.command(epilog="Example: targetwatch mail preview ilstc-volume-2025 --as-of 2025-07-18 --output mail.html")
def preview(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help="The target's id")],
    *,
    as_of: AsOfOption = None,
    lang: Annotated[Language | None, typer.Option(help="Language of the mail (default: the owner's)")] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it there: .html to open in a browser, .eml for a mail client"),
    ] = None,
) -> None:
    """Show the mail that would tell the owner how a target stands. Nothing is sent, no mail server is needed."""
    from targetwatch.mail.compose import page

    options: Options = context.obj
    if output is not None and output.suffix not in {".html", ".eml"}:
        raise UsageError("mail_file_expected", where="--output", said=str(output))
    moment = options.as_of(as_of)
    message = _composed(options, take(options, moment), moment, target, language=lang.value if lang else "")
    if output is None:
        body = message.get_body(("plain",))
        assert body is not None
        print(f"{message['Subject']}\n\n{body.get_content()}", end="")
        return
    try:
        output.write_bytes(message.as_bytes() if output.suffix == ".eml" else page(message).encode())
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("file_not_writable", where="--output", said=str(output), why=why) from error


def _composed(options: Options, snapshot: Snapshot, moment: AsOf, name: str, *, language: str) -> EmailMessage:
    from targetwatch.mail.compose import compose
    from targetwatch.mail.letter import Kind, Letter, News, Receiver
    from targetwatch.store import db
    from targetwatch.watch import readings_of

    verdict = verdict_of(snapshot, name)
    target = snapshot.catalogue.targets_by_id[name]
    indicators = snapshot.catalogue.indicators_by_id
    indicator, owner = indicators[verdict.indicator], target.owner
    language = language or owner.language
    with db.reading(options.engine()) as session:
        rows = readings_of(session, indicator, indicators)
    letter = Letter(
        receiver=Receiver(id=owner.email.lower(), name=owner.name[language], email=owner.email, language=language),
        day=moment.day,
        news=(News(kind=Kind.CHANGE, target=target, indicator=indicator, verdict=verdict),),
        message_id="<preview@targetwatch>",
        written_at=now(),
    )
    return compose(letter, settings=options.settings, keys=(PREVIEW_KEY,), readings=lambda _name: rows)


@one_mail.command(epilog="Example: targetwatch mail test li@example.org")
def test(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Where the mail is to go")],
) -> None:
    """Send one mail by the server of the settings, at once, and say whether it was taken."""
    from targetwatch.mail.outbox import Refused, deliver
    from targetwatch.model.problem import Problem
    from targetwatch.settings import read_sender

    options: Options = context.obj
    server = options.settings.smtp_server
    if server is None:
        raise UsageError("no_mail_server", where="TARGETWATCH_SMTP_URL")
    try:
        read_sender(address)
    except ValueError:
        raise UsageError("no_address_of_mail", where="ADDRESS", said=address) from None
    try:
        deliver(_trial(address, options.settings), options.settings)
    except Refused as error:
        where = f"{server.host}:{server.port}"
        raise UsageError(Problem("mail_not_taken", {"said": where, "why": error.answer}, where="mail")) from error
    print(f"{server.host}:{server.port} took a mail to {address}")


def _trial(address: str, settings: Settings) -> Mail:
    """Return a mail that only says that the server takes mails."""
    from targetwatch.settings import read_sender
    from targetwatch.store.outbox import Mail

    message, moment = EmailMessage(), now()
    message["From"], message["To"], message["Date"] = settings.mail_from, address, moment
    message["Message-ID"] = make_msgid("targetwatch", domain=read_sender(settings.mail_from).domain)
    message["Subject"] = "targetwatch: a test of the mail"
    message.set_content("The mail server takes the mails of targetwatch.")
    return Mail(
        message_id=message["Message-ID"],
        receiver=address,
        address=address,
        kind="test",
        subject=message["Subject"],
        content=message.as_bytes(policy=policy.SMTP),
        says={},
        bound_at=moment,
        next_attempt_at=moment,
    )


def _item(day: date, mail: Mail, lived: Lived) -> dict[str, object]:
    catalogue = lived.end.catalogue
    abouts = {key.about for key in mail.says}
    mine = [one for one in catalogue.targets if one.owner.email.lower() == mail.receiver]
    told = [one for one in mine if {one.id, one.indicator} & abouts]
    owner = next((one.owner.id for one in (*told, *mine)), "")
    return {
        "day": day,
        "to": mail.address,
        "owner": owner,
        "kind": mail.kind,
        "subject": mail.subject,
        "targets": sorted(one.id for one in told),
    }


def _print(lived: Lived, found: list[dict[str, object]], year: int) -> None:
    from rich.table import Table

    from targetwatch.wording import verdict as words
    from targetwatch.wording.translation import translator

    catalogue = lived.end.catalogue
    changes = Table("Day", "Target", "Status", "Why", box=None)
    for change in lived.changes:
        said = words.of_change(
            change, catalogue.indicators_by_id[catalogue.targets_by_id[change.target].indicator], translator("en")
        )
        changes.add_row(str(change.on), change.target, change.new.value, said)
    table = Table("Day", "To", "Kind", "Subject", "Targets", box=None)
    for one in found:
        table.add_row(str(one["day"]), str(one["to"]), str(one["kind"]), str(one["subject"]), ", ".join(one["targets"]))  # type: ignore[arg-type]
    show.console().print(changes)
    show.console().print(table)
    mailboxes = len({one["to"] for one in found})
    print(f"{year}: {len(lived.changes)} status changes, {len(found)} mails to {mailboxes} mailboxes")


def _write(lived: Lived, folder: Path) -> None:
    from targetwatch.mail.compose import page

    with _writing(folder):
        for number, (day, mail) in enumerate(lived.mails, 1):
            name = f"{number:03}-{day}-{mail.receiver}"
            (folder / f"{name}.eml").write_bytes(mail.content)
            message = message_from_bytes(mail.content, policy=policy.default)
            (folder / f"{name}.html").write_text(page(message), encoding="utf-8")


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Name the folder where it cannot be written to, made if it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("directory_not_writable", where="--folder", said=str(folder), why=why) from error
