"""What a name, a title and a password have to be like, and what is wrong with one that is not."""

from __future__ import annotations

import re
from enum import StrEnum
from unicodedata import category

LONGEST_NAME = 40
NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
SHORTEST_PASSWORD = 12
"""As NIST SP 800-63B asks of a password that stands alone (rev. 4: 15; rev. 3: 8): length, and no rules of spelling."""
LONGEST_PASSWORD = 256
LONGEST_TITLE = 80


class Fault(StrEnum):
    """What can be wrong with what somebody wants to be called, or to sign in with."""

    NAME = "name"
    TITLE = "title"
    SHORT = "short"
    LONG = "long"
    EASY = "easy"


def faults(*, name: str | None = None, title: str | None = None, password: str | None = None) -> tuple[Fault, ...]:
    """Return what is wrong with those of the three that are given; a password is judged beside the name."""
    found = []
    if name is not None and not NAME.fullmatch(name):
        found.append(Fault.NAME)
    if title is not None and not is_line(title):
        found.append(Fault.TITLE)
    if password is not None and (fault := _weakness(password, name or "")):
        found.append(fault)
    return tuple(found)


def is_line(text: str) -> bool:
    r"""Return whether a text is one line that can be shown, the wide space of Chinese included, and not too long.

    >>> is_line("王　敏, 统计局"), is_line("two\nlines"), is_line("a\u202eb"), is_line("x" * 81)
    (True, False, False, False)
    """
    shown = all(category(sign)[0] != "C" and category(sign) not in {"Zl", "Zp"} for sign in text.strip())
    return shown and len(text.strip()) <= LONGEST_TITLE


def said(fault: Fault, *, name: str) -> str:
    """Return a fault as a sentence for the terminal. A password is never quoted, nor its length told."""
    shown = name if len(name) <= LONGEST_TITLE else f"{name[:LONGEST_TITLE]}..."
    return {
        Fault.NAME: f"user '{shown}': cannot be a name, expected 1 to {LONGEST_NAME} small letters, digits, '.', '_' "
        "or '-', such as li.wei",
        Fault.TITLE: f"title: cannot be used, expected one line of at most {LONGEST_TITLE} characters",
        Fault.SHORT: f"password: is too short, expected at least {SHORTEST_PASSWORD} characters",
        Fault.LONG: f"password: is too long, expected at most {LONGEST_PASSWORD} characters",
        Fault.EASY: "password: is too easy to guess, expected one that neither repeats itself nor begins with the name",
    }[fault]


def _weakness(password: str, name: str) -> Fault | None:
    if len(password) < SHORTEST_PASSWORD:
        return Fault.SHORT
    if len(password) > LONGEST_PASSWORD:
        return Fault.LONG
    easy = len(set(password)) < SHORTEST_PASSWORD // 2 or (len(name) > 2 and password.lower().startswith(name))  # noqa: PLR2004
    return Fault.EASY if easy else None
