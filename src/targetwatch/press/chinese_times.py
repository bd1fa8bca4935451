"""How Chinese, and Japanese where it writes alike, says when."""

from __future__ import annotations

from targetwatch.press.when import (
    DAY,
    YEAR,
    Kind,
    Rule,
    compared,
    months,
    now,
    number,
    one_day,
    one_month,
    part,
    since,
    span,
    until,
    whole_year,
    years,
)

RELATIVE = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2}
_Y = rf"(?:(?P<y>{YEAR})\s?年度?\s?|(?P<r>今年|本年|当年|去年|上年|前年))?\s?的?"
_M = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_N = "1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九]"
_TO = r"\s?(?:-|至|到)\s?"

RULES: tuple[Rule, ...] = (
    (r"(?:(?:去|上|前)年|前年)\s?同(?:期|月)", compared),
    (rf"{_Y}(?P<n>[上下])半年", lambda found: part(6, number(found["n"]))),
    (rf"{_Y}前\s?(?P<n>[一二两三四1-4])个?季度", lambda found: span(1, 3 * number(found["n"]))),
    (rf"{_Y}第?(?P<n>[一二三四1-4])季度", lambda found: part(3, number(found["n"]))),
    (rf"{_Y}第(?P<n>[1-4])四半期末?", lambda found: part(3, number(found["n"]))),
    (rf"{_Y}(?:的|の)?前\s?(?P<n>{_N})\s?个?月", lambda found: span(1, number(found["n"]))),
    (rf"{_Y}(?P<m>{_M})(?:月份?)?{_TO}(?:(?P<y2>{YEAR})年)?(?P<m2>{_M})\s?月份?(?!{DAY}日)", months),
    (rf"{_Y}(?P<m>{_M})月(?P<d>{DAY})日{_TO}(?:(?P<y2>{YEAR})年)?(?P<m2>{_M})月(?P<d2>{DAY})日", months),
    (rf"(?:截至|截止到?|截止至|到)\s?{_Y}(?P<m>{_M})?(?:月(?:(?P<d>{DAY})日|份?底|末|份)?|年?(?:底|末))", until),
    (rf"{_Y}(?P<m>{_M})月(?P<d>{DAY})日\s?の?时点", until),
    (rf"{_Y}(?P<m>{_M})月(?P<d>{DAY})日", one_day),
    (rf"{_Y}(?P<m>{_M})月(?:份|末|底|单月|当月)?(?![0-9])", one_month),
    (
        rf"(?:年初|今年初?)(?:以来)?\s?(?:至|到|から)(?P<m>{_M})月(?:(?P<d>{DAY})日|底|末|份)?",
        lambda found: {**until(found), "kind": Kind.SPAN, "first": 1},
    ),
    (r"(?:截至|截止)?(?:目前|当前|现在|如今|日前)|至今|迄今", now),
    (rf"自?从?(?P<y>{YEAR})年(?:(?P<m>{_M})月(?:(?P<d>{DAY})日)?)?[^,。;0-9]{{0,10}}(?:以来|から)", since),
    ("(?:自|从)?(?:首次)?(?:开行|开通|启动|运行|运营|实施|成立|设立|落地)(?:以来|至今|后)", since),
    (rf"(?P<y>{YEAR})年?{_TO}(?P<y2>{YEAR})年", years),
    (rf"(?:(?P<y>{YEAR})年度?|(?P<r>去年|上年|前年|今年|本年))(?:全年|度)?|全年", whole_year),
)
