"""The databases of these tests."""

from __future__ import annotations

from store.conftest import postgresql, prepared_database, server

__all__ = ["postgresql", "prepared_database", "server"]
