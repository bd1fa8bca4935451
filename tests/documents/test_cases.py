"""A folder a case: its document gives what is expected by its description, its changes are noticed or harmless."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fpdf import FPDF

from workbooks import xlsx

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.documents.mutations import HARMLESS, NOTICED, Document, labels_exchanged, outcome

from targetwatch.configuration.yaml import read_document
from targetwatch.documents import grid
from targetwatch.documents.decode import decode
from targetwatch.documents.pick import pick
from targetwatch.documents.verify import Described, DocumentCase, Expected, verify
from targetwatch.model.scalars import plain_number

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.name for path in FOLDER.iterdir())
ERROR_PAGE = b"<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body>Try later</body></html>"


def case(name: str) -> DocumentCase:
    folder = FOLDER / name
    (document,) = (path for path in folder.iterdir() if path.suffix != ".yaml")
    description, expected = (read_document(folder / f"{one}.yaml").data for one in ("description", "expected"))
    data = document.read_bytes()
    if document.suffix == ".rows":
        rows = csv.reader(data.decode().splitlines())
        data = xlsx([[int(cell) if cell.lstrip("-").isdigit() else cell for cell in row] for row in rows])
    if document.suffix == ".lines":
        made = FPDF()
        made.add_page()
        made.set_font("Helvetica", size=8)
        for line in data.decode().splitlines():
            made.cell(text=line, new_x="LMARGIN", new_y="NEXT")
        data = bytes(made.output())
    described = Described.model_validate(description)
    return DocumentCase(document.name, data, described, Expected.model_validate(expected))


def read(name: str) -> Document:
    one = case(name)
    how = one.description.pick
    decoded = decode(one.data, one.description.decode, name=one.name)
    return Document(decoded, how, pick(decoded, how, source="office", now=NOW, name=one.name))


@pytest.mark.parametrize("name", NAMES)
def test_a_document_gives_every_reading_expected_and_no_other(name):
    assert list(verify(case(name), now=NOW)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_large_document_is_kept_packed_and_gives_the_same(name, monkeypatch):
    monkeypatch.setattr(grid, "LARGE_CELLS", 0)
    assert all(isinstance(one.rows, grid.PackedRows) for one in read(name).decoded.grids)
    assert list(verify(case(name), now=NOW)) == []


def test_a_packed_row_keeps_a_cell_that_holds_the_separator_and_tells_rows_that_differ():
    assert grid.LARGE_CELLS == 100_000
    rows = [("a", "b"), (f"c{grid.SEPARATOR}", ""), ("", "")]
    packed, again, fewer = (grid.rows_kept(some, grid.LARGE_CELLS + 1) for some in (rows, rows, rows[1:]))
    assert (list(packed), list(packed[1:]), packed[0], len(packed)) == (rows, rows[1:], rows[0], 3)
    assert packed == again != fewer
    assert grid.rows_kept(rows, grid.LARGE_CELLS) == tuple(rows)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_change_of_a_document_is_read_wrongly_in_silence(name):
    document = read(name)
    for change in NOTICED:
        changed = change(document)
        if changed is not None and changed != document.decoded:
            became, why = outcome(document, changed, now=NOW)
            assert became in {"drifted", "held", "same"}, f"{change.__name__}: {why}"


def test_codes_that_exchanged_their_labels_are_noticed():
    document = read("values-by-position-with-labels")
    assert outcome(document, labels_exchanged(document), now=NOW) == ("drifted", "label_changed")


@pytest.mark.parametrize("name", NAMES)
def test_an_error_page_in_its_place_is_refused(name):
    one = case(name)
    assert verify(DocumentCase(one.name, ERROR_PAGE, one.description, Expected()), now=NOW)


def test_there_are_at_least_six_kinds_of_changes_on_each_of_ten_documents():
    tally = Counter()
    for name in NAMES:
        document = read(name)
        tally[name] = sum(1 for change in NOTICED if change(document) not in {None, document.decoded})
    assert len(tally) >= 10
    assert min(tally.values()) >= 6
    assert tally.total() >= 60


def test_nine_in_ten_harmless_changes_are_read():
    became = Counter()
    bad = []
    for name in NAMES:
        document = read(name)
        for change in HARMLESS:
            changed = change(document)
            if changed is not None and changed != document.decoded:
                result, why = outcome(document, changed, now=NOW)
                became[result in {"same", "changed"}] += 1
                if result not in {"same", "changed"}:
                    bad.append(f"{name} {change.__name__}: {result} {why}")
    assert became[True] >= 0.9 * became.total(), bad
    assert became.total() >= 40


def test_a_case_tells_what_is_missing_what_differs_and_what_was_not_expected():
    one = case("years-as-columns-with-shares")
    first, second, *others = one.expected.readings
    changed = [
        first.model_copy(update={"value": first.value + 1}),
        second.model_copy(update={"period": "1999"}),
        *others,
    ]
    problems = verify(DocumentCase(one.name, one.data, one.description, Expected(readings=changed)), now=NOW)
    assert [problem.code for problem in problems] == ["reading_differs", "reading_missing", "reading_unexpected"]
    assert problems[0].values["found"] == f"{plain_number(first.value)} {first.unit}"
    lenient = Expected(readings=others, complete=False)
    assert verify(DocumentCase(one.name, one.data, one.description, lenient), now=NOW) == ()


def test_a_case_may_expect_a_document_to_be_refused_for_a_reason():
    one = case("years-as-columns-with-shares")
    broken = one.data.replace(b"All modes", b"Everything")
    assert verify(DocumentCase(one.name, broken, one.description, Expected(refused=["row_gone"])), now=NOW) == ()
    assert (
        verify(DocumentCase(one.name, ERROR_PAGE, one.description, Expected(refused=["page_instead_titled"])), now=NOW)
        == ()
    )
    problems = verify(DocumentCase(one.name, one.data, one.description, Expected(refused=["row_gone"])), now=NOW)
    assert [problem.code for problem in problems] == ["not_refused"]
