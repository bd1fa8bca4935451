"""Each limit of the connectors and each status they know, on its last good and its first bad case."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
import requests
from wire import NOW, Server, fetch, http_source, rows_as_json

from targetwatch.connectors import CONNECTORS, FIELDS, LONGEST
from targetwatch.connectors.http_transport import HttpCall, Peers, session_for, status_reason
from targetwatch.errors import SourceError
from targetwatch.model import Source

FINE = rows_as_json()


def code_of(server: Server, **options: object) -> str:
    """Return the code of what is wrong with the source, "" for nothing."""
    try:
        fetched = fetch(http_source(server.url("/x"), **options))
    except SourceError as error:
        return error.problems[0].code
    return fetched.problems[0].code if fetched.problems else ""


@pytest.mark.parametrize(
    ("status", "got", "posted"),
    [
        (300, False, False),
        (301, True, False),
        (302, True, False),
        (303, True, False),
        (305, False, False),
        (307, True, True),
        (308, True, True),
    ],
)
def test_a_redirect_is_followed_and_by_a_body_only_where_it_stays_one(server, status, got, posted):
    server.routes["/x"] = lambda request: request.answer(b"", status=status, Location="/y")
    server.routes["/y"] = lambda request: request.answer(FINE)
    assert (code_of(server) == "") == got
    assert (code_of(server, method="POST", body={}) == "") == posted
    assert [path for path, _ in server.seen].count("/y") == got + posted


@pytest.mark.parametrize(
    ("status", "asked"), [(429, 2), (500, 2), (502, 2), (503, 2), (504, 2), (501, 1), (505, 1), (404, 1)]
)
def test_what_may_pass_is_asked_again_and_what_will_not_is_not(server, status, asked):
    server.routes["/x"] = lambda request: request.answer(FINE, status=status if len(server.seen) == 1 else 200)
    assert (code_of(server, retries=1) == "") == (asked == 2)
    assert len(server.seen) == asked


def test_the_second_wait_is_a_second_and_doubles():
    call = HttpCall(deadline=time.monotonic(), seconds=1, peers=Peers())
    with session_for(call, 3) as session:
        retry = session.get_adapter("https://example.org").max_retries
    waits = []
    for _ in range(3):
        retry = retry.increment("GET", "/", error=OSError())
        waits.append(retry.get_backoff_time())
    assert waits == [0, 1, 2]


def test_an_operation_may_last_a_second_longer_than_its_call():
    assert HttpCall(deadline=time.monotonic() - 5, seconds=1, peers=Peers()).remaining_seconds() == 1


def test_the_trouble_of_a_server_begins_at_500():
    assert [status_reason(status, "").code for status in (499, 500)] == ["answers_other", "answers_server_error"]


def test_an_answer_is_read_in_pieces_of_64_kib(server, monkeypatch):
    sizes, read = [], requests.Response.iter_content

    def noted(answer, size):
        sizes.append(size)
        return read(answer, size)

    monkeypatch.setattr(requests.Response, "iter_content", noted)
    server.routes["/x"] = lambda request: request.answer(FINE)
    assert code_of(server) == ""
    assert sizes == [64 * 1024]


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("1e30", "too_many_digits"),
        ("1e31", "implausible_figure"),
        ("1e-30", "too_many_digits"),
        ("1e-31", "implausible_figure"),
    ],
)
def test_a_figure_of_more_than_thirty_noughts_is_not_even_written_out(server, figure, code):
    body = FINE.replace(b"581.98", figure.encode())
    server.routes["/x"] = lambda request: request.answer(body)
    assert code_of(server) == code


def test_eight_names_are_offered_where_the_rows_are_not(server):
    body = b"{%s}" % b", ".join(b'"n%d": 1' % number for number in range(9))
    server.routes["/x"] = lambda request: request.answer(body)
    with pytest.raises(SourceError) as refused:
        fetch(http_source(server.url("/x")))
    assert refused.value.problems[0].values["names"] == tuple(f"n{number}" for number in range(8))


def test_a_file_may_have_two_hundred_megabytes(tmp_path: Path):
    with (tmp_path / "port.csv").open("wb") as file:
        file.truncate(200_000_001)
    source = Source(id="port", kind="csv_file", options={"path": "port.csv"})
    with pytest.raises(SourceError) as refused:
        CONNECTORS["csv_file"](tmp_path).fetch(source, {}, NOW)
    assert refused.value.problems[0].values["most"] == Decimal(200_000_000)


def test_two_hundred_characters_may_be_entered_more_in_what_is_quoted():
    assert {name: LONGEST[name] for name in ("quote", "note", "evidence_url")} == {
        "quote": 4000,
        "note": 4000,
        "evidence_url": 2000,
    }
    assert {LONGEST[name] for name in FIELDS if name not in {"quote", "note", "evidence_url"}} == {200}
