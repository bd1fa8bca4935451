"""Commands that judge: `status` and `explain`, as of any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, now
from targetwatch.cli.show import Format, FormatOption, Language
from targetwatch.errors import NotAnnouncedError, NotFoundError, UsageError
from targetwatch.model import Clock
from targetwatch.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from targetwatch.model import AsOf, Snapshot, Verdict

AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="As known at the end of that day (default: now)")
]
ClockOption = Annotated[
    Clock, typer.Option("--clock", help="What had been published by then, or what this installation had recorded")
]
LanguageOption = Annotated[Language, typer.Option("--lang", help="Language of the words")]


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.command(epilog="Example: targetwatch status --as-of 2025-03-11 --target ilstc-volume-2025 --format json")(
        status
    )
    app.command(epilog="Example: targetwatch explain ilstc-volume-2025 --as-of 2025-07-18 --lang zh")(explain)


def status(
    context: typer.Context,
    *,
    target: Annotated[str | None, typer.Option(metavar="ID", help="Only this target")] = None,
    indicator: Annotated[str | None, typer.Option(metavar="ID", help="The figures of this indicator instead")] = None,
    as_of: AsOfOption = None,
    clock: ClockOption = Clock.PUBLISHED,
    output: FormatOption = Format.TABLE,
    lang: LanguageOption = Language.EN,
) -> None:
    """Show the verdict on every target, or an indicator's figures, as of any moment."""
    options: Options = context.obj
    if target and indicator:
        raise UsageError("both_given", where="status", one="--target", other="--indicator")
    moment = options.as_of(as_of, clock)
    if indicator:
        _figures(options, indicator, moment, output, lang.value)
        return
    snapshot = take(options, moment)
    names = [target] if target else [item.id for item in snapshot.catalogue.targets if item.id in snapshot.verdicts]
    if target:
        verdict_of(snapshot, target)
    if output is Format.JSON:
        found = list(_as_json(snapshot, names))
        show.as_json(found[0] if target else {"as_of": moment.day, "clock": moment.clock, "targets": found})
    elif output is Format.CSV:
        show.as_csv(_as_json(snapshot, names))
    elif not names:
        _say_none_announced(snapshot)
    else:
        show.verdicts(snapshot, names, lang.value)
        _say_future(snapshot)
        if target:
            _say(snapshot, target, lang.value)


def explain(
    context: typer.Context,
    target: Annotated[str, typer.Argument(help="The target's id")],
    *,
    as_of: AsOfOption = None,
    clock: ClockOption = Clock.PUBLISHED,
    lang: LanguageOption = Language.EN,
) -> None:
    """Say how a verdict came about: the sentence, the rule, its inputs, the readings behind it, the history."""
    from targetwatch.cli.explanation import print_explanation
    from targetwatch.store import db
    from targetwatch.watch import readings_of

    options: Options = context.obj
    moment = options.as_of(as_of, clock)
    snapshot = take(options, moment)
    verdict_of(snapshot, target)
    indicators = snapshot.catalogue.indicators_by_id
    with db.reading(options.engine()) as session:
        rows = readings_of(session, indicators[snapshot.verdicts[target].indicator], indicators)
    print_explanation(snapshot, target, rows, lang.value)
    _say_future(snapshot)


def take(options: Options, moment: AsOf) -> Snapshot:
    """Return the snapshot as of a moment, writing nothing."""
    from targetwatch import watch
    from targetwatch.store import db

    with db.reading(options.engine()) as session:
        return watch.take(session, moment, taken_at=now())


def verdict_of(snapshot: Snapshot, name: str) -> Verdict:
    """Return the verdict on one target.

    Raises:
        NotFoundError: there is no such target.
        NotAnnouncedError: it was announced later than the snapshot's day.
    """
    known = snapshot.catalogue.targets_by_id
    if name not in known:
        raise NotFoundError("target", name, known)
    if name not in snapshot.verdicts:
        announced = known[name].announced_on
        raise NotAnnouncedError("announced_later", target=name, announced=announced, asked=snapshot.as_of.day)
    return snapshot.verdicts[name]


def _as_json(snapshot: Snapshot, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    from targetwatch.wording import exported

    for verdict in map(snapshot.verdicts.__getitem__, names):
        indicator = snapshot.catalogue.indicators_by_id[verdict.indicator]
        yield exported.as_json(verdict, indicator, snapshot.as_of.day)


def _say(snapshot: Snapshot, target: str, language: str) -> None:
    from targetwatch.wording import verdict as words
    from targetwatch.wording.translation import translator

    verdict = snapshot.verdicts[target]
    said = words.sentence(verdict, snapshot.catalogue.indicators_by_id[verdict.indicator], translator(language))
    show.console().print(f"\n{said}", soft_wrap=True, highlight=False)


def _say_none_announced(snapshot: Snapshot) -> None:
    announced = [target.announced_on for target in snapshot.catalogue.targets]
    more = f"; the first was announced on {min(announced)}" if announced else "; none is configured"
    show.console().print(f"no target had been announced by {snapshot.as_of.day}{more}", highlight=False)


def _say_future(snapshot: Snapshot) -> None:
    if snapshot.as_of.day > snapshot.taken_at.astimezone(snapshot.as_of.moment.tzinfo).date():
        said = f"{snapshot.as_of.day} has yet to come: judged as if nothing more were published until then"
        show.console().print(f"\n[dim]{said}[/dim]", highlight=False)


def _figures(options: Options, name: str, moment: AsOf, output: Format, language: str) -> None:
    from targetwatch.evaluation.series import in_force
    from targetwatch.store import catalogue, db
    from targetwatch.watch import readings_of

    with db.reading(options.engine()) as session:
        everything = catalogue.load(session)
        known = everything.indicators_by_id
        if name not in known:
            raise NotFoundError("indicator", name, known)
        rows = readings_of(session, known[name], known)
    publishers = sorted({row.publisher for row in rows})
    shown = [row for publisher in publishers for row in in_force(rows, publisher, moment)]
    shown.sort(key=lambda row: (row.period.end, row.period.start, row.publisher))
    if output is Format.TABLE:
        show.readings(shown, everything, known[name].authority, language)
        return
    found = [plain(row) for row in shown]
    if output is Format.JSON:
        show.as_json({"indicator": name, "as_of": moment.day, "clock": moment.clock, "readings": found})
    else:
        show.as_csv(found)
