"""What a changed promise would mean, before it is saved: the verdict now and after, the plans, the past, the mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.chart import SIZES, PlanComparison, Promise, course_of, draw_comparison, legend
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.goal import resolve
from targetwatch.evaluation.versions import changed_from
from targetwatch.model import Measure
from targetwatch.web import mails
from targetwatch.web.formats import Formats
from targetwatch.web.targets import differences, fields
from targetwatch.web.targets.chart_words import Drawn, PlainWords
from targetwatch.wording.translation import N_, NC_, translator
from targetwatch.wording.versions import made_reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from targetwatch.chart import PlanRow
    from targetwatch.evaluation.goal import Resolved
    from targetwatch.model import Catalogue, Indicator, Reading, Snapshot, Target, TargetVersion, Verdict
    from targetwatch.web.mails import Mail
    from targetwatch.web.running import RunningService
    from targetwatch.web.targets.differences import Difference
    from targetwatch.web.targets.form import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The promise on one side of the comparison, and what is said of it on what is known now."""

    version: TargetVersion
    goal: Resolved
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Everything on the page. `now` is None where there is nothing to compare with."""

    draft: Draft
    indicator: Indicator
    now: Side | None
    after: Side
    differences: tuple[Difference, ...]
    drawn: Drawn | None
    plans: list[PlanRow]
    counts_from: date
    today: date
    kept_before: int
    kept_since: int
    mail: Mail | None
    is_said_before: bool
    is_reached_by_any: bool
    reason: str

    @property
    def is_to_come(self) -> bool:
        """Return whether nothing changes yet."""
        return self.counts_from > self.today

    @property
    def is_past(self) -> bool:
        """Return whether days gone by are judged otherwise."""
        return self.counts_from < self.today


def preview_of(
    service: RunningService, draft: Draft, before: Target | None, catalogue: Catalogue, *, language: str
) -> Preview:
    """Return what saving a draft would mean, beside the target as it is kept (None: a new one)."""
    snapshot = service.current()
    known = {one.id: one for one in (*catalogue.indicators, *draft.beside.indicators)}
    indicator = known[draft.target.indicator]
    is_there = any(one.id == indicator.id for one in catalogue.indicators)
    readings = service.readings_of(indicator, known) if is_there else ()
    after = _after(draft.target, indicator, readings, snapshot)
    now = _now(before, snapshot)
    drawn, plans = _compared(
        indicator,
        readings,
        snapshot,
        now=now,
        after=after,
        counts_from=draft.version.effective,
        formats=Formats(language),
    )
    history = service.history_of(draft.target.id) if before else ()
    found = differences_of(draft, before, catalogue, indicator, language=language)
    return Preview(
        draft=draft,
        indicator=indicator,
        now=now,
        after=after,
        differences=found,
        drawn=drawn,
        plans=plans,
        counts_from=draft.version.effective,
        today=snapshot.as_of.day,
        kept_before=sum(change.on < draft.version.effective for change in history),
        kept_since=sum(change.on >= draft.version.effective for change in history),
        mail=_mail(service, draft, before, now=now, after=after),
        is_said_before=_is_said_before(draft, before),
        is_reached_by_any=_is_reached_by_any(resolve(draft.version), indicator, readings),
        reason=reason_of(draft, before, indicator, language=language),
    )


def differences_of(
    draft: Draft, before: Target | None, catalogue: Catalogue, indicator: Indicator, *, language: str
) -> tuple[Difference, ...]:
    """Return what a draft changes of a target, field by field; nothing for a new one."""
    if before is None:
        return ()
    everything = replace(
        catalogue,
        programmes=(*catalogue.programmes, *draft.beside.programmes),
        targets=(*catalogue.targets, draft.target),
    )
    found = differences.between((fields.of_target(before), fields.of_target(draft.target)), everything, language)
    formats = Formats(language)
    stands = tuple(formats.goal(one.versions[-1], indicator) for one in (before, draft.target))
    return tuple(replace(one, stands=stands) if one.name == differences.GOAL else one for one in found)


def reason_of(draft: Draft, before: Target | None, indicator: Indicator, *, language: str) -> str:
    """Return the reason as typed; where none has to be given and none was, what the version changes."""
    said = draft.version.reason
    if said or before is None or not draft.is_new_version:
        return said
    return made_reason(changed_from(before.versions[-1], draft.version), indicator, translator(language))


def _now(before: Target | None, snapshot: Snapshot) -> Side | None:
    verdict = snapshot.verdicts.get(before.id) if before else None
    version = before.version_on(snapshot.as_of.day) if before else None
    return Side(version=version, goal=resolve(version), verdict=verdict) if verdict and version else None


def _after(target: Target, indicator: Indicator, readings: Sequence[Reading], snapshot: Snapshot) -> Side:
    """Return the verdict on what is known now, also of a promise that counts from a later day."""
    last, day = target.versions[-1], snapshot.as_of.day
    counting = replace(last, effective=min(last.effective, day))
    judged = replace(target, versions=(*target.versions[:-1], counting))
    return Side(version=last, goal=resolve(last), verdict=evaluate(judged, indicator, readings, snapshot.as_of))


def _compared(
    indicator: Indicator,
    readings: Sequence[Reading],
    snapshot: Snapshot,
    *,
    now: Side | None,
    after: Side,
    counts_from: date,
    formats: Formats,
) -> tuple[Drawn | None, list[PlanRow]]:
    """Return both plans drawn and in numbers; nothing of milestones, which have no course."""
    if indicator.measure is Measure.MILESTONES:
        return None, []

    _ = translator(formats.language)

    def promise(side: Side, name: str) -> Promise:
        goal = formats.goal(side.version, indicator)
        named = f"{_(name)}{_(': ')}{goal}"
        return Promise(course_of(indicator, side.version, readings, snapshot.as_of), named)

    found = PlanComparison(
        promise(now, NC_("preview", "Now")) if now else None,
        promise(after, NC_("preview", "After") if now else N_("Goal")),
        counts_from if now else None,
    )
    said = PlainWords(
        formats=formats,
        indicator=indicator,
        label=_(
            "The plan and goal now and after the change, with the figures published; the numbers are in the table below"
        ),
    )
    names = {
        "actual": N_("published, at the day it describes"),
        "now": N_("plan and goal now"),
        "after": N_("plan and goal after") if now else N_("plan and goal"),
        "from": N_("counts from {day}"),
    }
    day = formats.day(counts_from)
    entries = [(kind, _(names[kind], day=day)) for kind in found.kinds]
    drawn = Drawn(tuple(draw_comparison(found, said, size) for size in SIZES), legend(entries))
    return drawn, found.rows(said)


def _mail(
    service: RunningService, draft: Draft, before: Target | None, *, now: Side | None, after: Side
) -> Mail | None:
    """Return the mail that would follow; a new owner is told of a lag as if nobody had been told yet."""
    if draft.is_new_version and draft.version.effective > service.current().as_of.day:
        return None
    stays = before is not None and before.owner.email == draft.target.owner.email
    known = now.verdict if now is not None and stays else None
    return mails.mail(draft.target, known, after.verdict, known_at=service.now(), settings=service.settings)


def _is_said_before(draft: Draft, before: Target | None) -> bool:
    """Return whether a changed goal still stands on the announcement of the one before."""
    if before is None or not draft.is_new_version:
        return False
    last = before.versions[-1]
    return draft.version.announcement == last.announcement and resolve(draft.version) != resolve(last)


def _is_reached_by_any(goal: Resolved, indicator: Indicator, readings: Sequence[Reading]) -> bool:
    """Return whether a goal asks for nothing: every figure there can be reaches it, as far as is known."""
    if goal.value is None or not goal.upward or goal.upper is not None:
        return goal.value is not None and not goal.upward and goal.value == indicator.highest
    lowest = min((Decimal(0), *(reading.value for reading in readings)))
    return goal.value <= (lowest if indicator.lowest is None else indicator.lowest)
