"""The lists of the API: by the page, in constant memory, told to whoever has them already; several readings at once."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select
from web_stage import TOKEN

from builders import day, indicator, reading, target
from targetwatch.model import Catalogue, Period, Source
from targetwatch.model.problem import Problem
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.store.tables import ReadingRow

BEARER = {"authorization": f"Bearer {TOKEN}"}
MANY, FEW = 1_500, 300


def entry(month, value, **changes):
    said = {"indicator": "cargo", "value": value, "period": f"2025-01..2025-{month:02}", "basis": "year_to_date"}
    return {**said, "published_on": f"2025-{month + 1:02}-17"} | changes


def walked(client, path, name, headers=None):
    """Yield the pages of a list, from the first to the last."""
    while path:
        answer = client.get(path, headers=headers or {})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert (told["next"] is None) == ("link" not in answer.headers)
        yield told[name]
        path = told["next"]


def test_a_page_of_many_targets_takes_the_memory_of_a_page_of_few(cargo):
    peaks = []
    for count in (FEW, MANY):
        cargo.crowd(count)
        cargo.client.get("/api/v1/targets")
        tracemalloc.start()
        told = cargo.client.get(f"/api/v1/targets?cursor=cargo-{count // 2:05}").json()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        names = [one["target"] for one in told["targets"]]
        assert names == [f"cargo-{count // 2 + number:05}" for number in range(1, 101)]
        assert told["next"].endswith(f"cursor=cargo-{count // 2 + 100:05}")
    assert peaks[1] < 1.5 * peaks[0], peaks


def rows(cargo, name, count):
    """Let a list have so many rows."""
    known = cargo.holder.current
    if name in {"indicators", "sources"}:
        one = known.catalogue.indicators[0] if name == "indicators" else Source(id="port", kind="csv_file", options={})
        made = tuple(replace(one, id=f"{one.id}-{number:05}") for number in range(count))
        cargo.holder.swap(
            replace(known, catalogue=replace(known.catalogue, **{name: (*getattr(known.catalogue, name), *made)}))
        )
        return
    first, one = day("1990-01-01"), reading("1990", 1, "2025-01-01")
    on = [first + timedelta(days=number) for number in range(count)]
    made = [replace(one, period=Period(each, each), value=Decimal(number)) for number, each in enumerate(on)]
    if name == "readings":
        cargo.add(*made)
        return
    with db.writing(cargo.engine, "test", now=datetime.now(UTC)) as session:
        for each in made:  # each with its entry in the audit trail
            stored.hold(session, each, Problem("year_to_date_falls"), now=datetime.now(UTC))


@pytest.mark.parametrize("names", [("indicators",), ("sources",), ("readings",), ("held", "audit")], ids="-".join)
def test_a_page_of_any_list_takes_the_memory_of_a_page_of_a_shorter_one(stage, names):
    peaks = {name: [] for name in names}
    for count in (FEW, MANY) if "held" not in names else (125, 500):
        one = stage()
        one.configure(Catalogue(indicators=(indicator(),), targets=(target(),)))
        one.refresh()
        rows(one, names[0], count)
        for name, peak in peaks.items():
            path = f"/api/v1/{name}?limit=100"
            one.client.get(path, headers=BEARER)
            tracemalloc.start()
            told = one.client.get(path, headers=BEARER).json()
            peak.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert len(told[name]) == 100
            assert told["next"]
    assert all(many < 1.5 * few for few, many in peaks.values()), peaks


def test_the_pages_hold_every_target_once_and_end(cargo):
    cargo.crowd(25)
    expected = cargo.holder.current.verdicts
    stands = expected["cargo-00000"].performance
    pages = list(walked(cargo.client, f"/api/v1/targets?limit=10&performance={stands}&indicator=cargo", "targets"))
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [one["target"] for page in pages for one in page] == sorted(expected)
    assert cargo.client.get("/api/v1/targets?indicator=other").json()["targets"] == []
    assert cargo.client.get("/api/v1/targets?limit=25").json()["next"] is None


def test_every_reading_is_read_by_the_page_as_stored_and_as_of_a_moment(cargo):
    first = day("1990-01-01")
    days = [first + timedelta(days=number) for number in range(MANY)]
    known = reading("1990", 1, "2025-01-01")
    cargo.add(*(replace(known, period=Period(on, on), value=Decimal(number)) for number, on in enumerate(days)))
    cargo.refresh()
    pages = list(walked(cargo.client, "/api/v1/readings?limit=300&as_of=2025-02-01", "readings"))
    assert [len(page) for page in pages] == [300] * 5
    assert [one["id"] for page in pages for one in page] == list(range(1, MANY + 1))
    assert list(walked(cargo.client, "/api/v1/readings?as_of=2024-12-31", "readings")) == [[]]
    told = cargo.client.get("/api/v1/indicators/cargo/readings?limit=300").json()
    told["readings"] += cargo.client.get(told["next"]).json()["readings"]
    assert [one["period"]["end"] for one in told["readings"]] == [on.isoformat() for on in days[:-601:-1]]
    assert {one["unit"] for one in told["readings"]} == {"TEU"}


def test_every_list_walked_a_row_at_a_time_holds_what_is_there_singly(real):
    for name, single in {"targets": "target", "indicators": "id", "sources": "id", "audit": "id"}.items():
        (whole,) = walked(real.client, f"/api/v1/{name}?limit=1000", name, BEARER)
        pages = list(walked(real.client, f"/api/v1/{name}?limit=3", name, BEARER))
        assert [one[single] for page in pages for one in page] == [one[single] for one in whole], name
        assert len(whole) > 3, name
        alone = real.client.get(f"/api/v1/{name}/{whole[3][single]}", headers=BEARER).json()
        assert {key: alone[key] for key in whole[3]} == whole[3]


def test_what_is_held_is_listed_with_its_reason_and_told_to_nobody_without_a_token(cargo):
    cargo.client.post("/api/v1/readings", json=entry(6, "154,600"), headers=BEARER)
    held = cargo.client.post("/api/v1/readings", json=entry(8, "64,000"), headers=BEARER).json()
    assert held["problem"]["code"]
    (listed,) = cargo.client.get("/api/v1/held?status=waiting", headers=BEARER).json()["held"]
    assert (listed["id"], listed["reason"]["sentence"]) == (held["id"], held["reason"])
    assert cargo.client.get(f"/api/v1/held/{held['id']}", headers=BEARER).json() == listed
    assert cargo.client.get("/api/v1/held?status=rejected", headers=BEARER).json()["held"] == []
    for path in ("held", f"held/{held['id']}", "sources", "audit", "audit/1"):
        assert cargo.client.get(f"/api/v1/{path}").status_code == 401, path


def test_whoever_has_an_answer_already_is_told_so_until_it_changes(cargo):
    first = cargo.client.get("/api/v1/targets")
    again = cargo.client.get("/api/v1/targets", headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    cargo.client.post("/api/v1/readings", json=entry(6, "154,600"), headers=BEARER)
    changed = cargo.client.get("/api/v1/targets", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("path", ["/api/v1/targets", "/"])
def test_answers_are_packed_for_whoever_takes_that_and_holds_no_session(real, path):
    packed = real.client.get(path, headers={"accept-encoding": "gzip"})
    plain = real.client.get(path, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    signed_in = real.client.get(path, headers={"accept-encoding": "gzip", "cookie": "targetwatch_session=x"})
    assert "content-encoding" not in signed_in.headers


def test_several_readings_are_stored_in_one_call_and_known_the_second_time(cargo):
    entries = [entry(3, "70,000"), entry(6, "15.46万标箱", published="2025-07-17", published_on=""), entry(8, "64,000")]
    answer = cargo.client.post("/api/v1/readings", json=entries, headers=BEARER)
    assert answer.status_code == 202, answer.text
    told = answer.json()["readings"]
    assert [one["outcome"] for one in told] == ["new", "new", "held"]
    assert [one["reading"]["value"] for one in told] == ["70000", "154600", "64000"]
    assert told[1]["reading"]["published_on"] == "2025-07-17"
    assert told[2]["problem"]["sentence"] == told[2]["reason"] != ""
    again = cargo.client.post("/api/v1/readings", json=entries, headers=BEARER)
    assert [one["outcome"] for one in again.json()["readings"]] == ["known", "known", "held"]
    assert [one["id"] for one in again.json()["readings"]] == [one["id"] for one in told]
    assert cargo.client.get("/api/v1/targets/cargo-2025").json()["actual_value"] == "154600"
    with db.reading(cargo.engine) as session:
        assert len(list(session.scalars(select(ReadingRow)))) == 2


def test_of_several_readings_none_is_stored_where_one_cannot_be_read_and_each_is_named(cargo):
    entries = [entry(3, "70,000"), entry(6, "many"), entry(8, "1", indicator="cargoo", period="some day")]
    answer = cargo.client.post("/api/v1/readings", json=entries, headers=BEARER)
    assert answer.status_code == 422
    told = answer.json()
    assert told["code"] == told["problems"][0]["code"]
    where = {one["where"] for one in told["problems"]}
    assert where == {"readings.1.value", "readings.2.period", "readings.2.indicator"}
    assert all(one["sentence"] in told["detail"] for one in told["problems"])
    assert cargo.client.get("/api/v1/readings").json()["readings"] == []


@pytest.mark.parametrize(
    ("path", "code", "values"),
    [
        ("/api/v1/targets?as_of=2027-01-01", "as_of_future", {"said": "2027-01-01", "last": {"day": "2025-10-02"}}),
        ("/api/v1/targets/carg-2025", "not_found_near", {"said": "carg-2025", "near": [{"target": "cargo-2025"}]}),
        ("/api/v1/targets?limit=0", "greater_than_equal", {}),
        ("/api/v1/readings?cursor=x", "int_parsing", {}),
        ("/api/v1/nothing", "http_404", {}),
        ("/api/v1/held", "token_to_read_expected", {}),
    ],
)
def test_a_problem_says_its_code_and_values_beside_its_sentence(cargo, path, code, values):
    told = cargo.client.get(path).json()
    assert (told["code"], told["values"]) == (code, values)
    assert told["problems"][0]["code"] == code
    assert told["problems"][0]["sentence"] in told["detail"]


def test_the_audit_trail_hides_what_a_source_may_hide(stage):
    from targetwatch.model import Source  # noqa: PLC0415 - only this test

    one = stage()
    options = {"url": "https://example.org/data?key=sentinel", "headers": {"Authorization": "sentinel"}}
    one.configure(Catalogue(sources=(Source(id="port", kind="http_json", options=options),)))
    one.refresh()
    told = one.client.get("/api/v1/audit?kind=source&object=port", headers=BEARER)
    assert json.loads(told.text)["audit"][0]["object"] == "port"
    assert "sentinel" not in told.text + one.client.get("/api/v1/sources", headers=BEARER).text
