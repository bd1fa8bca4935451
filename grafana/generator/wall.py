"""The wall: a sentence that counts every promise, then ten targets a page, and at the bottom how old all of it is.

What lags or was missed lately is pinned, up to five rows; the others take turns every 20 seconds, on pages as even as
can be. Every column asks the same table and sorts it alike, so that the rows stand side by side: of no two targets the
place is the same, so none is lost, shown twice or put beside another's bar. All of it outlives an outage.

Grafana draws a panel's title 14 px high and offers no other size, so the panels here have none: a cell says what it is.
Its rows are 30 px at every resolution, so there is a wall for 1920 x 1080 and one of twice the size for 3840 x 2160.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import bargauge, dashboard, stat
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from grafana.generator.parts import (
    JOB,
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

PAGE_SECONDS = 20
SENTENCE_PX = 46
LATE_COLOR = "#F0E442"
"""Of the age of a late figure: the colour of no status."""
AWAY = "#6B7785"
"""Of a service that does not answer, and of what is only as old as it should be: the colour of no status."""
SEEN = f"max(targetwatch:service:seen_timestamp_seconds{{{JOB}}})"
TILES = f"targetwatch:target:tile{{{JOB}}}"
PINNED, PAGE_ROWS, PAGES = (
    f"scalar(max(targetwatch:wall:{name}{{{JOB}}}) or vector({alone}))"
    for name, alone in (("pinned", 0), ("page_rows", 0), ("pages", 1))
)
BEFORE = f"{PINNED} + {PAGE_ROWS} * (scalar(floor(vector(time() / {PAGE_SECONDS}))) % {PAGES})"
"""How many targets come before those whose turn it is."""
TURN = f"(topk({PINNED}, {TILES}) or (topk({BEFORE} + {PAGE_ROWS}, {TILES}) unless topk({BEFORE}, {TILES})))"
ROWS = f"({TURN} % 10)"
"""Those of a page by their urgency: a place from ten on is that of one that is pinned."""
BRIGHT = {"#E69F00": "#FFB31A"}
"""Grafana writes dark on a background from a certain brightness on; white on the darker orange is hard to read."""
AWAY_SECONDS = 600
"""The alert on a service that is down waits as long."""
BLANK = "\N{NO-BREAK SPACE}"
"""Stands for words that a target has none of: an empty cell would be filled with the panel's "no figure"."""


def wall(language: str, *, scale: int = 1) -> dashboard.Dashboard:
    """Return the wall in a language, for kiosk mode; a `scale` of 2 is for 3840 x 2160."""
    rows = ((_sentence, 0, 24, 2), (_status, 0, 6, 24), (_progress, 6, 6, 24), (_words, 12, 12, 24), (_age, 0, 24, 2))
    panels: list[tuple[Panel, int, int, int, int]] = [
        (make(language, scale), x, y * scale, w, h * scale)
        for (make, x, w, h), y in zip(rows, (0, 2, 2, 2, 26), strict=True)
    ]
    name, said = ("wall", "wall") if scale == 1 else ("wall-4k", "wall_4k")
    board = (
        sheet(name, word(said, language), word("wall_about", language), language)
        .time("now-6h", "now")
        .refresh(f"{PAGE_SECONDS}s")
        .link(
            dashboard.DashboardLink(word("of_service", language))
            .type(models.DashboardLinkType.LINK)
            .url("${service}/wall?lang=" + language)
            .target_blank(True)
        )
    )
    return fill(board, panels)


def _untitled(about: str, language: str, scale: int, *, px: int = WALL_TEXT_PX) -> stat.Panel:
    """Return a panel without a title of its own, with name and value in its cells."""
    return (
        tile("", language, px=px * scale)
        .description(word(about, language))
        .transparent(True)
        .text_mode(common_models.BigValueTextMode.VALUE_AND_NAME)
        .orientation(common_models.VizOrientation.HORIZONTAL)
    )


def _sentence(language: str, scale: int) -> stat.Panel:
    """Return how many promises stand how, each counted once, in the colour of the worst; grey while nobody answers."""
    counts = {
        "total": TILES,
        "missed": _of("missed"),
        "off": _of("off_track"),
        "risk": _of("at_risk"),
        "won": _of("achieved"),
        "open": _of("on_track|pending|awaiting_data"),
    }
    ranked = ((3, "missed"), (2, "off"), (1, "risk"))
    worst = " or ".join(f"0 * count({counts[key]}) + {rank}" for rank, key in ranked)
    away = f"(time() - {SEEN} > bool {AWAY_SECONDS})"
    value = f"({worst} or vector(0)) - 10 * {away} and count({TILES})"
    said = [f'count_values("{key}", count({tiles}) or vector(0))' for key, tiles in counts.items()]
    joined = "".join(f" * on () group_left ({key}) {one}" for key, one in zip(counts, said, strict=True))
    colors = [(None, AWAY), (0, "#009E73"), (1, BRIGHT["#E69F00"]), (2, "#D55E00"), (3, "#CC79A7")]
    return (
        _untitled("sentence_about", language, scale, px=SENTENCE_PX)
        .no_value(word("no_targets", language))
        .with_target(instant(f"({value}){joined}", legend=word("all_promises", language)))
        .text_mode(common_models.BigValueTextMode.NAME)
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps(colors))
    )


def _of(statuses: str) -> str:
    return f'targetwatch:target:tile{{{JOB},status=~"{statuses}"}}'


def _age(language: str, scale: int) -> stat.Panel:
    """Return how old what is shown is: grey while the service answers and judges, else a colour that asks for help."""
    seen = f"floor((time() - {SEEN}) / 60)"
    judged = f"floor((time() - max(last_over_time(targetwatch_snapshot_timestamp_seconds{{{JOB}}}[7d]))) / 3600)"
    value = f"({seen} >= bool {AWAY_SECONDS // 60}) + ({judged} > bool 26)"
    joined = f' * on () group_left (minutes) count_values("minutes", {seen})'
    joined += f' * on () group_left (hours) count_values("hours", {judged})'
    return (
        _untitled("age_about", language, scale)
        .no_value(word("never_seen", language))
        .with_target(instant(f"({value}){joined}", legend=word("age_said", language)))
        .text_mode(common_models.BigValueTextMode.NAME)
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, AWAY), (1, BRIGHT["#E69F00"])]))
    )


def _column(about: str, language: str, scale: int, *, name: str, value: str) -> stat.Panel:
    """Return a column with two lines a target: the label `name` above the label `value`."""
    filled = ROWS
    for label in (name, value):
        filled = f'label_replace({filled}, "{label}", "{BLANK}", "{label}", "")'
    return (
        _untitled(about, language, scale)
        .with_target(instant(filled, "A", table=True))
        .reduce_options(each_row(value))
        .transformations([_sorted("Value"), _only(name, value)])
    )


def _sorted(by: str) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val="sortBy", options={"fields": {}, "sort": [{"field": by, "desc": True}]})


def _only(*names: str) -> models.DataTransformerConfig:
    return models.DataTransformerConfig(id_val="filterFieldsByName", options={"include": {"names": list(names)}})


def _status(language: str, scale: int) -> stat.Panel:
    """Return the short name above the status, on the colour of the status."""
    said = [(status, text, BRIGHT.get(color, color)) for status, text, color in _statuses(language)]
    return (
        _column("status_about", language, scale, name=f"short_{language}", value="status")
        .mappings([values(said)])
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
    )


def _statuses(language: str) -> Iterator[tuple[str, str, str]]:
    return ((status, *said_of(status, language)) for status, *_ in STATUSES)


def _words(language: str, scale: int) -> stat.Panel:
    """Return plan, odds and what is needed above the age of the figures."""
    late = matching("^(.*(late|迟).*)$", "$1", LATE_COLOR)
    return (
        _column("words_about", language, scale, name=f"outlook_{language}", value=f"age_{language}")
        .mappings([late])
        .color_mode(common_models.BigValueColorMode.VALUE)
    )


def _progress(language: str, scale: int) -> bargauge.Panel:
    """Return value and goal above the bar: the share of the goal reached.

    The share is a word in the column beside. Here it is blank, not hidden: with it Grafana hides the rest of the bar.
    Blank for that field alone: a mapping for all would take "96.5 / 80" for the number it begins with.
    """
    card = f"card_{language}"
    number = f"max by (target) (targetwatch:target:progress_ratio{{{JOB}}}) and on (target) {ROWS}"
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
        .max_viz_height(1080 * scale)
        .min_viz_height(16 * scale)
        .min_viz_width(8)
        .name_placement(common_models.BarGaugeNamePlacement.TOP)
        .show_unfilled(True)
        .unit("percentunit")
        .decimals(0)
        .min(0)
        .max(1)
        .override_by_name("Value #B", [prop("mappings", [nothing(BLANK), between(-1e9, 1e9, BLANK)])])
        .text(text_size(WALL_TEXT_PX * scale))
        .thresholds(steps([(None, "#56B4E9")]))
    )
