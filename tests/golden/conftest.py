"""One seeded world per worker, a clock that stands still, and the comparison with the golden files."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import golden_seed
import golden_text
import golden_world
import pytest
from golden_world import World


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-goldens", action="store_true", help="Write the golden files as the outlets are now")


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the worlds are, made by whichever worker comes first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "worlds"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            real = golden_world.make_real(folder / "real")
            golden_seed.seed(real.copy(folder / "seeded"))
            (folder / "made").touch()
    return folder


@pytest.fixture
def real_world(worlds: Path) -> World:
    """The project's own configuration and figures. Only for what reads."""
    return World(worlds / "real")


@pytest.fixture
def world(worlds: Path) -> World:
    """The same with everything else that a service comes to hold. Only for what reads."""
    return World(worlds / "seeded")


@pytest.fixture
def own_world(world: World, tmp_path: Path) -> World:
    """A copy to write in."""
    return world.copy(tmp_path / "world")


@pytest.fixture(autouse=True)
def still(worlds: Path) -> Iterator[None]:
    """Let the clock stand still, once everything is seeded."""
    with golden_world.frozen():
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, golden_text.Text], None]:
    """Compare a text with its golden file, or write the file where that was asked for."""

    def compare(name: str, found: golden_text.Text) -> None:
        file = golden_text.FOLDER / f"{name}.txt"
        if request.config.getoption("--renew-goldens", default=False):
            file.parent.mkdir(exist_ok=True)
            file.write_text(str(found), encoding="utf-8")
            return
        kept = golden_text.read(file.read_text(encoding="utf-8")) if file.exists() else {}
        said = golden_text.difference(name, kept, golden_text.read(str(found)))
        if said:
            pytest.fail(said, pytrace=False)

    return compare
