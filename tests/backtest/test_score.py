"""The scores are the textbook ones, of all answers and by months known; the picture shows them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from targetwatch.backtest import PastAnswer, calibration, calibration_svg, log_losses, scores
from targetwatch.model import Performance

ON, OFF, RISK = Performance.ON_TRACK, Performance.OFF_TRACK, Performance.AT_RISK


def test_each_kind_is_scored_whole_and_by_months_known():
    said = [
        PastAnswer("flow", 3, 0.9, True, True, ON),
        PastAnswer("flow", 3, 0.2, True, False, OFF),
        PastAnswer("flow", 6, None, False, None, ON),
        PastAnswer("level", 1, 0.5, False, True, RISK),
    ]
    whole, third, sixth, level, first = scores(said)
    assert [(one.kind, one.months) for one in (whole, third, sixth, level, first)] == [
        *(("flow", months) for months in (None, 3, 6)),
        ("level", None),
        ("level", 1),
    ]
    assert (whole.verdicts, whole.without_odds) == (3, 1)
    assert whole.brier == pytest.approx((0.01 + 0.64) / 2)
    assert whole.log_loss == pytest.approx(-(np.log(0.9) + np.log(0.2)) / 2)
    assert whole.coverage == 0.5
    assert (whole.on_track, whole.on_track_attained) == (2, 0.5)
    assert (whole.off_track, whole.off_track_attained) == (1, 1.0)
    assert (sixth.brier, sixth.log_loss, sixth.coverage, sixth.off_track_attained) == (None, None, None, None)


def test_the_day_said_is_scored_by_how_far_it_was_off_and_how_often_it_never_came():
    off = [-9, 1, 2, 4, 10, None]
    said = [PastAnswer("flow", 6, 0.9, days is not None, True, ON, day_told=True, days_off=days) for days in off]
    score, _ = scores([*said, PastAnswer("flow", 6, 0.5, False, True, RISK)])
    assert (score.days_told, score.days_off) == (6, 4)
    assert score.days_off_mostly == pytest.approx(9.2)
    assert score.days_never == pytest.approx(1 / 6)
    none, _ = scores([PastAnswer("level", 6, 0.9, True, True, ON)])
    assert (none.days_told, none.days_off, none.days_off_mostly, none.days_never) == (0, None, None, None)


def test_a_certainty_that_fails_costs_no_more_than_half_a_per_cent_would():
    assert log_losses(np.array([1.0]), np.array([False]))[0] == pytest.approx(-np.log(0.005))


def test_the_deciles_hold_what_was_said_and_what_came():
    bins = calibration(np.array([0.05, 0.15, 0.17, 1.0]), np.array([False, True, False, True]))
    assert [(one.low, one.count) for one in bins] == [(0.0, 1), (0.1, 2), (0.9, 1)]
    assert bins[1].attained == 0.5
    assert bins[1].predicted == pytest.approx(0.16)


def test_the_picture_is_an_svg_with_a_dot_for_each_decile():
    bins = calibration(np.array([0.05, 0.15, 0.17, 1.0]), np.array([False, True, False, True]))
    drawing = ET.fromstring(calibration_svg(bins, "4 verdicts with odds", ""))
    space = "{http://www.w3.org/2000/svg}"
    assert drawing.tag == f"{space}svg"
    assert len(drawing.findall(f"{space}circle")) == 3
    assert drawing.findtext(f"{space}title") == "4 verdicts with odds"
