"""The real indicators, and one sentence read with them."""

from __future__ import annotations

from datetime import date

import pytest
from press_quotes import indicators

from targetwatch.press import Proposal, read

PUBLISHED = date(2025, 12, 9)
TODAY = date(2026, 1, 31)


@pytest.fixture(scope="session")
def proposed():
    def proposed(text: str, *, published: date | None = PUBLISHED, **options) -> tuple[Proposal, ...]:
        return read(text, indicators(), published_on=published, today=TODAY, **options)

    return proposed


@pytest.fixture(scope="session")
def first(proposed):
    def first(text: str, **options) -> Proposal:
        (found, *_) = proposed(text, **options)
        return found

    return first
