"""The connections: how many there may be, and how long one may take to say what it wants and to take what it gets.

uvicorn waits for ever for a request that was begun, and takes connections until the process has no files left. Here
the one that has kept silent longest makes room for the next.
"""

from __future__ import annotations

import logging
import resource
from time import monotonic
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Iterable

log = logging.getLogger(__name__)
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
