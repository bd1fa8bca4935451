"""Two or three states of a form side by side, field by field, as a reader says them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from targetwatch.web.editing import edit_fields
from targetwatch.web.formats import Formats
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Catalogue

ROWS = {"step": N_("Step {number}"), "waypoint": N_("Point {number}")}
GOAL = ("comparator", "goal", "goal_upper")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: what it is called, and how it stands in each state.

    `clash`: two changed it; `untouched`: of three states the last is as the first was.
    """

    label: str
    stands: tuple[str, ...]
    clash: bool = False
    untouched: bool = False


def between(
    states: tuple[Mapping[str, str], ...], catalogue: Catalogue, language: str, *, only: frozenset[str] | None = None
) -> tuple[Difference, ...]:
    """Return what differs between states of a form, in the order of the page; of three, the first is what was."""
    said = [_said(state, catalogue, language) for state in states]
    labels = {key: label for one in said for key, (label, _) in one.items()}
    found = []
    for key in sorted(labels, key=_order):
        stands = tuple(one[key][1] if key in one else "" for one in said)
        if len(set(stands)) > 1 and (only is None or key in only):
            untouched = len(stands) > 2 and stands[2] == stands[0]  # noqa: PLR2004
            clash = len(stands) > 2 and stands[1] not in (stands[0], stands[2]) and not untouched  # noqa: PLR2004
            found.append(Difference(labels[key], stands, clash, untouched))
    return tuple(found)


def changed(was: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that are not what they were."""
    return frozenset(name for name in {*was, *now} if was.get(name, "").strip() != now.get(name, "").strip())


def merged(was: Mapping[str, str], theirs: Mapping[str, str], yours: Mapping[str, str]) -> dict[str, str]:
    """Return `theirs` with what you changed put on top; the rows of a kind go together."""
    result = {**yours, **theirs}
    for name in changed(was, yours):
        result[name] = yours.get(name, "")
    for row in edit_fields.ROWS:
        of_row = {name for name in {*was, *theirs, *yours} if (found := edit_fields.place(name)) and found[0] == row}
        if any(was.get(name, "") != yours.get(name, "") for name in of_row):
            for name in of_row:
                result.pop(name, None)
            result |= {name: yours[name] for name in of_row if name in yours}
    return result


def _order(key: str) -> tuple[int, int]:
    row = edit_fields.place(key)
    listed = list(edit_fields.LIMITS)
    return (listed.index("plan"), row[2]) if row else (listed.index(key), 0)


def _said(values: Mapping[str, str], catalogue: Catalogue, language: str) -> dict[str, tuple[str, str]]:
    """Return each thing a form says by the field it begins at: its label, and how it stands."""
    _ = translator(language)
    found: dict[str, tuple[str, str]] = {}
    for name in edit_fields.LIMITS:
        if name not in GOAL and _is_said(name, values):
            found[name] = (_(terms.FIELDS[name]), _value(name, values.get(name, "").strip(), catalogue, language))
    found["comparator"] = (_("Goal"), _goal(values, _))
    for row, parts in edit_fields.ROWS.items():
        for place, number in enumerate(edit_fields.filled_rows(values, row), 1):
            stands = [
                _value(part, values.get(f"{row}_{part}_{number}", "").strip(), catalogue, language) for part in parts
            ]
            found[f"{row}_{next(iter(parts))}_{place}"] = (
                _(ROWS[row], number=place),
                " · ".join(one for one in stands if one),
            )
    return found


def _is_said(name: str, values: Mapping[str, str]) -> bool:
    """Return whether a field says anything: what describes a new owner does not where a known one is chosen."""
    describes = next((choice for choice in ("owner", "programme") if name.startswith(f"{choice}_")), None)
    return describes is None or values.get(describes) == edit_fields.NEW


def _goal(values: Mapping[str, str], _: Translator) -> str:
    comparator, goal = values.get("comparator", ""), values.get("goal", "").strip()
    if comparator in {"", "complete"}:
        return ""
    if comparator == edit_fields.CHANGE:
        return _("{change} on the baseline", change=goal)
    if comparator not in edit_fields.comparators():
        return goal
    return _(terms.GOALS[comparator], value=goal, upper=values.get("goal_upper", "").strip())


def _value(name: str, text: str, catalogue: Catalogue, language: str) -> str:
    _ = translator(language)
    if not text:
        return ""
    if edit_fields.is_day(name):
        try:
            return Formats(language).day(date.fromisoformat(text))
        except ValueError:
            return text
    if name == "plan":
        return _(terms.PLANS[text]) if text in terms.PLANS else text
    if text == edit_fields.NEW:
        return _("A new one ...")
    if name == "programme":
        return next((one.title[language] for one in catalogue.programmes if one.id == text), text)
    if name == "owner":
        return next((one.owner.name[language] for one in catalogue.targets if one.owner.id == text), text)
    return text
