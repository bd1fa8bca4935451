"""What a changed promise would mean, before it is saved: the verdict now and after, the plans, the past, the mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.chart import SIZES, PlanComparison, Promise, course_of, draw_comparison, legend
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.versions import changed_from, resolve
from targetwatch.model import Measure
from targetwatch.web import mails, render
from targetwatch.web.targets import differences, fields
from targetwatch.web.targets.chart_words import Drawn, PlainWords
from targetwatch.wording import formats, versions
from targetwatch.wording.translation import N_, NC_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from targetwatch.chart import PlanRow
    from targetwatch.model import Indicator, Reading, Snapshot, Target, TargetVersion, Verdict
    from targetwatch.web.targets.differences import Difference
    from targetwatch.web.targets.form import Draft
    from targetwatch.web.targets.request import CatalogueRequest


@dataclass(frozen=True, slots=True)
class Side:
    """The promise on one side of the comparison, and what is said of it on what is known now."""

    version: TargetVersion
    verdict: Verdict


def preview_page(
    about: CatalogueRequest, draft: Draft, values: Mapping[str, object], action: str, *, status: int = 200
) -> Response:
    """Show what saving a draft would mean; where it could not be saved just now, that it can be tried again."""
    return render.form(
        about.request,
        "edit-preview.html",
        status=status,
        view=preview_of(about, draft),
        action=action,
        is_busy=status != 200,  # noqa: PLR2004 - what a page answers with
        carried=values,
    )


def preview_of(about: CatalogueRequest, draft: Draft) -> dict[str, Any]:
    """Return what saving a draft would mean, beside the target as it is kept; `now` is None without one."""
    service, before, snapshot = about.service, about.target, about.service.current()
    known = {one.id: one for one in (*about.configured.indicators, *draft.beside.indicators)}
    indicator = known[draft.target.indicator]
    readings = service.readings_of(indicator, known) if about.indicator(indicator.id) else ()
    last, today = draft.version, snapshot.as_of.day
    counting = replace(last, effective=min(last.effective, today))
    judged = replace(draft.target, versions=(*draft.target.versions[:-1], counting))
    after = Side(last, evaluate(judged, indicator, readings, snapshot.as_of))
    now = _now(before, snapshot)
    drawn, plans = _compared(about, indicator, readings, now=now, after=after)
    history = service.history_of(draft.target.id) if before else ()
    return {
        "draft": draft,
        "indicator": indicator,
        "now": now,
        "after": after,
        "differences": _differences(about, draft, indicator),
        "drawn": drawn,
        "plans": plans,
        "counts_from": last.effective,
        "is_to_come": last.effective > today,
        "is_past": last.effective < today,
        "kept_before": sum(change.on < last.effective for change in history),
        "kept_since": sum(change.on >= last.effective for change in history),
        "mail": _mail(about, draft, now=now, after=after),
        "is_said_before": _is_said_before(draft, before),
        "is_reached_by_any": _is_reached_by_any(last, indicator, readings),
        "reason": reason_of(about, draft, indicator),
    }


def reason_of(about: CatalogueRequest, draft: Draft, indicator: Indicator) -> str:
    """Return the reason as typed; where none has to be given and none was, what the version changes."""
    said, before = draft.version.reason, about.target
    if said or before is None or not draft.is_new_version:
        return said
    return versions.made_reason(changed_from(before.versions[-1], draft.version), indicator, about.translator)


def _differences(about: CatalogueRequest, draft: Draft, indicator: Indicator) -> tuple[Difference, ...]:
    """Return what a draft changes of a target, field by field; nothing for a new one."""
    if about.target is None:
        return ()
    sides, configured = (about.target, draft.target), about.configured
    everything = replace(
        configured,
        programmes=(*configured.programmes, *draft.beside.programmes),
        targets=(*configured.targets, draft.target),
    )
    before, after = (fields.of_target(one) for one in sides)
    found = differences.between((before, after), everything, about.translator)
    goals = tuple(versions.goal(one.versions[-1], indicator, about.translator) for one in sides)
    return tuple(replace(one, stands=goals) if one.name == differences.GOAL else one for one in found)


def _now(before: Target | None, snapshot: Snapshot) -> Side | None:
    verdict = snapshot.verdicts.get(before.id) if before else None
    version = before.version_on(snapshot.as_of.day) if before else None
    return Side(version, verdict) if verdict and version else None


def _compared(
    about: CatalogueRequest, indicator: Indicator, readings: Sequence[Reading], *, now: Side | None, after: Side
) -> tuple[Drawn | None, list[PlanRow]]:
    """Return both plans drawn and in numbers; nothing of milestones, which have no course."""
    if indicator.measure is Measure.MILESTONES:
        return None, []
    _, as_of, counts_from = about.translator, about.service.current().as_of, after.version.effective

    def promise(side: Side, name: str) -> Promise:
        named = f"{_(name)}{_(': ')}{versions.goal(side.version, indicator, _)}"
        return Promise(course_of(indicator, side.version, readings, as_of), named)

    found = PlanComparison(
        promise(now, NC_("preview", "Now")) if now else None,
        promise(after, NC_("preview", "After") if now else N_("Goal")),
        counts_from if now else None,
    )
    said = PlainWords(
        _=_,
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
    entries = [(kind, _(names[kind], day=formats.day(counts_from, _))) for kind in found.kinds]
    drawn = Drawn(tuple(draw_comparison(found, said, size) for size in SIZES), legend(entries))
    return drawn, found.rows(said)


def _mail(about: CatalogueRequest, draft: Draft, *, now: Side | None, after: Side) -> mails.Mail | None:
    """Return the mail that would follow; a new owner is told of a lag as if nobody had been told yet."""
    service, before = about.service, about.target
    if draft.is_new_version and draft.version.effective > about.today:
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


def _is_reached_by_any(version: TargetVersion, indicator: Indicator, readings: Sequence[Reading]) -> bool:
    """Return whether a goal asks for nothing: every figure there can be reaches it, as far as is known."""
    goal = resolve(version)
    if goal.value is None or not goal.upward or goal.upper is not None:
        return goal.value is not None and not goal.upward and goal.value == indicator.highest
    lowest = min((Decimal(0), *(reading.value for reading in readings)))
    return goal.value <= (lowest if indicator.lowest is None else indicator.lowest)
