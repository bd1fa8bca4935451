"""A workbook dropped once: shown, described by a proposal and a few clicks, stored exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from dropped import CARGO, DROPPED, Dropped
from edit_stage import Form, errors
from web_stage import Browser, Page, Stage

from builders import PUBLISHER, indicator
from targetwatch.model import Catalogue, Measure, Publisher, Role, Text
from targetwatch.model.words import format_period
from targetwatch.store import audit, catalogue, db
from targetwatch.store import readings as stored
from workbooks import xlsx

PATH = "/figures/drop"
OFFICE = Catalogue(
    publishers=(Publisher(id=PUBLISHER, title=Text("Statistics", "统计局")),),
    indicators=(
        indicator(id="cargo", title=Text("Container throughput", "集装箱吞吐量")),
        indicator(id="exports", title=Text("Exports", "出口"), unit="bn CNY", unit_label=Text("bn yuan", "十亿元")),
        indicator(id="imports", title=Text("Imports", "进口"), unit="bn CNY", unit_label=Text("bn yuan", "十亿元")),
        indicator(id="share", title=Text("Rail share", "铁路占比"), measure=Measure.LEVEL, unit="%", unit_label=Text()),
    ),
)


class Dropper:
    """An editor with a workbook in hand."""

    def __init__(self, stage: Stage, browser: Browser) -> None:
        self.stage, self.browser = stage, browser

    def drop(self, data: bytes, name: str = "figures.xlsx") -> dict[str, str]:
        """Open a file and return what stands in the form."""
        answer = self.send_file(data, name)
        assert answer.status_code == 200, Page(answer.text).text
        return self.form(answer.text)

    def send_file(self, data: bytes, name: str = "figures.xlsx") -> Any:
        said = {"csrf": self.browser.token, "do": "open"}
        return self.browser._request("POST", PATH, data=said, files={"file": (name, data)})

    def form(self, source: str) -> dict[str, str]:
        values = {name: text for name, text in Form(source, PATH).values.items() if not name.startswith("cell.")}
        values.pop("leave", None)
        return values

    def send(self, values: dict[str, str], do: str, **more: Any) -> Any:
        return self.browser.post(PATH, {**values, **more, "do": do})

    def saved(self) -> dict[str, dict[str, Decimal]]:
        """Return what is stored, by indicator and period."""
        with db.reading(self.stage.engine) as session:
            found = stored.load(session)
        return {name: {format_period(one.period): one.value for one in some} for name, some in found.items() if some}


@pytest.fixture
def dropper(stage: Callable[..., Stage]) -> Dropper:
    made = stage(date(2026, 1, 10))
    made.configure(OFFICE)
    made.refresh()
    return Dropper(made, made.sign_in(Role.EDITOR))


def workbook(one: Dropped) -> bytes:
    (first, rows), *more = one.sheets.items()
    made = {"more": dict(more)} if more else {}
    return xlsx(rows, **made) if first == "Data" or not more else xlsx([], more=dict(one.sheets))


def mapped(dropper: Dropper, one: Dropped) -> Any:
    """Say what a person would say of a workbook, and press the button."""
    values = dropper.drop(workbook(one))
    for name, text in one.fields.items():
        values = dropper.form(dropper.send(values, "look", **{name: text}).text)
    for what, cell in one.marks:
        values = dropper.form(dropper.send(values, "mark", **{"as": what, "mark": cell}).text)
    mended = {f"cell.{place}": text for place, text in one.mend.items()}
    return dropper.send(values, "save", **mended, leave=list(one.leave))


def exact(one: Dropped) -> dict[str, dict[str, Decimal]]:
    return {name: {span: Decimal(value) for span, value in some.items()} for name, some in one.expected.items()}


@pytest.mark.parametrize("one", DROPPED, ids=[one.name for one in DROPPED])
def test_a_workbook_as_offices_publish_it_is_stored_exactly(dropper, one):
    done = mapped(dropper, one)
    assert done.status_code == 303, Page(done.text).text
    assert dropper.saved() == exact(one)


PLAIN = DROPPED[0]


def test_nothing_is_stored_by_looking_and_what_is_saved_is_the_editors_own(dropper):
    values = dropper.drop(workbook(PLAIN))
    looked = dropper.send(values, "look", **CARGO)
    assert "12 new" in Page(looked.text).text
    assert dropper.saved() == {}
    done = dropper.send(dropper.form(looked.text), "save")
    page = dropper.browser.page(done.headers["location"])
    assert [one["action"] for one in page.all("form")].count("/figures/undo") == 1
    with db.reading(dropper.stage.engine) as session:
        last = audit.entries(session, kind="reading", limit=1)[0]
    assert last.actor == "web:a-editor"


def test_how_it_was_read_is_remembered_for_the_next_file_of_its_kind(dropper):
    mapped(dropper, PLAIN)
    later = replace(PLAIN, sheets={"Data": [*PLAIN.sheets["Data"], ["2025-01", 24_000]]})
    answer = dropper.send_file(workbook(later))
    assert "Read as the last file of its kind, figures." in Page(answer.text).text
    assert "1 new" in Page(answer.text).text
    assert dropper.send(dropper.form(answer.text), "save").status_code == 303
    assert dropper.saved()["cargo"]["2025-01"] == 24_000
    with db.reading(dropper.stage.engine) as session:
        (source,) = catalogue.load(session).sources
    assert (source.options["fetch"], source.schedule, source.managed_by) == ("upload", "", "web")


def test_a_row_that_cannot_be_read_keeps_everything_out_until_it_is_mended_or_left_out(dropper):
    odd = DROPPED[-1]
    values = dropper.form(dropper.send(dropper.drop(workbook(odd)), "look", **CARGO).text)
    refused = dropper.send(values, "save")
    assert refused.status_code == 422
    assert "Nothing was saved" in Page(refused.text).text
    assert 'name="cell.0:3:1" value="2O,7l2"' in refused.text
    assert dropper.saved() == {}


def test_an_editor_can_make_it_fetch_nothing(dropper):
    values = dropper.drop(workbook(PLAIN))
    text = values["text"].replace("fetch: upload", "fetch: {http: 'http://127.0.0.1/'}") + "schedule: 0 * * * *\n"
    dropper.send(values | {"text": text}, "save", **CARGO)
    with db.reading(dropper.stage.engine) as session:
        for source in catalogue.load(session).sources:
            assert (source.options["fetch"], source.schedule) == ("upload", "")


def test_what_is_no_document_is_refused_with_a_sentence(dropper):
    for data in (b"", b"PK\x03\x04 but no workbook", b"<html><form><input type=password></form></html>"):
        answer = dropper.send_file(data)
        assert answer.status_code == 422, data
        assert errors(answer)["file"]


def test_whoever_may_not_edit_is_refused(dropper):
    viewer = dropper.stage.sign_in(Role.VIEWER)
    assert viewer.get(PATH).status_code == 403
    assert viewer.post(PATH, {"do": "save"}).status_code == 403
