"""Verdicts and figures as tables, JSON or CSV on a terminal."""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from targetwatch.model import Measure, Performance
from targetwatch.model.words import plain
from targetwatch.wording.terms import BASES, DATA_STATES
from targetwatch.wording.translation import N_, NC_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from targetwatch.model import Catalogue, Reading, Snapshot

ICONS = {
    Performance.PENDING: "·",
    Performance.ON_TRACK: "✔",
    Performance.AT_RISK: "▲",
    Performance.OFF_TRACK: "✖",
    Performance.ACHIEVED: "★",
    Performance.MISSED: "✗",
    Performance.AWAITING_DATA: "…",
}
STYLES = {
    Performance.ON_TRACK: "cyan",
    Performance.ACHIEVED: "bold green",
    Performance.AT_RISK: "yellow",
    Performance.OFF_TRACK: "bold magenta",
    Performance.MISSED: "bold red",
}
TITLES = (
    NC_("status", "Target"),
    NC_("status", "Performance"),
    NC_("status", "Value / goal"),
    NC_("status", "Expected"),
    NC_("status", "Growth needed"),
    NC_("status", "Data through"),
    NC_("status", "Data"),
)
OF_READINGS = (
    N_("No."),
    N_("Period"),
    N_("It counts"),
    N_("Figure"),
    N_("On a year before"),
    N_("Published"),
    N_("Whose count"),
    N_("Standing"),
)
WIDTH_WITHOUT_TERMINAL = 160


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print")]


class Language(StrEnum):
    """The language of the words."""

    EN = "en"
    ZH = "zh"


def console() -> Console:
    """Return the terminal; a pipe gets plain lines wide enough not to be cut."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=WIDTH_WITHOUT_TERMINAL, no_color=True, highlight=False)


def rows(found: Iterable[object], output: Format) -> None:
    """Print values as JSON or CSV, by their field names."""
    plainly = [plain(one) for one in found]
    as_json(plainly) if output is Format.JSON else as_csv(plainly)


def as_json(value: object) -> None:
    """Print JSON with the field names of the values."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2))


def as_csv(rows: Iterable[dict[str, Any]]) -> None:
    """Print rows with a header; nested values as JSON."""
    rows = list(rows)
    if not rows:
        return
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {k: json.dumps(v, ensure_ascii=False) if isinstance(v, (dict, list)) else v for k, v in row.items()}
        )
    print(out.getvalue(), end="")


def verdicts(snapshot: Snapshot, names: Sequence[str], language: str) -> None:
    """Print one line a target: what it is, how it goes, and on which figures."""
    from rich.table import Table

    from targetwatch.wording import formats
    from targetwatch.wording import verdict as words
    from targetwatch.wording.translation import translator

    _, indicators = translator(language), snapshot.catalogue.indicators_by_id
    table = Table(*(_(title) for title in TITLES), box=None, header_style="bold")
    targets = snapshot.catalogue.targets_by_id
    for name in names:
        verdict, target = snapshot.verdicts[name], targets[name]
        state = verdict.performance
        indicator, growth, late = indicators[verdict.indicator], verdict.required_growth_ratio, verdict.late_days
        table.add_row(
            f"{target.short[language]}\n[dim]{name}[/dim]",
            f"[{STYLES.get(state, 'dim')}]{ICONS[state]} {words.performance(verdict, _)}[/]",
            words.card(verdict, indicator, _),
            words.plan(verdict, indicator, _),
            formats.percent(growth) if growth is not None and indicator.measure is Measure.FLOW else "",
            str(verdict.data_through or "—"),
            _("{count} days late", count=late) if late else _(DATA_STATES[verdict.data_state.value]),
        )
    console().print(table)


def readings(rows: Sequence[Reading], catalogue: Catalogue, authority: str, language: str) -> None:
    """Print an indicator's figures, the authority's marked."""
    from rich.table import Table

    from targetwatch.wording import formats
    from targetwatch.wording.translation import translator

    _, indicators = translator(language), catalogue.indicators_by_id
    publishers = {publisher.id: publisher.title[language] for publisher in catalogue.publishers}
    table = Table(*(_(title) for title in OF_READINGS), box=None)
    for row in rows:
        mark = "" if row.publisher == authority else f" ({_('another count, shown beside')})"
        state = _("withdrawn") if row.withdrawn_at else (_("provisional") if row.provisional else "")
        table.add_row(
            str(row.id or ""),
            f"{row.period.start}..{row.period.end}" if row.period.start != row.period.end else str(row.period.end),
            _(BASES[row.basis.value]),
            row.step or formats.printed(row, indicators[row.indicator], _),
            formats.percent(float(row.yoy)) if row.yoy is not None else "",
            str(row.published_on or _("without a publication date")),
            publishers.get(row.publisher, row.publisher) + mark,
            state,
        )
    console().print(table)
