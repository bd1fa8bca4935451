"""What a template may ask to be written: `f.day(on)` is `wording.formats.day(on, _)` in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from targetwatch.evaluation.status import is_done_late
from targetwatch.model import AsOf, Performance, Verdict
from targetwatch.web.lookup import KnownReading
from targetwatch.wording import card, formats, mail, needed, schedule, verdict, versions
from targetwatch.wording.translation import Translator, translator

FILED_UNDER = re.compile(r"^[A-Z]{1,2}\d{1,3}:(?:\s+|$)")


class Formats:
    """Everything a template may ask to be written, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getattr__(self, name: str) -> Callable[..., str]:
        """Return what writes a thing of that name."""
        if name in PLAIN:
            return PLAIN[name]
        if name not in SPOKEN:
            raise AttributeError(name)
        return partial(SPOKEN[name], _=translator(self.language))


def look(state: Performance | Verdict) -> str:
    """Return what names the colour and the sign of a performance, or of a verdict."""
    if isinstance(state, Performance):
        return state.value
    return "done_late" if is_done_late(state) else state.performance.value


def moment(moment: datetime, as_of: AsOf, _: Translator) -> str:
    """Return a moment in the configured zone, with the name of the zone."""
    here = moment.astimezone(as_of.moment.tzinfo)
    zone = _.context("China", "CST") if str(here.tzinfo) == "Asia/Shanghai" else f"{here:%Z}"
    return f"{here:%Y-%m-%d %H:%M} {zone}"


def note(said: str) -> str:
    """Return a note without the number its keeper filed the figure under, which tells its reader nothing.

    >>> note("T23: as printed"), note("TEU: as printed")
    ('as printed', 'TEU: as printed')
    """
    return FILED_UNDER.sub("", said)


def published(known: KnownReading, _: Translator) -> str:
    """Return when a figure was published; "by" where it may only have been seen first on that day."""
    day = formats.day(known.reading.published_on, _)
    return _("by {day}", day=day) if known.first_seen else day


PLAIN: Mapping[str, Callable[..., Any]] = {
    "count": "{:,}".format,
    "is_long": card.is_long,
    "look": look,
    "note": note,
    "percent": formats.percent,
}
"""What is written alike in every language."""
SPOKEN: Mapping[str, Callable[..., Any]] = {
    "amount": formats.amount,
    "calendar": schedule.release_calendar,
    "card": card.figure,
    "card_reason": card.reason,
    "caveat": verdict.note,
    "chances": verdict.odds,
    "changed": versions.parts,
    "data": schedule.data_state,
    "day": formats.day,
    "day_of_year": formats.day_of_year,
    "evidence": formats.evidence,
    "figure_data": schedule.data_state_of_figure,
    "goal": versions.goal,
    "known_to": mail.known_to,
    "lagging": card.needed,
    "lagging_briefly": card.needed_briefly,
    "moment": moment,
    "moved": versions.sentence,
    "needed": needed.needed,
    "numbers": card.key_numbers,
    "odds": card.odds,
    "outcome": verdict.outcome,
    "performance": verdict.performance,
    "period": formats.period,
    "plan": verdict.plan,
    "printed": formats.printed,
    "published": published,
    "reason": verdict.reason,
    "reason_given": versions.reason,
    "reason_in_two": verdict.reason_in_two,
    "reason_of_change": verdict.reason_of_change,
    "since": verdict.since,
    "stated": formats.stated,
    "versions": versions.numbered,
    "width": formats.width,
}
"""What is written in the reader's language."""
