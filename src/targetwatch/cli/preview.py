"""`mail preview`: the mail about a target as it would be, without a mail server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli.context import Options, now
from targetwatch.cli.judgement import AsOfOption, take, verdict_of
from targetwatch.cli.show import Language
from targetwatch.errors import UsageError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from targetwatch.model import AsOf, Snapshot

PREVIEW_KEY = "a preview: its links answer nothing"
one_mail = typer.Typer(no_args_is_help=True, help="One mail: to see what it looks like, or to try the server.")


def add_to(app: typer.Typer) -> None:
    """Name the command."""
    app.add_typer(one_mail, name="mail")


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
    target = next(one for one in snapshot.catalogue.targets if one.id == name)
    indicators = {one.id: one for one in snapshot.catalogue.indicators}
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
