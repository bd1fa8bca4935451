"""What programs are answered: JSON, health, the exposition."""

from __future__ import annotations

import json
import re

import golden_text
import pytest
from golden_seed import enter, figure
from golden_text import json_lines
from golden_visit import Visitor
from golden_world import PAST, served

OURS = "targetwatch_"
GETS = (
    "/api/v1/targets",
    "/api/v1/targets?clock=recorded",
    "/api/v1/targets?as_of=2026-11-20&clock=recorded",
    "/api/v1/targets?as_of=never",
    "/api/v1/targets?as_of=2031-01-01",
    "/api/v1/targets?clock=wall",
    "/api/v1/targets/nothing",
    "/api/v1/targets/berths-2026?as_of=2025-01-01",
    "/api/v1/indicators/nothing/readings",
    "/api/v1/nothing",
    "/-/healthy",
    "/-/ready",
)
ENTRIES = {
    "new": figure("throughput", "100.5万吨", "2026-01..2026-10", "2026-11-09", basis="year_to_date"),
    "known": figure("throughput", "100.5万吨", "2026-01..2026-10", "2026-11-09", basis="year_to_date"),
    "revised": figure("throughput", "1,006,000", "2026-01..2026-10", "2026-11-15", basis="year_to_date", yoy="3%"),
    "held": figure("throughput", "9,900,000", "2026-01..2026-11", "2026-11-20", basis="year_to_date"),
    "no value": figure("throughput", "many", "2026-01..2026-11", "2026-11-20", basis="year_to_date"),
    "no period": figure("throughput", "1", "some day", "2026-11-20", basis="year_to_date"),
    "no basis": figure("throughput", "1", "2026-01..2026-11", "2026-11-20", basis="sometimes"),
    "all wrong": figure("throughput", "", "", "soon", basis="x", qualifier="nearly", provisional="perhaps", yoy="much"),
    "no indicator": figure("nothing", "1", "2026", "2026-11-20"),
    "another unit": figure("berths", "40 TEU", "2026-10-31", "2026-11-20", basis="point"),
    "a step that is none": figure("permits", "1", "2026-10-31", "2026-11-20", basis="event", step="moon"),
    "unknown key": figure("permits", "1", "2026-10-31", "2026-11-20", colour="red"),
}


@pytest.fixture
def asked(own_world):
    with served(own_world) as app:
        yield Visitor(app).client


def test_every_json_address_answers_what_it_answered(asked, own_world, golden):
    everything = asked.get("/api/v1/targets").json()["targets"]
    targets = sorted(one["target"] for one in everything)
    indicators = sorted({one["indicator"] for one in everything} | {"ilstc-value", "corridor-rail-volume"})
    paths = [
        *GETS,
        *(f"/api/v1/targets/{name}" for name in targets),
        *(f"/api/v1/targets/{name}?as_of={PAST[1]}" for name in targets),
        *(f"/api/v1/indicators/{name}/readings" for name in indicators),
        f"/api/v1/indicators/ilstc-volume/readings?as_of={PAST[1]}",
    ]
    text = golden_text.Text()
    for path in paths:
        answer = asked.get(path)
        kind = answer.headers["content-type"]
        lines = json_lines(answer.json()) if "json" in kind else answer.text.split("\n")
        text.add(
            f"GET {path}", golden_text.normal("\n".join([f"{answer.status_code} {kind}", *lines]), *own_world.named)
        )
    golden("json", text)


def test_every_entry_is_answered_as_it_was(asked, own_world, golden):
    text = golden_text.Text()
    for name, entry in ENTRIES.items():
        answer = enter(Visitor(asked.app), entry)
        text.add(
            f"{name}: {json.dumps(entry, ensure_ascii=False)}", [str(answer.status_code), *json_lines(answer.json())]
        )
    for name, headers in {"no token": {}, "a wrong one": {"authorization": "Bearer wrong"}}.items():
        answer = asked.post("/api/v1/readings", json=ENTRIES["new"], headers=headers)
        text.add(name, [str(answer.status_code), *json_lines(answer.json())])
    golden("entries", text)


def exposed(text: str) -> list[str]:
    """Return the lines of an exposition that say something of the targets, and what the others are called."""
    found = []
    for line in text.split("\n"):
        if re.match(r"(# (HELP|TYPE) )?(process|python|targetwatch_http_requests)_?|targetwatch_refresh_", line):
            continue
        varies = "_build_info{" in line or (re.match(r"\w+_seconds(_sum|_bucket)?[{ ]", line) and "duration" in line)
        said = re.sub(r"(_status_changes_total\{.*\}) .*", r"\1 ...", line)  # as many as tests before had kept
        found.append(re.sub(r"\{.*", "{...}", said) if varies else said)
    return found


def test_the_exposition_is_what_it_was(asked, golden):
    text = golden_text.Text()
    for kind in ("text/plain", "application/openmetrics-text; version=1.0.0"):
        answer = asked.get("/metrics", headers={"accept": kind, "accept-encoding": "identity"})
        lines = exposed(answer.text)
        if kind != "text/plain":
            lines = [line for line in lines if line.startswith("#")]
        text.add(f"/metrics as {kind}", [answer.headers["content-type"], *lines])
    golden("metrics", text)


def test_the_exposition_of_past_days_is_what_it_was(world, golden):
    text = golden_text.Text()
    for day in PAST:
        with served(world, day) as app:
            answer = Visitor(app).client.get("/metrics", headers={"accept-encoding": "identity"})
        figures = [line for line in exposed(answer.text) if not line.startswith("#") and "_info{" not in line]
        text.add(f"/metrics on {day}", figures)  # the words of those days are on the pages
    golden("metrics.past", text)
