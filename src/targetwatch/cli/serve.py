"""Commands of the service: `serve`, `work`, `metrics`, and `backfill` for the past as OpenMetrics with timestamps."""

from __future__ import annotations

import os
import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from targetwatch.cli.context import Options, now, progress, read_day
from targetwatch.errors import UsageError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from targetwatch.service.backfill import Backfill, Progress, Stretch

T = TypeVar("T")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.command(epilog="Example: targetwatch serve --replay 2025-01-01..2026-01-31 --day 2s")(serve)
    app.command(epilog="Example: targetwatch --database postgresql://user@host/name work")(work)
    app.command(epilog="Example: targetwatch metrics | promtool check metrics")(metrics)
    app.command(
        epilog="Example: targetwatch backfill --from 2025-01-01 --to 2025-12-31 --label job=targetwatch"
        " --label instance=targetwatch:9877 --directory history"
    )(backfill)


def serve(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on [env TARGETWATCH_HOST]")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on [env TARGETWATCH_PORT]")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Serve a past date, frozen")] = None,
    replay: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Live a stretch of time again")] = None,
    day: Annotated[str, typer.Option(metavar="SECONDS", help="How long a replayed day takes, such as 2s")] = "2s",
    mail_sink: Annotated[
        str | None, typer.Option(metavar="URL", help="Send the replay's mails to this server, such as smtp://host:2525")
    ] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="First prepare the database and apply the configuration")
    ] = False,
) -> None:
    """Serve pages, /metrics and the API, and run the schedule, until stopped."""
    options: Options = context.obj
    if as_of and replay:
        raise UsageError("both_given", where="serve", one="--as-of", other="--replay")
    if mail_sink and not replay:
        raise UsageError("sink_without_replay", where="--mail-sink", said=mail_sink)
    if mail_sink:
        read_sink(mail_sink)
    frozen = read_day(as_of, "--as-of") if as_of else None
    stretch = read_stretch(replay) if replay else None
    seconds = read_seconds(day)
    options.log()
    from targetwatch.service import server

    settings = options.settings.model_copy(update={k: v for k, v in (("host", host), ("port", port)) if v is not None})
    server.serve(settings, frozen=frozen, replay=stretch, day_seconds=seconds, mail_sink=mail_sink, upgrade=upgrade)


def work(context: typer.Context) -> None:
    """Judge targets for the process that leads, until stopped; any number of these, on any machine, on PostgreSQL."""
    options: Options = context.obj
    options.log()
    from targetwatch.service.work import work

    work(options.settings.database_url)


def metrics(context: typer.Context) -> None:
    """Print the exposition once, as /metrics would answer now."""
    from targetwatch.service import server

    options: Options = context.obj
    sys.stdout.buffer.write(server.exposition(options.settings))


def read_stretch(said: str) -> tuple[date, date]:
    """Return the first and last day of "2025-01-01..2026-01-31".

    Raises:
        UsageError: it is not two days in order.
    """
    first, dots, last = said.partition("..")
    if not dots:
        raise UsageError("not_a_stretch", where="--replay", said=said)
    start, end = read_day(first, "--replay"), read_day(last, "--replay")
    if end < start:
        raise UsageError("stretch_reversed", where="--replay", said=said)
    return start, end


def read_seconds(said: str) -> float:
    """Return the seconds of "2s", "0.5" or "1m".

    Raises:
        UsageError: it is not a positive duration.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|ms)?", said.strip())
    value = float(found[1]) * {"s": 1, "m": 60, "ms": 0.001, None: 1}[found[2]] if found else 0
    if value <= 0:
        raise UsageError("not_a_duration", where="--day", said=said)
    return value


def read_sink(said: str) -> None:
    """Look whether "smtp://127.0.0.1:2525" names a mail server; UsageError when it does not."""
    from targetwatch.model.problem import Problem
    from targetwatch.settings import read_server

    try:
        read_server(said)
    except ValueError as error:
        reason = error.args[0]
        assert isinstance(reason, Problem)
        raise UsageError(reason.at("--mail-sink")) from None


def backfill(
    context: typer.Context,
    *,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day (today: up to three hours ago)")],
    step: Annotated[str, typer.Option(metavar="TIME", help="How often a value is repeated: 30m, 1h, 6h")] = "1h",
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Put on every series, as the scrape does (again for several)"),
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there instead of printing")] = None,
    directory: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a file for every Prometheus block there: promtool is much faster so"),
    ] = None,
) -> None:
    """Write the past for Prometheus: what was known day by day.

    The text is OpenMetrics with timestamps, for `promtool tsdb create-blocks-from openmetrics`.
    """
    from targetwatch.service.backfill import learn
    from targetwatch.store import db

    options: Options = context.obj
    if output and directory:
        raise UsageError("both_given", where="backfill", one="--output", other="--directory")
    stretch, labels = _asked(options, (first, last, step), label or [])
    with progress("judging days") as tell, db.reading(options.engine()) as session:
        history = learn(session, stretch, taken_at=now(), progress=tell)
    for name, reason in sorted(history.failed.items()):
        print(f"warning: {name}: left out on the days it could not be judged: {reason}", file=sys.stderr)
    with progress("writing samples") as tell:
        written = _counted(history, tell)
        if directory is not None:
            _write_parts(history, labels, directory, written)
        else:
            _write(written(history.text(labels)), output)
    where = directory or output
    if where is not None:
        until = datetime.fromtimestamp(stretch.until, stretch.zone).isoformat(" ")
        print(f"wrote {where}: {history.sample_count} samples of {history.series_count} series, {first} to {until}")


def _asked(options: Options, said: tuple[str, str, str], labels: Sequence[str]) -> tuple[Stretch, str]:
    """Return the stretch and the labels asked for.

    Raises:
        UsageError: something of it cannot be used; every problem at once.
    """
    from targetwatch.service.backfill import Stretch

    first, last, step = said
    problems: list[Problem] = []

    def tried(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except UsageError as error:
            problems.extend(error.problems)
            return None

    start, end = tried(lambda: read_day(first, "--from")), tried(lambda: read_day(last, "--to"))
    seconds = tried(lambda: read_step(step))
    extra = tried(lambda: read_labels(labels))
    stretch = None
    if start is not None and end is not None:
        stretch = tried(lambda: Stretch.between(start, end, step_seconds=seconds or 1, zone=options.zone, now=now()))
    if stretch is None or extra is None or problems:
        raise UsageError(*problems)
    return stretch, extra


def read_step(said: str) -> int:
    """Return the seconds of "90s", "30m", "1h", "1d" or "1w".

    Raises:
        UsageError: it is no whole number of them above zero.
    """
    found = re.fullmatch(r"(\d{1,6})([smhdw])", said.strip(), re.ASCII)
    seconds = int(found[1]) * SECONDS[found[2]] if found else 0
    if seconds <= 0:
        raise UsageError("not_a_length", where="--step", said=said)
    return seconds


def read_labels(said: Sequence[str]) -> str:
    """Return NAME=VALUE pairs as they stand in a sample's braces.

    Raises:
        UsageError: one has no name or value, or its name is taken; every problem at once.
    """
    from targetwatch.metrics.names import escaped
    from targetwatch.service.backfill import OWN_LABELS

    problems: list[Problem] = []
    found: dict[str, str] = {}
    for pair in said:
        name, equals, value = pair.partition("=")
        if not equals or not value:
            problems.append(Problem("not_a_label", {"said": pair}, where="--label"))
        elif not LABEL.fullmatch(name):
            problems.append(Problem("label_misnamed", {"said": pair, "name": name}, where="--label"))
        elif name in OWN_LABELS:
            problems.append(Problem("label_taken", {"said": pair, "name": name}, where="--label"))
        elif name in found:
            problems.append(Problem("label_twice", {"said": pair, "name": name}, where="--label"))
        found[name] = value
    if problems:
        raise UsageError(*problems)
    return ",".join(f'{name}="{escaped(value)}"' for name, value in found.items())


def _write_parts(
    history: Backfill, labels: str, directory: Path, written: Callable[[Iterator[str]], Iterator[str]]
) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("directory_not_writable", where="--directory", said=str(directory), why=why) from error
    for part in history.stretch.parts:
        begins = datetime.fromtimestamp(part.start, history.stretch.zone)
        _write(written(history.text(labels, within=part)), directory / f"{begins:%Y-%m-%d}.om")


def _write(pieces: Iterator[str], output: Path | None) -> None:
    """Write to standard output, or beside the file and then in its place: half a history is never left there."""
    if output is None:
        sys.stdout.buffer.writelines(piece.encode() for piece in pieces)
        sys.stdout.buffer.flush()
        return
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        try:
            with beside.open("wb") as file:
                file.writelines(piece.encode() for piece in pieces)
            beside.replace(output)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError("file_not_writable", said=str(output), why=error.strerror or str(error)) from error


def _counted(history: Backfill, told: Progress | None) -> Callable[[Iterator[str]], Iterator[str]]:
    """Return what passes the text on and tells how much of it has been."""
    total, done = history.sample_count if told else 0, 0

    def counted(pieces: Iterator[str]) -> Iterator[str]:
        nonlocal done
        for piece in pieces:
            yield piece
            if told is not None:
                done += piece.count("\n")
                told(min(done, total), total)

    return counted
