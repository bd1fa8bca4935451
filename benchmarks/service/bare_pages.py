"""Pages of the same size and shape by FastAPI and Jinja and nothing else: the text is there, nothing is asked.

python bare_pages.py FOLDER PORT: each NAME.html of the folder, a page of the service, is made by a template that loops
over its lines, so that as much is escaped, joined, encoded and sent.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from jinja2 import Environment
from starlette.responses import HTMLResponse

PAGES = {
    file.stem: [html.unescape(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for file in Path(sys.argv[1]).glob("*.html")
}
TEMPLATE = Environment(autoescape=True).from_string("<pre>{% for line in lines %}{{ line }}\n{% endfor %}</pre>")
app = FastAPI()


@app.get("/{name}")
def page(name: str) -> HTMLResponse:
    """Return one page."""
    return HTMLResponse(TEMPLATE.render(lines=PAGES[name]))


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_config=None, access_log=False)
