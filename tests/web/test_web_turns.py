"""How many requests of a kind are answered at once, and what becomes of those that are too many."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from targetwatch.settings import Settings
from targetwatch.web.turns import RequestKind, Turns

LIMITS = Settings(reads_at_once=2, writes_at_once=1, heavy_at_once=1)

WHOLE = {"type": "http.request", "body": b"", "more_body": False}


def scope(path: str, method: str = "GET", query: bytes = b"", length: int = 0) -> dict[str, Any]:
    headers = [(b"accept", b"application/json"), (b"content-length", b"%d" % length)]
    return {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers}


class Held:
    """An application that answers when it is let."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go_on = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while scope["method"] == "POST" and (await receive())["more_body"]:
            pass
        self.begun.append(scope["path"])
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 200})


def alone(life: Coroutine[Any, Any, None]) -> None:
    """Live in a thread of its own: a browser of another test may have left a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, life).result()


async def asked(app: Any, said: dict[str, Any], *body: dict[str, Any]) -> int:
    sent, parts = [], list(body)

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else await asyncio.Future()

    async def send(message: Any) -> None:
        sent.append(message)

    await app(said, receive, send)
    if sent[0]["status"] == 503:
        assert (b"retry-after", b"2") in sent[0]["headers"]
    return int(sent[0]["status"])


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_rush_on_one_kind_holds_up_no_other():
    async def lived() -> None:
        held = Held()
        app = Turns(held, settings=LIMITS)
        asking = [asyncio.create_task(asked(app, scope(f"/{number}"))) for number in range(3)]
        asking += [asyncio.create_task(asked(app, scope(f"/past/{n}", query=b"as_of=2025-01-01"))) for n in range(2)]
        asking += [asyncio.create_task(asked(app, scope("/table.csv")))]
        asking += [asyncio.create_task(asked(app, scope(f"/post/{number}", "POST"), WHOLE)) for number in range(2)]
        asking += [asyncio.create_task(asked(app, scope("/static/app.css")))]
        await settled()
        assert set(held.begun) == {"/0", "/1", "/past/0", "/post/0", "/static/app.css"}
        held.go_on.set()
        assert await asyncio.gather(*asking) == [200] * 9

    alone(lived())


def test_who_waits_too_long_or_among_too_many_is_told_to_come_back():
    async def lived() -> None:
        held = Held()
        app = Turns(held, settings=LIMITS)
        app._reads = RequestKind(1, waiting=1, seconds=0.05)
        first, second = (asyncio.create_task(asked(app, scope(path))) for path in ("/1", "/2"))
        await settled()
        assert await asked(app, scope("/3")) == 503
        assert await second == 503
        held.go_on.set()
        assert await first == 200
        assert await asked(app, scope("/4")) == 200
        assert held.begun == ["/1", "/4"]

    alone(lived())


@pytest.mark.parametrize("length", [4, 0])
def test_a_body_that_drips_takes_no_turn(length):
    async def lived() -> None:
        held = Held()
        app = Turns(held, settings=LIMITS)
        held.go_on.set()
        half = {"type": "http.request", "body": b"ha", "more_body": True}
        dripping = asyncio.create_task(asked(app, scope("/drip", "POST", length=4), half))
        await settled()
        assert await asked(app, scope("/whole", "POST", length=length), WHOLE) == 200
        dripping.cancel()

    alone(lived())
