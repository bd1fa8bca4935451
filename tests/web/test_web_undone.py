"""What is undone leaves every day as it was known before, and the recorded clock tells what was believed meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from edit_stage import Desk, Form
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from web_stage import TOKEN, Browser, Page, Stage

from builders import PUBLISHER, event, goal, indicator, reading, steps, target, version
from targetwatch.model import AsOf, Catalogue, Clock, Measure, Plan, Publisher, Role, Source, Text, Verdict
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db
from targetwatch.store import readings as stored
from targetwatch.web.running import RunningService

CHANGED = datetime(2026, 3, 5, 9, tzinfo=UTC)
UNDONE = CHANGED + timedelta(days=3)
TODAY = date(2026, 3, 20)
BEFORE, MEANWHILE = CHANGED - timedelta(days=1), CHANGED + timedelta(minutes=1)
FIRST, LAST = date(2025, 2, 7), date(2026, 3, 4)
KNOWN = Catalogue(
    publishers=(Publisher(id=PUBLISHER, title=Text("Statistics Office", "统计局")),),
    sources=(Source(id="port", kind="csv_file", options={"path": "port.csv"}, schedule="9 9 * * *"),),
    indicators=(
        indicator(),
        indicator(id="routes", title=Text("Routes", "线路"), measure=Measure.MILESTONES, unit="steps"),
    ),
    targets=(
        target(version(goal(above=270000), baseline=251800)),
        target(
            version(goal(), steps=steps("one", "two", due="2025-12-31"), plan=Plan()),
            id="routes-2025",
            indicator="routes",
            title=Text("Two routes", "两条线路"),
        ),
    ),
)
PAST = (
    reading("2024-01-01..2024-06-30", 116000, "2024-07-18"),
    reading("2024", 251800, "2025-01-20"),
    reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
    reading("2025-01-01..2025-06-30", 154600, "2025-07-17"),
    event("one", "2025-05-02", "2025-05-10", indicator="routes"),
)
TAKEN_OVER = {"cargo-2025": "target", "routes-2025": "target", "cargo": "indicator", "port": "source"}
LAG = "indicators.release.lag"
TYPED = {"indicator": "cargo", "value": "215,800", "period": "Jan-Sep 2025", "basis": "year_to_date"}
Known = Mapping[str, Verdict]


@dataclass
class Office:
    """A service whose clock is put, and the editor who changes something and takes it back."""

    stage: Stage
    drawn: Callable[[st.SearchStrategy[Any]], Any]
    at: datetime = CHANGED
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def editor(self) -> Browser:
        """Return the editor, signed in at the moment it is."""
        return self.stage.sign_in(Role.ADMIN, "sun")

    def post(self, path: str, values: Mapping[str, str]) -> Mapping[str, list[str]]:
        """Send a form, which has to be accepted; what the address it leads to says."""
        answer = self.editor.post(path, values)
        assert answer.status_code == 303, Page(answer.text).text
        return parse_qs(urlsplit(answer.headers["location"]).query)

    def shown(self, path: str, action: str = "") -> dict[str, str]:
        """Return what stands in the form of a page, but for the token: that is of one session."""
        return {
            name: said
            for name, said in Form(self.editor.get(path).text, action or path).values.items()
            if name != "csrf"
        }

    def press(self, path: str, action: str = "", **said: str) -> None:
        """Open a page and press its button, some fields filled in."""
        self.post(action or path, self.shown(path, action) | said)

    def published(self, on: date) -> Known:
        return self.stage.take(AsOf.end_of(on)).verdicts

    def recorded(self, moment: datetime) -> Known:
        return self.stage.take(AsOf.at(moment, clock=Clock.RECORDED)).verdicts

    def published_on(self) -> str:
        return str(self.drawn(st.dates(date(2025, 10, 1), LAST)))


def a_goal(office: Office) -> None:
    value = office.drawn(st.sampled_from(["150,000", "300,000", "410,000"]))
    effective = str(office.drawn(st.dates(FIRST, date(2025, 12, 31))))
    answer = Desk(office.editor, "cargo-2025").save(goal__value=value, effective=effective, reason="raised")
    assert answer.status_code == 303, Page(answer.text).text


def goal_undone(office: Office) -> None:
    office.press("/targets/cargo-2025/undo", do="save")


def at_once(office: Office, answer: Any) -> None:
    """Remember the button that is there for some minutes only."""
    assert answer.status_code == 303, Page(answer.text).text
    said = parse_qs(urlsplit(answer.headers["location"]).query)
    office.kept = {"path": f"/{said['kind'][0]}s/{said['name'][0]}/undo", "entry": said["entry"][0]}


def undone_at_once(office: Office) -> None:
    office.at = CHANGED + timedelta(minutes=2)
    office.post(office.kept["path"], {"entry": office.kept["entry"]})


def a_goal_and_a_name(office: Office) -> None:
    effective = str(office.drawn(st.dates(FIRST, date(2025, 12, 31))))
    said = {"goal__value": "300,000", "title__en": "Other", "effective": effective, "reason": "raised"}
    at_once(office, Desk(office.editor, "cargo-2025").save(**said))


def a_new_target(office: Office) -> None:
    path = "/new-target/flow"
    said = {"indicator": "cargo", "goal.value": "35万", "announcement.on": "2025-07-01", "title.zh": "货运"}
    said |= {
        "title.en": "Boxes",
        "announcement.by.en": "The mayor",
        "indicators.title.en": "Boxes",
        "indicators.unit": "TEU",
    }
    said |= {"owner": "+", "owner.name.en": "Sun", "indicator": "+", "indicators.authority": PUBLISHER}
    at_once(office, office.editor.post(path, office.shown(path) | said | {"do": "save", "sure": "yes"}))


def new_target_undone(office: Office) -> None:
    undone_at_once(office)
    with db.reading(office.stage.engine) as session:
        assert "boxes" not in {one.id for one in catalogue.load(session).indicators}
        assert [one.id for one in catalogue.load_archived(session).targets] == ["boxes"]


def a_step(office: Office) -> None:
    desk = Desk(office.editor, "routes-2025")
    due, effective = (str(office.drawn(st.dates(FIRST, date(2025, 12, 31)))) for _ in range(2))
    values = desk.open() | {"steps.1.due": due, "effective": effective, "reason": "earlier"}
    looked = desk.send(values)
    assert looked.status_code == 200, Page(looked.text).text
    assert desk.send(desk.read(looked), "save").status_code == 303


def step_undone(office: Office) -> None:
    office.press("/targets/routes-2025/undo", do="save")


def archived(office: Office) -> None:
    office.press("/targets/cargo-2025/archive", reason="no longer promised")


def brought_back(office: Office) -> None:
    office.press("/targets/cargo-2025/archive", "/targets/cargo-2025/restore")


def a_calendar(office: Office) -> None:
    path = "/indicators/cargo/edit"
    office.kept = {"was": office.shown(path)[LAG]}
    _calendar(office, str(office.drawn(st.integers(1, 30))))


def calendar_undone(office: Office) -> None:
    _calendar(office, office.kept["was"])


def _calendar(office: Office, lag: str) -> None:
    path = "/indicators/cargo/edit"
    said = {LAG: lag, "reason": "as they say", "do": "save"}
    office.post(path, office.shown(path) | said)


def a_figure(office: Office) -> None:
    said = {"published_on": office.published_on(), "evidence_url": "https://example.org/a", "do": "save"}
    office.kept = {"entered": office.post("/figures/new", TYPED | said)["reading"][0]}


def figure_undone(office: Office) -> None:
    """Take it back by the button that is there for some minutes only."""
    office.at = CHANGED + timedelta(minutes=2)
    office.post("/figures/undo", {"entered": office.kept["entered"]})


def withdrawn(office: Office) -> None:
    office.kept = {"number": office.drawn(st.integers(1, len(PAST)))}
    office.post(f"/readings/{office.kept['number']}/withdraw", {"why": "not ours"})


def put_back(office: Office) -> None:
    office.post(f"/readings/{office.kept['number']}/restore", {"why": "it was ours"})


def _decided(office: Office, act: str) -> None:
    low = reading("2025-01-01..2025-09-30", office.drawn(st.integers(15, 300000)), office.published_on())
    with db.writing(office.stage.engine, "ingest:port", now=BEFORE) as session:
        number = stored.hold(session, low, Problem("year_to_date_falls"), now=BEFORE)
    office.post(f"/held/{number}/{act}", {f"note-{number}": "as they say", "seen": "waiting"})
    office.kept = {"held": number, "seen": {"accept": "accepted", "reject": "rejected"}[act]}


def accepted(office: Office) -> None:
    _decided(office, "accept")


def rejected(office: Office) -> None:
    _decided(office, "reject")


def decision_undone(office: Office) -> None:
    office.post(f"/held/{office.kept['held']}/undo", {"seen": office.kept["seen"]})


def a_source(office: Office) -> None:
    path = "/sources/port/edit"
    hour = office.drawn(st.integers(0, 8))
    office.post(path, office.shown(path) | {"schedule": f"0 {hour} * * *", "do": "save"})


def source_undone(office: Office) -> None:
    path = "/sources/port/edit"
    page = office.editor.get(path).text
    number = page.split(f"{path}?version=")[1].split('"')[0]
    office.press(f"{path}?version={number}", path, do="save")


def a_batch(office: Office) -> None:
    more = {"period": "2025-01..2025-07", "value": "180,000", "published_on": "2025-08-20"}
    entries = [TYPED | more, TYPED | {"published_on": office.published_on()}]
    headers = {"authorization": f"Bearer {TOKEN}"}
    answer = office.stage.client.post("/api/v1/readings", json=entries, headers=headers)
    assert [one["outcome"] for one in answer.json()["readings"]] == ["new", "new"], answer.text
    office.kept = {"numbers": [one["id"] for one in answer.json()["readings"]]}


def batch_undone(office: Office) -> None:
    for number in office.kept["numbers"]:
        office.post(f"/readings/{number}/withdraw", {"why": "sent twice"})


@dataclass(frozen=True)
class Undoing:
    """A change of a kind and what takes it back.

    `believed`: what the recorded clock tells between the two is otherwise than before; None where that is by chance.
    `dated`: it has a moment from which it counts. What is archived is gone from every day and comes back to every day,
    and when figures are due is said of an indicator once, for every day.
    """

    change: Callable[[Office], None]
    undo: Callable[[Office], None]
    believed: bool | None = None
    dated: bool = True


def a_name(office: Office) -> None:
    path = "/indicators/cargo/edit"
    said = {"indicators.title.en": "Other", LAG: str(office.drawn(st.integers(1, 30))), "do": "save"}
    at_once(office, office.editor.post(path, office.shown(path) | said))


UNDOINGS = {
    "a goal and a name, at once": Undoing(a_goal_and_a_name, undone_at_once, believed=True),
    "a new target, at once": Undoing(a_new_target, new_target_undone, dated=False),
    "an indicator, at once": Undoing(a_name, undone_at_once, dated=False),
    "a goal": Undoing(a_goal, goal_undone, believed=True),
    "a step": Undoing(a_step, step_undone),
    "a target": Undoing(archived, brought_back, dated=False),
    "a calendar": Undoing(a_calendar, calendar_undone, dated=False),
    "a figure": Undoing(a_figure, figure_undone),
    "a figure withdrawn": Undoing(withdrawn, put_back),
    "a held figure accepted": Undoing(accepted, decision_undone, believed=True),
    "a held figure rejected": Undoing(rejected, decision_undone, believed=False),
    "a source": Undoing(a_source, source_undone, believed=False),
    "a batch": Undoing(a_batch, batch_undone, believed=True),
}


@pytest.fixture
def thorough(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--thorough"))


@pytest.mark.parametrize("kind", UNDOINGS)
def test_what_is_undone_leaves_every_day_as_it_was_and_is_told_as_believed_meanwhile(
    tmp_path: Path, empty_file: Path, monkeypatch: pytest.MonkeyPatch, kind: str, *, thorough: bool
) -> None:
    undoing = UNDOINGS[kind]
    open_now: list[Office] = []
    monkeypatch.setattr(RunningService, "now", lambda _self: open_now[-1].at)

    @settings(max_examples=40 if thorough else 2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def every_day_is_as_it_was(data: st.DataObject) -> None:
        file = tmp_path / f"{len(open_now)}.db"
        shutil.copy(empty_file, file)
        office = Office(Stage(file, TODAY, said={"four_eyes": "off"}), data.draw)
        open_now.append(office)
        try:
            lived(office, undoing, data.draw(st.lists(st.dates(FIRST, LAST), min_size=1, max_size=2)))
        finally:
            office.stage.close()

    every_day_is_as_it_was()


def lived(office: Office, undoing: Undoing, days: list[date]) -> None:
    """Change something and undo it, and compare what every day tells on both clocks."""
    office.stage.configure(KNOWN)
    with db.writing(office.stage.engine, "test", now=BEFORE) as session:
        for name, of in TAKEN_OVER.items():
            catalogue.take_over(session, name, kind=of)
    office.stage.add(*PAST)
    office.stage.refresh()
    days = sorted({*days, FIRST, LAST, TODAY})
    before = {on: office.published(on) for on in days}
    assert before[LAST]["cargo-2025"].actual_value
    recorded = {at: office.recorded(at) for at in (BEFORE, MEANWHILE)}
    undoing.change(office)
    believed = office.recorded(MEANWHILE)
    office.at = UNDONE
    undoing.undo(office)
    assert {on: office.published(on) for on in days} == before
    assert office.recorded(BEFORE) == recorded[BEFORE]
    assert office.recorded(MEANWHILE) == (believed if undoing.dated else recorded[MEANWHILE])
    if undoing.believed is not None:
        assert (believed != recorded[MEANWHILE]) is undoing.believed
