"""States of a form side by side, field by field; and two people at once, of whom nothing typed is lost."""

from __future__ import annotations

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from targetwatch.store import audit
from targetwatch.web.formats import Formats
from targetwatch.web.targets import fields
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue
    from targetwatch.store.audit import AuditEntry
    from targetwatch.store.catalogue import Kept

ROWS = {"steps": N_("Step {number}"), "plan.waypoints": N_("Point {number}")}
GOAL = "goal.comparator"
"""The field a goal begins at, which is said as a whole."""
DESCRIBES = {"owner.": "owner", "programmes.": "programme"}
"""Fields that say nothing unless a new one is chosen."""
CHANGED, ARCHIVED, HANDED = "changed", "archived", "handed_back"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """What happened meanwhile: who saved, archived or handed back the target, when, and what differs."""

    kind: str
    who: str
    at: datetime | None
    differences: tuple[Difference, ...]
    merged: Mapping[str, str]
    started: str
    expected: int

    @property
    def is_clean(self) -> bool:
        """Return whether no field was changed on both sides."""
        return not any(one.clash for one in self.differences)


def between(states: tuple[Mapping[str, str], ...], catalogue: Catalogue, language: str) -> tuple[Difference, ...]:
    """Return what differs between states of a form, in the order of the page; of three, the first is what was."""
    said = [_said(state, catalogue, language) for state in states]
    labels = {key: label for one in said for key, (label, _) in one.items()}
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


def happened(kept: Kept, expected: int) -> str:
    """Return what happened to a target since a form was opened; "" when nothing did."""
    if kept.archived_at is not None:
        return ARCHIVED
    if kept.target.managed_by == "file":
        return HANDED
    return CHANGED if kept.revision != expected else ""


def clash(
    session: Session,
    kept: Kept,
    *,
    was: Mapping[str, str],
    yours: Mapping[str, str],
    beside: Catalogue,
    language: str,
    kind: str,
) -> Clash:
    """Return what differs between the form as it was opened, the target as it is kept now, and what was typed."""
    theirs = fields.of_target(kept.target)
    own = {name: text for name, text in yours.items() if name not in fields.OF_VERSION}
    start = {name: text for name, text in was.items() if name not in fields.OF_VERSION} or theirs
    last = last_change(session, kept.target.id)
    return Clash(
        kind=kind,
        who=last.actor if last else "",
        at=last.at if last else None,
        differences=between((start, theirs, own), beside, language),
        merged=merged(start, theirs, own) | {name: yours[name] for name in fields.OF_VERSION if name in yours},
        started=packed(theirs),
        expected=kept.revision,
    )


def last_change(session: Session, target_id: str) -> AuditEntry | None:
    """Return what was last done with a target, and by whom."""
    return next(iter(audit.entries(session, object_id=target_id, limit=1)), None)


def packed(values: Mapping[str, str]) -> str:
    """Return what a form said when it was opened, as the one field that remembers it."""
    said = json.dumps({name: text for name, text in values.items() if text}, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(said.encode())).decode()


def unpacked(text: str) -> dict[str, str]:
    """Return what a form said when it was opened; nothing where that has been tampered with."""
    try:
        unpacking = zlib.decompressobj()
        said = json.loads(unpacking.decompress(urlsafe_b64decode(text), MOST_STARTED))
    except (ValueError, RecursionError, zlib.error):
        return {}
    if not isinstance(said, dict) or not all(isinstance(one, str) for one in said.values()):
        return {}
    return fields.typed(said)


def _said(values: Mapping[str, str], catalogue: Catalogue, language: str) -> dict[str, tuple[str, str]]:
    """Return each thing a form says by the field it begins at: its label, and how it stands."""
    _ = translator(language)
    found = {
        name: (_(terms.FIELDS[name]), _value(name, values.get(name, "").strip(), catalogue, language))
        for name in fields.FIELDS
        if fields.kind_of(name) and not name.startswith("goal.") and _counts(name, values)
    }
    found[GOAL] = (_("Goal"), _goal(values, _))
    for row, label in ROWS.items():
        names = fields.parts(row)
        for place, number in enumerate(fields.filled_rows(values, row), 1):
            typed = {one: values.get(f"{row}.{number}.{one}", "").strip() for one in names}
            stands = [_value(f"{row}.{one}", text, catalogue, language) for one, text in typed.items()]
            said = " · ".join(one for one in stands if one)
            found[f"{row}.{place}.{names[0]}"] = (_(label, number=place), said)
    return found


def _counts(name: str, values: Mapping[str, str]) -> bool:
    return all(values.get(choice) == fields.NEW for start, choice in DESCRIBES.items() if name.startswith(start))


def _goal(values: Mapping[str, str], _: Translator) -> str:
    comparator, goal = values.get(GOAL, ""), values.get("goal.value", "").strip()
    if comparator in {"", "complete"}:
        return ""
    if comparator == fields.CHANGE:
        return _("{change} on the baseline", change=goal)
    if comparator not in fields.COMPARATORS:
        return goal
    return _(terms.GOALS[comparator], value=goal, upper=values.get("goal.upper", "").strip())


def _value(name: str, text: str, catalogue: Catalogue, language: str) -> str:
    _ = translator(language)
    if not text:
        return ""
    if fields.FIELDS[name] is fields.DAY:
        try:
            return Formats(language).day(date.fromisoformat(text))
        except ValueError:
            return text
    if name == "plan":
        return _(terms.PLANS[text]) if text in terms.PLANS else text
    if text == fields.NEW:
        return _("A new one ...")
    if name == "programme":
        return next((one.title[language] for one in catalogue.programmes if one.id == text), text)
    if name == "owner":
        return next((one.owner.name[language] for one in catalogue.targets if one.owner.id == text), text)
    return text
