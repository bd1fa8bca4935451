"""Held readings, sources and the audit trail."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {}
