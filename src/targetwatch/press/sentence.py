"""One sentence of a text: its figures, times, rates and words, and which figures may be readings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from targetwatch.model import Measure
from targetwatch.press.dates import TimeKind, When, times
from targetwatch.press.growth import Rate, RateKind, attach, rates, time_of
from targetwatch.press.indicators import TITLE, UNSAID, Near, Profile, Topics
from targetwatch.press.numbers import figures
from targetwatch.press.periods import Anchor
from targetwatch.press.proposals import Found
from targetwatch.press.text import PlainText, Sentence
from targetwatch.press.vocabulary import Word, places, spelled_out

OWN, AFTER, BEFORE, LATER, EARLIER, HEADLINE, UNIT_SAYS = 1.0, 0.8, 0.45, 0.25, 0.25, 0.15, 0.6
"""How much a word says about a figure, by where it stands: in its clause before it, after it, elsewhere."""
LEAST_SAID = 0.6
FURTHEST_BACK = 4
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(kw_only=True)
class Context:
    """What is known while a text is read, and what its earlier sentences left behind."""

    plain: PlainText
    topics: Topics
    published: Found[date] | None
    today: date
    publisher: str
    since: Mapping[str, date]
    own_units: tuple[str, ...]
    named: frozenset[str]
    carried: int | None = None
    last_time: tuple[When, int] | None = None
    before: tuple[Word, ...] = ()

    def known(self) -> Anchor:
        """Return what a year can be taken from."""
        day = self.published.value if self.published else self.today
        return Anchor(day, self.published is not None, self.carried)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A figure that may be a reading of one of `ranked`, with their confidences.

    `rate` is set when the figure is itself a growth rate, `owner` the place of the amount that grew.
    """

    place: int
    ranked: Sequence[tuple[Profile, float]]
    near: Near
    rate: Rate | None = None
    owner: int | None = None


class ReadSentence:
    """A sentence with all that is told from it alone, and from what the earlier ones left in the context."""

    def __init__(self, context: Context, sentence: Sentence, number: int, *, headline: tuple[Word, ...]) -> None:
        text = context.plain.text
        self.context, self.sentence, self.number, self.text = context, sentence, number, text
        self.language = "zh" if _HAN.search(text, sentence.start, sentence.end) else "en"
        self.times = times(text, sentence)
        self.figures = figures(text, sentence, self.times, own_units=context.own_units)
        self.rates = rates(text, sentence, self.figures)
        self.attached = attach(text, sentence, self.figures, self.rates)
        self.words = tuple(spelled_out(context.plain, sentence, context.topics.acronyms))
        self.places = places(text, sentence.start, sentence.end)
        self._headline = headline
        self._carry_year()

    def subjects(self) -> Iterator[Subject]:
        """Give the figures that may be readings, in order."""
        growth = {rate.figure: rate for rate in self.rates if rate.figure is not None}
        owners = {attached.rate.start: place for place, attached in self.attached.items()}
        for place, figure in enumerate(self.figures):
            rate = growth.get(place)
            if figure.aside or figure.former or figure.times or figure.unit == "pp":
                continue
            if rate is None:
                yield from self._subject(place, [one for one in self._profiles if one.counts(figure.unit)])
            elif rate.kind in {RateKind.SHARE, RateKind.PLAIN}:
                yield from self._subject(place, self._levels(share=rate.kind is RateKind.SHARE))
            elif rate.kind is not RateKind.OTHER:
                yield from self._growth(place, rate, owners.get(rate.start))

    def time(self, place: int, profile: Profile) -> tuple[When | None, bool]:
        """Return the words for the time of a figure, and whether they stand in an earlier sentence."""
        level = profile.indicator.measure is Measure.LEVEL
        usable = [when for when in self.times if level or when.kind is not TimeKind.SPAN or not when.single_day]
        when = time_of(self.text, self.sentence, self.figures, place, times=usable)
        if when is not None:
            return when, False
        last = self.context.last_time
        return (last[0], True) if last and self.number - last[1] <= FURTHEST_BACK else (None, False)

    @property
    def _profiles(self) -> Sequence[Profile]:
        return self.context.topics.profiles

    def _carry_year(self) -> None:
        years = [when.year for when in self.times if when.year is not None and when.kind is TimeKind.SPAN]
        if years or any(when.relative is not None for when in self.times):
            self.context.carried = years[0] if years else None

    def _levels(self, *, share: bool) -> list[Profile]:
        """Return the indicators a percentage that is no growth may belong to."""
        fitting = [one for one in self._profiles if one.counts("%") and not one.grows]
        shares = [one for one in fitting if one.speaks_of("share", least=TITLE)]
        return (shares or fitting) if share else fitting

    def _subject(self, place: int, fitting: Sequence[Profile]) -> Iterator[Subject]:
        if fitting:
            near = self._near(place)
            ranked = self.context.topics.ranked(near, fitting, publisher=self.context.publisher)
            yield Subject(place=place, ranked=ranked, near=near)

    def _growth(self, place: int, rate: Rate, owner: int | None) -> Iterator[Subject]:
        """Give the rate as a reading of its own, where an indicator is the growth of just that thing."""
        topics = self.context.topics
        near = self._near(place if owner is None else min(owner, place))
        near = Near(near.language, {**near.said, "growth": 1.0})
        fitting = [one for one in self._profiles if one.counts("%") and one.grows]
        if owner is not None:
            about = self._about(owner)
            fitting = [one for one in fitting if about and about <= topics.about(one, self.language)]
        said = [one for one in fitting if topics.said(one, near) >= LEAST_SAID]
        if said:
            ranked = topics.ranked(near, said, publisher=self.context.publisher)
            yield Subject(place=place, ranked=ranked, near=near, rate=rate, owner=owner)

    def _about(self, place: int) -> frozenset[str]:
        """Return what the likeliest indicator of an amount is about."""
        topics, unit = self.context.topics, self.figures[place].unit
        fitting = [one for one in self._profiles if one.counts(unit)]
        if not fitting:
            return frozenset()
        return topics.about(topics.ranked(self._near(place), fitting)[0][0], self.language)

    def _near(self, place: int) -> Near:
        """Return what is said around a figure, each thing by how near its nearest word is."""
        figure = self.figures[place]
        clause = self.sentence.clause(figure.start)
        others = [other for other in self.figures if not other.aside]
        since = max((other.end for other in others if other.end <= figure.start), default=clause[0])
        until = min((other.start for other in others if other.start >= figure.end), default=clause[1])
        near: dict[str, float] = defaultdict(float)
        if figure.unit in {"TEU", "t"}:
            near["volume"] = UNIT_SAYS
        for weight, said in ((EARLIER, self.context.before), (HEADLINE, self._headline)):
            for word in said:
                near[word.feature] = max(near[word.feature], weight)
        for word in self.words:
            if word.end <= figure.start:
                weight = OWN if word.start >= max(since, clause[0]) else BEFORE
            else:
                weight = AFTER if word.start < min(until, clause[1]) else LATER
            near[word.feature] = max(near[word.feature], weight)
        home = self.context.topics.home
        if home and all(region.passing for region in self.places):
            near[home] = max(near[home], UNSAID)
        return Near(self.language, near)
