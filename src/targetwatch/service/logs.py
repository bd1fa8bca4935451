"""What the service logs: a line for each problem, as text or as JSON, with the request it belongs to.

What was foreseen (a database that is away, say) is a sentence; a traceback is for a fault of the program.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from targetwatch.errors import TargetwatchError
from targetwatch.web.headers import REQUEST_ID
from targetwatch.wording.problems import in_english

NOISY = ("apscheduler", "alembic", "urllib3")
MINUTE_SECONDS = 60
LINES_A_MINUTE = 20
KINDS_KEPT = 1000


def begin(*, json: bool, verbose: bool) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if json else TextLine())
    handler.addFilter(_is_ours)
    handler.addFilter(Repeated())
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.DEBUG if verbose else logging.WARNING)


class TextLine(logging.Formatter):
    """Text: what goes beyond the first line is indented, so that nobody's words can pass for a line of their own."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        message, traceback = _said(record)
        request = f" [{REQUEST_ID.get()}]" if REQUEST_ID.get() else ""
        at = self.formatTime(record)
        said = f"{at} {record.levelname} {record.name}: {message}{request}\n{traceback}"
        return said.rstrip("\n").replace("\n", "\n    ")


class JsonLine(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        message, traceback = _said(record)
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            "request_id": REQUEST_ID.get(),
            "traceback": traceback,
        }
        return json.dumps({name: value for name, value in said.items() if value}, ensure_ascii=False)


class Repeated(logging.Filter):
    """Lets few lines of a kind pass in a minute, from warnings up, and says with the next how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}
        """Since when lines of a kind are counted, and how many there were."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is to be written."""
        if record.levelno < logging.WARNING:
            return True
        kind = record.name, str(record.msg)
        since, count = self._kinds.get(kind, (record.created, 0))
        if abs(record.created - since) > MINUTE_SECONDS:
            if left_out := max(count - LINES_A_MINUTE, 0):
                record.msg, record.args = f"{record.getMessage()} ({left_out} more of these were left out)", ()
            since, count = record.created, 0
        if len(self._kinds) >= KINDS_KEPT:
            self._kinds.clear()
        self._kinds[kind] = since, count + 1
        return count < LINES_A_MINUTE


def _said(record: logging.LogRecord) -> tuple[str, str]:
    """Return what a record says, and the traceback of a fault."""
    if isinstance(record.args, tuple):
        record.args = tuple(in_english(one) if isinstance(one, TargetwatchError) else one for one in record.args)
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, TargetwatchError):
        return f"{record.getMessage()}: {in_english(error)}", ""
    return record.getMessage(), logging.Formatter().formatException(
        record.exc_info
    ) if record.exc_info and error else ""


def _is_ours(record: logging.LogRecord) -> bool:
    """Return whether a record is no repetition: what no handler foresaw was logged with its address already."""
    return not (record.name == "uvicorn.error" and record.msg.startswith("Exception in ASGI application"))
