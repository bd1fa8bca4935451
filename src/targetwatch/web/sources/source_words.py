"""What went wrong at a source, for a Chinese reader.

What a connector says in English is known here by its form and said again in Chinese, the place before it as it stands;
one that is not known stays English, and `is_said` tells so that the page can name its language.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from targetwatch.wording.problems import is_ours, placed, placed_on_page
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from targetwatch.model.problem import Problem

CHINESE: tuple[tuple[str, str], ...] = (
    (
        (
            r"(?P<host>\S+) is at (?P<peer>\S+), an address inside the network, expected a public one; if it is meant, "
            r"add '(?P<add>[^']+)' to allow_private"
        ),
        "{host}的地址{peer}位于内部网络，只应读取公网地址；如确属需要，请将“{add}”加入 allow_private",
    ),
    (
        r"redirects to another host, (?P<host>\S+); if that is meant, put its address into url",
        "重定向到另一主机{host}；如确属需要，请将其地址写入 url",
    ),
    (
        r"redirects to another port, (?P<where>\S+); if that is meant, put it into url",
        "重定向到另一端口（{where}）；如确属需要，请写入 url",
    ),
    (r"redirects from https to http, which is not followed", "从 https 重定向到 http，不予跟随"),
    (r"redirects to no web address", "重定向的目标不是网址"),
    (r"redirects more than (?P<count>\d+) times", "重定向超过{count}次"),
    (
        r"no complete answer within (?P<seconds>\S+) s, while (?P<doing>.+)",
        "{seconds}秒内未得到完整应答（{doing}）",
    ),
    (r"its name cannot be looked up, expected a host that exists", "主机名无法解析，请检查主机名"),
    (r"its certificate is not accepted: (?P<why>.+)", "证书不被信任：{why}"),
    (r"no secure connection can be made \((?P<why>.+)\)", "无法建立安全连接（{why}）"),
    (r"breaks off after (?P<count>[\d,]+) bytes(?:, (?P<more>[\d,]+) more were announced)?", "应答在{count}字节后中断"),
    (r"breaks off in the middle of its answer", "应答中途中断"),
    (r"breaks off in the middle, at line (?P<line>\d+), column (?P<column>\d+)", "内容在第{line}行第{column}列处中断"),
    (r"sends compressed data that is damaged", "返回的压缩数据已损坏"),
    (r"refuses the connection: nothing listens at that port", "拒绝连接：该端口没有服务"),
    (r"breaks off the connection", "连接被中断"),
    (r"does not answer in time", "未及时应答"),
    (r"does not answer in HTTP", "应答不是 HTTP"),
    (r"answers 401 [^:]*: .+", "应答401：headers 中的凭据缺失或未被接受"),
    (r"answers 403 [^:]*: .+", "应答403：不允许本系统访问"),
    (r"answers 404 [^:]*: .+", "应答404：该地址没有内容"),
    (r"answers 410 [^:]*: .+", "应答410：该地址的内容已移除"),
    (r"answers 429 [^:]*: .+", "应答429：请求过于频繁"),
    (r"answers (?P<status>5\d\d) [^:]*: .+", "应答{status}：对方服务器故障"),
    (r"answers (?P<status>\d{3}) [^:]*: expected 200 OK", "应答{status}，应为200"),
    (r"announces (?P<size>[\d,]+) bytes, expected at most (?P<most>[\d,]+) .+", "内容有{size}字节，最多{most}字节"),
    (r"goes on after (?P<most>[\d,]+) bytes, .+", "内容超过{most}字节"),
    (r"has (?P<size>[\d,]+) bytes, expected at most (?P<most>[\d,]+)", "有{size}字节，最多{most}字节"),
    (r"answers with nothing, expected JSON", "应答为空，应为 JSON"),
    (r"is not JSON: (?P<why>.+)", "不是 JSON：{why}"),
    (r"no file matches in (?P<folder>.+)", "{folder}中没有匹配的文件"),
    (r"cannot be read: (?P<why>.+)", "无法读取：{why}"),
    (r"is no regular file, expected CSV files only", "不是普通文件，应为 CSV 文件"),
    (r"(?P<names>\$\{.+) not set, expected in the environment of targetwatch", "环境变量{names}未设置"),
    (r"'(?P<name>[^']*)': is not in the catalogue.*", "目录中没有“{name}”"),
)
_PLACE = re.compile(
    r"(?P<place>(?:https?://\S+|\w+ '[^']*'|[^\s:]+:\d+|row \d+|[^\s:]*/[^\s:]+)): (?P<rest>.+)", re.DOTALL
)


def said(problem: Problem, language: str) -> str:
    """Return what went wrong in a language; in English where it is not known in another.

    >>> from targetwatch.model.problem import Problem
    >>> said(Problem("https://example.org/a: answers with nothing, expected JSON"), "zh")
    'https://example.org/a：应答为空，应为 JSON'
    """
    if is_ours(problem):
        return placed_on_page(problem, translator(language))
    sentence = placed(problem, translator("en"))
    return (_chinese(sentence) or sentence) if language == "zh" else sentence


def is_said(problem: Problem, language: str) -> bool:
    """Return whether what went wrong can be said in a language."""
    return language != "zh" or is_ours(problem) or _chinese(placed(problem, translator("en"))) is not None


def _chinese(sentence: str) -> str | None:
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(sentence)
        if found is not None:
            parts = {name: _chinese(part or "") or part for name, part in found.groupdict().items()}
            return chinese.format(**parts)
    found_place = _PLACE.fullmatch(sentence)
    if found_place is None:
        return None
    rest = _chinese(found_place["rest"])
    return f"{found_place['place']}：{rest}" if rest else None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in CHINESE)
