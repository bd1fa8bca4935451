"""Pasting a table or dropping a file of figures."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {}
