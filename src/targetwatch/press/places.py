"""The regions a figure may be about: China as a whole and its provinces, in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NATION = "china"
_PROVINCES = {
    "beijing": "北京",
    "tianjin": "天津",
    "hebei": "河北",
    "shanxi": "山西",
    "inner mongolia": "内蒙古",
    "liaoning": "辽宁",
    "jilin": "吉林",
    "heilongjiang": "黑龙江",
    "shanghai": "上海",
    "jiangsu": "江苏",
    "zhejiang": "浙江",
    "anhui": "安徽",
    "fujian": "福建",
    "jiangxi": "江西",
    "shandong": "山东",
    "henan": "河南",
    "hubei": "湖北",
    "hunan": "湖南",
    "guangdong": "广东",
    "guangxi": "广西",
    "hainan": "海南",
    "chongqing": "重庆",
    "sichuan": "四川",
    "guizhou": "贵州",
    "yunnan": "云南",
    "tibet": "西藏",
    "shaanxi": "陕西",
    "gansu": "甘肃",
    "qinghai": "青海",
    "ningxia": "宁夏",
    "xinjiang": "新疆",
    "hong kong": "香港",
    "macao": "澳门",
    "taiwan": "台湾",
    "chengdu": "成都",
    "xi'an": "西安",
    "guangzhou": "广州",
    "shenzhen": "深圳",
    "wuhan": "武汉",
    "kunming": "昆明",
}
PLACES = {name: name for name in _PROVINCES} | {chinese: name for name, chinese in _PROVINCES.items()}
_NATIONAL = ("全国", "我国", "nationwide", "the country's", "the nation's", "china's")
_PATTERN = re.compile(
    "|".join(
        [
            *(rf"\b{re.escape(name)}\b" for name in sorted(_PROVINCES, key=len, reverse=True)),
            *(re.escape(name) for name in _PROVINCES.values()),
            *(rf"\b{re.escape(word)}" if word.isascii() else word for word in _NATIONAL),
        ]
    )
)
_ON_THE_WAY = re.compile(
    r"(?:经由?|至|到|往|赴|从|自|与|和|对|占|高于|快于|低于|\b(?:via|through|to|from|with|and|into|of|than|toward|towards|between))\s?(?:the\s)?$"
)


def shown(name: str) -> tuple[str, str]:
    """Return a region's name in English and in Chinese."""
    return name.title(), _PROVINCES.get(name, name)


@dataclass(frozen=True, slots=True)
class Region:
    """A region named from `start` to `end`; `passing` when only as a way, a destination or a yardstick."""

    start: int
    end: int
    name: str
    passing: bool


def places(text: str, start: int, end: int) -> tuple[Region, ...]:
    """Return the regions named in a stretch of plain text, in order."""
    found = []
    for word in _PATTERN.finditer(text, start, end):
        name = PLACES.get(word[0], NATION)
        before = text[max(start, word.start() - 12) : word.start()]
        passing = bool(_ON_THE_WAY.search(before)) or (
            name == NATION
            and bool(re.match(r"\s[a-z]", text[word.end() : word.end() + 2]))
            and _home_follows(text, word.end())
        )
        found.append(Region(word.start(), word.end(), name, passing))
    return tuple(found)


def _home_follows(text: str, place: int) -> bool:
    """Return whether "China's" only introduces a province: southwest China's Chongqing."""
    return any(text.startswith(name, place + 1) for name in _PROVINCES)


def names_in(words: str) -> frozenset[str]:
    """Return the regions that plain words name."""
    return frozenset(PLACES.get(word[0], NATION) for word in _PATTERN.finditer(words))


def elsewhere(found: Sequence[Region], home: frozenset[str], *, clause: tuple[int, int], place: int) -> Region | None:
    """Return the region a figure at `place` is about when that is none of `home`; None otherwise."""
    before = [region for region in found if region.end <= place and not region.passing]
    if not before or not home:
        return None
    nearest = before[-1]
    if nearest.name in home:
        return None
    inside = clause[0] <= nearest.start
    return nearest if inside or not any(region.name in home for region in before) else None
