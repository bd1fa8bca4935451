"""Commands for accounts: `user add`, `user list`, `user change`, `user token`."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, now
from targetwatch.cli.show import Format, FormatOption
from targetwatch.errors import UsageError
from targetwatch.model import Role, Scope

user = typer.Typer(no_args_is_help=True, help="Who may sign in to the web, and tokens for programs.")
token = typer.Typer(no_args_is_help=True, help="Tokens: programs' keys to the API and the metrics.")

Name = Annotated[str, typer.Argument(help="What they sign in with, such as li.wei")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, not from the terminal")
]


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    user.add_typer(token, name="token")
    app.add_typer(user, name="user")


@user.command(epilog="Example: targetwatch user add li.wei --role admin --title 'Li Wei, statistics'")
def add(
    context: typer.Context,
    name: Name,
    *,
    role: Annotated[Role, typer.Option(help="viewer sees, editor changes targets and figures, admin also users")],
    title: Annotated[str, typer.Option(help="Who they are, for others to read")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Open an account. The password is asked for twice on the terminal and shown nowhere."""
    from targetwatch.store import accounts, db

    options: Options = context.obj
    engine = options.engine()
    if wrong := accounts.faults(name=name, title=title):
        raise UsageError(*wrong)
    password = _password(from_stdin=password_stdin)
    with db.writing(engine, options.actor, now=now()) as session:
        made = accounts.add(session, name, password, role=role, title=title, now=now())
    print(f"added {made.name}: {made.role}")


@user.command("list", epilog="Example: targetwatch user list --format json")
def listed(
    context: typer.Context,
    *,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show every account, disabled ones too."""
    from rich.table import Table

    from targetwatch.store import accounts, db

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        found = accounts.load(session)
    if output is not Format.TABLE:
        show.rows(found, output)
        return
    table = Table("Name", "Title", "Role", "Since", "Disabled", "Signs in with", box=None)
    for one in found:
        disabled = f"{one.disabled_at:%Y-%m-%d}" if one.disabled_at else ""
        by = "password" if one.subject is None else "its issuer"
        table.add_row(one.name, one.title, one.role, f"{one.created_at:%Y-%m-%d}", disabled, by)
    show.console().print(table)


@user.command(epilog="Example: targetwatch user change li.wei --role editor")
def change(
    context: typer.Context,
    name: Name,
    *,
    role: Annotated[Role | None, typer.Option(help="The new role; a lesser one ends their sessions")] = None,
    title: Annotated[str | None, typer.Option(help="Who they are, for others to read")] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a new password, which ends their sessions")
    ] = False,
    password_stdin: FromStdin = False,
    disable: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Whether they may sign in, and their tokens are good")
    ] = None,
) -> None:
    """Change an account: role, title, password, whether it may be used. The last admin stays one."""
    from targetwatch.store import accounts, db

    options: Options = context.obj
    engine = options.engine()
    with db.reading(engine) as session:
        accounts.get(session, name)
    new = _password(from_stdin=password_stdin) if password or password_stdin else None
    if (role, title, new, disable) == (None, None, None, None):
        raise UsageError("nothing_to_change", where="user", said=name)
    with db.writing(engine, options.actor, now=now()) as session:
        done = accounts.change(session, name, now=now(), role=role, title=title, password=new, disabled=disable)
    print(f"changed {done.name}: {done.role}{', disabled' if done.disabled_at else ''}")


@token.command(epilog="Example: targetwatch user token issue li.wei 'monthly import' --scope record --days 90")
def issue(
    context: typer.Context,
    name: Name,
    title: Annotated[str, typer.Argument(help="What it is for")],
    *,
    scope: Annotated[Scope, typer.Option(help="read the API and the metrics, or record readings too")] = Scope.READ,
    days: Annotated[int, typer.Option(min=1, max=366, help="For how long it is good")] = 90,
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    from targetwatch.store import db, keys

    options: Options = context.obj
    moment = now()
    with db.writing(options.engine(), options.actor, now=moment) as session:
        made, secret = keys.issue(
            session, name, title=title, scope=scope, expires_at=moment + timedelta(days=days), now=moment
        )
    print(secret)
    print(f"token {made.id}: may {made.scope} until {made.expires_at:%Y-%m-%d}; it is shown this once", file=sys.stderr)


@token.command("list", epilog="Example: targetwatch user token list --user li.wei")
def tokens(
    context: typer.Context,
    *,
    name: Annotated[str | None, typer.Option("--user", help="Only those of one account")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show tokens, newest first, without their secrets, which nobody has."""
    from rich.table import Table

    from targetwatch.store import accounts, db, keys

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        if name is not None:
            accounts.get(session, name)
        found = keys.tokens(session, name)
    if output is not Format.TABLE:
        show.rows(found, output)
        return
    table = Table("Token", "Of", "For", "May", "Since", "Until", "Revoked", box=None)
    for one in found:
        revoked = f"{one.revoked_at:%Y-%m-%d}" if one.revoked_at else ""
        since, until = f"{one.created_at:%Y-%m-%d}", f"{one.expires_at:%Y-%m-%d}"
        table.add_row(str(one.id), one.account, one.title, one.scope, since, until, revoked)
    show.console().print(table)


@token.command(epilog="Example: targetwatch user token revoke 3")
def revoke(context: typer.Context, number: Annotated[int, typer.Argument(help="The token's number")]) -> None:
    """End a token at once."""
    from targetwatch.store import db, keys

    options: Options = context.obj
    with db.writing(options.engine(), options.actor, now=now()) as session:
        keys.revoke(session, number, now=now())
    print(f"revoked token {number}")


def _password(*, from_stdin: bool) -> str:
    """Return a password: the first line of standard input, or what was typed twice, unseen."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("no_terminal", where="password")
    said: str = typer.prompt(
        "Password (at least 12 characters)", hide_input=True, confirmation_prompt="Once more", err=True
    )
    return said
