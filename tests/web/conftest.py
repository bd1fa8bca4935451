"""The real figures once for all, and a small database for whoever changes something."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from chromium import SIZE, Chromium
from playwright.sync_api import Browser
from playwright.sync_api import Page as OpenPage
from web_stage import Client, Page, Simulated, Stage, fill_with_real_figures, prepare

from builders import indicator, target
from targetwatch.model import Catalogue, Publisher, Text
from targetwatch.store import accounts

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hash passwords cheaply: what a hash costs is tested where it is made (tests/store/test_people.py)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        patch.setattr(accounts, "NOBODYS", accounts.HASHER.hash("nobody's"))
        yield


@pytest.fixture(autouse=True)
def judged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where the judgement after something written failed, which no page shows; a test that means it clears it."""
    yield
    failed = [said for said in caplog.get_records("call") if said.name == "targetwatch.web.running"]
    assert [said.getMessage() for said in failed] == []


@pytest.fixture(scope="session")
def real_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("web") / "real.db"
    fill_with_real_figures(file)
    return file


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("web") / "empty.db"
    prepare(file)
    return file


@pytest.fixture(scope="session")
def real(real_file: Path) -> Iterator[Stage]:
    """The service over the real figures on 25 November 2026. Only for tests that write nothing."""
    stage = Stage(real_file, TODAY)
    stage.refresh()
    yield stage
    stage.close()


@pytest.fixture
def client(real: Stage) -> Client:
    return real.client


@pytest.fixture
def page(client: Client) -> Callable[..., Page]:
    """Fetch a page, which has to be there and well-formed."""

    def fetch(path: str, language: str = "en") -> Page:
        answer = client.get(path, headers={"accept-language": language})
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    return fetch


@pytest.fixture(scope="session")
def left(chromium: Browser) -> OpenPage:
    """The page that tests leave to each other: to begin a profile costs as much as to open five pages in it."""
    return chromium.new_context(viewport=SIZE).new_page()


@pytest.fixture
def browser(left: OpenPage) -> Iterator[Chromium]:
    """A page of a browser, as new."""
    one = Chromium(left)
    yield one
    one.leave()


@pytest.fixture
def stage(tmp_path: Path, empty_file: Path) -> Iterator[Callable[..., Stage]]:
    """Make a service on an empty database of its own."""
    made: list[Stage] = []

    def make(today: date = date(2025, 10, 2), simulation: Simulated | None = None, **said: object) -> Stage:
        file = tmp_path / f"own-{len(made)}.db"
        shutil.copy(empty_file, file)
        made.append(Stage(file, today, simulation=simulation, said=said))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def cargo(stage: Callable[..., Stage]) -> Stage:
    """One target on an indicator without a figure, and the office that publishes it."""
    office = Publisher(id="statistics-office", title=Text("Statistics Office", "统计局"))
    one = stage()
    one.configure(Catalogue(publishers=(office,), indicators=(indicator(),), targets=(target(),)))
    one.refresh()
    return one
