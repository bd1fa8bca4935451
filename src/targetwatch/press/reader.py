"""Reads a pasted text sentence by sentence, and makes a proposal of each figure that may be a reading.

Each field comes with the words it was taken from, or with what it was inferred from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from targetwatch.errors import QuantityError
from targetwatch.model import Basis, Indicator, Period, Qualifier
from targetwatch.model.problem import Problem
from targetwatch.press.dates import TimeKind, When
from targetwatch.press.growth import RateKind
from targetwatch.press.indicators import confidences, topics
from targetwatch.press.numbers import PrintedFigure
from targetwatch.press.periods import Coverage, FigureContext, coverage, published_in
from targetwatch.press.sentence import Context, ReadSentence, Subject
from targetwatch.press.subjects import Fit
from targetwatch.press.text import Found, Remarks, plain_text, sentences
from targetwatch.press.vocabulary import Region, places, shown, words
from targetwatch.quantity import format_period, own_spellings, parse_quantity

_ALONE = re.compile(r"当月|单月|alone")
MOST_PROPOSALS = 200
"""A text with more figures is no press sentence; what comes after is not read."""
MOST_CANDIDATES = 5
LEAST_ZEROS = 2
"""A whole number that ends in so many zeros was rounded: 154,600 is 15.46万."""
_AHEAD = re.compile(
    r"有望|预计|力争|目标|计划|争取|规划|预期|拟|见込|确保|预测|预估|冲刺|剑指|不[低少]于|至少"
    r"|将(?:达|突破|超|完成|实现|保持|稳定|不)|要(?:达|突破|超过|完成|实现)"
    r"|\b(?:will|would|expect\w*|aim\w*|target\w*|plan(?:s|ned|ning)?|forecast\w*|projected|striv\w+|goals?|hope\w*|set\sto|on\s(?:pace|track|course)|poised\sto)\b"
)
"""Words that lead up to a figure not yet reached: a plan, a forecast."""
FITTING = {Fit.OWN: 1.0, Fit.CARRIED: 0.95, Fit.NARROWED: 0.3, Fit.OTHER: 0.3}
"""What is left of the confidence where the words beside a figure narrow its indicator, or speak of something else."""
ROUND = Decimal("0.1")
"""How far above a round mark that was passed the figure itself may lie."""
RIVALLED, DOUBTED, RANGED = 0.3, 0.3, 0.3
"""What is left of a confidence where a surer proposal says another value of the same thing; what is low stays."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An indicator the figure may belong to; the confidences of all candidates of a figure add up to 1 at most."""

    indicator: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One reading as the text seems to state it; a field it does not state is None.

    `value` counts in `unit`, written out (115.87亿元 is 11587000000 CNY); `rounding` counts in the same unit.
    `elsewhere` marks the words that place the figure in another region; `planned` says that it is a plan or a
    forecast. `doubts` say what else speaks against it, `quote` is the sentence, `confidence` 0..1 for the whole.
    """

    indicator: Found[str] | None = None
    candidates: tuple[Candidate, ...] = ()
    period: Found[Period] | None = None
    basis: Found[Basis] | None = None
    value: Found[Decimal] | None = None
    unit: Found[str] | None = None
    qualifier: Found[Qualifier] | None = None
    rounding: Found[Decimal] | None = None
    yoy: Found[Decimal] | None = None
    published_on: Found[date] | None = None
    publisher: str = ""
    elsewhere: Found[str] | None = None
    planned: bool = False
    doubts: Remarks = ()
    quote: str = ""
    confidence: float = 0.0

    @property
    def found(self) -> dict[str, Found[Any]]:
        """Return the fields that are said or inferred, by the names a reading is entered by."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "elsewhere"}
        return {name: one for name, one in said.items() if isinstance(one, Found)}


def entry(proposal: Proposal) -> dict[str, str]:
    """Return the proposal in the words and by the names a reading is entered by; what is not known is left out."""
    cells = {name: one.typed for name, one in proposal.found.items()}
    cells |= {"publisher": proposal.publisher, "quote": proposal.quote}
    return {name: words for name, words in cells.items() if words}


def read(
    text: str,
    indicators: Sequence[Indicator],
    *,
    published_on: date | None,
    today: date,
    publisher: str = "",
    since: Mapping[str, date] | None = None,
    title: str = "",
) -> tuple[Proposal, ...]:
    """Return the readings that the text seems to state, in the order of its figures.

    `since` names the first day of a running total by indicator, where earlier readings tell it and the text does not.
    The `title` of an article says of what and of which place its text is; no figure is taken from it. Any text is
    read: one without a figure gives no proposal.
    """
    plain = plain_text(text)
    about = topics(indicators)
    named, heading = places(plain, 0, len(plain.text), own=about.names), plain_text(title)
    above = [replace(one, start=0, end=0) for one in places(heading, 0, len(title), own=about.names)]
    context = Context(
        plain=plain,
        topics=about,
        published=published_in(plain, published_on, today),
        today=today,
        publisher=publisher,
        since=since or {},
        own_units=_own_units(indicators),
        named=frozenset(one.name for one in (*named, *above)),
        about=tuple(one for one in above if not (one.passing or one.partner)),
        headline=tuple(words(heading.text, 0, len(heading.text))) or None,
        others=tuple(one for one in named if not (one.passing or one.partner or one.source)),
    )
    found = [proposal for proposal, _ in zip(_proposals(context), range(MOST_PROPOSALS), strict=False)]
    return tuple(_without_rivals(found))


def _without_rivals(found: Sequence[Proposal]) -> Iterator[Proposal]:
    """Give the proposals, a repeat left out; of two values for one thing at most one is right: the surer is kept so."""
    surest: dict[object, Proposal] = {}
    for one in sorted(found, key=lambda one: -one.confidence):
        other = surest.setdefault(_thing(one), one)
        if one is not other and one.confidence >= DOUBTED and _agree(other, one):
            surest[_thing(one)] = one  # said again, and more exactly
    for one in found:
        other = surest[_thing(one)]
        if other is not one and _agree(one, other):
            continue
        if other is one or one.confidence < DOUBTED:
            yield one
            continue
        doubt = Problem("other_value_said", {"words": other.value.text if other.value else ""})
        yield replace(one, doubts=(*one.doubts, doubt), confidence=round(one.confidence * RIVALLED, 3))


def _thing(one: Proposal) -> object:
    """Return what the value of a proposal is of, itself where that is not known."""
    if one.indicator is None or one.period is None or one.basis is None:
        return id(one)
    return one.indicator.value, one.period.value, one.basis.value


def _agree(rough: Proposal, exact: Proposal) -> bool:
    """Return whether a value is that of another proposal, as exactly or more roughly printed."""
    if rough.value is None or exact.value is None or rough.rounding is None:
        return False
    units = [one.unit.value if one.unit else None for one in (rough, exact)]
    past = exact.value.value - rough.value.value
    if rough.qualifier and rough.qualifier.value is Qualifier.OVER and 0 < past < rough.value.value * ROUND:
        return units[0] == units[1]
    return units[0] == units[1] and abs(past) <= rough.rounding.value


def _proposals(context: Context) -> Iterator[Proposal]:
    for number, sentence in enumerate(sentences(context.plain.text)):
        line = ReadSentence(context, sentence, number, headline=context.headline or ())
        for subject in line.subjects():
            yield _Proposing(line, subject).proposal()
        context.before = line.words
        context.about = line.lasting_places()
        context.headline = line.words if context.headline is None else context.headline
        if told := [when for when in line.main_times() if _lasts(context.plain.text, when)]:
            context.last_time = (told[0], number)


def _lasts(text: str, when: When) -> bool:
    """Return whether a time goes on for the sentences after it: no dateline, no aside on one month alone."""
    if when.kind not in {TimeKind.SPAN, TimeKind.UNTIL} or (when.kind is TimeKind.SPAN and when.single_day):
        return False
    return not _ALONE.search(text, when.start, when.end + 7)


def _own_units(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Return the words the indicators count in that the table of units lacks; a bare 个 counts anything."""
    labels = (label for one in indicators for label in (one.unit, one.unit_label.en, one.unit_label.zh))
    return tuple(word.lower() for word in own_spellings(*labels) if word[0].isalpha() and word != "个")


class _Proposing:
    """One figure being made a proposal of."""

    def __init__(self, line: ReadSentence, subject: Subject) -> None:
        self.line, self.subject, self.context = line, subject, line.context
        self.figure = line.figures[subject.place]
        self.clause = line.sentence.clause(self.figure.start)
        self.profile = subject.ranked[0][0]
        self.shares = confidences([score for _, score in subject.ranked])
        self.attached = None if subject.rate else line.attached.get(subject.place)
        self.when, self.earlier = line.time(subject.place if subject.owner is None else subject.owner, self.profile)

    def proposal(self) -> Proposal:
        """Return the proposal with every field that is said or can be inferred."""
        figure, line, context = self.figure, self.line, self.context
        time = self._coverage()
        region = self.subject.bound.region
        planned = _AHEAD.search(line.text, self.clause[0], figure.start) is not None
        indicator, period, yoy = self._indicator(), self._period(time), self._yoy(time)
        doubts = tuple(self._doubts(time, region, planned=planned))
        sure = (indicator.confidence if indicator else 0.0) * (0.9 if period else 0.7) * 0.9 ** len(doubts)
        sure *= (
            (RANGED if figure.ranged else 1.0)
            * (0.3 if region else 1.0)
            * (0.2 if planned else 1.0)
            * FITTING[self.subject.bound.fit]
        )
        ranked = zip(self.subject.ranked[:MOST_CANDIDATES], self.shares, strict=False)
        return Proposal(
            indicator=indicator,
            candidates=tuple(
                Candidate(indicator=one.indicator.id, confidence=round(share, 3)) for (one, _), share in ranked
            ),
            period=period,
            basis=self._basis(time),
            value=None if figure.ranged else self._value(),
            unit=self._unit(),
            yoy=yoy,
            qualifier=self._qualifier(),
            rounding=None if figure.ranged else self._rounding(),
            published_on=context.published,
            publisher=context.publisher,
            elsewhere=self._found(region.name, region.name, (region.start, region.end)) if region else None,
            planned=planned,
            doubts=doubts,
            quote=self._words(line.sentence.start, line.sentence.end),
            confidence=round(sure, 3),
        )

    def _coverage(self) -> Coverage:
        line = self.line
        return coverage(
            FigureContext(
                profile=self.profile,
                when=self.when,
                times=line.times,
                text=line.text,
                clause=self.clause,
                sentence=(line.sentence.start, line.sentence.end),
                known=line.known(self.when),
                has_rate=self.attached is not None,
                since=self.context.since,
            )
        )

    def _words(self, start: int, end: int) -> str:
        return self.context.plain.words(start, end)[0]

    def _found(
        self,
        value: _T,
        typed: str,
        at: tuple[int, int],
        *,
        confidence: float = 1.0,
        why: Remarks = (),
        inferred: bool | None = None,
    ) -> Found[_T]:
        """Return a field; one with a reason is inferred unless told otherwise."""
        text, start, end = self.context.plain.words(*at)
        return Found(
            value=value,
            typed=typed,
            text=text,
            start=start,
            end=end,
            confidence=round(confidence, 3),
            inferred=bool(why) if inferred is None else inferred,
            why=why,
        )

    def _indicator(self) -> Found[str] | None:
        line, near, share = self.line, self.subject.near, self.shares[0]
        name, topics = self.profile.indicator.id, self.context.topics
        at = topics.best_words(self.profile, line.words, near, text=line.text)
        if at is None:
            unit_at = self.figure.unit_at
            return unit_at and self._found(name, name, unit_at, confidence=share / 2, why=(Problem("unit_only"),))
        if not topics.set_apart(self.profile, near, publisher=self.context.publisher):
            return self._found(name, name, at, confidence=share / 2, why=(Problem("not_set_apart"),))
        return self._found(name, name, at, confidence=share)

    def _time_at(self) -> tuple[int, int]:
        nowhere = self.line.sentence.end
        return (self.when.start, self.when.end) if self.when else (nowhere, nowhere)

    def _period(self, time: Coverage) -> Found[Period] | None:
        if time.period is None:
            return None
        why = (*((Problem("sentence_before"),) if self.earlier else ()), *time.period_why)
        typed, sure = format_period(time.period), 0.8 if why else 1.0
        return self._found(time.period, typed, self._time_at(), confidence=sure, why=why)

    def _basis(self, time: Coverage) -> Found[Basis] | None:
        if time.basis is None:
            return None
        at, sure = time.basis_words or self._time_at(), 0.7 if time.basis_inferred else 0.95
        why, inferred = time.basis_why, time.basis_inferred
        return self._found(time.basis, str(time.basis), at, confidence=sure, why=why, inferred=inferred)

    def _value(self) -> Found[Decimal]:
        figure, rate = self.figure, self.subject.rate
        falls = rate is not None and rate.ratio is not None and rate.ratio < 0
        value = -abs(figure.value) if falls else figure.value
        printed = self._words(figure.start, figure.end)
        typed = f"{value:f}%" if figure.percent else _typed(printed, figure, self.context.own_units)
        return self._found(value, typed, (figure.start, figure.end), confidence=0.6 if figure.unit is None else 1.0)

    def _unit(self) -> Found[str] | None:
        figure = self.figure
        if figure.unit is None or figure.unit_at is None:
            return None
        if not figure.unit_apart:
            return self._found(figure.unit, "", figure.unit_at)
        why = (Problem("unit_apart"),)
        return self._found(figure.unit, figure.unit, figure.unit_at, confidence=0.8, why=why, inferred=False)

    def _qualifier(self) -> Found[Qualifier]:
        figure = self.figure
        if figure.qualified is None:
            return self._found(
                Qualifier.EXACT, "", (figure.start, figure.start), confidence=0.9, why=(Problem("said_exactly"),)
            )
        return self._found(figure.qualifier, str(figure.qualifier), figure.qualified)

    def _rounding(self) -> Found[Decimal]:
        at, zeros = (self.figure.start, self.figure.end), _zeros(self.figure)
        if zeros < LEAST_ZEROS:
            return self._found(self.figure.rounding, "", at)
        half = Decimal(5) * 10 ** (zeros - 1)
        return self._found(half, f"{half:f}", at, confidence=0.6, why=(Problem("taken_as_rounded"),))

    def _yoy(self, time: Coverage) -> Found[Decimal] | None:
        if self.attached is None or self.attached.rate.ratio is None:
            return None
        rate, aligned = self.attached.rate, self.attached.aligned
        if rate.on_year is not None and time.period is not None and rate.on_year != time.period.end.year - 1:
            return None
        unsaid = rate.kind is RateKind.GROWTH and rate.on_year is None
        reasons = {"rate_aligned": aligned, "growth_unsaid": unsaid}
        sure = 0.5 if aligned else 0.85 if unsaid else 1.0
        typed = f"{(self.attached.rate.ratio * 100).normalize():f}%"
        why = tuple(Problem(code) for code, is_so in reasons.items() if is_so)
        return self._found(self.attached.rate.ratio, typed, (rate.start, rate.end), confidence=sure, why=why)

    def _doubts(self, time: Coverage, region: Region | None, *, planned: bool) -> Iterator[Problem]:
        figure, context = self.figure, self.context
        yield from time.doubts
        if figure.ranged:
            yield Problem("range_given")
        if planned:
            yield Problem("reads_as_planned")
        if region is not None:
            yield Problem("region_elsewhere", {"words": self._words(region.start, region.end) or region.name})
        against = self.subject.bound.against
        if against is not None and not self.subject.bound.fits:
            yield Problem("words_narrow", {"words": self._words(against.start, against.end)})
        wider = context.topics.wider(self.subject.ranked, self.line.language)
        if region is None and wider is not None and wider not in context.named:
            yield Problem("region_unsaid", {"region": shown(wider)})
        if figure.unit is None and not figure.scaled:
            yield Problem("number_without_unit")
        if time.period and context.published and time.period.end > context.published.value:
            yield Problem("ends_after_publication", {"end": time.period.end, "published": context.published.value})
        if self.attached and self.attached.rate.ratio is None:
            yield Problem("rate_inexact")
        following = self.subject.place + 1
        if self.attached is None and any(
            rate.figure == following and rate.kind is RateKind.OTHER for rate in self.line.rates
        ):
            yield Problem("rate_other")


def _zeros(figure: PrintedFigure) -> int:
    """Return how many zeros end a whole number printed in full."""
    if figure.scaled or figure.percent or not figure.value or figure.value != figure.value.to_integral_value():
        return 0
    digits = f"{figure.value:f}".split(".")[0]
    return len(digits) - len(digits.rstrip("0"))


def _typed(said: str, figure: PrintedFigure, own_units: tuple[str, ...]) -> str:
    """Return the figure as printed where a typed value is read the same, else written out."""
    unit = None if figure.unit_apart else figure.unit
    try:
        again = parse_quantity(said, own_units=own_units)
    except QuantityError:
        again = None
    if again is not None and (again.value, again.unit) == (figure.value, unit):
        return said
    return f"{figure.value:f} {unit}" if unit else f"{figure.value:f}"
