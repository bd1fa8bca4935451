"""Days, periods, amounts and states as a reader of either language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from babel import Locale

from targetwatch.evaluation.goal import resolve
from targetwatch.model import Comparator, DataState
from targetwatch.web.amounts import Amounts
from targetwatch.web.pages import card_words, key_numbers, version_words
from targetwatch.wording import formats as written
from targetwatch.wording import terms
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from targetwatch.evaluation.goal import Resolved
    from targetwatch.model import (
        AsOf,
        Caveat,
        Figure,
        Indicator,
        Performance,
        Period,
        StatusChange,
        TargetVersion,
        Verdict,
    )
    from targetwatch.web.pages.key_numbers import Number
    from targetwatch.web.pages.versions import VersionChange
    from targetwatch.web.questions import Known

FILED_UNDER = re.compile(r"^[A-Z]{1,2}\d{1,3}:(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class Formats(Amounts):
    """Everything a template may ask to be written, in one language."""

    def day(self, day: date | None) -> str:
        """Return a day as it is written in a sentence; a dash when it is not known."""
        return written.day(day, self._) if day is not None else "—"

    def short_day(self, day: date) -> str:
        """Return a day without its year, where that was said already."""
        return written.day_of_year(day, day, self._)

    def period(self, period: Period) -> str:
        """Return a period as briefly as it can be said."""
        return written.period(period, self._)

    def published(self, known: Known) -> str:
        """Return when a figure was published; "by" where it may only have been seen first on that day."""
        day = self.day(known.reading.published_on)
        return self._("by {day}", day=day) if known.first_seen else day

    def performance(self, performance: Performance) -> str:
        """Return the performance in words."""
        return self._(words.PERFORMANCES[performance])

    def data(self, verdict: Verdict, today: date) -> str:
        """Return where the figures are: through which day, and what is due or late. Says nothing of performance."""
        through = N_("no figure yet") if verdict.data_through is None else N_("figures to {day}")
        first = self._(through, day=self.day(verdict.data_through))
        due = verdict.next_release_due
        second = self.release(verdict.data_state, due, verdict.late_days)
        if verdict.data_state is DataState.NONE and due is not None and due < today:
            second = self._("the first was due {day}", day=self.day(due))
        return f"{first}{self._('; ')}{second}" if second else first

    def figure_data(self, figure: Figure, today: date) -> str:
        """Return what is due or late of an indicator; empty when its calendar names nothing."""
        late = figure.data_state is DataState.LATE and figure.next_release_due is not None
        days = (today - figure.next_release_due).days if late and figure.next_release_due else 0
        return self.release(figure.data_state, figure.next_release_due, days)

    def release(self, state: DataState, due: date | None, late_days: int) -> str:
        """Return the state of the next release in words; empty when there is nothing to say."""
        if state is DataState.CLOSED:
            return self._("no further figure is expected")
        if due is None:
            return ""
        said = {
            DataState.LATE: N_("the next was due {day}, {days} days late"),
            DataState.DUE: N_("the next has been due since {day}"),
        }.get(state, N_("the next is due {day}"))
        return self._(said, day=self.day(due), days=late_days)

    def card(self, verdict: Verdict, version: TargetVersion, indicator: Indicator) -> str:
        """Return value and goal in a few words."""
        return card_words.figure(self, verdict, version=version, indicator=indicator)

    def odds(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return the odds of making it in words, while they matter; empty otherwise."""
        return card_words.odds(self, verdict, indicator)

    def card_reason(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return why a target stands as it does, below its figure."""
        return card_words.reason(self, verdict, indicator)

    def is_long(self, text: str) -> bool:
        """Return whether a figure is too long for large letters."""
        return card_words.is_long(text)

    def lagging(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return what would have to be true of a target that lags, after a label that says so; empty otherwise."""
        return card_words.needed(self, verdict, indicator)

    def needed(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return what would have to be true from here on; empty when nothing is needed any more."""
        return words.needed(verdict, indicator, self._)

    def plan(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return what the plan expected by data-through; empty for steps."""
        return words.plan(verdict, indicator, self._)

    def chances(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return the odds of making it, decided or not; empty without a forecast."""
        return words.odds(verdict, indicator, self._)

    def reason(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return the sentence of a verdict without the word that its badge says already."""
        return words.reason(verdict, indicator, self._)

    def sentence(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return the sentence of a verdict."""
        return words.sentence(verdict, indicator, self._)

    def reason_of_change(self, change: StatusChange, indicator: Indicator) -> str:
        """Return what was said of a status change without the word that its badge says already."""
        return words.reason_of_change(change, indicator, self._)

    def caveat(self, caveat: Caveat) -> str:
        """Return what has to be known beside a verdict's figures."""
        return words.note(caveat, self._)

    def outcome(self, counts: Mapping[Performance, int]) -> str:
        """Return how many targets ended how, the best first."""
        order = sorted(counts, key=list(words.PERFORMANCES).index)
        said = [self._("{count} {state}", count=counts[one], state=self.performance(one).lower()) for one in order]
        return self._(", ").join(said)

    def moment(self, moment: datetime, as_of: AsOf) -> str:
        """Return a moment in the configured zone, with its offset."""
        return f"{moment.astimezone(as_of.moment.tzinfo):%Y-%m-%d %H:%M %Z}"

    def evidence(self, address: str) -> str:
        """Return the words of a link to a source: in the reader's language, with whose page it is.

        >>> Formats("zh").evidence("https://www.news.cn/a.html"), Formats("en").evidence("somewhere")
        ('来源：news.cn', 'source')
        """
        said = self._("source")
        try:
            host = (urlsplit(address).hostname or "").removeprefix("www.")
        except ValueError:  # no address at all, such as http://[half
            return said
        return f"{said}{self._(': ')}{host}" if host else said

    def note(self, said: str) -> str:
        """Return a note without the number its keeper filed the figure under, which tells its reader nothing.

        >>> Formats("en").note("T23: as printed"), Formats("en").note("TEU: as printed")
        ('as printed', 'TEU: as printed')
        """
        return FILED_UNDER.sub("", said)

    def goal(self, version: TargetVersion, goal: Resolved, indicator: Indicator) -> str:
        """Return a goal in words; a relative one without a baseline as the change it asks for."""
        if goal.comparator is Comparator.COMPLETE:
            return self._("every step done")
        if goal.value is None:
            return self._("{change} on the baseline", change=self.change(version.goal.relative))
        return self._(
            terms.GOALS[goal.comparator],
            value=self.amount(goal.value, indicator),
            upper=self.amount(goal.upper, indicator),
        )

    def goal_of(self, version: TargetVersion, indicator: Indicator) -> str:
        """Return the goal of any version in words."""
        return self.goal(version, resolve(version), indicator)

    def changed(self, change: VersionChange, indicator: Indicator) -> list[tuple[str, str, str]]:
        """Return what a version changed: the name of the part, what it said before, what it says now."""
        return version_words.parts(self, change, indicator)

    def versions(self, numbers: Sequence[int]) -> str:
        """Return versions by their numbers in a few words."""
        return version_words.numbered(self, numbers)

    def moved(self, change: VersionChange, indicator: Indicator) -> str:
        """Return everything a version changed in one line."""
        return version_words.sentence(self, change, indicator)

    def reason_given(self, change: VersionChange, indicator: Indicator) -> str:
        """Return the reason given for a version, "" where there was none but the change itself."""
        return version_words.reason(self, change, indicator)

    def calendar(self, indicator: Indicator) -> str:
        """Return a release calendar in words."""
        release = indicator.release
        said = [self._(terms.RELEASES[release.every])]
        if release.lag or release.grace:
            lag, grace = release.lag, release.grace
            said.append(self._("{lag} days after the period's end; late after {grace} more", lag=lag, grace=grace))
        if release.january_with_february:
            said.append(self._("January and February together"))
        if release.calendar:
            said.append(self._("moved to working days ({country})", country=self.country(release.calendar)))
        return self._("; ").join(said)

    def country(self, code: str) -> str:
        """Return the name of a country; its code where it has none.

        >>> Formats("en").country("CN"), Formats("zh").country("CN"), Formats("en").country("XX")
        ('China', '中国', 'XX')
        """
        return str(Locale(self.language).territories.get(code, code))

    def numbers(self, verdict: Verdict, indicator: Indicator, version: TargetVersion, goal: Resolved) -> list[Number]:
        """Return the key numbers of a verdict, those that are known."""
        return key_numbers.of(self, verdict, indicator, version=version, goal=goal)
