"""What the mail catcher caught, as a page: a list, and each mail as its reader would see it."""

from __future__ import annotations

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grafana.stack.mailbox import Mail, Mailbox

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Mail caught</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{refresh}
<style>body{{font:16px/1.5 sans-serif;max-width:60em;margin:1em auto;padding:0 1em}}td,th{{padding:.3em 1em .3em 0;
text-align:left}}</style></head><body>{body}</body></html>"""
REFRESH = '<meta http-equiv="refresh" content="10">'


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
        rows = "".join(_row(number, mail) for number, mail in reversed(list(enumerate(mails, 1))))
        head = "<tr><th>Subject</th><th>To</th></tr>"
        body = f"<h1>{len(mails)} mails caught, none delivered</h1><table>{head}{rows}</table>"
        return PAGE.format(refresh=REFRESH, body=body)
    if not name.isdigit() or not 1 <= int(name) <= len(mails):
        return None
    return mails[int(name) - 1].html


def _row(number: int, mail: Mail) -> str:
    to = html.escape(", ".join(mail.to))
    return f'<tr><td><a href="/{number}">{html.escape(mail.subject)}</a></td><td>{to}</td></tr>'
