"""What a changed promise would mean, before it is saved: what differs, the verdict, the plans, the past, the mail.

States of a form stand side by side, field by field; so do those of two people at once, of whom nothing typed is lost.
"""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.chart import (
    SIZES,
    AxisWords,
    PlanComparison,
    PlannedPromise,
    PlanRow,
    course_of,
    draw_comparison,
    legend,
)
from targetwatch.checks.itself import doubt
from targetwatch.evaluation import evaluate
from targetwatch.evaluation.versions import announced_before, changed_from, resolve
from targetwatch.model import Catalogue, Indicator, Measure, Reading, Snapshot, Target, TargetVersion, Verdict
from targetwatch.web import lookup, render
from targetwatch.web.targets import fields
from targetwatch.wording import formats, terms, versions
from targetwatch.wording.problems import on_page
from targetwatch.wording.translation import N_, NC_, Translator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from targetwatch.web.forms import Filled
    from targetwatch.web.targets.form import Draft
    from targetwatch.web.targets.request import CatalogueRequest


BUSY, UNSURE = 503, 422
GOAL = "goal.comparator"
"""The field a goal begins at, which is said as a whole."""
DESCRIBES = {"owner.": "owner", "programmes.": "programme"}
"""Fields that say nothing unless a new one is chosen."""
MOST_STARTED = 100_000
"""More bytes than a form can hold: what unpacks to more was not packed here."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: the field it begins at, what that is called, how it stands in each state.

    `clash`: two changed it; `untouched`: of three states the last is as the first was.
    """

    name: str
    label: str
    stands: tuple[str, ...]
    clash: bool = False
    untouched: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """The promise on one side of the comparison, and what is said of it on what is known now."""

    version: TargetVersion
    verdict: Verdict


def preview_page(
    about: CatalogueRequest, draft: Draft, values: Mapping[str, object], action: str, *, status: int = 200
) -> Response:
    """Show what saving a draft would mean; where it could not be saved just now, that it can be tried again.

    Where it was not saved because the goal is doubted (422), that has to be answered first.
    """
    return render.form(
        about.request,
        "edit-preview.html",
        status=status,
        view=preview_of(about, draft),
        action=action,
        is_busy=status == BUSY,
        carried=values,
    )


def preview_of(about: CatalogueRequest, draft: Draft) -> dict[str, Any]:
    """Return what saving a draft would mean, beside the target as it is kept; `now` is None without one."""
    service, before, snapshot = about.service, about.target, about.service.current()
    indicator = _indicator(about, draft)
    readings = about.readings(indicator)
    last, today = draft.version, snapshot.as_of.day
    counting = replace(last, effective=min(last.effective, today))
    judged = replace(draft.target, versions=(*draft.target.versions[:-1], counting))
    after = Side(last, evaluate(judged, indicator, readings, snapshot.as_of))
    now = _now(before, snapshot)
    drawn, plans = _compared(about, indicator, readings, now=now, after=after)
    history = service.history_of(draft.target.id) if before else ()
    return {
        "draft": draft,
        "doubt": said_doubt(about, draft, indicator, readings),
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
        "is_said_before": before is not None and draft.is_new_version and announced_before(before.versions[-1], last),
        "is_reached_by_any": _is_reached_by_any(last, indicator, readings),
        "reason": reason_of(about, draft, indicator),
    }


def is_unsure(about: CatalogueRequest, draft: Draft, posted: Filled) -> bool:
    """Return whether the goal has to be asked about once more, and what was posted does not say that it is meant."""
    indicator = _indicator(about, draft)
    return not posted.text("sure") and bool(said_doubt(about, draft, indicator, about.readings(indicator)))


def said_doubt(about: CatalogueRequest, draft: Draft, indicator: Indicator, readings: Sequence[Reading]) -> str:
    """Return why the goal may be a slip; "" where it is believed."""
    found = doubt(draft.target, indicator, readings) if draft.is_new_version else None
    return on_page(found, about.translator, indicator=indicator) if found else ""


def _indicator(about: CatalogueRequest, draft: Draft) -> Indicator:
    known = {one.id: one for one in (*about.configured.indicators, *draft.beside.indicators)}
    return known[draft.target.indicator]


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
    found = between((before, after), everything, about.translator)
    goals = tuple(versions.goal(one.versions[-1], indicator, about.translator) for one in sides)
    return tuple(replace(one, stands=goals) if one.name == GOAL else one for one in found)


def _now(before: Target | None, snapshot: Snapshot) -> Side | None:
    verdict = snapshot.verdicts.get(before.id) if before else None
    version = before.version_on(snapshot.as_of.day) if before else None
    return Side(version, verdict) if verdict and version else None


def _compared(
    about: CatalogueRequest, indicator: Indicator, readings: Sequence[Reading], *, now: Side | None, after: Side
) -> tuple[dict[str, Any] | None, list[PlanRow]]:
    """Return both plans drawn and in numbers; nothing of milestones, which have no course."""
    if indicator.measure is Measure.MILESTONES:
        return None, []
    _, as_of, counts_from = about.translator, about.service.current().as_of, after.version.effective

    def promise(side: Side, name: str) -> PlannedPromise:
        named = f"{_(name)}{_(': ')}{versions.goal(side.version, indicator, _)}"
        return PlannedPromise(course_of(indicator, side.version, readings, as_of), named)

    found = PlanComparison(
        promise(now, NC_("preview", "Now")) if now else None,
        promise(after, NC_("preview", "After") if now else N_("Goal")),
        counts_from if now else None,
    )
    said = AxisWords(
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
    sizes = [draw_comparison(found, said, size) for size in SIZES]
    return {"sizes": sizes, "legend": legend(entries)}, found.rows(said)


def _mail(about: CatalogueRequest, draft: Draft, *, now: Side | None, after: Side) -> lookup.MailToCome | None:
    """Return the mail that would follow; a new owner is told of a lag as if nobody had been told yet."""
    service, before = about.service, about.target
    if draft.is_new_version and draft.version.effective > about.today:
        return None
    is_moved = before is not None and before.owner.email.lower() != draft.target.owner.email.lower()
    turned = (draft.target, now.verdict if now is not None else None, after.verdict)
    return lookup.mail_to_come(*turned, known_at=service.now(), settings=service.settings, new_owner=is_moved)


def _is_reached_by_any(version: TargetVersion, indicator: Indicator, readings: Sequence[Reading]) -> bool:
    """Return whether a goal asks for nothing: every figure there can be reaches it, as far as is known."""
    goal = resolve(version)
    if goal.value is None or not goal.upward or goal.upper is not None:
        return goal.value is not None and not goal.upward and goal.value == indicator.highest
    lowest = min((Decimal(0), *(reading.value for reading in readings)))
    return goal.value <= (lowest if indicator.lowest is None else indicator.lowest)


def between(states: tuple[Mapping[str, str], ...], catalogue: Catalogue, _: Translator) -> tuple[Difference, ...]:
    """Return what differs between states of a form, in the order of the page; of three, the first is what was."""
    said = [_said(state, catalogue, _) for state in states]
    labels = {key: label for one in said for key, (label, _stands) in one.items()}
    found = []
    for key in fields.ordered(labels):
        stands = tuple(one[key][1] if key in one else "" for one in said)
        if len(set(stands)) > 1:
            untouched = len(stands) > 2 and stands[2] == stands[0]  # noqa: PLR2004
            clash = len(stands) > 2 and stands[1] not in (stands[0], stands[2]) and not untouched  # noqa: PLR2004
            found.append(Difference(key, labels[key], stands, clash, untouched))
    return tuple(found)


def merged(was: Mapping[str, str], theirs: Mapping[str, str], yours: Mapping[str, str]) -> dict[str, str]:
    """Return `theirs` with what you changed put on top; the rows of a list go together."""
    result = {**yours, **theirs}
    for name in {*was, *yours}:
        if was.get(name, "").strip() != yours.get(name, "").strip():
            result[name] = yours.get(name, "")
    for row in terms.ROWS:
        of_row = {name for name in {*was, *theirs, *yours} if (found := fields.row_of(name)) and found[0] == row}
        if any(was.get(name, "") != yours.get(name, "") for name in of_row):
            for name in of_row:
                result.pop(name, None)
            result |= {name: yours[name] for name in of_row if name in yours}
    return result


def packed(values: Mapping[str, str]) -> str:
    """Return what a form said when it was opened, as the one field that remembers it."""
    said = json.dumps({name: text for name, text in values.items() if text}, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(said.encode())).decode()


def unpacked(text: str) -> dict[str, str]:
    """Return what a form said when it was opened; nothing where that has been tampered with."""
    try:
        said = json.loads(zlib.decompressobj().decompress(urlsafe_b64decode(text), MOST_STARTED))
    except (ValueError, RecursionError, zlib.error):
        return {}
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        return {}
    return fields.typed(said)


def _said(values: Mapping[str, str], catalogue: Catalogue, _: Translator) -> dict[str, tuple[str, str]]:
    """Return each thing a form says by the field it begins at: its label, and how it stands."""
    titles = {
        "programme": {one.id: one.title[_.language] for one in catalogue.programmes},
        "owner": {one.owner.id: one.owner.name[_.language] for one in catalogue.targets},
        "plan": {shape: _(words) for shape, words in terms.PLANS.items()},
    }

    def stands(name: str, field: str) -> str:
        text = values.get(name, "").strip()
        if fields.TYPES.get(field) is date:
            try:
                return formats.day(date.fromisoformat(text), _)
            except ValueError:  # what was typed is shown as it was
                return text
        return _("A new one ...") if text == fields.NEW else titles.get(field, {}).get(text, text)

    found = {}
    for name in fields.typed(terms.FIELDS):
        choice = next((choice for prefix, choice in DESCRIBES.items() if name.startswith(prefix)), "")
        if not name.startswith("goal.") and (not choice or values.get(choice) == fields.NEW):
            found[name] = (_(terms.FIELDS[name]), stands(name, name))
    found[GOAL] = (_("Goal"), _goal(values, _))
    for row, label in terms.ROWS.items():
        parts = fields.parts(row)
        for place, number in enumerate(fields.filled_rows(values, row), 1):
            said = (stands(f"{row}.{number}.{part}", f"{row}.{part}") for part in parts)
            found[f"{row}.{place}.{parts[0]}"] = (_(label, number=place), " · ".join(one for one in said if one))
    return found


def _goal(values: Mapping[str, str], _: Translator) -> str:
    comparator, goal = values.get(GOAL, ""), values.get("goal.value", "").strip()
    if comparator in {"", "complete"}:
        return ""
    if comparator == fields.CHANGE:
        return _("{change} on the baseline", change=goal)
    if comparator not in fields.COMPARATORS:
        return goal
    return _(terms.GOALS[comparator], value=goal, upper=values.get("goal.upper", "").strip())
