"""What every connector is: a kind, its options, and a fetch that turns a source into readings.

A connector opens files and sockets, and nothing else: it knows no database, no catalogue and no clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
    model_validator,
)

from targetwatch.connectors.row import REQUIRED, RowError, check_fields
from targetwatch.documents.confined import NEVER, Deadline
from targetwatch.documents.decode_options import JmesPath
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


def web_address(url: str) -> str:
    """Return an address that may be asked, or raise ValueError: it is none, or holds a password."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(Problem("not_an_address"))
    if parts.username or parts.password:
        raise ValueError(Problem("credentials_in_address"))
    _ = parts.port  # raises ValueError when it is no number
    return url


WebAddress = Annotated[str, AfterValidator(web_address)]


class RequestOptions(SourceOptions):
    """What is asked, of whom, and how much patience the source deserves."""

    url: WebAddress = Field(repr=False, description="the address, starting with https:// or http://")
    method: Literal["GET", "POST"] = Field(default="GET", description="GET or POST")
    headers: dict[str, str] = Field(default={}, repr=False, description="headers to send, such as a key from ${VAR}")
    body: JsonValue = Field(default=None, repr=False, description="JSON to send with POST")
    deadline_seconds: float = Field(
        default=30, gt=0, le=600, description="how long everything may take, retries included"
    )
    max_bytes: int = Field(
        default=10_000_000, gt=0, le=1_000_000_000, description="how large an answer may be, unpacked"
    )
    retries: int = Field(default=2, ge=0, le=10, description="how often to ask again after a fault of the server")
    max_redirects: int = Field(default=3, ge=0, le=20, description="how many redirects within the host to follow")
    allow_private: list[str] = Field(default=[], description="addresses, networks or hosts inside the network to allow")
    ca_file: str | None = Field(default=None, description="certificates to trust instead, from the config folder")

    @field_validator("headers")
    @classmethod
    def _plain_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not (name + value).isascii() or not (name + value).isprintable():
                raise ValueError(Problem("header_unfit", {"name": name}))
        return headers


class HttpOptions(RequestOptions):
    """What is asked, and where the readings are in the answer."""

    params: dict[str, str] = Field(default={}, repr=False, description="what is appended to the address as a query")
    rows: JmesPath = Field(default="@", description="JMESPath of the list of rows in the answer")
    fields: dict[str, JmesPath] = Field(description="field: its JMESPath within a row")
    constants: dict[str, str] = Field(default={}, description="field: the value where a row gives none")
    unit: str | None = Field(default=None, description="what the values count, such as thousand USD")
    scale: Decimal = Field(default=Decimal(1), description="what every value is multiplied by")
    period_format: str | None = Field(default=None, description="how periods are written, such as %Y%m")
    since: date | None = Field(default=None, description="the first day of running totals (basis since_start)")
    published_format: str | None = Field(default=None, description="how publication days are written, such as %d.%m.%Y")
    yoy_as: Literal["percent", "ratio"] | None = Field(default=None, description="what a bare growth number means")
    locale: str | None = Field(default=None, description="whose notation numbers in text have, such as de for 1.234,5")
    content_types: list[str] = Field(
        default=[], description="what is taken for JSON besides application/json and +json"
    )

    @model_validator(mode="after")
    def _all_fields(self) -> HttpOptions:
        check_fields(self.fields, self.constants)
        missing = [name for name in REQUIRED if name not in self.fields and name not in self.constants]
        if missing:
            raise ValueError(Problem("fields_missing", {"names": missing}))
        return self
