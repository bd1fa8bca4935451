"""The unit of a figure that has none beside it, and whether a bare number is a figure at all."""

from __future__ import annotations

import re
from dataclasses import replace

from targetwatch.press.figure import Figure, Span
from targetwatch.press.sentences import Sentence
from targetwatch.quantity.spellings import SPELLINGS
from targetwatch.quantity.units import alternatives, canonical

LEAST_SIGNS = 3
"""99 counts too little to be told from a rank."""
_COUNTS = alternatives(
    tuple(
        word.lower()
        for unit in ("projects", "deals", "trips", "trains", "ports", "companies", "vehicles", "TEU")
        for word in SPELLINGS[unit]
        if word.isascii()
    )
)
_UNIT_AFTER = re.compile(r"(?:\s[a-z'-]{1,20}){1,4}?\s(?P<unit>" + _COUNTS + ")")
_NUMBER_OF = re.compile(r"\bnumber\sof\s(?:[a-z'-]{1,20}\s){0,3}?(?P<unit>" + _COUNTS + ")")
_COUNTER = re.compile(r"\s?[个条](?![百千万月])")
_NOUN = re.compile(r"\s?(?:[a-z]{2,20})")
_APART = frozenset({"in", "of", "for", "from", "by", "on", "at", "via", "with", "as", "up", "than"})
"""Words that part a number from a noun further on, which it then does not count."""
_LINKING = frozenset(
    {
        *(
            "in",
            "to",
            "and",
            "of",
            "for",
            "from",
            "by",
            "on",
            "at",
            "with",
            "as",
            "up",
            "via",
            "was",
            "were",
            "is",
            "are",
        ),
        *("during", "over", "this", "last", "while", "which", "per", "between", "through", "year", "compared", "than"),
        *("marking", "representing", "versus", "or", "but", "after", "since", "respectively"),
    }
)
_REACHED = re.compile(
    r"(?:达到?了?|为|至|到|是|共计?|合计|计|总额|总值|总量|运量|[:=]|reach(?:ed|es|ing)?|total(?:l?ed|l?ing|s)?|was|were"
    r"|is|at|to|hit|hitting|stood\sat|of|amount(?:ed|ing)\sto|handled|moved|transported|index|average)\s?"
    r"(?:a\s(?:record|total\sof)\s)?$"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")


def with_unit(text: str, figure: Figure, sentence: Sentence) -> Figure | None:
    """Return a figure without a unit beside it with the one nearby, or None when it counts something unknown."""
    after = _UNIT_AFTER.match(text, figure.end, min(sentence.end, figure.end + 90))
    if after and not _APART.intersection(after[0].split()):
        unit = canonical(after["unit"])
        return replace(figure, unit=unit, unit_at=after.span("unit"), unit_apart=True)
    clause = sentence.clause(figure.start)[0]
    counted = _NUMBER_OF.search(text, clause, figure.start)
    if counted and canonical(counted["unit"]) in SPELLINGS:
        return replace(figure, unit=canonical(counted["unit"]), unit_at=counted.span("unit"), unit_apart=True)
    if counter := _COUNTER.match(text, figure.end):
        noun = _noun_before(text, figure, clause) or _noun_after(text, counter.end())
        if noun is None:
            return None
        return replace(figure, unit=canonical(text[slice(*noun)]), unit_at=noun, unit_apart=True)
    return figure if _stands_alone(text, figure, sentence) else None


_COUNTED = alternatives(
    tuple(
        word
        for unit in ("projects", "ports", "deals")
        for word in SPELLINGS[unit]
        if not word.isascii() and len(word) > 1
    )
)


def _noun_before(text: str, figure: Figure, clause: int) -> Span | None:
    found = re.compile(f"({_COUNTED})$").search(text, max(clause, figure.start - 4), figure.start)
    return found.span(1) if found else None


def _noun_after(text: str, place: int) -> Span | None:
    found = re.compile(f"[\u4e00-\u9fff]{{0,10}}?({_COUNTED})").match(text, place)
    return found.span(1) if found else None


def _stands_alone(text: str, figure: Figure, sentence: Sentence) -> bool:
    """Return whether a bare number may be a figure: big or exact enough, and not counting some other thing."""
    if figure.scaled:
        return not re.match(r"[种名人次户件条类吨平]", text[figure.end : figure.end + 1]) or text[figure.end] == "吨"
    if _YEAR.fullmatch(text, figure.start, figure.end):
        return False
    noun = _NOUN.match(text, figure.end)
    if noun and noun[0].strip() not in _LINKING:
        return False
    if re.match(r"\s?[\u4e00-\u9fff]", text[figure.end : figure.end + 2]):
        return False
    reached = _REACHED.search(text, max(sentence.start, figure.start - 24), figure.start)
    exact = "." in text[figure.start : figure.end]
    return bool(reached or figure.qualified or exact) and figure.end - figure.start >= LEAST_SIGNS
