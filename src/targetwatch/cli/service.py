"""Commands that run the service: `serve` and `metrics`."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import Annotated

import typer

from targetwatch.cli.context import Options, read_day
from targetwatch.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Name the commands."""
    app.command(epilog="Example: targetwatch serve --replay 2025-01-01..2026-01-31 --day 2s")(serve)
    app.command(epilog="Example: targetwatch metrics | promtool check metrics")(metrics)


def serve(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on [env TARGETWATCH_HOST]")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on [env TARGETWATCH_PORT]")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Serve a past date, frozen")] = None,
    replay: Annotated[str | None, typer.Option(metavar="FROM..TO", help="Live a stretch of time again")] = None,
    day: Annotated[str, typer.Option(metavar="SECONDS", help="How long a replayed day takes, such as 2s")] = "2s",
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="First prepare the database and apply the configuration")
    ] = False,
) -> None:
    """Serve pages, /metrics and the API, and run the schedule, until stopped."""
    options: Options = context.obj
    if as_of and replay:
        raise UsageError("serve: --as-of and --replay were both given, expected one of them")
    frozen = read_day(as_of, "--as-of") if as_of else None
    stretch = read_stretch(replay) if replay else None
    seconds = read_seconds(day)
    options.log()
    from targetwatch.service import server

    settings = options.settings.model_copy(update={k: v for k, v in (("host", host), ("port", port)) if v is not None})
    server.serve(settings, frozen=frozen, replay=stretch, day_seconds=seconds, upgrade=upgrade)


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
        raise UsageError(f"--replay '{said}': not a stretch of time, expected FROM..TO such as 2025-01-01..2026-01-31")
    start, end = read_day(first, "--replay"), read_day(last, "--replay")
    if end < start:
        raise UsageError(f"--replay '{said}': ends before it starts, expected the earlier day first")
    return start, end


def read_seconds(said: str) -> float:
    """Return the seconds of "2s", "0.5" or "1m".

    Raises:
        UsageError: it is not a positive duration.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|ms)?", said.strip())
    value = float(found[1]) * {"s": 1, "m": 60, "ms": 0.001, None: 1}[found[2]] if found else 0
    if value <= 0:
        raise UsageError(f"--day '{said}': not a duration, expected seconds such as 2s or 0.5s")
    return value
