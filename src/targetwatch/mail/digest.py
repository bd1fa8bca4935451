"""A week in one mail: each target a line and a small bar, under what it is told for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from targetwatch.chart import bar_of
from targetwatch.mail.letter import Digest, TargetLine
from targetwatch.mail.links import Links
from targetwatch.mail.sections import LOOKS, OTHERWISE, look_of
from targetwatch.model import Indicator, Measure, Verdict
from targetwatch.wording import mail as words
from targetwatch.wording import verdict as verdict_words
from targetwatch.wording.translation import Translator, translator

TRACK, TICK, GAP = "#cfd7de", "#16202a", (1.0, "#ffffff")
TICK_WIDTH = 1.5
"""Of the plan in a bar, in percent of its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One line; `bar` are stretches (percent of the width, colour), which the words beside it say too."""

    what: str = ""
    look: tuple[str, str] = OTHERWISE
    title: str
    said: str
    url: str = ""
    bar: tuple[tuple[float, str], ...] = ()


def groups_of(digest: Digest, links: Links, language: str) -> list[tuple[str, list[DigestLine]]]:
    """Return the lines of a digest under their headings; a heading without lines is left out."""
    _ = translator(language)
    changed = {one.target.id for one in digest.changed}
    found = {
        "changed": [_target(one, links, _, said=_changed(one, _)) for one in digest.changed],
        "lagging": [_target(one, links, _) for one in digest.lagging if one.target.id not in changed],
        "deadlines": [_target(one, links, _) for one in digest.deadlines],
        "releases": [
            DigestLine(
                title=indicator.title[language],
                said=words.due(due, _),
                url=links.page(f"indicators/{indicator.id}"),
            )
            for indicator, due in digest.releases
        ],
    }
    return [(_(words.GROUPS[name]), lines) for name, lines in found.items() if lines]


def subject_of(digest: Digest, language: str) -> str:
    """Return the subject: how the targets told of stand, the worst first."""
    told = {line.target.id: line.verdict.performance for line in (*digest.lagging, *digest.changed)}
    counts = Counter(told.values())
    return words.standing([(one, counts[one]) for one in LOOKS], translator(language))


def _target(line: TargetLine, links: Links, _: Translator, *, said: str = "") -> DigestLine:
    verdict = line.verdict
    deadline = words.by_deadline(verdict, _)
    given = line.acknowledged
    known = words.acknowledged(given.by, given.until, _) if given else ""
    parts = [
        said,
        *words.outlook(verdict, line.target.versions[verdict.version - 1], line.indicator, _),
        deadline,
        known,
    ]
    return DigestLine(
        what=verdict_words.performance(verdict, _),
        look=look_of(verdict),
        title=line.target.title[_.language],
        said=_("; ").join(part for part in parts if part),
        url=links.page(f"targets/{line.target.id}"),
        bar=bar(verdict, line.indicator),
    )


def _changed(line: TargetLine, _: Translator) -> str:
    change = line.change
    return "" if change is None else words.turned(change, _)


def bar(verdict: Verdict, indicator: Indicator) -> tuple[tuple[float, str], ...]:
    """Return progress and plan as coloured stretches of a bar; none where there is nothing to measure against."""
    _sign, color = look_of(verdict)
    drawn = bar_of(verdict, indicator)
    if drawn is None:
        return ()
    if indicator.measure is Measure.MILESTONES:
        wide = round(100 / len(drawn.steps), 2) - GAP[0]
        steps = [((wide, TRACK if one.done_on is None else color), GAP) for one in drawn.steps]
        return tuple(stretch for pair in steps for stretch in pair)[:-1]
    fill, plan = drawn.fill or 0.0, drawn.plan
    tick = None if plan is None else max(plan - TICK_WIDTH, 0.0)
    marks = {0.0, fill, 100.0} | (set() if plan is None or tick is None else {tick, plan})
    stretches = pairwise(sorted(marks))
    return tuple(
        (round(end - start, 2), TICK if start == tick else color if end <= fill else TRACK) for start, end in stretches
    )
