"""`backtest`: how good the forecasts have been on one's own indicators, and a year's mails lived again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from targetwatch.cli import show
from targetwatch.cli.context import Options, progress
from targetwatch.cli.show import Format
from targetwatch.errors import UsageError
from targetwatch.model.words import plain

if TYPE_CHECKING:
    from targetwatch.backtest import MonthlySeries, Result
    from targetwatch.backtest.replay import Replay
    from targetwatch.model import Indicator

FIRST_YEAR, LAST_YEAR = 1990, 2200


def add_to(app: typer.Typer) -> None:
    """Name the command."""
    app.command(epilog="Example: targetwatch backtest --method structural --method pool2 --picture calibration.svg")(
        backtest
    )


def backtest(
    context: typer.Context,
    *,
    method: Annotated[
        list[str] | None, typer.Option(help="pool, structural, pool2, share, run_rate (again for several)")
    ] = None,
    measure: Annotated[str, typer.Option(help="flow or level")] = "flow",
    replay: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", min=FIRST_YEAR, max=LAST_YEAR, help="Live a year's status changes and mails again"
        ),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw the calibration of the first method")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print")] = Format.TABLE,
) -> None:
    """Ask the past: forecasts as they would have been made, scored against what came.

    It needs months of at least four complete years (levels: seven). A replay needs only the targets.
    """
    options: Options = context.obj
    if replay is not None:
        _print_replay(_replays(options, replay), replay, output)
        return
    from targetwatch.backtest import backtest as asked
    from targetwatch.backtest import calibration_svg, flow_questions, level_questions

    if measure not in {"flow", "level"}:
        raise UsageError("not_forecast", where="--measure", said=measure)
    series = _own_series(options, measure)
    questions = (flow_questions if measure == "flow" else level_questions)(series, last_years=None)
    if not questions:
        raise UsageError("no_questions", where="backtest", measure=measure, count=len(series))
    with progress("asking the past") as tell:
        results = [
            asked(questions, name, progress=tell) for name in method or ["pool" if measure == "flow" else "structural"]
        ]
    if output is Format.JSON:
        show.as_json(results)
    else:
        _print_results(results)
    if picture is not None:
        picture.write_text(calibration_svg(results[0]), encoding="utf-8")
        print(f"wrote {picture}")


def _own_series(options: Options, measure: str) -> list[MonthlySeries]:
    from targetwatch.backtest.questions import monthly_series
    from targetwatch.store import catalogue, db, readings

    with db.reading(options.engine()) as session:
        indicators = [one for one in catalogue.load(session).indicators if one.measure.value == measure]
        known = readings.load(session, [one.id for one in indicators])
    moment = options.as_of(None)
    found = (monthly_series(one, known.get(one.id, ()), moment) for one in indicators)
    return [series for series in found if series is not None]


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


def _print_results(results: list[Result]) -> None:
    from rich.table import Table

    table = Table(
        "Method", "Series", "Years", "Brier", "Log loss", "Error", "80 % covers", "Calibration", "ms each", box=None
    )
    for one in results:
        score = one.score
        table.add_row(
            *(one.method, str(one.series_count), str(one.series_years), f"{score.brier:.4f}", f"{score.log_loss:.4f}"),
            *(f"{score.total_error * 100:.1f} %", f"{score.coverage:.3f}", f"{score.calibration_error:.3f}"),
            f"{one.milliseconds_each:.2f}",
        )
    show.console().print(table)
    months = Table("Months known", *(f"{one.method}: Brier" for one in results), box=None)
    for number, first in enumerate(results[0].by_month):
        months.add_row(str(first.months_known), *(f"{one.by_month[number].score.brier:.4f}" for one in results))
    show.console().print(months)
