"""Lines of the log that repeat: few of a kind in a minute, and how many were left out."""

from __future__ import annotations

import logging

from targetwatch.service.logs import LINES_A_MINUTE, Repeated


def line(level: int, words: str, at: float, *said: object) -> logging.LogRecord:
    made = logging.LogRecord("some", level, "file", 1, words, said, None)
    made.created = at
    return made


def test_few_warnings_of_a_kind_pass_in_a_minute_and_the_next_says_how_many_did_not():
    log = Repeated()
    passed = [log.filter(line(logging.WARNING, "bad request %s", number / 10, number)) for number in range(100)]
    assert passed == [True] * LINES_A_MINUTE + [False] * (100 - LINES_A_MINUTE)
    assert log.filter(line(logging.WARNING, "another", 1))
    later = line(logging.WARNING, "bad request %s", 61, 7)
    assert log.filter(later)
    assert later.getMessage() == f"bad request 7 ({100 - LINES_A_MINUTE} more of these were left out)"
    calm = line(logging.WARNING, "bad request %s", 122, 8)
    assert log.filter(calm)
    assert calm.getMessage() == "bad request 8"


def test_what_is_no_warning_passes_always():
    log = Repeated()
    assert all(log.filter(line(logging.INFO, "source scheduled", 0)) for _ in range(10 * LINES_A_MINUTE))
