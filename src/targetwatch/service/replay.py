"""A stretch of time lived again by the service itself, its watch and its outbox, with mails that are kept, not sent."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from targetwatch.service.app import Simulation, build
from targetwatch.store import db, statuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from targetwatch.model import Snapshot, StatusChange
    from targetwatch.settings import Settings
    from targetwatch.store.outbox import Mail

SENDER = "targetwatch@example.org"
"""Who simulated mails are from where no sender is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What happened: the mails with the day each left, the status changes, and how everything stood in the end."""

    mails: tuple[tuple[date, Mail], ...]
    changes: tuple[StatusChange, ...]
    end: Snapshot


def live(settings: Settings, first: date, last: date, *, progress: Callable[[int, int], None] | None = None) -> Lived:
    """Return what the days from `first` to `last` would have brought; nothing is sent, and nothing kept."""
    sent: list[tuple[date, Mail]] = []
    with tempfile.TemporaryDirectory() as folder:
        simulation = Simulation(
            first,
            last,
            mails=Path(folder) / "mails.db",
            deliver=lambda mail, _settings: sent.append((app.as_of().day, mail)),
        )
        app = build(as_simulated(settings), simulation=simulation)
        try:
            snapshot = app.refresh()
            app.mail()
            days = (last - first).days
            for number in range(days):
                app.next_day()
                if progress is not None:
                    progress(number + 1, days)
            snapshot = app.holder.current or snapshot
            with db.reading(app.kept) as session:
                changes = statuses.load(session)
        finally:
            app.stop()
    return Lived(mails=tuple(sent), changes=tuple(one for one in changes if first <= one.on <= last), end=snapshot)


def as_simulated(settings: Settings, *, sink: str | None = None) -> Settings:
    """Return the settings of simulated mails: a sender, and no server but `sink`."""
    server = None if sink is None else SecretStr(sink)
    return settings.model_copy(update={"mail_from": settings.mail_from or SENDER, "smtp_url": server})
