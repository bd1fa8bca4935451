"""A program posts a document: an equal way in, with a token, and nothing is stored of what cannot be read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from builders import indicator
from targetwatch.documents.confined import MOST_BYTES
from targetwatch.errors import BusyError
from targetwatch.model import Catalogue, Source
from targetwatch.web import headers

TOKEN = "t0ken-of-the-office-0123456789"
BEARER = {"authorization": f"Bearer {TOKEN}"}
PICK = {
    "period": "{month}",
    "published": "period_end + 10d",
    "readings": [{"indicator": "cargo", "value": "throughput"}],
}
SOURCES = (
    Source(id="port", kind="document", options={"fetch": "upload", "decode": "csv", "pick": PICK}),
    Source(id="file", kind="csv_file", options={"path": "x.csv"}),
)
TABLE = "month,throughput (TEU)\n2025-01,100\n2025-02,110\n"
ADDRESS = "/api/v1/documents?source=port&name=march.csv"


@pytest.fixture
def office(stage: Any) -> Any:
    made = stage(date(2025, 10, 2), api_token=TOKEN)
    made.configure(Catalogue(indicators=(indicator(),), sources=SOURCES))
    made.refresh()
    return made


def readings(office: Any) -> list[Any]:
    found: list[Any] = office.client.get("/api/v1/indicators/cargo/readings").json()["readings"]
    return found


def test_a_document_is_read_as_it_is_described_and_known_the_second_time(office: Any) -> None:
    answer = office.client.post(ADDRESS, data=TABLE.encode(), headers=BEARER)
    assert (answer.status_code, answer.json()) == (
        200,
        {"source": "port", "outcome": "ok", "new": 2, "known": 0, "revised": 0, "held": 0, "problems": []},
    )
    assert sorted(one["value"] for one in readings(office)) == ["100", "110"]
    again = office.client.post(ADDRESS, files={"file": ("march.csv", TABLE.encode(), "text/csv")}, headers=BEARER)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")


def test_a_charset_that_is_said_is_believed(office: Any) -> None:
    body = TABLE.replace("month", "月份").replace("throughput", "吞吐量").encode("gb18030")
    pick = {**PICK, "period": "{月份}", "readings": [{"indicator": "cargo", "value": "吞吐量"}]}
    source = Source(id="port", kind="document", options={"fetch": "upload", "decode": "csv", "pick": pick})
    office.configure(Catalogue(indicators=(indicator(),), sources=(source,)))
    office.refresh()
    kind = {**BEARER, "content-type": "text/csv; charset=GB18030"}
    assert office.client.post(ADDRESS, data=body, headers=kind).json()["new"] == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty, expected a document"),
        (b"<!doctype html><title>Log in</title>", "is a web page"),
        (b"month,tonnes\n2025-01,1\n", "throughput"),
        (b"PK\x03\x04 no archive", "damaged"),
    ],
)
def test_what_cannot_be_read_stores_nothing_and_says_why(office: Any, body: bytes, said: str) -> None:
    answer = office.client.post(ADDRESS, data=body, headers=BEARER)
    assert answer.status_code == 422
    assert answer.json()["outcome"] in {"failed", "drifted"}
    assert said in " ".join(one["sentence"] for one in answer.json()["problems"])
    assert readings(office) == []


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        (ADDRESS, {}, 401),
        (ADDRESS, {"authorization": "Bearer wrong"}, 401),
        ("/api/v1/documents?source=nobody", BEARER, 404),
        ("/api/v1/documents?source=file", BEARER, 422),
        ("/api/v1/documents", BEARER, 422),
    ],
)
def test_a_document_of_nobody_or_by_nobody_is_refused(office: Any, address: str, sent: Any, status: int) -> None:
    assert office.client.post(address, data=TABLE.encode(), headers=sent).status_code == status
    assert readings(office) == []


def test_a_form_without_a_file_is_refused(office: Any) -> None:
    kind = {**BEARER, "content-type": "multipart/form-data; boundary=x"}
    assert office.client.post(ADDRESS, data=b"--x--\r\n", headers=kind).status_code in {400, 422}


def test_a_document_larger_than_any_is_refused(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert headers.LARGEST["/api/v1/documents"] == MOST_BYTES
    monkeypatch.setitem(headers.LARGEST, "/api/v1/documents", len(TABLE) - 1)
    assert office.client.post(ADDRESS, data=TABLE.encode(), headers=BEARER).status_code == 413
    assert readings(office) == []


def test_a_source_that_is_being_read_says_so(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(name: str, **_how: Any) -> None:
        raise BusyError("run_under_way", where="source", said=name)

    monkeypatch.setattr(office.client.app.state.service, "run", busy)
    assert office.client.post(ADDRESS, data=TABLE.encode(), headers=BEARER).status_code == 409
