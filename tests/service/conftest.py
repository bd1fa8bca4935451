"""The databases of these tests."""

from __future__ import annotations

from store.conftest import postgresql, prepared_database, prepared_file, server, sqlite

__all__ = ["postgresql", "prepared_database", "prepared_file", "server", "sqlite"]
