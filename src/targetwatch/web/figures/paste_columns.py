"""What a column is, by its name in English or Chinese, and what its cells mean: names become ids, words a basis."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from targetwatch.connectors import FIELDS
from targetwatch.errors import QuantityError
from targetwatch.model import Basis, Period
from targetwatch.quantity import format_period, parse_unit, plain_text, said_day, said_period
from targetwatch.quantity.spellings import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from targetwatch.model import Catalogue

NAMES: dict[str, str] = {
    "indicator": "indicator,measure,series,指标,指标名称,项目名称,统计指标",
    "period": (
        "period,time,month,quarter,year,reporting period,describes,期间,时间,时期,月份,"
        "季度,年份,年度,统计期,报告期,所述期间,统计时间"
    ),
    "basis": "basis,it counts,口径,统计口径,数据口径",
    "value": (
        "value,figure,amount,figure as printed,cumulative,total,数值,数据,值,本期,当期值,"
        "累计值,累计,指标值,数额,总量,数值（按原文）"
    ),
    "unit": "unit,单位,计量单位",
    "qualifier": "qualifier,exactness,精确程度",
    "rounding": "rounding,误差,舍入误差",
    "yoy": (
        "yoy,y/y,y-o-y,growth,growth rate,year on year,on a year before,"
        "change on a year before,published growth,同比,同比增长,同比增速,同比增减,增速,"
        "增长率,同比增幅"
    ),
    "provisional": "provisional,preliminary,初步数",
    "published_on": (
        "published on,published,publication date,date published,release date,released,"
        "公布日期,发布日期,公布时间,发布时间"
    ),
    "publisher": "publisher,whose count,agency,统计方,发布单位,发布机构,统计机构",
    "step": "step,milestone,事项,里程碑",
    "evidence_url": "evidence url,evidence,link,url,address,source,source url,来源,网址,链接,出处,来源网址,依据",
    "quote": "quote,words,原文,引文,原文语句",
    "note": "note,notes,remark,remarks,comment,备注,说明,附注",
}
BASES: dict[Basis, str] = {
    Basis.PERIOD: (
        "period,that period alone,in the period,monthly,quarterly,single,当期,当月,单月,本月,当季,单季,仅该期间"
    ),
    Basis.YEAR_TO_DATE: "year to date,ytd,cumulative,累计,年初累计,年累计,本年累计,1至本月,1-本月",
    Basis.SINCE_START: "since start,since the start,running total,启动以来累计,开行以来累计,历年累计",
    Basis.POINT: "point,level,on the day,end of period,as it stood on the day,时点,时点数,期末,期末值",
    Basis.EVENT: "event,reported,done,完成,已完成,事项完成,已报告",
}
RATES = ("printed", "percent", "ratio")
FIRST_OF_MONTH = re.compile(r"\d{4}-\d{2}-01")


def named(row: Sequence[str]) -> int:
    """Return how many cells of a row are names of columns."""
    return sum(1 for cell in row if cell.strip() and field_of(cell))


def field_of(header: str) -> str:
    """Return the field that a column's name stands for; "" when it is none we know.

    >>> field_of("数值（万标箱）"), field_of("Published on"), field_of("colour")
    ('value', 'published_on', '')
    """
    known = _fields()
    whole = _key(header)
    bare = _key(re.sub(r"[（(\[].*?[)）\]]", "", plain_text(header)))
    return known.get(whole) or known.get(bare, "")


def unit_of(header: str) -> str:
    """Return the unit that a column's name says in brackets, or is; "" when it says none we know.

    >>> unit_of("数值（万标箱）"), unit_of("TEU"), unit_of("colour")
    ('万标箱', 'TEU', '')
    """
    found = re.search(r"[（(\[]\s*(?:in|单位[:：]?)?\s*([^)）\]]+)[)）\]]", header)
    unit = (found[1] if found else header).strip()
    return unit if unit and parse_unit(unit).base in SPELLINGS and unit not in {"%", "％"} else ""


def cells_of(cells: Mapping[str, str], catalogue: Names, *, today: date, rates: str) -> dict[str, str]:
    """Return a row's cells in the words a reading is entered in; what is not understood stays as it is."""
    said = {name: text for name, text in cells.items() if text.strip()}
    for name in ("indicator", "publisher"):
        if name in said:
            said[name] = catalogue.get(name, {}).get(_key(said[name]), said[name])
    if "basis" in said:
        said["basis"] = _bases().get(_key(said["basis"]), said["basis"])
    if "yoy" in said:
        said["yoy"] = _rate(said["yoy"], rates)
    for name, read in (("period", _period), ("published_on", _day)):
        if name in said:
            said[name] = read(said[name], today)
    if said.get("basis") == Basis.YEAR_TO_DATE and "period" in said:
        said["period"] = _from_january(said["period"], today)
    return said


Names = dict[str, dict[str, str]]


def names_of(catalogue: Catalogue) -> Names:
    """Return the ids of indicators and publishers by every name they go by."""
    found: Names = {"indicator": {}, "publisher": {}}
    for kind, items in (("indicator", catalogue.indicators), ("publisher", catalogue.publishers)):
        for item in items:
            for name in (item.id, item.title.en, item.title.zh):
                if name:
                    found[kind].setdefault(_key(name), item.id)
    return found


def rates_of(texts: Sequence[str]) -> str:
    """Return how a column of growth rates is written, by its cells: 28 %, 28, or 0.28."""
    bare = [text.strip() for text in texts if text.strip()]
    if not bare or any("%" in plain_text(text) for text in bare):
        return "printed"
    try:
        sizes = [abs(float(text)) for text in bare]
    except ValueError:
        return "printed"
    return "ratio" if max(sizes) < 2 else "percent"  # noqa: PLR2004 - a growth of 200 % is rare, one of 2 % is not


def are_months(texts: Sequence[str]) -> bool:
    """Return whether days stand for their months: a spreadsheet keeps "Oct 2025" as the first of October."""
    said = [text for text in texts if text]
    return len(said) > 1 and all(FIRST_OF_MONTH.fullmatch(text) for text in said)


def _rate(text: str, rates: str) -> str:
    plain = plain_text(text)
    if rates == "printed" or "%" in plain:
        return text
    try:
        number = float(plain)
    except ValueError:
        return text
    return f"{number * (100 if rates == 'ratio' else 1):.10g} %"


def _period(text: str, today: date) -> str:
    try:
        return format_period(said_period(text, today))
    except QuantityError:
        return text


def _day(text: str, today: date) -> str:
    try:
        return said_day(text, today).isoformat()
    except QuantityError:
        return text


def _from_january(text: str, today: date) -> str:
    """Return the year to date that a month or a quarter stands for in a table."""
    try:
        said = said_period(text, today)
    except QuantityError:
        return text
    return format_period(Period(said.end.replace(month=1, day=1), said.end))


def _key(text: str) -> str:
    return re.sub(r"[\s_\-./:：]+", "", plain_text(text)).casefold()


@cache
def _fields() -> dict[str, str]:
    known = {_key(name): field for field, names in NAMES.items() for name in names.split(",")}
    return known | {_key(field): field for field in FIELDS}


@cache
def _bases() -> dict[str, str]:
    known = {_key(name): basis.value for basis, names in BASES.items() for name in names.split(",")}
    return known | {_key(basis.value): basis.value for basis in Basis}
