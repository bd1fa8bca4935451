"""A target's form read into the target it describes, or into everything that is wrong with it, by field.

What is typed becomes the plain values of a configuration file, whose rules decide: fields are named by the paths of the
model, so what the rules find wrong at a path is said at the field of that name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from targetwatch import configuration
from targetwatch.evaluation.versions import different, eased
from targetwatch.model import Catalogue, Comparator, Measure, PlanShape
from targetwatch.model.scalars import plain_number, slug_of
from targetwatch.web.targets import fields
from targetwatch.web.targets.fields import CHANGE, NEW, WrongError
from targetwatch.web.targets.mistakes import MISTAKES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from targetwatch.configuration.yaml import KeyPath
    from targetwatch.model import Indicator, Target, TargetVersion

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
class FormContext:
    """What a form is read beside: everything configured, the target it is about (None: a new one), its measure.

    `taken` are the ids there have ever been, by kind; `language` is the reader's.
    """

    catalogue: Catalogue
    target: Target | None
    measure: Measure
    today: date
    taken: Mapping[str, frozenset[str]]
    language: str

    @property
    def before(self) -> TargetVersion | None:
        """Return the promise as it is now, or will be from a day already said."""
        return self.target.versions[-1] if self.target else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a form says: a target with every version it then has, and what is new with it."""

    target: Target
    beside: Catalogue
    eased: tuple[str, ...] = ()
    is_new_version: bool = True

    @property
    def version(self) -> TargetVersion:
        """Return the promise as the form says it."""
        return self.target.versions[-1]

    def with_reason(self, reason: str) -> Draft:
        """Return the draft, its promise changed for a reason."""
        last = replace(self.version, reason=reason)
        return replace(self, target=replace(self.target, versions=(*self.target.versions[:-1], last)))


def read(values: Mapping[str, str], context: FormContext) -> tuple[Draft | None, dict[str, WrongError]]:
    """Return what a form says, or None and everything that is wrong with it by field, in the order of the fields."""
    form = PostedForm(values, context)
    raw = form.lists()
    made, found = configuration.check_values(raw, _beside(context, raw["targets"][0].get("indicator", "")))
    for finding in found:
        name = form.field_at(finding.path)
        form.add(name, form.mistake(name, finding.problem.code, finding.problem.values))
    _check_ids(form, raw)
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
    context: FormContext
    wrong: dict[str, WrongError] = field(default_factory=dict)

    def add(self, name: str, wrong: WrongError) -> None:
        """Note the first thing that is wrong with a field."""
        self.wrong.setdefault(name, wrong)

    def said(self, name: str) -> Any:  # noqa: ANN401 - a plain value
        """Return what a field says as the configuration takes it; "" where nothing can be used."""
        kind, raw = fields.kind_of(name), self.values.get(name, "")
        assert kind is not None, name
        if len(raw) > kind.most:
            self.add(name, WrongError("too_long", most=kind.most, count=len(raw)))
            return ""
        if not (text := raw.strip()):
            return ""
        try:
            text = fields.lines(text) if kind.read is fields.lines else fields.line(text)
            return kind.read(text, self.unit if kind is fields.AMOUNT else "") if text else ""
        except WrongError as wrong:
            self.add(name, wrong)
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
            self.add(f"{path}.{self.context.language}", WrongError("empty_both"))
        return {"en": english or chinese or NO_WORDS, "zh": chinese or english or NO_WORDS}

    def lists(self) -> dict[str, Any]:
        """Return the lists of a file that the form amounts to: its target, and what is new with it."""
        target = self._target()
        found: dict[str, Any] = {"targets": [target]}
        if self.values.get("programme") == NEW:
            found["programmes"] = [self._titled("programme")]
            target["programme"] = found["programmes"][0]["id"]
        if self.values.get("indicator") == NEW and self.context.target is None:
            indicator = self._indicator()
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
        for row in fields.ROWS:
            place = row.count(".") + 1
            if ".".join(names[:place]) == row and len(names) > place:
                names[place] = str(fields.filled_rows(self.values, row)[int(names[place])])
        name = ".".join(names)
        while name:
            if name in STANDS_FOR:
                return STANDS_FOR[name]
            if fields.kind_of(name):
                return name
            if inner := next((one for one in self._known() if one.startswith(f"{name}.")), ""):
                return inner
            name = name.rpartition(".")[0]
        return ""

    def mistake(self, name: str, code: str, said: Mapping[str, Any]) -> WrongError:
        """Return what the rules find wrong as a field says it: in its own words, as empty, or as what does not fit."""
        if code in MISTAKES:
            return WrongError(code, **said)
        kind = fields.kind_of(name)
        return WrongError(kind.misfit if kind and self.values.get(name, "").strip() else "empty")

    @property
    def unit(self) -> str:
        """Return what the indicator that is chosen, or made, counts."""
        target = self.context.target
        name = target.indicator if target else self.values.get("indicator", "")
        if name == NEW:
            return " ".join(self.values.get("indicators.unit", "").split())
        return next((one.unit for one in self.context.catalogue.indicators if one.id == name), "")

    def _known(self) -> list[str]:
        rows = [(row, number) for row in fields.ROWS for number in fields.numbers(self.values, row)]
        return [*fields.FIELDS, *(f"{row}.{number}.{part}" for row, number in rows for part in fields.parts(row))]

    def _target(self) -> dict[str, Any]:
        target = self.context.target
        raw: dict[str, Any] = {
            "id": target.id if target else self.said("id"),
            "indicator": target.indicator if target else self.said("indicator"),
            "title": self.title("title"),
            "owner": self._owner(),
            "start": self.said("start"),
            "deadline": self.said("deadline"),
            "announcement": self.tree("announcement"),
            "programme": self.said("programme"),
            "note": self.tree("note"),
        }
        if self.tree("short"):
            raw["short"] = self.title("short")
        if self.context.measure is Measure.MILESTONES:
            return _without_empty(raw | {"steps": self._steps()}) | {"goal": Comparator.COMPLETE.value}
        raw |= {"baseline": self.tree("baseline"), "plan": self._plan()}
        return _without_empty(raw) | {"goal": self._goal()}

    def _titled(self, kind: str) -> dict[str, Any]:
        title = self.title(f"{LISTS[kind]}.title")
        return {"id": proposed_id(title, kind, self.context.taken[kind]), "title": title}

    def _owner(self) -> object:
        if self.values.get("owner") != NEW:
            return self.said("owner")
        name = self.title("owner.name")
        made = {"id": proposed_id(name, "owner", self.context.taken["owner"]), "language": "en"}
        return made | self.tree("owner") | {"name": name}

    def _goal(self) -> dict[str, Any]:
        comparator, typed = self.said("goal.comparator"), self.said("goal.value")
        try:
            if not typed:
                value = None
            elif comparator == CHANGE:
                return {"change": {"by": f"{plain_number(fields.percent(typed) * 100)}%"}}
            else:
                value = fields.number(typed, self.unit)
        except WrongError as wrong:
            self.add("goal.value", wrong)
            value = None
        if comparator == Comparator.BETWEEN:
            if not self.values.get("goal.upper", "").strip():
                self.add("goal.upper", WrongError("empty"))
            upper = self.said("goal.upper")
            return {} if value is None or upper == "" else {comparator: [value, upper]}
        if comparator not in fields.COMPARATORS:
            self.add("goal.comparator", WrongError("choice"))
            return {}
        return {} if value is None else {comparator: value}

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

    def _indicator(self) -> dict[str, Any]:
        said, title = self.tree("indicators"), self.title("indicators.title")
        if self.context.measure is Measure.MILESTONES:
            said.pop("unit", None)
        named = {"id": proposed_id(title, "indicator", self.context.taken["indicator"])} | said
        release = {"every": "irregular"} | said.get("release", {})
        return named | {"measure": self.context.measure.value, "title": title, "release": release}


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


def _without_empty(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value not in ("", {}, [])}


def _beside(context: FormContext, name: str) -> Catalogue:
    """Return what of the catalogue the form can be about: every programme and owner, one indicator and its parts."""
    known = {one.id: one for one in context.catalogue.indicators}
    waiting, needed = [name], dict[str, "Indicator"]()
    while waiting:
        one = known.get(waiting.pop())
        if one is not None and one.id not in needed:
            needed[one.id] = one
            waiting.extend(one.derivation.of if one.derivation else ())
    answering = {target.owner.id: target for target in context.catalogue.targets}
    return replace(context.catalogue, indicators=tuple(needed.values()), targets=tuple(answering.values()), sources=())


def _check_ids(form: PostedForm, raw: Mapping[str, Any]) -> None:
    if form.context.target is not None:
        return
    named = [("id", "target", raw["targets"][0])]
    named += [("indicators.id", "indicator", made) for made in raw.get("indicators", [])]
    for name, kind, made in named:
        chosen, taken = made.get("id", ""), form.context.taken[kind]
        if chosen in taken:
            form.add(name, WrongError("id_taken", other=unique_id(chosen, taken)))


def _draft(form: PostedForm, made: Catalogue) -> Draft | None:
    (described,) = made.targets
    promise, target = described.versions[0], form.context.target
    reason = form.said("reason")
    if target is None:
        return Draft(target=described, beside=made)
    before = target.versions[-1]
    grown: tuple[TargetVersion, ...]
    if different(before, promise) or promise.announcement.on != before.announcement.on:
        effective = _effective(form, promise)
        easier = eased(before, promise)
        if easier and not reason:
            form.add("reason", WrongError("reason", easier=easier))
        number = before.number + 1
        later = replace(promise, number=number, effective=effective or form.context.today, reason=reason)
        grown, is_new = (*target.versions, later), True
    else:
        same = replace(promise, number=before.number, effective=before.effective, reason=before.reason)
        grown, easier, is_new = (*target.versions[:-1], same), (), False
    changed = replace(described, versions=grown, managed_by=target.managed_by)
    return Draft(target=changed, beside=made, eased=easier, is_new_version=is_new)


def _effective(form: PostedForm, promise: TargetVersion | None) -> date | None:
    """Return the day from which a changed promise counts, after checking it against what it follows."""
    before = form.context.before
    if before is None:
        return None
    said = form.said("effective")
    day = fields.day(said) if said else _day_left_empty(form, promise)
    if day is None:
        return None
    if day < before.effective:
        form.add("effective", WrongError("effective_before_last", day=before.effective))
    elif promise is not None and day < promise.announcement.on:
        form.add("effective", WrongError("effective_before_announcement", day=promise.announcement.on))
    elif promise is not None and promise.deadline is not None and day > promise.deadline:
        form.add("effective", WrongError("effective_after_deadline", day=promise.deadline))
    return day


def _day_left_empty(form: PostedForm, promise: TargetVersion | None) -> date | None:
    """Return the day from which a change counts when none is said: today, unless the window is over by then."""
    before, today = form.context.before, form.context.today
    if before is None or promise is None or form.values.get("effective", "").strip():
        return None
    if before.deadline is not None and before.deadline < today:
        form.add("effective", WrongError("empty"))
        return None
    return max(today, before.effective, promise.announcement.on)
