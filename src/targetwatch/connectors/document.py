"""Any published document: fetched as bytes, kept, decoded, and picked by a description."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator

from targetwatch import __version__
from targetwatch.connectors.base import (
    Asked,
    Connector,
    Fetched,
    FilesAsked,
    Gathered,
    SourceOptions,
    Surroundings,
    checked,
)
from targetwatch.connectors.csv_file import FileFetch
from targetwatch.connectors.fetch_feed import FeedFetch
from targetwatch.connectors.fetch_http import HttpFetch, PrometheusFetch
from targetwatch.connectors.fetch_sql import SqlFetch
from targetwatch.documents import Appearance, Pick, contradicts, drifted, pick
from targetwatch.documents.decode import Decode, decode, joined
from targetwatch.model.problem import Problem
from targetwatch.model.scalars import OrAlone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

    from targetwatch.documents import Picked
    from targetwatch.documents.confined import Deadline
    from targetwatch.documents.grid import Decoded
    from targetwatch.model import FetchedDocument, Reading, Source


class UploadFetch(SourceOptions):
    """Nothing is fetched: a person drops the documents, or a program posts them."""

    def request(self) -> str:
        """Return that nothing is asked."""
        return ""

    def gather(self, _around: Surroundings) -> Gathered:
        """Return that nothing came by itself."""
        return Gathered(unchanged=True)


class Fetch(SourceOptions):
    """Where the documents come from: exactly one way."""

    http: Annotated[HttpFetch, OrAlone("url")] | None = Field(default=None, description="an address, asked over HTTP")
    prometheus: PrometheusFetch | None = Field(default=None, description="a range query of a Prometheus server")
    file: Annotated[FileFetch, OrAlone("path")] | None = Field(
        default=None, description="a file, or files of a pattern"
    )
    feed: Annotated[FeedFetch, OrAlone("url")] | None = Field(default=None, description="what a feed or a page lists")
    sql: SqlFetch | None = Field(default=None, description="one SELECT of a database")
    upload: UploadFetch | None = Field(default=None, description="what a person drops or a program posts")

    @model_validator(mode="before")
    @classmethod
    def _upload_alone(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        if raw == "upload":
            return {"upload": {}}
        return (
            {name: {} if name == "upload" and said is None else said for name, said in raw.items()}
            if isinstance(raw, dict)
            else raw
        )

    @model_validator(mode="after")
    def _one_way(self) -> Fetch:
        if len(self.model_fields_set) != 1:
            raise ValueError(Problem("fetch_one_way", {"names": tuple(type(self).model_fields)}))
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema for an editor: the mapping, or the word upload."""
        return {"anyOf": [{"enum": ["upload"]}, {**handler(schema), "minProperties": 1, "maxProperties": 1}]}

    @property
    def way(self) -> HttpFetch | PrometheusFetch | FileFetch | FeedFetch | SqlFetch | UploadFetch:
        """Return the way that was chosen."""
        (name,) = self.model_fields_set
        return getattr(self, name)  # type: ignore[no-any-return]


DECODED_AS = {SqlFetch: "csv", PrometheusFetch: "json", FeedFetch: "article"}
"""What a way of fetching gives, where `decode` is left out."""
PICTURES_KEPT = 40
"""Of so many files of a pattern it is remembered how each looked."""
UNPICKED = (FeedFetch, UploadFetch)
"""Ways whose documents may wait in the inbox, for a person to pick the figures."""


class OnlyFetch(SourceOptions):
    """How a source is fetched."""

    fetch: Fetch = Field(description="where the documents come from: http, prometheus, file, feed, sql or upload")


class DocumentOptions(OnlyFetch):
    """How a source is fetched, what its documents are, and where the readings stand in them."""

    decode: Decode | None = Field(
        default=None, description="what they are: csv, workbook, html, json, pdf, article ..."
    )
    pick: Pick | None = Field(default=None, description="where the readings stand in them")

    @model_validator(mode="after")
    def _whole(self) -> DocumentOptions:
        way = self.fetch.way
        if self.decode is None and type(way) not in DECODED_AS:
            raise ValueError(Problem("decode_missing"))
        if self.pick is None and not isinstance(way, UNPICKED):
            raise ValueError(Problem("pick_missing"))
        return self

    @property
    def decoding(self) -> Decode:
        """Return how the documents are decoded."""
        return self.decode or Decode.model_validate(DECODED_AS[type(self.fetch.way)])


class DocumentSource(Connector):
    """A source that is described: a reading without a day of publication stays undated, as it may be an old one."""

    kind: ClassVar[str] = "document"
    Options: ClassVar[type[SourceOptions]] = DocumentOptions

    def request(self, source: Source) -> Asked:
        """Return what is asked, without secrets."""
        asked = checked(DocumentOptions, source).fetch.way.request()
        return replace(asked, folder=str(self.config_dir)) if isinstance(asked, FilesAsked) else asked

    def gather(self, source: Source, now: datetime) -> tuple[FetchedDocument, ...]:
        """Return the documents there are now; only the `fetch` of the source has to be right."""
        way = checked(OnlyFetch, replace(source, options={"fetch": source.options.get("fetch")})).fetch.way
        around = Surroundings(config_dir=self.config_dir, state={}, now=now, folders=self.shelf.folders)
        return way.gather(around).documents

    def fetch(self, source: Source, state: Mapping[str, Any], now: datetime) -> Fetched:
        """Return the readings of the documents, or why they have drifted.

        Unchanged when they, and their description, are those of the last good run. Where only the description changed,
        what was kept is read again.
        """
        options = checked(DocumentOptions, source)
        around = Surroundings(config_dir=self.config_dir, state=state, now=now, folders=self.shelf.folders)
        given = self.shelf.given
        gathered = options.fetch.way.gather(around) if given is None else Gathered(documents=given, state=state)
        self.shelf.keep(gathered.documents, options.pick is None)
        how = options.pick.model_dump_json() if options.pick else ""
        described = _digest(__version__, options.decoding.model_dump_json(), how)
        documents = gathered.documents
        if not documents and state.get("described") not in {None, described}:
            documents = self.shelf.last()
        found = {**gathered.state, "described": described, "digest": _digest(*(one.digest for one in documents))}
        is_same = all(found[name] == state.get(name) for name in ("described", "digest"))
        if not documents or is_same or options.pick is None:
            kept = {**state, **(found if documents else gathered.state)}
            kept.pop("drifted", None)
            unchanged = not gathered.problems and (not documents or is_same)
            request = self.request(source)
            return Fetched(state=kept, lasting=kept, request=request, problems=gathered.problems, unchanged=unchanged)
        return self._picked(source, options, documents, state=state, found=found, problems=gathered.problems, now=now)

    def _picked(
        self,
        source: Source,
        options: DocumentOptions,
        documents: Sequence[FetchedDocument],
        *,
        state: Mapping[str, Any],
        found: Mapping[str, Any],
        problems: tuple[Problem, ...],
        now: datetime,
    ) -> Fetched:
        """Return what the documents say, each compared with how it, or else the last one, looked before."""
        assert options.pick is not None
        before: dict[str, Any] = state.get("pictures", {})
        last = next(reversed(before.values()), None)
        decoded: list[Decoded] = []
        picks: list[tuple[str, Picked]] = []
        drift: list[Problem] = []
        for name, one in _decoded(documents, options, self.shelf.deadline):
            decoded.append(one)
            found_here = pick(one, options.pick, source=source.id, name=name, now=now, deadline=self.shelf.deadline)
            picks.append((name, found_here))
            looked = (
                None if isinstance(options.fetch.way, FeedFetch) else before.get(name, last)
            )  # no item is like another
            picture = Appearance.model_validate(looked) if looked else None
            drift += (*found_here.drift, *drifted(found_here.picture, options.pick, picture))
        urls = {one.name: one.url for one in documents}
        looks = {name: picked.picture.model_dump(mode="json") for name, picked in picks}
        pictures = dict([*{**before, **looks}.items()][-PICTURES_KEPT:])
        lasting = {name: said for name, said in found.items() if name == "seen"} | {"pictures": before or pictures}
        places = [
            place
            for name, picked in picks
            for place in (f"{name}: {one}" if len(picks) > 1 else one for one in picked.places)
        ]
        return Fetched(
            readings=tuple(_with_evidence(one, urls[name]) for name, picked in picks for one in picked.readings),
            places=tuple(places),
            problems=(*problems, *(problem for _, picked in picks for problem in picked.problems)),
            state={**found, "pictures": pictures},
            lasting=lasting,
            request=self.request(source),
            decoded=tuple(decoded),
            pictures=looks,
            drift=tuple(drift),
            contradicted=partial(contradicts, how=options.pick),
        )


def _with_evidence(reading: Reading, url: str) -> Reading:
    return replace(reading, evidence_url=url) if url and not reading.evidence_url else reading


def _decoded(
    documents: Sequence[FetchedDocument], options: DocumentOptions, deadline: Deadline
) -> Iterator[tuple[str, Decoded]]:
    """Give each document by its name, or the pages of one as one."""
    way = options.fetch.way
    pages = []
    for one in documents:
        how = options.decoding
        read = decode(
            one.data, how, name=one.name, content_type=one.content_type, charset=one.charset, deadline=deadline
        )
        title = read.title or (one.name if isinstance(way, FeedFetch) else "")
        read = replace(read, title=title, published_on=read.published_on or one.published_on)
        if isinstance(way, HttpFetch) and way.paging is not None:
            pages.append(read)
        else:
            yield one.name, read
    if pages:
        yield documents[0].name, joined(pages)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()
