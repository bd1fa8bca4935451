"""A process that writes again and again, for the tests of concurrency: `writer.py ADDRESS count|add|version TIMES`.

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


def main(address: str, job: str, times: str, *rest: str) -> None:
    """Do the job so many times, each in a transaction of its own."""
    engine = db.create_engine(address)
    print("ready", flush=True)  # noqa: T201 - the test reads it
    sys.stdin.readline()
    for number in range(int(times)):
        with db.writing(engine, f"test:{job}", now=NOW) as session:
            if job == "count":
                count = runs.fetch_state(session, "counter")["count"]
                runs.save_fetch_state(session, "counter", {"count": count + 1}, now=NOW)
            elif job == "add":
                day = date(2020, 1, 1) + timedelta(days=number)
                readings.add(session, [reading(number, publisher=rest[0], published_on=day)])
            else:
                version = replace(ROUTES_2025.versions[0], effective=date(2026, 1, 1))
                expected = catalogue.revision(session, "routes-2025")
                catalogue.save_version(session, "routes-2025", version, expected=expected, now=NOW)
    engine.dispose()


main(*sys.argv[1:])
