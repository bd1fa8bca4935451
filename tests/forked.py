"""Programs of ours, started as forks of one that has imported all they take.

To start Python and to import is most of the work of a program that a test starts, asks a little and kills. What is
started here is a process as any other, with its own environment, limits, output, signals and end; only its start is not
that of a person, which is tried where whole stacks are (`system/test_demo`, `system/grafana/test_stack`).
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any

IMPORTED = "targetwatch.cli.serve", "targetwatch.service.app", "targetwatch.service.server"
MOST_BYTES = 1 << 20
POLLS_EVERY_SECONDS = 0.01


class Program:
    """A program that was started, told and asked as `subprocess.Popen` is; its output is text."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] = os.environ,
        cwd: Path | str = ".",
        stdout: IO[Any] | int = 1,
        stderr: IO[Any] | int = 2,
    ) -> None:
        assert command[0] == sys.executable
        self.returncode: int | None = None
        self.stdout: IO[str] | None = None
        ends: tuple[int, int] | None = os.pipe() if stdout == subprocess.PIPE else None
        out = ends[1] if ends else _number(stdout)
        said = {
            "words": list(command[1:]),
            "environment": dict(env),
            "folder": str(Path(cwd).resolve()),
            "limits": resource.getrlimit(resource.RLIMIT_NOFILE),
        }
        self.pid: int = _SERVER.ask(said, out, _number(stderr))
        if ends:
            os.close(ends[1])
            self.stdout = os.fdopen(ends[0], encoding="utf-8")

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        if self.returncode is None:
            self.returncode = _SERVER.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, at most so many seconds."""
        until = None if timeout is None else time.monotonic() + timeout
        while (ended := self.poll()) is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(POLLS_EVERY_SECONDS)
        return ended

    def send_signal(self, number: int) -> None:
        """Send it a signal; nothing where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class _Server:
    """The one that is forked, started when it is first asked, and the way to it."""

    def __init__(self) -> None:
        self._way: socket.socket | None = None
        self._turn = threading.Lock()

    def ask(self, said: Mapping[str, object], *numbers: int) -> Any:
        with self._turn:
            way = self._way = self._way or self._start()
            socket.send_fds(way, [json.dumps(said).encode()], list(numbers))
            answer = way.recv(MOST_BYTES)
        assert answer, "what programs are forked from has ended"
        return json.loads(answer)

    def _start(self) -> socket.socket:
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, str(Path(__file__)), str(there.fileno())]
        process = subprocess.Popen(command, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL, start_new_session=True)
        there.close()

        def end() -> None:
            here.close()
            process.wait(10)

        atexit.register(end)
        return here


_SERVER = _Server()


def _number(file: IO[Any] | int) -> int:
    return file if isinstance(file, int) else file.fileno()


# --- in the process that is forked ------------------------------------------------------------------------------------


def _serve(way: socket.socket) -> None:
    """Fork whatever is asked for, and say how it ended, until nobody can ask any more."""
    ended = dict[int, int | None]()
    while True:
        said, numbers, *_ = socket.recv_fds(way, MOST_BYTES, 2)
        if not said:
            break
        asked = json.loads(said)
        if "ended" in asked:
            answer = ended[asked["ended"]] = _status(asked["ended"], ended)
        else:
            answer = os.fork()
            if answer == 0:
                way.close()
                resource.setrlimit(resource.RLIMIT_NOFILE, tuple(asked["limits"]))
                _become(asked["words"], asked["environment"], asked["folder"], numbers)
            ended[answer] = None
            for number in numbers:
                os.close(number)
        way.send(json.dumps(answer).encode())
    for pid, status in ended.items():
        if status is None:
            os.kill(pid, signal.SIGKILL)


def _status(pid: int, ended: Mapping[int, int | None]) -> int | None:
    """Return how a program ended, whoever has asked before; None while it runs."""
    if ended[pid] is not None:
        return ended[pid]
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _become(words: list[str], environment: dict[str, str], folder: str, numbers: list[int]) -> None:
    """Go on as if Python had been started with these words."""
    for place, number in enumerate(numbers, 1):
        os.dup2(number, place)
        os.close(number)
    os.chdir(folder)
    sys.path[0] = folder if words[0] in {"-m", "-c"} else str(Path(words[0]).parent)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    status = 0
    try:
        if words[0] == "-m":
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        elif words[0] == "-c":
            sys.argv = ["-c", *words[2:]]
            exec(words[1], {"__name__": "__main__"})
        else:
            sys.argv = words
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        if isinstance(left.code, str):
            sys.stderr.write(f"{left.code}\n")
    except BaseException:  # noqa: BLE001 - as Python itself ends on whatever it is
        traceback.print_exc()
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _way:
        for name in IMPORTED:
            import_module(name)
        import_module("targetwatch.evaluation.forecast").load()
        _serve(_way)
