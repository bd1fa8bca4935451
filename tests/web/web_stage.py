"""A service on a real database for the web to stand on: what bootstrap puts together, without schedule and signals."""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from html.parser import HTMLParser
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from sqlalchemy.engine import Engine

from commands import in_one_file
from in_process import HERE, session
from real_service import served
from targetwatch import configuration, ingest, watch
from targetwatch.metrics import Exposition, Service
from targetwatch.model import AsOf, Catalogue, Clock, FetchedDocument, Reading, Role, Snapshot, Source
from targetwatch.settings import Settings
from targetwatch.store import accounts, audit, catalogue, db, keys
from targetwatch.store import readings as stored
from targetwatch.watch import SnapshotHolder, Watch
from targetwatch.web import create_app

PROJECT = Path(__file__).parent.parent.parent
TOKEN = "a-token-for-the-tests"
PASSWORD = "correct horse battery"
CONFIGURED: list[tuple[Catalogue, sqlite3.Connection]] = []
"""The catalogues that were put in force in an empty database, each with what that database was then."""


@dataclass(frozen=True)
class Simulated:
    """A clock that is not the wall's."""

    first: date
    last: date
    day_seconds: float = 2.0

    @property
    def frozen(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True)
class Client:
    """Requests to one service: no cookies kept, no redirects followed, English unless said otherwise."""

    app: FastAPI

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.request("GET", path, **more)

    def head(self, path: str, **more: Any) -> requests.Response:
        return self.request("HEAD", path, **more)

    def post(self, path: str, **more: Any) -> requests.Response:
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"accept-language": "en", **more.pop("headers", {})}
        return session(self.app).request(method, HERE + path, headers=headers, allow_redirects=False, **more)


@dataclass(frozen=True)
class Browser:
    """Somebody who is signed in: sends the cookie, and with a form the token that its page holds."""

    app: FastAPI
    secret: str

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._request("GET", path, **more)

    def page(self, path: str, language: str = "en") -> Page:
        answer = self.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> requests.Response:
        return self._request("POST", path, data={"csrf": self.token, **(data or {})}, **more)

    @property
    def token(self) -> str:
        return hmac.new(self.secret.encode(), b"targetwatch form", hashlib.sha256).hexdigest()

    def _request(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"accept-language": "en", "origin": HERE, **more.pop("headers", {})}
        cookies = {"targetwatch_session": self.secret}
        return session(self.app).request(
            method, HERE + path, headers=headers, cookies=cookies, allow_redirects=False, **more
        )


@dataclass
class Stage:
    """A database, the day it is, and the web over both."""

    file: Path
    today: date
    simulation: Simulated | None = None
    reloads: list[str] = field(default_factory=list)
    said: dict[str, object] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    next_runs: dict[str, datetime] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)
    _turn: Lock = field(default_factory=Lock)
    _open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        usual = {
            "reload_enabled": True,
            "api_token": TOKEN,
            "smtp_url": "smtp://127.0.0.1:1",
            "mail_from": "t@example.org",
        }
        self.settings = Settings(**{"database_url": f"sqlite:///{self.file}"} | usual | self.said)
        self.engine: Engine = db.create_engine(self.settings.database_url)
        self.holder = SnapshotHolder()
        service = Service()
        self.exposition = Exposition(self.settings.zone, service=service)
        self.holder.listen(self.exposition.show)
        self.app: FastAPI = create_app(
            settings=self.settings,
            engine=self.engine,
            holder=self.holder,
            metrics=self.exposition,
            past=self.past,
            refresh=self.refresh,
            run=self.run,
            reload=self.reload,
            simulation=self.simulation,
            test=self.test,
            gather=self.gather,
            next_runs=lambda: self.next_runs,
            answered=service.answered,
        )

    @property
    def client(self) -> Client:
        return Client(self.app)

    @cached_property
    def address(self) -> str:
        """Where a real browser finds this service, served from the first use on."""
        return self._open.enter_context(served(self.app))

    def crowd(self, count: int) -> None:
        """Put a snapshot of so many targets in force, which stand as the first there is."""
        known = self.holder.current
        only = known.catalogue.targets[0]
        targets = tuple(replace(only, id=f"cargo-{number:05}") for number in range(count))
        verdicts = {each.id: replace(known.verdicts[only.id], target=each.id) for each in targets}
        catalogue = replace(known.catalogue, targets=targets)
        self.holder.swap(replace(known, catalogue=catalogue, verdicts=verdicts, paces={}))

    def refresh(self) -> Snapshot:
        """Judge what can have changed since the last time, as the service does."""
        as_of, simulated = AsOf.end_of(self.today, self.settings.zone), self.simulation is not None
        with self._turn:
            try:
                with db.reading(self.engine) as session:
                    taken = self.watch.refresh(session, as_of, taken_at=datetime.now(UTC), simulated=simulated)
            except BaseException:
                self.watch = Watch()
                raise
            self.holder.swap(taken.snapshot)
        return taken.snapshot

    def take(self, as_of: AsOf) -> Snapshot:
        with db.reading(self.engine) as session:
            simulated = self.simulation is not None
            return watch.take(session, as_of, taken_at=datetime.now(UTC), simulated=simulated)

    def past(self, as_of: AsOf, _by: object = None) -> Snapshot:
        return self.take(as_of)

    def reload(self) -> None:
        configuration.apply(
            self.engine, self.settings.config_dir, actor="reload", now=datetime.now(UTC), environment={}
        )
        self.reloads.append("reload")
        self.refresh()

    def run(self, source_id: str, **how: Any) -> ingest.IngestOutcome:
        done = self._ingest(source_id, **how)
        self.refresh()
        return done

    def test(self, source: str | Source, *, given: Sequence[FetchedDocument] | None = None) -> ingest.IngestOutcome:
        return self._ingest(source, dry_run=True, given=given)

    def gather(self, source: Source) -> tuple[FetchedDocument, ...]:
        settings = self.settings
        runner = ingest.Runner(
            engine=self.engine,
            config_dir=settings.config_dir,
            zone=settings.zone,
            prepare=lambda wanted: configuration.expand(wanted, self.environment),
            folders=settings.folders_on_web,
        )
        return runner.gather(source)

    def _ingest(self, wanted: str | Source, **how: Any) -> ingest.IngestOutcome:
        with db.reading(self.engine) as session:
            known = {one.id: one for one in catalogue.load(session).sources}
        source = wanted if isinstance(wanted, Source) else known[wanted]
        return ingest.run(
            self.engine,
            source,
            now=datetime.now(UTC),
            today=self.today,
            config_dir=self.settings.config_dir,
            **how,
            prepare=lambda wanted: configuration.expand(wanted, self.environment),
            folders=self.settings.folders_on_web,
        )

    def sign_in(self, role: Role = Role.EDITOR, name: str = "") -> Browser:
        """Open an account of that role and return a browser that is signed in to it."""
        name, now = name or f"a-{role}", datetime.now(UTC)
        with db.writing(self.engine, "test", now=now) as session:
            if name not in {user.name for user in accounts.load(session)}:
                accounts.add(session, name, PASSWORD, role=role, now=now)
            secret = keys.begin(session, name, now=now, lifetime=timedelta(hours=1))
        return Browser(self.app, secret)

    def record(self, entry: Mapping[str, str], actor: str = "api") -> ingest.Recorded:
        done = ingest.record(self.engine, entry, actor=actor, now=datetime.now(UTC), today=self.today)
        self.refresh()
        return done

    def configure(self, wanted: Catalogue) -> None:
        """Put a catalogue in force; what an empty database becomes by it is made once and copied."""
        with db.reading(self.engine) as session:
            is_empty = audit.head(session)[0] == 0
        kept = next((made for said, made in CONFIGURED if is_empty and said == wanted), None)
        if kept is not None:
            with closing(self.engine.raw_connection()) as raw:
                kept.backup(raw.driver_connection)
            return
        now = datetime.now(UTC)
        with db.writing(self.engine, "test", now=now) as session:
            catalogue.reconcile(session, wanted, now=now)
        if is_empty:
            CONFIGURED.append((wanted, sqlite3.connect(":memory:", check_same_thread=False)))
            with closing(self.engine.raw_connection()) as raw:
                raw.driver_connection.backup(CONFIGURED[-1][1])

    def add(self, *readings: Reading) -> list[int]:
        with db.writing(self.engine, "test", now=datetime.now(UTC)) as session:
            return [added.id or 0 for added in stored.add(session, readings)]

    def close(self) -> None:
        self._open.close()
        self.engine.dispose()


@contextmanager
def locked(stage: Stage) -> Iterator[None]:
    """Let another program write for longer than this one waits, which is not long here."""
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(stage.file, isolation_level=None)) as other:
        patch.setattr(db, "BUSY_TIMEOUT_SECONDS", 1)
        stage.engine.dispose()
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    stage.engine.dispose()


def judged(file: Path, today: date) -> Watch:
    """Return what a service knows that looked at a database, for another on a copy of it to go on from."""
    known = _judged(file, today)
    return replace(known, inputs=replace(known.inputs, **_copies(known.inputs)), **_copies(known))


@cache
def _judged(file: Path, today: date) -> Watch:
    stage = Stage(file, today)
    stage.refresh()
    stage.close()
    return stage.watch


def _copies(one: object) -> dict[str, Any]:
    """Return copies of the dictionaries of a value; what they hold never changes."""
    found = {of.name: getattr(one, of.name) for of in fields(one)}  # type: ignore[arg-type]
    return {name: dict(kept) for name, kept in found.items() if isinstance(kept, dict)}


def prepare(file: Path) -> None:
    """Make an empty database, in one file that may be copied."""
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    engine.dispose()
    in_one_file(file)


def fill_with_real_figures(file: Path) -> None:
    """Make a database of the project's own configuration and figures."""
    prepare(file)
    engine = db.create_engine(f"sqlite:///{file}")
    configuration.apply(engine, PROJECT / "config", actor="test", now=datetime.now(UTC), environment={})
    with db.reading(engine) as session:
        sources = catalogue.load(session).sources
    for source in sources:
        done = ingest.run(
            engine, source, now=datetime.now(UTC), today=date(2026, 11, 25), config_dir=PROJECT / "config"
        )
        assert not done.failed, done.reason
    engine.dispose()


class Page(HTMLParser):
    """A page as its reader's tools see it: text, links, elements with their attributes."""

    VOID = frozenset({"meta", "link", "input", "br", "img"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self._text: list[str] = []
        self.feed(source)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"script", "style"}:
            self._text.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self._text))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        return [attributes.get("href") or "" for attributes in self.all("a")]


def known_as_of(day: date, clock: Clock = Clock.PUBLISHED) -> AsOf:
    return AsOf.end_of(day, UTC, clock)
