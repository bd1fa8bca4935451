"""Reads a pasted text sentence by sentence, each knowing what the earlier ones left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from targetwatch.model import Indicator
from targetwatch.press.line import Context, Line
from targetwatch.press.places import names_in
from targetwatch.press.plain import Plain
from targetwatch.press.proposal import Proposal
from targetwatch.press.proposing import propose
from targetwatch.press.published import published_in
from targetwatch.press.sentences import sentences
from targetwatch.press.topics import Topics
from targetwatch.press.when import Kind as Time
from targetwatch.press.when import When
from targetwatch.press.wording import Word
from targetwatch.quantity import own_spellings

_ALONE = re.compile(r"当月|单月|alone")
MOST_PROPOSALS = 200
"""A text with more figures is no press sentence; what comes after is not read."""


def read(
    text: str,
    indicators: Sequence[Indicator],
    *,
    published_on: date | None,
    today: date,
    publisher: str = "",
    since: Mapping[str, date] | None = None,
) -> tuple[Proposal, ...]:
    """Return the readings that the text seems to state, in the order of its figures.

    `since` names the first day of a running total by indicator, where earlier readings tell it and the text does not.
    Any text is read: one without a figure gives no proposal.
    """
    plain = Plain.of(text)
    context = Context(
        plain=plain,
        topics=Topics.of(indicators),
        published=published_in(plain, published_on, today),
        today=today,
        publisher=publisher,
        since=since or {},
        own_units=_own_units(indicators),
        named=names_in(plain.text),
    )
    return tuple(proposal for proposal, _ in zip(_proposals(context), range(MOST_PROPOSALS), strict=False))


def _proposals(context: Context) -> Iterator[Proposal]:
    headline: tuple[Word, ...] | None = None
    for number, sentence in enumerate(sentences(context.plain.text)):
        line = Line(context, sentence, number, headline=headline or ())
        for subject in line.subjects():
            yield propose(line, subject)
        context.before = line.words
        headline = line.words if headline is None else headline
        told = [when for when in line.times if _lasts(context.plain.text, when)]
        if told:
            context.last_time = (told[-1], number)


def _lasts(text: str, when: When) -> bool:
    """Return whether a time goes on for the sentences after it: no dateline, no aside on one month alone."""
    if when.kind not in {Time.SPAN, Time.UNTIL} or (when.kind is Time.SPAN and when.single_day):
        return False
    return not _ALONE.search(text, when.start, when.end + 7)


def _own_units(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Return the words the indicators count in that the table of units lacks; a bare 个 counts anything."""
    labels = (label for one in indicators for label in (one.unit, one.unit_label.en, one.unit_label.zh))
    return tuple(word.lower() for word in own_spellings(*labels) if word[0].isalpha() and word != "个")
