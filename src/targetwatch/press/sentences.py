"""A text cut into sentences and clauses. Nothing reads further than a sentence, so work grows with length alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

LONGEST = 800
"""A longer sentence is cut: nobody writes one, and what is read of a sentence may look at all of it at each figure."""

_SENTENCE = re.compile(
    r"[。!?;\n]|(?<!\.)\.(?=\s|$)(?<!\b[a-z]\.)(?<!approx\.)(?<!jan\.)(?<!feb\.)(?<!sept\.)(?<!oct\.)(?<!no\.)|…(?=\s)"
)
_CLAUSE = re.compile(r",(?![0-9]{3}(?![0-9]))|[、:]|\s--?\s|\bwhile\b|\bwhereas\b|…")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it lies in the plain text, and where its clauses begin and end."""

    start: int
    end: int
    clauses: tuple[tuple[int, int], ...]

    def clause(self, place: int) -> tuple[int, int]:
        """Return the clause that holds `place`."""
        return next((clause for clause in self.clauses if clause[0] <= place < clause[1]), self.clauses[-1])


def sentences(text: str) -> Iterator[Sentence]:
    """Give the sentences of a plain text in order, the empty ones left out."""
    start = 0
    for found in _SENTENCE.finditer(text):
        yield from _cut(text, start, found.end())
        start = found.end()
    yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > LONGEST:
        blank = max(text.rfind(" ", start, start + LONGEST), text.rfind(",", start, start + LONGEST))
        middle = blank + 1 if blank > start else start + LONGEST
        yield from _sentence(text, start, middle)
        start = middle
    yield from _sentence(text, start, end)


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    if not text[start:end].strip():
        return
    edges = [start, *(found.end() for found in _CLAUSE.finditer(text, start, end)), end]
    clauses = tuple((first, last) for first, last in pairwise(edges) if first < last)
    yield Sentence(start, end, clauses)
