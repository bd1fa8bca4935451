"""Commands on figures: `ingest`, `record`, `withdraw`, and `held` for those that wait for a person."""

from __future__ import annotations

import sys
from enum import StrEnum
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, now
from targetwatch.cli.show import Format, FormatOption
from targetwatch.errors import SourceError, UsageError
from targetwatch.model import FetchedDocument
from targetwatch.model.reading import KINDS
from targetwatch.model.words import plain
from targetwatch.wording import figure_fields
from targetwatch.wording.figure_fields import cited, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from targetwatch.ingest import IngestOutcome, Recorded, Runner
    from targetwatch.model.problem import Problem

PLACED = ("indicator", "value")
METAVARS = {"published": "DATE", "evidence": "URL"}
held = typer.Typer(help="Readings waiting for a person: shown, accepted, rejected.")


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.command(epilog="Example: targetwatch ingest foreign-trade --dry-run")(ingest)
    app.command(
        epilog="Example: targetwatch record ilstc-volume 154,600 --period 2025-01..2025-06 --basis year_to_date "
        "--published 2025-07-17 --yoy 28% --evidence https://example.org/h1 --quote '154,600 TEUs'"
    )(_with_fields(record))
    app.command(epilog="Example: targetwatch withdraw 17 --reason 'typed 1,546,000 by mistake'")(withdraw)
    app.add_typer(held, name="held")


def ingest(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(help="A source's id (default: all that are enabled)")] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show request, readings and what is held; write nothing")
    ] = False,
    reread: Annotated[bool, typer.Option("--reread", help="Read what was kept again, without fetching")] = False,
    document: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Read this file in place of a fetch: an upload")
    ] = None,
) -> None:
    """Run sources now: fetch, screen, store or hold; a failing source does not stop the others."""
    from targetwatch.store import catalogue, db

    options: Options = context.obj
    if (reread or document) and not source:
        raise UsageError("source_expected", where="--reread" if reread else "--document")
    if sum((dry_run, reread, document is not None)) > 1:
        raise UsageError(
            "both_given", one="--dry-run" if dry_run else "--reread", other="--document" if document else "--reread"
        )
    names, failed = [source] if source else [], []
    if not names:
        with db.reading(options.engine()) as session:
            names = [one.id for one in catalogue.load(session).sources if one.enabled]
    running, documents = runner(options), given(document)
    for name in names:
        outcome = running.test(name) if dry_run else running.run(name, given=documents, reread=reread)
        print_outcome(outcome)
        if outcome.failed:
            failed.append(name)
    if failed:
        raise SourceError("sources_failed", where="ingest", count=len(failed), names=failed)


def runner(options: Options) -> Runner:
    """Return what runs the sources of this installation."""
    from targetwatch import configuration
    from targetwatch.ingest import Runner
    from targetwatch.settings import environment

    settings = options.settings
    return Runner(
        engine=options.engine(),
        config_dir=settings.config_dir,
        zone=options.zone,
        prepare=lambda wanted: configuration.expand(wanted, environment(), on_web=settings.variables_on_web),
        folders=settings.folders_on_web,
    )


def given(file: Path | None) -> tuple[FetchedDocument, ...] | None:
    """Return a file as a document that is given in place of a fetch; None for none."""
    if file is None:
        return None
    try:
        return (FetchedDocument(data=file.read_bytes(), name=file.name),)
    except OSError as error:
        raise UsageError("setting_file_unreadable", where="FILE", said=str(file), why=error.strerror or "") from error


def record(
    context: typer.Context,
    *,
    force: Annotated[str, typer.Option(metavar="NOTE", help="Store it although it looks wrong, saying why")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how it would be read; write nothing")] = False,
    **typed: object,
) -> None:
    """Type in one published figure with its evidence."""
    from targetwatch import ingest as intake

    options: Options = context.obj
    moment = now()
    done = intake.record(
        options.engine(),
        {name: "yes" if said is True else str(said) for name, said in typed.items() if said},
        actor=options.actor,
        now=moment,
        today=moment.astimezone(options.zone).date(),
        force_note=force,
        dry_run=dry_run,
    )
    _print_recorded(done, dry_run=dry_run)


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
        print(f"reading {reading} {became}: {line(readings.get(session, reading))}")


@held.callback(invoke_without_command=True, epilog="Example: targetwatch held --format json")
def waiting(
    context: typer.Context,
    *,
    output: FormatOption = Format.TABLE,
) -> None:
    """Show the readings that wait for a person, with the reason each was held for."""
    if context.invoked_subcommand is not None:
        return
    from targetwatch.store import db, readings

    options: Options = context.obj
    with db.reading(options.engine()) as session:
        found = readings.held(session)
    if output is not Format.TABLE:
        show.rows([{**plain(one), "reason": _said(one.reason)} for one in found], output)
        return
    for one in found:
        print(f"{one.id}  {line(one.reading)}\n    {_said(one.reason)}")
    if not found:
        print("nothing is waiting")


@held.command(epilog="Example: targetwatch held accept 3 --note 'confirmed by telephone with the port office'")
def accept(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The held reading's number")],
    *,
    note: Annotated[str, typer.Option(help="Why it is right after all; needed")] = "",
) -> None:
    """Let a held reading count from now on."""
    from targetwatch.store import db, readings
    from targetwatch.store.readings.held import accept_by_person

    options: Options = context.obj
    with db.writing(options.engine(), options.actor, reason=note, now=now()) as session:
        stored = accept_by_person(session, number, note=note, now=now(), alone=True)
        print(f"accepted, as reading {stored}: {line(readings.get(session, stored))}")


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


def _with_fields(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes the fields of a row in the place of its keywords: two by place, others as options."""
    takes = signature(command, eval_str=True)
    own = [one for one in takes.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    first, *rest = own
    placed, named = [], []
    for name, hint in figure_fields.HINTS.items():
        if name in PLACED:
            argument = Annotated[str, typer.Argument(help=hint)]
            placed.append(Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=argument))
            continue
        default: Any
        kind: Any
        kind, default = (bool, False) if KINDS[name] is bool else (str, Parameter.empty if name == "period" else "")
        if issubclass(KINDS[name], StrEnum):
            kind, default = KINDS[name] | None, None
        flag = name.removesuffix("_on").removesuffix("_url")
        option = Annotated[kind, typer.Option(f"--{flag}", metavar=METAVARS.get(flag), help=hint)]
        named.append(Parameter(name, Parameter.KEYWORD_ONLY, annotation=option, default=default))
    vars(command)["__signature__"] = takes.replace(parameters=[first, *placed, *named, *rest])
    return command


def print_outcome(outcome: IngestOutcome) -> None:
    """Print what a run of a source brought."""
    counts = f"{outcome.new} new, {outcome.revised} revised, {outcome.held} held, {outcome.known} known"
    print(f"{outcome.source}: {outcome.outcome}{f': {_said(outcome.reason)}' if outcome.reason else f': {counts}'}")
    if outcome.dry_run:
        print(f"    would ask: {outcome.request}")
        for judged in outcome.judged:
            why = f"  ({_said(judged.reason)})" if judged.reason else ""
            print(f"    {judged.outcome:8} {judged.place}  {line(judged.reading)}{why}")
            if judged.outcome == "revised" and judged.current is not None:
                print(f"             replaces {cited(judged.current)}")
    for judged in outcome.judged:
        if judged.outcome == "held" and not outcome.dry_run:
            print(f"    held as {judged.id}: {line(judged.reading)}: {_said(judged.reason)}")
    print_problems(outcome.problems)


def print_problems(some: Iterable[Problem]) -> None:
    """Print what is wrong, a line each."""
    for problem in some:
        print(f"    {_said(problem)}", file=sys.stderr)


def _print_recorded(done: Recorded, *, dry_run: bool) -> None:
    """Print what became of a figure typed in, and what to do about it."""
    would = "would be " if dry_run and done.outcome not in {"known", "rejected"} else ""
    number = f" as {done.id}" if done.id is not None and not (done.outcome == "held" and dry_run) else ""
    before = " before" if done.outcome == "rejected" else ""
    print(f"{would}{done.outcome}{before}{number}: {line(done.reading)}")
    if done.reason:
        print(f"    {_said(done.reason)}")
    if done.replaces is not None:
        print(f"    {'would replace' if dry_run else 'replaces'} {cited(done.replaces)}")
    if done.outcome == "known" and done.current is not None and done.current.id == done.id:
        print(f"    in force is {cited(done.current)}; nothing was added")
    for note in _notes(done):
        print(f"    note: {note}")
    if done.outcome in {"held", "rejected"} and done.id is not None and not dry_run:
        print(f"    accept it with: targetwatch held accept {done.id} --note WHY")
    if done.outcome == "held" and done.id is not None and not dry_run:
        print(f"    reject it with: targetwatch held reject {done.id} --note WHY")


def _said(problem: Problem | None) -> str:
    from targetwatch.wording.problems import placed
    from targetwatch.wording.translation import translator

    return placed(problem, translator("en")) if problem is not None else ""


def _notes(done: Recorded) -> list[str]:
    """Return what is worth a second look although it speaks against nothing."""
    from targetwatch.wording.formats import percent

    found = []
    if done.quote_agrees is False:
        found.append("the quote names another figure than the value")
    if done.currency:
        found.append(f"the value names no currency: read in {done.currency}, as the indicator counts")
    if done.growth_differs and done.year_before is not None and done.own_growth is not None:
        own = percent(done.own_growth)
        found.append(f"the growth on {cited(done.year_before)} is {own}, not the published one")
    if done.reading.published_on is None and done.outcome in {"new", "revised"}:
        found.append("without a publication date it counts on the recorded clock only; say --published to judge by it")
    return found
