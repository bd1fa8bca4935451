"""What every connector is: a kind, its options, and a fetch that turns a source into readings.

A connector opens files and sockets, and nothing else: it knows no database, no catalogue and no clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from targetwatch.errors import SourceError

if TYPE_CHECKING:
    from datetime import datetime

    from targetwatch.model import Reading, Source


class Options(BaseModel):
    """The options of one kind: an unknown one is an error, and no error repeats a value, which may be a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True)


Kind = TypeVar("Kind", bound=Options)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """One row that could not be used: where it stands, and what to do about it."""

    where: str
    what: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "what", printable(self.what))  # it quotes a stranger's words

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a source gave: readings with the place each came from, the rows that could not be used, the new state.

    `state` is handed to the next fetch (an ETag, a digest); `unchanged` says that the source is as it was then, so
    there are no readings to look at. `request` says what was asked, without secrets.
    """

    readings: tuple[Reading, ...] = ()
    places: tuple[str, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    state: Mapping[str, str] = field(default_factory=dict)
    request: str = ""
    unchanged: bool = False


class Connector(ABC):
    """A channel. `fetch` returns what the source gives or raises `SourceError` with a reason a person understands."""

    kind: ClassVar[str]
    dated_when_seen: ClassVar[bool] = False
    """Whether a reading without a publication date counts from the day it was first seen: right for a live source,
    wrong for a file of old figures."""
    Options: ClassVar[type[Options]]

    def __init__(self, config_dir: Path = Path()) -> None:
        self.config_dir = config_dir

    @abstractmethod
    def fetch(self, source: Source, state: Mapping[str, str], now: datetime) -> Fetched:
        """Return the readings of `source`, recorded at `now`; `state` is what its last good fetch left."""

    @abstractmethod
    def request(self, source: Source) -> str:
        """Return what `fetch` will ask for, in words and without secrets."""


def printable(text: str) -> str:
    """Return a stranger's words without what would drive a terminal."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def checked(kind: type[Kind], source: Source) -> Kind:
    """Return the options of `source`, validated; every problem at once as a `SourceError`."""
    try:
        return kind.model_validate(dict(source.options))
    except ValidationError as error:
        problems = "; ".join(_sentence(problem["loc"], problem["msg"]) for problem in error.errors())
        raise SourceError(f"source '{source.id}': {problems}") from error


def _sentence(place: tuple[int | str, ...], words: str) -> str:
    option = ".".join(str(part) for part in place)
    what = words.removeprefix("Value error, ")
    return f"option '{option}': {what}" if option else what


class Registry(Mapping[str, type[Connector]]):
    """Kinds by name, each imported when first looked up."""

    def __init__(self, **places: str) -> None:
        self._places = places

    def __getitem__(self, kind: str) -> type[Connector]:
        module, _, name = self._places[kind].partition(":")
        connector: type[Connector] = getattr(import_module(module), name)
        return connector

    def __contains__(self, kind: object) -> bool:
        return kind in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
