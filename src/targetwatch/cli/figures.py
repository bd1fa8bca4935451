"""Commands that bring figures in: `ingest`, `record`, `withdraw`."""

from __future__ import annotations

from typing import Annotated

import typer

from targetwatch.cli import spoken
from targetwatch.cli.context import Options, now
from targetwatch.errors import SourceError
from targetwatch.model import Basis, Qualifier


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.command(epilog="Example: targetwatch ingest foreign-trade --dry-run")(ingest)
    app.command(
        epilog="Example: targetwatch record ilstc-volume 15.46万 --period 2025-01..2025-06 --basis year_to_date "
        "--published 2025-07-17 --yoy 28% --evidence https://example.org/h1 --quote '154,600 TEUs'"
    )(record)
    app.command(epilog="Example: targetwatch withdraw 17 --reason 'typed 1,546,000 by mistake'")(withdraw)


def ingest(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="A source's id (default: all that are enabled)")] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show request, readings and what is held; write nothing")
    ] = False,
) -> None:
    """Run sources now: fetch, screen, store or hold; a failing source does not stop the others."""
    from targetwatch import configfile
    from targetwatch.ingest import Runner
    from targetwatch.settings import environment
    from targetwatch.store import catalogue, db

    options: Options = context.obj
    engine, names, failed = options.engine(), [source] if source else [], []
    if not names:
        with db.reading(engine) as session:
            names = [one.id for one in catalogue.load(session).sources if one.enabled]
    runner = Runner(
        engine=engine,
        config_dir=options.settings.config_dir,
        zone=options.zone,
        prepare=lambda wanted: configfile.expand(wanted, environment()),
    )
    for name in names:
        outcome = runner.test(name) if dry_run else runner.run(name)
        spoken.print_outcome(outcome)
        if outcome.failed:
            failed.append(name)
    if failed:
        raise SourceError(f"ingest: {len(failed)} of the sources failed: {', '.join(failed)}")


def record(
    context: typer.Context,
    indicator: Annotated[str, typer.Argument(help="The indicator's id")],
    value: Annotated[str, typer.Argument(help="The value as printed: 6.4万标箱, 154,600, 28.33 bn, 64.7 %")],
    *,
    period: Annotated[
        str, typer.Option(help="What it describes: 2025-01..2025-06, Jan-Jun 2025, 2025-Q1, 2025-11-10, 2025")
    ],
    basis: Annotated[Basis | None, typer.Option(help="period, year_to_date, since_start, point or event")] = None,
    published: Annotated[str, typer.Option(metavar="DATE", help="When it was published")] = "",
    publisher: Annotated[str, typer.Option(help="Whose count it is (default: the indicator's authority)")] = "",
    yoy: Annotated[str, typer.Option(help="The published year-on-year rate, such as 28%")] = "",
    rounding: Annotated[str, typer.Option(help="Half-width of the rounding, such as 0.05")] = "",
    qualifier: Annotated[Qualifier | None, typer.Option(help="How exactly it was said")] = None,
    provisional: Annotated[bool, typer.Option("--provisional", help="The publisher calls it preliminary")] = False,
    step: Annotated[str, typer.Option(help="The milestone's step, for an event")] = "",
    unit: Annotated[str, typer.Option(help="The unit, when it is neither printed nor the indicator's")] = "",
    evidence: Annotated[str, typer.Option(metavar="URL", help="Where it can be looked up")] = "",
    quote: Annotated[str, typer.Option(metavar="TEXT", help="The words it was said in")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="A remark of yours")] = "",
    force: Annotated[str, typer.Option(metavar="NOTE", help="Store it although it looks wrong, saying why")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how it would be read; write nothing")] = False,
) -> None:
    """Type in one published figure with its evidence."""
    from targetwatch import ingest as intake

    options: Options = context.obj
    moment = now()
    entry = {
        "indicator": indicator,
        "value": value,
        "period": period,
        "basis": basis.value if basis else "",
        "published_on": published,
        "publisher": publisher,
        "yoy": yoy,
        "rounding": rounding,
        "qualifier": qualifier.value if qualifier else "",
        "provisional": "yes" if provisional else "",
        "step": step,
        "unit": unit,
        "evidence_url": evidence,
        "quote": quote,
        "note": note,
    }
    done = intake.record(
        options.engine(),
        entry,
        actor=options.actor,
        now=moment,
        today=moment.astimezone(options.zone).date(),
        force_note=force,
        dry_run=dry_run,
    )
    spoken.print_recorded(done, dry_run=dry_run)


def withdraw(
    context: typer.Context,
    reading: Annotated[int, typer.Argument(help="The reading's number, as `status --indicator` shows it")],
    *,
    reason: Annotated[str, typer.Option(help="Why, for the audit trail")],
    undo: Annotated[bool, typer.Option("--undo", help="Put a withdrawn reading back in force")] = False,
) -> None:
    """Take a wrong reading out of force without erasing it."""
    from targetwatch.store import db, readings

    options: Options = context.obj
    with db.writing(options.engine(), options.actor, reason=reason, now=now()) as session:
        change = readings.restore if undo else readings.withdraw
        change(session, reading, reason=reason, now=now())
        became = "is in force again" if undo else "withdrawn"
        print(f"reading {reading} {became}: {spoken.line(readings.get(session, reading))}")
