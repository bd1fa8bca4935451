"""The pieces dashboards are made of: queries, mappings, panels with every size and no-data text set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, statetimeline, timeseries
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models import prometheus as prometheus_models

from grafana.generator.words import odds, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOURCE = common_models.DataSourceRef(type_val="prometheus", uid="${datasource}")
JOB = 'job="$job"'
"""Which service of those that Prometheus scrapes."""
WALL_TEXT_PX = 36
"""Nothing on a wall is smaller: it is read from five metres away."""
PAGE_TEXT_PX = 24
HISTORY = "90m"
"""How long a sample stands: backfilled history has one an hour."""

Panel = stat.Panel | bargauge.Panel | statetimeline.Panel | timeseries.Panel


def instant(expr: str, ref: str = "A", *, legend: str = "", table: bool = False) -> prometheus.Dataquery:
    """Return a query for now."""
    query = prometheus.Dataquery().expr(expr).ref_id(ref).instant().legend_format(legend or "__auto").datasource(SOURCE)
    kind = prometheus_models.PromQueryFormat.TABLE if table else prometheus_models.PromQueryFormat.TIME_SERIES
    return query.format(kind)


def over_time(expr: str, ref: str = "A", *, legend: str = "") -> prometheus.Dataquery:
    """Return a query over the time shown."""
    return prometheus.Dataquery().expr(expr).ref_id(ref).range().legend_format(legend or "__auto").datasource(SOURCE)


def held(metric: str, by: str = "target") -> str:
    """Return PromQL for a metric of the chosen target, held between samples, whoever was scraped."""
    return f'max by ({by}) (last_over_time({metric}{{{JOB},target="$target"}}[{HISTORY}]))'


def values(pairs: Iterable[tuple[str, str, str]]) -> models.ValueMap:
    """Return the mapping of exact values: value, text, colour."""
    options = {
        value: models.ValueMappingResult(text=text, color=color, index=index)
        for index, (value, text, color) in enumerate(pairs)
    }
    return models.ValueMap(options=options)


def said_odds(language: str) -> list[models.ValueMapping]:
    """Return the mappings of a probability to odds in words people use."""
    edges = [0.075, *(tenth / 10 + 0.05 for tenth in range(1, 9)), 0.925]
    ranges = [(-1.0, 0.05, word("odds_under", language)), (0.05, 0.075, word("odds_low", language))]
    ranges += [(0.925, 0.95, word("odds_high", language)), (0.95, 2.0, word("odds_over", language))]
    ranges += [(edges[i], edges[i + 1], odds(i + 1, language)) for i in range(9)]
    said: list[models.ValueMapping] = [nothing("–")]
    for low, high, text in ranges:
        said.append(between(round(low, 3), round(high, 3), text))
    return said


def between(low: float, high: float, text: str) -> models.RangeMap:
    """Return the mapping of a stretch of values."""
    result = models.ValueMappingResult(text=text)
    return models.RangeMap(options=models.DashboardRangeMapOptions(from_val=low, to=high, result=result))


def nothing(text: str) -> models.SpecialValueMap:
    """Return the mapping of a missing value."""
    return models.SpecialValueMap(
        options=models.DashboardSpecialValueMapOptions(
            match=models.SpecialValueMatch.NULL_AND_NAN, result=models.ValueMappingResult(text=text)
        )
    )


def matching(pattern: str, text: str, fixed: str) -> models.RegexMap:
    """Return the mapping of what matches a pattern; `text` may use its groups ($1)."""
    result = models.ValueMappingResult(text=text, color=fixed)
    return models.RegexMap(options=models.DashboardRegexMapOptions(pattern=pattern, result=result))


def text_size(px: int) -> common.VizTextDisplayOptions:
    """Return text of one size."""
    return common.VizTextDisplayOptions().title_size(px).value_size(px)


def plain_color() -> dashboard.ThresholdsConfig:
    """Return no threshold: one colour."""
    return steps([(None, "text")])


def steps(colors: Sequence[tuple[float | None, str]]) -> dashboard.ThresholdsConfig:
    """Return colours from a value on (None: from below)."""
    return (
        dashboard.ThresholdsConfig()
        .mode(models.ThresholdsMode.ABSOLUTE)
        .steps([models.Threshold(value=value, color=color) for value, color in colors])
    )


def tile(title: str, language: str, *, px: int = PAGE_TEXT_PX) -> stat.Panel:
    """Return a panel of figures or words in large type."""
    return (
        stat.Panel()
        .title(title)
        .datasource(SOURCE)
        .no_value(word("no_data", language))
        .unit("none")
        .text(text_size(px))
        .graph_mode(common_models.BigValueGraphMode.NONE)
        .justify_mode(common_models.BigValueJustifyMode.AUTO)
        .color_mode(common_models.BigValueColorMode.NONE)
        .text_mode(common_models.BigValueTextMode.VALUE)
        .wide_layout(False)
        .thresholds(plain_color())
        .reduce_options(last())
    )


def last(fields: str = "") -> common.ReduceDataOptions:
    """Return the last value of each series."""
    return common.ReduceDataOptions().calcs(["lastNotNull"]).fields(fields).values(False)


def each_row(field: str) -> common.ReduceDataOptions:
    """Return every row of one column of a table."""
    return common.ReduceDataOptions().calcs([]).fields(f"/^{field}$/").values(True).limit(25)


def curves(title: str, language: str, unit: str) -> timeseries.Panel:
    """Return curves that stand still between figures."""
    return (
        timeseries.Panel()
        .title(title)
        .datasource(SOURCE)
        .no_value(word("no_data", language))
        .unit(unit)
        .line_interpolation(common_models.LineInterpolation.STEP_AFTER)
        .line_width(2)
        .fill_opacity(0)
        .show_points(common_models.VisibilityMode.NEVER)
        .legend(
            common.VizLegendOptions()
            .display_mode(common_models.LegendDisplayMode.LIST)
            .placement(common_models.LegendPlacement.BOTTOM)
            .show_legend(True)
        )
        .tooltip(common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI))
    )


def timeline(title: str, language: str, mapping: models.ValueMap) -> statetimeline.Panel:
    """Return states as coloured stretches with their words."""
    return (
        statetimeline.Panel()
        .title(title)
        .datasource(SOURCE)
        .no_value(word("no_data", language))
        .unit("none")
        .mappings([mapping])
        .merge_values(True)
        .show_value(common_models.VisibilityMode.AUTO)
        .row_height(0.9)
        .line_width(0)
        .fill_opacity(85)
        .color_scheme(dashboard.FieldColor().mode(models.FieldColorModeId.THRESHOLDS))
        .legend(
            common.VizLegendOptions()
            .show_legend(False)
            .display_mode(common_models.LegendDisplayMode.HIDDEN)
            .placement(common_models.LegendPlacement.BOTTOM)
        )
    )


def prop(name: str, value: Any) -> models.DynamicConfigValue:  # noqa: ANN401 - any option of any panel
    """Return one option of a field override."""
    return models.DynamicConfigValue(id_val=name, value=value)


def color(fixed: str) -> models.DynamicConfigValue:
    """Return the option of a fixed colour."""
    return prop("color", {"mode": "fixed", "fixedColor": fixed})


def fill(board: dashboard.Dashboard, panels: Sequence[tuple[Panel, int, int, int, int]]) -> dashboard.Dashboard:
    """Return the dashboard with panels numbered from 1 and put at (x, y, width, height) of the 24-column grid."""
    for number, (panel, x, y, w, h) in enumerate(panels, 1):
        board.with_panel(panel.id(number).grid_pos(models.GridPos(x=x, y=y, w=w, h=h)))
    return board


def sheet(name: str, title: str, about: str, language: str) -> dashboard.Dashboard:
    """Return an empty dashboard in the classic v1 schema; data source, job and service address are variables of it."""
    source = dashboard.DatasourceVariable("datasource").label(word("source", language)).type("prometheus")
    job = (
        dashboard.QueryVariable("job")
        .label(word("job", language))
        .datasource(SOURCE)
        .query("label_values(targetwatch:service:seen_timestamp_seconds, job)")
        .current(models.VariableOption(selected=True, text="targetwatch", value="targetwatch"))
        .refresh(models.VariableRefresh.ON_DASHBOARD_LOAD)
        .multi(False)
        .include_all(False)
    )
    service = (
        dashboard.TextBoxVariable("service").label(word("service", language)).default_value("http://localhost:9877")
    )
    return (
        dashboard.Dashboard(title)
        .uid(f"targetwatch-{name}-{language}")
        .description(about)
        .tags(["targetwatch", language])
        .timezone("browser")
        .readonly()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .annotations([])
        .with_variable(source)
        .with_variable(job)
        .with_variable(service)
    )
