"""Signing in, people and their tokens."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {}
