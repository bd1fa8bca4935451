"""The wall: a headline, then ten targets a page by urgency, one line each, paging by itself every 20 seconds.

Every column asks the same table and sorts it alike, so that the rows stand side by side. A page is a stretch of the
order of urgency; targets of equal urgency share a page, so none is lost or shown twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import bargauge, dashboard, stat
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from grafana.generator.parts import (
    SOURCE,
    WALL_TEXT_PX,
    each_row,
    fill,
    instant,
    last,
    nothing,
    said_odds,
    sheet,
    steps,
    text_size,
    tile,
    values,
)
from grafana.generator.words import STATUSES, word

if TYPE_CHECKING:
    from grafana.generator.parts import Panel

HEADLINE = ("achieved", "on_track", "at_risk", "off_track", "missed")
PAGE_SIZE = 10
PAGE_SECONDS = 20
URGENCY = "targetwatch:target:urgency"
PAGES = f"scalar(ceil(count({URGENCY}) / {PAGE_SIZE}))"
PAGE = f"scalar(floor(vector(time() / {PAGE_SECONDS})) % ceil(count({URGENCY}) / {PAGE_SIZE}))"
UPPER = f"scalar(quantile(1 - {PAGE} / {PAGES}, {URGENCY}))"
LOWER = f"scalar(quantile(1 - ({PAGE} + 1) / {PAGES}, {URGENCY}))"
BELOW_THE_LAST = f"1000 * (({PAGE} + 1) == bool {PAGES})"
ON_PAGE = f"({URGENCY} <= {UPPER} > ({LOWER} - {BELOW_THE_LAST}))"
ROWS = (
    f"{ON_PAGE} * on (target) group_left (short_en, short_zh, card_en, card_zh) targetwatch:target:card"
    " * on (target) group_left (status) (targetwatch:target:performance == 1)"
)
LATE = (
    '(targetwatch:target:data_state{state="late"} == 1)'
    " * on (target) group_left (short_en, short_zh) targetwatch:target:card"
)


def wall(language: str) -> dashboard.Dashboard:
    """Return the wall in a language, made for 1920 x 1080 in kiosk mode."""
    panels: list[tuple[Panel, int, int, int, int]] = [
        (_count(status, language), 4 * index, 0, 4, 4) for index, status in enumerate(HEADLINE)
    ]
    panels.append((_age(language), 20, 0, 4, 4))
    x = 0
    for column, width in (
        (_status(language), 4),
        (_text(word("target", language), f"short_{language}", language), 6),
        (_progress(language), 4),
        (_ratio(word("plan", language), "targetwatch_target_expected_progress_ratio", language), 2),
        (_text(word("value_goal", language), f"card_{language}", language), 5),
        (_odds(language), 3),
    ):
        panels.append((column, x, 4, width, 21))
        x += width
    panels.append((_late(language), 0, 25, 24, 3))
    board = (
        sheet("wall", word("wall", language), word("wall_about", language), language)
        .time("now-6h", "now")
        .refresh(f"{PAGE_SECONDS}s")
    )
    return fill(board, panels)


def _count(status: str, language: str) -> stat.Panel:
    _, en, zh, color = next(one for one in STATUSES if one[0] == status)
    return (
        tile(zh if language == "zh" else en, language, px=72)
        .with_target(instant(f'count(targetwatch:target:performance{{status="{status}"}} == 1) or vector(0)'))
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, color)]))
    )


def _age(language: str) -> stat.Panel:
    return (
        tile(word("age", language), language, px=WALL_TEXT_PX)
        .with_target(instant("time() - max(targetwatch_snapshot_timestamp_seconds)"))
        .unit("s")
        .decimals(0)
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, "#6B7785"), (26 * 3600, "#E69F00")]))
    )


def _column(panel: stat.Panel, field: str) -> stat.Panel:
    return (
        panel.with_target(instant(ROWS, "A", table=True))
        .orientation(common_models.VizOrientation.HORIZONTAL)
        .reduce_options(each_row(field))
    )


def _sorted(by: str) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val="sortBy", options={"fields": {}, "sort": [{"field": by, "desc": True}]})


def _joined() -> list[models.DataTransformerConfig]:
    join = models.DataTransformerConfig(id_val="joinByField", options={"byField": "target", "mode": "outerTabular"})
    return [join, _sorted("Value #A")]


def _text(title: str, field: str, language: str) -> stat.Panel:
    return _column(tile(title, language, px=WALL_TEXT_PX), field).transformations([_sorted("Value")])


def _status(language: str) -> stat.Panel:
    said = [(status, zh if language == "zh" else en, color) for status, en, zh, color in STATUSES]
    return (
        _text(word("status", language), "status", language)
        .mappings([values(said)])
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
    )


def _numbers(panel: stat.Panel, metric: str) -> stat.Panel:
    number = f"max by (target) ({metric}) and on (target) {ON_PAGE}"
    return _column(panel, "Value #B").with_target(instant(number, "B", table=True)).transformations(_joined())


def _ratio(title: str, metric: str, language: str) -> stat.Panel:
    panel = _numbers(tile(title, language, px=WALL_TEXT_PX), metric)
    return panel.unit("percentunit").decimals(0).mappings([nothing("–")])


def _odds(language: str) -> stat.Panel:
    panel = _numbers(
        tile(word("odds", language), language, px=WALL_TEXT_PX), "targetwatch_target_attainment_probability"
    )
    return panel.mappings(said_odds(language))


def _progress(language: str) -> bargauge.Panel:
    number = f"max by (target) (targetwatch_target_progress_ratio) and on (target) {ON_PAGE}"
    return (
        bargauge.Panel()
        .title(word("progress", language))
        .datasource(SOURCE)
        .no_value(word("no_data", language))
        .with_target(instant(ROWS, "A", table=True))
        .with_target(instant(number, "B", table=True))
        .transformations(_joined())
        .reduce_options(each_row("Value #B"))
        .orientation(common_models.VizOrientation.HORIZONTAL)
        .display_mode(common_models.BarGaugeDisplayMode.BASIC)
        .value_mode(common_models.BarGaugeValueMode.TEXT)
        .name_placement(common_models.BarGaugeNamePlacement.HIDDEN)
        .show_unfilled(True)
        .unit("percentunit")
        .decimals(0)
        .min(0)
        .max(1)
        .mappings([nothing("–")])
        .text(text_size(WALL_TEXT_PX))
        .thresholds(steps([(None, "#56B4E9")]))
    )


def _late(language: str) -> stat.Panel:
    return (
        tile(word("late_figures", language), language, px=WALL_TEXT_PX)
        .no_value(word("none_late", language))
        .with_target(instant(LATE, legend=f"{{{{short_{language}}}}}"))
        .text_mode(common_models.BigValueTextMode.NAME)
        .orientation(common_models.VizOrientation.VERTICAL)
        .reduce_options(last())
    )
