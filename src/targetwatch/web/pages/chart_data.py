"""The drawing of a target as JSON: the same course and scale as the picture made here, every value with its words.

The script that draws it in the browser decides sizes and colours and computes no value of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from targetwatch.evaluation import words
from targetwatch.web import questions
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from targetwatch.model import Reading
    from targetwatch.web.formats import Formats
    from targetwatch.web.pages.chart import Chart
    from targetwatch.web.pages.course import Spot
    from targetwatch.web.pages.target_view import TargetView


def of(view: TargetView, formats: Formats) -> dict[str, Any] | None:
    """Return the drawing of a target's page; None where there is nothing to draw."""
    matter = view.matter
    if matter is None:
        return None
    course, any_size = matter.course, view.charts[0]
    path = course.plan
    return {
        "unit": formats.unit(view.indicator),
        "from": _at(course.origin),
        "until": _at(matter.end),
        "deadline": _at(course.end) if course.end < matter.end else None,
        "low": any_size.low,
        "high": any_size.high,
        "rows": [
            {"value": row.value, "text": formats.tick(row.value or 0.0, view.indicator, most=any_size.most)}
            for row in any_size.rows
        ],
        "columns": {chart.size: _columns(chart, formats) for chart in view.charts},
        "plan": [
            {"at": _at(date.fromordinal(day)), "value": value}
            for day, value in zip(path.days, path.values, strict=True)
        ]
        if path is not None
        else [],
        "start": {"at": _at(course.origin), "value": course.start} if course.start is not None else None,
        "start_shown": not course.adds_up and course.start is not None,
        "actual": [_actual(spot, view, formats) for spot in course.spots],
        "goal": _goal(view, formats),
        "today": {"at": _at(matter.today), "text": formats.day(matter.today)} if any_size.today is not None else None,
        "forecast": _forecast(view, formats),
        "changes": [
            {
                "at": _at(change.on),
                "status": change.new.value,
                "lines": [
                    f"{formats.day(change.on)}{_say(formats, 'colon')}{words.LEADS[change.new][formats.language]}",
                    formats.after_lead(change.sentence, change.new),
                ],
            }
            for change in matter.shown_changes
        ],
        "moves": _moves(view, formats),
    }


def _at(day: date) -> int:
    """Return a day as the milliseconds the browser counts in, at midnight UTC: drawings know no time of day."""
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1000


def _columns(chart: Chart, formats: Formats) -> list[dict[str, Any]]:
    found = []
    for mark in chart.columns:
        assert mark.day is not None
        found.append({"at": _at(mark.day), "text": formats.column(mark.day, years=chart.years)})
    return found


def _actual(spot: Spot, view: TargetView, formats: Formats) -> dict[str, Any]:
    value = formats.exact(spot.value)
    said = formats.amount(value, view.indicator)
    lines = [f"{formats.day(spot.day)}{_say(formats, 'colon')}{said}"]
    evidence = ""
    reading = spot.reading
    if reading is not None:
        lines += _told(reading, view, formats)
        evidence = reading.evidence_url
    return {
        "at": _at(spot.day),
        "value": spot.value,
        "text": formats.bare(spot.value, view.indicator),
        "lines": lines,
        "evidence": evidence,
        "source": formats.evidence(evidence) if evidence else "",
    }


def _told(reading: Reading, view: TargetView, formats: Formats) -> list[str]:
    """Return when the figure was published, how it was printed where that is another number, and what it replaced."""
    lines = []
    if reading.published_on is not None:
        lines.append(_say(formats, "chart_published", day=formats.day(reading.published_on)))
    printed = formats.printed(reading, view.indicator)
    lines.append(_say(formats, "chart_printed", figure=printed, period=formats.period(reading.period)))
    rows = [row.known for row in view.figures if row.known.reading.key == reading.key]
    replaced = [one.reading for one in rows if one.state == questions.REVISED and one.reading.value != reading.value]
    if replaced:
        lines.append(_say(formats, "chart_revised", figure=formats.stated(replaced[0], view.indicator)))
    return lines


def _goal(view: TargetView, formats: Formats) -> dict[str, Any] | None:
    goal = view.goal
    if goal.value is None:
        return None
    said = formats.goal(view.version, goal, view.indicator)
    return {
        "value": float(goal.value),
        "upper": float(goal.upper) if goal.upper is not None else None,
        "text": f"{_say(formats, 'chart_goal')}{_say(formats, 'colon')}{said}",
    }


def _forecast(view: TargetView, formats: Formats) -> dict[str, Any] | None:
    assert view.matter is not None
    forecast = view.matter.verdict.forecast
    if forecast is None:
        return None
    end = view.matter.course.end
    return {
        "at": _at(end),
        "low": forecast.low,
        "median": forecast.median,
        "high": forecast.high,
        "lines": [
            f"{formats.day(end)}{_say(formats, 'colon')}{_say(formats, 'forecast')}",
            formats.forecast(forecast, view.indicator),
        ],
    }


def _moves(view: TargetView, formats: Formats) -> list[dict[str, Any]]:
    assert view.matter is not None
    found = []
    for place, move in enumerate(view.matter.shown_moves):
        change = next(one for one in view.changes if one.version.number == move.version)
        goal = formats.goal_of(change.version, view.indicator)
        lines = [_say(formats, "chart_moved", day=formats.day(move.day), goal=goal)]
        reason = formats.reason_given(change, view.indicator)
        lines += [reason] if reason else []
        named = {chart.size: chart.moves[place].versions for chart in view.charts}
        text = {size: formats.versions(numbers) if numbers else "" for size, numbers in named.items()}
        found.append({"at": _at(move.day), "before": move.before, "text": text, "lines": lines})
    return found


def _say(formats: Formats, key: str, **values: object) -> str:
    text = PHRASES[key][formats.language]
    return text.format(**values) if values else text
