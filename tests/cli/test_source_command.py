"""`source try`, `test` and `verify`, and what `ingest` can read in place of a fetch."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from commands import Ran, command

TARGETS = """\
version: 1
publishers: [{id: office, title: {en: Port Office, zh: 口岸办}}]
indicators: [{id: throughput, title: {en: Throughput, zh: 吞吐量}, measure: flow, unit: TEU, authority: office}]
"""
SOURCES = """\
version: 1
sources:
  - id: port
    kind: document
    fetch: upload
    decode: csv
    pick:
      period: "{Month}"
      published: period_end + 20d
      readings: [{indicator: throughput, value: Throughput}]
"""
TABLE = "Month,Throughput (TEU)\n2025-01,1000\n2025-02,1100\n2025-03,1050\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def say(here: Path) -> Callable[..., Ran]:
    return lambda *words: command(here / "t.db", "--config", str(here), *words)


@pytest.fixture
def applied(say: Callable[..., Ran]) -> Callable[..., Ran]:
    for words in (["db", "upgrade"], ["apply"]):
        assert say(*words).status == 0
    return say


@pytest.fixture
def address() -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/csv")
            self.end_headers()
            self.wfile.write(TABLE.encode())

        def log_message(self, *args: object) -> None:
            """Keep the test output clean."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/table.csv"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_description_is_proposed_that_is_valid_as_it_stands(say: Callable[..., Ran], here: Path) -> None:
    done = say("source", "try", str(here / "table.csv"))
    assert done.status == 0, done.err
    assert "Month | Throughput (TEU)" in done.err
    (entry,) = yaml.safe_load(done.out)["sources"]
    assert (entry["id"], entry["kind"], entry["decode"]) == ("table", "document", "csv")
    assert [one["indicator"] for one in entry["pick"]["readings"]] == ["throughput"]
    assert str(here) not in str(entry["pick"]), "what a file is called is nothing that it says"
    assert done.out.count("# B") == 3
    (here / "sources.yaml").write_text(done.out, encoding="utf-8")
    assert say("check").status == 0


def test_an_address_is_tried_only_where_it_may_be_asked(say: Callable[..., Ran], address: str) -> None:
    refused = say("source", "try", address)
    assert (refused.status, refused.out) == (1, "")
    assert "an address inside the network" in refused.err
    done = say("source", "try", address, "--allow-private", "127.0.0.1")
    assert done.status == 0, done.err
    (entry,) = yaml.safe_load(done.out)["sources"]
    assert entry["fetch"] == {"http": {"url": address, "allow_private": ["127.0.0.1"]}}


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "is empty, expected a document"), (b"PK\x03\x04broken", "damaged"), (None, "no file matches")],
)
def test_what_cannot_be_tried_is_said(say: Callable[..., Ran], here: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (here / "odd").write_bytes(content)
    done = say("source", "try", str(here / "odd"))
    assert (done.status, done.out) == (1, "")
    assert reason in done.err


def test_a_test_shows_the_table_the_cells_and_what_would_become_of_them(
    applied: Callable[..., Ran], here: Path
) -> None:
    done = applied("source", "test", "port", "--document", str(here / "table.csv"))
    assert done.status == 0, done.err
    assert "2025-01 | 1000" in done.err
    assert "new      B2  throughput 2025-01-01..2025-01-31 period 1,000, published 2025-02-20" in done.out
    assert applied("source", "test", "nobody").status == 1


def test_a_document_is_uploaded_read_again_and_refused_once_it_looks_different(
    applied: Callable[..., Ran], here: Path
) -> None:
    nothing = applied("ingest", "port", "--reread")
    assert nothing.status == 1
    assert "no document of it is kept yet" in nothing.out
    assert "port: ok: 3 new" in applied("ingest", "port", "--document", str(here / "table.csv")).out
    assert "port: ok: 0 new, 0 revised, 0 held, 3 known" in applied("ingest", "port", "--reread").out
    (here / "table.csv").write_text(TABLE.replace("(TEU)", "('000 TEU)"), encoding="utf-8")
    drifted = applied("ingest", "port", "--document", str(here / "table.csv"))
    assert drifted.status == 1
    assert "port: drifted: " in drifted.out
    assert "1 of the sources failed: port" in drifted.err
    tested = applied("source", "test", "port", "--document", str(here / "table.csv"))
    assert tested.status == 1
    assert "port: drifted: " in tested.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--reread"], "reads the documents of one source, expected its id"),
        (["--document", "x"], "reads the documents of one source, expected its id"),
        (["port", "--document", "nowhere.csv"], "No such file"),
        (["port", "--dry-run", "--reread"], "were both given"),
    ],
)
def test_what_contradicts_itself_is_refused(applied: Callable[..., Ran], words: list[str], reason: str) -> None:
    done = applied("ingest", *words)
    assert done.status == 1
    assert reason in done.err


def test_a_folder_of_cases_is_verified_and_what_differs_is_told(say: Callable[..., Ran], here: Path) -> None:
    case = here / "cases" / "march"
    case.mkdir(parents=True)
    (case / "document.csv").write_text(TABLE, encoding="utf-8")
    described = yaml.safe_load(SOURCES)["sources"][0]
    (case / "description.yaml").write_text(json.dumps({name: described[name] for name in ("decode", "pick")}))
    expected = [
        {"indicator": "throughput", "period": f"2025-{m:02}", "value": v} for m, v in ((1, 1000), (2, 1100), (3, 1050))
    ]
    (case / "expected.yaml").write_text(json.dumps({"readings": expected}))
    assert say("source", "verify", str(here / "cases")).out == "march: as expected\n"
    assert say("source", "verify", str(case)).status == 0
    (case / "expected.yaml").write_text(json.dumps({"readings": [*expected[:2], {**expected[2], "value": 1}]}))
    differs = say("source", "verify", str(case))
    assert (differs.status, differs.out) == (1, "march: differs\n")
    assert "1 of the documents differ: march" in differs.err
    (case / "expected.yaml").write_text("readings: [{indikator: throughput}]\n")
    wrong = say("source", "verify", str(case))
    assert wrong.status == 1
    assert f"{case}/expected.yaml:1: readings[1].indikator: unknown key, did you mean indicator?" in wrong.err
    (case / "another.csv").write_text(TABLE, encoding="utf-8")
    (case / "expected.yaml").write_text("refused: [row_gone]\n")
    assert "holds 2 documents beside its two descriptions" in say("source", "verify", str(case)).err
    assert "there is no expected.yaml in it" in say("source", "verify", str(here / "nowhere")).err


def test_a_history_loaded_today_was_known_when_the_rule_says_it_was_published(
    applied: Callable[..., Ran], here: Path
) -> None:
    months = [f"{year}-{month:02}" for year in range(2022, 2026) for month in range(1, 13)]
    rows = "".join(f"{month},{1000 + place % 7}\n" for place, month in enumerate(months))
    (here / "history.csv").write_text("Month,Throughput (TEU)\n" + rows, encoding="utf-8")
    assert "port: ok: 48 new" in applied("ingest", "port", "--document", str(here / "history.csv")).out
    known = {}
    for day in ("2022-02-19", "2022-02-20", "2024-01-19", "2024-11-30"):
        done = applied("status", "--indicator", "throughput", "--as-of", day, "--format", "json")
        assert done.status == 0, done.err
        known[day] = sorted(one["period"]["end"] for one in done.json["readings"])
    assert [len(some) for some in known.values()] == [0, 1, 23, 34]
    assert known["2024-11-30"][-1] == "2024-10-31"
    recorded = applied("status", "--indicator", "throughput", "--as-of", "2024-11-30", "--clock", "recorded")
    assert "2024-10" not in recorded.out
