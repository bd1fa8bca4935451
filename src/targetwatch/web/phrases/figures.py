"""Adding, correcting and withdrawing figures."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {}
