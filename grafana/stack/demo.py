"""A year lived again in a quarter of an hour: the wall in the browser, the mails in an inbox. `make demo`.

Nothing else is needed: no Prometheus, no Alertmanager, no mail server. The database is thrown away in the end.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from grafana.stack import mailpage
from grafana.stack.mailbox import Mailbox, free_port
from grafana.stack.mailbox import serve as catch_mail
from grafana.stack.programs import Program, ProgramError

HOST = "127.0.0.1"
YEAR, DAY = "2025-01-31..2026-03-15", "1.9s"
"""From a week before the promises to when the last of them was decided: 409 days, 13 minutes."""


def main() -> int:
    """Live the year until told to end; return the exit code."""
    asked = _arguments()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="targetwatch-demo-")))
        try:
            service = start(stack, folder, asked)
        except (ProgramError, OSError) as error:
            print(error, file=sys.stderr)
            return 1
        while not ended.wait(1):
            if not service.running:
                print(f"targetwatch: ended by itself\n{service.log.read_text(errors='replace')}", file=sys.stderr)
                return 1
    print("ended")
    return 0


def start(stack: ExitStack, folder: Path, asked: argparse.Namespace) -> Program:
    """Start inbox and service, each to be ended by `stack`; print where to look."""
    port = asked.port or free_port(HOST)
    pages = f"http://{HOST}:{port}"
    environment = {
        **os.environ,
        "TARGETWATCH_DATABASE_URL": f"sqlite:///{folder}/demo.db",
        "TARGETWATCH_EXTERNAL_URL": pages,
    }
    mailbox = Mailbox()
    controller = catch_mail(mailbox, host=HOST)
    stack.callback(controller.stop)
    inbox = mailpage.serve(mailbox, host=HOST, port=asked.inbox_port)
    stack.callback(inbox.server_close)
    stack.callback(inbox.shutdown)
    print("reading the published figures ...", flush=True)
    for step in (["db", "upgrade"], ["apply"], ["ingest"]):
        command = [sys.executable, "-m", "targetwatch", *step]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603
        if done.returncode:
            raise ProgramError(f"targetwatch {' '.join(step)}: failed\n{done.stderr or done.stdout}".rstrip())
    sink = f"smtp://{HOST}:{controller.port}"
    serve = ["serve", "--port", str(port), "--replay", asked.replay, "--day", asked.day, "--mail-sink", sink]
    service = Program(
        command=[sys.executable, "-m", "targetwatch", *serve],
        log=folder / "targetwatch.log",
        ready_url=f"{pages}/-/ready",
        environment=environment,
    )
    stack.enter_context(service)
    print(f"living {asked.replay} again, {asked.day} a day\n")
    for name, address in (
        ("the wall", f"{pages}/wall"),
        ("the pages", pages),
        ("the inbox", f"http://{HOST}:{inbox.server_port}"),
    ):
        print(f"{name:10} {address}")
    print("\nThe first mail comes within three minutes. Ctrl-C ends it all.", flush=True)
    return service


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m grafana.stack.demo",
        description="Lives 2025 again: the wall in the browser, the mails in an inbox; nothing is sent or kept.",
        epilog="Example: python -m grafana.stack.demo --day 0.5s --port 9900",
    )
    parser.add_argument("--port", type=int, default=9877, help="of the pages (9877; 0: any free one)")
    parser.add_argument("--inbox-port", type=int, default=8025, help="of the inbox (8025; 0: any free one)")
    parser.add_argument("--replay", default=YEAR, metavar="FIRST..LAST", help=f"the days lived again ({YEAR})")
    parser.add_argument("--day", default=DAY, help=f"how long one takes ({DAY})")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
