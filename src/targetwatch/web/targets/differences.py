"""States of a form side by side, field by field; and two people at once, of whom nothing typed is lost."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from targetwatch.web.targets import fields
from targetwatch.wording import formats, terms
from targetwatch.wording.translation import N_, Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Catalogue

ROWS = {"steps": N_("Step {number}"), "plan.waypoints": N_("Point {number}")}
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
    for row in fields.ROWS:
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
        choice = next((choice for start, choice in DESCRIBES.items() if name.startswith(start)), "")
        if not name.startswith("goal.") and (not choice or values.get(choice) == fields.NEW):
            found[name] = (_(terms.FIELDS[name]), stands(name, name))
    found[GOAL] = (_("Goal"), _goal(values, _))
    for row, label in ROWS.items():
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
