"""Where the figures of an indicator are: through which day, what is due or late, and the calendar of its releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.model import DataState
from targetwatch.wording import terms
from targetwatch.wording.formats import country
from targetwatch.wording.formats import day as written
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from datetime import date

    from targetwatch.model import Figure, Indicator, Verdict
    from targetwatch.wording.translation import Translator


def data(verdict: Verdict, today: date, _: Translator) -> str:
    """Return through which day figures are known, and what is due or late; says nothing of performance."""
    through, due = verdict.data_through, verdict.next_release_due
    first = _("no figure yet") if through is None else _("figures to {day}", day=written(through, _))
    second = _next(verdict.data_state, due, verdict.late_days, _)
    if verdict.data_state is DataState.NONE and due is not None and due < today:
        second = _("the first was due {day}", day=written(due, _))
    return f"{first}{_('; ')}{second}" if second else first


def figure_data(figure: Figure, today: date, _: Translator) -> str:
    """Return what is due or late of an indicator; empty when its calendar names nothing."""
    due = figure.next_release_due
    days = (today - due).days if figure.data_state is DataState.LATE and due is not None else 0
    return _next(figure.data_state, due, days, _)


def calendar(indicator: Indicator, _: Translator) -> str:
    """Return a release calendar in words."""
    release = indicator.release
    said = [_(terms.RELEASES[release.every])]
    if release.lag or release.grace:
        lag, grace = release.lag, release.grace
        said.append(_("{lag} days after the period's end; late after {grace} more", lag=lag, grace=grace))
    if release.january_with_february:
        said.append(_("January and February together"))
    if release.calendar:
        said.append(_("moved to working days ({country})", country=country(release.calendar, _)))
    return _("; ").join(said)


def _next(state: DataState, due: date | None, late_days: int, _: Translator) -> str:
    """Return the state of the next release in words; empty when there is nothing to say."""
    if state is DataState.CLOSED:
        return _("no further figure is expected")
    if due is None:
        return ""
    said = {
        DataState.LATE: N_("the next was due {day}, {days} days late"),
        DataState.DUE: N_("the next has been due since {day}"),
    }.get(state, N_("the next is due {day}"))
    return _(said, day=written(due, _), days=late_days)
