"""The JSON API: the values' own field names and units, lists by the page, moments, and the ways to enter readings."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator
from sqlmodel import select
from web_stage import PROJECT, TOKEN

from targetwatch.model import Verdict
from targetwatch.model.words import plain
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.tables import ReadingRow

BEARER = {"authorization": f"Bearer {TOKEN}"}
ENTRY = {
    "indicator": "cargo",
    "value": "15.46万标箱",
    "period": "2025-01..2025-06",
    "basis": "year_to_date",
    "published_on": "2025-07-17",
    "yoy": "28%",
    "evidence": "https://example.org/page",
    "quote": "上半年运输15.46万标箱",
}


def test_a_reading_without_a_day_of_publication_is_described_as_what_it_becomes(cargo):
    described = cargo.client.get("/api/openapi.json").json()["components"]["schemas"]["Entry"]["properties"][
        "published_on"
    ]
    assert "recorded clock only" in described["description"]
    entered = cargo.client.post("/api/v1/readings", json={**ENTRY, "published_on": ""}, headers=BEARER)
    assert (entered.status_code, entered.json()["reading"]["published_on"]) == (201, None)
    assert cargo.client.get("/api/v1/targets/cargo-2025").json()["actual_value"] is None


def test_a_target_has_every_field_of_its_verdict_under_its_own_name(client, real):
    told = client.get("/api/v1/targets/ilstc-volume-2025").json()
    verdict = real.holder.current.verdicts["ilstc-volume-2025"]
    for field in fields(Verdict):
        if field.name not in {"day", "goal_change", "notes", "forecast"}:
            assert amount(told[field.name]) == plain(getattr(verdict, field.name)), field.name
    assert (told["goal_value"], told["unit"]) == ("270000", "TEU")
    assert (told["as_of"], told["sentence"]["en"][:10]) == ("2026-11-25", "Achieved: ")
    assert told["as_of"] == "2026-11-25"
    assert told["simulated"] is False
    assert (told["history"][0]["new"], told["history"][0]["on"]) == ("pending", "2025-02-07")
    assert (told["history"][-1]["new"], told["history"][-1]["on"]) == ("achieved", "2025-12-09")
    assert told["versions"][0]["announcement"]["quote"] == "exceed 270,000 TEUs in cargo volume"


def amount(told):
    """Return the number that a decimal string is; anything else as it is."""
    return float(told) if isinstance(told, str) and re.fullmatch(r"-?\d+(\.\d+)?", told) else told


def test_all_targets_come_with_the_moment_they_are_judged_at(client, real):
    told = client.get("/api/v1/targets?as_of=2025-12-08").json()
    assert (told["as_of"], told["clock"], told["failed"]) == ("2025-12-08", "published", [])
    by_name = {one["target"]: one for one in told["targets"]}
    assert by_name["ilstc-volume-2025"]["data_state"] == "late"
    assert by_name["ilstc-volume-2025"]["performance"] == "on_track"
    assert set(by_name) == set(real.past(_end_of("2025-12-08", real)).verdicts)


def _end_of(text, stage):
    from builders import day  # noqa: PLC0415 - only this helper needs it
    from targetwatch.model import AsOf  # noqa: PLC0415

    return AsOf.end_of(day(text), stage.settings.zone)


def test_owners_addresses_are_not_told(client):
    assert "@example.org" not in client.get("/api/v1/targets").text
    assert "@example.org" not in client.get("/api/v1/targets/ilstc-volume-2025").text


def test_readings_say_their_state_as_of_a_moment(client):
    told = client.get("/api/v1/indicators/ilstc-volume/readings?as_of=2025-02-01").json()
    year = [one for one in told["readings"] if one["period"] == {"start": "2024-01-01", "end": "2024-12-31"}]
    assert {(one["value"], one["state"]) for one in year} == {("251800", "in_force"), ("249000", "revised")}
    assert all(one["known_on"] <= "2025-02-01" for one in told["readings"])
    assert all(one["evidence_url"].startswith("http") or not one["evidence_url"] for one in told["readings"])


def test_the_recorded_clock_knows_what_this_installation_had_by_then(client):
    told = client.get("/api/v1/indicators/ilstc-volume/readings?as_of=2025-02-01&clock=recorded").json()
    assert (told["clock"], told["readings"]) == ("recorded", [])


def test_readings_of_a_derived_indicator_are_computed(client):
    told = client.get("/api/v1/indicators/ilstc-volume-annual/readings").json()
    assert {one["period"]["end"][:4]: one["value"] for one in told["readings"] if one["state"] == "in_force"} == {
        "2022": "148000",
        "2023": "178000",
        "2024": "251800",
        "2025": "327700",
    }


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/v1/targets/ilstc-volum-2025", 404, "did you mean ilstc-volume-2025"),
        ("/api/v1/indicators/nothing/readings", 404, "indicator 'nothing': not found"),
        ("/api/v1/targets?as_of=2025-02-30", 400, "as_of '2025-02-30': not a day, expected a day up to 2026-11-25"),
        ("/api/v1/targets?as_of=2027-01-01", 400, "as_of '2027-01-01': lies in the future"),
        ("/api/v1/nothing", 404, "Not Found"),
        ("/api/v1/targets/ilstc-volume-2025/more", 404, "Not Found"),
    ],
)
def test_errors_are_problem_json_with_the_sentence(client, path, status, said):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["instance"] == path.split("?")[0]
    assert said in told["detail"]


def test_what_is_wrong_is_said_in_the_language_a_program_asks_for(client):
    path = "/api/v1/targets/ilstc-volum-2025"
    told = {said: client.get(path, headers={"accept-language": said}) for said in ("en", "zh-CN,zh;q=0.9", "fr")}
    en, zh, fr = (answer.json() for answer in told.values())
    assert en == fr != zh
    assert (zh["code"], zh["values"]) == (en["code"], en["values"])
    assert "ilstc-volume-2025" in zh["detail"]
    assert "not found" in en["problems"][0]["sentence"]
    assert "not found" not in zh["detail"] + zh["problems"][0]["sentence"]
    assert {answer.headers["vary"] for answer in told.values()} == {"Accept-Language"}


def test_a_reading_entered_as_printed_is_stored_and_judged_at_once(cargo):
    answer = cargo.client.post("/api/v1/readings", json=ENTRY, headers=BEARER)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["outcome"], told["reading"]["value"], told["reading"]["yoy"]) == ("new", "154600", "0.28")
    assert told["reading"]["publisher"] == "statistics-office"
    assert told["quote_agrees"] is True
    assert cargo.client.get("/api/v1/targets/cargo-2025").json()["actual_value"] == "154600"
    with db.reading(cargo.engine) as session:
        (row,) = session.scalars(select(ReadingRow))
        assert stored.get(session, row.id).evidence_url == "https://example.org/page"


def test_the_same_reading_again_is_known_and_adds_nothing(cargo):
    cargo.client.post("/api/v1/readings", json=ENTRY, headers=BEARER)
    again = cargo.client.post("/api/v1/readings", json=ENTRY, headers=BEARER)
    assert (again.status_code, again.json()["outcome"]) == (200, "known")
    assert len(cargo.client.get("/api/v1/indicators/cargo/readings").json()["readings"]) == 1


def test_a_suspicious_reading_is_held_with_the_reason(cargo):
    cargo.client.post("/api/v1/readings", json=ENTRY, headers=BEARER)
    falling = ENTRY | {"value": "6.4万标箱", "period": "2025-01..2025-08", "published_on": "2025-10-01", "quote": ""}
    answer = cargo.client.post("/api/v1/readings", json=falling, headers=BEARER)
    assert answer.status_code == 202, answer.text
    assert answer.json()["outcome"] == "held"
    told = {
        said: cargo.client.get("/api/v1/held", headers=BEARER | {"accept-language": said}).json()["held"][0]["reason"]
        for said in ("en", "zh")
    }
    assert answer.json()["reason"] == told["en"]["sentence"]
    assert (told["zh"]["code"], told["zh"]["values"]) == (told["en"]["code"], told["en"]["values"])
    assert "降到" in told["zh"]["sentence"]
    assert "1 figure is to be checked" in cargo.client.get("/").text
    assert cargo.client.get("/api/v1/targets/cargo-2025").json()["actual_value"] == "154600"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "many"}, "many"),
        ({"indicator": "cargoo"}, "did you mean cargo"),
        ({"period": "last spring"}, "last spring"),
        ({"publisher": "nobody"}, "nobody"),
        ({"colour": "blue"}, "colour"),
        ({"value": 15.46}, "value"),
    ],
)
def test_what_is_no_reading_is_refused_with_the_reason(cargo, change, said):
    answer = cargo.client.post("/api/v1/readings", json=ENTRY | change, headers=BEARER)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert cargo.client.get("/api/v1/indicators/cargo/readings").json()["readings"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {TOKEN}"},
        {"authorization": "Bearer "},
        {"authorization": f"Bearer {TOKEN}x"},
    ],
)
def test_without_the_token_nothing_is_read_or_written(cargo, headers):
    for body in ({"json": ENTRY}, {"data": b"{not json"}):
        answer = cargo.client.post("/api/v1/readings", headers=headers, **body)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in answer.text
    assert cargo.client.get("/api/v1/indicators/cargo/readings").json()["readings"] == []


def test_a_body_larger_than_any_reading_is_refused_whether_or_not_it_says_its_length(cargo):
    large = b'{"indicator": "' + b"x" * 2_200_000 + b'"}'
    said = cargo.client.post("/api/v1/readings", data=large, headers=BEARER)
    assert said.status_code == 413
    streamed = cargo.client.post("/api/v1/readings", data=iter([large[:1_200_000], large[1_200_000:]]), headers=BEARER)
    assert streamed.status_code in {400, 413}


def test_without_a_configured_token_the_tokens_of_accounts_still_open_the_way_in(stage):
    closed = stage(api_token=None)
    closed.refresh()
    for headers in (BEARER, {}, {"authorization": "Bearer "}):
        assert closed.client.post("/api/v1/readings", json=ENTRY, headers=headers).status_code == 401
    assert "/api/v1/readings" in closed.client.get("/api/openapi.json").json()["paths"]


def test_the_schema_of_the_configuration_is_a_schema_and_the_real_configuration_matches_it(client):
    import yaml  # noqa: PLC0415 - only this test reads the files itself

    answer = client.get("/schema/targetwatch.json")
    assert answer.headers["content-type"].startswith("application/schema+json")
    Draft202012Validator.check_schema(answer.json())
    content = yaml.load((PROJECT / "config" / "targets.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert content["version"] == "1"


def test_the_description_names_every_route_and_how_each_may_fail(cargo):
    described = cargo.client.get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/v1/targets",
        "/api/v1/targets/{target_id}",
        "/api/v1/indicators",
        "/api/v1/indicators/{indicator_id}",
        "/api/v1/indicators/{indicator_id}/readings",
        "/api/v1/readings",
        "/api/v1/readings/{number}",
        "/api/v1/sources",
        "/api/v1/sources/{source_id}",
        "/api/v1/held",
        "/api/v1/held/{number}",
        "/api/v1/audit",
        "/api/v1/audit/{number}",
        "/api/v1/documents",
        "/schema/targetwatch.json",
    }
    entering = described["paths"]["/api/v1/readings"]["post"]
    assert {"200", "201", "202", "401", "413", "422"} <= set(entering["responses"])
    assert entering["security"] == [{"HTTPBearer": []}]
    for one in described["paths"].values():
        for operation in one.values():
            assert "schema" in str(operation["responses"].get("200", operation["responses"].get("201")))
            assert "HTTPValidationError" not in str(operation["responses"].get("422", {}))
