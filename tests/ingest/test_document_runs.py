"""A document that is described: read, kept, read again from what was kept, and left alone when it looks different."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ground import FALL, Q1, Ground

from builders import PUBLISHER
from refusing import say
from targetwatch.documents import confined
from targetwatch.ingest import IngestOutcome
from targetwatch.model import FetchedDocument, Source
from targetwatch.store import db, documents, runs

pytestmark = pytest.mark.slow

ingest_run = sys.modules["targetwatch.ingest.run"]
PICK: dict[str, Any] = {
    "anchors": {"unit": "TEU"},
    "period": "{month}",
    "published": "period_end + 17d",
    "readings": [{"indicator": "cargo", "value": "throughput"}],
}
MONTHS = ("2025-01,1000", "2025-02,1100", "2025-03,1050")
OPTIONS = {"fetch": {"file": "table.csv"}, "decode": "csv", "pick": PICK}
SOURCE = Source(id="port", kind="document", options=OPTIONS)


def table(*rows: str, header: str = "month,throughput (TEU)") -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def described(**changes: Any) -> Source:
    return replace(SOURCE, options={**OPTIONS, **changes})


class Shelf:
    """A folder with the table, and the runs of the source over it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def run(self, data: bytes | None = None, *, days: int = 0, source: Source = SOURCE, **how: Any) -> IngestOutcome:
        if data is not None:
            (self.ground.folder / "table.csv").write_bytes(data)
        return self.ground.run(days=days, source=source, **how)

    def kept(self) -> list[bytes]:
        with db.reading(self.ground.engine) as session:
            return [one.document.data for one in documents.last(session, "port", fetches=99)]


@pytest.fixture
def shelf(ground: Ground) -> Shelf:
    return Shelf(ground)


def test_a_document_is_read_in_the_authoritys_name_dated_by_its_rule_and_kept(shelf: Shelf) -> None:
    outcome = shelf.run(table(*MONTHS))
    assert (outcome.outcome, outcome.new, say(outcome.reason)) == ("ok", 3, "")
    first, *_ = shelf.ground.stored()
    assert (first.publisher, str(first.value), str(first.published_on)) == (PUBLISHER, "1000", "2025-02-17")
    assert shelf.kept() == [table(*MONTHS)]


def test_a_document_that_is_the_same_is_not_read_again_and_one_more_month_is(shelf: Shelf) -> None:
    shelf.run(table(*MONTHS[:2]))
    assert shelf.run(days=1).outcome == "unchanged"
    outcome = shelf.run(table(*MONTHS), days=2)
    assert (outcome.outcome, outcome.new, outcome.known) == ("ok", 1, 2)
    assert shelf.kept() == [table(*MONTHS[:2]), table(*MONTHS)]


def test_a_mended_description_reads_the_same_document_anew(shelf: Shelf) -> None:
    wrong = {**PICK, "readings": [{"indicator": "cargo", "value": "throughputs"}]}
    failed = shelf.run(table(*MONTHS), source=described(pick=wrong))
    assert failed.failed
    assert shelf.kept() == [table(*MONTHS)]
    (shelf.ground.folder / "table.csv").unlink()
    outcome = shelf.run(days=1, reread=True)
    assert (outcome.outcome, outcome.new) == ("ok", 3)


def test_nothing_is_read_again_where_nothing_is_kept(shelf: Shelf) -> None:
    outcome = shelf.run(reread=True)
    assert outcome.failed
    assert say(outcome.reason) == "source 'port': no document of it is kept yet, expected a run that fetches first"


def test_a_dry_run_keeps_no_document(shelf: Shelf) -> None:
    outcome = shelf.run(table(*MONTHS), dry_run=True)
    assert [(one.outcome, one.place) for one in outcome.judged] == [("new", "B2"), ("new", "B3"), ("new", "B4")]
    assert outcome.decoded[0].grids[0].rows[0] == ("month", "throughput (TEU)")
    assert (shelf.kept(), shelf.ground.runs(), shelf.ground.state()) == ([], [], {})


# --- drift ---

CHANGED = {
    "another unit": table(*MONTHS, header="month,throughput ('000 TEU)"),
    "a row gone": table(*MONTHS[:1]),
    "a column gone": table("2025-01", header="month"),
    "a month twice with two values": table(*MONTHS, "2025-03,1150"),
    "a past rewritten": table("2025-01,1010", "2025-02,1110", "2025-03,1060"),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_document_that_looks_different_stores_nothing_and_says_in_what(shelf: Shelf, change: str) -> None:
    shelf.run(table(*MONTHS))
    before, state = shelf.ground.stored(), shelf.ground.state()
    outcome = shelf.run(CHANGED[change], days=1)
    assert (outcome.outcome, outcome.failed, outcome.new, outcome.revised) == ("drifted", True, 0, 0)
    assert outcome.reason == outcome.problems[0]
    assert say(outcome.reason)
    assert shelf.ground.stored() == before, "the last good values stay"
    after = shelf.ground.state()
    assert {name: after[name] for name in state} == state, "the next run is compared with the last good one"
    assert shelf.kept() == [table(*MONTHS), CHANGED[change]]
    *_, run = shelf.ground.runs()
    assert (run.outcome, run.reason, run.problems[0]) == ("drifted", outcome.reason, outcome.reason)
    with db.reading(shelf.ground.engine) as session:
        assert runs.last_success(session)["port"] == shelf.ground.runs()[0].finished_at


def test_the_last_good_picture_and_the_new_one_stand_side_by_side_until_it_is_mended(shelf: Shelf) -> None:
    shelf.run(table(*MONTHS))
    shelf.run(CHANGED["a row gone"], days=1)
    assert shelf.run(days=2).outcome == "drifted", "it does not become good by being seen twice"
    state = shelf.ground.state()
    assert state["pictures"]["table.csv"]["series"] != state["drifted"]["table.csv"]["series"]
    assert shelf.run(table(*MONTHS), days=3).outcome == "unchanged"
    assert "drifted" not in shelf.ground.state()


def test_a_drift_is_seen_in_a_dry_run_beside_what_would_have_been_read(shelf: Shelf) -> None:
    shelf.run(table(*MONTHS))
    outcome = shelf.run(table("2025-01,1000", "2025-04,1000"), days=1, dry_run=True)
    assert outcome.outcome == "drifted"
    assert [one.outcome for one in outcome.judged] == ["known", "new"]
    assert len(shelf.ground.runs()) == 1


def test_a_page_instead_of_the_document_fails_the_run_and_leaves_the_values(shelf: Shelf) -> None:
    shelf.run(table(*MONTHS))
    outcome = shelf.run(b"<!doctype html><title>Please log in</title><input type=password>", days=1)
    assert (outcome.outcome, len(shelf.ground.stored())) == ("failed", 3)
    assert "a page that asks for a password" in say(outcome.reason)


def test_a_row_that_cannot_be_read_is_told_and_the_document_read_whole_the_next_time(shelf: Shelf) -> None:
    outcome = shelf.run(table(*MONTHS[:2], "2025-03,about three"))
    assert (outcome.outcome, outcome.new, len(outcome.problems)) == ("ok", 2, 1)
    assert shelf.run(days=1).known == 2
    assert shelf.run(table(*MONTHS), days=2).new == 1


# --- what is given ---


def test_a_document_that_is_given_is_read_in_place_of_a_fetch(shelf: Shelf) -> None:
    upload = described(fetch="upload")
    assert shelf.run(source=upload).outcome == "unchanged", "nothing comes by itself"
    given = FetchedDocument(data=table(*MONTHS), name="march.csv")
    assert shelf.run(source=upload, given=[given]).new == 3
    assert shelf.run(source=upload, given=[given], days=1).outcome == "unchanged"
    later = replace(given, data=table(*MONTHS, "2025-04,1000"), name="the final one.csv")
    assert shelf.run(source=upload, given=[later], days=1).new == 1, "another name is no other document"
    assert shelf.run(source=upload, given=[replace(given, data=b"\x00")], days=1).failed
    assert len(shelf.ground.stored()) == 4


def test_a_document_that_nobody_described_waits_for_a_person(shelf: Shelf) -> None:
    outcome = shelf.run(
        source=replace(SOURCE, options={"fetch": "upload", "decode": "article"}),
        given=[FetchedDocument(data=b"Throughput rose to 5 million TEUs.", name="March")],
    )
    assert (outcome.outcome, outcome.new) == ("ok", 0)
    with db.reading(shelf.ground.engine) as session:
        (found,) = documents.waiting(session)
    assert (found.document.name, found.source) == ("March", "port")


# --- files of sources made on the web ---


@pytest.mark.parametrize("path", ["table.csv", "../*/table.csv", "/etc/passwd", "allowed/link.csv", "nowhere.csv"])
def test_a_source_made_on_the_web_reads_no_file_outside_the_folders_named(shelf: Shelf, path: str) -> None:
    allowed = shelf.ground.folder / "allowed"
    allowed.mkdir()
    (allowed / "table.csv").write_bytes(table(*MONTHS))
    (allowed / "link.csv").symlink_to(shelf.ground.folder / "table.csv")
    source = replace(described(fetch={"file": path}), managed_by="web")
    outcome = shelf.run(table(*MONTHS), source=source, folders=[allowed])
    assert outcome.failed
    assert "lies outside the folders that sources made on the web may read" in say(outcome.reason)
    inside = replace(described(fetch={"file": str(allowed / "table.csv")}), managed_by="web")
    assert shelf.run(source=inside, folders=[allowed]).new == 3
    assert shelf.run(source=inside, folders=[Path("/srv")], days=1).failed


# --- one fact twice, whatever the kind ---


def test_a_fact_twice_with_two_values_is_refused_with_both_places_and_the_rest_is_stored(ground: Ground) -> None:
    outcome = ground.run(Q1, FALL, Q1.replace("6.4万标箱", "65100"), Q1.replace("6.4万标箱", "64000"))
    assert (outcome.outcome, outcome.new, ground.values()) == ("ok", 1, ["21580"])
    assert say(outcome.problems[0]) == (
        "port.csv:2: value: is there more than once, as 64,000, 65,100; the other: port.csv:4, port.csv:5. "
        "None of them was stored"
    )
    assert [problem.file for problem in outcome.problems] == ["port.csv:2", "port.csv:4", "port.csv:5"]


def test_a_fact_twice_in_other_digits_or_on_another_day_is_none_twice(ground: Ground) -> None:
    later = Q1.replace("2025-04-15", "2025-05-15").replace("6.4万标箱", "65100")
    assert ground.run(Q1, Q1.replace("6.4万标箱", "64100"), later).problems == ()


def test_of_many_files_only_those_of_the_run_are_shown_beside_how_they_looked(shelf: Shelf) -> None:
    for name, row in (("a.csv", MONTHS[0]), ("b.csv", MONTHS[1])):
        (shelf.ground.folder / name).write_bytes(table(row))
    source = described(fetch={"file": "*.csv"})
    assert shelf.run(source=source).new == 2
    (shelf.ground.folder / "a.csv").unlink()
    (shelf.ground.folder / "c.csv").write_bytes(table(MONTHS[2], header="month,throughput ('000 TEU)"))
    assert shelf.run(source=source, days=1).outcome == "drifted"
    state = shelf.ground.state()
    assert (list(state["pictures"]), list(state["drifted"])) == (["a.csv", "b.csv"], ["b.csv", "c.csv"])


def test_a_run_that_takes_too_long_is_stopped_with_what_it_stored_and_the_next_goes_on(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, storing = [0.0], ingest_run.store

    def slow(*args: Any, **how: Any) -> Any:
        now[0] += 60
        return storing(*args, **how)

    monkeypatch.setattr(ingest_run, "BATCH", 1)
    monkeypatch.setattr(ingest_run, "store", slow)
    monkeypatch.setattr(confined, "monotonic", lambda: now[0])
    outcome = shelf.run(table(*MONTHS), deadline_seconds=100)
    assert (outcome.outcome, outcome.new) == ("failed", 2)
    assert say(outcome.reason) == (
        "not done after 100 s, so the run was stopped; what was stored by then stays, and the next run goes on"
    )
    outcome = shelf.run(deadline_seconds=600)
    assert (outcome.outcome, outcome.new, outcome.known) == ("ok", 1, 2)
    assert confined.DEADLINE_SECONDS == 600


@pytest.mark.parametrize("rows", [MONTHS, ["2025-01," + "x" * 1_000_001]])
def test_reading_has_to_end_with_the_run_here_and_in_a_process_of_its_own(shelf: Shelf, rows: list[str]) -> None:
    outcome = shelf.run(table(*rows), deadline_seconds=0)
    assert outcome.reason is not None
    assert (outcome.outcome, outcome.reason.code, outcome.new) == ("failed", "run_too_long", 0)
