from __future__ import annotations

from datetime import date

import pytest

from refusing import raises
from targetwatch.errors import QuantityError
from targetwatch.quantity import format_period, said_day, said_period

TODAY = date(2025, 12, 9)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *[(text, "2025-01..2025-10") for text in ("Jan-Oct 2025", "Jan–Oct", "January to October 2025", "1—10月")],
        *[(text, "2025-01..2025-10") for text in ("from January to October of 2025", "2025年1月至10月", "前10个月")],
        *[(text, "2025-01..2025-10") for text in ("first 10 months of 2025", "2025-01 to 2025-10", "1-10月份")],
        *[(text, "2025-Q3") for text in ("2025Q3", "Q3", "Q3 2025", "3Q 2025", "三季度", "third quarter of 2025")],
        *[(text, "2025-H1") for text in ("H1 2025", "first half of 2025", "上半年", "2025年上半年", "h1")],
        *[(text, "2025-01..2025-09") for text in ("前三季度", "first three quarters of 2025", "Q1-Q3 2025")],
        *[(text, "2025-10") for text in ("Oct", "10/2025", "2025/10", "2025.10", "October 2025", "10月")],
        *[(text, "2024") for text in ("全年", "full year", "2024", "2024年")],
        *[
            (text, "2025-01..2025-09")
            for text in ("2025.1-9", "2025/1—9", "今年1-9月", "今年前9个月", "2025年前九个月")
        ],
        *[(text, "2025-01..2025-10") for text in ("前十个月", "本年1—10月", "今年1至10月")],
        *[
            (text, "2025-09-30")
            for text in ("截至2025年9月末", "截至9月底", "截至今年9月", "2025年9月末", "截至2025年9月30日")
        ],
        *[(text, "2025-01-09") for text in ("2025.1.9", "2025-1-9", "2025/1/9")],
        ("去年前11个月", "2024-01..2024-11"),
        ("去年", "2024"),
        ("Dec", "2024-12"),
        ("Nov 2024 to Oct 2025", "2024-11..2025-10"),
        ("7 Nov 2015 - 31 October 2025", "2015-11-07..2025-10-31"),
        ("2015年11月7日-2025年10月31日", "2015-11-07..2025-10-31"),
        ("October 31, 2025", "2025-10-31"),
    ],
)
def test_a_period_is_read_as_people_say_it(text: str, period: str) -> None:
    assert format_period(said_period(text, TODAY)) == period


@pytest.mark.parametrize(
    "text", ["", "13月", "2025-13", "Feb 30", "Oct-Jan 2025", "Smarch", "5月-3月", "Q5", "2025 to 2024"]
)
def test_a_period_that_is_none_is_refused(text: str) -> None:
    with raises(QuantityError, match="month|day|half|cannot be read|before"):
        said_period(text, TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *[(text, "2025-12-09") for text in ("9 December", "Dec 9", "9 Dec 2025", "2025-12-09", "2025/12/9", "12月9日")],
        *[(text, "2025-12-09") for text in ("today", "2025.12.09", "9th December 2025", "今天", "2025年12月9日")],
        ("昨天", "2025-12-08"),
        ("10 December", "2024-12-10"),
        ("29 Feb 2024", "2024-02-29"),
    ],
)
def test_a_day_is_read_as_people_say_it(text: str, day: str) -> None:
    assert said_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["", "31 Feb", "29 Feb 2025", "December", "2025", "soon", "32月1日"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with raises(QuantityError, match="is no day, expected one such as 2025-07-17"):
        said_day(text, TODAY)
