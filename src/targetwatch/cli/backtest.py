"""`backtest`: how good the forecasts have been on one's own indicators, and a year's mails lived again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, progress
from targetwatch.cli.show import Format
from targetwatch.errors import UsageError
from targetwatch.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.backtest import Answer, Question, Score
    from targetwatch.backtest.replay import Replay
    from targetwatch.model import Indicator

FIRST_YEAR, LAST_YEAR = 1990, 2200


def add_to(app: typer.Typer) -> None:
    """Name the command."""
    app.command(epilog="Example: targetwatch backtest --picture calibration.svg")(backtest)


def backtest(
    context: typer.Context,
    *,
    replay: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", min=FIRST_YEAR, max=LAST_YEAR, help="Live a year's status changes and mails again"
        ),
    ] = None,
    picture: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw the calibration")] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print")] = Format.TABLE,
) -> None:
    """Ask the past: your own years judged on each day of publication as they would have been, scored against what came.

    One year is enough. Goals are the year before, and 5 and 10 % more; where nothing of it is known, so much of what
    was forecast first. A replay needs only the targets.
    """
    options: Options = context.obj
    if replay is not None:
        _print_replay(_replays(options, replay), replay, output)
        return
    from targetwatch.backtest import answers, scores

    questions, count = _own_questions(options)
    if not questions:
        raise UsageError("nothing_to_ask", where="backtest", count=count)
    with progress("asking the past") as tell:
        said = list(answers(questions, progress=tell))
    found = scores(said)
    if output is Format.JSON:
        show.as_json(found)
    elif output is Format.CSV:
        show.as_csv(plain(one) for one in found)
    else:
        _print_scores(found)
    if picture is not None:
        _draw(said, picture)


def _draw(said: Sequence[Answer], picture: Path) -> None:
    import numpy as np

    from targetwatch.backtest import calibration, calibration_svg

    known = [one for one in said if one.chance is not None]
    bins = calibration(
        np.array([one.chance for one in known], dtype=float), np.array([one.attained for one in known], dtype=bool)
    )
    picture.write_text(calibration_svg(bins, f"{len(known)} verdicts with odds", ""), encoding="utf-8")
    print(f"wrote {picture}", file=sys.stderr)


def _own_questions(options: Options) -> tuple[list[Question], int]:
    """Return what can be asked of the indicators' own past, and how many indicators there are."""
    from targetwatch.backtest import own_questions
    from targetwatch.store import catalogue, db
    from targetwatch.watch import readings_of

    with db.reading(options.engine()) as session:
        configured = catalogue.load(session)
        indicators = {one.id: one for one in configured.indicators}
        known = {name: readings_of(session, one, indicators) for name, one in indicators.items()}
    today = options.as_of(None)
    asked = (own_questions(one, known[name], configured.targets, today) for name, one in indicators.items())
    return [question for some in asked for question in some], len(indicators)


def _replays(options: Options, year: int) -> list[tuple[Replay, Indicator]]:
    from targetwatch.backtest.replay import replay
    from targetwatch.store import catalogue, db
    from targetwatch.watch import readings_of

    with db.reading(options.engine()) as session:
        configured = catalogue.load(session)
        indicators = {one.id: one for one in configured.indicators}
        judged = sorted({target.indicator for target in configured.targets})
        rows = {name: readings_of(session, indicators[name], indicators) for name in judged}
    today = options.as_of(None)
    found = []
    for target in configured.targets:
        indicator = indicators[target.indicator]
        one = replay(target, indicator, rows[indicator.id], year=year, today=today)
        found += [] if one is None else [(one, indicator)]
    return found


def _print_replay(found: list[tuple[Replay, Indicator]], year: int, output: Format) -> None:
    from targetwatch.wording import published
    from targetwatch.wording import verdict as words
    from targetwatch.wording.translation import translator

    replays = [one for one, _ in found]
    if output is Format.JSON:
        show.as_json(
            [
                plain(one) | {"changes": [published.change_as_json(change, indicator) for change in one.changes]}
                for one, indicator in found
            ]
        )
        return
    if output is Format.CSV:
        show.as_csv(
            {"target": m.target, "on": m.on, "says": m.says, "reminder": m.reminder, "right": m.right}
            for r in replays
            for m in r.mails
        )
        return
    for one, indicator in found:
        print(
            f"{one.target}: {one.outcome.value} in the end; "
            f"{len(one.changes)} changes in {year}, {len(one.mails)} mails"
        )
        for change in one.changes:
            print(f"    {change.on}  {change.new.value:14} {words.of_change(change, indicator, translator('en'))}")
    mails = [mail for one in replays for mail in one.mails]
    lagging = [mail for mail in mails if mail.says in {"at_risk", "off_track"}]
    answers = {answer: sum(1 for mail in lagging if mail.right is answer) for answer in (True, False, None)}
    print(
        f"\n{year}: {sum(len(one.changes) for one in replays)} status changes of {len(replays)} targets, "
        f"{sum(one.flips for one in replays)} returned to a status left before; {len(mails)} mails, of which "
        f"{len(lagging)} say that a target lags ({sum(1 for m in lagging if m.reminder)} of them reminders): "
        f"{answers[True]} rightly (it was missed), {answers[False]} wrongly (it was achieved), "
        f"{answers[None]} undecided"
    )


def _print_scores(found: Sequence[Score]) -> None:
    from rich.table import Table

    titles = ("Kind", "Months known", "Verdicts", "Without odds", "Brier", "Log loss", "80 % covers")
    table = Table(*titles, "On track came true", "Off track attained", box=None)
    for one in found:
        table.add_row(
            *(one.kind if one.months is None else "", "all" if one.months is None else str(one.months)),
            *(str(one.verdicts), str(one.without_odds)),
            *("" if value is None else f"{value:.4f}" for value in (one.brier, one.log_loss)),
            "" if one.coverage is None else f"{one.coverage:.3f}",
            *(
                "" if share is None else f"{share:.0%} of {count}"
                for share, count in (
                    (one.on_track_attained, one.on_track),
                    (one.off_track_attained, one.off_track),
                )
            ),
        )
    show.console().print(table)
