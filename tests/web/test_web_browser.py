"""The pages in a real browser: nothing to complain about, nothing fetched from elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")


BROWSERS_OWN = re.compile(r"(^|\.)(google\.com|googleapis\.com|gvt1\.com)$")
"""Where the browser itself would like to ask; the resolver rules let nothing out of this machine."""


class Seen:
    """A page as the browser left it: its document, its complaints, the hosts it asked for anything."""

    def __init__(self, address: str, folder: Path) -> None:
        log = folder / "net.json"
        done = subprocess.run(
            [
                *(BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"),
                *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
                *("--lang=en", "--virtual-time-budget=8000", f"--user-data-dir={folder / 'profile'}"),
                *("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", f"--log-net-log={log}"),
                *("--dump-dom", address),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        self.document = done.stdout
        self.complaints = re.findall(r"CONSOLE[^\]]*\] (.*)", done.stderr)
        asked = {urlsplit(url).hostname or "" for url in re.findall(r'"url":"(http[^"]*)"', log.read_text())}
        self.hosts = {host for host in asked if not BROWSERS_OWN.search(host)}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "Where things stand"),
        ("/?as_of=2025-10-02&lang=zh", "总体情况"),
        ("/targets/ilstc-volume-2025", "Plan and actual"),
        ("/indicators/ilstc-volume", "Release calendar"),
        ("/api/docs", "The figures of an indicator"),
    ],
)
def test_a_page_is_shown_without_a_complaint_and_without_asking_anybody_else(real, tmp_path, path, shown):
    seen = Seen(real.client.address + path, tmp_path)
    assert shown in seen.document
    assert seen.complaints == []
    assert seen.hosts == {"127.0.0.1"}


def test_a_page_that_asks_somebody_else_or_fails_would_be_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><img src="https://example.org/picture.png"><script>undefined.nothing</script>', encoding="utf-8"
    )
    seen = Seen(page.as_uri(), tmp_path)
    assert seen.hosts == {"example.org"}
    assert "TypeError" in " ".join(seen.complaints)
