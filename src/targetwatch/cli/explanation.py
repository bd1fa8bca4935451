"""`explain` printed: the sentence, the rule, its inputs, the readings behind it, the history of the status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from targetwatch.cli import show
from targetwatch.evaluation import timeline
from targetwatch.evaluation.series import in_force
from targetwatch.model.words import plain
from targetwatch.wording import formats, needed
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import Reading, Snapshot, Verdict

INPUTS = (
    ("data through", "data_through"),
    ("published on", "published_on"),
    ("actual", "actual_value"),
    ("rounding, +-", "actual_rounding"),
    ("goal", "goal_value"),
    ("baseline", "baseline_value"),
    ("plan expected by then", "expected_value"),
    ("pace (actual / expected)", "pace_ratio"),
    ("pace on a straight line", "straight_line_pace_ratio"),
    ("last year, same period", "last_year_to_date"),
    ("last year, rest", "last_year_rest"),
    ("last year, whole", "last_year_total"),
    ("needed a month from then", "required_value_per_month"),
    ("so far a month", "value_per_month"),
    ("buffer in days of the plan", "buffer_days"),
    ("next release due", "next_release_due"),
)


def print_explanation(snapshot: Snapshot, name: str, readings: Sequence[Reading], language: str) -> None:
    """Print everything a verdict rests on."""
    out, verdict, _ = show.console(), snapshot.verdicts[name], translator(language)
    target = next(target for target in snapshot.catalogue.targets if target.id == name)
    indicator = next(item for item in snapshot.catalogue.indicators if item.id == target.indicator)
    out.print(
        f"[bold]{target.title[language]}[/bold]  ({name}, as of {snapshot.as_of.day}, {verdict.clock.value} clock)"
    )
    out.print(words.sentence(verdict, indicator, _), soft_wrap=True, highlight=False)
    wanted = needed.needed(verdict, indicator, _)
    if wanted:
        out.print(wanted, soft_wrap=True, highlight=False)
    for caveat in verdict.notes:
        out.print(f"note: {words.note(caveat, _)}", soft_wrap=True, highlight=False)
    out.print(
        f"\nrule: {verdict.rule}    performance since: {verdict.performance_since}    data: {verdict.data_state.value}"
    )
    out.print(_inputs(verdict))
    if verdict.forecast is not None:
        _print_forecast(verdict)
    announced = target.versions[verdict.version - 1].announcement
    out.print(f"\nannounced by {announced.by[language]} on {announced.on}: “{announced.quote}” {announced.url}", soft_wrap=True)
    known = in_force(readings, indicator.authority, snapshot.as_of)
    out.print("\n[bold]readings in force[/bold]")
    show.readings(known, snapshot.catalogue, indicator.authority, language)
    out.print("\n[bold]status changes[/bold]")
    for change in timeline(target, indicator, readings, snapshot.as_of):
        said = words.of_change(change, indicator, _)
        out.print(f"{change.on}  {change.new.value:14} {said}", soft_wrap=True, highlight=False)


def _inputs(verdict: Verdict) -> Table:
    table = Table("Input", "Value", box=None)
    for title, field in INPUTS:
        value = getattr(verdict, field)
        if value not in (None, 0):
            table.add_row(title, _shown(field, plain(value)))
    for title, ratio in (
        ("growth needed on the rest", verdict.required_growth_ratio),
        ("progress", verdict.progress_ratio),
    ):
        if ratio is not None:
            table.add_row(title, formats.percent(ratio) if "growth" in title else formats.percent(ratio, signed=False))
    return table


def _shown(field: str, value: object) -> str:
    """Return an input as a person wants it: ratios to the hundredth, days whole, amounts to six digits."""
    if not isinstance(value, (int, float)):
        return str(value)
    if field.endswith("_ratio"):
        return f"{value:.2f}"
    return f"{value:,.0f}" if field.endswith("_days") else _amount(value)


def _amount(value: float) -> str:
    """Return an amount to six digits, never as a power of ten.

    >>> _amount(12_345_678.9), _amount(0.860312)
    ('12,345,679', '0.860312')
    """
    whole = abs(value) >= 100_000  # noqa: PLR2004 - six digits are before the point already
    return f"{value:,.0f}" if whole else f"{value:,.6g}"


def _print_forecast(verdict: Verdict) -> None:
    forecast = verdict.forecast
    assert forecast is not None
    out = show.console()
    out.print(
        f"\nforecast ({forecast.method}, {forecast.history_years} past years): {_amount(forecast.median)}, "
        f"80% between {_amount(forecast.low)} and {_amount(forecast.high)}; "
        f"probability {forecast.attain_probability:.3f}"
    )
    for member, median, probability in forecast.members:
        out.print(f"  {member}: {_amount(median)}, probability {probability:.3f}")
