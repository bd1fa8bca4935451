"""A real Chromium led over a pipe: what a page computes, complains of and asks for, with the line cut when wanted."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 60


class Chromium:
    """One page of a browser, 1920 by 1080."""

    def __init__(self, process: subprocess.Popen[bytes], write: int, read: int) -> None:
        self._process, self._write, self._read = process, write, read
        self._buffer, self._number = b"", 0
        self.events: list[dict[str, Any]] = []
        self._session = ""
        found = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=found, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=1920, height=1080, deviceScaleFactor=1, mobile=False)

    def call(self, method: str, **values: Any) -> Any:
        """Ask the browser for something and return its answer."""
        self._number += 1
        number = self._number
        said = {"id": number, "method": method, "params": values} | (
            {"sessionId": self._session} if self._session else {}
        )
        os.write(self._write, json.dumps(said).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("id") == number:
                assert "error" not in heard, f"{method}: {heard['error']}"
                return heard["result"]

    def open(self, address: str) -> None:
        """Open a page and wait until it is there."""
        before = len(self.events)
        self.call("Page.navigate", url=address)
        while not any(event["method"] == "Page.loadEventFired" for event in self.events[before:]):
            self._hear()

    def eval(self, expression: str) -> Any:
        """Return what the page makes of an expression."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 20) -> None:
        """Wait until the page finds an expression true."""
        end = time.monotonic() + seconds
        while not self.eval(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.1)

    def press(self, key: str) -> None:
        """Press a key."""
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def cut(self, *, off: bool) -> None:
        """Cut the line, or mend it."""
        self.call(
            "Network.emulateNetworkConditions", offline=off, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )

    def picture(self, file: Path) -> None:
        """Keep what is seen."""
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    @property
    def asked(self) -> set[str]:
        """Return every address asked for."""
        return {
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        }

    @property
    def complaints(self) -> list[str]:
        """Return every error and warning of the page."""
        found = []
        for event in self.events:
            values = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                found.append(json.dumps(values["exceptionDetails"]))
            elif event["method"] == "Runtime.consoleAPICalled" or (
                event["method"] == "Log.entryAdded" and values["entry"]["level"] in {"error", "warning"}
            ):
                found.append(json.dumps(values))
        return found

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], PATIENCE_SECONDS)
            assert ready, f"the browser has said nothing for {PATIENCE_SECONDS} s"
            more = os.read(self._read, 1 << 20)
            assert more, f"the browser has gone: {self._process.poll()}"
            self._buffer += more
        said, self._buffer = self._buffer.split(b"\0", 1)
        heard: dict[str, Any] = json.loads(said)
        if "method" in heard:
            self.events.append(heard)
        return heard


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """Start a browser that can reach nothing but this machine; fails where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "no Chromium on this machine: the wall cannot be tested without one"
    to_browser, write = os.pipe()
    read, from_browser = os.pipe()
    command = (
        *(program, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"),
        *("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe"),
        *(f"--user-data-dir={folder / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
        *("--window-size=1920,1080", "--lang=en", "about:blank"),
    )
    with (folder / "chromium.log").open("wb") as log:
        process = _start(command, to_browser, from_browser, log)
        os.close(to_browser)
        os.close(from_browser)
        try:
            yield Chromium(process, write, read)
        finally:
            os.close(write)
            os.close(read)
            process.terminate()
            process.wait(timeout=PATIENCE_SECONDS)


def _start(command: tuple[str, ...], to_browser: int, from_browser: int, log: Any) -> subprocess.Popen[bytes]:
    """Start a program with the pipe where the browser looks for it: it reads descriptor 3 and writes 4."""
    shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
    return subprocess.Popen(
        ["/bin/bash", "-c", shell, "chromium", *command],
        pass_fds=(to_browser, from_browser),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
