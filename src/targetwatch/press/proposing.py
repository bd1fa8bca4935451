"""Makes a proposal of a figure: each field with the words it was taken from, or what it was inferred from."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from targetwatch.errors import QuantityError
from targetwatch.model import Basis, Period, Qualifier, Text
from targetwatch.press import say
from targetwatch.press.attach import Attached
from targetwatch.press.basis import Case, Told, told
from targetwatch.press.figure import Figure
from targetwatch.press.growth import Kind, Rate
from targetwatch.press.line import Line, Subject
from targetwatch.press.places import Place, elsewhere, shown
from targetwatch.press.planned import planned
from targetwatch.press.proposal import Candidate, Found, Proposal
from targetwatch.press.topics import confidences
from targetwatch.press.when import When
from targetwatch.quantity import format_period, parse_quantity

MOST_CANDIDATES = 5
LEAST_ZEROS = 2
"""A whole number that ends in so many zeros was rounded: 154,600 is 15.46万."""
T = TypeVar("T")


def propose(line: Line, subject: Subject) -> Proposal:
    """Return the reading that a figure of the sentence seems to state."""
    return _Proposing(line, subject).proposal()


class _Proposing:
    """One figure being made a proposal of."""

    def __init__(self, line: Line, subject: Subject) -> None:
        self.line, self.subject = line, subject
        self.figure: Figure = line.figures[subject.place]
        self.clause = line.sentence.clause(self.figure.start)
        self.profile = subject.ranked[0][0]
        self.shares = confidences([score for _, score in subject.ranked])
        self.attached: Attached | None = None if subject.rate else line.attached.get(subject.place)
        self.when, self.earlier = line.time(subject.place if subject.owner is None else subject.owner, self.profile)

    def proposal(self) -> Proposal:
        """Return the proposal with every field that is said or can be inferred."""
        figure, context = self.figure, self.line.context
        time = self._told()
        region = elsewhere(self.line.places, context.topics.home_places, clause=self.clause, place=figure.start)
        ahead = planned(self.line.text, self.clause[0], figure.start)
        indicator, period, yoy = self._indicator(), self._period(time), self._yoy()
        doubts = self._doubts(time, region, ahead=ahead, yoy=yoy)
        sure = (indicator.confidence if indicator else 0.0) * (0.9 if period else 0.7) * 0.9 ** len(doubts)
        sure *= (0.3 if region else 1.0) * (0.2 if ahead else 1.0)
        return Proposal(
            indicator=indicator,
            candidates=self._candidates(),
            period=period,
            basis=self._basis(time),
            value=None if figure.ranged else self._value(),
            unit=self._unit(),
            yoy=yoy,
            qualifier=self._qualifier(),
            rounding=None if figure.ranged else self._rounding(),
            published=context.published,
            publisher=context.publisher,
            elsewhere=self._found(region.name, region.name, (region.start, region.end)) if region else None,
            planned=ahead,
            doubts=doubts,
            quote=self._words(self.line.sentence.start, self.line.sentence.end)[0],
            confidence=round(sure, 3),
        )

    def _told(self) -> Told:
        line = self.line
        return told(
            Case(
                profile=self.profile,
                when=self.when,
                times=line.times,
                text=line.text,
                clause=self.clause,
                sentence=(line.sentence.start, line.sentence.end),
                known=line.context.known(),
                has_rate=self.attached is not None,
                since=line.context.since,
            )
        )

    def _words(self, start: int, end: int) -> tuple[str, int, int]:
        plain = self.line.context.plain
        first, last = plain.span(start, end)
        return plain.source[first:last], first, last

    def _found(
        self,
        value: T,
        typed: str,
        at: tuple[int, int],
        *,
        confidence: float = 1.0,
        why: Text | None = None,
        inferred: bool = False,
    ) -> Found[T]:
        said, start, end = self._words(*at)
        sure = round(confidence, 3)
        reason = why or Text()
        return Found(
            value=value, typed=typed, text=said, start=start, end=end, confidence=sure, inferred=inferred, why=reason
        )

    def _candidates(self) -> tuple[Candidate, ...]:
        told = zip(self.subject.ranked[:MOST_CANDIDATES], self.shares, strict=False)
        return tuple(
            Candidate(indicator=profile.indicator.id, confidence=round(share, 3)) for (profile, _), share in told
        )

    def _indicator(self) -> Found[str] | None:
        line, near, share = self.line, self.subject.near, self.shares[0]
        name, topics = self.profile.indicator.id, line.context.topics
        at = topics.best_words(self.profile, line.words, near, text=line.text)
        if at is None:
            unit_at = self.figure.unit_at
            if unit_at is None:
                return None
            return self._found(name, name, unit_at, confidence=share / 2, why=say.UNIT_ONLY, inferred=True)
        if not topics.set_apart(self.profile, near):
            return self._found(name, name, at, confidence=share / 2, why=say.NOT_SET_APART, inferred=True)
        return self._found(name, name, at, confidence=share)

    def _nowhere(self) -> tuple[int, int]:
        return self.line.sentence.end, self.line.sentence.end

    def _time_at(self, when: When | None) -> tuple[int, int]:
        return (when.start, when.end) if when else self._nowhere()

    def _period(self, time: Told) -> Found[Period] | None:
        if time.period is None:
            return None
        why = say.joined(say.SENTENCE_BEFORE if self.earlier else Text(), time.period_why)
        assumed = bool(why.en)
        typed, sure = format_period(time.period), 0.8 if assumed else 1.0
        return self._found(time.period, typed, self._time_at(self.when), confidence=sure, why=why, inferred=assumed)

    def _basis(self, time: Told) -> Found[Basis] | None:
        if time.basis is None:
            return None
        at, sure = time.basis_words or self._time_at(self.when), 0.7 if time.basis_inferred else 0.95
        return self._found(
            time.basis, str(time.basis), at, confidence=sure, why=time.basis_why, inferred=time.basis_inferred
        )

    def _value(self) -> Found[Decimal]:
        figure = self.figure
        value = _signed(figure, self.subject.rate)
        typed = (
            f"{value:f}%"
            if figure.percent
            else _typed(self._words(figure.start, figure.end)[0], figure, self.line.context.own_units)
        )
        return self._found(value, typed, (figure.start, figure.end), confidence=0.6 if figure.unit is None else 1.0)

    def _unit(self) -> Found[str] | None:
        figure = self.figure
        if figure.unit is None or figure.unit_at is None:
            return None
        if figure.unit_apart:
            return self._found(figure.unit, figure.unit, figure.unit_at, confidence=0.8, why=say.UNIT_APART)
        return self._found(figure.unit, "", figure.unit_at)

    def _qualifier(self) -> Found[Qualifier]:
        figure = self.figure
        if figure.qualified is None:
            at = (figure.start, figure.start)
            return self._found(Qualifier.EXACT, "", at, confidence=0.9, why=say.EXACT, inferred=True)
        return self._found(figure.qualifier, str(figure.qualifier), figure.qualified)

    def _rounding(self) -> Found[Decimal]:
        at, zeros = (self.figure.start, self.figure.end), _zeros(self.figure)
        if zeros < LEAST_ZEROS:
            return self._found(self.figure.rounding, "", at)
        half = Decimal(5) * 10 ** (zeros - 1)
        return self._found(half, f"{half:f}", at, confidence=0.6, why=say.ROUNDED, inferred=True)

    def _yoy(self) -> Found[Decimal] | None:
        if self.attached is None or self.attached.rate.ratio is None:
            return None
        rate, aligned = self.attached.rate, self.attached.aligned
        unsaid = rate.kind is Kind.GROWTH
        why = say.joined(say.RATE_ALIGNED if aligned else Text(), say.GROWTH_UNSAID if unsaid else Text())
        sure = 0.5 if aligned else 0.85 if unsaid else 1.0
        typed = f"{(self.attached.rate.ratio * 100).normalize():f}%"
        return self._found(
            self.attached.rate.ratio, typed, (rate.start, rate.end), confidence=sure, why=why, inferred=bool(why.en)
        )

    def _doubts(self, time: Told, region: Place | None, *, ahead: bool, yoy: Found[Decimal] | None) -> tuple[Text, ...]:
        figure, published = self.figure, self.line.context.published
        doubts = list(time.doubts)
        if figure.ranged:
            doubts.append(say.RANGE)
        if ahead:
            doubts.append(say.PLANNED)
        if region is not None:
            doubts.append(say.elsewhere(self._words(region.start, region.end)[0]))
        wider = self.line.context.topics.wider(self.subject.ranked, self.line.language)
        if region is None and wider is not None and wider not in self.line.context.named:
            doubts.append(say.region_unsaid(*shown(wider)))
        if figure.unit is None and not figure.scaled:
            doubts.append(say.BARE)
        if time.period and published and time.period.end > published.value:
            doubts.append(say.after_publication(time.period.end, published.value))
        if self.attached and yoy is None:
            doubts.append(say.RATE_INEXACT)
        if self.attached is None and self._rate_beside(Kind.OTHER):
            doubts.append(say.RATE_OTHER)
        return tuple(doubts)

    def _rate_beside(self, kind: Kind) -> bool:
        """Return whether the next figure is a rate of that kind, with no sentence end between."""
        return any(rate.figure == self.subject.place + 1 and rate.kind is kind for rate in self.line.rates)


def _signed(figure: Figure, rate: Rate | None) -> Decimal:
    falls = rate is not None and rate.ratio is not None and rate.ratio < 0
    return -abs(figure.value) if falls else figure.value


def _zeros(figure: Figure) -> int:
    """Return how many zeros end a whole number printed in full."""
    if figure.scaled or figure.percent or not figure.value or figure.value != figure.value.to_integral_value():
        return 0
    digits = f"{figure.value:f}".split(".")[0]
    return len(digits) - len(digits.rstrip("0"))


def _typed(said: str, figure: Figure, own_units: tuple[str, ...]) -> str:
    """Return the figure as printed where a typed value is read the same, else written out."""
    unit = None if figure.unit_apart else figure.unit
    try:
        again = parse_quantity(said, own_units=own_units)
    except QuantityError:
        again = None
    if again is not None and (again.value, again.unit) == (figure.value, unit):
        return said
    return f"{figure.value:f} {unit}" if unit else f"{figure.value:f}"
