"""The pages of the sources: what each reads and when, run now, tried without saving; nothing inside the network."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from web_stage import Browser, Page, Simulated, Stage

from builders import indicator
from refusing import raises
from targetwatch.connectors import AddressAsked, Asked, FilesAsked
from targetwatch.errors import BusyError
from targetwatch.model import Catalogue, Role, Source, Text
from targetwatch.model.problem import Problem
from targetwatch.service.app import build
from targetwatch.settings import Settings
from targetwatch.store import audit, catalogue, db, outbox, runs
from targetwatch.store import readings as stored
from targetwatch.web.sources import view
from targetwatch.wording.schedule import schedule_in_words
from targetwatch.wording.translation import translator

HEADER = "indicator,value,period,basis,published_on,publisher\n"
GOOD = "cargo,100,2025-01..2025-06,year_to_date,2025-07-20,statistics-office\n"
SECRET = "hunter2-very-secret"
FIELDS = {"value": "v", "period": "p"}
CONSTANTS = {"indicator": "cargo", "basis": "year_to_date", "publisher": "statistics-office"}


@pytest.fixture
def desk(stage: Callable[..., Stage], tmp_path: Path) -> Stage:
    """A service whose sources read from a folder of its own."""
    folder = tmp_path / "config"
    folder.mkdir()
    return stage(date(2025, 10, 2), config_dir=folder)


def configure(desk: Stage, *sources: Source) -> None:
    desk.configure(Catalogue(indicators=(indicator(),), sources=sources))
    desk.refresh()


def csv_source(desk: Stage, text: str = HEADER + GOOD, **more: object) -> Source:
    (desk.settings.config_dir / "port.csv").write_text(text, encoding="utf-8")
    values = {"id": "port", "kind": "csv_file", "schedule": "10 8 * * *", "options": {"path": "port.csv"}}
    return Source(**values | more)  # type: ignore[arg-type]


def http_source(url: str, **options: object) -> Source:
    said = {"url": url, "fields": FIELDS, "constants": CONSTANTS, "deadline_seconds": 60, "retries": 0}
    return Source(id="api", kind="http_json", options=said | options)


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers every request as its server was told to, and keeps what was asked."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append((self.path, dict(self.headers)))
        if len(server.asked) == 1:
            server.first.wait(timeout=60)
        self.send_response(302 if server.location else 200)
        if server.location:
            self.send_header("Location", server.location)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(server.rows).encode())

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def stranger() -> Iterator[Any]:
    """A real server on this machine, told what to answer."""
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked, server.location = [], ""
    server.first = threading.Event()  # the first who asks is answered only when it is set
    server.first.set()
    server.rows = [{"v": 100, "p": "2025-01..2025-06"}]
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def outcome_of(desk: Stage, source: str, act: str, language: str = "en") -> Page:
    """Press a button and return the page of what came of it, once it is over."""
    editor = desk.sign_in(Role.EDITOR, "sun")
    answer = editor.post(f"/sources/{source}/{act}")
    assert answer.status_code == 303, answer.text
    return once_over(editor, answer.headers["location"], language)


def once_over(editor: Browser, path: str, language: str = "en") -> Page:
    """Return the page of what came of a run, asked for until it no longer looks again by itself."""
    deadline = time.monotonic() + 60
    while True:
        page = editor.page(path, language)
        if not [one for one in page.all("meta") if one.get("http-equiv") == "refresh"]:
            return page
        assert time.monotonic() < deadline, "the run never ended"
        time.sleep(0.05)


def count_readings(desk: Stage) -> int:
    with db.reading(desk.engine) as session:
        return stored.mark(session).reading


def files(path: str, folder: str, encoding: str = "utf-8", count: int | None = None) -> FilesAsked:
    return FilesAsked(path=path, folder=folder, encoding=encoding, count=count)


@pytest.mark.parametrize(
    ("asked", "english", "chinese"),
    [
        (
            files("readings/*.csv", "config"),
            "the files readings/*.csv in the folder config",
            "文件夹config中的各文件 readings/*.csv",
        ),
        (files("a*.csv", "c", "gb18030", 1), "(one found), written in gb18030", "（找到1个），编码为gb18030"),
        (AddressAsked(method="POST", address="https://x.org/a?k=…"), "https://x.org/a?k=…", "https://x.org/a?k=…"),
        (
            AddressAsked(method="GET", address="https://x.org/a", sent=("X-Key",), conditions=("If-None-Match",)),
            "https://x.org/a, with X-Key, only if it has changed",
            "https://x.org/a，附带X-Key，仅在有变化时读取",
        ),
        (files("a.csv", "c", "utf-8", 1), "the file a.csv in the folder c", "文件夹c中的文件 a.csv"),
        ("ask the oracle", "ask the oracle", "ask the oracle"),
        ("", "", ""),
    ],
)
def test_what_is_read_is_said_in_plain_words(asked: Asked, english: str, chinese: str) -> None:
    assert view.asked_in_words(asked, translator("en")).endswith(english)
    assert view.asked_in_words(asked, translator("zh")).endswith(chinese)


def test_a_source_says_what_it_reads_and_when_in_words(desk: Stage) -> None:
    configure(desk, replace(csv_source(desk), title=Text("Port figures", "港口数据")))
    desk.next_runs["port"] = datetime(2025, 10, 3, 0, 10, tzinfo=UTC)
    viewer = desk.sign_in(Role.VIEWER)
    page = viewer.page("/sources")
    assert "the file port.csv in the folder" in page.text
    assert "every day at 08:10" in page.text
    assert "has not run yet" in page.text
    assert "2025-10-03 08:10 CST" in page.text
    assert "Port figures" in page.text
    assert "每天08:10" in viewer.page("/sources", "zh").text
    assert "港口数据" in viewer.page("/sources/port", "zh").text


def test_a_run_stores_what_the_source_brings_and_shows_it(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    page = outcome_of(desk, "port", "run")
    assert "Run of port asked for by sun" in page.text
    assert "1 new" in page.text
    assert "100 TEU" in page.text
    assert count_readings(desk) == 1
    listed = desk.sign_in(Role.VIEWER).page("/sources/port")
    assert "The last run" in listed.text
    assert "1 new" in listed.text


def test_a_test_shows_what_would_be_stored_and_stores_nothing(desk: Stage) -> None:
    configure(desk, csv_source(desk, HEADER + GOOD + GOOD.replace("100", "1000000").replace("06", "07")))
    desk.record(
        {
            "indicator": "cargo",
            "value": "90",
            "period": "2025-01..2025-05",
            "basis": "year_to_date",
            "published_on": "2025-06-20",
        }
    )
    desk.sign_in(Role.EDITOR, "sun")
    before = count_readings(desk)
    with db.reading(desk.engine) as session:
        head = audit.head(session)
    page = outcome_of(desk, "port", "test")
    assert "Nothing was saved." in page.text
    assert "The rows, and what would become of each" in page.text
    assert "1 new" in page.text
    assert "1 to check" in page.text
    assert "after the day of publication" in page.text
    with db.reading(desk.engine) as session:
        assert audit.head(session) == head
        assert runs.history(session, "port") == ()
        assert stored.held(session) == ()
    assert count_readings(desk) == before


def test_a_test_shows_the_first_fifty_rows_of_many(desk: Stage) -> None:
    rows = "".join(
        f"cargo,{100 + day},2025-01-01..2025-02-{day:02},period,2025-03-{day:02},statistics-office\n"
        for day in range(1, 29)
    )
    more = rows.replace("2025-02", "2025-03").replace("2025-03-", "2025-04-")
    configure(desk, csv_source(desk, HEADER + rows + more))
    page = outcome_of(desk, "port", "test")
    assert "The first 50 of 56." in page.text
    assert len(page.all("tr")) == 51


def test_rows_that_cannot_be_used_are_named_with_the_place_and_the_reason(desk: Stage) -> None:
    configure(desk, csv_source(desk, HEADER + GOOD + "cargo,many,2025-Q9,period,2025-10-20,statistics-office\n"))
    page = outcome_of(desk, "port", "test")
    assert "port.csv:3" in page.text
    assert "many" in page.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": "nothing.csv"}, "no file matches in"),
        ({"path": "port.csv", "encoding": "klingon"}, "is no encoding that can be read here"),
        ({}, "path"),
    ],
)
def test_a_source_that_cannot_be_read_says_why(desk: Stage, options: dict[str, object], said: str) -> None:
    configure(desk, csv_source(desk, options=options))
    assert said in outcome_of(desk, "port", "run").text
    assert said in desk.sign_in(Role.VIEWER).page("/sources").text


def test_a_kind_that_is_not_known_is_said_where_the_source_stands(desk: Stage) -> None:
    configure(desk, csv_source(desk, kind="pigeon"))
    assert "kind “pigeon” is not known" in desk.sign_in(Role.VIEWER).page("/sources").text
    assert "kind “pigeon” is not known" in outcome_of(desk, "port", "test").text


def test_no_secret_of_a_source_is_shown_by_a_page_or_kept(
    desk: Stage, stranger: Any, caplog: pytest.LogCaptureFixture
) -> None:
    desk.environment["KEY"] = SECRET
    said = {"headers": {"X-Key": "${KEY}"}, "params": {"key": "${KEY}"}, "allow_private": ["127.0.0.1"]}
    configure(desk, http_source(stranger.address + "/figures", **said))
    tested, run = outcome_of(desk, "api", "test"), outcome_of(desk, "api", "run")
    assert "1 new" in tested.text
    assert stranger.asked[0][1]["X-Key"] == SECRET
    viewer = desk.sign_in(Role.VIEWER)
    pages = [tested.text, run.text, *(viewer.get(path).text for path in ("/sources", "/sources/api", "/audit"))]
    assert not [one for one in pages if SECRET in one]
    assert SECRET not in caplog.text
    assert SECRET.encode() not in desk.file.read_bytes()


def test_a_variable_that_is_not_set_is_named_and_nothing_is_asked(desk: Stage, stranger: Any) -> None:
    configure(desk, http_source(stranger.address, headers={"X-Key": "${KEY}"}, allow_private=["127.0.0.1"]))
    assert "${KEY} not set" in outcome_of(desk, "api", "test").text
    assert stranger.asked == []


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
    ],
)
def test_a_test_does_not_reach_this_machine_itself(desk: Stage, stranger: Any, host: str, peer: str) -> None:
    configure(desk, http_source(f"http://{host}:{stranger.server_port}/latest"))
    page = outcome_of(desk, "api", "test")
    assert f"is at {peer}, an address inside the network, expected a public one" in page.text
    assert stranger.asked == []
    assert "位于内部网络" in outcome_of(desk, "api", "test", "zh").text


def test_a_test_does_not_knock_at_an_address_inside_the_network(desk: Stage) -> None:
    """tests/connectors names every such address there is."""
    for address in ("169.254.169.254/latest/meta-data/", "[fe80::1]/", "192.168.1.1/", "[64:ff9b::a9fe:a9fe]/"):
        configure(desk, http_source(f"http://{address}"))
        page = outcome_of(desk, "api", "test")
        assert "an address inside the network, expected a public one" in page.text


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://169.254.169.254/latest/meta-data", "redirects to another host, 169.254.169.254"),
        ("http://localhost:22/", "redirects to another host, localhost"),
        ("http://127.0.0.1:22/", "redirects to another port"),
        ("file:///etc/passwd", "redirects to no web address"),
    ],
)
def test_a_redirect_into_the_network_is_not_followed(desk: Stage, stranger: Any, location: str, said: str) -> None:
    stranger.location = location
    configure(desk, http_source(stranger.address, allow_private=["127.0.0.1"]))
    assert said in outcome_of(desk, "api", "test").text
    assert len(stranger.asked) == 1


def test_only_a_configured_source_is_asked(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    editor, viewer = desk.sign_in(), desk.sign_in(Role.VIEWER)
    for name in ("../../etc/passwd", "nothing", "%2e%2e%2fport", "http://127.0.0.1/", "%00", "x" * 3000):
        for act in ("run", "test"):
            answer = editor.post(f"/sources/{name}/{act}", {"url": "http://169.254.169.254/"})
            assert answer.status_code == 404, name[:20]
        assert viewer.get(f"/sources/{name}").status_code == 404


def test_a_slow_run_holds_up_nobody_and_says_that_it_goes_on(desk: Stage, stranger: Any) -> None:
    stranger.first.clear()
    configure(desk, http_source(stranger.address, allow_private=["127.0.0.1"], deadline_seconds=60))
    editor = desk.sign_in(Role.EDITOR, "sun")
    answer = editor.post("/sources/api/test")
    page = editor.page(answer.headers["location"])
    assert "Under way. This page looks again every 3 seconds" in page.text
    again = desk.sign_in(Role.EDITOR, "li").post("/sources/api/run")
    assert again.headers["location"] == "/sources/api/outcome?asked=again"
    assert "One at a time" in editor.page(again.headers["location"]).text
    assert "under way since" in desk.sign_in(Role.VIEWER).page("/sources").text
    stranger.first.set()
    assert "1 new" in once_over(editor, "/sources/api/outcome").text
    assert len(stranger.asked) == 1


def test_an_outcome_nobody_asked_for_leads_to_the_source(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    answer = desk.sign_in().get("/sources/port/outcome")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/port")


def test_a_viewer_sees_the_sources_and_may_start_nothing(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    viewer = desk.sign_in(Role.VIEWER)
    assert not [form for form in viewer.page("/sources").all("form") if "/sources/" in (form.get("action") or "")]
    assert {viewer.post(f"/sources/port/{act}").status_code for act in ("run", "test")} == {403}
    assert viewer.get("/sources/port/outcome").status_code == 403


def test_a_run_asked_for_by_another_site_is_refused(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    editor = desk.sign_in()
    for act in ("run", "test"):
        assert editor.post(f"/sources/port/{act}", headers={"origin": "https://evil.example"}).status_code == 403
        assert editor.post(f"/sources/port/{act}", {"csrf": "no"}).status_code == 403
    assert count_readings(desk) == 0


def test_nothing_is_run_while_the_clock_is_simulated(stage: Callable[..., Stage]) -> None:
    desk = stage(date(2025, 10, 2), Simulated(date(2025, 10, 2), date(2025, 10, 2)))
    configure(desk, Source(id="port", kind="csv_file", options={"path": "port.csv"}))
    assert desk.sign_in().post("/sources/port/run").status_code == 409


def test_script_in_a_row_is_shown_and_never_run(desk: Stage) -> None:
    configure(desk, csv_source(desk, HEADER + "<script>alert(1)</script>,1,2025,period,2025-10-20,p\n"))
    said = desk.sign_in().get("/sources").text
    editor = desk.sign_in()
    once_over(editor, editor.post("/sources/port/run").headers["location"])
    for path in ("/sources", "/sources/port", "/sources/port/outcome"):
        said = editor.get(path).text
        assert "<script>alert" not in said
    assert "&lt;script&gt;alert(1)" in said


def test_the_last_twenty_runs_are_shown_newest_first(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    begun = datetime(2025, 9, 1, tzinfo=UTC)
    denied = Problem("file_unreadable", {"reason": "Permission denied"}, file="port.csv")
    with db.writing(desk.engine, "test", now=begun) as session:
        for number in range(25):
            at = begun + timedelta(days=number)
            failed = number == 24
            runs.record(
                session,
                runs.Run(
                    source="port",
                    started_at=at,
                    finished_at=at + timedelta(seconds=1.5),
                    outcome="failed" if failed else "ok",
                    reason=denied if failed else None,
                    known=number,
                ),
            )
    page = desk.sign_in(Role.VIEWER).page("/sources/port")
    assert "The last 20 runs" in page.text
    assert len(page.all("tr")) == 21
    assert page.text.index("2025-09-25") < page.text.index("2025-09-24")
    assert "Permission denied" in page.text
    assert "1.5 s" in page.text
    listed = desk.sign_in(Role.VIEWER).page("/sources").text
    assert "failed" in listed
    assert "2025-09-24 08:00 CST" in listed


def test_a_run_under_way_in_the_service_refuses_a_second_one_and_one_that_is_due_waits_for_it(
    tmp_path: Path, empty_file: Path, stranger: Any
) -> None:
    """The composition root guards scheduled runs and those asked for alike."""
    stranger.first.clear()
    file = tmp_path / "own.db"
    file.write_bytes(empty_file.read_bytes())
    app = build(Settings(database_url=f"sqlite:///{file}"))
    source = http_source(stranger.address, allow_private=["127.0.0.1"], deadline_seconds=60)
    with db.writing(app.engine, "test", now=datetime.now(UTC)) as session:
        wanted = Catalogue(indicators=(indicator(),), sources=(source,))
        catalogue.reconcile(session, wanted, now=datetime.now(UTC))
    first = threading.Thread(target=app.ingest, args=("api",))
    first.start()
    while not stranger.asked:
        time.sleep(0.01)
    with raises(BusyError, match="source 'api': a run is under way"):
        app.run_now("api")
    due = threading.Thread(target=app.ingest, args=("api",))
    due.start()
    tested = app.runner.test("api")
    stranger.first.set()
    first.join()
    due.join()
    assert (tested.new, tested.dry_run) == (1, True)
    assert app.run_now("api").outcome == "ok"
    with db.reading(app.engine) as session:
        assert len(runs.history(session, "api")) == 3
    app.stop()


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        ("10 8 * * *", "every day at 08:10", "每天08:10"),
        ("* * * * *", "every minute", "每分钟"),
        ("0 * * * *", "every hour", "每小时整点"),
        ("5,25 * * * *", "every hour, 5 and 25 minutes past", "每小时5、25分"),
        (
            "*/15 8-18 * * mon-fri",
            "Monday to Friday, every 15 minutes between 08:00 and 18:59",
            "周一至周五08:00至18:59每15分钟",
        ),
        ("0 */6 * * *", "every day at 00:00, 06:00, 12:00 and 18:00", "每天00:00、06:00、12:00、18:00"),
        ("*/10 */2 * * *", "every 10 minutes of every second hour", "每2小时中每10分钟"),
        ("0 9 * * 1", "every Monday at 09:00", "每周一09:00"),
        ("0 9 * * 7", "every Sunday at 09:00", "每周日09:00"),
        ("0 9 * * 0,3", "every Wednesday and Sunday at 09:00", "每周三、周日09:00"),
        ("0 9 * * 5-7", "Friday to Sunday at 09:00", "周五至周日09:00"),
        ("0 9 1,15 * *", "on the 1st and 15th of every month at 09:00", "每月1日、15日09:00"),
        ("0 9 22 1,7 *", "on the 22nd of January and July at 09:00", "1月、7月22日09:00"),
        ("30 8 1 * 1", "on the 1st of every month, and also every Monday at 08:30", "每月1日，以及每周一08:30"),
        (
            "30 8 */15 * 1",
            "on the 1st, 16th and 31st of every month, if that is Monday at 08:30",
            "每月1日、16日、31日且为周一08:30",
        ),
        ("0 9 * jan *", "every day in January at 09:00", "1月每天09:00"),
        ("", "", ""),
        ("@daily", "@daily", "@daily"),
        ("0 25 * * *", "0 25 * * *", "0 25 * * *"),
    ],
)
def test_a_crontab_line_is_said_as_a_person_would(line: str, english: str, chinese: str) -> None:
    assert [schedule_in_words(line, translator(one)) for one in ("en", "zh")] == [english, chinese]


def test_the_running_service_tells_the_page_when_a_source_runs_next(tmp_path: Path, empty_file: Path) -> None:
    file = tmp_path / "own.db"
    file.write_bytes(empty_file.read_bytes())
    (tmp_path / "port.csv").write_text(HEADER + GOOD, encoding="utf-8")
    app = build(Settings(database_url=f"sqlite:///{file}", config_dir=tmp_path))
    source = Source(id="port", kind="csv_file", schedule="10 8 * * *", options={"path": "port.csv"})
    with db.writing(app.engine, "test", now=datetime.now(UTC)) as session:
        wanted = Catalogue(indicators=(indicator(),), sources=(source,))
        catalogue.reconcile(session, wanted, now=datetime.now(UTC))
    app.start()
    deadline = time.monotonic() + 60
    while (
        not (item := view.every_source(app.web.state.service, app.web.state.attempts).items[0]).last
        and time.monotonic() < deadline
    ):
        time.sleep(0.05)
    app.stop()
    assert item.last is not None
    assert item.last.new == 1
    assert item.next_run is not None
    assert (item.next_run.hour, item.next_run.minute) == (8, 10)


def kept_mail(**more: Any) -> outbox.Mail:
    at = datetime.now(UTC)
    values = {"message_id": "<1@x>", "receiver": "a@example.org", "address": "a@example.org", "kind": "change"}
    values |= {"subject": "Off track: Cargo", "content": b"", "says": {}, "bound_at": at, "next_attempt_at": at}
    return outbox.Mail(**values | more)  # type: ignore[arg-type]


def test_a_mail_the_server_refuses_is_shown_with_its_answer_to_who_may_edit(desk: Stage) -> None:
    configure(desk, csv_source(desk))
    assert "No mail waits for the mail server." in desk.sign_in().page("/sources").text
    with db.writing(desk.engine, "service", now=datetime.now(UTC)) as session:
        outbox.bind(session, kept_mail())
        (mail,) = outbox.unsent(session)
        outbox.mark_refused(session, mail, problem="550 no such mailbox", now=datetime.now(UTC))
    page = desk.sign_in().page("/sources").text
    assert "1 mail has yet to be taken by the mail server." in page
    assert "Off track: Cargo" in page
    assert "refused, next attempt from" in page
    assert "550 no such mailbox" in page
    long_ago = datetime.now(UTC) - timedelta(days=8)
    with db.writing(desk.engine, "service", now=datetime.now(UTC)) as session:
        outbox.bind(session, kept_mail(message_id="<2@x>", bound_at=long_ago))
        (_, old) = outbox.unsent(session)
        outbox.mark_refused(session, old, problem="550 no such mailbox", now=datetime.now(UTC))
    assert "given up on" in desk.sign_in().page("/sources").text


def test_without_a_mail_server_the_page_says_that_no_mail_is_sent(stage: Callable[..., Stage], tmp_path: Path) -> None:
    desk = stage(date(2025, 10, 2), config_dir=tmp_path, smtp_url=None)
    desk.configure(Catalogue())
    desk.refresh()
    assert "No mail is sent: no mail server is set (TARGETWATCH_SMTP_URL)." in desk.sign_in().page("/sources").text


def test_a_document_that_looks_different_is_shown_beside_how_it_looked(desk: Stage):
    def publish(header: str, *rows: str) -> None:
        text = "\n".join([header, *rows]) + "\n"
        (desk.settings.config_dir / "table.csv").write_text(text, encoding="utf-8")

    pick = {"period": "{month}", "readings": [{"indicator": "cargo", "value": "throughput", "unit": "TEU"}]}
    options = {"fetch": {"file": "table.csv"}, "decode": "csv", "pick": pick}
    publish("month,throughput", "2025-01,100", "2025-02,110")
    configure(desk, Source(id="port", kind="document", options=options))
    editor = desk.sign_in()
    once_over(editor, editor.post("/sources/port/run").headers["location"])
    assert "looked, and how it looks now" not in editor.page("/sources/port").text
    publish("month,throughput", "2025-01,100")
    tested = once_over(editor, editor.post("/sources/port/test").headers["location"])
    assert "What looks different, and what cannot be used" in tested.text
    once_over(editor, editor.post("/sources/port/run").headers["location"])
    page = editor.page("/sources/port")
    assert "looks different" in page.text
    assert "How table.csv looked, and how it looks now" in page.text
    assert "2 (2025-01..2025-02)" in page.text
    assert "1 (2025-01..2025-01)" in page.text
    assert "Documents" in page.text
