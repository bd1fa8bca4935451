"""The fields an entry tells of, as a reader is shown them: named, formatted, before and after, secrets hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined

from targetwatch.model import AsOf, Indicator, Owner, Source, TargetVersion
from targetwatch.model.catalogue import as_yaml
from targetwatch.model.problem import Problem
from targetwatch.store.audit.subjects import by_path, masked
from targetwatch.store.audit.trail import HIDDEN
from targetwatch.store.catalogue.diff import changed_fields
from targetwatch.store.types import leaves
from targetwatch.web import access
from targetwatch.web.render import Formats
from targetwatch.wording import terms, versions
from targetwatch.wording.problems import is_ours, on_page
from targetwatch.wording.schedule import schedule_in_words
from targetwatch.wording.translation import Translator, listed, translator

AMOUNTS = frozenset({"above", "at_least", "below", "at_most", "between", "value", "upper", "lowest", "highest", "base"})
RATIOS = frozenset({"change", "by", "yoy"})
DAY = re.compile(r"\d{4}-\d\d-\d\d")
COUNTS_OF_DAYS = frozenset({"lag", "grace"})
ACTORS = frozenset({"actor", "decided_by"})
NEVER = frozenset({"digest", "vintage", "revision", "correction", "recorded_at", "period_start", "period_end"})
"""Columns that tell a reader nothing: how a row is kept, or what its sentence says already."""
BEFORE = {
    "announced_in": "announcement.source.en",
    "announced_by": "announcement.by.en",
    "announcement.by": "announcement.by.en",
    "announcement.source": "announcement.source.en",
    "release_lag_days": "release.lag",
    "release_grace_days": "release.grace",
    "plan_shape": "plan",
    "plan_waypoints": "plan.waypoints",
    "derivation_base": "base",
    "derivation_base_on": "base_on",
}
"""Under which path is kept now what had another name in entries from before the rows were packed."""
SPLIT = re.compile(r"(title|name|short|note|scope|unit_label|release|goal|baseline|announced)_(\w+)")
"""How a column that was a part of something was called then: "title_en"."""
IN_SENTENCE = frozenset({"effective", "reason"})
"""What the sentence of a version says already."""
WHOLE = frozenset({"goal", "baseline"})
"""What of a version is said in one piece, where its unit is known."""


def path_of(column: str) -> str:
    """Return the path of what was kept in a column of that name before the rows were packed; any other as it is.

    >>> path_of("title_en"), path_of("announced_by"), path_of("release_lag_days"), path_of("goal.above")
    ('title.en', 'announcement.by.en', 'release.lag', 'goal.above')
    """
    if column in BEFORE:
        return BEFORE[column]
    part = SPLIT.fullmatch(column)
    return f"{'announcement' if part[1] == 'announced' else part[1]}.{part[2]}" if part else column


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field of an object, before and after; "" is empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shown:
    """How values are shown: in which language, in which zone, in the unit of which indicator."""

    formats: Formats
    as_of: AsOf
    indicator: Indicator | None = None

    @property
    def _(self) -> Translator:
        return translator(self.formats.language)

    def label(self, column: str) -> str:
        """Return the name of a column or path in words, with the row of a list it is in; as it stands without one."""
        path = path_of(column)
        if path.startswith("options."):
            return f"{self.label('options')}: {path.removeprefix('options.')}"
        label, rows = terms.label(re.sub(r"\[.*?\]", "", path)), re.findall(r"\[(.*?)\]", path)
        return " ".join([self._(label), *(f"({row})" for row in rows)]) if label else path

    def value(self, column: str, value: object) -> str:
        """Return a value of a column, or of a path within its terms, in words; "" for none."""
        name = path_of(column).rpartition(".")[2]
        if value is None or value in ("", [], {}):
            return ""
        if value == HIDDEN:
            return self._("(hidden)")
        if isinstance(value, bool):
            return self._("yes") if value else self._("no")
        if isinstance(value, list | tuple) and not any(isinstance(one, list | tuple | Mapping) for one in value):
            return self._(", ").join(self._text(name, str(one)) for one in value)
        if isinstance(value, list | tuple | Mapping):
            return json.dumps(value, ensure_ascii=False, default=str)
        return self._text(name, str(value))

    def _text(self, name: str, value: str) -> str:
        try:
            if name in AMOUNTS:
                much = Decimal(value)
                return self.formats.amount(much, self.indicator) if self.indicator else f"{much:,f}"
            if name in RATIOS:
                return self.formats.percent(Decimal(value.rstrip("%")) / (100 if value.endswith("%") else 1))
            if name == "rounding" and self.indicator is not None:
                return self.formats.width(Decimal(value), self.indicator)
            if DAY.fullmatch(value):
                return self.formats.day(date.fromisoformat(value))
            if name == "at" or name.endswith("_at"):
                return self.formats.moment(datetime.fromisoformat(value), self.as_of)
        except (ValueError, ArithmeticError):
            return value
        if name in ACTORS:
            return access.actor_said(value, self.formats.language)
        if value in (known := terms.VALUES.get(name, {})):
            return self._(known[value])
        if name in COUNTS_OF_DAYS:
            return value.removesuffix("d")
        if name == "reason" and is_ours(kept := Problem.from_text(value)):
            return on_page(kept, self._, indicator=self.indicator)
        return schedule_in_words(value, self._) if name == "schedule" else value


def changes(
    shown: Shown, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *, kind: str = ""
) -> tuple[ShownChange, ...]:
    """Return what differs between two sets of columns, in their order; what is empty on both is left out.

    Of a change of a `kind` that says what a field means where it is left out, that is shown.
    """
    raw = [{BEFORE.get(name, name): value for name, value in by_path(side).items()} for side in (old, new)]
    unsaid = _unsaid(kind) if old is not None and new is not None else {}
    found = []
    for name in {**raw[0], **raw[1]}:
        before, after = (side.get(name) for side in raw)
        if name in NEVER or (before == after != HIDDEN):
            continue
        said = (masked(name, unsaid.get(name) if one is None else one) for one in (before, after))
        found.append(ShownChange(shown.label(name), *(shown.value(name, one) for one in said)))
    return tuple(change for change in found if change.before or change.after)


def differences(shown: Shown, before: TargetVersion | None, after: TargetVersion) -> tuple[ShownChange, ...]:
    """Return what differs between two versions; everything that is not empty for the first."""
    found: dict[str, ShownChange] = {}
    for field in changed_fields(before, after):
        part = field.name.partition(".")[0]
        if part in WHOLE and shown.indicator is not None:
            sides = (_whole(part, one, shown.indicator, shown._) for one in (before, after))
            found[part] = ShownChange(shown.label(part), *sides)
        elif field.name not in IN_SENTENCE:
            sides = (shown.value(field.name, one) for one in (field.old, field.new))
            found[field.name] = ShownChange(shown.label(field.name), *sides)
    return tuple(found.values())


def _whole(part: str, version: TargetVersion | None, indicator: Indicator, _: Translator) -> str:
    if version is None or getattr(version, part) is None:
        return ""
    return versions.in_words(part, version, indicator, _)


def named(labels: Iterable[str], language: str) -> str:
    """Return names of fields as they stand in a sentence."""
    return listed([f"{label[:1].lower()}{label[1:]}" for label in labels], translator(language))


@cache
def _unsaid(kind: str) -> Mapping[str, Any]:
    """Return what the fields of a kind mean where nothing is said, by path."""
    known = {"owner": Owner, "source": Source, "indicator": Indicator}.get(kind)
    fields = known.__pydantic_fields__ if known else {}  # type: ignore[attr-defined]
    said = {name: field.default for name, field in fields.items() if field.default is not PydanticUndefined}
    return leaves({name: as_yaml(value, whole=True) for name, value in said.items()})
