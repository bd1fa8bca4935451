"""A target's form read into the target it describes, or into everything that is wrong with it, by field.

What is typed becomes the plain values of a configuration file, whose rules decide: fields are named by the paths of the
model, so what the rules find wrong at a path is said at the field of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from targetwatch import configuration
from targetwatch.configuration.yaml import KeyPath
from targetwatch.errors import UsageError
from targetwatch.evaluation.versions import different, eased
from targetwatch.model import Catalogue, Comparator, Indicator, Measure, PlanShape, Target, TargetVersion
from targetwatch.model.problem import Amount, Problem, Value
from targetwatch.model.scalars import plain_number, slug_of
from targetwatch.web.targets import fields
from targetwatch.web.targets.fields import CHANGE, NEW
from targetwatch.web.targets.request import CatalogueRequest
from targetwatch.wording import terms

NO_WORDS = "—"
"""Stands where words are missing, so that the rules say nothing more of them."""
STANDS_FOR = {
    "goal": "goal.value",
    "goal.between": "goal.upper",
    "plan.waypoints": "plan",
    "steps": "steps.1.title.en",
    "owner.id": "owner.name.en",
}
"""The field that what is wrong at a path without a field of its own is said at, where it is not the nearest one."""
LISTS = {"programme": "programmes", "indicator": "indicators", "publisher": "publishers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form says: a target with every version it then has, and what is new with it."""

    target: Target
    beside: Catalogue
    is_new_version: bool = True

    @property
    def version(self) -> TargetVersion:
        """Return the promise as the form says it."""
        return self.target.versions[-1]

    def with_reason(self, reason: str) -> Draft:
        """Return the draft, its promise changed for a reason."""
        last = replace(self.version, reason=reason)
        return replace(self, target=replace(self.target, versions=(*self.target.versions[:-1], last)))


def read(
    values: Mapping[str, str], about: CatalogueRequest, measure: Measure
) -> tuple[Draft | None, dict[str, Problem]]:
    """Return what a form says, or None and everything that is wrong with it by field, in the order of the fields."""
    form = PostedForm(values, about, measure)
    raw = form.lists()
    made, found = configuration.check_values(raw, beside(about, raw["targets"][0].get("indicator", "")))
    for finding in found:
        form.find(finding.path, finding.problem)
    form.check_ids(raw)
    draft = _draft(form, made) if made is not None else None
    if made is None:
        _effective(form, None)
    if form.wrong or draft is None:
        return None, {name: form.wrong[name] for name in fields.ordered(form.wrong)}
    return draft, {}


@dataclass(slots=True)
class PostedForm:
    """A form being read: what was typed, and what is wrong so far."""

    values: Mapping[str, str]
    about: CatalogueRequest
    measure: Measure
    wrong: dict[str, Problem] = field(default_factory=dict)

    def add(self, name: str, code: str | Problem, **values: Value) -> None:
        """Note the first thing that is wrong with a field."""
        self.wrong.setdefault(name, code if isinstance(code, Problem) else Problem(code, values))

    def find(self, path: KeyPath, problem: Problem) -> None:
        """Note what the rules find wrong at a path of the lists; bounds are said as a reader counts."""
        indicator = self.about.indicator(self.values.get("indicator", "")) or self._of_target()
        if problem.code == "goal_bounds" and indicator is not None:
            ends = {"low": indicator.lowest, "high": indicator.highest}
            said = {name: Problem("any") if end is None else Amount(end, indicator.unit) for name, end in ends.items()}
            problem = Problem(problem.code, said)
        self.add(self.field_at(path), problem)

    def said(self, name: str) -> Any:  # noqa: ANN401 - a plain value
        """Return what a field says as the configuration takes it; "" where nothing can be used."""
        try:
            return fields.read(name, self.values.get(name, ""), self.unit)
        except UsageError as error:
            self.add(name, error.problems[0])
            return ""

    def tree(self, path: str) -> dict[str, Any]:
        """Return everything said under a path, as the mapping that stands there in a file."""
        found: dict[str, Any] = {}
        for name in fields.parts(path.rstrip("0123456789").rstrip(".")):
            inner = found
            *outer, last = name.split(".")
            if (value := self.said(f"{path}.{name}")) == "":
                continue
            for key in outer:
                inner = inner.setdefault(key, {})
            inner[last] = value
        return found

    def title(self, path: str) -> dict[str, str]:
        """Return words in both languages, each standing in for the other; where both are missing, one field asks."""
        english, chinese = (self.said(f"{path}.{language}") for language in ("en", "zh"))
        if not any(self.values.get(f"{path}.{language}", "").strip() for language in ("en", "zh")):
            self.add(f"{path}.{self.about.language}", "missing_both")
        return {"en": english or chinese or NO_WORDS, "zh": chinese or english or NO_WORDS}

    def lists(self) -> dict[str, Any]:
        """Return the lists of a file that the form amounts to: its target, and what is new with it."""
        target = self._target()
        found: dict[str, Any] = {"targets": [target]}
        if self.values.get("programme") == NEW:
            found["programmes"] = [self._titled("programme")]
            target["programme"] = found["programmes"][0]["id"]
        if self.values.get("indicator") == NEW and self.about.target is None:
            indicator = self.indicator()
            if self.values.get("indicators.authority") == NEW:
                found["publishers"] = [self._titled("publisher")]
                indicator["authority"] = found["publishers"][0]["id"]
            found["indicators"] = [indicator]
            target["indicator"] = indicator["id"]
        return found

    def field_at(self, path: KeyPath) -> str:
        """Return the field at which something wrong at a path of those lists is said; "" where there is none."""
        section, _, *keys = path
        names = [str(key) for key in keys] if section == "targets" else [str(section), *(str(key) for key in keys)]
        for row in terms.ROWS:
            place = row.count(".") + 1
            if ".".join(names[:place]) == row and len(names) > place:
                names[place] = str(fields.filled_rows(self.values, row)[int(names[place])])
        rows = [(row, number) for row in terms.ROWS for number in fields.numbers(self.values, row)]
        known = [*terms.FIELDS, *(f"{row}.{number}.{part}" for row, number in rows for part in fields.parts(row))]
        name = ".".join(names)
        while name:
            if name in STANDS_FOR:
                return STANDS_FOR[name]
            if fields.is_field(name):
                return name
            if inner := next((one for one in known if one.startswith(f"{name}.")), ""):
                return inner
            name = name.rpartition(".")[0]
        return ""

    def check_ids(self, raw: Mapping[str, Any]) -> None:
        """Note what is new under a name that is taken."""
        for section, kind in (("targets", "target"), ("indicators", "indicator")):
            for made in raw.get(section, ()) if self.about.target is None else ():
                chosen, taken = made.get("id", ""), self.about.taken[kind]
                if chosen in taken:
                    name = "id" if kind == "target" else f"{section}.id"
                    self.add(name, "id_taken", other=unique_id(chosen, taken))

    @property
    def unit(self) -> str:
        """Return what the indicator that is chosen, or made, counts."""
        name = self.values.get("indicator", "")
        if name == NEW and self.about.target is None:
            return " ".join(self.values.get("indicators.unit", "").split())
        found = self._of_target() if self.about.target else self.about.indicator(name)
        return found.unit if found else ""

    def _of_target(self) -> Indicator | None:
        return self.about.indicator(self.about.target.indicator) if self.about.target else None

    def _target(self) -> dict[str, Any]:
        known = self.about.target
        raw: dict[str, Any] = {name: self.said(name) for name in ("start", "deadline", "programme")}
        raw |= {name: self.tree(name) for name in ("announcement", "note")}
        if raw["announcement"].setdefault("by", NO_WORDS) == NO_WORDS:
            self.add(f"announcement.by.{self.about.language}", "missing_both")
        raw |= {name: getattr(known, name) if known else self.said(name) for name in ("id", "indicator")}
        raw |= {"title": self.title("title"), "owner": self._owner()}
        if self.tree("short"):
            raw["short"] = self.title("short")
        if self.measure is Measure.MILESTONES:
            raw |= {"steps": self._steps(), "goal": Comparator.COMPLETE.value}
        else:
            raw |= {"baseline": self.tree("baseline"), "plan": self._plan(), "goal": self._goal()}
        return {name: value for name, value in raw.items() if name == "goal" or value not in ("", {}, [])}

    def _titled(self, kind: str) -> dict[str, Any]:
        title = self.title(f"{LISTS[kind]}.title")
        return {"id": proposed_id(title, kind, self.about.taken[kind]), "title": title}

    def _owner(self) -> object:
        if self.values.get("owner") != NEW:
            return self.said("owner")
        name = self.title("owner.name")
        made = {"id": proposed_id(name, "owner", self.about.taken["owner"]), "language": "en"}
        return made | self.tree("owner") | {"name": name}

    def _goal(self) -> dict[str, Any]:
        comparator = self.said("goal.comparator")
        if comparator == CHANGE:
            by = self._number("goal.value", lambda text: fields.percent(text) * 100)
            return {} if by is None else {"change": {"by": f"{plain_number(by)}%"}}
        value = self._number("goal.value", lambda text: fields.number(text, self.unit))
        if comparator == Comparator.BETWEEN:
            if not self.values.get("goal.upper", "").strip():
                self.add("goal.upper", "missing")
            upper = self._number("goal.upper", lambda text: fields.number(text, self.unit))
            return {} if value is None or upper is None else {comparator: [value, upper]}
        if comparator not in fields.COMPARATORS:
            self.add("goal.comparator", "unknown")
            return {}
        return {} if value is None else {comparator: value}

    def _number(self, name: str, read: Callable[[str], Decimal]) -> Decimal | None:
        try:
            return read(text) if (text := self.said(name)) else None
        except UsageError as error:
            self.add(name, error.problems[0])
            return None

    def _plan(self) -> object:
        shape = self.said("plan")
        if shape != PlanShape.WAYPOINTS:
            return shape
        rows = fields.filled_rows(self.values, "plan.waypoints")
        return {"waypoints": [self.tree(f"plan.waypoints.{number}") for number in rows]}

    def _steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        rows = fields.filled_rows(self.values, "steps")
        said = {self.said(f"steps.{number}.id") for number in rows}
        for number in rows:
            title = self.title(f"steps.{number}.title")
            name = proposed_id(title, "step", {*said, *(one["id"] for one in steps)})
            steps.append({"id": name} | self.tree(f"steps.{number}") | {"title": title})
        return steps

    def indicator(self) -> dict[str, Any]:
        """Return what the form says of an indicator."""
        said, title = self.tree("indicators"), self.title("indicators.title")
        if self.measure is Measure.MILESTONES:
            said.pop("unit", None)
        if said.get("steward", {}).keys() == {"language"}:  # which a list always says
            del said["steward"]
        named = {"id": proposed_id(title, "indicator", self.about.taken["indicator"])} | said
        release = {"every": "irregular"} | said.get("release", {})
        return named | {"measure": self.measure.value, "title": title, "release": release}


def proposed_id(title: Mapping[str, str], kind: str, taken: Collection[str]) -> str:
    """Return an id made from the Latin letters of a title, or a plain numbered one; one that is not taken.

    >>> proposed_id({"en": "Cargo 2026"}, "target-2026", []), proposed_id({"zh": "2026"}, "target-2026", [])
    ('cargo-2026', 'target-2026-1')
    """
    for words in title.values():
        if re.search("[a-z]", made := slug_of(words)):
            return unique_id(made, taken)
    return next(name for number in range(1, len(taken) + 2) if (name := f"{kind}-{number}") not in taken)


def unique_id(name: str, taken: Iterable[str]) -> str:
    """Return a name, with a number after it when it is taken."""
    known = set(taken)
    if not name or name not in known:
        return name
    return next(made for number in range(2, len(known) + 3) if (made := f"{name[:60]}-{number}") not in known)


def beside(about: CatalogueRequest, name: str) -> Catalogue:
    """Return what of the catalogue the form can be about: every programme and owner, one indicator and its parts."""
    waiting, parts = [name], dict[str, "Indicator"]()
    while waiting:
        one = about.indicator(waiting.pop())
        if one is not None and one.id not in parts:
            parts[one.id] = one
            waiting.extend(one.derivation.of if one.derivation else ())
    answering = {target.owner.id: target for target in about.configured.targets}
    return replace(about.configured, indicators=tuple(parts.values()), targets=tuple(answering.values()), sources=())


def _draft(form: PostedForm, made: Catalogue) -> Draft:
    (described,) = made.targets
    promise, target = described.versions[0], form.about.target
    reason = form.said("reason")
    if target is None:
        return Draft(target=described, beside=made)
    *earlier, before = target.versions
    is_new = bool(different(before, promise)) or promise.announcement.on != before.announcement.on
    if is_new:
        effective = _effective(form, promise)
        easier = eased(before, promise)
        if easier and not reason:
            form.add("reason", "unexplained", easier=[Problem(f"eased_{part}") for part in easier])
        number = before.number + 1
        later = replace(promise, number=number, effective=effective or form.about.today, reason=reason)
        versions = (*target.versions, later)
    else:
        same = replace(promise, number=before.number, effective=before.effective, reason=before.reason)
        versions = (*earlier, same)
    changed = replace(described, versions=versions, managed_by=target.managed_by)
    return Draft(target=changed, beside=made, is_new_version=is_new)


def _effective(form: PostedForm, promise: TargetVersion | None) -> date | None:
    """Return the day from which a changed promise counts, after checking it against what it follows.

    Left empty it is today, unless the window is over by then.
    """
    if form.about.target is None:
        return None
    before, today = form.about.target.versions[-1], form.about.today
    day = fields.day(said) if (said := form.said("effective")) else None
    if day is None and promise is not None and not form.values.get("effective", "").strip():
        if before.deadline is not None and before.deadline < today:
            form.add("effective", "missing")
            return None
        day = max(today, before.effective, promise.announcement.on)
    if day is None:
        return None
    if day < before.effective:
        form.add("effective", "effective_before_last", day=before.effective)
    elif promise is not None and day < promise.announcement.on:
        form.add("effective", "effective_before_announcement", day=promise.announcement.on)
    elif promise is not None and promise.deadline is not None and day > promise.deadline:
        form.add("effective", "effective_after_deadline", day=promise.deadline)
    return day
