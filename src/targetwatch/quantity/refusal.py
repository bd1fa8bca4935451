"""Why a text is not a figure that can be read exactly, and what to write instead."""

from __future__ import annotations

import re

from targetwatch.quantity.grammar import figure_pattern

_SPELLED_OUT: tuple[tuple[str, str], ...] = (
    (r"^$", "is empty, expected a figure such as 154,600 or 6.4万"),
    (r"百分之", "spells the percentage out, expected digits such as 64.7 %"),
    (r"[0-9]e[+-]?[0-9]", "is in scientific notation, which hides digits; expected them written out"),
    (r"下降|减少|減少|下滑|降低|\bdown\b|\bfell\b|decreas|declin", "says a fall in words, expected a sign: -3.5 %"),
    (r"增长|增長|增加|上升|\bup\b|\brose\b|increas|grew", "says a rise in words, expected the bare rate: 28 %"),
    (r"[0-9]\s*(?:-|~|–|—|to|至|到)\s*[0-9]", "is a range, expected one figure"),
    (r"¥", "has a sign of both yuan and yen, expected CNY or JPY"),
    (r"[0-9]\s?[kmb]$", "ends in a letter that may be a magnitude or a unit, expected million or a unit after it"),
)
_NO_NUMBER: tuple[tuple[str, str], ...] = (
    (r"(?:^|[^0-9.,' ])0[0-9]", "starts with a zero, expected a figure such as 154600 or 0.5"),
    (
        r"[0-9][.,'][0-9]",
        "has a mark that may part thousands or decimals, expected 1234 or 1.23",
    ),
    (r"[一二三四五六七八九十两百千零万萬亿億]", "has no digits, expected one such as 27万"),
)


def reason(plain: str, locale: str | None, own_units: tuple[str, ...]) -> str:
    """Return the rest of the sentence "'...': ...": what stands in the way, and what was expected."""
    for pattern, sentence in _SPELLED_OUT:
        if re.search(pattern, plain, re.IGNORECASE):
            return sentence
    figure = figure_pattern(locale, own_units).match(plain)
    if figure is None:
        for pattern, sentence in _NO_NUMBER:
            if re.search(pattern, plain):
                return sentence
        return "is not a number, expected a figure such as 154,600, 6.4万 or 28.33 billion yuan"
    rest, read = plain[figure.end() :].strip(), figure[0].strip()
    if rest in {".", ","}:
        return f"ends in '{rest}', expected the figure whole"
    if re.search("[0-9]", rest):
        return f"goes on with '{rest}' after '{read}', expected one figure"
    return f"has '{rest}' after '{read}', which is no unit known here; expected a known unit, or the unit on its own"
