"""The real service living days again, mails kept in a file that outlives it: what a test kills and starts again.

Called with the database, the file of mails, the first and the last day, the mail server's address and the seconds a day
takes; it goes on where the file says that it was, says each day that is over, and ends after the last.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from targetwatch.service.app import Simulation, build
from targetwatch.service.backfill import as_simulated
from targetwatch.settings import Settings
from targetwatch.store import db, statuses


def reached(file: Path, first: date) -> date:
    """Return the last day that was lived, or the first one."""
    if not file.exists():
        return first
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    with db.reading(engine) as session:
        found = statuses.horizon(session)
    engine.dispose()
    return first if found is None else found.through


def main() -> None:
    database, mails, first, last, sink, seconds = sys.argv[1:]
    day = reached(Path(mails), date.fromisoformat(first))
    settings = as_simulated(Settings(database_url=f"sqlite:///{database}"), sink=sink)
    app = build(settings, simulation=Simulation(day, date.fromisoformat(last), mails=Path(mails)))
    app.refresh()
    app.mail()
    while app.as_of().day < date.fromisoformat(last):
        time.sleep(float(seconds))
        app.next_day()
        sys.stdout.write(f"{app.as_of().day}\n")
        sys.stdout.flush()
    app.stop()


if __name__ == "__main__":
    main()
