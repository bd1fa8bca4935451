"""What the service logs: a line a problem, as text or JSON, with the request; a traceback for its own faults only."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from targetwatch.errors import StoreError
from targetwatch.service.logs import JsonLine, TextLine, _is_ours
from targetwatch.web.headers import REQUEST_ID

AWAY = StoreError("says", where="database", said="postgresql://db/targets", why="connection refused")


def record(
    message: str, *values: object, error: Exception | None = None, name: str = "targetwatch"
) -> logging.LogRecord:
    try:
        if error is not None:
            raise error
    except Exception:  # noqa: BLE001 - any that a test gives
        return logging.LogRecord(name, logging.ERROR, "", 1, message, values, sys.exc_info())
    return logging.LogRecord(name, logging.ERROR, "", 1, message, values, None)


@pytest.fixture(params=[TextLine(), JsonLine()], ids=["text", "json"])
def form(request: pytest.FixtureRequest) -> logging.Formatter:
    return request.param


def test_what_was_foreseen_is_one_line_that_says_why(form: logging.Formatter):
    said = form.format(record("%s: could not be answered", "/targets", error=AWAY))
    assert "/targets: could not be answered: database 'postgresql://db/targets': connection refused" in said
    assert "Traceback" not in said
    assert "\n" not in said


def test_a_fault_of_the_program_has_its_traceback(form: logging.Formatter):
    said = form.format(record("broke off", error=ZeroDivisionError("by zero")))
    assert "Traceback (most recent call last)" in said
    assert "ZeroDivisionError: by zero" in said


def test_a_line_names_the_request_it_belongs_to(form: logging.Formatter):
    token = REQUEST_ID.set("abc-1")
    try:
        assert "abc-1" in form.format(record("refused"))
    finally:
        REQUEST_ID.reset(token)
    assert "abc-1" not in form.format(record("refused"))


def test_nobodys_words_pass_for_a_line_of_their_own(form: logging.Formatter):
    said = form.format(record("%s: not found", "/x\n2026-11-27 INFO targetwatch: all is well"))
    assert all(line.startswith(("    ", "{")) or number == 0 for number, line in enumerate(said.splitlines()))


def test_json_is_an_object_a_line_with_chinese_as_it_is():
    said = JsonLine().format(record("目标 '%s'", "x"))
    found = json.loads(said)
    assert found.pop("time").endswith("+00:00")
    assert found == {"level": "error", "logger": "targetwatch", "message": "目标 'x'"}
    assert "目标" in said


def test_what_a_handler_has_logged_the_server_does_not_log_again():
    assert not _is_ours(record("Exception in ASGI application\n", name="uvicorn.error"))
    assert _is_ours(record("Shutting down", name="uvicorn.error"))
