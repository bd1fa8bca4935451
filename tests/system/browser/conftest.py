"""A real Chromium in front of the real service: what a person sees and does, and that nothing leaves the host."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize

import real_service
from targetwatch.model import Role
from targetwatch.service.app import App, build
from targetwatch.settings import Settings
from targetwatch.store import accounts, db, keys
from targetwatch.store.maintenance import backup

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
SIZES: dict[str, ViewportSize] = {
    "wall": {"width": 1920, "height": 1080},
    "desk": {"width": 1366, "height": 768},
    "phone": {"width": 390, "height": 844},
}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
PASSWORD = "correct horse battery"
PATIENCE_MS = 20_000
PICTURE: ViewportSize = {"width": 1280, "height": 860}
SETTLED = """
    const isEnding = (one) => Number.isFinite(one.effect.getComputedTiming().endTime) && one.playState === "running";
    const fading = () => document.getAnimations().filter(isEnding);
    const isAsking = () => document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added");
    do {
      await Promise.all(fading().map((one) => one.finished.catch(() => null)));
      await new Promise((done) => setTimeout(done, 50));
    } while (isAsking() || fading().length);
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", default="", help="Directory in which the guide's pictures are renewed")


@dataclass
class Seat:
    """Somebody in front of one page: their clicks are counted, and the page may neither complain nor ask elsewhere."""

    page: Page
    address: str
    language: str
    pictures: Path | None = None
    clicks: int = 0
    keys: int = 0
    expected: set[int] = field(default_factory=set)
    """The answers at fault that belong to the test; the browser complains of each, soon or late."""
    complaints: list[str] = field(default_factory=list)
    abroad: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self._heard: dict[str, Callable[[Any], None]] = {
            "console": lambda said: self.complaints.append(said.text) if said.type == "error" else None,
            "pageerror": lambda error: self.complaints.append(str(error)),
            "request": lambda asked: self._note(asked.url),
        }
        for event, hear in self._heard.items():
            self.page.on(event, hear)  # type: ignore[call-overload]

    def go(self, path: str) -> None:
        """Open one of the site's pages."""
        self.page.goto(self.address + path)

    def click(self, what: Locator) -> None:
        """Click, as a person does: once, on something that can be seen; and wait for all of the page it leads to."""
        self.clicks += 1
        what.click()
        self.page.wait_for_load_state("load")

    def type(self, where: Locator, text: str) -> None:
        """Type into a field, a click to get there included."""
        self.clicks += 1
        self.keys += len(text)
        where.fill(text)

    def picture(self, name: str) -> None:
        """Renew a picture of the guide, when that is what the run is for."""
        if self.pictures is None:
            return
        self.pictures.mkdir(parents=True, exist_ok=True)
        with self.sized(PICTURE):
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=self.pictures / f"{name}.{self.language}.png", animations="disabled")

    def settle(self) -> None:
        """Wait until what was asked for has come and faded in: half of it has too little contrast."""
        self.page.evaluate(f"async () => {{ {SETTLED} }}")

    @contextmanager
    def sized(self, size: ViewportSize) -> Iterator[None]:
        """Sit before another screen for a while."""
        own = self.page.viewport_size
        assert own is not None
        self.page.set_viewport_size(size)
        yield
        self.page.set_viewport_size(own)

    def everywhere(self) -> Iterator[str]:
        """Sit before each of the screens in turn."""
        own = self.page.viewport_size
        assert own is not None
        for name, size in SIZES.items():
            self.page.set_viewport_size(size)
            yield name
        self.page.set_viewport_size(own)

    def check(self) -> None:
        """Find nothing that keeps somebody out, and nothing wider than the screen at any size.

        axe's rules ask for elements, roles, names, colours and what is scrolled: these are the same in Chinese but for
        the language that the page says and the words, each of which has a translation. So a page is looked at by them
        in English; in Chinese those are that have a frame of their own (`test_accessible`).
        """
        if self.language == "en":
            self.check_rules()
        self.settle()
        for size in self.everywhere():
            width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, f"{self.page.url}: {width} px wider than the {size}"

    def check_rules(self) -> None:
        """Find nothing that keeps somebody out at this size."""
        self._find("{}")

    def check_dark(self) -> None:
        """Find nothing that cannot be read in the dark; all else is as it is in the light."""
        self.page.emulate_media(color_scheme="dark")
        self._find("{runOnly: ['color-contrast']}")
        self.page.emulate_media(color_scheme="light")

    def _find(self, options: str) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(f"() => {{ {AXE} }}")
        run = f"(await axe.run(document, {{resultTypes: ['violations'], preload: false, ...{options}}})).violations"
        self.settle()
        found = self.page.evaluate(f"async () => {run}")
        wrong = [f"{one['id']}: {node['target']}: {node['failureSummary']}" for one in found for node in one["nodes"]]
        assert wrong == [], f"{self.page.url}\n" + "\n".join(wrong)

    def leave(self) -> None:
        """Leave the page to others as a new one would be; what it has said until now is heard."""
        self.page.evaluate("(localStorage.clear(), sessionStorage.clear())")
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.page.context.clear_permissions()

    def is_content(self) -> None:
        """Find that the page asked nobody else and complained of nothing."""
        assert self.abroad == []
        forgiven = (*real_service.REPLACED, *(f"responded with a status of {code} " for code in self.expected))
        assert [said for said in self.complaints if not any(one in said for one in forgiven)] == []

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "about:", "blob:")):
            self.abroad.append(url)


@dataclass
class Site:
    """The service on a database of its own, over the real configuration and figures."""

    app: App
    address: str

    def session(self, role: Role, name: str) -> str:
        """Open an account and return the secret of a browser that is signed in to it."""
        now = datetime.now(UTC)
        with db.writing(self.app.engine, "test", now=now) as session:
            if name not in {user.name for user in accounts.load(session)}:
                accounts.add(session, name, PASSWORD, role=role, title=name.title(), now=now)
            return keys.begin(session, name, now=now, lifetime=timedelta(hours=2))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date | None], Path]:
    """Make the real figures, once for each day: those published by the end of it, or all of them."""
    made: dict[date | None, Path] = {}

    def of(until: date | None) -> Path:
        if until not in made:
            folder = tmp_path_factory.mktemp("browser")
            shutil.copytree(real_service.CONFIG, folder / "config")
            for file in (folder / "config" / "readings").glob("*.csv"):
                _keep_until(file, until)
            engine = real_service.prepare(folder / "live.db", config=folder / "config")
            made[until] = backup(engine, folder / "real.db")
            engine.dispose()
        return made[until]

    return of


@pytest.fixture
def until() -> date | None:
    """Return the day whose knowledge the site has; a test that enters a figure says a day before it was published."""
    return None


@contextmanager
def opened(file: Path, folder: Path) -> Iterator[Site]:
    """Serve a copy of a database; what is changed in it, the next who opens the file does not see."""
    own = folder / "site.db"
    shutil.copy(file, own)
    app = build(Settings(database_url=f"sqlite:///{own}", config_dir=real_service.CONFIG))
    app.refresh()
    with real_service.served(app.web) as address:
        yield Site(app, address)
    app.stop()


@pytest.fixture
def site(tmp_path: Path, databases: Callable[[date | None], Path], until: date | None) -> Iterator[Site]:
    with opened(databases(until), tmp_path) as one:
        yield one


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory, databases: Callable[[date | None], Path]) -> Iterator[Site]:
    """A site for all tests of a module, each of which leaves it as it was or reads only."""
    with opened(databases(None), tmp_path_factory.mktemp("shared")) as one:
        yield one


@pytest.fixture(scope="session")
def left() -> dict[str, list[Page]]:
    """Pages that tests have left, by language: to begin a profile costs as much as to open five pages in it."""
    return {language: [] for language in LOCALES}


@pytest.fixture
def sit(
    request: pytest.FixtureRequest, chromium: Browser, site: Site, left: dict[str, list[Page]]
) -> Iterator[Callable[..., Seat]]:
    """Sit down in front of the site: in a language, at a size, signed in or not; what went wrong is told at the end."""
    seats: list[Seat] = []
    pictures = request.config.getoption("--pictures")

    def down(language: str = "en", size: str = "wall", *, role: Role | None = None, name: str = "sun") -> Seat:
        page = left[language].pop() if left[language] else _opened(chromium, LOCALES[language])
        page.set_viewport_size(SIZES[size])
        if role is not None:
            cookie = {"name": "targetwatch_session", "value": site.session(role, name), "url": site.address}
            page.context.add_cookies([cookie])
        seats.append(Seat(page, site.address, language, Path(pictures) if pictures else None))
        return seats[-1]

    yield down
    for seat in seats:
        seat.leave()
    for seat in seats:
        seat.is_content()
        left[seat.language].append(seat.page)


def _opened(chromium: Browser, locale: str) -> Page:
    """Open a page for somebody who wants nothing to move, which would be waited for after every click."""
    spoken = {"locale": locale, "extra_http_headers": {"accept-language": locale}}
    return chromium.new_context(**spoken, reduced_motion="reduce").new_page()


def _keep_until(file: Path, until: date | None) -> None:
    with file.open(encoding="utf-8", newline="") as given:
        rows = list(csv.DictReader(given))
    with file.open("w", encoding="utf-8", newline="") as kept:
        writer = csv.DictWriter(kept, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if until is None or row["published_on"] <= until.isoformat())
