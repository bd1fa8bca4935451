"""What is proposed of an announcement: one target, how it would be entered, and which target holds it already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from targetwatch.model import Comparator, Indicator, Measure, Target, TargetVersion
from targetwatch.model.scalars import plain_number
from targetwatch.press.text import plain_text
from targetwatch.quantity import convert

CHANGE = "change"
"""The comparator of a goal relative to where it stood, beside those of the model."""
ABOUT = Decimal("0.05")
"""What "about" is taken to leave open on either side, as a share of the amount."""
NEW_INDICATOR = "+"
"""What the form of a target takes for an indicator that is not there yet."""
LONGEST_QUOTE, LONGEST_TITLE = 400, 120
LEAST_SHARED = 12
"""Fewer letters in common may be chance."""
SAME = Decimal("0.001")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One target as the text seems to promise it, on the words `text` from `start` to `end`.

    `value` counts in `unit`, written out; of a range `upper` is its other end, and a change is signed, in percent.
    `about`: said to be about so much, which stands for ABOUT on either side. `former` is where it stood, or the goal
    given up. `indicator` None: none of the catalogue is likely; `deadline` None: none is said.
    """

    kind: Measure
    comparator: str
    start: int
    end: int
    text: str = ""
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    about: bool = False
    former: Decimal | None = None
    steps: tuple[str, ...] = ()
    first: date | None = None
    deadline: date | None = None
    announcer: str = ""
    announced_on: date | None = None
    indicator: str | None = None

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """Return the two ends of a range; of "about so much" those it is taken to mean."""
        if self.value is None or self.comparator != Comparator.BETWEEN:
            return None
        if self.upper is not None:
            return self.value, self.upper
        return self.value * (1 - ABOUT), self.value * (1 + ABOUT)


@dataclass(frozen=True, slots=True)
class HeldPromise:
    """The target that a promise is about; `changed` where its goal or its deadline is now another."""

    target: Target
    changed: bool


def target_entry(promise: Promise, indicator: Indicator | None, *, language: str) -> tuple[str, dict[str, str]]:
    """Return the kind of form a promise is entered in, and what stands in its fields, named by the model's paths."""
    cells = promise_fields(promise, indicator)
    title = promise.text[:LONGEST_TITLE]
    cells |= {"indicator": indicator.id if indicator else NEW_INDICATOR, f"title.{language}": title}
    if indicator is None:
        cells |= {f"indicators.title.{language}": title, "indicators.unit": promise.unit}
    for number, step in enumerate(promise.steps, 1):
        cells[f"steps.{number}.title.{language}"] = step
    kind = promise.kind if indicator is None else indicator.measure
    return "relative" if promise.comparator == CHANGE else kind.value, cells


def promise_fields(promise: Promise, indicator: Indicator | None) -> dict[str, str]:
    """Return the goal, the window and the announcement as they stand in a form; what is not said is empty."""
    ends = promise.ends
    low, high = ends or (promise.value, None)
    cells = {
        "goal.comparator": promise.comparator,
        "goal.value": _typed(low, promise, indicator),
        "goal.upper": _typed(high, promise, indicator),
        "start": promise.first.isoformat() if promise.first else "",
        "deadline": promise.deadline.isoformat() if promise.deadline else "",
        f"announcement.by.{'en' if promise.announcer.isascii() else 'zh'}": promise.announcer,
        "announcement.on": promise.announced_on.isoformat() if promise.announced_on else "",
        "announcement.quote": promise.text[:LONGEST_QUOTE],
    }
    return {name: text for name, text in cells.items() if text or name in {"start", "deadline"}}


def _typed(value: Decimal | None, promise: Promise, indicator: Indicator | None) -> str:
    """Return an amount in the unit of its indicator, or as it is printed where that counts something else."""
    if value is None:
        return ""
    if promise.comparator == CHANGE:
        return f"{plain_number(value)}%"
    counted = convert(value, promise.unit, indicator.unit) if indicator else value
    return f"{plain_number(value)} {promise.unit}" if counted is None else plain_number(counted)


def held(promise: Promise, targets: Iterable[Target], indicators: Mapping[str, Indicator]) -> HeldPromise | None:
    """Return the target that holds a promise, by its words or by its goal, or the one whose goal it changes."""
    changed = None
    for target in targets:
        version, indicator = target.versions[-1], indicators.get(target.indicator)
        same_day = promise.deadline in {None, version.deadline}
        same_goal = indicator is not None and _same_goal(promise, version, indicator)
        is_its = target.indicator == promise.indicator
        counts = promise.unit not in {"", "%", "pp"} and same_goal and same_day
        if _same_words(promise.text, version.announcement.quote) or counts or (is_its and same_goal and same_day):
            return HeldPromise(target, changed=False)
        later = promise.announced_on is None or promise.announced_on > version.announcement.on
        if (
            is_its
            and later
            and promise.comparator != Comparator.COMPLETE
            and (same_goal or promise.deadline == version.deadline)
        ):
            changed = changed or HeldPromise(target, changed=True)
    return changed


def _same_words(said: str, quote: str) -> bool:
    one, other = (_NOT_LETTERS.sub("", plain_text(words).text) for words in (said, quote))
    return min(len(one), len(other)) >= LEAST_SHARED and (one in other or other in one)


def _same_goal(promise: Promise, version: TargetVersion, indicator: Indicator) -> bool:
    goal = version.goal
    if promise.kind is Measure.MILESTONES or goal.complete:
        return False
    if promise.comparator == CHANGE or goal.relative is not None:
        return promise.comparator == CHANGE and goal.relative is not None and goal.relative * 100 == promise.value
    value = convert(promise.value or Decimal(0), promise.unit, indicator.unit)
    known = goal.value if promise.upper is None and goal.upper is None else None
    if goal.upper is not None and goal.value is not None:
        known = (goal.value + goal.upper) / 2
    return value is not None and known is not None and abs(value - known) <= abs(known) * SAME
