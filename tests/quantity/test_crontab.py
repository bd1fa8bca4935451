"""Crontab lines: which are read, and when they come, where clocks change too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from targetwatch.quantity.crontab import crontab_problem, read_crontab
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import translator

SHANGHAI, BERLIN, SANTIAGO = (ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/Santiago"))
TUESDAY = datetime(2025, 12, 9, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["* * * * *", "*/15 8-18 * * mon-fri", "0 0 1,15 * *", "5 4 * jan-mar,dec 0-7", "0 9 29 2 *", "0 9 31 2 1"]
)
def test_a_crontab_line_of_five_good_fields_has_no_problem(line):
    assert crontab_problem(line) is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("60 * * * *", "minute 60, expected 0 to 59"),
        ("* * 0 * *", "day of the month 0, expected 1 to 31"),
        ("* * * 13 *", "month 13, expected 1 to 12 or jan to dec"),
        ("* * * * 8", "weekday 8, expected 0 to 7 or sun to sat"),
        ("* * * * friday", "weekday friday, expected 0 to 7 or sun to sat"),
        ("*/0 * * * *", "has '*/0', expected *, a number"),
        ("30-10 * * * *", "has '30-10', expected *, a number, a range such as 1-5, the smaller first"),
        ("1-2-3 * * * *", "has '1-2-3', expected *, a number"),
        (", * * * *", "has '', expected *"),
        ("* * * * * *", "6 fields, expected five"),
        ("", "0 fields, expected five"),
        ("@hourly", "a nickname, write '0 * * * *'"),
        ("0 0 31 4,6 *", "never comes, expected a day that month 4,6 has (at most 30)"),
        ("0 0 L * *", "day of the month L, expected 1 to 31"),
        ("0 0 * * 5L", "weekday 5L, expected 0 to 7"),
        ("0 0 * * 1#2", "has '1#2', expected *, a number"),
    ],
)
def test_a_wrong_crontab_line_is_told_what_was_expected(line, problem):
    found = crontab_problem(line)
    assert found is not None
    assert problem in sentence(found, translator("en"))


def coming(line: str, zone: ZoneInfo, count: int, moment: datetime) -> list[datetime]:
    """Return the next times of a line."""
    crontab, found = read_crontab(line), [moment]
    for _ in range(count):
        found.append(crontab.after(found[-1], zone))
    return found[1:]


@pytest.mark.parametrize(
    ("crontab", "expected"),
    [
        ("0 9 * * 1", ["2025-12-15 09:00"]),
        ("0 9 * * 0", ["2025-12-14 09:00"]),
        ("0 9 * * 7", ["2025-12-14 09:00"]),
        ("30 8 * * mon-fri", ["2025-12-10 08:30", "2025-12-11 08:30"]),
        ("0 9 20 * *", ["2025-12-20 09:00", "2026-01-20 09:00"]),
        ("0 9 20 * 5", ["2025-12-12 09:00", "2025-12-19 09:00", "2025-12-20 09:00"]),
        ("*/30 9-10 * * *", ["2025-12-09 09:30", "2025-12-09 10:00", "2025-12-09 10:30"]),
        ("0 9 29 2 *", ["2028-02-29 09:00"]),
    ],
)
def test_a_crontab_line_comes_when_cron_would_in_the_configured_zone(crontab, expected):
    found = coming(crontab, SHANGHAI, len(expected), TUESDAY)
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in found] == expected


@pytest.mark.parametrize(
    ("field", "days"),
    [("1", {1}), ("6-7", {0, 6}), ("0-2", {0, 1, 2}), ("1,3,5", {1, 3, 5}), ("1-5/2", {1, 3, 5}), ("sun", {0})],
)
def test_weekdays_count_from_sunday(field, days):
    assert set(read_crontab(f"0 9 * * {field}").weekdays) == days


@pytest.mark.parametrize(
    ("crontab", "spring", "autumn"),
    [
        ("5 9 * * *", ["29 09:05+0100", "30 09:05+0200"], ["25 09:05+0200", "26 09:05+0100"]),
        ("30 2 * * *", ["29 02:30+0100", "30 03:00+0200"], ["25 02:30+0200", "26 02:30+0200", "27 02:30+0100"]),
        ("0 * 30 3 *", ["30 00:00+0100", "30 01:00+0100", "30 03:00+0200"], []),
        ("0 * 26 10 *", [], ["26 01:00+0200", "26 02:00+0200", "26 02:00+0100", "26 03:00+0100"]),
        ("0 0 * * *", ["29 00:00+0100", "30 00:00+0100", "31 00:00+0200"], ["25 00:00+0200"]),
    ],
)
def test_where_clocks_change_nothing_is_left_out_and_a_time_of_day_comes_once(crontab, spring, autumn):
    for expected, begin in ((spring, "2025-03-28T22:00+00:00"), (autumn, "2025-10-24T21:30+00:00")):
        found = coming(crontab, BERLIN, 200 if "*" in crontab[2] else len(expected), datetime.fromisoformat(begin))
        said = [f"{moment:%d %H:%M%z}" for moment in found]
        first = said.index(expected[0]) if expected else 0
        assert said[first : first + len(expected)] == expected


def test_what_comes_is_never_in_the_past_in_an_hour_that_comes_twice():
    second = datetime(2025, 10, 26, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert coming("30 2 * * *", BERLIN, 1, second)[0].astimezone(UTC) > second + timedelta(hours=12)


def test_a_day_whose_midnight_the_clocks_skip_still_turns():
    saturday = datetime(2025, 9, 6, 12, 0, tzinfo=UTC)
    assert f"{coming('0 0 * * *', SANTIAGO, 1, saturday)[0]:%d %H:%M}" == "07 01:00"
