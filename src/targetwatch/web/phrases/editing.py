"""Editing a target and making a new one."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {}
