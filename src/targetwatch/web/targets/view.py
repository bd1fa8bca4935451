"""What the overview and the pages of a target and of an indicator show, each as the values its template reads.

What was said of a target is never rewritten. Where the promise was changed for days gone by, what had been said of
those days under the version before no longer agrees with the page: it is told apart, and what was said again unchanged
is told once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from targetwatch.chart import (
    SIZES,
    Picture,
    bar_of,
    course_of,
    course_of_readings,
    draw,
    draw_readings,
    legend,
    moves_of,
    words_of,
    words_of_readings,
)
from targetwatch.errors import NotFoundError
from targetwatch.evaluation import versions
from targetwatch.evaluation.status import DECIDED, URGENCY, taken_back
from targetwatch.evaluation.versions import VersionChange, different
from targetwatch.model import (
    DataState,
    Figure,
    Indicator,
    Measure,
    Performance,
    Reading,
    Snapshot,
    StatusChange,
    Target,
    TargetVersion,
    Text,
    Verdict,
)
from targetwatch.web import lookup
from targetwatch.web.lookup import NamedFigure
from targetwatch.web.running import Moment, RunningService
from targetwatch.web.targets.listing import (
    FILTERS,
    LISTS,
    LONGEST_WORDS,
    LOOKS,
    SORTING,
    TIMES,
    JudgedTarget,
    ListPage,
    ListQuery,
    TargetList,
    described_by,
    find,
)
from targetwatch.wording import terms
from targetwatch.wording.translation import LANGUAGES, N_, Translator, translator
from targetwatch.wording.verdict import PERFORMANCES, of_change

NAMED_RUNNING, NAMED_FAILED, WATCHED_SHOWN = 6, 20, 50
LOOK_BACK = ((3, 1), (7, 1), (10, 1), (12, 8))
"""Days of a closed year worth looking at again: its start, its middle, its last quarter, shortly before its end."""


NAMES = {**FILTERS, "sort": N_("Sorted by"), "look": N_("Shown as")}


def overview_of(moment: Moment, wanted: ListQuery, _: Translator) -> dict[str, Any]:
    """Return the overview of a moment, as far as it was asked for; an unknown filter is left out and said."""
    snapshot = moment.snapshot
    judged = LISTS.list_of(snapshot)
    choices = _choices(judged, _)
    unknown = [
        name for name in choices if getattr(wanted, name) not in {"", *(value for value, _said in choices[name])}
    ]
    said = _(", ").join(f"{_(NAMES[name])} “{getattr(wanted, name)[:LONGEST_WORDS]}”" for name in unknown)
    found = find(judged, wanted.model_copy(update={name: getattr(ListQuery(), name) for name in unknown}), moment, _)
    watched = _watched(snapshot, judged, found.wanted)
    failed = [target for target in snapshot.catalogue.targets if target.id in snapshot.failed]
    return {
        "judged": judged,
        "found": found,
        "choices": choices,
        "unknown": said,
        "groups": _groups(snapshot, found),
        "watched": watched[:WATCHED_SHOWN],
        "watched_more": max(0, len(watched) - WATCHED_SHOWN),
        "closed": _closed(judged, snapshot.as_of.day),
        "running": judged.running if len(judged.running) <= NAMED_RUNNING else (),
        "next_deadline": min((row.verdict.deadline for row in judged.running if row.verdict.deadline), default=None),
        "counts": [(one, judged.counts[one]) for one in URGENCY if judged.counts.get(one)],
        "failed": failed[:NAMED_FAILED],
        "failed_more": max(0, len(failed) - NAMED_FAILED),
        "held": sum(snapshot.held.values()),
        "look_back": _look_back(moment),
    }


def _choices(targets: TargetList, _: Translator) -> dict[str, list[tuple[str, str]]]:
    """Return (value, name) of everything that can be chosen."""
    return {
        "status": [(one.value, _(PERFORMANCES[one])) for one in Performance],
        "programme": [(one.id, one.title[_.language]) for one in targets.programmes],
        "owner": [(one.id, one.name[_.language]) for one in targets.owners],
        "data": [(one.value, _(terms.DATA_STATES[one])) for one in DataState],
        "when": [(one, _(said)) for one, said in TIMES.items()],
        "sort": [(one, _(said)) for one, said in SORTING.items()],
        "look": [(one, _(said)) for one, said in LOOKS.items()],
    }


def _groups(snapshot: Snapshot, found: ListPage) -> list[tuple[Text | None, list[JudgedTarget]]]:
    """Return the rows by programme, with its title; sorted otherwise they stand together."""
    if found.wanted.sort != "programme":
        return [(None, list(found.rows))] if found.rows else []
    titles = {programme.id: programme.title for programme in snapshot.catalogue.programmes}
    grouped = groupby(found.rows, key=lambda row: row.target.programme)
    return [(titles.get(name), list(rows)) for name, rows in grouped]


def _watched(
    snapshot: Snapshot, judged: TargetList, wanted: ListQuery
) -> list[tuple[Indicator, Figure | None, Text | None]]:
    """Return the indicators without a target that hold every word asked for, the latest figure first.

    They have no status, owner or deadline: a list narrowed to one of those shows none.
    """
    if wanted.filters > bool(wanted.q) or wanted.page > 1:
        return []
    publishers = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    words = wanted.q.casefold().split()
    rows = []
    for indicator in judged.unpromised:
        described = described_by(indicator).casefold()
        if all(word in described for word in words):
            figure = snapshot.figures.get(indicator.id)
            rows.append((indicator, figure, publishers.get(figure.publisher if figure else indicator.authority)))
    return sorted(rows, key=lambda row: row[1].period.end if row[1] else date.min, reverse=True)


def _closed(judged: TargetList, today: date) -> list[dict[str, Any]]:
    """Return the years that are over: how their targets ended, and how many still wait for their last figure."""
    years: dict[int, Counter[Performance]] = {}
    for row in judged.rows:
        deadline = row.verdict.deadline
        if deadline is not None and deadline.year < today.year:
            years.setdefault(deadline.year, Counter())[row.verdict.performance] += 1
    found = []
    for year, counts in sorted(years.items()):
        outcome = {one: count for one, count in counts.items() if one in DECIDED}
        waiting = counts.total() - sum(outcome.values())
        found.append({"year": year, "outcome": outcome, "total": counts.total(), "waiting": waiting})
    return found


def _look_back(moment: Moment) -> list[date]:
    """Return the days of the last closed year by which something had been announced."""
    judged = LISTS.list_of(moment.present)
    closed, first = _closed(judged, moment.present.as_of.day), judged.first_announced
    if not closed or first is None:
        return []
    return [day for month, on in LOOK_BACK if (day := date(closed[-1]["year"], month, on)) >= first]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line: a status (`change`), or another version of the promise (`moved`).

    `again` are the later versions under which the same was said of the same day.
    """

    on: date
    change: StatusChange | None = None
    moved: VersionChange | None = None
    again: tuple[int, ...] = ()
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """The lines of a history, and by version what was said under one that no longer counts for that day."""

    entries: tuple[HistoryEntry, ...]
    replaced: Mapping[int, tuple[HistoryEntry, ...]]

    @property
    def changes(self) -> tuple[StatusChange, ...]:
        """Return the statuses that stand, the earliest first."""
        return tuple(one.change for one in reversed(self.entries) if one.change is not None and not one.taken_back)


def target_view(service: RunningService, moment: Moment, target: Target, _: Translator) -> dict[str, Any]:
    """Return the page of one target as of a moment; without a verdict, which could not be made, what was promised.

    `announced_of` is the earlier version whose announcement is all there is of the one in force.

    Raises:
        NotAnnouncedError: it did not exist yet.
    """
    snapshot, today = moment.snapshot, moment.as_of.day
    verdict = None if target.id in snapshot.failed else lookup.verdict(snapshot, target.id)
    shown = versions.until(target, today)
    if not shown:
        raise NotFoundError("target", target.id)
    version, changes = shown[-1], versions.changes(shown)
    indicator = lookup.indicator(snapshot, target.indicator)
    known = lookup.listed(service, moment, indicator)
    rows = lookup.named(moment, known)
    earlier = [row for row in rows if row.known.reading.period.end < version.start]
    later = [row for row in rows if _is_later(row, version, indicator)]
    history = history_of(lookup.history(service, moment, target) if verdict else (), changes, indicator)
    picture = None
    if verdict is not None and indicator.measure is not Measure.MILESTONES:
        readings = [one.reading for one in known]
        picture = _picture(moment, indicator, shown, verdict=verdict, readings=readings, history=history)
    chart = None
    if verdict is not None and picture is not None:
        said = words_of(target, verdict, indicator, changes, _)
        chart = {"sizes": [draw(picture, said, size) for size in SIZES], "legend": legend(said.meanings(picture.kinds))}
    return {
        "target": target,
        "indicator": indicator,
        "version": version,
        "programme": next((one.title for one in snapshot.catalogue.programmes if one.id == target.programme), None),
        "verdict": verdict,
        "bar": bar_of(verdict, indicator) if verdict else None,
        "chart": chart,
        "rows": [row for row in rows if row not in earlier and row not in later],
        "earlier": earlier,
        "later": later,
        "history": history,
        "changes": changes,
        "announced_of": versions.announced_with(shown),
        "may_undo": versions.may_be_undone(target.versions),
        "counts_amounts": indicator.measure is not Measure.MILESTONES,
    }


def indicator_view(service: RunningService, moment: Moment, indicator: Indicator, _: Translator) -> dict[str, Any]:
    """Return the page of one indicator as of a moment: `counts` are the figures of each publisher."""
    snapshot = moment.snapshot
    rows = lookup.named(moment, lookup.listed(service, moment, indicator))
    titles = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    indicators = snapshot.catalogue.indicators_by_id
    names = sorted({row.known.reading.publisher for row in rows}, key=lambda name: (name != indicator.authority, name))
    announced = [
        target
        for target in snapshot.catalogue.targets
        if target.indicator == indicator.id and target.announced_on <= snapshot.as_of.day
    ]
    return {
        "indicator": indicator,
        "authority": titles.get(indicator.authority),
        "figure": snapshot.figures.get(indicator.id),
        "counts": [
            (name, titles.get(name), [row for row in rows if row.known.reading.publisher == name]) for name in names
        ],
        "targets": [(target, snapshot.verdicts.get(target.id)) for target in announced],
        "parts": [indicators[name] for name in (indicator.derivation.of if indicator.derivation else ())],
        "used_by": [one for one in indicators.values() if one.derivation and indicator.id in one.derivation.of],
        "held": snapshot.held.get(indicator.id, 0),
        "chart": _chart_of_readings(moment, indicator, [row.known.reading for row in rows], _),
        "counts_amounts": indicator.measure is not Measure.MILESTONES,
    }


def _chart_of_readings(
    moment: Moment, indicator: Indicator, readings: Sequence[Reading], _: Translator
) -> dict[str, Any] | None:
    """Return the figures drawn in every size; None where there is nothing to draw."""
    course = course_of_readings(indicator, readings, moment.as_of)
    if course is None or indicator.measure is Measure.MILESTONES:
        return None
    picture, said = Picture(course, moment.as_of.day), words_of_readings(indicator, course.spots, _)
    sizes = [draw_readings(picture, said, size) for size in SIZES]
    return {"sizes": sizes, "legend": legend(said.meanings(picture.kinds))}


def history_of(
    changes: Sequence[StatusChange], versions: Sequence[VersionChange], indicator: Indicator
) -> TargetHistory:
    """Return a history, the latest first; on one day the promise changes before its status does."""
    promises = {one.version.number: one.version for one in versions}
    standing: list[StatusChange] = []
    replaced: dict[int, list[StatusChange]] = {}
    lines: list[tuple[date, int, int, HistoryEntry]] = []
    gone = taken_back(changes)
    for place, change in enumerate(changes):
        if _is_replaced(change, promises):
            replaced.setdefault(change.version, []).append(change)
        elif place in gone:
            lines.append((change.on, 1, -place, HistoryEntry(change.on, change, taken_back=True)))
        else:
            standing.append(change)
    lines += [(entry.on, 1, number, entry) for number, entry in enumerate(_told_once(standing, indicator))]
    lines += [
        (moved.version.effective, 0, moved.version.number, HistoryEntry(moved.version.effective, moved=moved))
        for moved in versions
        if moved.before is not None and not moved.undoes
    ]
    lines.sort(key=lambda line: line[:3], reverse=True)
    folded = {
        number: tuple(sorted(_told_once(some, indicator), key=lambda entry: entry.on, reverse=True))
        for number, some in sorted(replaced.items(), reverse=True)
    }
    return TargetHistory(tuple(entry for *_, entry in lines), folded)


def _is_later(row: NamedFigure, version: TargetVersion, indicator: Indicator) -> bool:
    """Return whether a figure is about days after the deadline; a step done too late still belongs to the promise."""
    if version.deadline is None or indicator.measure is Measure.MILESTONES:
        return False
    return row.known.reading.period.end > version.deadline


def _picture(
    moment: Moment,
    indicator: Indicator,
    shown: Sequence[TargetVersion],
    *,
    verdict: Verdict,
    readings: Sequence[Reading],
    history: TargetHistory,
) -> Picture | None:
    """Return what is to be drawn; None where there is neither a figure nor a goal."""
    found = course_of(indicator, shown[-1], readings, moment.as_of)
    if not found.spots and found.goal.value is None:
        return None
    return Picture(found, moment.as_of.day, verdict.forecast, history.changes, moves_of(shown))


def _is_replaced(change: StatusChange, promises: Mapping[int, TargetVersion]) -> bool:
    """Return whether a later version that says something else counts for the day a status was said of."""
    said = promises.get(change.version)
    in_force = (one for one in promises.values() if one.effective <= change.on)
    now = max(in_force, key=lambda one: one.number, default=None)
    return said is not None and now is not None and now.number > said.number and bool(different(said, now))


def _told_once(changes: Iterable[StatusChange], indicator: Indicator) -> list[HistoryEntry]:
    """Return statuses as lines in the order told; one that repeats an earlier one only adds its version."""
    told: dict[tuple[object, ...], list[StatusChange]] = {}
    for change in changes:
        sentence = of_change(change, indicator, translator(LANGUAGES[0]))
        told.setdefault((change.on, change.new, sentence), []).append(change)
    return [
        HistoryEntry(first.on, first, again=tuple(sorted({one.version for one in more} - {first.version})))
        for first, *more in told.values()
    ]
