"""What is wrong with something, as a code and its values: what is raised, stored and returned instead of a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from targetwatch.model.words import Basis, Comparator, Measure, Period, Qualifier, Text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Value: TypeAlias = (
    "str | int | Decimal | date | Period | Amount | InWords | Ratio | Name | Text | StrEnum | Problem"
    " | Sequence[Value] | None"
)
PLACE = ("file", "line", "where")
ENUMS: dict[str, type[StrEnum]] = {kind.__name__.lower(): kind for kind in (Basis, Comparator, Measure, Qualifier)}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the unit it counts in."""

    value: Decimal
    unit: str

    @classmethod
    def computed(cls, value: Decimal, unit: str) -> Amount:
        """Return a computed value as it is spoken of: 120781.25 is about 120,800."""
        return cls(value.quantize(Decimal(1).scaleb(value.adjusted() - 3)) if value else value, unit)


@dataclass(frozen=True, slots=True)
class InWords:
    """A number that is written out in words, so that a slip is seen."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share or a rate: 0.28 for 28 %."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """What has a title somewhere: an indicator, a publisher."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: a code of `wording.problems` and what its sentence speaks of.

    `said` among the values is what somebody wrote, and stands before what is wrong with it. A value may be a problem
    itself, whose sentence stands in this one's. `where` is the field or the place within a file.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    where: str = ""

    def __post_init__(self) -> None:
        held = {name: tuple(value) if isinstance(value, list) else value for name, value in self.values.items()}
        object.__setattr__(self, "values", MappingProxyType(held))

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.values.items()), self.file, self.line, self.where))

    def __lt__(self, other: Problem) -> bool:
        return self._order() < other._order()

    def __str__(self) -> str:
        """Return the place, the code and the values, for a log; a reader gets the sentence of `wording.problems`."""
        said = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return ": ".join(
            part for part in (self.place, self.where, f"{self.code} ({said})" if said else self.code) if part
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return (Problem, (self.code, dict(self.values), self.file, self.line, self.where))

    def at(self, where: str = "", *, file: str = "", line: int = 0) -> Problem:
        """Return the same problem where it was found."""
        return replace(self, where=where or self.where, file=file or self.file, line=line or self.line)

    @property
    def place(self) -> str:
        """Return the file and the line, "" without."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back as an equal problem."""
        place = {name: getattr(self, name) for name in PLACE if getattr(self, name)}
        return {"code": self.code, "values": {name: _packed(value) for name, value in self.values.items()}, **place}

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Problem:
        """Return the problem that `to_json` packed."""
        values = {name: _unpacked(value) for name, value in packed.get("values", {}).items()}
        return cls(packed["code"], values, **{name: packed[name] for name in PLACE if name in packed})

    def to_text(self) -> str:
        """Return the JSON of the problem as one text, the same for equal problems."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Problem:
        """Return the problem that `to_text` packed; any other text is a problem shown as it is."""
        return cls.from_json(json.loads(text)) if text.startswith('{"code":') else cls(text)

    def _order(self) -> tuple[str, int, str, str, str]:
        return (self.file, self.line, self.where, self.code, self.to_text())


def refused(detail: ErrorDetails) -> Problem:
    """Return the problem that a validator raised, `ValueError(Problem(...))`; of any other what the library says."""
    if detail["type"] == detail["msg"]:
        return Problem(detail["type"], {name: said for name, said in detail.get("ctx", {}).items() if name != "at"})
    if detail["type"] != "value_error":
        return Problem("says", {"why": detail["msg"]})
    reason = detail["ctx"]["error"].args[0]
    return reason if isinstance(reason, Problem) else Problem("says", {"why": str(reason)})


def _packed(value: object) -> object:
    match value:
        case Problem():
            return value.to_json()
        case Amount():
            return {"amount": str(value.value), "unit": value.unit}
        case Ratio() | InWords():
            return {"ratio" if isinstance(value, Ratio) else "words": str(value.value)}
        case Name():
            return {value.kind: value.id}
        case Text():
            return {"text": [value.en, value.zh]}
        case Period():
            return {"period": [value.start.isoformat(), value.end.isoformat()]}
        case StrEnum():
            return {type(value).__name__.lower(): value.value}
        case Decimal():
            return {"number": str(value)}
        case date():
            return {"day": value.isoformat()}
        case tuple():
            return [_packed(one) for one in value]
        case None | str() | bool() | int():
            return value
    raise TypeError(f"{type(value).__name__} is no value of a problem")


def _unpacked(value: Any) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    if isinstance(value, list):
        return tuple(_unpacked(one) for one in value)
    if not isinstance(value, dict):
        return value
    if "code" in value:
        return Problem.from_json(value)
    if "amount" in value:
        return Amount(Decimal(value["amount"]), value["unit"])
    ((kind, said),) = value.items()
    if kind in ENUMS:
        return ENUMS[kind](said)
    match kind:
        case "ratio":
            return Ratio(Decimal(said))
        case "words":
            return InWords(Decimal(said))
        case "number":
            return Decimal(said)
        case "day":
            return date.fromisoformat(said)
        case "text":
            return Text(*said)
        case "period":
            return Period(*(date.fromisoformat(day) for day in said))
    return Name(kind, said)
