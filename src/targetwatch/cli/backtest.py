"""`backtest`: how good the forecasts have been on one's own indicators."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, progress
from targetwatch.cli.show import Format, FormatOption
from targetwatch.errors import UsageError
from targetwatch.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.backtest import PastAnswer, Question, Score


def add_to(app: typer.Typer) -> None:
    """Name the command."""
    app.command(epilog="Example: targetwatch backtest --picture calibration.svg")(backtest)


def backtest(
    context: typer.Context,
    *,
    picture: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw the calibration")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Ask the past: your own years judged on each day of publication as they would have been, scored against what came.

    One year is enough. Goals are the year before, and 5 and 10% more; where nothing of it is known, so much of what
    was forecast first. Scored too is the day on which a goal was said to be reached: half are off by so many days.
    """
    options: Options = context.obj
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


def _draw(said: Sequence[PastAnswer], picture: Path) -> None:
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
        indicators = configured.indicators_by_id
        known = {name: readings_of(session, one, indicators) for name, one in indicators.items()}
    today = options.as_of(None)
    asked = (own_questions(one, known[name], configured.targets, today) for name, one in indicators.items())
    return [question for some in asked for question in some], len(indicators)


def _print_scores(found: Sequence[Score]) -> None:
    from rich.table import Table

    titles = ("Kind", "Months known", "Verdicts", "Without odds", "Brier", "Log loss", "80% covers")
    table = Table(*titles, "On track came true", "Off track attained", "Day off by", box=None)
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
            "" if one.days_off is None else f"{one.days_off:.0f}, 4 in 5: {one.days_off_mostly:.0f}",
        )
    show.console().print(table)
