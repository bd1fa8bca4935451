"""When a mail would leave about a change of status: the waiting times of the alerts as shipped, in one place.

They repeat what `grafana/rules` and `grafana/alertmanager` say; a test compares the two. Nothing here sends anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from targetwatch.evaluation.days import is_working_day
from targetwatch.model import Performance

if TYPE_CHECKING:
    from targetwatch.model import Target, Verdict
    from targetwatch.settings import Settings

PATIENCE = timedelta(minutes=30)
"""How long a status has to last before its alert fires: `for` of the rules."""
GROUP_WAIT = timedelta(minutes=5)
"""How long an owner's first alert waits for others: `group_wait`."""
GROUP_INTERVAL = timedelta(hours=1)
"""How long until it is tried again after a quiet hour: `group_interval`."""
TAKES = timedelta(minutes=2)
"""A scrape and an evaluation, a minute each."""
QUIET_FROM, QUIET_UNTIL, QUIET_ZONE = time(17, 30), time(8, 30), ZoneInfo("Asia/Shanghai")
NEWS_DAYS = timedelta(days=13)
"""How old a decided target may be and still be told."""
LAGGING = frozenset({Performance.OFF_TRACK, Performance.AT_RISK})
DECIDED = frozenset({Performance.MISSED, Performance.ACHIEVED})


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail about one target: what it would say, to whom (`to_owner`, else the data steward), when about."""

    target: Target
    performance: Performance
    to_owner: bool
    at: datetime


def mail(
    target: Target, now: Verdict | None, then: Verdict | None, *, known_at: datetime, settings: Settings
) -> Mail | None:
    """Return the mail that a verdict turning from `now` to `then` at `known_at` leads to; None when there is none."""
    if then is None or not _is_told(now, then, known_at.astimezone(settings.zone).date()):
        return None
    to_owner = bool(target.owner.email)
    return Mail(target, then.performance, to_owner, leaves_at(known_at, settings.holiday_calendar))


def leaves_at(known_at: datetime, calendar: str | None) -> datetime:
    """Return about when a mail leaves for what is known since a moment: in working hours, tried once an hour."""
    at = known_at + TAKES + PATIENCE + GROUP_WAIT
    while is_quiet(at, calendar):
        at += GROUP_INTERVAL
    return at.astimezone(QUIET_ZONE).replace(second=0, microsecond=0)


def is_quiet(moment: datetime, calendar: str | None) -> bool:
    """Return whether mails to owners wait at a moment."""
    local = moment.astimezone(QUIET_ZONE)
    return not QUIET_UNTIL <= local.time() < QUIET_FROM or not is_working_day(local.date(), calendar)


def _is_told(now: Verdict | None, then: Verdict, today: date) -> bool:
    """Return whether the turn is an episode of its own: another status, or one that began on another day."""
    same = now is not None and now.performance is then.performance
    if same and now is not None and now.performance_since == then.performance_since:
        return False
    if then.performance is Performance.ON_TRACK:
        return now is not None and now.performance in LAGGING
    if then.performance in DECIDED:
        return then.performance_since is not None and today - then.performance_since < NEWS_DAYS
    return then.performance in LAGGING
