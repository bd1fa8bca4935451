"""One target over time, held between its figures, with every change of status and version marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard, stat, timeseries
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from grafana.generator.parts import (
    HISTORY,
    JOB,
    PAGE_TEXT_PX,
    SOURCE,
    color,
    curves,
    fill,
    held,
    instant,
    nothing,
    over_time,
    prop,
    said_odds,
    sheet,
    steps,
    tile,
    timeline,
    values,
)
from grafana.generator.words import DATA_STATES, STATUSES, word

if TYPE_CHECKING:
    from grafana.generator.parts import Panel

CARD = f'targetwatch:target:tile{{{JOB},target="$target"}}'


def one_target(language: str) -> dashboard.Dashboard:
    """Return the dashboard of one target in a language; the target is chosen at the top."""
    panels: list[tuple[Panel, int, int, int, int]] = [
        (_status(language), 0, 0, 4, 4),
        (_words(word("value_goal", language), f"card_{language}", language), 4, 0, 5, 4),
        (_odds(language), 9, 0, 3, 4),
        (_words(word("outlook", language), f"outlook_{language}", language), 12, 0, 12, 4),
        (_words(word("data_age", language), f"age_{language}", language), 0, 4, 24, 3),
        (_figures(language), 0, 7, 16, 11),
        (_probability(language), 16, 7, 8, 11),
        (_growth(language), 0, 18, 8, 7),
        (_pace(language), 8, 18, 8, 7),
        (_day("through", "targetwatch_target_data_through_timestamp_seconds", language, to_noon=-43199), 16, 18, 3, 4),
        (_day("due", "targetwatch_target_next_release_due_timestamp_seconds", language, to_noon=43200), 19, 18, 3, 4),
        (_version(language), 22, 18, 2, 4),
        (_timeline("statuses", "targetwatch_target_performance", "status", STATUSES, language), 0, 25, 24, 4),
        (_timeline("data_state", "targetwatch_target_data_state", "state", DATA_STATES, language), 0, 29, 24, 4),
    ]
    chosen = (
        dashboard.QueryVariable("target")
        .label(word("target", language))
        .datasource(SOURCE)
        .query(f"query_result(targetwatch:target:tile{{{JOB}}})")
        .regex(f'/target="(?<value>[^"]*)".*title_{language}="(?<text>[^"]*)"/')
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.ALPHABETICAL_ASC)
        .multi(False)
        .include_all(False)
    )
    why = (
        dashboard.DashboardLink(word("why", language))
        .type(models.DashboardLinkType.LINK)
        .url("${service}/targets/${target}?lang=" + language)
        .icon("info")
        .target_blank(True)
    )
    board = (
        sheet("target", word("one", language), word("one_about", language), language)
        .time("now-1y", "now")
        .refresh("5m")
        .with_variable(chosen)
        .link(why)
        .annotation(_mark("status_change", _changed(), "{{status}}", "#E69F00", language))
        .annotation(
            _mark(
                "version_change",
                f"changes({_version_now()}[1d:1h]) > 0",
                word("version_change", language),
                "#CC79A7",
                language,
            )
        )
    )
    return fill(board, panels)


def _changed() -> str:
    """Return PromQL that is there on the day a status begins."""
    chosen = f'targetwatch_target_performance{{{JOB},target="$target"}}'
    one = f"max by (target, status) (last_over_time({chosen}[{HISTORY}]%s))"
    return f"({one % ''} == 1) and on (target, status) ({one % ' offset 1d'} == 0)"


def _version_now() -> str:
    return held("targetwatch_target_version")


def _mark(key: str, expr: str, text: str, fixed: str, language: str) -> dashboard.AnnotationQuery:
    return (
        dashboard.AnnotationQuery()
        .name(word(key, language))
        .datasource(SOURCE)
        .enable(True)
        .hide(False)
        .icon_color(fixed)
        .expr(expr)
        .title_format(word(key, language))
        .text_format(text)
        .step("1d")
    )


def _status(language: str) -> stat.Panel:
    said = [(str(code), zh if language == "zh" else en, fixed) for code, (_, en, zh, fixed) in enumerate(STATUSES)]
    return (
        tile(word("status", language), language, px=PAGE_TEXT_PX)
        .with_target(instant(_code("targetwatch_target_performance", "status", STATUSES)))
        .mappings([values(said)])
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, "#6B7785")]))
    )


def _words(title: str, label: str, language: str) -> stat.Panel:
    said = f'{CARD[:-1]},{label}!=""}}'
    return (
        tile(title, language, px=PAGE_TEXT_PX)
        .with_target(instant(said, legend=f"{{{{{label}}}}}"))
        .text_mode(common_models.BigValueTextMode.NAME)
    )


def _odds(language: str) -> stat.Panel:
    return (
        tile(word("odds", language), language, px=PAGE_TEXT_PX)
        .with_target(instant(held("targetwatch_target_attainment_probability")))
        .mappings(said_odds(language))
    )


def _figures(language: str) -> timeseries.Panel:
    panel = curves(word("figures", language), language, "locale")
    for ref, metric, key in (
        ("A", "targetwatch_target_actual_value", "actual"),
        ("B", "targetwatch_target_expected_value", "expected"),
        ("C", "targetwatch_target_goal_value", "goal"),
    ):
        panel.with_target(over_time(held(metric), ref, legend=word(key, language)))
    for ref, estimate in (("D", "low"), ("E", "median"), ("F", "high")):
        forecast = held("targetwatch_target_forecast_value").replace("}[", f',estimate="{estimate}"}}[')
        panel.with_target(over_time(forecast, ref, legend=word(estimate, language)))
    dashed = prop("custom.lineStyle", {"fill": "dash", "dash": [10, 10]})
    return (
        panel.override_by_query("A", [color("#0072B2"), prop("custom.lineWidth", 4)])
        .override_by_query("B", [color("#999999"), dashed])
        .override_by_query("C", [color("#D55E00"), prop("custom.lineWidth", 3)])
        .override_by_query("D", [color("#56B4E9"), prop("custom.lineWidth", 0)])
        .override_by_query("E", [color("#56B4E9"), dashed])
        .override_by_query(
            "F",
            [
                color("#56B4E9"),
                prop("custom.lineWidth", 0),
                prop("custom.fillBelowTo", word("low", language)),
                prop("custom.fillOpacity", 15),
            ],
        )
    )


def _probability(language: str) -> timeseries.Panel:
    return (
        curves(word("probability", language), language, "percentunit")
        .with_target(over_time(held("targetwatch_target_attainment_probability"), legend=word("odds", language)))
        .min(0)
        .max(1)
        .override_by_query("A", [color("#0072B2"), prop("custom.lineWidth", 3)])
    )


def _growth(language: str) -> timeseries.Panel:
    return (
        curves(word("growth", language), language, "percentunit")
        .with_target(over_time(held("targetwatch_target_required_growth_ratio"), legend=word("needed", language)))
        .override_by_query("A", [color("#0072B2"), prop("custom.lineWidth", 3)])
    )


def _pace(language: str) -> timeseries.Panel:
    return (
        curves(word("pace", language), language, "none")
        .decimals(2)
        .with_target(over_time(held("targetwatch_target_pace_ratio"), legend=word("pace", language)))
        .override_by_query("A", [color("#0072B2"), prop("custom.lineWidth", 3)])
    )


def _day(key: str, metric: str, language: str, *, to_noon: int) -> stat.Panel:
    """Return a day, told by its noon: its first or last second is another day where the browser's zone is another."""
    return (
        tile(word(key, language), language, px=PAGE_TEXT_PX)
        .with_target(instant(f"1000 * ({held(metric)} {to_noon:+d})"))
        .unit("time:YYYY-MM-DD")
        .mappings([nothing("–")])
    )


def _version(language: str) -> stat.Panel:
    return tile(word("version", language), language, px=PAGE_TEXT_PX).with_target(instant(_version_now()))


def _timeline(key: str, metric: str, label: str, states: tuple[tuple[str, str, str, str], ...], language: str) -> Panel:
    said = [(str(code), zh if language == "zh" else en, fixed) for code, (_, en, zh, fixed) in enumerate(states)]
    return timeline(word(key, language), language, values(said)).with_target(
        over_time(_code(metric, label, states), legend=word(key, language))
    )


def _code(metric: str, label: str, states: tuple[tuple[str, str, str, str], ...]) -> str:
    """Return PromQL for the number of the state that is on: its place in `states`."""
    known = f'max by (target, {label}) (last_over_time({metric}{{{JOB},target="$target",{label}="%s"}}[{HISTORY}]))'
    on = [f"{code} * ({known % state} == 1)" for code, (state, *_) in enumerate(states)]
    return f"max by (target) ({' or '.join(on)})"
