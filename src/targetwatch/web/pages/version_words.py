"""What a version of a promise changed, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from targetwatch.model import PlanShape
from targetwatch.wording.translation import LANGUAGES, N_, NC_, translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import Indicator, TargetVersion
    from targetwatch.web.formats import Formats
    from targetwatch.web.pages.versions import VersionChange

LONGEST_REASON = 500
NAMES = {
    "goal": N_("Goal"),
    "deadline": N_("Deadline"),
    "start": NC_("target", "Start"),
    "baseline": N_("Baseline"),
    "plan": N_("Plan"),
    "steps": N_("Steps"),
}
PLANS = {
    "linear": N_("a straight line"),
    "seasonal": N_("by the course of past years"),
}


def parts(formats: Formats, change: VersionChange, indicator: Indicator) -> list[tuple[str, str, str]]:
    """Return (name, before, after) of everything a version changed."""
    _ = translator(formats.language)
    if change.before is None:
        return []
    found = []
    for part in change.parts:
        before, after = (_said(formats, part, one, indicator) for one in (change.before, change.version))
        if part == "steps" and before == after:
            after = _("{count} steps, other dates", count=len(change.version.steps))
        if part == "plan" and before == after:
            after = _("{count} waypoints, others", count=len(change.version.plan.waypoints))
        found.append((_(NAMES[part]), before, after))
    return found


def sentence(formats: Formats, change: VersionChange, indicator: Indicator) -> str:
    """Return everything a version changed in one line; of one that is only announced anew, that."""
    _ = translator(formats.language)
    said = [
        _("{part}: {before} → {after}", part=part, before=before, after=after)
        for part, before, after in parts(formats, change, indicator)
    ]
    if not said and change.before is not None:
        old, new = (formats.day(one.announcement.on) for one in (change.before, change.version))
        said = [_("{part}: {before} → {after}", part=_("Announced on"), before=old, after=new)]
    return _("; ").join(said)


def reason(formats: Formats, change: VersionChange, indicator: Indicator) -> str:
    """Return the reason given for a version; "" where none was and the change itself was put down as one."""
    given = change.version.reason
    undone = N_("undoes version {number}")
    if given in {translator(one)(undone, number=change.version.number - 1) for one in LANGUAGES}:
        return translator(formats.language)(undone, number=change.version.number - 1)
    made = {made_reason(replace(formats, language=one), change, indicator) for one in LANGUAGES}
    return "" if given in made else given


def numbered(formats: Formats, numbers: Sequence[int]) -> str:
    """Return versions by their numbers, ascending, in a few words.

    >>> from targetwatch.web.formats import Formats
    >>> [numbered(Formats("en"), some) for some in ([2], [2, 3], [2, 3, 4], [2, 4])]
    ['version 2', 'versions 2, 3', 'versions 2–4', 'versions 2, 4']
    """
    _ = translator(formats.language)
    if len(numbers) == 1:
        return _("version {number}", number=numbers[0])
    many = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1  # noqa: PLR2004 - two are named
    said = f"{numbers[0]}–{numbers[-1]}" if many else _(", ").join(map(str, numbers))
    return _("versions {numbers}", numbers=said)


def made_reason(formats: Formats, change: VersionChange, indicator: Indicator) -> str:
    """Return what is put down as the reason of a version where none has to be given: what it changed."""
    return sentence(formats, change, indicator)[:LONGEST_REASON]


def _said(formats: Formats, part: str, version: TargetVersion, indicator: Indicator) -> str:
    _ = translator(formats.language)
    match part:
        case "goal":
            return formats.goal_of(version, indicator)
        case "deadline":
            return formats.day(version.deadline) if version.deadline else _("no deadline announced")
        case "start":
            return formats.day(version.start)
        case "baseline" if version.baseline is not None:
            base = version.baseline
            said = formats.amount(base.value, indicator)
            return _("{value} ({period})", value=said, period=formats.period(base.period))
        case "baseline":
            return _("none")
        case "plan" if version.plan.shape is PlanShape.WAYPOINTS:
            return _("{count} waypoints", count=len(version.plan.waypoints))
        case "plan":
            return _(PLANS[version.plan.shape])
        case _:
            return _("{count} steps", count=len(version.steps))
