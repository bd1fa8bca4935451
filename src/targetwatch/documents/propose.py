"""A description of a document that a person can finish: guessed from its own words, never more than a proposal.

Which rows are the header, which columns say the period, which hold figures of an indicator of ours, in which unit.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from targetwatch.documents.description import Numbers, PeriodRule
from targetwatch.documents.found_tables import Row, headings, same
from targetwatch.documents.printed import (
    BESIDE_A_DAY,
    GROWTH,
    NO_TIME,
    SHARE,
    TIME,
    TO_DATE,
    VALUE,
    WHOLE,
    read_number,
    read_period,
    unit_text,
)
from targetwatch.errors import QuantityError
from targetwatch.model import Basis, Measure
from targetwatch.quantity import parse_unit, plain_text, printed_units
from targetwatch.quantity.spellings import factor_power

if TYPE_CHECKING:
    from targetwatch.documents.grid import Decoded, Grid
    from targetwatch.model import Indicator

MOST_HEADER_ROWS, MOST_ROWS = 40, 2000
"""Where a header is looked for, and how many rows are tried: those below look alike."""
MOST_COLUMNS, MOST_HEADERS, MOST_READINGS, MOST_YEARS = 8, 3, 6, 2
"""Columns looked at for sums, rows of a header, readings proposed, and years in a row that are no heads."""
MOSTLY = 0.7
TIME_BONUS = 0.3
USUAL_LAG_DAYS = 45
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNITS = re.compile(
    r"\b(?:volume|value|amount|number|month|year|quarter|per|teus?|tonnes?|thousands?|millions?|billions?|usd|eur|cny|yuan|units?|the|and|than|for)\b"
)
_FIGURE = re.compile(r"[+-]?\(?\d[\d.,' ]*%?\)?\*?")
_FIGURES = re.compile(r"(?:[+-]?\d[\d.,%]*(?:\s|$))+$")
_HEAD, _GROUP = re.compile(r"-?[1-9]\d{0,2}"), re.compile(r"\d{3}")
_EPOCH, _DAY_ONE = re.compile(r"1\d{9}(?:\.\d+)?"), re.compile(r"\d{4}-\d{2}-01(?:T.*)?")


@dataclass(frozen=True, slots=True)
class _Found:
    """A table as it is guessed: its headers, its rows, and which columns hold numbers."""

    grid: Grid
    start: int
    depth: int
    heads: tuple[str, ...]
    body: tuple[Row, ...]
    numbers: Numbers

    def column(self, place: int) -> list[str]:
        """Return the cells of a column in which anything stands."""
        return [row[place] for row in self.body if row[place]]

    def numeric(self, place: int) -> bool:
        """Return whether most of a column are numbers."""
        cells = self.column(place)
        return bool(cells) and sum(_is_number(cell, self.numbers) for cell in cells) >= MOSTLY * len(cells)


def propose(decoded: Decoded, indicators: Sequence[Indicator], *, name: str = "") -> dict[str, Any]:
    """Return what may stand under `pick` for a document: valid in itself, its indicators those that fit best.

    Where no indicator fits a column, its name is made of the header, for a person to choose another.
    """
    tables = [found for grid in decoded.grids if (found := _table(grid))]
    found = max(
        tables, key=lambda one: sum(one.numeric(place) for place in range(len(one.heads))) * len(one.body), default=None
    )
    if found is None or len(found.heads) < 2:  # noqa: PLR2004 - a table has a period and a value
        return _of_lines(decoded, indicators)
    above = [" ".join(cell for cell in dict.fromkeys(row) if cell) for row in found.grid.rows[: found.start]]
    anchors = _anchors(decoded, above)
    said: dict[str, Any] = {"anchors": anchors} if anchors else {}
    if len(tables) > 1:
        said["table"] = {"name": found.grid.name} if found.grid.name else {"number": tables.index(found) + 1}
    named = [head for head in found.heads if head][:2]
    if found.start or found.depth > 1:
        said["header"] = {"words": [one.split(" / ")[0] for one in named]} | (
            {"depth": found.depth} if found.depth > 1 else {}
        )
    context = " ".join([decoded.title, name, found.grid.name, *above])
    return {**said, **(_unpivoted(found, indicators, context) or _plain(found, indicators, context))}


def _table(grid: Grid) -> _Found | None:
    """Return where the header of a table is guessed to be: above the first row with figures."""
    rows = grid.rows[:MOST_ROWS]
    for start, row in enumerate(rows[:MOST_HEADER_ROWS]):
        filled = [cell for cell in row if cell]
        figures = [cell for cell in filled if _FIGURE.fullmatch(plain_text(cell))]
        years = [cell for cell in figures if _YEAR.fullmatch(cell)]
        if (
            start
            and len(filled) > 1
            and len(figures) > (len(years) if len(years) > MOST_YEARS else 0)
            and any(rows[start - 1])
        ):
            break
    else:
        return None
    first = start - 1
    while first and start - first < MOST_HEADERS and len({cell for cell in rows[first - 1] if cell}) > 1:
        first -= 1
    heads, body = headings(rows[first:start]), tuple(row for row in rows[start:] if sum(map(bool, row)) > 1)
    return _Found(grid, first, start - first, heads, body, _notation(cell for row in body for cell in row))


def _plain(found: _Found, indicators: Sequence[Indicator], context: str) -> dict[str, Any]:
    """Return the description of a table with a row a period, or with several series one below the other."""
    period, where, fill = _period(found)
    of = set(re.findall(r"\{([^{}]+)\}", period["of"]))
    values = [place for place, head in enumerate(found.heads) if head and head not in of and found.numeric(place)]
    growth = [place for place in values if GROWTH.search(found.heads[place])]
    named = [place for place in values if VALUE.fullmatch(found.heads[place])]
    figures = named or [place for place in values if place not in growth]
    readings: list[dict[str, Any]] = []
    for place, series in ((place, one) for place in figures for one in _series(found, of)):
        head = found.heads[place]
        said = f"{head} {' '.join(series.values())}"
        reading: dict[str, Any] = {"indicator": said, "value": head} | ({"where": series} if series else {})
        shared = {one: len(_words(head) & _words(GROWTH.sub(" ", found.heads[one]))) for one in growth}
        if shared and (max(shared.values()) or len(figures) == 1):
            reading["yoy"] = found.heads[max(shared, key=lambda one: shared[one])]
        readings.append(reading)
    readings = _assigned(readings, context, indicators)
    rows = ({"fill_down": fill} if fill else {}) | ({"where": where} if where else {})
    said_rows = {"rows": rows} if rows else {}
    sums = _sums(found, figures)
    guards = {"guards": {"sum": sums}} if sums else {}
    return {
        **said_rows,
        "numbers": _written(found.numbers),
        "period": period,
        **_published(readings, indicators),
        "readings": readings,
        **guards,
    }


def _series(found: _Found, of: set[str]) -> list[dict[str, str]]:
    """Return what tells the series apart that stand one below the other, the first few of them."""
    periods = [place for place, head in enumerate(found.heads) if head in of]
    if len({tuple(row[place] for place in periods) for row in found.body}) > MOSTLY * len(found.body):
        return [{}]
    for place, head in enumerate(found.heads):
        values = list(dict.fromkeys(found.column(place)))
        facts = {(row[place], *(row[one] for one in periods)) for row in found.body}
        if (
            head
            and len(values) > 1
            and place not in periods
            and not found.numeric(place)
            and len(facts) == len(found.body)
        ):
            return [{head: value} for value in values[:MOST_READINGS]]
    return [{}]


def _unpivoted(found: _Found, indicators: Sequence[Indicator], context: str) -> dict[str, Any] | None:
    """Return the description of a table with years as columns, None where they are not."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, head in enumerate(found.heads):
        if year := _YEAR.search(head):
            groups[head[: year.start()], head[year.end() :]].append(place)
    groups = {key: places for key, places in groups.items() if len(places) > 2}  # noqa: PLR2004 - two years are a comparison
    labels = [
        place for place, head in enumerate(found.heads) if head and not _YEAR.search(head) and not found.numeric(place)
    ]
    if not groups or not labels:
        return None
    readings: list[dict[str, Any]] = []
    for before, after in groups:
        rows = [
            {"indicator": f"{label} {before} {after}", "label": label}
            for label in dict.fromkeys(found.column(labels[0]))
        ]
        of = {one["label"]: one["indicator"] for one in _assigned(rows, context, indicators)}
        reading: dict[str, Any] = {
            "indicator": {"column": found.heads[labels[0]], "map": of},
            "unpivot": f"{re.escape(before)}(?P<year>[0-9]{{4}}){re.escape(after)}",
        }
        beside = {unit_text(unit) for label in of for unit in printed_units(label) if unit.base}
        if len(beside) == 1 and not printed_units(f"{before} {after}"):
            reading["unit"] = beside.pop()  # of all the rows that are read, printed in their labels
        readings.append(_finished(reading, f"{before} {after}", context, indicators))
    return {
        "numbers": _written(found.numbers),
        "period": {"of": "{year}", "span": "year"},
        **_published(readings, indicators),
        "readings": readings,
    }


def _of_lines(decoded: Decoded, indicators: Sequence[Indicator]) -> dict[str, Any]:
    """Return the description of a text whose lines of figures are alike: a label, and as many numbers each."""
    lines = [found for line in decoded.lines if (found := _FIGURES.search(plain_text(line))) and found.start()]
    figures = [found[0].split() for found in lines]
    groups = Counter(_merged(one) for one in figures)
    blank = sum(many for (words, merges), many in groups.items() if merges) > len(figures) / 2
    counts = {words: 0 for words, _ in groups}
    for count in counts:
        counts[count] = sum(
            n for (words, merges), n in groups.items() if words - (merges if blank else 0) <= count <= words
        )
    count = max(counts, key=lambda one: (counts[one], -one if blank else one), default=1)
    rates = Counter(next((n for n, word in enumerate(reversed(one)) if "." not in word), 0) for one in figures)
    value = count - (rates.most_common(1)[0][0] if rates else 0)
    parts = " ".join(f"(?P<n{number}>{{number}})" for number in range(1, count + 1))
    years = any(_YEAR.fullmatch(plain_text(line)) for line in decoded.lines)
    carried = {"carry": "(?P<year>[0-9]{4})"} if years else {}
    context = " ".join([decoded.title, *decoded.lines[:20]])
    readings = _assigned([{"indicator": "", "value": f"n{value if value > 0 else count}"}], context, indicators)
    numbers = _written(_notation(word for line in decoded.lines for word in line.split()))
    anchors = _anchors(decoded, decoded.lines[:5])
    sums = {"guards": {"sum": [{"total": "n3", "of": ["n1", "n2"]}]}} if blank and value == MOST_HEADERS else {}
    return {
        **({"anchors": anchors} if anchors else {}),
        "lines": {**carried, "pattern": f"(?P<label>\\D+?) {parts}"},
        "numbers": numbers | ({"thousands": [" "]} if blank else {}),
        "period": "{year}-{label}" if years else "{label}",
        **_published(readings, indicators),
        "readings": readings,
        **sums,
    }


def _merged(words: Sequence[str]) -> tuple[int, int]:
    """Return how many words of digits stand in a line, and before how many a blank may part thousands."""
    pairs = pairwise(words)
    return len(words), sum(bool(_HEAD.fullmatch(one) and _GROUP.fullmatch(other)) for one, other in pairs)


# --- parts of a description ---


def _period(found: _Found) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Return the period of a row, which rows are none (a total among months), and what is filled down."""
    best: tuple[float, dict[str, Any], dict[str, Any], list[str]] = (
        0,
        {"of": f"{{{next(filter(None, found.heads), 'period')}}}"},
        {},
        [],
    )
    columns = [place for place, head in enumerate(found.heads) if head and not _measured(found.column(place))]
    pairs = [*((place, None) for place in columns), *((one, two) for one in columns for two in columns if one != two)]
    for one, two in pairs:
        cells = found.column(one)
        if two is not None and not all(_YEAR.fullmatch(cell) for cell in cells):
            continue
        year, texts, last = one, [], ""
        for row in found.body:
            last = row[year] or last
            texts.append(row[one] if two is None else f"{last}-{row[two]}")
        rule = {"of": f"{{{found.heads[one]}}}" + (f"-{{{found.heads[two]}}}" if two is not None else "")}
        if all(_EPOCH.fullmatch(cell) for cell in cells) and cells:
            rule |= {"form": "epoch"}
        elif all(_DAY_ONE.fullmatch(cell) for cell in cells) and len(cells) > 1:
            rule |= {"span": "year" if all(cell[5:7] == "01" for cell in cells) else "month"}
        good = [_is_period(text, PeriodRule.model_validate(rule)) for text in texts]
        periods = [text for text, fine in zip(texts, good, strict=True) if fine]
        apart = len(set(periods)) / len(texts) if texts else 0
        share = (
            apart
            + TIME_BONUS * bool(TIME.search(found.heads[one]))
            - TIME_BONUS * bool(NO_TIME.search(found.heads[one]))
        )
        if share > best[0]:
            wrong = (
                dict.fromkeys(row[two] for row, fine in zip(found.body, good, strict=True) if not fine and row[two])
                if two is not None
                else {}
            )
            where = {found.heads[two]: {"not": list(wrong)}} if wrong and two is not None else {}
            fill = [found.heads[one]] if two is not None and len(cells) < len(found.body) else []
            best = (share, rule, where, fill)
    return best[1:]


def _measured(cells: Sequence[str]) -> bool:
    """Return whether a column holds decimals, which no period does."""
    return sum(bool(re.fullmatch(r"[+-]?[\d ,]*\d[.,]\d{1,3}", cell)) for cell in cells) > len(cells) / 2


def _anchors(decoded: Decoded, above: Sequence[str]) -> dict[str, str]:
    """Return words of the title, without what changes each time, and the note that tells the unit."""
    anchors = {}
    for text in (decoded.title if re.search(r"\s|[^\x00-\x7f]", decoded.title) else "", *above):
        words = max(re.split(r"[\d(（:：,，]+", text), key=len).strip(BESIDE_A_DAY)
        if len(words) > 3 and "title" not in anchors and not printed_units(text):  # noqa: PLR2004 - too short to tell one from another
            anchors["title"] = words
    if note := next((text for text in above if printed_units(text) and len(text) < 80), None):  # noqa: PLR2004 - a note, no paragraph
        anchors["unit"] = note
    return anchors


def _assigned(readings: list[dict[str, Any]], context: str, indicators: Sequence[Indicator]) -> list[dict[str, Any]]:
    """Return the readings whose words, given as their indicator, fit one of ours best, each of ours once.

    Where none fits a few of those there are, as `indicator`, for a person to choose.
    """
    scored = []
    for place, reading in enumerate(readings):
        units = printed_units(reading.get("value", reading["indicator"]))
        for one in indicators:
            counted = parse_unit(one.unit)
            if units and all(factor_power(unit, counted) is None for unit in units):
                continue
            if SHARE.search(reading["indicator"]) and counted.base not in {"%", "ratio", "pp"}:
                continue
            words, mine = _words(f"{one.title.en} {one.title.zh}"), _words(reading["indicator"])
            own, around = len(words & mine), len(words & _words(context))
            if (2 * (own + around) >= len(words) > 0 and own + around > 1) or own in {len(words), len(mine)} - {0}:
                scored.append(((2 * own + around) / len(words), -place, one.id))
    best: dict[int, str] = {}
    for _, place, name in sorted(scored, reverse=True):
        if -place not in best and name not in best.values():
            best[-place] = name
    kept = [{**readings[place], "indicator": best[place]} for place in sorted(best)]
    if not kept:
        some = readings[:MOST_READINGS]
        kept = [
            {**one, "indicator": f"indicator-{n}" if len(some) > 1 else "indicator"} for n, one in enumerate(some, 1)
        ]
    return [one if "label" in one else _finished(one, one["value"], context, indicators) for one in kept]


def _words(text: str) -> set[str]:
    """Return the words of a text, of Chinese every two characters that stand together."""
    plain = _UNITS.sub(" ", same(text).replace("_", " "))
    chinese = re.findall(r"[\u4e00-\u9fff]+", plain)
    return set(re.findall(r"[a-z]{3,}", plain)) | {run[at : at + 2] for run in chinese for at in range(len(run) - 1)}


def _finished(reading: dict[str, Any], head: str, context: str, indicators: Sequence[Indicator]) -> dict[str, Any]:
    """Return a reading with its basis; of its unit only what the document prints, which may be a share."""
    of = reading["indicator"]
    ids = set(of["map"].values()) if isinstance(of, dict) else {of}
    known = next((one for one in indicators if one.id in ids), None)
    if not printed_units(head) and SHARE.search(head):
        reading["unit"] = "%"
    if TO_DATE.search(f"{head} {context}"):
        reading["basis"] = Basis.YEAR_TO_DATE.value
    elif known and known.measure is Measure.LEVEL:
        reading["basis"] = Basis.POINT.value
    return reading


def _published(readings: Sequence[dict[str, Any]], indicators: Sequence[Indicator]) -> dict[str, str]:
    lags = [one.release.lag for one in indicators if any(one.id == reading["indicator"] for reading in readings)]
    return {"published": f"period_end + {max(lags, default=0) or USUAL_LAG_DAYS}d"}


def _sums(found: _Found, figures: Sequence[int]) -> list[dict[str, Any]]:
    """Return the totals among the columns that are the sum of two or three others in every row."""
    for total in figures[:MOST_COLUMNS]:
        if not WHOLE.search(found.heads[total]):
            continue
        others = [place for place in figures[:MOST_COLUMNS] if place != total]
        for parts in (*combinations(others, 2), *combinations(others, 3)):
            rows = [
                [read_number(row[place], found.numbers) for place in (total, *parts)]
                for row in found.body
                if all(_is_number(row[place], found.numbers) for place in (total, *parts))
            ]
            off = [abs(one[0].value - sum(part.value for part in one[1:] if part)) for one in rows if one[0]]
            if len(off) > 2 and max(off) <= 2:  # noqa: PLR2004 - rounding of two or three parts
                return [{"total": found.heads[total], "of": [found.heads[place] for place in parts]}]
    return []


def _notation(cells: Iterable[str]) -> Numbers:
    """Return how numbers are printed, as far as the cells tell."""
    tally: Counter[str] = Counter()
    for cell in cells:
        plain = plain_text(cell)
        tally["comma groups"] += bool(re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?%?", plain))
        tally["point groups"] += bool(
            re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)%?|[+-]?\d{1,3}(\.\d{3}){2,}%?", plain)
        )
        tally["decimal comma"] += bool(re.fullmatch(r"[+-]?\d+,(\d{1,2}|\d{4,})%?", plain))
        tally["blank groups"] += bool(re.fullmatch(r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?%?", plain))
    comma = tally["point groups"] + tally["decimal comma"] > tally["comma groups"]
    groups = (["."] if comma else [","]) + ([" "] if tally["blank groups"] else [])
    return Numbers(decimal="," if comma else ".", thousands=tuple(groups))


def _written(numbers: Numbers) -> dict[str, Any]:
    return {"decimal": numbers.decimal, "thousands": list(numbers.thousands)}


def _is_number(cell: str, numbers: Numbers) -> bool:
    try:
        return read_number(cell, numbers) is not None
    except QuantityError:
        return False


def _is_period(text: str, how: PeriodRule) -> bool:
    try:
        read_period(text, how)
    except QuantityError:
        return False
    return True
