"""What every test may rely on: the builders on the import path, the same examples on every machine, a browser."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import sqlalchemy

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TESTS = Path(__file__).parent
PROGRAMS = frozenset({"chromium", "postgresql", "prometheus"})
"""The fixtures that start one."""
JOBS = "source ", "look", "mails", "replay"
"""How the threads are named that a service starts for what is due."""
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

import reading_process  # noqa: E402 - it is on the path only now
from targetwatch.documents import confined  # noqa: E402

hypothesis.settings.register_profile("same", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis.settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer what takes long: `make thorough`."""
    parser.addoption("--thorough", action="store_true", help="kill at every point there is, not at a few of them")


@pytest.fixture(scope="session")
def some(request: pytest.FixtureRequest) -> Callable[..., list[Any]]:
    """Take a few of many cases, others with every seed; all of them when the suite is to be thorough."""

    def take(cases: Sequence[Any], count: int) -> list[Any]:
        if request.config.getoption("--thorough"):
            return list(cases)
        return [cases[place] for place in sorted(random.sample(range(len(cases)), count))]

    return take


def pytest_configure(config: pytest.Config) -> None:
    """Compile messages that were changed since they were compiled last."""
    root = Path(__file__).parents[1]
    catalogues = (root / "src/targetwatch/wording/locale").glob("*/LC_MESSAGES/*.po")
    compiled = {path: path.with_suffix(".mo") for path in catalogues}
    stale = any(not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime for po, mo in compiled.items())
    if stale and not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, "hatch_build.py"], cwd=root, check=True)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Let all engines of a kind share what they compile: most tests have one of their own, for queries all have asked.

    What was compiled is found again by its dialect, so that is shared too, once it has seen a connection.
    """
    create, first = sqlalchemy.create_engine, dict[str, sqlalchemy.Engine]()

    def sharing(*said: Any, **more: Any) -> sqlalchemy.Engine:
        engine = create(*said, **{"query_cache_size": 5_000, **more})
        known = first.setdefault(engine.dialect.name, engine)
        if known.dialect.server_version_info is not None:
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlalchemy, "create_engine", sharing)
        yield


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """Wait for a past day as long as it takes: the machine may be busy with other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("targetwatch.service.past_days.WITHIN_SECONDS", 120)
        yield


@pytest.fixture(scope="session", autouse=True)
def read_at_once() -> Iterator[None]:
    """Read documents without starting Python for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confined, "subprocess", reading_process)
        yield


@pytest.fixture(autouse=True)
def nothing_goes_on() -> Iterator[None]:
    """Wait for jobs that a service began before it was stopped: they would meet what the next test replaces."""
    yield
    for thread in threading.enumerate():
        if thread.name.startswith(JOBS):
            thread.join(timeout=10)


@pytest.fixture
def confined_as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read documents in just the process that the service starts: for what its limits are."""
    monkeypatch.setattr(confined, "subprocess", subprocess)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start a browser that can reach nothing but this machine."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need none

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "Chromium is needed: make packages installs it"
    alone = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", alone])
        yield browser
        browser.close()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs a program beside this one, and the goldens, which look at everything there is."""
    if _needs_a_program(item):
        item.add_marker(pytest.mark.system)
    if item.path.is_relative_to(TESTS / "golden"):
        item.add_marker(pytest.mark.slow)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest files, then those in which something is slow: no worker ends with one alone."""
    if not config.getoption("--thorough"):
        left = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    longest = {path for path in slow if path.is_relative_to(TESTS / "system") or path.is_relative_to(TESTS / "golden")}
    items.sort(key=lambda item: (item.path not in longest, item.path not in slow))


def _needs_a_program(item: pytest.Item) -> bool:
    if item.path.is_relative_to(TESTS / "system"):
        return True
    fixtures, case = getattr(item, "fixturenames", ()), getattr(item, "callspec", None)
    return not PROGRAMS.isdisjoint(fixtures) or (case is not None and str(case.params.get("kind")) == "postgresql")
