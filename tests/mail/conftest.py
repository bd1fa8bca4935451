"""A database of each kind, as the store's tests have it, and a mail server of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mail.smtp_server import MailServer, certified
from store.conftest import bare, engine, kind, postgresql, prepared_database, prepared_file, sqlite

__all__ = ["bare", "engine", "kind", "postgresql", "prepared_database", "prepared_file", "sqlite"]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a mail server that takes everything until it is told otherwise."""
    with MailServer() as running:
        yield running


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Give a certificate for localhost that nobody vouches for, with its key."""
    return certified(tmp_path / "server.pem")
