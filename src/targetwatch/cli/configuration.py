"""Commands about the configuration files: `check`, `plan`, `apply`, `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from targetwatch.cli.context import Options, now
from targetwatch.errors import ConflictError, UsageError

Directory = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Configuration directory (default: the setting)", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.command(epilog="Example: targetwatch check config")(check)
    app.command(epilog="Example: targetwatch plan config")(plan)
    app.command(epilog="Example: targetwatch apply config --reason 'goal raised at the press conference of 1 July'")(
        apply
    )
    app.command(epilog="Example: targetwatch export --output backup-config")(export)


def check(context: typer.Context, directory: Directory = None) -> None:
    """Validate the configuration without a database; every problem at once, as file:line."""
    from targetwatch import configuration
    from targetwatch.settings import environment

    options: Options = context.obj
    folder = options.directory(directory)
    found = configuration.check(folder, environment=environment())
    counts = (
        (len(found.indicators), "indicators"),
        (len(found.targets), "targets"),
        (len(found.programmes), "programmes"),
        (len(found.publishers), "publishers"),
        (len(found.sources), "sources"),
    )
    print(f"{folder}: valid: " + ", ".join(f"{count} {name}" for count, name in counts))


def plan(context: typer.Context, directory: Directory = None) -> None:
    """Show what `apply` would change, writing nothing; exit 1 when it would be refused."""
    from targetwatch import configuration
    from targetwatch.settings import environment
    from targetwatch.store import db

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        lines = configuration.plan(session, options.directory(directory), environment=environment())
    print("\n".join(lines) if lines else "nothing would change")
    if any(line.startswith("!") for line in lines):
        raise ConflictError("plan_refused", where="plan")


def apply(
    context: typer.Context,
    directory: Directory = None,
    *,
    reason: Annotated[str, typer.Option(help="Why, for the audit trail")] = "",
    correct: Annotated[
        bool, typer.Option("--correct", help="Allow a past promise to be corrected; needs --reason")
    ] = False,
) -> None:
    """Make the database equal to the files, in one audited transaction; an invalid file changes nothing."""
    from targetwatch import configuration
    from targetwatch.settings import environment

    options: Options = context.obj
    changes = configuration.apply(
        options.engine(),
        options.directory(directory),
        actor=options.actor,
        now=now(),
        reason=reason,
        correct=correct,
        environment=environment(),
    )
    lines = configuration.describe(changes, corrected=correct)
    print("\n".join(lines) if options.verbose or len(lines) < 40 else f"{len(changes)} changes (--verbose shows them)")  # noqa: PLR2004 - a screenful
    if not changes:
        print("nothing changed")


def export(
    context: typer.Context,
    *,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the files there instead of printing them")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist")] = False,
    readings: Annotated[bool, typer.Option("--readings", help="Print every reading instead")] = False,
    statuses: Annotated[bool, typer.Option("--statuses", help="Print every status there was instead")] = False,
    form: Annotated[Literal["csv", "jsonl"], typer.Option("--format", help="How those are printed")] = "csv",
) -> None:
    """Write the configuration in force as YAML that `apply` accepts as no change; or every reading, or every status."""
    from targetwatch import configuration
    from targetwatch.store import db

    options: Options = context.obj
    if readings or statuses:
        from targetwatch.store import maintenance

        if readings and statuses:
            raise UsageError("export_both", where="export")
        with db.reading(options.engine()) as session:
            for line in maintenance.export(session, "readings" if readings else "statuses", form):
                print(line, end="")
        return
    with db.reading(options.engine()) as session:
        files = configuration.export(session)
    if output is None:
        for name, text in files.items():
            print(f"# ---- {name}\n{text}")
        return
    present = [name for name in files if (output / name).exists()]
    if present and not force:
        raise UsageError("file_there_already", where="export", path=str(output / present[0]))
    output.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (output / name).write_text(text, encoding="utf-8")
        print(f"wrote {output / name}")
