"""`explain` printed: the sentence, the rule, its inputs, the readings behind it, the history of the status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from targetwatch.cli import show
from targetwatch.evaluation import timeline
from targetwatch.evaluation.series import in_force
from targetwatch.evaluation.versions import DOWNWARD
from targetwatch.model import Clock, Measure
from targetwatch.wording import card, formats, needed
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import N_, NC_, Translator, translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from targetwatch.model import Indicator, Reading, Snapshot, Verdict

INPUTS = (
    ("data_through", N_("Data through")),
    ("published_on", N_("Published on")),
    ("actual_value", N_("Actual")),
    ("actual_rounding", N_("Rounded to within ±")),
    ("goal_value", N_("Goal")),
    ("baseline_value", N_("Baseline")),
    ("expected_value", N_("Plan by then")),
    ("pace_ratio", N_("Pace")),
    ("last_year_to_date", N_("Same period a year before")),
    ("last_year_total", N_("The whole year before")),
    ("required_value_per_month", N_("Needed from then on")),
    ("value_per_month", N_("Came so far")),
    ("required_growth_ratio", N_("Growth still needed")),
    ("progress_ratio", N_("Share of the goal")),
)
BY_PLAN = {"pace_ratio", "progress_ratio"}
"""What says nothing of a cap, nor of a level whose plan keeps to the goal."""


def print_explanation(snapshot: Snapshot, name: str, readings: Sequence[Reading], language: str) -> None:
    """Print everything a verdict rests on."""
    out, verdict, _ = show.console(), snapshot.verdicts[name], translator(language)
    target = snapshot.catalogue.targets_by_id[name]
    indicator = snapshot.catalogue.indicators_by_id[target.indicator]

    def say(text: str) -> None:
        out.print(text, soft_wrap=True, highlight=False, markup=False)

    known = _("As known on {day}", day=formats.day(snapshot.as_of.day, _))
    say(f"{target.title[language]} ({name}){_('; ')}{known}")
    if verdict.clock is Clock.RECORDED:
        say(_("Only what this installation had recorded by then is counted."))
    say(words.sentence(verdict, indicator, _))
    if wanted := needed.needed(verdict, indicator, _):
        say(wanted)
    for caveat in verdict.notes:
        say(f"{_('Note')}{_(': ')}{words.note(caveat, _)}")
    since = formats.day(verdict.performance_since, _)
    age = words.age(verdict, indicator, _)
    say("\n" + _("Rule: {rule}; so since {day}; {data}", rule=verdict.rule, day=since, data=age))
    table = Table(_("Key numbers"), _(NC_("audit", "Value")), box=None)
    for title, value in _inputs(verdict, indicator, _):
        table.add_row(title, value)
    out.print(table)
    for line in _forecast(verdict, indicator, _):
        say(line)
    announced = target.versions[verdict.version - 1].announcement
    who = _("{by}, {day}", by=announced.by[language], day=formats.day(announced.on, _))
    quote = f" “{announced.quote}”" if announced.quote else ""
    say(f"\n{_('What was announced')}{_(': ')}{who}{quote} {announced.url}".rstrip())
    say(f"\n{_('Published figures')}")
    used = in_force(readings, indicator.authority, snapshot.as_of)
    show.readings(used, snapshot.catalogue, indicator.authority, language)
    say(f"\n{_('History of the status')}")
    for change in timeline(target, indicator, readings, snapshot.as_of):
        say(f"{change.on}  {words.of_change(change, indicator, _)}")


def _inputs(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterator[tuple[str, str]]:
    """Yield what the verdict was made of, each with its name; what says nothing of such a target is left out."""
    is_idle = verdict.comparator in DOWNWARD or card.is_idle(verdict, indicator)
    idle = BY_PLAN if is_idle else set()
    if indicator.measure is Measure.LEVEL:
        idle = idle | {"required_growth_ratio"}
    for field, title in INPUTS:
        value = getattr(verdict, field)
        if value not in (None, 0) and field not in idle:
            yield _(title), _input(field, value, verdict, indicator, _)


def _input(field: str, value: Any, verdict: Verdict, indicator: Indicator, _: Translator) -> str:  # noqa: ANN401 - a field's
    match field:
        case "data_through" | "published_on":
            return formats.day(value, _)
        case "goal_value":
            return words.goal(verdict, indicator, _)
        case "pace_ratio":
            return f"{value:.2f}"
        case "required_growth_ratio" | "progress_ratio":
            return formats.percent(value, signed=field == "required_growth_ratio")
        case "required_value_per_month" | "value_per_month":
            return formats.rate(value, verdict, indicator, _)
        case "actual_rounding":
            return formats.width(value, indicator, _, beside=verdict.actual_value or 0)
        case _:
            return formats.amount(formats.told(value, verdict), indicator, _)


def _forecast(verdict: Verdict, indicator: Indicator, _: Translator) -> Iterator[str]:
    """Yield the forecast and those it is made of, each with its probability."""
    if (found := verdict.forecast) is None:
        return
    middle, low, high = formats.forecast_told(verdict)
    first, last = formats.between(low, high, indicator, _)
    median, width = formats.amount(middle, indicator, _), _("4 in 5 between {low} and {high}", low=first, high=last)
    said = _("; ").join([median, width, f"{found.attain_probability:.3f}"])
    yield f"\n{_('Forecast at the deadline')} ({found.method}){_(': ')}{said}"
    for member, value, probability in found.members:
        said = formats.amount(formats.told(value, verdict), indicator, _)
        yield f"  {member}{_(': ')}{said}{_('; ')}{probability:.3f}"
