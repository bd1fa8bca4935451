"""Commands on readings that wait for a person: `held`, `held accept`, `held reject`."""

from __future__ import annotations

from typing import Annotated

import typer

from targetwatch.cli import show, spoken
from targetwatch.cli.context import Options, now
from targetwatch.cli.show import Format

held = typer.Typer(help="Readings waiting for a person: shown, accepted, rejected.")


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.add_typer(held, name="held")


@held.callback(invoke_without_command=True, epilog="Example: targetwatch held --format json")
def waiting(
    context: typer.Context,
    *,
    output: Annotated[Format, typer.Option("--format", help="How to print")] = Format.TABLE,
) -> None:
    """Show the readings that wait for a person, with the reason each was held for."""
    if context.invoked_subcommand is not None:
        return
    from targetwatch.store import db, readings

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        found = readings.held(session)
    if output is not Format.TABLE:
        show.rows(found, output)
        return
    for one in found:
        print(f"{one.id}  {spoken.line(one.reading)}\n    {one.reason}")
    if not found:
        print("nothing is waiting")


@held.command(epilog="Example: targetwatch held accept 3 --note 'confirmed by telephone with the port office'")
def accept(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The held reading's number")],
    *,
    note: Annotated[str, typer.Option(help="Why it is right after all")] = "",
) -> None:
    """Let a held reading count from now on."""
    from targetwatch.store import db, readings

    options: Options = context.obj
    with db.writing(options.engine(), options.actor, reason=note, now=now()) as session:
        stored = readings.accept(session, number, note=note, now=now())
        print(f"accepted, as reading {stored}: {spoken.line(readings.get(session, stored))}")


@held.command(epilog="Example: targetwatch held reject 3 --note 'the whole corridor, not Chongqing'")
def reject(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The held reading's number")],
    *,
    note: Annotated[str, typer.Option(help="Why it is wrong")] = "",
) -> None:
    """Keep a held reading out until it is accepted after all; the same reading will not be held again."""
    from targetwatch.store import db, readings

    options: Options = context.obj
    with db.writing(options.engine(), options.actor, reason=note, now=now()) as session:
        readings.reject(session, number, note=note, now=now())
    print(f"rejected: held reading {number} stays out")
