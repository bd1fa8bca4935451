"""Verdicts and figures as tables, JSON or CSV on a terminal."""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from targetwatch.model import Performance
from targetwatch.model.words import plain
from targetwatch.wording.translation import NC_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from targetwatch.model import Catalogue, Reading, Snapshot, Verdict

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

    _, indicators = translator(language), {one.id: one for one in snapshot.catalogue.indicators}
    table = Table(*(_(title) for title in TITLES), box=None, header_style="bold")
    targets = {target.id: target for target in snapshot.catalogue.targets}
    for name in names:
        verdict, target = snapshot.verdicts[name], targets[name]
        table.add_row(
            f"{target.short[language]}\n[dim]{name}[/dim]",
            f"[{STYLES.get(verdict.performance, 'dim')}]{ICONS[verdict.performance]} {label(verdict, language)}[/]",
            words.card(verdict, indicators[verdict.indicator], _),
            _expected(verdict),
            formats.percent(verdict.required_growth_ratio) if verdict.required_growth_ratio is not None else "",
            str(verdict.data_through or "—"),
            verdict.data_state.value + (f" {verdict.late_days} d" if verdict.late_days else ""),
        )
    console().print(table)


def label(verdict: Verdict, language: str) -> str:
    """Return the performance in words."""
    from targetwatch.wording.translation import translator
    from targetwatch.wording.verdict import PERFORMANCES

    return translator(language)(PERFORMANCES[verdict.performance])


def _expected(verdict: Verdict) -> str:
    if verdict.expected_value is None:
        return ""
    return f"{verdict.expected_value:,.4g}" if verdict.expected_value < 1000 else f"{verdict.expected_value:,.0f}"  # noqa: PLR2004 - below a thousand, digits matter


def readings(rows: Sequence[Reading], catalogue: Catalogue, authority: str, language: str) -> None:
    """Print an indicator's figures, the authority's marked."""
    from rich.table import Table

    from targetwatch.wording import formats

    publishers = {publisher.id: publisher.title[language] for publisher in catalogue.publishers}
    table = Table("Id", "Period", "Basis", "Value", "Year on year", "Published", "Publisher", "Note", box=None)
    for row in rows:
        qualifier = "" if row.qualifier.value == "exact" else f"{row.qualifier.value} "
        mark = "" if row.publisher == authority else " (not the authority)"
        state = "withdrawn" if row.withdrawn_at else ("provisional" if row.provisional else "")
        table.add_row(
            str(row.id or ""),
            f"{row.period.start}..{row.period.end}" if row.period.start != row.period.end else str(row.period.end),
            row.basis.value,
            f"{qualifier}{row.value:,f}{f' ±{row.rounding:f}' if row.rounding else ''}",
            formats.percent(float(row.yoy)) if row.yoy is not None else "",
            str(row.published_on or "not dated"),
            publishers.get(row.publisher, row.publisher) + mark,
            state,
        )
    console().print(table)
