"""Whole numbers written out in words, so that a zero too many is seen: English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

ONES = (
    *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
THOUSANDS = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
DIGITS, PLACES, MYRIADS = "零一二三四五六七八九", ("", "十", "百", "千"), ("", "万", "亿", "万亿", "亿亿")
LARGEST = 10**20
"""From here on nobody counts in words."""
MOST_BEHIND = 4


def in_words(value: Decimal, language: str) -> str:
    """Return a number in words, the first digits behind its point one by one; "" where it has no words.

    >>> from decimal import Decimal
    >>> in_words(Decimal(592000400), "en"), in_words(Decimal(592000400), "zh")
    ('five hundred ninety-two million four hundred', '五亿九千二百万零四百')
    >>> in_words(Decimal("-15.50"), "en"), in_words(Decimal("-15.5"), "zh"), in_words(Decimal(0), "zh")
    ('minus fifteen point five', '负十五点五', '零')
    """
    whole = abs(int(value))
    if whole >= LARGEST:
        return ""
    behind = f"{abs(value) % 1:f}"[2:].rstrip("0")[:MOST_BEHIND]
    if language == "zh":
        point = "点" + "".join(DIGITS[int(one)] for one in behind) if behind else ""
        return f"{'负' if value < 0 else ''}{_chinese(whole) or DIGITS[0]}{point}"
    point = " point " + " ".join(ONES[int(one)] or "zero" for one in behind) if behind else ""
    return f"{'minus ' if value < 0 else ''}{' '.join(_english(whole)) or 'zero'}{point}"


def _english(whole: int) -> Iterator[str]:
    for power in reversed(range(len(THOUSANDS))):
        rest = whole // 1000**power % 1000
        if rest >= 100:  # noqa: PLR2004 - hundreds have a word
            yield f"{ONES[rest // 100]} hundred"
        if rest % 100 >= len(ONES):
            yield TENS[rest % 100 // 10] + (f"-{ONES[rest % 10]}" if rest % 10 else "")
        elif rest % 100:
            yield ONES[rest % 100]
        if rest and power:
            yield THOUSANDS[power]


def _chinese(whole: int) -> str:
    said, gap = "", False
    for group in reversed(range(len(MYRIADS))):
        part, words = whole // 10000**group % 10000, ""
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit:
                words += ("零" if gap and (said or words) else "") + DIGITS[digit] + PLACES[place]
            gap = digit == 0
        said += words + (MYRIADS[group] if words else "")
    return said.removeprefix("一") if said.startswith("一十") else said
