"""What the API answers: verdicts and versions in the shapes of its version 1, and what may be answered instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from targetwatch.model.words import plain
from targetwatch.wording import published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Indicator, Snapshot, Target, TargetVersion

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what was expected"},
        "instance": {"type": "string", "description": "The path asked for"},
    },
}


def problem_answers(**said: str) -> dict[int | str, dict[str, Any]]:
    """Return what a route may answer instead, each as problem JSON."""
    content = {"application/problem+json": {"schema": PROBLEM_SCHEMA}}
    return {code.removeprefix("_"): {"description": text, "content": content} for code, text in said.items()}


PROBLEM = problem_answers(
    _400="A date that is none, or lies in the future",
    _422="A parameter that cannot be read",
    _503="The first snapshot is still being taken",
)
MISSING = problem_answers(_404="Nothing of that name, or not announced by then")
UNKNOWN = problem_answers(_401="No token, or a wrong one, where this service asks for one to read")


def verdict_of(snapshot: Snapshot, target: Target, indicator: Indicator) -> dict[str, Any]:
    """Return a verdict with what a reader needs to name it; an owner's address is nobody's business here."""
    owner = {"id": target.owner.id, "name": plain(target.owner.name)}
    more = {"title": plain(target.title), "short": plain(target.short), "programme": target.programme, "owner": owner}
    return published.as_json(snapshot.verdicts[target.id], indicator, snapshot.as_of.day) | more


def version_of(version: TargetVersion) -> dict[str, Any]:
    """Return a version with its goal and plan in the shape that version 1 of the API has had from the start."""
    goal, plan = version.goal, version.plan
    said = {"comparator": goal.comparator, "value": goal.value, "upper": goal.upper, "change": goal.relative}
    points = [(point.on, point.value) for point in plan.waypoints]
    return {**plain(version), "goal": plain(said), "plan": plain({"shape": plan.shape, "waypoints": points})}


def moment_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return the moment that an answer is as of."""
    said = {"as_of": snapshot.as_of.day, "clock": snapshot.as_of.clock, "taken_at": snapshot.taken_at}
    return {**said, "simulated": snapshot.simulated}


def answer(value: Mapping[str, object], status: int = 200) -> Response:
    """Return values as JSON."""
    return JSONResponse(plain(dict(value)), status)
