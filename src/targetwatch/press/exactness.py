"""The words before a figure that say how exact it is; more of them are read here than in a typed value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from targetwatch.model import Qualifier

OVER = (
    *("超过了", "超过", "超出", "超", "逾", "突破了", "突破", "多达", "不少于", "不低于", "不下于", "高于"),
    *("over", "more than", "exceeding", "exceeded", "exceeds", "exceed", "surpassing", "surpassed", "surpass"),
    *("topping", "topped", "above", "at least", "no less than", "not less than", "upwards of", "well over"),
    *("as many as", "greater than", "in excess of", ">"),
)
ABOUT = (
    *("约为", "约", "大约", "近", "将近", "接近", "不足", "不到", "低于", "左右", "~", "≈"),
    *("about", "around", "nearly", "almost", "close to", "roughly", "approximately", "approx.", "approx", "some"),
    *("an estimated", "estimated", "just under", "just over", "less than", "fewer than", "under", "ca.", "circa"),
)
QUALIFIERS = dict.fromkeys(OVER, Qualifier.OVER) | dict.fromkeys(ABOUT, Qualifier.ABOUT)


def _any(words: Sequence[str]) -> str:
    """Return a pattern for any of the words, longest first, each a whole word where it begins with a letter."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        escaped = r"\s".join(re.escape(piece) for piece in word.split(" "))
        parts.append(rf"(?<![a-z]){escaped}" if word[0].isascii() and word[0].isalpha() else escaped)
    return "(?:" + "|".join(parts) + ")"


BEFORE = re.compile(rf"({_any((*OVER, *ABOUT))})\s?(?:the\s)?$")
