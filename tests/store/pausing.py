"""Run a program that stands still at a chosen point, so that it can be killed exactly there.

    pausing.py [--at WHERE] [--match REGEX] [--nth N] MODULE:FUNCTION [ARGUMENT...]

WHERE is `before` or `after` (a statement that matches REGEX), `commit` (about to commit), `committed` (it has), or
`call` (the start of the function MODULE:FUNCTION that REGEX names). At the Nth such moment it prints "paused" and
never goes on; if the program ends without one, it prints "finished". The function is called without arguments and
finds them in sys.argv, so a command line's `main` will do. Nothing in the program knows of this.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))


class Pause:
    """Stand still at the nth moment."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self, *_: object, **__: object) -> None:
        self.left -= 1
        if self.left == 0:
            print("paused", flush=True)  # noqa: T201 - the test reads it
            while True:
                time.sleep(60)


def arm(where: str, match: str, nth: int) -> None:
    """Prepare to stand still."""
    pause = Pause(nth)
    if where in {"before", "after"}:

        def statement(_connection: Any, _cursor: Any, text: str, *_: object) -> None:
            if re.search(match, text):
                pause()

        event.listen(Engine, f"{where}_cursor_execute", statement)
    elif where == "commit":
        event.listen(Engine, "commit", pause)
    elif where == "committed":
        event.listen(Session, "after_commit", pause)
    else:
        code = function(match).__code__

        def profile(frame: FrameType, what: str, _argument: object) -> None:
            if what == "call" and frame.f_code is code:
                pause()

        sys.setprofile(profile)
        threading.setprofile(profile)


def function(name: str) -> Any:
    """Return the function MODULE:FUNCTION."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def main() -> None:
    """Read the command line, arm, run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", choices=["before", "after", "commit", "committed", "call"])
    parser.add_argument("--match", default="")
    parser.add_argument("--nth", type=int, default=1)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    program = function(given.program)
    if given.at:
        arm(given.at, given.match, given.nth)
    sys.argv = [given.program, *given.arguments]
    program()
    print("finished", flush=True)  # noqa: T201 - the test reads it


main()
