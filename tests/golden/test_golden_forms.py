"""What the forms answer before anything is saved, to good and to bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import golden_crawl
import golden_text
import pytest
from golden_seed import TARGETS
from golden_visit import Visitor
from golden_world import served

if TYPE_CHECKING:
    from collections.abc import Mapping

EDIT = "See what changes"
NEW = "See how it would stand"
READ = "See how it will be read"
YAML = TARGETS.replace("berths", "piers").replace("throughput", "passages").replace("permits", "papers")
ANNOUNCED = {"Announced by, in English": "The mayor", "Announced on": "2026-11-01"}
NAMED = {
    **ANNOUNCED,
    "Title, in English": "A new target",
    "Title, in Chinese": "新目标",
    "Owner": "Port and Logistics Office",
    "First day": "2026-01-01",
    "Deadline": "2026-12-31",
}
TABLE = """indicator\tperiod\tbasis\tvalue\tyoy\tpublished on\tlink
throughput\t2026-01..2026-10\tyear_to_date\t1,005,000 t\t\t2026-11-09\thttps://example.org/oct
Throughput\t1-9月 2026\tYear to date\t90.5万吨\t\t9 Oct 2026\t
throughput\t2026-01..2026-11\tyear_to_date\t9,905,000 t\t\t2026-11-19\t
berths\t2026-09-30\tpoint\t200\t\t2026-10-25\t
berths\tsome day\tpoint\tmany\t\tyesterday\t
nothing\t2026\tperiod\t1\t\t2026-01-01\t
"""
PRESS = (
    "今年1—10月，重庆经西部陆海新通道三种主要运输组织方式共运输27.24万标箱、同比增长33%，"
    "货值489.62亿元、同比增长27%。全市外贸进出口总值6500亿元。"
)
ENGLISH = "In H1 2025, 154,600 TEUs worth 28.33 billion yuan were moved from Chongqing via the ILSTC, up 28% and 22%"
SIGN = "Sign in"


def edited(target: str, **fill: str) -> tuple[str, str, Mapping[str, str], str]:
    said = {name.replace("_", " "): text for name, text in fill.items()}
    return f"/targets/{target}/edit", f"/targets/{target}/edit", said, EDIT


def made(kind: str, fill: Mapping[str, str], **more: str) -> tuple[str, str, Mapping[str, str], str]:
    return f"/new-target/{kind}", f"/new-target/{kind}", {**fill, **more}, NEW


def typed(indicator: str, **fill: str) -> tuple[str, str, Mapping[str, str], str]:
    said = {name.replace("_", " "): text for name, text in fill.items()}
    return f"/figures/new?indicator={indicator}", "/figures/new", said, READ


CASES = {
    "edit nothing": edited("throughput-2026"),
    "edit harder": edited("throughput-2026", Goal="150万吨"),
    "edit easier without a reason": edited("throughput-2026", Goal="1,000,000"),
    "edit with a reason, later": edited(
        "throughput-2026", Goal="1,000,000", Counts_from="2026-12-01", Reason_for_the_change="a strike"
    ),
    "edit what cannot be": edited(
        "throughput-2026",
        Goal="many",
        Deadline="2020-01-01",
        **{"Announced by, in English": "", "Announced by, in Chinese": ""},
        Address="nowhere",
    ),
    "edit the range": edited("berths-between", Goal="38"),
    "edit the range wrongly": edited("berths-between", Goal="38", **{"... and at most": "20"}),
    "edit the change": edited("throughput-down", Goal="-5%", Reason_for_the_change="too hard"),
    "edit the change wrongly": edited("throughput-down", Goal="5", **{"Where it stood before": ""}),
    "edit waypoints": edited("berths-2026", **{"Expected by then": "50"}),
    "edit steps": edited("permits-2026", **{"Step, in English": "land and sea", "Due": "2026-04-30"}),
    "edit steps wrongly": edited(
        "permits-2026", **{"Step, in English": "", "Step, in Chinese": "", "Due": "2027-04-30"}
    ),
    "edit names only": edited("throughput-2026", **{"Title, in English": "Tonnes 2026"}),
    "edit archived": ("/targets/throughput-2026/edit", "/targets/throughput-2026/edit", {"Deadline": "soon"}, EDIT),
    "new flow": made("flow", NAMED, Indicator="Throughput", Goal="1,500,000"),
    "new level": made("level", NAMED, Indicator="Berths", Goal="50"),
    "new relative": made(
        "relative",
        NAMED,
        **{
            "Indicator": "Throughput",
            "Goal": "+20%",
            "Where it stood before": "1000000",
            "... in which period": "2025",
        },
    ),
    "new milestones": made("milestones", NAMED, **{"Indicator": "Permits", "Step, in English": "roads"}),
    "new flow, nothing said": made("flow", {"Title, in English": "X"}),
    "new level, nothing said": made("level", {"Title, in English": "X"}),
    "new relative, nothing said": made("relative", {"Title, in English": "X"}),
    "new milestones, nothing said": made("milestones", {"Title, in English": "X"}),
    "new flow, wrong": made("flow", NAMED, Indicator="Throughput", Goal="-3 TEU", Deadline="2025-01-01"),
    "new flow with an indicator of its own": made(
        "flow",
        NAMED,
        **{
            "Indicator": "A new one ...",
            "Indicator, in English": "Trucks",
            "Unit": "trucks",
            "Whose count is judged": "Port Group",
            "Goal": "10,000",
        },
    ),
    "yaml": ("/new-target/yaml", "/new-target/yaml", {"YAML text": YAML}, NEW),
    "yaml taken": ("/new-target/yaml", "/new-target/yaml", {"YAML text": TARGETS}, NEW),
    "yaml wrong": (
        "/new-target/yaml",
        "/new-target/yaml",
        {"YAML text": YAML.replace("above: 1200000", "abov: 12").replace("deadline: 2026-12-31", "deadline: soon")},
        NEW,
    ),
    "yaml none": ("/new-target/yaml", "/new-target/yaml", {"YAML text": ""}, NEW),
    "figure": typed(
        "throughput", Figure_as_printed="100.5万吨", Period_it_describes="2026-01..2026-10", Published_on="2026-11-09"
    ),
    "figure suspicious": typed(
        "throughput", Figure_as_printed="1,005万吨", Period_it_describes="2026-01..2026-10", Published_on="2026-11-09"
    ),
    "figure known": typed(
        "throughput", Figure_as_printed="905,000", Period_it_describes="Jan-Sep 2026", Published_on="2026-10-09"
    ),
    "figure revising": typed(
        "throughput", Figure_as_printed="910,000", Period_it_describes="Jan-Sep 2026", Published_on="2026-11-09"
    ),
    "figure wrong": typed(
        "throughput", Figure_as_printed="many", Period_it_describes="some day", Published_on="2026-11-09"
    ),
    "figure of another unit": typed(
        "berths", Figure_as_printed="40 TEU", Period_it_describes="2026-10-31", Published_on="2026-11-09"
    ),
    "figure empty": typed("berths"),
    "paste": ("/figures/paste", "/figures/paste", {"The table": TABLE}, "See how it is read"),
    "paste nothing": ("/figures/paste", "/figures/paste", {"The table": ""}, "See how it is read"),
    "paste prose": ("/figures/paste", "/figures/paste", {"The table": "just\nwords"}, "See how it is read"),
    "press": ("/figures/press", "/figures/press", {"The text": PRESS, "Published on": "2025-12-09"}, "Read it"),
    "press in English": ("/figures/press", "/figures/press", {"The text": ENGLISH}, "Read it"),
    "press without a figure": ("/figures/press", "/figures/press", {"The text": "Nothing happened."}, "Read it"),
    "press wrong day": ("/figures/press", "/figures/press", {"The text": PRESS, "Published on": "soon"}, "Read it"),
    "archive without a reason": (
        "/targets/throughput-2026/archive",
        "/targets/throughput-2026/archive",
        {"Reason": ""},
        "Archive",
    ),
}
ADMIN_CASES = {
    "user of a wrong name": ("/users", "/users", {"Name": "Li Wei!"}, "Add the user"),
    "user taken": ("/users", "/users", {"Name": "a.viewer"}, "Add the user"),
    "owner wrong": ("/owners/port-group", "/owners/port-group", {"E-mail": "nowhere"}, ""),
    "new password wrong": ("/account", "/account/password", {}, ""),
    "token for nothing": ("/account", "/account/tokens", {"What it is for": "", "For how many days": "900"}, ""),
    "trail": ("/audit", "/audit/verify", {}, ""),
}
OUTSIDE = {
    "sign in wrongly": ("/sign-in", "/sign-in", {"Name": "an.editor", "Password": "wrong"}, ""),
    "sign in disabled": ("/sign-in", "/sign-in", {"Name": "long.gone", "Password": "correct horse battery"}, ""),
    "sign in empty": ("/sign-in", "/sign-in", {"Name": "", "Password": ""}, ""),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_form_answers_what_it_answered(language, own_world, golden):
    text = golden_text.Text()
    with served(own_world) as app:
        for name, cases in (("", OUTSIDE), ("an.editor", CASES), ("an.admin", ADMIN_CASES)):
            visitor = Visitor(app, name)
            for title, (path, action, fill, button) in cases.items():
                answer = visitor.send(path, action, fill, button, language)
                page = golden_crawl.look(answer, action, own_world.named)
                text.add(f"{title}: POST {action}", [page.head, *page.own])
    golden(f"forms.{language}", text)
