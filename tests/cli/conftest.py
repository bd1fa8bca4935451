"""A database with the real configuration and the real figures, made once by the commands themselves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from commands import PROJECT, Ran, command, in_one_file
from targetwatch.store import accounts


@pytest.fixture(scope="package", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hash passwords cheaply: what a hash costs is tested where it is made (tests/store/test_people.py)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def real_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded database as `make run` prepares it."""
    file = tmp_path_factory.mktemp("real") / "targetwatch.db"
    for words in (["db", "upgrade"], ["apply"], ["ingest"]):
        done = command(file, *words)
        assert done.status == 0, done.err
    return in_one_file(file)


@pytest.fixture
def run(real_database: Path) -> Callable[..., Ran]:
    """Run a command that only reads, on the shared database."""
    return lambda *words: command(real_database, *words)


@pytest.fixture
def scratch(real_database: Path, tmp_path: Path) -> Callable[..., Ran]:
    """Run commands that write, on a copy of the database of one's own."""
    file = tmp_path / "targetwatch.db"
    shutil.copy(real_database, file)
    return lambda *words, **more: command(file, *words, **more)


@pytest.fixture
def project() -> Path:
    """The project's root."""
    return PROJECT
