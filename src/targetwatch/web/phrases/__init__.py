"""Everything the pages say in their own words, in both languages, a module a page; verdicts bring their sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.web.phrases import (
    account,
    audit,
    backroom,
    columns,
    edit,
    edit_acts,
    edit_preview,
    edit_wrong,
    figures,
    forms,
    frame,
    guide,
    indicator,
    new_target,
    overview,
    owners,
    paste,
    press,
    problems,
    sources,
    target,
    wall,
)

if TYPE_CHECKING:
    from targetwatch.model import Text

_PAGES = (
    account,
    audit,
    backroom,
    columns,
    edit,
    edit_acts,
    edit_preview,
    edit_wrong,
    figures,
    forms,
    frame,
    guide,
    indicator,
    new_target,
    overview,
    owners,
    paste,
    press,
    problems,
    sources,
    target,
    wall,
)
PHRASES: dict[str, Text] = {key: text for page in _PAGES for key, text in page.PHRASES.items()}
assert len(PHRASES) == sum(len(page.PHRASES) for page in _PAGES), "a phrase is said by two pages"
