"""A version of a promise in words: its goal, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence

from targetwatch.evaluation.versions import VersionChange, resolve
from targetwatch.model import Indicator, PlanShape, TargetVersion
from targetwatch.wording.formats import amount, bounds, change_asked_for, day, period, with_change
from targetwatch.wording.translation import LANGUAGES, N_, NC_, Translator, translator

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


def goal(version: TargetVersion, indicator: Indicator, _: Translator) -> str:
    """Return a goal in words; a relative one without a baseline as the change it asks for."""
    found, change = resolve(version), version.goal.relative
    if found.value is None and change is not None:
        return _("{change} on the baseline", change=change_asked_for(change, _))
    return with_change(bounds(found, indicator, _), change, _)


def parts(change: VersionChange, indicator: Indicator, _: Translator) -> list[tuple[str, str, str]]:
    """Return (name, before, after) of everything a version changed."""
    if change.before is None:
        return []
    found = []
    for part in change.parts:
        before, after = (in_words(part, one, indicator, _) for one in (change.before, change.version))
        if part == "steps" and before == after:
            after = _("{count} steps, other dates", count=len(change.version.steps))
        if part == "plan" and before == after:
            after = _("{count} waypoints, others", count=len(change.version.plan.waypoints))
        found.append((_(NAMES[part]), before, after))
    return found


def sentence(change: VersionChange, indicator: Indicator, _: Translator) -> str:
    """Return everything a version changed in one line; of one that is only announced anew, that."""
    said = [
        _("{part}: {before} → {after}", part=part, before=before, after=after)
        for part, before, after in parts(change, indicator, _)
    ]
    if not said and change.before is not None:
        old, new = (day(one.announcement.on, _) for one in (change.before, change.version))
        said = [_("{part}: {before} → {after}", part=_("Announced on"), before=old, after=new)]
    return _("; ").join(said)


def reason(change: VersionChange, indicator: Indicator, _: Translator) -> str:
    """Return the reason given for a version; "" where none was and the change itself was put down as one."""
    given = change.version.reason
    undone = N_("undoes version {number}")
    if given in {translator(one)(undone, number=change.version.number - 1) for one in LANGUAGES}:
        return _(undone, number=change.version.number - 1)
    made = {made_reason(change, indicator, translator(one)) for one in LANGUAGES}
    return "" if given in made else given


def numbered(numbers: Sequence[int], _: Translator) -> str:
    """Return versions by their numbers, ascending, in a few words.

    >>> [numbered(some, translator("en")) for some in ([2], [2, 3], [2, 3, 4], [2, 4])]
    ['version 2', 'versions 2, 3', 'versions 2–4', 'versions 2, 4']
    """
    if len(numbers) == 1:
        return _("version {number}", number=numbers[0])
    many = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1  # noqa: PLR2004 - two are named
    said = f"{numbers[0]}–{numbers[-1]}" if many else _(", ").join(map(str, numbers))
    return _("versions {numbers}", numbers=said)


def made_reason(change: VersionChange, indicator: Indicator, _: Translator) -> str:
    """Return what is put down as the reason of a version where none has to be given: what it changed."""
    return sentence(change, indicator, _)[:LONGEST_REASON]


def in_words(part: str, version: TargetVersion, indicator: Indicator, _: Translator) -> str:
    """Return one part of a version, by its name in NAMES, briefly."""
    match part:
        case "goal":
            return goal(version, indicator, _)
        case "deadline":
            return day(version.deadline, _) if version.deadline else _("no deadline announced")
        case "start":
            return day(version.start, _)
        case "baseline" if version.baseline is not None:
            base = version.baseline
            said = amount(base.value, indicator, _)
            return _("{value} ({period})", value=said, period=period(base.period, _))
        case "baseline":
            return _("none")
        case "plan" if version.plan.shape is PlanShape.WAYPOINTS:
            return _("{count} waypoints", count=len(version.plan.waypoints))
        case "plan":
            return _(PLANS[version.plan.shape])
        case _:
            return _("{count} steps", count=len(version.steps))
