"""A process that writes again and again, for the tests of concurrency: `writer.py ADDRESS TIMES NAME`.

It says "ready", waits for a line, and starts.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from store.examples import NOW, ROUTES_2025, reading
from targetwatch.store import catalogue, db, readings, runs


def main(address: str, times: str, name: str) -> None:
    """Count up, add a reading of one's own and one that others add, and a version, each in its own transaction."""
    engine = db.create_engine(address)
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    for number in range(int(times)):
        with db.writing(engine, f"test:{name}", now=NOW) as session:
            count = runs.fetch_state(session, "counter")["count"]
            runs.save_fetch_state(session, "counter", {"count": count + 1}, now=NOW)
        day = date(2020, 1, 1) + timedelta(days=number)
        for publisher in (name, "same"):
            with db.writing(engine, f"test:{name}", now=NOW) as session:
                readings.add(session, [reading(number, publisher=publisher, published_on=day)])
        with db.writing(engine, f"test:{name}", now=NOW) as session:
            version = replace(ROUTES_2025.versions[0], effective=date(2026, 1, 1))
            expected = catalogue.revision(session, "routes-2025")
            catalogue.save_version(session, "routes-2025", version, expected=expected, now=NOW)
    engine.dispose()


main(*sys.argv[1:])
