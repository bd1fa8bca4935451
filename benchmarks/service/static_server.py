"""The files of a folder over HTTP by uvicorn; one that ends in .gz is declared compressed text.

python static_server.py FOLDER PORT
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

FOLDER = Path(sys.argv[1])
TEXT = "text/plain; version=0.0.4; charset=utf-8"


async def file(request: Request) -> FileResponse:
    """Return one file."""
    name = request.path_params["name"]
    headers = {"Content-Encoding": "gzip"} if name.endswith(".gz") else {}
    return FileResponse(FOLDER / name, media_type=TEXT, headers=headers)


if __name__ == "__main__":
    app = Starlette(routes=[Route("/{name}", file)])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_config=None, access_log=False)
