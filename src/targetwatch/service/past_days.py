"""A past day of many targets, judged in a process of its own: it takes minutes and memory that the service has not.

The process ends with its answer, with the service, or at its limits. What it says comes in small pieces, so that taking
it in holds up nobody.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from time import monotonic
from typing import TYPE_CHECKING, Any

from targetwatch.model import Catalogue
from targetwatch.store import db
from targetwatch.watch import Watch
from targetwatch.watch.inputs import Inputs
from targetwatch.web.running import PastNotJudgedError, PastTooLargeError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from sqlalchemy.engine import Engine

    from targetwatch.model import AsOf, Snapshot

log = logging.getLogger(__name__)
TARGETS_HERE = 200
"""So many are judged in a second or two, and not in a process of their own."""
AT_ONCE = 50
SECONDS = 1800
PARTS = ("verdicts", "paces", "figures")


def judge_apart(engine: Engine, as_of: AsOf, inputs: Inputs, *, simulated: bool, megabytes: int) -> Snapshot:
    """Return the snapshot as of a past moment, on the catalogue of `inputs`, or on that recorded by then.

    Raises:
        PastTooLargeError: it took more memory or time than it may.
        PastNotJudgedError: what is configured is something else by now.
    """
    context, until = get_context("spawn"), monotonic() + SECONDS
    here, there = context.Pipe(duplex=False)
    url = engine.url.render_as_string(hide_password=False)
    process = context.Process(target=_judge, args=(there, url, as_of, simulated, megabytes), daemon=True)
    process.start()
    there.close()
    parts: dict[str, dict[str, Any]] = {name: {} for name in PARTS}
    try:
        while here.poll(max(until - monotonic(), 0)):
            name, said = here.recv()
            if name in parts:
                parts[name].update(said)
            elif name != inputs.configured:
                raise PastNotJudgedError("past_not_judged", where="as_of", said=as_of.day)
            else:
                known = said.catalogue if as_of.recorded_by else inputs.catalogue
                found: Snapshot = replace(said, catalogue=known, **parts)
                return found
    except EOFError:
        log.warning("%s: judging it ended without a verdict, with at most %d MB allowed", as_of.day, megabytes)
    finally:
        process.kill()
        process.join()
        here.close()
    raise PastTooLargeError("past_too_large", where="as_of", said=as_of.day)


def _judge(there: Connection, url: str, as_of: AsOf, simulated: bool, megabytes: int) -> None:  # noqa: FBT001
    """Judge in the process of its own, and send what was found in pieces, the snapshot they belong to last."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal; the service ends it
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)
    watch = Watch(Inputs(recorded_by=as_of.recorded_by))
    with db.reading(db.create_engine(url)) as session:
        snapshot = watch.refresh(session, as_of, taken_at=datetime.now(UTC), simulated=simulated).snapshot
    for name in PARTS:
        said = list(getattr(snapshot, name).items())
        for start in range(0, len(said), AT_ONCE):
            there.send((name, dict(said[start : start + AT_ONCE])))
    known = snapshot.catalogue if as_of.recorded_by else Catalogue()  # which the service has
    rest = replace(snapshot, catalogue=known, verdicts={}, paces={}, figures={})
    there.send((watch.inputs.configured, rest))
