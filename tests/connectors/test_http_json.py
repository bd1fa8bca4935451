from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wire import OPTIONS, Server, fetch, http_source, rows_as_json

from refusing import raises, say
from targetwatch.errors import SourceError
from targetwatch.model import Basis, Period, Reading
from targetwatch.wording.problems import in_english

ROW = {"month": "202506", "amount": 581.98, "growth": 12.3, "out": "2025-07-17"}


def give(server: Server, *rows: object, **headers: str) -> str:
    body = json.dumps({"data": rows}).encode()
    server.routes["/x"] = lambda request: request.answer(body, **headers)
    return server.url("/x")


def only(server: Server, row: dict[str, object], **options: Any) -> Reading:
    """Return the one reading of a source that gives this row, there being no problem."""
    fetched = fetch(http_source(give(server, {**ROW, **row}), **options))
    assert [say(problem) for problem in fetched.problems] == []
    (reading,) = fetched.readings
    return reading


def problem(server: Server, row: dict[str, object], **options: Any) -> str:
    (found,) = fetch(http_source(give(server, {**ROW, **row}), **options)).problems
    return say(found)


@pytest.mark.parametrize(
    ("text", "value", "rounding"),
    [
        ("581.98", "581.98", "0.005"),
        ("28.30", "28.30", "0.005"),
        ("0.1234567890123456789", "0.1234567890123456789", "0.00000000000000000005"),
        ("1.425E6", "1425000", "0.5"),
        ("327700", "327700", "0.5"),
        ("-3.5", "-3.5", "0.05"),
        ('"3.76万"', "37600", "50"),
        ('"154,600 TEUs"', "154600", "0.5"),
    ],
)
def test_numbers_keep_every_digit_they_were_sent_with(server: Server, text: str, value: str, rounding: str) -> None:
    body = rows_as_json([{**ROW, "amount": "HERE"}]).replace(b'"HERE"', text.encode())
    server.routes["/x"] = lambda request: request.answer(body)
    (reading,) = fetch(http_source(server.url("/x"))).readings
    assert (str(reading.value), reading.rounding) == (value, Decimal(rounding))


def test_a_number_works_in_the_comparisons_and_sums_of_jmespath(server: Server) -> None:
    rows = [{**ROW, "amount": 5.5}, {**ROW, "amount": 581.98}]
    url = give(server, *rows)
    (reading,) = fetch(http_source(url, rows="data[?amount > `100`]")).readings
    assert reading.value == Decimal("581.98")
    fields = {"period": "month", "value": "sum([amount, amount])"}
    assert [one.value for one in fetch(http_source(url, fields=fields)).readings] == [
        Decimal("11.0"),
        Decimal("1163.96"),
    ]


def test_a_scale_and_a_unit_apply_to_every_value(server: Server) -> None:
    reading = only(server, {"amount": 98180.4}, scale="0.001", unit="bn USD")
    assert (reading.value, reading.rounding, reading.unit) == (Decimal("98.1804"), Decimal("0.00005"), "bn USD")


@pytest.mark.parametrize(
    ("text", "form", "start", "end"),
    [
        ("202506", None, "2025-06-01", "2025-06-30"),
        (202506, None, "2025-06-01", "2025-06-30"),
        ("20250630", None, "2025-06-30", "2025-06-30"),
        (2025, None, "2025-01-01", "2025-12-31"),
        ("2025-Q2", None, "2025-04-01", "2025-06-30"),
        ("2025-06-30T00:00:00", None, "2025-06-30", "2025-06-30"),
        ("2025年1-6月", None, "2025-01-01", "2025-06-30"),
        ("2025M06", "%YM%m", "2025-06-01", "2025-06-30"),
        ("Feb 2024", "%b %Y", "2024-02-01", "2024-02-29"),
        ("31.12.2024", "%d.%m.%Y", "2024-12-31", "2024-12-31"),
        ("FY2024", "FY%Y", "2024-01-01", "2024-12-31"),
    ],
)
def test_a_period_is_read_in_its_notation_to_the_length_it_names(
    server: Server, text: object, form: str | None, start: str, end: str
) -> None:
    reading = only(server, {"month": text, "out": None}, period_format=form)
    assert reading.period == Period(date.fromisoformat(start), date.fromisoformat(end))


def test_a_year_to_date_is_known_by_the_month_it_runs_to(server: Server) -> None:
    reading = only(server, {}, constants={**OPTIONS["constants"], "basis": "year_to_date"})
    assert (reading.basis, reading.period) == (Basis.YEAR_TO_DATE, Period(date(2025, 1, 1), date(2025, 6, 30)))


def test_a_running_total_starts_on_the_day_the_source_names(server: Server) -> None:
    constants = {**OPTIONS["constants"], "basis": "since_start"}
    reading = only(server, {}, constants=constants, since="2015-11-07")
    assert reading.period == Period(date(2015, 11, 7), date(2025, 6, 30))


def test_a_publication_day_is_read_in_its_notation(server: Server) -> None:
    assert only(server, {"out": "17.07.2025"}, published_format="%d.%m.%Y").published_on == date(2025, 7, 17)
    assert only(server, {"out": "2025-07-17T09:30:00+08:00"}).published_on == date(2025, 7, 17)
    assert only(server, {"out": None}).published_on is None


@pytest.mark.parametrize(
    ("growth", "yoy_as", "yoy"),
    [(12.3, "percent", "0.123"), ("12.3 %", "percent", "0.123"), ("12.3%", None, "0.123"), (0.123, "ratio", "0.123")],
)
def test_a_bare_growth_number_means_what_the_source_says_it_means(
    server: Server, growth: object, yoy_as: str | None, yoy: str
) -> None:
    assert only(server, {"growth": growth}, yoy_as=yoy_as).yoy == Decimal(yoy)


def test_a_bare_growth_number_of_unsaid_meaning_is_refused(server: Server) -> None:
    assert problem(server, {}, yoy_as=None) == (
        "row 1: yoy '12.3': is a rate without a percent sign, expected one such as 28%"
    )


def test_numbers_are_read_alike_in_every_locale_and_texts_in_their_own(server: Server) -> None:
    assert only(server, {"amount": 1.425}, locale="de").value == Decimal("1.425")
    assert only(server, {"amount": "1.425,5", "growth": 0.5}, locale="de", yoy_as="ratio").value == Decimal("1425.5")


def test_a_row_whose_value_is_null_is_not_published_yet(server: Server) -> None:
    fetched = fetch(http_source(give(server, ROW, {**ROW, "month": "202507", "amount": None})))
    assert (len(fetched.readings), fetched.problems) == (1, ())


def test_a_value_that_is_found_in_no_row_at_all_is_an_error_and_no_silence(server: Server) -> None:
    with raises(SourceError, match=r"fields 'value': 'amuont' finds nothing in any of 2 rows"):
        fetch(http_source(give(server, ROW, ROW), fields={**OPTIONS["fields"], "value": "amuont"}))
    assert fetch(http_source(give(server))).readings == ()


def test_a_single_object_is_a_single_row(server: Server) -> None:
    assert only(server, {}, rows="data[0]").value == Decimal("581.98")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"amount": [1]}, "row 1: value: finds a list, expected one value"),
        ({"amount": {"a": 1}}, "row 1: value: finds a group, expected one value"),
        ({"amount": "n/a"}, "row 1: value 'n/a': is not a number, expected"),
        ({"amount": True}, "row 1: value 'yes': is not a number, expected"),
        ({"amount": 1e300}, "row 1: value '1E+300': is no plausible figure"),
        ({"month": "June"}, "row 1: period 'June': cannot be read"),
        ({"month": None}, "row 1: period: is empty, expected a value"),
        ({"out": "yesterday"}, "row 1: published_on 'yesterday': is no day, expected one such as 2025-07-17"),
    ],
)
def test_a_row_that_is_no_reading_is_reported_by_its_number(
    server: Server, row: dict[str, object], reason: str
) -> None:
    assert problem(server, row).startswith(reason)


def test_a_format_that_does_not_fit_is_named(server: Server) -> None:
    assert problem(server, {}, period_format="%Y-%m") == "row 1: period '202506': is not written as %Y-%m"
    assert problem(server, {"out": "x"}, published_format="%d/%m/%Y") == (
        "row 1: published_on 'x': is not written as %d/%m/%Y"
    )
    assert problem(server, {"growth": "x"}, yoy_as="ratio") == (
        "row 1: yoy 'x': is no ratio, expected one such as 0.28"
    )


def test_rows_that_cannot_be_applied_are_an_error_of_the_source(server: Server) -> None:
    with raises(SourceError, match="rows 'length\\(data\\) && sum\\(data\\)': cannot be applied to the answer"):
        fetch(http_source(give(server, "a"), rows="length(data) && sum(data)"))


def test_a_row_that_is_no_object_is_reported(server: Server) -> None:
    fetched = fetch(http_source(give(server, 5, ROW), fields={**OPTIONS["fields"], "value": "abs(amount)"}))
    assert len(fetched.readings) == 1
    assert say(fetched.problems[0]).startswith("row 1: value: ")


def test_a_conditional_request_sends_what_the_source_gave_and_only_for_the_same_question(server: Server) -> None:
    url = give(server, ROW, ETag='"v1"', Last_Modified="Wed, 01 Oct 2025 00:00:00 GMT")
    state = dict(fetch(http_source(url)).state)
    fetch(http_source(url), state)
    fetch(http_source(url, scale=2), state)
    sent = [(headers.get("If-None-Match"), headers.get("If-Modified-Since")) for _, headers in server.seen]
    assert sent == [(None, None), ('"v1"', "Wed, 01 Oct 2025 00:00:00 GMT"), (None, None)]


def test_an_etag_that_could_not_be_sent_back_is_forgotten(server: Server) -> None:
    url = give(server, ROW, ETag="caf\u00e9")
    state = dict(fetch(http_source(url)).state)
    assert "etag" not in state
    assert len(fetch(http_source(url), state).readings) == 1


def test_the_query_the_headers_and_the_body_are_sent(server: Server) -> None:
    bodies = []
    body = rows_as_json([ROW])

    def route(request: Any) -> None:
        bodies.append(json.loads(request.body))
        request.answer(body)

    server.routes["/x"] = route
    source = http_source(
        server.url("/x"), method="POST", body={"years": [2025]}, params={"lang": "en"}, headers={"X-Api-Key": "k"}
    )
    assert len(fetch(source).readings) == 1
    path, headers = server.seen[0]
    assert (path, bodies) == ("/x?lang=en", [{"years": [2025]}])
    assert (headers["X-Api-Key"], headers["Accept"]) == ("k", "application/json")
    assert headers["User-Agent"].startswith("targetwatch/")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"url": "ftp://x/y"}, "option 'url': is no web address, expected one starting with https:// or http://"),
        ({"url": "https://"}, "option 'url': is no web address, expected one starting with https:// or http://"),
        ({"url": "https://u:s3cret@x/y"}, "option 'url': holds a user name or password, expected them in headers"),
        ({"url": "https://x:port/y"}, "option 'url': Port could not be cast to integer value"),
        ({"headers": {"X-Key": "s3cret\nX: y"}}, "option 'headers': header 'X-Key' has a line break or letters beyond"),
        ({"rows": "data["}, "option 'rows': 'data[' is no JMESPath expression: "),
        ({"fields": {"value": "a b"}}, "option 'fields.value': 'a b' is no JMESPath expression: "),
        ({"fields": {"valeu": "a"}}, "field 'valeu': is not known; did you mean value?"),
        ({"fields": {"value": "a"}}, "period: expected in fields (a JMESPath) or in constants (one value for all)"),
        ({"deadline_seconds": 0}, "option 'deadline_seconds': Input should be greater than 0"),
        ({"yoy_as": "points"}, "option 'yoy_as': Input should be 'percent' or 'ratio'"),
        ({"method": "DELETE"}, "option 'method': Input should be 'GET' or 'POST'"),
        ({"since": "long ago"}, "option 'since': Input should be a valid date"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(SourceError) as refused:
        fetch(http_source(**{"url": "https://example.org/x", **options}))
    assert reason in in_english(refused.value)
    assert "s3cret" not in f"{refused.value} {in_english(refused.value)}"


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """Give a server with a certificate of its own making for localhost, and the certificate."""
    certificate, key = tmp_path / "ca.pem", tmp_path / "key.pem"
    made = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout {key} -out {certificate}"
    )
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*made.split(), *names], check=True, capture_output=True)
    running = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running, certificate
    running.closing.set()
    running.shutdown()
    running.server_close()
    thread.join()


def test_a_certificate_nobody_vouches_for_is_refused_and_one_named_in_ca_file_accepted(
    secure: tuple[Server, Path],
) -> None:
    server, certificate = secure
    server.routes["/x"] = lambda request: request.answer(rows_as_json([ROW]))
    url = f"https://localhost:{server.server_address[1]}/x"
    with raises(SourceError, match=f"{url}: its certificate is not accepted: self-signed certificate"):
        fetch(http_source(url, allow_private=["localhost"]))
    allowed = http_source(url, allow_private=["localhost"], ca_file="ca.pem")
    assert len(fetch(allowed, config_dir=certificate.parent).readings) == 1


def test_a_secure_answer_that_stalls_is_given_up_at_the_deadline_too(secure: tuple[Server, Path]) -> None:
    server, certificate = secure
    server.routes["/x"] = lambda request: request.drip(b"HTTP/1.1 200 OK\r\n" + b"x" * 1000)
    source = http_source(
        f"https://localhost:{server.server_address[1]}/x",
        allow_private=["localhost"],
        ca_file="ca.pem",
        deadline_seconds=0.5,
    )
    with raises(SourceError, match=r"no complete answer within 0\.5 s"):
        fetch(source, config_dir=certificate.parent)


def test_a_missing_ca_file_is_named(tmp_path: Path) -> None:
    with raises(SourceError, match=r"ca_file 'nowhere\.pem': no such file in "):
        fetch(http_source("https://example.org/x", ca_file="nowhere.pem"), config_dir=tmp_path)
