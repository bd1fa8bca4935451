"""The service as a process: listening, signals, a graceful end, and what is said at the start."""

from __future__ import annotations

import gc
import logging
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
from typing import TYPE_CHECKING

import uvicorn

from targetwatch import configuration
from targetwatch.errors import TargetwatchError, UsageError
from targetwatch.model import Performance
from targetwatch.service.app import App, Simulation, build
from targetwatch.service.connections import ACCEPTED_AT_ONCE, LimitedConnection, LimitedServer, most_connections
from targetwatch.service.replay import as_simulated
from targetwatch.settings import environment, unknown
from targetwatch.store import db

if TYPE_CHECKING:
    from collections.abc import Iterator
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
