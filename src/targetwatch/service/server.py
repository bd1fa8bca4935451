"""The service as a process: listening, signals, a graceful end, what is said at the start, and its connections.

uvicorn waits for ever for a request that was begun, and takes connections until the process has no files left. Here
the one that has kept silent longest makes room for the next.
"""

from __future__ import annotations

import gc
import logging
import resource
import signal
import socket
import sys
import threading
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from targetwatch import configuration
from targetwatch.errors import TargetwatchError, UsageError
from targetwatch.model import Performance
from targetwatch.service.app import App, Simulation, build
from targetwatch.service.backfill import as_simulated
from targetwatch.settings import environment, unknown
from targetwatch.store import db

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator
    from datetime import date

    from targetwatch.model import Snapshot
    from targetwatch.settings import Settings

log = logging.getLogger("targetwatch")
GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 75
"""Longer than a proxy keeps an idle connection (nginx 60), so that it never sends into one that is being closed."""
SWITCH_SECONDS = 0.0005
"""So soon a thread that makes a page lets the event loop go on, which needs a moment only (else after 5 ms each)."""
OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""So many new objects before Python looks for cycles among them: 700 of its own take a sixth of a start with 10,000
targets, whose values have none."""
MOST_NAMED = 12
REPLAY = "targetwatch serve --replay 2025-01-01..2026-01-31 --day 2s"
OVER = frozenset({Performance.ACHIEVED, Performance.MISSED, Performance.AWAITING_DATA})
HEAD_SECONDS = 10
BODY_SECONDS = 20
BODY_BYTES_A_SECOND = 10_000
"""A body may take BODY_SECONDS, and longer as far as it comes this fast."""
STUCK_SECONDS = 60
"""An answer nobody takes a byte of for so long is given up."""
ACCEPTED_AT_ONCE = 16
"""So many connections the loop takes in one round."""
ROUNDS = 4
"""A connection given up has let go of its file so many rounds after another was taken."""
WAITING = 1024
"""So many more wait in the kernel to be taken."""
FILES_APART = 96
"""Files kept free for the database, the sources and what is read."""
FEWEST = 16
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def most_connections(wanted: int) -> int:
    """Return how many connections there may be: as many as are wanted, as far as the files of the process go."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = wanted if files == resource.RLIM_INFINITY else files - FILES_APART - ROUNDS * ACCEPTED_AT_ONCE
    return max(min(wanted, free), FEWEST)


class LimitedConnection(H11Protocol):
    """A connection with limits; `most` is how many there may be of them in this process."""

    most = 1000
    made_room = 0
    """How many were given up for others and not told yet."""

    def __init__(self, *said: Any, **more: Any) -> None:  # noqa: ANN401 - those of uvicorn
        super().__init__(*said, **more)
        self.since = monotonic()
        """Since when the client is to say something, or to take something."""
        self._received = 0
        self._unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; where there are too many, in the place of the one silent longest."""
        super().connection_made(transport)
        if len(self.connections) <= self.most:
            return
        LimitedConnection.made_room += 1
        oldest = min((one for one in _limited(self.connections) if one.is_silent), key=lambda one: one.since)
        if oldest is not self:
            oldest.transport.abort()
            return
        transport.write(BUSY)
        transport.close()

    def data_received(self, data: bytes) -> None:
        """Note that the client says something: the first bytes of a further request begin its time."""
        if self.timeout_keep_alive_task is not None:
            self.since = monotonic()
        self._received += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self.since, self._received = monotonic(), 0
        super().on_response_complete()

    @property
    def is_idle(self) -> bool:
        """Return whether no request of it is being answered."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def is_silent(self) -> bool:
        """Return whether we wait for the client and not the client for us."""
        return self.is_idle or self.cycle.more_body

    def is_overdue(self, now: float) -> bool:
        """Return whether the client took too long; asked once a second."""
        if unsent := self.transport.get_write_buffer_size():
            if unsent != self._unsent:
                self._unsent, self.since = unsent, now
            return now - self.since > STUCK_SECONDS
        self._unsent = 0
        if not self.is_silent or (self.is_idle and self.timeout_keep_alive_task is not None):
            return False  # uvicorn ends what is kept alive
        in_body = self.conn.their_state is h11.SEND_BODY  # of a request answered already, too
        grace = BODY_SECONDS + self._received / BODY_BYTES_A_SECOND if in_body else HEAD_SECONDS
        return now - self.since > grace


def look_after(connections: Iterable[object]) -> None:
    """End the connections whose clients took too long, and say what was ended."""
    now = monotonic()
    overdue = [one for one in _limited(connections) if one.is_overdue(now)]
    for one in overdue:
        one.transport.abort()
    if overdue:
        log.info("%d connections closed: the client took too long", len(overdue))
    if LimitedConnection.made_room:
        log.warning("%d connections closed to make room for others", LimitedConnection.made_room)
        LimitedConnection.made_room = 0


def _limited(connections: Iterable[object]) -> list[LimitedConnection]:
    return [one for one in connections if isinstance(one, LimitedConnection) and not one.transport.is_closing()]


class LimitedServer(uvicorn.Server):
    """uvicorn that looks after its connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen: few connections are taken at once, and many may wait for it."""
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(WAITING)

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections once a second."""
        if counter % 10 == 0:
            look_after(self.server_state.connections)
        return await super().on_tick(counter)


def serve(
    settings: Settings,
    *,
    frozen: date | None = None,
    replay: tuple[date, date] | None = None,
    day_seconds: float = 2.0,
    mail_sink: str | None = None,
    upgrade: bool = False,
) -> None:
    """Serve until stopped. The pages answer at once and say so while the first snapshot is being taken.

    Raises:
        TargetwatchError: the database, the configuration or the address cannot be used.
    """
    for name in unknown():
        log.warning("%s is set and is no setting of targetwatch (used only where a source names it)", name)
    if upgrade:
        _prepare(settings)
    simulation = Simulation(frozen, frozen) if frozen else Simulation(*replay, day_seconds) if replay else None
    with ExitStack() as stack:
        if mail_sink and simulation:
            folder = stack.enter_context(TemporaryDirectory())
            simulation = replace(simulation, mails=Path(folder) / "mails.db")
            settings = as_simulated(settings, sink=mail_sink)
        _serve(build(settings, simulation=simulation))


def _serve(app: App) -> None:
    settings = app.settings
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    listener = _listen(settings.host, settings.port)
    LimitedConnection.most = most_connections(settings.max_connections)
    server = _Server(
        uvicorn.Config(
            app.web,
            http=LimitedConnection,
            backlog=ACCEPTED_AT_ONCE,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            proxy_headers=False,
        )
    )
    broken: list[BaseException] = []
    signal.signal(signal.SIGHUP, lambda _signal, _frame: _in_background(_reload, app))
    starting = _in_background(_start, app, server, broken, listener.getsockname()[1])
    try:
        server.run(sockets=[listener])
    finally:
        starting.join(GRACE_SECONDS)
        app.stop()
    if broken:
        raise broken[0]
    log.info("stopped")


def exposition(settings: Settings) -> bytes:
    """Return what /metrics would answer now, without serving."""
    app = build(settings)
    app.refresh(keep=False)
    return app.exposition.answer("", "")[0]


def outcome(snapshot: Snapshot) -> list[str]:
    """Return a snapshot in a few lines: what became of the targets, which still run."""
    counts = Counter(verdict.performance.value for verdict in snapshot.verdicts.values())
    running = [name for name, verdict in snapshot.verdicts.items() if verdict.performance not in OVER]
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.most_common())
    lines = [f"{len(snapshot.verdicts)} targets as of {snapshot.as_of.day}: {said or 'none announced yet'}"]
    if running:
        more = f" and {len(running) - MOST_NAMED} more" if len(running) > MOST_NAMED else ""
        lines.append(f"still running: {', '.join(sorted(running)[:MOST_NAMED])}{more}")
    return lines


class _Server(LimitedServer):
    """The server, except that a signal ends the serving and not the process, which has more to put away."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGINT and SIGTERM ask for a graceful end while serving."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _prepare(settings: Settings) -> None:
    """Bring the schema up to date and apply the configuration files."""
    engine = db.create_engine(settings.database_url)
    db.upgrade(engine)
    configuration.apply(engine, settings.config_dir, actor="serve", now=datetime.now(UTC), environment=environment())
    engine.dispose()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while ")[0]  # Python repeats the address
        raise UsageError("address_not_free", host=host, port=port, why=reason) from error


def _start(app: App, server: uvicorn.Server, broken: list[BaseException], port: int) -> None:
    """Take the first snapshot and start the schedule; whatever breaks here ends the process."""
    try:
        app.start()
        _greet(app, port)
    except BaseException as error:  # noqa: BLE001 - handed to the main thread, which raises it
        broken.append(error)
        server.should_exit = True


def _greet(app: App, port: int) -> None:
    host = "127.0.0.1" if app.settings.host in {"0.0.0.0", "::"} else app.settings.host  # noqa: S104 - compared, not bound
    snapshot = app.holder.current
    assert snapshot is not None
    for line in outcome(snapshot):
        log.info(line)
    if app.simulation is None:
        log.info("the year 2025 day by day: %s", REPLAY)
    else:
        log.warning("the clock is simulated: %s to %s", app.simulation.first, app.simulation.last)
    log.info("look at http://%s:%d/ and http://%s:%d/metrics (Ctrl-C stops)", host, port, host, port)


def _reload(app: App) -> None:
    try:
        app.reload()
    except TargetwatchError:
        return  # said and counted by `App.reload`; what was running goes on


def _in_background(function: object, *arguments: object) -> threading.Thread:
    assert callable(function)
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread
