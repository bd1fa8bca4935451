"""What a template may ask to be written, in the reader's language: wording bound to it, and dashes for the unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from targetwatch.wording import card, formats, release, versions
from targetwatch.wording import verdict as words
from targetwatch.wording.card import is_long
from targetwatch.wording.translation import Translator, translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from targetwatch.evaluation.versions import VersionChange
    from targetwatch.model import (
        AsOf,
        Caveat,
        Figure,
        Indicator,
        Performance,
        Period,
        Reading,
        StatusChange,
        TargetVersion,
        Verdict,
    )
    from targetwatch.web.lookup import KnownReading
    from targetwatch.wording.card import KeyNumber

UNKNOWN = "—"
FILED_UNDER = re.compile(r"^[A-Z]{1,2}\d{1,3}:(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class Formats:
    """Everything a template may ask to be written, in one language."""

    language: str

    @property
    def _(self) -> Translator:
        return translator(self.language)

    def amount(self, value: Decimal | float | None, indicator: Indicator) -> str:
        """Return a value with its unit; a dash when it is not known."""
        return formats.amount(value, indicator, self._) if value is not None else UNKNOWN

    def printed(self, figure: Reading | Figure, indicator: Indicator) -> str:
        """Return a figure with what its publisher said of its exactness."""
        return formats.printed(figure, indicator, self._)

    def stated(self, figure: Reading | Figure, indicator: Indicator) -> str:
        """Return a figure with its publisher's "about" or "over", without the width it was rounded to."""
        return formats.stated(figure, indicator, self._)

    def width(self, half_width: Decimal, indicator: Indicator) -> str:
        """Return the half-width of a rounded figure."""
        return formats.width(half_width, indicator, self._)

    def count(self, number: int) -> str:
        """Return how many there are, grouped."""
        return f"{number:,}"

    def percent(self, ratio: float | Decimal | None, *, signed: bool = True) -> str:
        """Return a ratio as a percentage; a dash when it is not known."""
        if ratio is None:
            return UNKNOWN
        return formats.percent(float(ratio)) if signed else f"{float(ratio) * 100:.1f} %"

    def day(self, day: date | None) -> str:
        """Return a day as it is written in a sentence; a dash when it is not known."""
        return formats.day(day, self._) if day is not None else UNKNOWN

    def short_day(self, day: date) -> str:
        """Return a day without its year, where that was said already."""
        return formats.day_of_year(day, day, self._)

    def period(self, period: Period) -> str:
        """Return a period as briefly as it can be said."""
        return formats.period(period, self._)

    def moment(self, moment: datetime, as_of: AsOf) -> str:
        """Return a moment in the configured zone, with its offset."""
        return f"{moment.astimezone(as_of.moment.tzinfo):%Y-%m-%d %H:%M %Z}"

    def published(self, known: KnownReading) -> str:
        """Return when a figure was published; "by" where it may only have been seen first on that day."""
        day = self.day(known.reading.published_on)
        return self._("by {day}", day=day) if known.first_seen else day

    def performance(self, performance: Performance) -> str:
        """Return the performance in words."""
        return self._(words.PERFORMANCES[performance])

    def outcome(self, counts: Mapping[Performance, int]) -> str:
        """Return how many targets ended how, the best first."""
        order = sorted(counts, key=list(words.PERFORMANCES).index)
        said = [self._("{count} {state}", count=counts[one], state=self.performance(one).lower()) for one in order]
        return self._(", ").join(said)

    def data(self, verdict: Verdict, today: date) -> str:
        """Return where the figures are: through which day, and what is due or late."""
        return release.data(verdict, today, self._)

    def figure_data(self, figure: Figure, today: date) -> str:
        """Return what is due or late of an indicator; empty when its calendar names nothing."""
        return release.figure_data(figure, today, self._)

    def calendar(self, indicator: Indicator) -> str:
        """Return a release calendar in words."""
        return release.calendar(indicator, self._)

    def card(self, verdict: Verdict, version: TargetVersion, indicator: Indicator) -> str:
        """Return value and goal in a few words."""
        return card.figure(verdict, version, indicator, self._)

    def odds(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return the odds of making it in words, while they matter; empty otherwise."""
        return card.odds(verdict, indicator, self._)

    def card_reason(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return why a target stands as it does, below its figure."""
        return card.reason(verdict, indicator, self._)

    def is_long(self, text: str) -> bool:
        """Return whether a figure is too long for large letters."""
        return is_long(text)

    def lagging(self, verdict: Verdict, indicator: Indicator) -> str:
        """Return what would have to be true of a target that lags, after a label that says so; empty otherwise."""
        return card.needed(verdict, indicator, self._)

    def numbers(self, verdict: Verdict, version: TargetVersion, indicator: Indicator) -> list[KeyNumber]:
        """Return the key numbers of a verdict, those that are known."""
        return card.key_numbers(verdict, version, indicator, self._)

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

    def reason_of_change(self, change: StatusChange, indicator: Indicator) -> str:
        """Return what was said of a status change without the word that its badge says already."""
        return words.reason_of_change(change, indicator, self._)

    def caveat(self, caveat: Caveat) -> str:
        """Return what has to be known beside a verdict's figures."""
        return words.note(caveat, self._)

    def goal(self, version: TargetVersion, indicator: Indicator) -> str:
        """Return the goal of a version in words."""
        return versions.goal(version, indicator, self._)

    def changed(self, change: VersionChange, indicator: Indicator) -> list[tuple[str, str, str]]:
        """Return what a version changed: the name of the part, what it said before, what it says now."""
        return versions.parts(change, indicator, self._)

    def versions(self, numbers: Sequence[int]) -> str:
        """Return versions by their numbers in a few words."""
        return versions.numbered(numbers, self._)

    def moved(self, change: VersionChange, indicator: Indicator) -> str:
        """Return everything a version changed in one line."""
        return versions.sentence(change, indicator, self._)

    def reason_given(self, change: VersionChange, indicator: Indicator) -> str:
        """Return the reason given for a version, "" where there was none but the change itself."""
        return versions.reason(change, indicator, self._)

    def evidence(self, address: str) -> str:
        """Return the words of a link to a source: in the reader's language, with whose page it is.

        >>> Formats("en").evidence("https://www.news.cn/a.html"), Formats("en").evidence("somewhere")
        ('source: news.cn', 'source')
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
