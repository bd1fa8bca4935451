"""How figures, and what became of them, are said on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from targetwatch.model import Qualifier
from targetwatch.quantity import format_period

if TYPE_CHECKING:
    from targetwatch.ingest import IngestOutcome, Recorded
    from targetwatch.model import Reading


def print_outcome(outcome: IngestOutcome) -> None:
    """Print what a run of a source brought."""
    counts = f"{outcome.new} new, {outcome.revised} revised, {outcome.held} held, {outcome.known} known"
    print(f"{outcome.source}: {outcome.outcome}{f': {outcome.reason}' if outcome.reason else f': {counts}'}")
    if outcome.dry_run:
        print(f"    would ask: {outcome.request}")
        for judged in outcome.judged:
            why = f"  ({judged.reason})" if judged.reason else ""
            print(f"    {judged.outcome:8} {judged.place}  {line(judged.reading)}{why}")
            if judged.outcome == "revised" and judged.current is not None:
                print(f"             replaces {_cited(judged.current)}")
    for judged in outcome.judged:
        if judged.outcome == "held" and not outcome.dry_run:
            print(f"    held as {judged.id}: {line(judged.reading)}: {judged.reason}")
    for problem in outcome.problems:
        print(f"    {problem}", file=sys.stderr)


def print_recorded(done: Recorded, *, dry_run: bool) -> None:
    """Print what became of a figure typed in, and what to do about it."""
    would = "would be " if dry_run and done.outcome not in {"known", "rejected"} else ""
    number = f" as {done.id}" if done.id is not None and not (done.outcome == "held" and dry_run) else ""
    before = " before" if done.outcome == "rejected" else ""
    print(f"{would}{done.outcome}{before}{number}: {line(done.reading)}")
    if done.reason:
        print(f"    {done.reason}")
    if done.replaces is not None:
        print(f"    {'would replace' if dry_run else 'replaces'} {_cited(done.replaces)}")
    if done.outcome == "known" and done.current is not None and done.current.id == done.id:
        print(f"    in force is {_cited(done.current)}; nothing was added")
    for note in _notes(done):
        print(f"    note: {note}")
    if done.outcome in {"held", "rejected"} and done.id is not None and not dry_run:
        print(f"    accept it with: targetwatch held accept {done.id} --note WHY")
    if done.outcome == "held" and done.id is not None and not dry_run:
        print(f"    reject it with: targetwatch held reject {done.id} --note WHY")


def _notes(done: Recorded) -> list[str]:
    """Return what is worth a second look although it speaks against nothing."""
    found = []
    if done.quote_agrees is False:
        found.append("the quote names another figure than the value")
    if done.growth_differs and done.year_before is not None and done.own_growth is not None:
        own = f"{float(done.own_growth) * 100:+.1f} %"
        found.append(f"the growth on {_cited(done.year_before)} is {own}, not the published one")
    if done.reading.published_on is None and done.outcome in {"new", "revised"}:
        found.append("without a publication date it counts on the recorded clock only; say --published to judge by it")
    return found


def _cited(reading: Reading) -> str:
    number = f"reading {reading.id}, " if reading.id is not None else ""
    return f"{number}{reading.value:,f} in {format_period(reading.period)}, {_published(reading)}"


def _published(reading: Reading) -> str:
    return f"published {reading.published_on}" if reading.published_on else "without a publication date"


def line(reading: Reading) -> str:
    """Return a reading in one line."""
    rate = f", {float(reading.yoy) * 100:+g} %" if reading.yoy is not None else ""
    step = f" [{reading.step}]" if reading.step else ""
    qualifier = "" if reading.qualifier is Qualifier.EXACT else f"{reading.qualifier.value} "
    who = reading.publisher
    published = (
        f"published {reading.published_on} by {who}" if reading.published_on else f"by {who}, {_published(reading)}"
    )
    return (
        f"{reading.indicator}{step} {reading.period.start}..{reading.period.end} {reading.basis.value} "
        f"{qualifier}{reading.value:,f}{rate}, {published}"
    )
