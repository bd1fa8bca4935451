"""One spelling for the many glyphs a printed number comes in: full-width forms, odd spaces, odd minus signs."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""１ ， ． ％ （ ＋ － ＴＥＵ and the rest of the full-width block; each stands for one ASCII sign."""

_SPACES = dict.fromkeys([0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x0009], " ")
_INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF], None)
_SIGNS = {0x2212: "-", 0xFE63: "-", 0x2010: "-", 0x2011: "-", 0x2019: "'", 0x02BC: "'", 0xFE50: ",", 0xFE6A: "%"}
_GLYPHS = {**_FULL_WIDTH, **_SPACES, **_INVISIBLE, **_SIGNS}

_MIDDLE_DOT = re.compile("(?<=[0-9])[\u30fb\uff65\u00b7](?=[0-9])")
"""Japanese newspapers print 5・3% for 5.3 %."""

_LEADING_DASH = re.compile("^\u2013(?=[0-9$])")


def plain_text(text: str) -> str:
    """Return `text` with ASCII digits, signs and spaces, outer blanks removed; words are left alone.

    >>> plain_text("１２３．４％")
    '123.4%'
    """
    if text.isascii():
        return text.replace("\t", " ").strip()
    plain = _MIDDLE_DOT.sub(".", text.translate(_GLYPHS)).strip()
    return _LEADING_DASH.sub("-", plain)
