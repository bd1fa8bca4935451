"""One page of the browser that all tests share, led by expressions; what it complains of and asks for is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Error, Page, ViewportSize

PATIENCE_SECONDS = 60
SIZE: ViewportSize = {"width": 1920, "height": 1080}
SMALL: ViewportSize = {"width": 640, "height": 480}


class Chromium:
    """One page of a browser, 1920 by 1080."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.loads = 0
        self.asked: set[str] = set()
        self._complaints: list[str] = []
        self._told = page.context.new_cdp_session(page)
        self._told.send("Network.enable")
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self._heard: dict[str, Callable[[Any], None]] = {
            "load": lambda _page: self._count(),
            "request": lambda asked: self.asked.add(asked.url),
            "console": lambda said: self._complaints.append(f"{said.type}: {said.text}"),
            "pageerror": lambda error: self._complaints.append(str(error)),
        }
        for event, hear in self._heard.items():
            page.on(event, hear)  # type: ignore[call-overload]

    def call(self, method: str, **values: Any) -> Any:
        """Ask the browser for something and return its answer."""
        return self._told.send(method, values)

    def open(self, address: str) -> None:
        """Open a page and wait until it is there."""
        self.page.goto(address)

    def eval(self, expression: str) -> Any:
        """Return what the page makes of an expression."""
        done = self._evaluated(expression)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until the page finds an expression true; while there is another page on the way it is not."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                done = self._evaluated(expression)
            except Error as error:
                done = {"exceptionDetails": str(error)}
            if "exceptionDetails" not in done and done["result"].get("value"):
                return
            assert time.monotonic() < end, f"never true: {expression}, but {done}"
            self.page.wait_for_timeout(50)

    def loaded(self, before: int) -> None:
        """Wait for a page after so many."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.loads == before:
            assert time.monotonic() < end, "no other page came"
            self.page.wait_for_timeout(20)

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def cut(self, *, off: bool) -> None:
        """Cut the line, or mend it."""
        self.page.context.set_offline(off)

    @property
    def complaints(self) -> list[str]:
        """Return every word of the page to its console, and every error."""
        self.eval("1")  # what has been said until now is heard
        return list(self._complaints)

    def leave(self) -> None:
        """Leave the page to others as a new one would be: what was set by `call` goes with the session that set it."""
        self.cut(off=False)
        with suppress(Error):  # a page that never came has no store
            self.page.evaluate("(localStorage.clear(), sessionStorage.clear())")
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)
        self._told.detach()
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        for size in (SMALL, SIZE):  # what it believes to be the size already it does not set
            self.page.set_viewport_size(size)

    def _evaluated(self, expression: str) -> Any:
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)

    def _count(self) -> None:
        self.loads += 1
