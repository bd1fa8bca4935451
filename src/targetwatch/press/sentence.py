"""One sentence of a text: its figures, times, rates and words, and which figures may be readings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from targetwatch.model import Measure
from targetwatch.press.dates import TimeKind, When, times
from targetwatch.press.growth import Rate, RateKind, attach, rates, shifted, time_of
from targetwatch.press.indicators import GOES_ON, TITLE, UNFIT, UNSAID, Near, Profile, Topics
from targetwatch.press.numbers import PrintedFigure, figures
from targetwatch.press.periods import Anchor
from targetwatch.press.subjects import NARROW_NOTHING, TRADE, Beside, Fit, WordKind, WordToken, beside, reach, tokens
from targetwatch.press.text import Found, PlainText, Sentence
from targetwatch.press.vocabulary import Region, Word, elsewhere, places, scope, spelled_out

_BETWEEN = re.compile(r"\s?(?:[、,]|,?\s?(?:and|和|及|与))\s?(?:about\s|around\s|nearly\s|over\s|约|近|超)?")
_SIDE_BY_SIDE = re.compile(r"分别|\brespectively\b")
_SEPARATOR = re.compile(r"、|和|及|与|,\s(?:and\s)?|\sand\s")
_LAST = re.compile(r"和|及|与|\sand\s")
PAIR = 2
"""A list of two may be chance, unless it is said that they stand side by side."""
LONGEST_ITEM = 60
"""Signs of an item between two separators."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A figure of a list: from where the words before all its items count, and where the `others'` items stand."""

    start: int
    own: tuple[int, int]
    others: tuple[tuple[int, int], ...]


def listings(
    text: str, sentence: Sentence, figures: Sequence[PrintedFigure], tokens: Sequence[WordToken]
) -> dict[int, Listed]:
    """Return the figures that stand in a list beside a list of as many items, by their place."""
    found: dict[int, Listed] = {}
    for run in _runs(text, figures):
        first = figures[run[0]]
        since = max([sentence.start, *(one.end for one in figures[: run[0]])])
        said = bool(_SIDE_BY_SIDE.search(text, since, sentence.end))
        items = _items(text, since, first.words_start, len(run), tokens=tokens) if said or len(run) > PAIR else None
        for place, own in zip(run, items or (), strict=False):
            found[place] = Listed(since, own, tuple(item for item in items or () if item != own))
    return found


def _runs(text: str, figures: Sequence[PrintedFigure]) -> Iterator[list[int]]:
    """Give the places of amounts that stand in a row, only a separator between each two."""
    run: list[int] = []
    for place, figure in enumerate(figures):
        if figure.percent or figure.times or figure.aside:
            continue
        last = figures[run[-1]] if run else None
        if last is None or not (_BETWEEN.fullmatch(text[last.end : figure.words_start]) and _alike(last, figure)):
            if len(run) > 1:
                yield run
            run = []
        run.append(place)
    if len(run) > 1:
        yield run


def _alike(first: PrintedFigure, second: PrintedFigure) -> bool:
    return first.unit == second.unit or (first.unit is None and first.scaled)


def _items(
    text: str, start: int, end: int, count: int, *, tokens: Sequence[WordToken]
) -> tuple[tuple[int, int], ...] | None:
    """Return where the last list of `count` items lies between `start` and `end`."""
    inside = [one for one in tokens if one.kind is WordKind.SAID and start <= one.start and one.end <= end]
    cuts = [
        cut
        for cut in _SEPARATOR.finditer(text, start, end)
        if not any(one.start < cut.start() < one.end for one in inside)
    ]
    lasts = [place for place, cut in enumerate(cuts) if _LAST.search(cut[0])] or [len(cuts) - 1]
    for last in reversed(lasts):
        chosen = cuts[max(0, last - count + 2) : last + 1]
        if len(chosen) < count - 1:
            continue
        between = [(first.end(), second.start()) for first, second in pairwise(chosen)]
        if any(second - first > LONGEST_ITEM for first, second in between):
            continue
        head = max((one.start for one in inside if one.end <= chosen[0].start()), default=start)
        ends = [one.end for one in inside if one.start >= chosen[-1].end()]
        verbs = [one.start for one in tokens if one.kind is WordKind.VERB and chosen[-1].end() < one.start < end]
        tail = min(verbs or ends, default=end)
        return ((head, chosen[0].start()), *between, (chosen[-1].end(), tail))
    return None


OWN, AFTER, BEFORE, LATER, EARLIER, HEADLINE, UNIT_SAYS = 1.0, 0.8, 0.45, 0.25, 0.25, 0.15, 0.6
"""How much a word says about a figure, by where it stands: in its clause before it, after it, elsewhere."""
LEAST_SAID = 0.6
FURTHEST_BACK = 4
COUNTED = frozenset({"projects", "deals", "trips", "trains", "ports", "companies", "vehicles"})
"""Units that name what is counted."""
_PART = re.compile(r"其中|\b(?:of|among|within)\s(?:which|these|those|them|this)\b|\bincluding\b")
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
    headline: tuple[Word, ...] | None = None
    """What the title says, else the first sentence."""
    others: tuple[Region, ...] = ()
    """The places the text names as subjects, in order."""
    about: tuple[Region, ...] = ()
    """The places that hold until another is named."""
    last: Bound | None = None
    """How the last figure was bound."""

    def known(self) -> Anchor:
        """Return what a year can be taken from."""
        day = self.published.value if self.published else self.today
        return Anchor(day, self.published is not None, self.carried)


@dataclass(frozen=True, slots=True)
class Bound:
    """How a figure is bound to an indicator: by the words beside it, and by the place that holds where it stands."""

    profile: Profile
    fit: Fit
    against: WordToken | None = None
    region: Region | None = None
    words: Beside | None = None
    """The words that say what it is of; those of the figure before, where it says nothing."""

    @property
    def fits(self) -> bool:
        """Return whether nothing speaks against it."""
        return self.region is None and self.fit in {Fit.OWN, Fit.CARRIED}

    def narrows(self, profile: Profile, known: frozenset[str], *, apart: bool) -> bool:
        """Return whether what narrows it narrows a part of it, too: private firms' trade, and exports.

        Of what stands `apart`, past a semicolon, only trade has parts.
        """
        if (
            self.fits
            or (apart and not profile.titled & TRADE)
            or (self.against is not None and self.against.features & known)
        ):
            return False
        alike = TRADE if profile.titled & TRADE else profile.titled - NARROW_NOTHING
        said = [*self.words.before, *self.words.after] if self.words else []
        return any(one.features & alike for one in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A figure that may be a reading of one of `ranked`, with their confidences.

    `rate` is set when the figure is itself a growth rate, `owner` the place of the amount that grew.
    """

    place: int
    ranked: Sequence[tuple[Profile, float]]
    near: Near
    bound: Bound
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
        self.words = tuple(spelled_out(context.plain, sentence, context.topics.acronyms))
        self.places = tuple(
            one
            for one in places(context.plain, sentence.start, sentence.end, own=context.topics.names)
            if not any(figure.start <= one.start < figure.end for figure in self.figures)
        )
        covered = [*((one.start, one.end) for one in self.times), *((one.start, one.end) for one in self.figures)]
        self.tokens = tokens(text, sentence, self.words, named=self.places, covered=covered)
        self.figures = tuple(
            replace(one, aside=one.aside or self._is_average(place)) for place, one in enumerate(self.figures)
        )
        said = [one.start for one in self.tokens if one.kind is WordKind.SAID and not one.features & NARROW_NOTHING]
        self.attached = attach(text, sentence, self.figures, self.rates, times=self.times, said=said)
        self.lists = listings(text, sentence, self.figures, self.tokens)
        self._headline = headline
        self._goes_on = (
            bool(_PART.match(text[sentence.start : sentence.end].lstrip()))
            or text[sentence.start - 1 : sentence.start] == ";"
        )
        self._last = context.last if self._goes_on else None

    def subjects(self) -> Iterator[Subject]:
        """Give the figures that may be readings, in order."""
        growth = {rate.figure: rate for rate in self.rates if rate.figure is not None}
        owners = {attached.rate.start: place for place, attached in self.attached.items()}
        for place, figure in enumerate(self.figures):
            rate = growth.get(place)
            if figure.aside or figure.former or figure.times or figure.unit == "pp":
                continue
            if rate is None:
                fitting = [one for one in self._profiles if one.counts(figure.unit)]
                for subject in self._subject(place, fitting):
                    yield subject
                    self._last = self.context.last = subject.bound
                if not fitting and self._profiles:
                    self._last = self.context.last = self._of_nothing(place)
            elif rate.kind in {RateKind.SHARE, RateKind.PLAIN}:
                yield from self._subject(place, self._levels(share=rate.kind is RateKind.SHARE))
            elif rate.kind is not RateKind.OTHER:
                yield from self._growth(place, rate, owners.get(rate.start))

    def _is_average(self, place: int) -> bool:
        """Return whether a figure is the average of a day or a head, which no indicator is."""
        ended = self.figures[place - 1].end if place else self.sentence.start
        near = [one for one in self.tokens if ended <= one.start < self.figures[place].start]
        return any("average" in one.features for one in near[-2:]) and not any(
            one.speaks_of("average") for one in self._profiles
        )

    def known(self, when: When | None) -> Anchor:
        """Return what the year of a time can be taken from: a time before it in the sentence, else what was known."""
        known = self.context.known()
        if when is None or when.year is not None or when.relative is not None:
            return known
        dated = [one for one in self.times if one.start < when.start and one.kind is TimeKind.SPAN and one.year]
        return replace(known, carried=dated[-1].year) if dated else known

    def time(self, place: int, profile: Profile) -> tuple[When | None, bool]:
        """Return the words for the time of a figure, and whether they stand in an earlier sentence."""
        level = profile.indicator.measure is Measure.LEVEL
        usable = [when for when in self.times if level or when.kind is not TimeKind.SPAN or not when.single_day]
        until = any(when.kind is TimeKind.UNTIL for when in usable)
        usable = [when for when in usable if not (until and when.relative == 0 and when.whole_year)]
        when = time_of(self.text, self.sentence, self.figures, place, times=usable)
        if when is not None:
            return when, False
        last = self.context.last_time
        if not last or self.number - last[1] > FURTHEST_BACK:
            return None, False
        figure = self.figures[place]
        return (shifted(self.text, figure, last[0], times=self.times) if figure.compared else last[0]), True

    def main_times(self) -> list[When]:
        """Return the times of the sentence, that of its first figure first; also says from which year others follow."""
        amounts = [place for place, one in enumerate(self.figures) if not (one.aside or one.former or one.compared)]
        first = time_of(self.text, self.sentence, self.figures, amounts[0], times=self.times) if amounts else None
        told = [*([first] if first else []), *(when for when in self.times if when.kind is TimeKind.SPAN)]
        dated = [when for when in told[:1] if when.year is not None or when.relative is not None]
        if dated:
            self.context.carried = dated[0].year
        return told

    def lasting_places(self) -> tuple[Region, ...]:
        """Return the places that hold for what follows: those named last as a subject, else those from before."""
        named = [one for one in self.places if not (one.passing or one.partner)]
        last = {self.sentence.clause(one.start) for one in named[-1:]}
        return tuple(one for one in named if self.sentence.clause(one.start) in last) or self.context.about

    @property
    def _profiles(self) -> Sequence[Profile]:
        return self.context.topics.profiles

    def _levels(self, *, share: bool) -> list[Profile]:
        """Return the indicators a percentage that is no growth may belong to."""
        fitting = [one for one in self._profiles if one.counts("%") and not one.grows]
        shares = [one for one in fitting if one.speaks_of("share", least=TITLE)]
        return (shares or fitting) if share else fitting

    def _said_of(self, profile: Profile) -> bool:
        """Return whether the sentence speaks of what a share or ratio is of, beside the whole it is a share in."""
        about = profile.titled - NARROW_NOTHING - TRADE
        return not about or any(word.feature in about for word in self.words)

    def _subject(
        self, place: int, fitting: Sequence[Profile], *, rate: Rate | None = None, owner: int | None = None
    ) -> Iterator[Subject]:
        if not fitting:
            return
        near, at = self._near(place if owner is None else min(owner, place)), place if owner is None else owner
        if rate is not None:
            near = Near(near.language, {**near.said, "growth": 1.0})
        words = self._beside(at)
        bound = {profile.indicator.id: self._bound(at, profile, words) for profile in fitting}
        ranked = self.context.topics.ranked(
            near,
            fitting,
            publisher=self.context.publisher,
            bonus=lambda one: self._bonus(at, bound[one.indicator.id], near),
        )
        first = bound[ranked[0][0].indicator.id]
        yield Subject(place=place, ranked=ranked, near=near, bound=first, rate=rate, owner=owner)

    def _bound(self, place: int, profile: Profile, words: Beside) -> Bound:
        """Return how a figure fits an indicator: by its own words, else as the figure before it does."""
        figure, own, masked = self.figures[place], self.context.topics.own_places(profile), self._masked(place)
        known = profile.known | {f"w:{name}" for name in own}
        if any(word.feature in profile.partners and word.end <= figure.start for word in self.words):
            known |= {"bilateral"}
        beside = figure.unit_at is not None and figure.unit_at[0] - figure.end <= 1
        counted = beside and figure.unit in COUNTED
        fit, against = words.fit(profile.titled, known, counted=counted)
        before = self._last
        if before is not None and before.words and (fit is Fit.CARRIED or figure.compared):
            fit, against = (Fit.CARRIED, None) if before.fits else before.words.fit(profile.titled, known)
            fit = Fit.CARRIED if fit in {Fit.OWN, Fit.CARRIED} else Fit.NARROWED
            words = before.words
        elif (
            before is not None
            and fit is Fit.OWN
            and before.narrows(profile, known, apart=self._goes_on)
            and self._bare(words)
        ):
            fit, against = Fit.NARROWED, before.against
        elif (
            before is not None and fit is Fit.OWN and before.fits and before.profile is profile and self._is_part(words)
        ):
            fit = Fit.NARROWED
        if figure.percent and not profile.grows and not self._said_of(profile):
            fit = Fit.OTHER
        if place in self.lists and fit is not Fit.OTHER:
            start, end = self.lists[place].own
            if any(start <= one.start < end and one.name not in own for one in self.places):
                fit = Fit.NARROWED
        if not own:
            return Bound(profile, fit, against, words=words)
        named = [one for one in self.places if not any(start <= one.start < end for start, end in masked)]
        about = scope(named, self._zones(figure), self.context.about, own=own)
        return Bound(profile, fit, against, elsewhere(about, own) or self._unsaid(figure, about, own), words)

    def _beside(self, place: int) -> Beside:
        chinese, masked = self.language == "zh", self._masked(place)
        found = [one for one in self.tokens if not any(start <= one.start < end for start, end in masked)]
        since = self.lists[place].start if place in self.lists else None
        return beside(found, self.figures, place, sentence=self.sentence, chinese=chinese, since=since)

    def _masked(self, place: int) -> tuple[tuple[int, int], ...]:
        """Return where the items stand that other figures of the same list are of."""
        return self.lists[place].others if place in self.lists else ()

    def _of_nothing(self, place: int) -> Bound | None:
        """Return how a figure is bound that no indicator counts: it may narrow what follows."""
        known = frozenset(name for profile in self._profiles for name in profile.known)
        words = self._beside(place)
        _, against = words.fit(known, known)
        return Bound(self._profiles[0], Fit.NARROWED, against, words=words) if against else self._last

    def _bare(self, words: Beside) -> bool:
        """Return whether nothing but an indicator's own word stands there: no place, no time of its own."""
        start, end = words.span
        named = [*(one.start for one in self.places), *(one.start for one in self.times)]
        said = [one for one in words.before if one.kind is WordKind.SAID and not one.features & NARROW_NOTHING]
        return len(said) <= 1 and not any(start <= at < end for at in named)

    def _is_part(self, words: Beside) -> bool:
        """Return whether a figure is said to be a part of the one before, of the same time."""
        start, end = words.span
        part = _PART.search(self.text, start, end) or (self._goes_on and start <= self.sentence.start + 3)
        return bool(part) and not any(start <= one.start < end for one in self.times)

    def _unsaid(self, figure: PrintedFigure, about: Sequence[Region], own: frozenset[str]) -> Region | None:
        """Return another place that the text names before a figure, when it nowhere names the indicator's own."""
        if about or own & self.context.named:
            return None
        return next((one for one in self.context.others if one.start < figure.start), None)

    def _bonus(self, place: int, bound: Bound, near: Near) -> float:
        with_whom = [name for name in bound.profile.partners if name[1:2] != ":"]
        unsaid = with_whom and not any(near.said.get(name) for name in with_whom)
        if unsaid or not bound.fits or self._other_total(place, bound.profile):
            return -UNFIT
        last = self._last or self.context.last
        return GOES_ON if bound.fit is Fit.CARRIED and last is not None and last.profile is bound.profile else 0.0

    def _other_total(self, place: int, profile: Profile) -> bool:
        """Return whether the indicator is a total since a start and the figure that of a stretch of time."""
        if not profile.speaks_of("running_total", least=TITLE):
            return False
        when, _ = self.time(place, profile)
        this_year = any(one.relative == 0 for one in self.times)
        return when is not None and (when.kind is TimeKind.SPAN or this_year)

    def _zones(self, figure: PrintedFigure) -> Iterator[tuple[int, int]]:
        """Give the stretches in which the place of a figure may be named, the nearest first."""
        clause = self.sentence.clause(figure.start)
        yield clause[0], figure.start
        for earlier in reversed(self.sentence.clauses):
            if earlier[1] <= clause[0]:
                yield earlier
        yield figure.end, clause[1]

    def _growth(self, place: int, rate: Rate, owner: int | None) -> Iterator[Subject]:
        """Give the rate as a reading of its own, where an indicator is the growth of just that thing."""
        topics = self.context.topics
        near = self._near(place if owner is None else min(owner, place))
        fitting = [one for one in self._profiles if one.counts("%") and one.grows]
        if owner is not None:
            about = self._about(owner)
            fitting = [one for one in fitting if about and about <= topics.about(one, self.language)]
        said = [one for one in fitting if topics.said(one, near) >= LEAST_SAID]
        yield from self._subject(place, said, rate=rate, owner=owner)

    def _about(self, place: int) -> frozenset[str]:
        """Return what the likeliest indicator of an amount is about."""
        topics, unit = self.context.topics, self.figures[place].unit
        fitting = [one for one in self._profiles if one.counts(unit)]
        for subject in self._subject(place, fitting):
            return topics.about(subject.ranked[0][0], self.language)
        return frozenset()

    def _near(self, place: int) -> Near:
        """Return what is said around a figure, each thing by how near its nearest word is."""
        figure = self.figures[place]
        clause = self.sentence.clause(figure.start)
        others = [other for other in self.figures if not other.aside]
        since = max((other.end for other in others if other.end <= figure.start), default=clause[0])
        until = reach(self.tokens, figure, [one.start for one in others if one.start >= figure.end], clause[1])
        near: dict[str, float] = defaultdict(float)
        for feature in {"TEU": ("volume", "containers"), "t": ("volume",)}.get(figure.unit or "", ()):
            near[feature] = UNIT_SAYS
        for weight, said in ((EARLIER, self.context.before), (HEADLINE, self._headline)):
            for word in said:
                near[word.feature] = max(near[word.feature], weight)
        masked = self._masked(place)
        for word in self.words:
            if any(start <= word.start < end for start, end in masked):
                continue
            if word.end <= figure.start:
                weight = OWN if word.start >= max(since, clause[0]) or masked else BEFORE
            else:
                weight = AFTER if word.start < min(until, clause[1]) else LATER
            near[word.feature] = max(near[word.feature], weight)
        home = self.context.topics.home
        if home and all(region.passing for region in self.places):
            near[home] = max(near[home], UNSAID)
        return Near(self.language, near)
