"""What the mail catcher caught, as a page: a list, and each mail as its reader would see it."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grafana.stack.mailbox import Mail, Mailbox

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Inbox ({count})</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
<style>body{{font:16px/1.5 sans-serif;max-width:70em;margin:1em auto;padding:0 1em;color:#16202a}}
table{{border-collapse:collapse;width:100%}}
td,th{{padding:.4em 1em .4em 0;text-align:left;border-top:1px solid #dde3e8}}
td:first-child,td:last-child{{white-space:nowrap;color:#4a5763}}</style></head><body>
<h1>{count} mails caught, none delivered</h1>
<table><tr><th>Day</th><th>Subject</th><th>To</th></tr>{rows}</table></body></html>"""


def serve(mailbox: Mailbox, *, host: str = "127.0.0.1", port: int = 0) -> ThreadingHTTPServer:
    """Start showing the mails in a thread; `shutdown()` and `server_close()` it in the end."""

    class Handler(BaseHTTPRequestHandler):
        """Answers / with the list and /NUMBER with a mail."""

        def do_GET(self) -> None:
            page = show(mailbox, self.path)
            body = (page or "no such mail").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing: this is a look, not a server."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def show(mailbox: Mailbox, path: str) -> str | None:
    """Return the page of an address; None where there is none."""
    mails = list(mailbox.mails)
    name = path.strip("/")
    if not name:
        return PAGE.format(
            count=len(mails), rows="".join(_row(number, mail) for number, mail in reversed(list(enumerate(mails, 1))))
        )
    if not name.isdigit() or not 1 <= int(name) <= len(mails):
        return None
    mail = mails[int(name) - 1]
    return mail.html or f"<!DOCTYPE html><title>{html.escape(mail.subject)}</title><pre>{html.escape(mail.text)}</pre>"


def _row(number: int, mail: Mail) -> str:
    day, to = mail.day or "", html.escape(", ".join(mail.to))
    return f'<tr><td>{day}</td><td><a href="/{number}">{html.escape(mail.subject)}</a></td><td>{to}</td></tr>'
