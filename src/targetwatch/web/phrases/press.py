"""Reading figures out of a press sentence."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {}
