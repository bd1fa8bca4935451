"""How well the press reader reads labelled passages: what it proposes, compared with what a person reads in them.

A file holds a list of passages: `id`, `text`, `published`, `publisher`, `config`, and `expected`, each figure with
indicator, period, basis, value, unit, yoy (percent, or null; with `yoy_optional` either is right), qualifier. All other
numbers are none of ours; `elsewhere` names those of another place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from targetwatch.configuration import check
from targetwatch.errors import QuantityError
from targetwatch.model import Indicator
from targetwatch.press import Proposal, read
from targetwatch.quantity import convert, in_unit, own_spellings, parse_period, parse_quantity

ROOT = Path(__file__).parents[2]
LIKELY, POSSIBLE = 0.6, 0.3
"""What the page calls likely, and possible (`web.figures.press_page`)."""
SHIPPED = "shipped"
GROWTH_OF = {"total-trade": "total-trade-growth"}
"""A growth printed for the first may be proposed for the second: neither wanted nor unwanted."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled passage, and the indicators it is read with."""

    id: str
    language: str
    text: str
    published: date
    publisher: str
    indicators: tuple[Indicator, ...]
    expected: tuple[Mapping[str, Any], ...]
    elsewhere: tuple[Mapping[str, Any], ...]
    config: str

    def proposals(self) -> tuple[Proposal, ...]:
        """Return what the reader proposes."""
        return read(
            self.text, self.indicators, published_on=self.published, today=self.published, publisher=self.publisher
        )


def load(path: Path) -> list[Passage]:
    """Return the passages of a file; a configuration named NAME is `press-NAME-targets.yaml` beside it."""
    return [
        Passage(
            id=one["id"],
            language=one["language"],
            text=one["text"],
            published=date.fromisoformat(one["published"]),
            publisher=one["publisher"] or "",
            indicators=_indicators(one["config"], path.parent),
            expected=tuple(one["expected"]),
            elsewhere=tuple(one.get("elsewhere", ())),
            config=one["config"],
        )
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


@cache
def _indicators(config: str, beside: Path) -> tuple[Indicator, ...]:
    if config == SHIPPED:
        return check(ROOT / "config", environment={}).indicators
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(beside / f"press-{config}-targets.yaml", Path(folder) / "targets.yaml")
        return check(folder, environment={}).indicators


def halves(passages: Sequence[Passage]) -> tuple[list[Passage], list[Passage]]:
    """Return the passages to develop with, and those kept back.

    Of each configuration and language, in the order of the texts' SHA-256, every second one is kept back.
    """
    groups: dict[tuple[str, str], list[Passage]] = {}
    for one in passages:
        groups.setdefault((one.config, one.language), []).append(one)
    ordered = [
        (place % 2, one)
        for _, group in sorted(groups.items())
        for place, one in enumerate(sorted(group, key=lambda one: hashlib.sha256(one.text.encode()).hexdigest()))
    ]
    return [one for half, one in ordered if half == 0], [one for half, one in ordered if half == 1]


@dataclass(frozen=True, slots=True)
class Score:
    """What was counted in one passage or in several."""

    figures: int = 0
    whole: int = 0
    """Figures of which a proposal possible or better says indicator, period, basis, value, growth and qualifier."""
    offered: int = 0
    """Proposals possible or better."""
    wanted: int = 0
    """Those of them with the indicator and the value of a figure."""
    likely: int = 0
    likely_wanted: int = 0
    foreign: int = 0
    """Proposals possible or better of a figure of another place."""

    def __add__(self, other: Score) -> Score:
        """Return both counted together."""
        return Score(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def shares(self) -> dict[str, float]:
        """Return the ratios the reader is held to; one of nothing is 1."""
        precision, recall = _ratio(self.wanted, self.offered), _ratio(self.wanted, self.figures)
        return {
            "whole": _ratio(self.whole, self.figures),
            "F1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
            "unwanted of likely": 1 - _ratio(self.likely_wanted, self.likely),
            "called likely": _ratio(self.likely_wanted, self.figures),
        }


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def total(scores: Iterable[Score]) -> Score:
    """Return all counted together."""
    return sum(scores, Score())


def judged(passage: Passage) -> list[tuple[Proposal, Mapping[str, Any] | None, list[str]]]:
    """Return each proposal with the figure it is of, if any, and the fields it has wrong; then each missed figure's.

    A figure is taken once, by the likeliest proposal of its indicator and value.
    """
    left = list(passage.expected)
    told: list[tuple[Proposal, Mapping[str, Any] | None, list[str]]] = []
    for proposal in sorted(passage.proposals(), key=lambda one: -one.confidence):
        same = [figure for figure in left if _same(proposal, figure)]
        figure = min(same, key=lambda figure: len(wrong(proposal, figure)), default=None)
        if figure is not None:
            left.remove(figure)
        elif _of_growth(proposal, passage.expected):
            continue
        told.append((proposal, figure, wrong(proposal, figure) if figure else []))
    return told


def score(passage: Passage) -> Score:
    """Return what is counted in a passage."""
    told = [(one, figure, bad) for one, figure, bad in judged(passage) if one.confidence >= POSSIBLE]
    likely = [figure for one, figure, _ in told if one.confidence >= LIKELY]
    return Score(
        figures=len(passage.expected),
        whole=sum(figure is not None and not bad for _, figure, bad in told),
        offered=len(told),
        wanted=sum(figure is not None for _, figure, _ in told),
        likely=len(likely),
        likely_wanted=sum(figure is not None for figure in likely),
        foreign=sum(
            figure is None
            and any(_amount(one, other["unit"]) == Decimal(other["value"]) for other in passage.elsewhere)
            for one, figure, _ in told
        ),
    )


def _same(proposal: Proposal, figure: Mapping[str, Any]) -> bool:
    indicator = proposal.indicator.value if proposal.indicator else None
    return indicator == figure["indicator"] and _amount(proposal, figure["unit"]) == Decimal(figure["value"])


def _elsewhere(proposal: Proposal, passage: Passage) -> bool:
    return any(_amount(proposal, other["unit"]) == Decimal(other["value"]) for other in passage.elsewhere)


def _amount(proposal: Proposal, unit: str) -> Decimal | None:
    if proposal.value is None:
        return None
    amount = convert(proposal.value.value, proposal.unit.value, unit) if proposal.unit else None
    if amount is not None:
        return amount
    try:
        return in_unit(parse_quantity(proposal.value.typed, own_units=own_spellings(unit)), unit).value
    except QuantityError:
        return None


def _of_growth(proposal: Proposal, expected: Sequence[Mapping[str, Any]]) -> bool:
    if proposal.indicator is None or proposal.value is None:
        return False
    said = {(GROWTH_OF.get(one["indicator"]), Decimal(one["yoy"])) for one in expected if one["yoy"]}
    return (proposal.indicator.value, proposal.value.value) in said


def wrong(proposal: Proposal, figure: Mapping[str, Any]) -> list[str]:
    """Return the fields that are not what the figure says; a whole year may be a period or the year to date."""
    period = parse_period(figure["period"])
    whole_year = (period.start.month, period.start.day, period.end.month, period.end.day) == (1, 1, 12, 31)
    basis = {figure["basis"], *(("period", "year_to_date") if whole_year else ())}
    growth = {Decimal(figure["yoy"]).scaleb(-2) if figure["yoy"] else None}
    growth |= {None} if figure.get("yoy_optional") else set()
    right = {
        "period": proposal.period is not None and proposal.period.value == period,
        "basis": proposal.basis is not None and proposal.basis.value in basis,
        "yoy": (proposal.yoy.value if proposal.yoy else None) in growth,
        "qualifier": proposal.qualifier is not None and proposal.qualifier.value == figure["qualifier"],
    }
    return [name for name, fine in right.items() if not fine]
