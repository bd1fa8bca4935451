"""Commands for whoever keeps the service: `db`, `backup`, `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, now
from targetwatch.cli.show import Format, FormatOption
from targetwatch.errors import StoreError
from targetwatch.model import AsOf
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import Catalogue
    from targetwatch.store.audit import AuditEntry
    from targetwatch.store.audit.subjects import Subjects

database = typer.Typer(no_args_is_help=True, help="Prepare and upgrade the database.")
audit = typer.Typer(help="Who changed what, when, why; and the proof that nobody touched the trail.")


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.add_typer(database, name="db")
    app.add_typer(audit, name="audit")
    app.command(epilog="Example: targetwatch backup /backups/targetwatch-2025-12-09.db")(backup)


@database.command(epilog="Example: targetwatch --database sqlite:///targetwatch.db db upgrade")
def upgrade(context: typer.Context) -> None:
    """Create the database or bring it to this program's schema; safe to run again."""
    from targetwatch.store import db

    options: Options = context.obj
    engine = options.unchecked_engine()
    db.upgrade(engine)
    print(f"{db.shown(engine.url)}: ready")


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(help="A new file")]) -> None:
    """Copy the SQLite database as of one moment while the service goes on (PostgreSQL: pg_dump)."""
    from targetwatch.store.maintenance import backup as copy

    options: Options = context.obj
    print(f"wrote {copy(options.engine(), file)}")


@audit.callback(invoke_without_command=True, epilog="Example: targetwatch audit --object ilstc-volume-2025 --limit 20")
def trail(
    context: typer.Context,
    *,
    kind: Annotated[str | None, typer.Option(help="Only this kind of object, such as target or reading")] = None,
    object_id: Annotated[str | None, typer.Option("--object", metavar="ID", help="Only this object")] = None,
    actor: Annotated[str | None, typer.Option(help="Only changes this person or job answers for")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, newest first")] = 50,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show the audit trail, newest first."""
    if context.invoked_subcommand is not None:
        return
    from targetwatch.store import audit as trail
    from targetwatch.store import catalogue, db
    from targetwatch.store.audit.subjects import subjects_of

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        found = trail.entries(session, kind=kind, object_id=object_id, actor=actor, limit=limit)
        if output is Format.TABLE:
            _print_in_words(
                found, catalogue.load(session), subjects_of(session, found), as_of=AsOf.at(now(), options.zone)
            )
            return
    show.rows(found, output)


@audit.command(epilog="Example: targetwatch audit verify")
def verify(context: typer.Context) -> None:
    """Check every hash of the trail and every reading against it; exit 1 naming what was tampered with."""
    from targetwatch.store import audit as trail
    from targetwatch.store import db

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        problems = trail.verify(session)
        count, head = trail.head(session)
    if problems:
        raise StoreError(Problem("audit_tampered", where="audit"), *problems)
    print(f"audit: {count} entries, nothing tampered with; head {head} (keep it elsewhere to notice a rewritten trail)")


def _print_in_words(found: Sequence[AuditEntry], configured: Catalogue, context: Subjects, *, as_of: AsOf) -> None:
    """Print entries in the words of the audit page."""
    from rich.table import Table
    from rich.text import Text

    from targetwatch.web.audit.sentences import Teller

    teller = Teller("en", as_of, configured, context)
    table = Table("Id", "When", "What", "Object", "Before → after", "Why", box=None)
    for entry in found:
        line = teller.line(entry)
        changed = [f"{one.label}: {one.before or '—'} → {one.after or '—'}" for one in line.changes if line.is_change]
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}Z"
        cells = (str(entry.id), when, line.sentence, entry.object, "; ".join(changed), line.reason)
        table.add_row(*(Text(cell) for cell in cells))
    show.console().print(table)
