"""Whether words speak of what is to come: a plan, a target, a forecast."""

from __future__ import annotations

import re

_AHEAD = re.compile(
    r"有望|预计|力争|目标|计划|将达|争取|规划|预期|拟|见込|要达到|确保"
    r"|\b(?:will|would|expect\w*|aim\w*|target\w*|plan(?:s|ned|ning)?|forecast\w*|projected|striv\w+|goals?|hope\w*|set\sto)\b"
)


def planned(text: str, start: int, end: int) -> bool:
    """Return whether the plain text from `start` to `end` leads up to a figure not yet reached."""
    return _AHEAD.search(text, start, end) is not None
