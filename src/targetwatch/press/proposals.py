"""What is proposed: a field with the words it was taken from, and a reading made of such fields."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeAlias, TypeVar

from targetwatch.model import Basis, Period, Qualifier
from targetwatch.model.problem import Problem

T_co = TypeVar("T_co", covariant=True)
Remarks: TypeAlias = tuple[Problem, ...]
"""What had to be inferred, or speaks against a proposal: codes of `wording.problems` with their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T_co]):
    """One field: its value, and `text`, the words of the pasted text from `start` to `end` that say it.

    An inferred one may stand on no words of the text (`text` empty, `start` equal to `end`); `why` then says what it
    stands on. `typed` is what a person would type for it; `confidence` is 0..1.
    """

    value: T_co
    typed: str
    text: str = ""
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    inferred: bool = False
    why: Remarks = ()


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
