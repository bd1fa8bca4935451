"""A PostgreSQL of the session, for the services that several processes are."""

from __future__ import annotations

from store.conftest import postgresql

__all__ = ["postgresql"]
