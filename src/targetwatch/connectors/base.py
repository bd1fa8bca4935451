"""What every connector is: a kind, its options, and a fetch that turns a source into readings.

A connector opens files and sockets, and nothing else: it knows no database, no catalogue and no clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from targetwatch.connectors.row import RowError
from targetwatch.documents.confined import NEVER, Deadline
from targetwatch.errors import SourceError
from targetwatch.model.problem import Problem, refused

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic_core import ErrorDetails

    from targetwatch.documents.grid import Decoded
    from targetwatch.model import FetchedDocument, Reading, Source


class SourceOptions(BaseModel):
    """The options of one kind: an unknown one is an error, and no error repeats a value, which may be a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, coerce_numbers_to_str=True)


T = TypeVar("T", bound=SourceOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesAsked:
    """Files that are read: `path` may be a pattern, `count` is how many match, None before they are looked for."""

    path: str
    folder: str
    encoding: str
    count: int | None = None

    def __str__(self) -> str:
        found = "" if self.count is None else f": {self.count} file{'s' if self.count > 1 else ''}"
        return f"read {self.path} in {self.folder} as {self.encoding}{found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressAsked:
    """An address that is asked; of headers `sent` and `conditions` only the names, as their values may be secret."""

    method: str
    address: str
    sent: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()

    def __str__(self) -> str:
        sent = f", sending {', '.join(self.sent)}" if self.sent else ""
        conditions = f", if changed ({', '.join(self.conditions)})" if self.conditions else ""
        return f"{self.method} {self.address}{sent}{conditions}"


Asked: TypeAlias = FilesAsked | AddressAsked | str
"""What a source is asked for, without secrets; a kind that is like neither says it in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a source gave: readings with the place each came from, the rows that could not be used, the new state.

    `state` is handed to the next fetch (an ETag, a digest); `unchanged` says that the source is as it was then, so
    there are no readings to look at. `request` says what was asked, without secrets. Where rows could not be used,
    only what is `lasting` is handed on, so that everything is read again.

    `drift` says why nothing of it may be stored; so does `contradicted` when it is told the readings, in the
    indicators' units, with those known of some indicators after the other. `decoded` are the documents they were found
    in, `pictures` what those look like, by name.
    """

    readings: tuple[Reading, ...] = ()
    places: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    lasting: Mapping[str, Any] = field(default_factory=dict)
    request: Asked = ""
    unchanged: bool = False
    drift: tuple[Problem, ...] = ()
    contradicted: Callable[[Iterable[tuple[Sequence[Reading], Sequence[Reading]]]], tuple[Problem, ...]] | None = None
    decoded: tuple[Decoded, ...] = ()
    pictures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The documents of a source that are kept: those of the last fetch, and where new ones go (and wait for a person).

    `given` are read in place of a fetch. `folders`: only below them may files be read (None: anywhere). What is read
    has to be read by the `deadline`.
    """

    last: Callable[[], tuple[FetchedDocument, ...]] = tuple
    keep: Callable[[Sequence[FetchedDocument], bool], None] = lambda _documents, _wait: None
    given: tuple[FetchedDocument, ...] | None = None
    deadline: Deadline = NEVER
    folders: tuple[Path, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The documents of one fetch.

    `state` is handed to the next fetch; `problems` are of documents that could not be had while others could.
    """

    documents: tuple[FetchedDocument, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a source is fetched: beside which configuration, when, what its last good fetch left.

    `folders`: only below them may files be read (None: anywhere).
    """

    config_dir: Path
    state: Mapping[str, Any]
    now: datetime
    folders: Sequence[Path] | None = None


def fetched(outcomes: Iterable[tuple[str, Reading | RowError]], *, state: Mapping[str, str], request: Asked) -> Fetched:
    """Return what the rows of a source came to, each given with the place it stands at."""
    readings, problems = [], []
    for where, outcome in outcomes:
        if isinstance(outcome, RowError):
            problems += [problem.at(file=where) for problem in outcome.problems]
        else:
            readings.append((outcome, where))
    return Fetched(
        readings=tuple(reading for reading, _ in readings),
        places=tuple(where for _, where in readings),
        problems=tuple(problems),
        state=state,
        request=request,
    )


class Connector(ABC):
    """A channel. `fetch` returns what the source gives or raises `SourceError` with a reason a person understands."""

    kind: ClassVar[str]
    dated_when_seen: ClassVar[bool] = False
    """Whether a reading without a publication date counts from the day it was first seen: right for a live source,
    wrong for a file of old figures."""
    Options: ClassVar[type[SourceOptions]]

    def __init__(self, config_dir: Path = Path(), shelf: Shelf = Shelf()) -> None:
        self.config_dir, self.shelf = config_dir, shelf

    @abstractmethod
    def fetch(self, source: Source, state: Mapping[str, Any], now: datetime) -> Fetched:
        """Return the readings of `source`, recorded at `now`; `state` is what its last good fetch left."""

    @abstractmethod
    def request(self, source: Source) -> Asked:
        """Return what `fetch` will ask for, without secrets."""


def shown(url: str) -> str:
    """Return an address fit to be shown: user, query and fragment, which may hold secrets, are left out."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def checked(kind: type[T], source: Source) -> T:
    """Return the options of `source`, validated; every problem at once as a `SourceError`."""
    try:
        return kind.model_validate(dict(source.options))
    except ValidationError as error:
        problems = tuple(_of_option(detail) for detail in error.errors())
        raise SourceError("options_refused", where="source", said=source.id, problems=problems) from error


def _of_option(detail: ErrorDetails) -> Problem:
    option, problem = ".".join(str(part) for part in detail["loc"]), refused(detail)
    return replace(problem, values={"said": option, **problem.values}, where="option") if option else problem
