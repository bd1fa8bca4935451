"""The wall: a headline, then ten targets a page by urgency, two lines each, paging by itself every 20 seconds.

Every column asks the same table and sorts it alike, so that the rows stand side by side. A page is a stretch of the
order of urgency, in which no two have the same place: so none is lost, shown twice or put beside another's bar.

Grafana draws a panel's title 14 px high and offers no other size, so the panels here have none: a cell says what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import bargauge, dashboard, stat
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from grafana.generator.parts import (
    SOURCE,
    WALL_TEXT_PX,
    between,
    each_row,
    fill,
    instant,
    matching,
    nothing,
    prop,
    sheet,
    steps,
    text_size,
    tile,
    values,
)
from grafana.generator.words import STATUSES, said_of, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grafana.generator.parts import Panel

HEADLINE = ("achieved", "on_track", "at_risk", "off_track", "missed")
PAGE_SIZE = 10
PAGE_SECONDS = 20
COUNT_PX = 48
LATE_COLOR = "#F0E442"
"""Of the age of a late figure: the colour of no status."""
URGENCY = "targetwatch:target:urgency"
PAGE = f"(floor(vector(time() / {PAGE_SECONDS})) % ceil(count({URGENCY}) / {PAGE_SIZE}))"
ON_PAGE = f"(topk(scalar({PAGE_SIZE} * ({PAGE} + 1)), {URGENCY}) unless topk(scalar({PAGE_SIZE} * {PAGE}), {URGENCY}))"
WORDS = "short_en, short_zh, card_en, card_zh, outlook_en, outlook_zh, tile_age_en, tile_age_zh"
ROWS = (
    f"{ON_PAGE} * on (target) group_left ({WORDS}) targetwatch:target:tile"
    " * on (target) group_left (status) (targetwatch:target:performance == 1)"
)
BRIGHT = {"#E69F00": "#FFB31A"}
"""Grafana writes dark on a background from a certain brightness on; white on the darker orange is hard to read."""
BLANK = "\N{NO-BREAK SPACE}"
"""Stands for words that a target has none of: an empty cell would be filled with the panel's "no figure"."""


def wall(language: str) -> dashboard.Dashboard:
    """Return the wall in a language, made for 1920 x 1080 in kiosk mode."""
    panels: list[tuple[Panel, int, int, int, int]] = [
        *[(_count(status, language), 4 * index, 0, 4, 2) for index, status in enumerate(HEADLINE)],
        (_age(language), 20, 0, 4, 2),
        (_status(language), 0, 2, 6, 24),
        (_progress(language), 6, 2, 6, 24),
        (_words(language), 12, 2, 12, 24),
        (_results(language), 0, 26, 24, 2),
    ]
    board = (
        sheet("wall", word("wall", language), word("wall_about", language), language)
        .time("now-6h", "now")
        .refresh(f"{PAGE_SECONDS}s")
    )
    return fill(board, panels)


def _untitled(about: str, language: str, *, px: int = WALL_TEXT_PX) -> stat.Panel:
    """Return a panel without a title of its own, with name and value in its cells."""
    return (
        tile("", language, px=px)
        .description(word(about, language))
        .transparent(True)
        .text(text_size(WALL_TEXT_PX).value_size(px))
        .text_mode(common_models.BigValueTextMode.VALUE_AND_NAME)
        .orientation(common_models.VizOrientation.HORIZONTAL)
    )


def _count(status: str, language: str) -> stat.Panel:
    said, color = said_of(status, language)
    shown = f'targetwatch:target:performance{{status="{status}"}} == 1 and on (target) {URGENCY}'
    return (
        _untitled("count_about", language, px=COUNT_PX)
        .with_target(instant(f"count({shown}) or vector(0)", legend=said))
        .wide_layout(True)
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, BRIGHT.get(color, color))]))
    )


def _age(language: str) -> stat.Panel:
    """Return how many hours old the verdicts are: a bare number, since Grafana draws a unit smaller than its value."""
    return (
        _untitled("age_about", language, px=COUNT_PX)
        .with_target(
            instant(
                "floor((time() - max(targetwatch_snapshot_timestamp_seconds)) / 3600)",
                legend=word("age_short", language),
            )
        )
        .wide_layout(True)
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, "#6B7785"), (26, BRIGHT["#E69F00"])]))
    )


def _column(about: str, language: str, *, name: str, value: str) -> stat.Panel:
    """Return a column with two lines a target: the label `name` above the label `value`."""
    filled = ROWS
    for label in (name, value):
        filled = f'label_replace({filled}, "{label}", "{BLANK}", "{label}", "")'
    return (
        _untitled(about, language)
        .with_target(instant(filled, "A", table=True))
        .reduce_options(each_row(value))
        .transformations([_sorted("Value"), _only(name, value)])
    )


def _sorted(by: str) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val="sortBy", options={"fields": {}, "sort": [{"field": by, "desc": True}]})


def _only(*names: str) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val="filterFieldsByName", options={"include": {"names": list(names)}})


def _status(language: str) -> stat.Panel:
    """Return the short name above the status, on the colour of the status."""
    said = [(status, text, BRIGHT.get(color, color)) for status, text, color in _statuses(language)]
    return (
        _column("status_about", language, name=f"short_{language}", value="status")
        .mappings([values(said)])
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
    )


def _statuses(language: str) -> Iterator[tuple[str, str, str]]:
    return ((status, *said_of(status, language)) for status, *_ in STATUSES)


def _words(language: str) -> stat.Panel:
    """Return plan, odds and what is needed above the age of the figures."""
    late = matching("^(.*(late|迟).*)$", "$1", LATE_COLOR)
    return (
        _column("words_about", language, name=f"outlook_{language}", value=f"tile_age_{language}")
        .mappings([late])
        .color_mode(common_models.BigValueColorMode.VALUE)
    )


def _progress(language: str) -> bargauge.Panel:
    """Return value and goal above the bar: the share of the goal reached.

    The share is a word in the column beside. Here it is blank, not hidden: with it Grafana hides the rest of the bar.
    Blank for that field alone: a mapping for all would take "96.5 / 80" for the number it begins with.
    """
    card = f"card_{language}"
    number = f"max by (target) (targetwatch_target_progress_ratio) and on (target) {ON_PAGE}"
    join = models.DataTransformerConfig(id_val="joinByField", options={"byField": "target", "mode": "outerTabular"})
    return (
        bargauge.Panel()
        .title("")
        .description(word("progress_about", language))
        .transparent(True)
        .datasource(SOURCE)
        .no_value(word("no_data", language))
        .with_target(instant(ROWS, "A", table=True))
        .with_target(instant(number, "B", table=True))
        .transformations([join, _sorted("Value #A"), _only(card, "Value #B")])
        .reduce_options(each_row("Value #B"))
        .orientation(common_models.VizOrientation.HORIZONTAL)
        .display_mode(common_models.BarGaugeDisplayMode.BASIC)
        .value_mode(common_models.BarGaugeValueMode.TEXT)
        .sizing(common_models.BarGaugeSizing.MANUAL)
        .max_viz_height(1080)
        .min_viz_height(16)
        .min_viz_width(8)
        .name_placement(common_models.BarGaugeNamePlacement.TOP)
        .show_unfilled(True)
        .unit("percentunit")
        .decimals(0)
        .min(0)
        .max(1)
        .override_by_name("Value #B", [prop("mappings", [nothing(BLANK), between(-1e9, 1e9, BLANK)])])
        .text(text_size(WALL_TEXT_PX))
        .thresholds(steps([(None, "#56B4E9")]))
    )


def _results(language: str) -> stat.Panel:
    """Return how many ended how, by year, of the targets that are no longer shown one by one."""
    panel = _untitled("results_about", language).no_value(BLANK).text_mode(common_models.BigValueTextMode.NAME)
    for ref, status in (("A", "achieved"), ("B", "missed")):
        folded = f'targetwatch:target:result_year and on (target) targetwatch:target:folded{{status="{status}"}}'
        counted = f'count_values by (year) ("count", count_values("year", {folded}))'
        said, _ = said_of(status, language)
        legend = word("results", language).format(year="{{year}}", outcome=said, count="{{count}}")
        panel.with_target(instant(counted, ref, legend=legend))
    return panel.orientation(common_models.VizOrientation.VERTICAL)
