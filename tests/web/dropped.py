"""Twenty workbooks as offices publish them: what a person would say of each, and the figures it really holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

Rows = Sequence[Sequence[object]]
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Dropped:
    """A workbook: its sheets, what is said of it, and what of each indicator has to be stored.

    `fields` are typed over the proposal, `marks` clicked ("value" on cell "0:3:2"), `mend` cells put right, `leave`
    rows left out.
    """

    name: str
    sheets: Mapping[str, Rows]
    expected: Mapping[str, Mapping[str, str]]
    fields: Mapping[str, str] = field(default_factory=dict)
    marks: Sequence[tuple[str, str]] = ()
    mend: Mapping[str, str] = field(default_factory=dict)
    leave: Sequence[str] = ()


def amounts(start: int, step: int, count: int = 12) -> list[int]:
    """Return amounts that rise, none of which is its neighbour's."""
    return [start + step * n + (n * 37) % 11 for n in range(count)]


def by_month(values: Sequence[object], year: int = 2024, *, times: str = "1") -> dict[str, str]:
    """Return what has to be stored of months, counted in another unit."""
    return {f"{year}-{n:02}": str(Decimal(str(value)) * Decimal(times)) for n, value in enumerate(values, 1)}


A, B = amounts(20_100, 310), amounts(9_050, 120)
SMALL = [Decimal(value) / 100 for value in A]
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FOOT = [["Source: Port Office"], ["* provisional"]]
CARGO = {"pick.readings.1.indicator": "cargo"}
BOTH = {"pick.readings.1.indicator": "exports", "pick.readings.2.indicator": "imports"}

DROPPED = [
    Dropped(
        "plain",
        {"Data": [["Month", "Throughput (TEU)"], *([f"2024-{n:02}", a] for n, a in enumerate(A, 1))]},
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "title, footnotes and a total row",
        {
            "Table 1": [
                ["Container throughput of the port, 2024"],
                [],
                ["Year", "Month", "Throughput (TEU)"],
                *([2024, ENGLISH[n], a] for n, a in enumerate(A)),
                [2024, "Total", sum(A)],
                *FOOT,
            ]
        },
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "merged header of two rows in thousands",
        {
            "T": [
                ["Year", "Month", "Throughput ('000 TEU)", "", ""],
                ["", "", "Total", "River", "Sea"],
                *([2024, ENGLISH[n], a, b, a - b] for n, (a, b) in enumerate(zip(A, B, strict=True))),
            ]
        },
        {"cargo": by_month(A, times="1000")},
        CARGO,
    ),
    Dropped(
        "ten thousands in Chinese",
        {"数据": [["年份", "月份", "集装箱吞吐量（万标箱）"], *([2024, f"{n}月", s] for n, s in enumerate(SMALL, 1))]},
        {"cargo": by_month(SMALL, times="10000")},
        CARGO,
    ),
    Dropped(
        "a Chinese year column carried down",
        {
            "数据": [
                ["集装箱吞吐量统计表"],
                ["年", "月", "吞吐量（标箱）"],
                *(["2024年" if n == 1 else "", f"{n}月", a] for n, a in enumerate(A, 1)),
            ]
        },
        {"cargo": by_month(A)},
        CARGO,
        marks=[("value", "0:2:2"), ("period", "0:2:0"), ("period", "0:2:1")],
    ),
    Dropped(
        "days as serials",
        {"Data": [["Date", "Throughput (TEU)"], *([45292 + sum(DAYS[:n]), a] for n, a in enumerate(A))]},
        {"cargo": by_month(A)},
        CARGO | {"pick.period.form": "serial", "pick.period.span": "month"},
        marks=[("value", "0:1:1"), ("period", "0:1:0")],
    ),
    Dropped(
        "two measures in a row",
        {
            "Trade": [
                ["Foreign trade (unit: bn CNY)"],
                ["Month", "Exports", "Imports"],
                *([f"2024-{n:02}", s, s / 2] for n, s in enumerate(SMALL, 1)),
            ]
        },
        {"exports": by_month(SMALL), "imports": by_month([s / 2 for s in SMALL])},
        BOTH,
    ),
    Dropped(
        "two measures in 亿元 with growth",
        {
            "外贸": [
                ["外贸进出口（单位：亿元）"],
                ["月份", "出口", "出口同比%", "进口", "进口同比%"],
                *([f"2024年{n}月", s, "3.1", s / 2, "-2.5"] for n, s in enumerate(SMALL, 1)),
            ]
        },
        {"exports": by_month(SMALL, times="0.1"), "imports": by_month([s / 2 for s in SMALL], times="0.1")},
        BOTH,
    ),
    Dropped(
        "the year printed once",
        {
            "Sheet1": [
                ["Year", "Month", "TEU"],
                *([2023 if n == 0 else "", ENGLISH[n], a - 500] for n, a in enumerate(A)),
                *([2024 if n == 0 else "", ENGLISH[n], a] for n, a in enumerate(A)),
            ]
        },
        {"cargo": by_month([a - 500 for a in A], 2023) | by_month(A)},
        CARGO,
    ),
    Dropped(
        "years as columns",
        {"Annual": [["Item", "2020", "2021", "2022", "2023"], ["Throughput (TEU)", *A[:4]], ["Vessels", *B[:4]]]},
        {"cargo": {str(2020 + n): str(a) for n, a in enumerate(A[:4])}},
        CARGO,
        marks=[("skip", "0:2:0")],
    ),
    Dropped(
        "quarters",
        {"Q": [["Period", "Throughput (TEU)"], *([f"{2022 + n // 4} Q{n % 4 + 1}", a] for n, a in enumerate(A))]},
        {"cargo": {f"{2022 + n // 4}-Q{n % 4 + 1}": str(a) for n, a in enumerate(A)}},
        CARGO,
    ),
    Dropped(
        "growth beside the figure",
        {
            "Data": [
                ["Month", "Throughput (TEU)", "Year-on-year change (%)"],
                *([f"2024-{n:02}", a, f"{n}.5"] for n, a in enumerate(A, 1)),
            ]
        },
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "numbers as text with commas",
        {"Data": [["Month", "Throughput (TEU)"], *([f"{ENGLISH[n]} 2024", f"{a:,}"] for n, a in enumerate(A))]},
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "years among months",
        {
            "Data": [
                ["Year", "Month", "Total (TEU)"],
                [2023, "All", sum(A)],
                [2024, "All", sum(A) + 7],
                *([2024, ENGLISH[n], a] for n, a in enumerate(A)),
            ]
        },
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "a sheet of notes first",
        {
            "Notes": [["This workbook was made by the Port Office."], ["Contact: 555"]],
            "Data": [["Month", "Throughput (TEU)"], *([f"2024-{n:02}", a] for n, a in enumerate(A, 1))],
        },
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "no figure yet for the last months",
        {
            "Data": [
                ["Month", "Throughput (TEU)"],
                *([f"2024-{n:02}", a if n < 11 else "-"] for n, a in enumerate(A, 1)),
            ]
        },
        {"cargo": by_month(A[:10])},
        CARGO,
    ),
    Dropped(
        "marks beside figures",
        {
            "Data": [
                ["Month", "Throughput (TEU)"],
                *([f"2024-{n:02}", f"{a}*" if n > 10 else a] for n, a in enumerate(A, 1)),
                *FOOT,
            ]
        },
        {"cargo": by_month(A)},
        CARGO,
    ),
    Dropped(
        "the unit in a note above",
        {
            "Data": [
                ["Container throughput"],
                ["Unit: thousand TEU"],
                ["Month", "Throughput"],
                *([f"2024-{n:02}", s] for n, s in enumerate(SMALL, 1)),
            ]
        },
        {"cargo": by_month(SMALL, times="1000")},
        CARGO,
        marks=[("unit", "0:1:0")],
    ),
    Dropped(
        "a share in per cent",
        {"Data": [["Month", "Rail share (%)"], *([f"2024-{n:02}", f"{30 + n}.4"] for n in range(1, 13))]},
        {"share": {f"2024-{n:02}": f"{30 + n}.4" for n in range(1, 13)}},
        {"pick.readings.1.indicator": "share"},
    ),
    Dropped(
        "a cell that was mistyped, and a row that is none",
        {
            "Data": [
                ["Month", "Throughput (TEU)"],
                *([f"2024-{n:02}", "2O,7l2" if n == 3 else a] for n, a in enumerate(A, 1)),
                ["average", sum(A) // 12],
            ]
        },
        {"cargo": by_month([*A[:2], 20712, *A[3:]])},
        CARGO,
        mend={"0:3:1": "20712"},
        leave=["0:13"],
    ),
]
