"""The command line: parse, call one function, print. The only place that prints or exits.

Every command imports what it needs when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from targetwatch import __version__
from targetwatch.cli import administration, backtest, configuration, figures, judgement, mail, serve, source, user
from targetwatch.cli.context import Options
from targetwatch.errors import ConfigError, TargetwatchError

app = typer.Typer(
    name="targetwatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The truth about announced targets: stored, ingested, judged as of any moment, exported to Prometheus.",
    epilog="Example: targetwatch status --as-of 2025-03-11",
)
for module in (configuration, figures, source, judgement, mail, backtest, serve, user, administration):
    module.add_to(app)


def _version(*, wanted: bool) -> None:
    if wanted:
        print(f"targetwatch {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Database, sqlite:///file.db or postgresql://... [env TARGETWATCH_DATABASE_URL]"
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Configuration directory [env TARGETWATCH_CONFIG_DIR]")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say what is being done, and show tracebacks")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Version")
    ] = False,
) -> None:
    """Take the options that every command shares."""
    context.obj = Options(database=database, config=config, verbose=verbose)


EXIT_FAILED = 1


def main() -> None:
    """Run the command line; exit 0 when it went well, 1 when it failed, 2 on wrong usage."""
    try:
        app()
    except ConfigError as error:
        from targetwatch.wording.problems import in_english

        count = len(error.problems)
        print(in_english(error), file=sys.stderr)
        print(f"{count} problem{'' if count == 1 else 's'}", file=sys.stderr)
        sys.exit(EXIT_FAILED)
    except TargetwatchError as error:
        from targetwatch.wording.problems import in_english

        print(f"error: {in_english(error)}", file=sys.stderr)
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_FAILED)
