"""How the pages about figures are drawn, and what they say where something is in the way; and the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

from targetwatch.connectors import FIELDS, cells_of
from targetwatch.evaluation.days import DAYS_IN, MONTHS_IN, due_on, last_period_end, month_end_before, next_period_end
from targetwatch.evaluation.judge import MEASURES
from targetwatch.model import Basis, Figure, Indicator, Measure, Period, Qualifier, Reading, Snapshot
from targetwatch.store.readings.held import four_eyes_on
from targetwatch.web import render
from targetwatch.web.forms import LONGEST_NOTE
from targetwatch.wording import figure_fields, formats, terms
from targetwatch.wording.problems import on_page, sentence
from targetwatch.wording.translation import N_, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session
    from starlette.requests import Request
    from starlette.responses import Response

    from targetwatch.model import Catalogue
    from targetwatch.model.problem import Problem
    from targetwatch.web.access import Person
    from targetwatch.web.running import RunningService

BUSY = N_("The database is busy; nothing was saved. What you typed is still here: try again in a moment.")
CHANGED = N_("This figure was changed in the meantime; nothing was saved. Look at it as it stands now.")
OWN = N_("You entered it: another editor has to accept it, or an admin.")
DONE_ALREADY = N_("Somebody else has done this already; this is how it stands now.")
Pairs = tuple[tuple[str, str], ...]
MOST_CHOICES = 500
"""Of more indicators than this nobody finds one in a list: the name is typed, and the browser completes it."""
LONGEST_SAID = 5000
MOST_AWAITED = 6
PROPOSED = ("period", "basis", "publisher")
ONE_DAY = timedelta(days=1)


def draw(
    request: Request,
    service: RunningService,
    template: str,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    **context: Any,  # noqa: ANN401 - a template's
) -> Response:
    """Return a page with what stands in its form and what is wrong by field.

    Its template may ask what speaks `against` a figure, what is `remarked` of one that was inferred, and what the
    `labels` of the fields are.
    """
    _ = render.translator_for(request)
    catalogue = service.current().catalogue

    def against(problem: Problem, indicator: Indicator | None = None) -> str:
        return on_page(problem, _, catalogue=catalogue, indicator=indicator)

    def remarked(remarks: Iterable[Problem]) -> str:
        return _together([sentence(one, _) for one in remarks], _)

    context = {"labels": figure_fields.labels(_), "against": against, "remarked": remarked, **context}
    return render.form(request, template, values=values or {}, errors=errors or {}, **context)


def alone(session: Session, service: RunningService, who: Person) -> bool:
    """Return whether somebody may accept what they entered themselves."""
    return who.may_administer or not four_eyes_on(session, service.settings.four_eyes)


def by_field(problems: Iterable[Problem], _: Translator, catalogue: Catalogue | None = None) -> dict[str, str]:
    """Return what is wrong by the field it stands beside; several of one field together.

    With a catalogue, indicators and publishers to choose from are named by their titles, where those may be typed.
    """
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.where, []).append(on_page(problem, _, catalogue=catalogue))
    return {name: _together(said, _) for name, said in found.items()}


def wrong_reason(said: str, _: Translator, *, is_needed: bool = True) -> str:
    """Return what is wrong with a reason; "" when nothing is."""
    if len(said) > LONGEST_NOTE:
        return _("That is too long, expected at most {most} characters.", most=LONGEST_NOTE)
    return _("A reason is needed: it is kept in the audit trail.") if is_needed and not said.strip() else ""


def _together(said: list[str], _: Translator) -> str:
    return reduce(lambda one, other: _.context("sentences", "{one} {other}", one=one, other=other), said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A figure that should be out by now: one click chooses it."""

    indicator: Indicator
    period: Period
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureForm:
    """Everything the form is drawn from. `corrects` is the reading that was typed wrongly."""

    values: dict[str, str]
    proposed: dict[str, str]
    indicator: Indicator | None
    groups: tuple[tuple[str, Pairs], ...]
    is_list: bool
    bases: Pairs
    publishers: Pairs
    qualifiers: Pairs
    steps: Pairs
    awaited: tuple[Awaited, ...] = ()
    latest: Figure | None = None
    corrects: Reading | None = None


def entry_form(
    snapshot: Snapshot,
    values: Mapping[str, str],
    *,
    language: str,
    today: date,
    corrects: Reading | None = None,
    proposes: bool = True,
) -> FigureForm:
    """Return the form with `values` in it; when it `proposes`, with what fits wherever nothing else was typed."""
    indicators = snapshot.catalogue.indicators_by_id
    _ = translator(language)
    chosen = indicators.get(values.get("indicator", "").strip())
    before = {name: values.get(f"was_{name}", "") for name in PROPOSED}
    proposed = {name: text for name, text in before.items() if text}
    kept = dict(values)
    if proposes and corrects is None:
        proposed = _proposed(snapshot, chosen, language=language, today=today)
        kept |= {name: text for name, text in proposed.items() if kept.get(name, "").strip() in {"", before[name]}}
    typed = [one for one in indicators.values() if one.derivation is None]
    return FigureForm(
        values=kept,
        proposed=proposed,
        indicator=chosen,
        groups=_groups(snapshot, typed, language),
        is_list=len(typed) <= MOST_CHOICES,
        bases=_bases(chosen, _),
        publishers=tuple((one.id, one.title[language]) for one in snapshot.catalogue.publishers),
        qualifiers=tuple((one.value, _(terms.QUALIFIERS[one])) for one in Qualifier),
        steps=_steps(snapshot, chosen, language),
        awaited=() if chosen else _awaited(snapshot, typed, today),
        latest=snapshot.figures.get(chosen.id) if chosen else None,
        corrects=corrects,
    )


def entry_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed as the cells of a row."""
    return {name: values[name].strip() for name in FIELDS if values.get(name, "").strip()}


def values_of(reading: Reading, language: str) -> dict[str, str]:
    """Return the fields that state a reading as it is stored, the value in the indicator's unit."""
    return cells_of(reading) | {"period": formats.period(reading.period, translator(language))}


def _proposed(snapshot: Snapshot, indicator: Indicator | None, *, language: str, today: date) -> dict[str, str]:
    if indicator is None:
        return {}
    said = {"publisher": indicator.authority}
    latest = snapshot.figures.get(indicator.id)
    basis = latest.basis if latest else MEASURES[indicator.measure].usual_basis
    if basis is not None:
        said["basis"] = basis.value
    period = next_period(indicator, latest, basis, today=today)
    if period is not None and period.end <= today:
        said["period"] = formats.period(period, translator(language))
    return said


def next_period(indicator: Indicator, latest: Figure | None, basis: Basis | None, *, today: date) -> Period | None:
    """Return the period whose figure comes next by the release calendar; None when it names none."""
    release = indicator.release
    months, days = MONTHS_IN.get(release.every), DAYS_IN.get(release.every)
    if basis is None or (months is None and (days is None or latest is None)):
        return None
    end = next_period_end(release, latest.period.end) if latest else last_period_end(release, today)
    if end is None:
        return None
    if basis in {Basis.POINT, Basis.EVENT}:
        return Period(end, end)
    if basis is Basis.YEAR_TO_DATE:
        return Period(date(end.year, 1, 1), end)
    if basis is Basis.SINCE_START:
        return Period(latest.period.start, end) if latest else None
    before = month_end_before(end, months) if months else end - timedelta(days=days or 0)
    return Period(before + ONE_DAY, end)


def _awaited(snapshot: Snapshot, typed: list[Indicator], today: date) -> tuple[Awaited, ...]:
    """Return the figures that should be out, the longest awaited first; what targets rest on before the rest."""
    judged = {target.indicator for target in snapshot.catalogue.targets}
    found = []
    for indicator in typed:
        latest = snapshot.figures.get(indicator.id)
        if latest is None:
            continue
        period = next_period(indicator, latest, latest.basis, today=today)
        if period is not None and due_on(indicator.release, period.end) <= today:
            found.append(Awaited(indicator=indicator, period=period, due=due_on(indicator.release, period.end)))
    found.sort(key=lambda one: (one.indicator.id not in judged, one.due))
    return tuple(found[:MOST_AWAITED])


def _groups(snapshot: Snapshot, typed: list[Indicator], language: str) -> tuple[tuple[str, Pairs], ...]:
    """Return the indicators by the programme of their targets; those without a target last."""
    _ = translator(language)
    catalogue = snapshot.catalogue
    programme_of: dict[str, str] = {}
    derived = {one.id: one.derivation.of for one in catalogue.indicators if one.derivation}
    for target in catalogue.targets:
        for name in derived.get(target.indicator, (target.indicator,)):
            programme_of.setdefault(name, target.programme)
    titles = {one.id: one.title[language] for one in catalogue.programmes}
    rest = _("Watched without a target")
    groups: dict[str, list[tuple[str, str]]] = {titles[one.id]: [] for one in catalogue.programmes}
    for indicator in typed:
        name = titles.get(programme_of.get(indicator.id, ""), rest)
        groups.setdefault(name, []).append((indicator.id, indicator.title[language] or indicator.id))
    rest_group = groups.pop(rest, [])
    return tuple((name, tuple(some)) for name, some in [*groups.items(), (rest, rest_group)] if some)


def _bases(indicator: Indicator | None, _: Translator) -> Pairs:
    fitting = MEASURES[indicator.measure].bases if indicator else frozenset(Basis)
    return tuple((one.value, _(terms.BASIS_CHOICES[one])) for one in Basis if one in fitting)


def _steps(snapshot: Snapshot, indicator: Indicator | None, language: str) -> Pairs:
    if indicator is None or indicator.measure is not Measure.MILESTONES:
        return ()
    steps = {
        step.id: step.title[language] or step.id
        for target in snapshot.catalogue.targets
        if target.indicator == indicator.id
        for version in target.versions
        for step in version.steps
    }
    return tuple(steps.items())
