"""The drawing of a target: every mark where its value belongs, every word where it can be read."""

from __future__ import annotations

import os
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sketch import NARROW, READINGS, WIDE, WORDS, Drawing, PlainWords, change, picture

from builders import day, goal, indicator, reading, version
from targetwatch.chart import SIZES, Move, draw, legend
from targetwatch.chart.svg import Box
from targetwatch.model import Basis, Forecast, Measure, Performance

FORECAST = Forecast(median=300000.0, low=280000.0, high=330000.0, attain_probability=0.93)
REVISED = (reading("2025-01-01..2025-03-31", 50000, "2025-04-01"), *READINGS)
EVERYTHING = picture(
    readings=REVISED,
    forecast=FORECAST,
    changes=(change("2025-02-07", Performance.PENDING), change("2025-04-15")),
    moves=(Move(day("2025-07-01"), 2, 200000.0), Move(day("2025-09-20"), 3, None)),
)
LEVEL = indicator(measure=Measure.LEVEL)


def test_the_drawing_is_the_one_kept():
    kept = Path(__file__).with_name("everything.svg")
    drawn = draw(EVERYTHING, WORDS, WIDE).replace("><", ">\n<") + "\n"
    if os.environ.get("KEEP"):
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8")


def test_marks_rise_with_their_values_and_stand_at_the_end_of_what_they_describe():
    drawing = Drawing(picture())
    marks = drawing.numbers("spot", "cx", "cy")
    assert [x for x, _ in marks] == sorted(x for x, _ in marks)
    assert [y for _, y in marks] == sorted((y for _, y in marks), reverse=True)
    ends = {one[0] for one in drawing.numbers("grid-tick", "x1")}
    assert {x for x, _ in marks} <= ends, "a figure through 31 March lies where March ends"
    left, right = drawing.places("line-actual")[0], max(ends)
    assert marks[-1][0] == pytest.approx(left[0] + (right - left[0]) * 243 / 365, abs=0.1)


def test_each_month_is_named_in_its_middle_and_the_year_below_all():
    drawing = Drawing(picture())
    ticks = [x for (x,) in drawing.numbers("grid-tick", "x1")]
    named = [(text.text, float(text.get("x", "0"))) for text in drawing.texts() if text.get("text-anchor") == "middle"]
    months = [one for one in named if one[0] in {"Jan", "Feb", "Nov", "Dec"}]
    middles = [(left + right) / 2 for left, right in pairwise(ticks)]
    assert [x for _, x in months] == pytest.approx([middles[0], middles[1], middles[10], middles[11]], abs=0.1)
    assert ("2025", pytest.approx((ticks[0] + ticks[-1]) / 2, abs=0.1)) in named


@pytest.mark.parametrize(
    ("size", "start", "end", "names"),
    [
        (WIDE, "2025-01-01", "2025-12-31", ["Jan", "Feb", "Mar"]),
        (NARROW, "2025-01-01", "2025-12-31", ["Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec", "2025"]),
        (WIDE, "2023-01-01", "2027-12-31", ["Jan–Jun", "Jul–Dec", "Jan–Jun"]),
        (NARROW, "2023-01-01", "2027-12-31", ["2023", "2024", "2025", "2026", "2027"]),
        (NARROW, "2020-01-01", "2035-12-31", ["2020–2024", "2025–2029", "2030–2034"]),
    ],
)
def test_time_is_named_in_the_shortest_stretches_that_can_be_read(size, start, end, names):
    one = version(start=day(start), deadline=day(end))
    texts = [text.text for text in Drawing(picture(one, ()), size).texts() if text.get("class") == "axis"]
    first = texts.index(names[0])
    assert texts[first : first + len(names)] == names


def test_a_mark_is_a_link_to_its_source_and_only_to_an_address():
    evil = "javascript:alert(1)"
    none = reading("2025-01-01..2025-06-30", 1, "2025-07-17", evidence_url=evil)
    drawing = Drawing(picture(readings=(*READINGS, none)))
    links = {one.get("href"): one.get("rel") for one in drawing.all("stop") if one.tag == "a"}
    assert links == {"https://example.org/a?b=1&c=2": "noreferrer noopener"}


def test_whatever_is_said_is_text():
    evil = '"><script>alert(1)</script>'
    words = PlainWords(label=evil, unit=evil, goal=evil)
    drawing = Drawing(picture(), words=words)
    assert not [one for one in drawing.root.iter() if one.tag == "script"]
    assert drawing.root.get("aria-label") == evil


def test_everything_that_can_be_read_is_said_in_the_order_of_days():
    said = Drawing(EVERYTHING).titles()
    assert said == [
        "2025-02-07: pending",
        "2025-02-28: 37600",
        "2025-03-31: 64000",
        "2025-04-15: on_track",
        "2025-07-01: version 2",
        "2025-08-31: 215800",
        "2025-09-20: version 3",
        "2025-12-31: 300000",
    ]


def test_a_forecast_opens_from_the_last_known_value_to_its_interval():
    drawing = Drawing(picture(forecast=FORECAST))
    here, low, high = drawing.places("fan-forecast")
    assert here == drawing.places("line-actual")[-1]
    ((x, y),) = drawing.numbers("spot-forecast", "cx", "cy")
    assert low[0] == high[0] == x
    assert high[1] < y < low[1]


def test_a_revised_value_shows_the_one_before_where_both_can_be_told_apart():
    drawing = Drawing(picture(readings=REVISED))
    ((old_x, old_y),) = drawing.numbers("spot-before", "cx", "cy")
    now_x, now_y = drawing.numbers("spot", "cx", "cy")[1]
    assert old_x == now_x
    assert old_y > now_y
    close = (reading("2025-01-01..2025-03-31", 64100, "2025-04-01"), *READINGS)
    assert not Drawing(picture(readings=close)).all("spot-before")


def test_the_goal_of_before_holds_until_the_promise_moved_and_the_goal_now_from_then_on():
    drawing = Drawing(EVERYTHING)
    moves = [x for (x,) in drawing.numbers("line-move", "x1")]
    assert drawing.numbers("line-goal-before", "x2") == [(moves[0],)]
    assert drawing.numbers("line-goal", "x1") == [(moves[1],)]
    assert [one.text for one in drawing.texts() if (one.text or "").startswith("version")] == ["version 2", "version 3"]


def test_versions_whose_names_would_overlap_are_named_together():
    moves = tuple(Move(day(f"2025-07-{one:02d}"), number, None) for number, one in enumerate((1, 1, 9), 2))
    drawing = Drawing(picture(moves=(*moves, Move(day("2025-12-01"), 5, None))))
    names = [one.text for one in drawing.texts() if (one.text or "").startswith("version")]
    assert names == ["version 2, 3, 4", "version 5"]


def test_a_band_has_two_lines_and_is_filled_between_them():
    drawing = Drawing(picture(version(goal(between=(250000, 300000)))))
    ((y, height),) = drawing.numbers("band-goal", "y", "height")
    assert sorted(y for (y,) in drawing.numbers("line-goal", "y1")) == pytest.approx([y, y + height])


def test_a_level_shows_its_start_and_a_flow_begins_at_nothing():
    known = (reading("2025-06-30..2025-06-30", 96.5, "2025-07-01", basis=Basis.POINT),)
    drawing = Drawing(picture(version(goal(at_most=80), baseline=100), known, measured=LEVEL))
    ((_, start),) = drawing.numbers("spot-start", "cx", "cy")
    ((_, now),) = drawing.numbers("spot", "cx", "cy")
    ((low,),) = drawing.numbers("line-goal", "y1")
    assert start < now < low
    assert not Drawing(picture()).all("spot-start")


def test_a_drawing_goes_on_after_the_deadline_to_a_status_said_soon_afterwards_and_no_further():
    year = (reading("2025", 327700, "2026-01-08"),)
    soon = picture(readings=year, today="2026-12-01", changes=(change("2025-03-01"), change("2026-01-08")))
    late = picture(readings=year, today="2026-12-01", changes=(change("2025-03-01"), change("2026-11-08")))
    assert (soon.end, late.end) == (day("2026-01-08"), day("2025-12-31"))
    assert [one.on for one in late.shown_changes] == [day("2025-03-01")]
    assert len(Drawing(soon).all("line-deadline")) == 1
    assert not Drawing(late).all("line-deadline")
    assert not Drawing(late).all("line-today")


def test_without_a_deadline_the_drawing_ends_today_and_without_a_figure_there_is_no_line():
    found = picture(version(goal(at_least=100), deadline=None), (), today="2025-07-18")
    assert found.end == day("2025-07-18")
    drawing = Drawing(found, NARROW)
    assert not drawing.all("line-actual")
    assert not drawing.all("line-plan")


def test_the_legend_names_what_is_drawn_and_nothing_else():
    assert EVERYTHING.kinds == ["actual", "plan", "goal", "forecast", "before", "change", "move"]
    assert picture().kinds == ["actual", "plan", "goal"]
    assert legend([("actual", "a < b")]).count("<li>") == 1
    assert "a &lt; b" in legend([("actual", "a < b")])


def rooms(drawing: Drawing) -> list[Box]:
    """Return the room that each text takes."""
    places = [(text.text or "", float(text.get("x", "nan")), float(text.get("y", "nan"))) for text in drawing.texts()]
    anchors = [text.get("text-anchor", "start") for text in drawing.texts()]
    return [Box.around(said, (x, y), anchor) for (said, x, y), anchor in zip(places, anchors, strict=True)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_of_everything_at_once_no_words_lie_on_others(size):
    drawing = Drawing(EVERYTHING, size)
    said = list(drawing.texts())
    pairs = combinations(zip(said, rooms(drawing), strict=True), 2)
    assert [(one[0].text, other[0].text) for one, other in pairs if one[1].overlaps(other[1])] == []


values = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).filter(lambda value: abs(value) > 1e-3 or value == 0)


@given(
    known=st.lists(st.tuples(st.integers(0, 364), values), max_size=8, unique_by=lambda one: one[0]),
    limit=values,
    today=st.integers(0, 364),
    moved=st.lists(st.integers(1, 360), max_size=3),
    size=st.sampled_from(SIZES),
)
def test_everything_stays_inside_and_no_words_lie_on_others(known, limit, today, moved, size):
    first = day("2025-01-01").toordinal()
    on = [day("2025-01-01").fromordinal(first + offset).isoformat() for offset, _ in known]
    readings = tuple(
        reading(f"{one}..{one}", value, one, basis=Basis.POINT) for one, (_, value) in zip(on, known, strict=True)
    )
    found = picture(
        version(goal(at_least=limit), baseline=1),
        readings,
        today=day("2025-01-01").fromordinal(first + today).isoformat(),
        measured=LEVEL,
        moves=tuple(Move(day("2025-01-01").fromordinal(first + one), n, 5.0) for n, one in enumerate(sorted(moved), 2)),
    )
    drawing = Drawing(found, size)
    boxes = rooms(drawing)
    assert all(one.left >= 0 and one.right <= size.width for one in boxes)
    assert all(one.top >= 0 and one.bottom <= size.height for one in boxes)
    for kind in ("spot", "spot-start"):
        assert all(0 < x < size.width and 40 < y < size.height - 40 for x, y in drawing.numbers(kind, "cx", "cy"))
    around = [box for box, text in zip(boxes, drawing.texts(), strict=True) if text.get("class") == "axis"]
    assert not [(one, other) for one, other in combinations(around, 2) if one.overlaps(other)]
    assert 2 <= len({y for (y,) in drawing.numbers("grid", "y1")}) <= 9
