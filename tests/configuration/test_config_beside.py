"""Targets from a form or a paste, checked by the rules of the files beside what is configured already."""

from __future__ import annotations

from typing import Any

import pytest

from commands import PROJECT
from targetwatch import configuration
from targetwatch.configuration import check_text, check_values
from targetwatch.errors import ConfigError
from targetwatch.model import Catalogue
from targetwatch.wording.problems import in_english

ONE = """\
id: cargo-2026
indicator: ilstc-volume
title: {en: Cargo in 2026, zh: 2026年运量}
owner: customs-district
goal: {above: 350000}
start: 2026-01-01
deadline: 2026-12-31
announcement: {by: The mayor, on: 2026-01-25}
"""


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return configuration.check(PROJECT / "config")


def values(**changes: Any) -> dict[str, Any]:
    target = {
        "id": "cargo-2026",
        "indicator": "ilstc-volume",
        "title": {"en": "Cargo", "zh": "运量"},
        "owner": "customs-district",
        "goal": {"above": 350000},
        "start": "2026-01-01",
        "deadline": "2026-12-31",
        "announcement": {"by": "The mayor", "on": "2026-01-25"},
    }
    return {"targets": [target | changes]}


def problems(text: str, real: Catalogue, **more: Any) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        check_text(text, real, **more)
    return in_english(refused.value).split("\n")


def test_one_target_a_list_and_a_whole_file_say_the_same(real):
    listed = "- " + ONE.replace("\n", "\n  ").rstrip() + "\n"
    whole = "version: 1\ntargets:\n" + "".join(f"  {line}\n" for line in listed.rstrip().split("\n"))
    made = [check_text(text, real).targets for text in (ONE, listed, whole, whole.removeprefix("version: 1\n"))]
    assert made[0][0].owner in {target.owner for target in real.targets}
    assert made[0] == made[1] == made[2] == made[3]


def test_only_what_is_new_is_returned(real):
    made = check_text(ONE, real)
    assert (made.programmes, made.publishers, made.indicators, len(made.targets)) == ((), (), (), 1)


def test_what_is_there_may_be_described_again_in_the_same_words_only(real):
    again = "version: 1\nprogrammes:\n  - {id: zones, title: {en: Zones and districts, zh: 开放平台与区县}}\ntargets:\n"
    target = "  - " + ONE.replace("\n", "\n    ")
    assert check_text(again + target, real).programmes == ()
    (problem,) = problems(again.replace("districts", "cities") + target, real)
    assert problem == "paste:3: programme 'zones': is there already and says something else, expected its id alone"


def test_an_id_of_one_kind_may_be_that_of_another(real):
    same = "version: 1\nprogrammes:\n  - {id: ilstc-volume, title: {en: Volume, zh: 运量}}\ntargets:\n"
    made = check_text(same + "  - " + ONE.replace("\n", "\n    "), real)
    assert [one.id for one in made.programmes] == ["ilstc-volume"]


@pytest.mark.parametrize("where", ["owners", "target"])
def test_an_owner_of_archived_targets_only_is_not_described_again(real, where):
    said = "{id: harbour, name: Harbour}"
    inline = ONE.replace("customs-district", said if where == "target" else "harbour").replace("\n", "\n    ")
    listed = f"version: 1\nowners:\n  - {said if where == 'owners' else '{id: other, name: Other}'}\ntargets:\n  - "
    (told,) = problems(listed + inline, real, taken={"owner": {"harbour"}})
    place = "owner 'harbour', id" if where == "owners" else "target 'cargo-2026', owner"
    assert f"{place}: 'harbour' is the id of one that is archived, expected a different one" in told


def test_an_owner_there_is_may_not_be_described_otherwise(real):
    inline = ONE.replace("customs-district", "{id: customs-district, name: Somebody else}")
    assert "is described differently" in problems(inline, real)[0]


def test_every_problem_is_told_with_the_line_of_the_paste(real):
    bad = ONE.replace("350000", "350,000").replace("2026-12-31", "2026-02-30").replace("customs-district", "nobody")
    told = problems("# a comment\n" + bad, real)
    assert [problem.split(" ")[0] for problem in told] == ["paste:5:", "paste:6:", "paste:8:"]


def test_ids_there_have_been_are_not_given_again(real):
    (told,) = problems(ONE, real, taken={"target": {"cargo-2026"}})
    assert told.startswith("paste:1: target 'cargo-2026', id: 'cargo-2026' is the id of a target there is already")


@pytest.mark.parametrize("text", ["", "~", "3", "[]", "version: 1", "targets: 3", "indicators: []", "version: 1\nx: 1"])
def test_a_paste_without_a_target_is_refused(real, text):
    assert problems(text, real)


def test_values_are_refused_by_path_and_by_the_name_of_what_is_wrong(real):
    made, notes = check_values(values(deadline="2025-12-31", goal={}, title={"en": "", "zh": "x"}), real)
    assert made is None
    told = {(".".join(map(str, note.path[2:])), note.problem.code) for note in notes}
    assert told == {("title.en", "blank"), ("goal", "goal_none"), ("deadline", "deadline_before_start")}


@pytest.mark.parametrize(
    ("changes", "place", "code"),
    [
        ({"plan": {"waypoints": [{"on": "2027-01-01", "value": 1}]}}, "plan.waypoints.0.on", "waypoint_outside"),
        ({"plan": {"waypoints": [{"on": "2026-06-01", "value": 400000}]}}, "plan.waypoints.0.value", "waypoint_beyond"),
        ({"goal": "complete"}, "goal", "complete_misfit"),
        ({"deadline": "2026-01-10"}, "deadline", "deadline_over"),
        ({"goal": {"change": {"by": "-60%"}}}, "goal.change", "baseline_missing"),
        ({"goal": {"between": [2, 1]}}, "goal.between", "between_order"),
    ],
)
def test_what_the_files_refuse_a_form_is_refused(real, changes, place, code):
    made, notes = check_values(values(**changes), real)
    assert made is None
    assert (place, code) in {(".".join(map(str, note.path[2:])), note.problem.code) for note in notes}


def test_values_that_are_right_make_a_target(real):
    made, notes = check_values(values(), real)
    assert notes == ()
    assert made is not None
    assert made.targets[0].id == "cargo-2026"
    assert made.indicators == ()
