"""The real targets of Chongqing with the figures as published: what anyone may ask of them, and the true answers."""

from __future__ import annotations

import re

import pytest

VOLUME = "ilstc-volume-2025"


@pytest.mark.parametrize(
    ("as_of", "performances", "data_state", "through", "actual", "growth"),
    [
        ("2025-02-20", {"pending"}, "fresh", None, None, None),
        ("2025-03-11", {"at_risk", "on_track"}, "fresh", "2025-02-28", 37_600, 0.044),
        ("2025-04-16", {"at_risk", "on_track"}, "fresh", "2025-03-31", 64_000, 0.021),
        ("2025-07-18", {"on_track"}, "fresh", "2025-06-30", 154_600, -0.119),
        ("2025-10-02", {"on_track"}, "fresh", "2025-08-31", 215_800, -0.368),
        ("2025-12-08", {"on_track"}, "late", "2025-08-31", 215_800, -0.368),
        ("2025-12-09", {"achieved"}, "fresh", "2025-10-31", 272_300, None),
        ("2026-01-09", {"achieved"}, "closed", "2025-12-31", 327_700, None),
        ("2026-11-25", {"achieved"}, "closed", "2025-12-31", 327_700, None),
    ],
)
def test_the_cargo_target_is_judged_by_what_was_published_then(
    run, as_of, performances, data_state, through, actual, growth
):
    verdict = run("status", "--as-of", as_of, "--target", VOLUME, "--format", "json").json
    assert verdict["performance"] in performances
    assert verdict["data_state"] == data_state
    assert verdict["data_through"] == through
    assert verdict["actual_value"] == actual
    if growth is None:
        assert verdict["required_growth_ratio"] is None
    else:
        assert verdict["required_growth_ratio"] == pytest.approx(growth, abs=5e-4)


def test_last_years_same_period_comes_from_the_published_rate(run):
    verdict = run("status", "--as-of", "2025-03-11", "--target", VOLUME, "--format", "json").json
    assert round(verdict["last_year_to_date"]) == 29_147
    assert verdict["straight_line_pace_ratio"] == pytest.approx(0.86, abs=0.005)


def test_the_year_ends_at_121_4_percent(run):
    verdict = run("status", "--as-of", "2026-01-09", "--target", VOLUME, "--format", "json").json
    assert round(100 * verdict["progress_ratio"], 1) == 121.4


def test_a_target_is_unknown_before_its_announcement_and_says_when_that_was(run):
    answer = run("status", "--as-of", "2025-02-01", "--target", VOLUME)
    assert answer.status == 1
    assert "did not exist on 2025-02-01, it was announced on 2025-02-07" in answer.err


@pytest.mark.parametrize(("as_of", "value"), [("2025-01-10", 249_000), ("2025-02-01", 251_800)])
def test_the_year_2024_is_the_flash_first_and_the_revision_later(run, as_of, value):
    readings = run("status", "--indicator", "ilstc-volume", "--as-of", as_of, "--format", "json").json["readings"]
    years = [row for row in readings if row["period"] == {"start": "2024-01-01", "end": "2024-12-31"}]
    assert [row["value"] for row in years] == [value]


def test_financing_is_the_difference_of_two_rounded_totals_and_off_track(run):
    verdict = run("status", "--as-of", "2025-11-11", "--target", "cci-financing-2025", "--format", "json").json
    assert (verdict["actual_value"], verdict["actual_rounding"], verdict["goal_value"]) == (0.4, 0.1, 1)
    assert verdict["performance"] == "off_track"


@pytest.mark.parametrize("as_of", ["2026-01-01", "2026-06-30", "2026-11-25"])
def test_financing_is_never_called_missed_while_its_last_figure_is_unpublished(run, as_of):
    verdict = run("status", "--as-of", as_of, "--target", "cci-financing-2025", "--format", "json").json
    assert verdict["performance"] == "awaiting_data"


def test_routes_are_one_of_four_then_awaited_then_missed(run):
    def routes(as_of: str):
        return run("status", "--as-of", as_of, "--target", "routes-2025", "--format", "json").json

    september = routes("2025-09-01")
    assert (september["actual_value"], september["goal_value"]) == (1, 4)
    assert routes("2026-01-01")["performance"] == "awaiting_data"
    missed = routes("2026-04-01")
    assert missed["performance"] == "missed"
    assert missed["sentence"]["en"].count("no report of completion found for") == 1
    assert [step["done_on"] for step in missed["steps"]].count(None) == 3


@pytest.mark.parametrize("target", ["rail-sea-trial-2025q1", "clt-schedule-2025q1"])
def test_a_first_quarter_trial_is_awaited_in_april_and_missed_after_its_grace(run, target):
    april = run("status", "--as-of", "2025-04-01", "--target", target, "--format", "json").json
    july = run("status", "--as-of", "2025-07-01", "--target", target, "--format", "json").json
    assert (april["performance"], july["performance"]) == ("awaiting_data", "missed")


def test_the_timetable_is_known_from_its_publication_as_227_days_late(run):
    before = run("status", "--as-of", "2025-11-14", "--target", "clt-schedule-2025q1", "--format", "json").json
    after = run("status", "--as-of", "2025-11-15", "--target", "clt-schedule-2025q1", "--format", "json").json
    assert before["steps"][0]["late_days"] is None
    assert after["steps"][0]["late_days"] == 227
    assert "227 days late" in after["sentence"]["en"]


def test_the_doubling_by_2027_is_judged_on_the_calendar_year_and_on_track_not_achieved(run):
    verdict = run("status", "--as-of", "2026-11-25", "--target", "ilstc-volume-2027", "--format", "json").json
    assert (verdict["actual_value"], verdict["goal_value"]) == (327_700, 296_000)
    assert verdict["performance"] == "on_track"


def test_a_relief_nobody_published_is_pending_and_then_awaits_data(run):
    def relief(as_of: str):
        return run("status", "--as-of", as_of, "--target", "tax-burden-2025", "--format", "json").json["performance"]

    assert (relief("2025-06-01"), relief("2026-06-01")) == ("pending", "awaiting_data")


def test_every_target_has_its_sentence_in_both_languages_on_every_day_of_the_story(run):
    for as_of in ("2025-02-07", "2025-06-30", "2025-12-31", "2026-11-25"):
        for verdict in run("status", "--as-of", as_of, "--format", "json").json["targets"]:
            sentence = verdict["sentence"]
            assert sentence["en"].endswith("."), verdict["target"]
            assert sentence["zh"].endswith("。"), verdict["target"]


def test_an_indicator_without_a_goal_is_shown_and_never_judged(run):
    watched = run("status", "--indicator", "total-trade", "--format", "json").json["readings"]
    assert 800.68 in [row["value"] for row in watched]
    judged = {verdict["indicator"] for verdict in run("status", "--format", "json").json["targets"]}
    assert "total-trade" not in judged


def test_another_offices_count_is_shown_beside_and_never_mixed_in(run):
    rows = run("status", "--indicator", "ilstc-volume", "--as-of", "2025-09-01", "--format", "json").json["readings"]
    half = [row for row in rows if row["period"] == {"start": "2025-01-01", "end": "2025-06-30"}]
    assert sorted(row["value"] for row in half) == [132_000, 154_600]
    assert len({row["publisher"] for row in half}) == 2


def test_explain_names_the_rule_its_inputs_the_evidence_and_the_history(run):
    answer = run("explain", VOLUME, "--as-of", "2025-07-18")
    assert answer.status == 0
    for expected in ("Rule: probability", "154,600 TEU", "Same period a year before", "Sun Xiyong", "7 Feb 2025"):
        assert expected in answer.out


def test_explain_in_chinese_is_chinese_but_for_names_and_quotes(run):
    out = run("explain", VOLUME, "--as-of", "2025-07-18", "--lang", "zh").out
    told = re.sub(r"“.*|https?://.*|probability|\(share\)|^  .*$", "", out, flags=re.MULTILINE)
    words = set(re.findall("[A-Za-z]{4,}", told))
    assert words <= {"ilstc", "volume"}, words
    for expected in ("评估规则：", "届时计划", "重庆市商务委员会副主任孙熙勇，2025年2月7日", "15.46万标箱", "年初累计"):
        assert expected in out


def test_explain_leaves_out_what_says_nothing_of_a_level_that_has_to_stay_low(run):
    out = run("explain", "logistics-cost-2027", "--as-of", "2025-07-18").out
    assert "Actual" in out
    for idle in ("Pace", "Ahead of plan", "Growth still needed", "Share of the goal"):
        assert idle not in out
