"""Reasons that the program put down itself, in the reader's language; what somebody wrote stays as they wrote it.

A reason is kept in the language of whoever was served when it was made, so it is known by its words in either.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from targetwatch.evaluation.versions import changed_from
from targetwatch.wording.translation import LANGUAGES, N_, translator
from targetwatch.wording.versions import made_reason

if TYPE_CHECKING:
    from targetwatch.model import Indicator, Target

MADE = (
    N_("pasted table of {count} rows"),
    N_("password reset"),
    N_("new password"),
    N_("first password"),
    N_("undone right after it was entered"),
    N_("undoes version {number}"),
)
"""The messages that are put down as reasons."""


def said(reason: str, language: str) -> str:
    """Return a reason as a reader is told it.

    >>> said("pasted table of 3 rows", "en"), said("new figures", "zh")
    ('pasted table of 3 rows', 'new figures')
    """
    for pattern, message in _patterns():
        found = pattern.fullmatch(reason)
        if found is not None:
            return translator(language)(message, **found.groupdict())
    return reason


def of_target(reason: str, target: Target, indicator: Indicator, language: str) -> str:
    """Return the reason of a change of a target: where none was given, what a version changed was put down."""
    for before, after in pairwise(target.versions):
        change = changed_from(before, after)
        made = {one: made_reason(change, indicator, translator(one)) for one in LANGUAGES}
        if reason in made.values():
            return made[language]
    return said(reason, language)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(translator(language)(message)), message) for message in MADE for language in LANGUAGES)


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile("".join(rf"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))
