"""New targets: a template per kind, an indicator of their own, and pasted YAML that is taken whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from edit_stage import TEU, Desk, Form, edit_stage, errors, kept, promised
from web_stage import PROJECT, Browser, Page, Stage, locked

from targetwatch import configuration
from targetwatch.model import Comparator, Measure, Role, Steward, Text
from targetwatch.store import catalogue, db

SAID = {
    "announcement.by.en": "The mayor",
    "announcement.on": "2025-07-01",
    "title.en": "Cargo in 2026",
    "title.zh": "2026年运量",
    "owner": "port-and-logistics-office",
    "start": "2026-01-01",
    "deadline": "2026-12-31",
}
OF_KIND = {
    "flow": {"indicator": "ilstc-volume", "goal.value": "35万标箱"},
    "level": {"indicator": "corridor-ports", "goal.value": "600"},
    "relative": {
        "indicator": "corridor-logistics-cost-index",
        "goal.value": "-20%",
        "baseline.value": "100",
        "baseline.period": "2022-12-31",
    },
    "milestones": {
        "indicator": "regular-routes",
        "steps.1.title.en": "Kuantan",
        "steps.1.title.zh": "关丹",
        "steps.2.title.en": "Penang",
        "steps.2.title.zh": "槟城",
    },
}
YAML = """\
- id: cargo-2026
  indicator: ilstc-volume
  title: {en: Cargo in 2026, zh: 2026年运量}
  owner: port-and-logistics-office
  goal: {above: 350000}
  start: 2026-01-01
  deadline: 2026-12-31
  plan: seasonal
  announcement: {by: The mayor, on: 2025-07-01}
"""
WHOLE = """\
version: 1
programmes:
  - {id: ports, title: {en: Ports, zh: 港口}}
publishers:
  - {id: port-group, title: {en: Port Group, zh: 港务集团}}
indicators:
  - {id: berths, title: {en: Berths, zh: 泊位}, measure: level, unit: berths, authority: port-group}
targets:
  - id: berths-2026
    indicator: berths
    programme: ports
    title: {en: Berths 2026, zh: 2026年泊位}
    owner: {name: {en: Port Group, zh: 港务集团}, email: port@example.org}
    goal: {at_least: 40}
    start: 2026-01-01
    deadline: 2026-12-31
    announcement: {by: The mayor, on: 2025-07-01}
"""


@pytest.fixture
def office(tmp_path: Path, real_file: Path) -> Iterator[Stage]:
    with edit_stage(tmp_path, real_file) as stage:
        yield stage


@pytest.fixture
def editor(office: Stage) -> Browser:
    return office.sign_in(Role.EDITOR)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory, real_file: Path) -> Iterator[Stage]:
    """An office for whoever saves nothing."""
    with edit_stage(tmp_path_factory.mktemp("still"), real_file) as stage:
        before = targets(stage)
        yield stage
        assert targets(stage) == before


@pytest.fixture
def looking(still: Stage) -> Browser:
    """An editor who saves nothing."""
    return still.sign_in(Role.EDITOR)


class NewDesk(Desk):
    """Somebody with the form of a new target."""

    def __init__(self, browser: Browser, kind: str, language: str = "en") -> None:
        super().__init__(browser, language=language)
        self.path = f"/new-target/{kind}"


def paste(editor: Browser, text: str, do: str = "preview", language: str = "en"):
    return editor.post("/new-target/yaml", {"yaml": text, "do": do}, headers={"accept-language": language})


def targets(stage: Stage) -> set[str]:
    with db.reading(stage.engine) as session:
        return catalogue.target_ids(session)


def test_a_target_of_each_kind_is_looked_at_and_saved(office, editor):
    for language, (kind, said) in zip(("en", "zh", "en", "zh"), OF_KIND.items(), strict=True):
        desk, name = NewDesk(editor, kind, language), f"new-{kind}"
        looked = desk.send(desk.open(), **SAID, **said)
        assert looked.status_code == 200, errors(looked)
        assert "cargo-in-2026" in looked.text
        answer = desk.send(desk.read(looked), "save", id=name)
        assert answer.headers["location"].partition("&")[0] == f"/targets/{name}?done=target_new"
        made = promised(office, name)
        assert (made.managed_by, made.versions[0].effective) == ("web", date(2025, 7, 1))
        assert desk.browser.get(f"/targets/{name}").status_code == 200
    goals = {kind: promised(office, f"new-{kind}").versions[0].goal for kind in OF_KIND}
    assert (goals["flow"].comparator, goals["flow"].value) == (Comparator.ABOVE, Decimal(350000))
    assert goals["level"].comparator is Comparator.AT_LEAST
    assert goals["relative"].relative == Decimal("-0.2")
    assert goals["milestones"].comparator is Comparator.COMPLETE
    assert [step.id for step in promised(office, "new-milestones").versions[0].steps] == ["kuantan", "penang"]


def test_an_indicator_and_its_publisher_are_made_with_the_target(office, editor):
    desk = NewDesk(editor, "level")
    said = {
        "indicator": "+",
        "indicators.title.en": "Digital share",
        "indicators.title.zh": "数字化占比",
        "indicators.unit": "%",
        "indicators.authority": "+",
        "publishers.title.en": "Data Bureau",
        "publishers.title.zh": "数据局",
        "indicators.release.every": "quarter",
        "indicators.release.lag": "31",
        "indicators.release.grace": "14",
        "indicators.release.calendar": "CN",
        "indicators.steward.name.zh": "数据科",
        "indicators.steward.email": "figures@example.org",
        "goal.value": "60%",
    }
    looked = desk.send(desk.open(), **SAID, **said)
    assert looked.status_code == 200, errors(looked)
    assert desk.send(desk.read(looked), "save").status_code == 303
    with db.reading(office.engine) as session:
        known = catalogue.load(session)
    (made,) = [one for one in known.indicators if one.id == "digital-share"]
    assert (made.measure, made.unit, made.authority) == (Measure.LEVEL, "%", "data-bureau")
    assert (made.release.every, made.release.lag, made.release.grace) == ("quarter", 31, 14)
    assert made.steward == Steward(name=Text("", "数据科"), email="figures@example.org", language="zh")
    assert promised(office, "cargo-in-2026").versions[0].goal.value == Decimal(60)


BAD = {
    "no indicator": ({"indicator": ""}, "indicator", "Nothing stands", "未填写"),
    "an indicator there is not": ({"indicator": "nonsense"}, "indicator", "cannot be chosen", "没有此选项"),
    "a new indicator without anything": (
        {"indicator": "+"},
        "indicators.unit indicators.authority",
        "Nothing stands",
        "未填写",
    ),
    "a steward without an address": (
        {"indicator": "+", "indicators.title.en": "a", "indicators.steward.name.en": "Desk"},
        "indicators.steward.email",
        "Nothing stands",
        "未填写",
    ),
    "a lag of words": (
        {"indicator": "+", "indicators.title.en": "a", "indicators.title.zh": "b", "indicators.release.lag": "soon"},
        "indicators.release.lag",
        "number of days",
        "应为天数",
    ),
    "an indicator of a name there is": (
        {
            "indicator": "+",
            "indicators.id": "ilstc-volume",
            "indicators.title.en": "a",
            "indicators.title.zh": "b",
            "indicators.unit": "TEU",
            "indicators.authority": "customs",
        },
        "indicators.id",
        "ilstc-volume-2 is free",
        "可用 ilstc-volume-2",
    ),
    "an id there is": ({"id": TEU}, "id", f"{TEU}-2 is free", f"可用 {TEU}-2"),
    "an id of words": ({"id": "Cargo 2026"}, "id", "lower-case", "小写字母"),
    "no owner": ({"owner": ""}, "owner", "Nothing stands", "未填写"),
    "announced on no day": ({"announcement.on": "2025-02-30"}, "announcement.on", "Not a day", "不是日期"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_said_beside_its_field_and_everything_typed_stays(still, name):
    typed, fields, said, chinese = BAD[name]
    desk = NewDesk(still.sign_in(Role.EDITOR), "flow")
    answer = desk.send({**desk.open(), **SAID, **OF_KIND["flow"], **typed})
    assert answer.status_code == 422
    for field in fields.split():
        assert said in errors(answer).get(field, ""), errors(answer)
    stands = desk.read(answer)
    expected = {**SAID, **{key: text for key, text in typed.items() if text != "nonsense"}}
    assert {key: stands[key] for key in expected} == expected
    desk.language = "zh"
    told = errors(desk.send({**desk.open(), **SAID, **OF_KIND["flow"], **typed}))
    assert [field for field in fields.split() if chinese not in told.get(field, "")] == [], told


def test_an_id_is_proposed_from_the_title_and_one_that_is_free(office, editor):
    desk = NewDesk(editor, "flow")
    desk.save(**SAID, **OF_KIND["flow"])
    looked = desk.send(desk.open(), **SAID, **OF_KIND["flow"])
    assert desk.read(looked)["id"] == "cargo-in-2026-2"


def test_a_chinese_title_alone_is_enough_and_gets_a_plain_numbered_id(office):
    desk = NewDesk(office.sign_in(Role.EDITOR), "flow", "zh")
    for number in (1, 2):
        looked = desk.send(desk.open(), **{**SAID, **OF_KIND["flow"], "title.en": ""})
        assert desk.read(looked)["id"] == f"target-2025-{number}"
        assert f"target-2025-{number}" in Page(looked.text).text
        assert desk.read(desk.send(desk.read(looked), "edit"))["id"] == f"target-2025-{number}"
        assert desk.send(desk.read(looked), "save").status_code == 303
    assert promised(office, "target-2025-2").title == Text("2026年运量", "2026年运量")


def test_steps_in_chinese_alone_get_names_of_their_own(office):
    desk = NewDesk(office.sign_in(Role.EDITOR), "milestones", "zh")
    said = {
        "indicator": "regular-routes",
        "steps.1.title.zh": "关丹",
        "steps.2.title.zh": "槟城",
        "steps.2.id": "step-1",
    }
    assert desk.save(**SAID, **said).status_code == 303
    assert [step.id for step in promised(office, "cargo-in-2026").versions[0].steps] == ["step-2", "step-1"]


def test_the_look_at_a_new_target_is_headed_as_one(looking):
    desk = NewDesk(looking, "flow")
    looked = Page(desk.send(desk.open(), **SAID, **OF_KIND["flow"]).text)
    assert "How it would stand" in looked.text
    (here,) = [link for link in looked.all("a") if link.get("aria-current") == "page"]
    assert (here["href"] or "").endswith("/new-target")


def test_an_id_taken_since_the_look_is_refused_and_everything_typed_stays(office, editor):
    desk = NewDesk(editor, "flow")
    looked = desk.read(desk.send(desk.open(), **SAID, **OF_KIND["flow"]))
    assert desk.send(looked, "save").status_code == 303
    again = desk.send(looked, "save")
    assert again.status_code in {409, 422}
    assert "cargo-in-2026-2 is free" in errors(again)["id"]
    assert desk.read(again)["goal.value"] == "35万标箱"


def test_a_target_of_an_archived_name_is_refused(office, editor):
    with db.writing(office.engine, "test", now=office.app.state.service.now()) as session:
        catalogue.archive(session, TEU, now=office.app.state.service.now())
    office.refresh()
    desk = NewDesk(editor, "flow")
    answer = desk.send(desk.open(), **SAID, **OF_KIND["flow"], id=TEU)
    assert "is free" in errors(answer)["id"]


NEW_INDICATOR = {
    "indicator": "+",
    "indicators.title.en": "Berths",
    "indicators.title.zh": "泊位",
    "indicators.unit": "berths",
    "goal.value": "40",
}


def lost_by_the_file(office: Stage, text: str) -> None:
    """Let the file have had what `text` describes, and lose it again."""
    real = configuration.check(PROJECT / "config")
    extra = configuration.check_text(text, real)
    with_it = replace(
        real,
        programmes=(*real.programmes, *extra.programmes),
        publishers=(*real.publishers, *extra.publishers),
        indicators=(*real.indicators, *extra.indicators),
        targets=(*real.targets, *extra.targets),
    )
    office.configure(with_it)
    office.configure(real)
    office.refresh()


def test_an_indicator_of_an_archived_name_is_refused_at_the_look(office, editor):
    lost_by_the_file(office, WHOLE)
    desk = NewDesk(editor, "level")
    said = {**SAID, **NEW_INDICATOR, "indicators.authority": "customs", "indicators.id": "berths"}
    looked = desk.send(desk.open(), **said)
    assert looked.status_code == 422
    assert "berths-2 is free" in errors(looked)["indicators.id"]
    assert desk.read(looked)["goal.value"] == "40"
    desk.language = "zh"
    assert "可用 berths-2" in errors(desk.send(desk.open(), **said))["indicators.id"]


def test_what_is_new_with_a_target_gets_ids_that_nothing_archived_has(office, editor):
    lost_by_the_file(office, WHOLE)
    desk = NewDesk(editor, "level")
    said = {
        **SAID,
        **NEW_INDICATOR,
        "indicators.authority": "+",
        "publishers.title.en": "Port Group",
        "publishers.title.zh": "港务集团",
        "programme": "+",
        "programmes.title.en": "Ports",
        "programmes.title.zh": "港口",
        "owner": "+",
        "owner.name.en": "Port Group",
        "owner.name.zh": "港务集团",
    }
    looked = desk.send(desk.open(), **said)
    assert looked.status_code == 200, errors(looked)
    assert desk.send(desk.read(looked), "save").status_code == 303
    made = promised(office, "cargo-in-2026")
    assert (made.indicator, made.programme, made.owner.id) == ("berths-2", "ports-2", "port-group-2")


def test_pasted_yaml_of_archived_names_says_so_at_the_look(office, editor):
    lost_by_the_file(office, WHOLE)
    answer = paste(editor, WHOLE.replace("id: berths-2026", "id: berths-2027"))
    assert answer.status_code == 422
    text = Page(answer.text).text
    for kind, name in (("programme", "ports"), ("publisher", "port-group"), ("indicator", "berths")):
        assert f"{kind} '{name}', id: '{name}' is the id of one that is archived, expected a different one" in text
    assert "owner: 'port-group' is the id of one that is archived, expected a different one" in text


def test_a_target_announced_for_a_day_to_come_is_saved_and_waits(office, editor):
    desk = NewDesk(editor, "flow")
    answer = desk.save(**{**SAID, **OF_KIND["flow"], "announcement.on": "2025-09-01"})
    assert answer.headers["location"].partition("&")[0] == "/?done=target_new"
    assert "cargo-in-2026" in targets(office)


def test_pasted_yaml_is_looked_at_and_saved(office, editor):
    looked = paste(editor, YAML)
    assert looked.status_code == 200
    assert "cargo-2026" not in targets(office)
    carried = Form(looked.text, "/new-target/yaml").values["yaml"]
    assert carried == YAML
    answer = paste(editor, carried, "save")
    assert answer.headers["location"].partition("&")[0] == "/targets/cargo-2026?done=target_new"
    assert promised(office, "cargo-2026").managed_by == "web"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (YAML + "  surprise: 1\n", "target 'cargo-2026', surprise："),
        (YAML.replace("350000", "350,000"), "goal.above："),
        ("a: [", ""),
    ],
)
def test_a_reader_of_chinese_is_told_in_chinese_what_is_wrong_with_yaml(looking, bad, said):
    shown = paste(looking, bad, language="zh").text
    told = unescape(shown.split('<ul class="yaml-problems">')[1].split("</ul>")[0])
    assert re.search(rf"{said}[^<]*[\u4e00-\u9fff]", told), told


@pytest.mark.parametrize(
    ("kind", "goal", "warned"),
    [("flow", "0", True), ("flow", "-5", True), ("flow", "1", False), ("level", "0", True)],
)
def test_the_look_warns_of_a_goal_that_any_figure_reaches(looking, kind, goal, warned):
    desk = NewDesk(looking, kind)
    looked = desk.send(desk.open(), **SAID, **OF_KIND[kind] | {"goal.value": goal})
    assert looked.status_code == 200, errors(looked)
    assert ("is reached by any figure" in looked.text) is warned
    desk.language = "zh"
    assert ("任何数值都能达到" in desk.send(desk.read(looked)).text) is warned


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_on_the_page_is_saved_as_it_stands_there(tmp_path, real_file, language):
    with edit_stage(tmp_path, real_file, today=date(2026, 2, 1)) as stage:
        editor = stage.sign_in(Role.EDITOR)
        shown = editor.get("/new-target/yaml", headers={"accept-language": language}).text
        example = unescape(shown.split('id="yaml-example">')[1].split("</pre>")[0])
        assert paste(editor, example, language=language).status_code == 200
        assert paste(editor, example, "save", language=language).status_code == 303
        assert promised(stage, "cargo-2026").versions[0].goal.value == Decimal(350000)


def test_a_whole_file_brings_what_its_targets_stand_on(office, editor):
    assert paste(editor, WHOLE, "save").status_code == 303
    assert promised(office, "berths-2026").owner.email == "port@example.org"
    with db.reading(office.engine) as session:
        known = catalogue.load(session)
    assert "berths" in {one.id for one in known.indicators}
    assert "ports" in {one.id for one in known.programmes}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_problem_of_pasted_yaml_stands_at_its_line_and_nothing_is_saved(looking, language):
    bad = YAML.replace("ilstc-volume", "nonsense").replace("2026-12-31", "2026-02-30") + YAML
    answer = paste(looking, bad, "save", language)
    assert answer.status_code == 422
    text = answer.text
    assert 'href="#line-2"' in text
    assert 'href="#line-7"' in text
    for said in {
        "en": ("no indicator 'nonsense'", "2026-02 has 28 days", "is the id of the target in line 1"),
        "zh": ("没有", "2026-02只有28天", "第1行"),
    }[language]:
        assert said in unescape(text)
    assert Form(text, "/new-target/yaml").values["yaml"] == bad


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing stands here"),
        ("just words", "expected a mapping"),
        ("a: [", "not valid YAML"),
        ("\tid: x", "a tab indents this line"),
        ("version: 1\ntargets: []", "expected at least one target"),
        ("version: 2\ntargets: []", "2 is not known here"),
        (YAML.replace("cargo-2026", TEU), "is the id of a target there is already"),
        (YAML + "  surprise: 1\n", "unknown key"),
        (YAML.replace("350000", "350,000"), "has thousands separators, write 350000"),
        (
            WHOLE.replace("id: ports", "id: ilstc").replace("programme: ports", "programme: ilstc"),
            "is there already and says something else",
        ),
        (YAML.replace("start: 2026-01-01", "start: 0001-01-01"), "'0001-01-01' is too far away"),
        (YAML.replace("deadline: 2026-12-31", "deadline: 9999-12-31"), "expected a day from 1949-10-01 to 2200-12-31"),
        ("x" * 50_001, "50001 characters"),
        ("&a [*a]", "an alias stands inside its own anchor"),
        ("[" * 3000, "nested deeper"),
    ],
)
def test_pasted_yaml_that_cannot_be_used_says_why(looking, text, words):
    answer = paste(looking, text)
    assert answer.status_code == 422
    assert words in Page(answer.text).text


def test_of_several_pasted_targets_all_are_saved_or_none(office, editor):
    two = YAML + YAML.replace("cargo-2026", "cargo-2027").replace("2026-", "2027-")
    assert "2 new" in Page(paste(editor, two).text).text
    assert paste(editor, two, "save").headers["location"].partition("&")[0] == "/?done=target_new"
    assert {"cargo-2026", "cargo-2027"} <= targets(office)


def test_a_script_in_pasted_yaml_is_shown_and_never_run(looking):
    script = "<script>alert(1)</script>"
    answer = paste(looking, YAML.replace("{en: Cargo in 2026,", f"{{en: '{script}',"))
    assert script not in answer.text
    bad = paste(looking, f"{script}: 1\n</textarea>{script}")
    assert script not in bad.text


def test_a_kind_there_is_not_is_not_found(looking):
    assert looking.get("/new-target/wish").status_code == 404
    assert looking.post("/new-target/wish", {"do": "save"}).status_code == 404


def test_a_new_target_on_a_locked_database_keeps_everything_typed(office, editor):
    desk = NewDesk(editor, "flow")
    looked = desk.read(desk.send(desk.open(), **SAID, **OF_KIND["flow"]))
    with locked(office):
        answer = desk.send(looked, "save")
    assert answer.status_code == 503
    assert desk.read(answer)["goal.value"] == "35万标箱"
    assert desk.send(desk.read(answer), "save").status_code == 303
    assert kept(office, "cargo-in-2026").revision == 1


def test_a_long_paste_in_chinese_is_taken(office, editor):
    lines = "".join(f"# {'说明' * 400}\n" for _ in range(50))
    assert len(YAML + lines) > 40_000
    assert paste(editor, lines + YAML, "save").status_code == 303
    assert "cargo-2026" in targets(office)
