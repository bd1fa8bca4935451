"""The command line: parse, call one function, print. The only place that prints or exits.

Every command imports what it needs when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import sys

from targetwatch.cli.commands import app
from targetwatch.errors import ConfigError, TargetwatchError

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
