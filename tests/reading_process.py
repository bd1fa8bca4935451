"""Reads documents in a process of their own as the program does, forked from one that has imported all it takes.

To start Python and to import takes forty times as long as to read what most tests read.
"""

from __future__ import annotations

import io
import multiprocessing
import subprocess
import sys
import traceback
from multiprocessing.connection import Connection
from subprocess import TimeoutExpired
from typing import Any

from targetwatch.documents import confined

__all__ = ["TimeoutExpired", "run"]

FORMATS = ("article", "html", "pdf", "sdmx", "workbook", "xml")
ENDS_SECONDS = 60
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload([__name__, *(f"targetwatch.documents.formats.{one}" for one in FORMATS)])


def run(command: list[str], *, input: bytes, timeout: float, **_: Any) -> subprocess.CompletedProcess[bytes]:  # noqa: A002 - as subprocess.run calls it
    """Answer as `subprocess.run` does for the one command that reading a document starts."""
    assert command[1:] == ["-I", "-m", confined.__name__]
    here, there = _FORKED.Pipe()
    child = _FORKED.Process(target=_main, args=(there,))
    child.start()
    there.close()
    try:
        here.send_bytes(input)
        if not here.poll(timeout):
            child.kill()
            raise TimeoutExpired(command, timeout)
        out, err = here.recv_bytes(), here.recv_bytes()
    except (EOFError, OSError):  # it was stopped
        out, err = b"", b""
    finally:
        here.close()
        child.join(ENDS_SECONDS)
    return subprocess.CompletedProcess(command, child.exitcode or 0, out, err)


def _main(pipe: Connection) -> None:
    sys.stdin = io.TextIOWrapper(io.BytesIO(pipe.recv_bytes()), encoding="utf-8")
    out, err, failed = io.StringIO(), "", False
    sys.stdout = out
    try:
        confined.main()
    except BaseException:  # noqa: BLE001 - as Python itself ends on whatever it is
        err, failed = traceback.format_exc(), True
    pipe.send_bytes(out.getvalue().encode())
    pipe.send_bytes(err.encode())
    sys.exit(failed)
