"""A large document is read by the real service while it goes on answering: the small sibling of the benchmark."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "service"))

import large_document

MOST_MEGABYTES = 300


@pytest.mark.system
def test_a_document_of_many_rows_is_read_while_every_scrape_is_answered() -> None:
    found = large_document.measure(6_000)
    assert (found.outcome, found.new) == ("ok", 6_000)
    assert found.scrapes
    assert found.peak - found.idle < MOST_MEGABYTES
