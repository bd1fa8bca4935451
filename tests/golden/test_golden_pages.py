"""Every page, as everyone sees it, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import golden_crawl
import golden_text
import pytest
from golden_visit import Visitor
from golden_world import served

if TYPE_CHECKING:
    from golden_crawl import Page

NAMES = {"anonymous": "", "editor": "an.editor", "admin": "an.admin"}
NOT_READ = ("/static", "/metrics", "/-/", "/api/v1/", "/api/openapi", "/schema/", "/know/", "/unsubscribe/")
"""What programs read, and where only a mail leads: tests/web/test_web_replies.py."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_says_what_it_said_to_everyone(language, world, tmp_path, golden):
    before: dict[str, Page] = {}
    for role, name in NAMES.items():
        own = world.copy(tmp_path / role)
        with served(own) as app:
            visitor, past = Visitor(app, name), role == "anonymous"
            seen = golden_crawl.crawl(app, visitor, language, named=own.named, past=past)
        golden(f"pages.{role}.{language}", golden_crawl.told(seen, before))
        before = seen


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_of_the_application_is_left_out(language, own_world):
    files = [golden_text.FOLDER / f"pages.{role}.{language}.txt" for role in NAMES]
    headings = [name.split()[1] for file in files for name in golden_text.read(file.read_text(encoding="utf-8"))]
    with served(own_world) as app:
        routes = golden_crawl.Routes(app)
    seen = {routes.of(heading.split("?")[0]) for heading in headings}
    assert [one for one in routes.patterns if one not in seen and not one.startswith(NOT_READ)] == []
    assert len(seen) > 30
