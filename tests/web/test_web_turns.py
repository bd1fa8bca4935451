"""How many requests of a kind are answered at once, and what becomes of those that are too many."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from targetwatch.errors import StoreError
from targetwatch.settings import Settings
from targetwatch.web import headers
from targetwatch.web.app import RequestKind, Turns
from targetwatch.web.headers import Download

LIMITS = Settings(reads_at_once=2, writes_at_once=1, heavy_at_once=1)

WHOLE = {"type": "http.request", "body": b"", "more_body": False}


def scope(path: str, method: str = "GET", query: bytes = b"", length: int = 0) -> dict[str, Any]:
    said = [(b"accept", b"application/json"), (b"content-length", b"%d" % length)]
    return {"type": "http", "method": method, "path": path, "query_string": query, "headers": said}


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


def test_who_takes_a_table_slowly_keeps_no_turn_and_not_for_ever(monkeypatch):
    async def lived() -> None:
        begun, never = asyncio.Event(), asyncio.Event()

        async def table(said: Any, receive: Any, send: Any) -> None:
            await Download(["a,b\n", "1,2\n"], name="table.csv", media_type="text/csv")(said, receive, send)

        async def slow(message: Any) -> None:
            if message["type"] == "http.response.body":
                begun.set()
                await never.wait()

        app = Turns(table, settings=LIMITS)
        monkeypatch.setattr(headers, "TAKEN_SECONDS", 60)
        first = asyncio.create_task(app(scope("/table.csv"), asyncio.Future, slow))
        await begun.wait()
        assert await asked(app, scope("/table.csv")) == 200
        first.cancel()
        monkeypatch.setattr(headers, "TAKEN_SECONDS", 0.05)
        await app(scope("/table.csv"), asyncio.Future, slow)

    alone(lived())


def test_a_table_that_cannot_be_read_to_its_end_is_not_begun():
    def lines():
        yield "a,b\n"
        raise StoreError("hangs", where="database", said="x")

    with pytest.raises(StoreError):
        Download(lines(), name="table.csv", media_type="text/csv")
