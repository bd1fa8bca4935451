"""What a version of a promise changed, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from targetwatch.model import PlanShape
from targetwatch.web.language import LANGUAGES
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import Indicator, TargetVersion
    from targetwatch.web.formats import Formats
    from targetwatch.web.pages.versions import VersionChange

LONGEST_REASON = 500
NAMES = {
    "goal": "goal",
    "deadline": "deadline",
    "start": "start_day",
    "baseline": "baseline",
    "plan": "plan",
    "steps": "steps_heading",
}


def parts(formats: Formats, change: VersionChange, indicator: Indicator) -> list[tuple[str, str, str]]:
    """Return (name, before, after) of everything a version changed."""
    if change.before is None:
        return []
    found = []
    for part in change.parts:
        before, after = (_said(formats, part, one, indicator) for one in (change.before, change.version))
        if part == "steps" and before == after:
            after = _say(formats, "version_steps_dates", count=len(change.version.steps))
        if part == "plan" and before == after:
            after = _say(formats, "version_plan_points", count=len(change.version.plan.waypoints))
        found.append((_say(formats, NAMES[part]), before, after))
    return found


def sentence(formats: Formats, change: VersionChange, indicator: Indicator) -> str:
    """Return everything a version changed in one line; of one that is only announced anew, that."""
    said = [
        _say(formats, "version_changed", part=part, before=before, after=after)
        for part, before, after in parts(formats, change, indicator)
    ]
    if not said and change.before is not None:
        old, new = (formats.day(one.announcement.on) for one in (change.before, change.version))
        said = [_say(formats, "version_changed", part=_say(formats, "field_announced_on"), before=old, after=new)]
    return _say(formats, "semicolon").join(said)


def reason(formats: Formats, change: VersionChange, indicator: Indicator) -> str:
    """Return the reason given for a version; "" where none was and the change itself was put down as one."""
    given = change.version.reason
    if given in {PHRASES["undoes_version"][one].format(number=change.version.number - 1) for one in LANGUAGES}:
        return _say(formats, "undoes_version", number=change.version.number - 1)
    made = {made_reason(replace(formats, language=one), change, indicator) for one in LANGUAGES}
    return "" if given in made else given


def numbered(formats: Formats, numbers: Sequence[int]) -> str:
    """Return versions by their numbers, ascending, in a few words.

    >>> from targetwatch.web.formats import Formats
    >>> [numbered(Formats("en"), some) for some in ([2], [2, 3], [2, 3, 4], [2, 4])]
    ['version 2', 'versions 2, 3', 'versions 2–4', 'versions 2, 4']
    """
    if len(numbers) == 1:
        return _say(formats, "chart_version", number=numbers[0])
    many = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1  # noqa: PLR2004 - two are named
    said = f"{numbers[0]}–{numbers[-1]}" if many else _say(formats, "comma").join(map(str, numbers))
    return _say(formats, "chart_versions", numbers=said)


def made_reason(formats: Formats, change: VersionChange, indicator: Indicator) -> str:
    """Return what is put down as the reason of a version where none has to be given: what it changed."""
    return sentence(formats, change, indicator)[:LONGEST_REASON]


def _said(formats: Formats, part: str, version: TargetVersion, indicator: Indicator) -> str:
    match part:
        case "goal":
            return formats.goal_of(version, indicator)
        case "deadline":
            return formats.day(version.deadline) if version.deadline else _say(formats, "no_deadline")
        case "start":
            return formats.day(version.start)
        case "baseline" if version.baseline is not None:
            base = version.baseline
            said = formats.amount(base.value, indicator)
            return _say(formats, "version_baseline", value=said, period=formats.period(base.period))
        case "baseline":
            return _say(formats, "version_none")
        case "plan" if version.plan.shape is PlanShape.WAYPOINTS:
            return _say(formats, "version_plan_waypoints", count=len(version.plan.waypoints))
        case "plan":
            return _say(formats, f"version_plan_{version.plan.shape.value}")
        case _:
            return _say(formats, "version_steps", count=len(version.steps))


def _say(formats: Formats, key: str, **values: object) -> str:
    text = PHRASES[key][formats.language]
    return text.format(**values) if values else text
