"""The bytes of /metrics: what they say, in which form, and that they are made once."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from hand_made import AWKWARD, FULL, SNAPSHOT, ZONE, changed, many
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from builders import indicator, reading, target
from targetwatch.evaluation.status import LAGGING, URGENCY
from targetwatch.metrics import CATALOGUE, Exposition, Service
from targetwatch.metrics.exposition import Page, chunk, part_of
from targetwatch.metrics.names import first_second, last_second, urgency
from targetwatch.model import AsOf, Catalogue, DataState, Performance, Snapshot, Step, StepState, Text, Verdict
from targetwatch.store import catalogue, db, readings
from targetwatch.watch import Watch

GOLDEN = Path(__file__).parent / "golden.prom"
NOW = datetime(2025, 7, 18, 3, 30, tzinfo=UTC)


def exposition(snapshot: Snapshot = SNAPSHOT, **options: object) -> Exposition:
    made = Exposition(ZONE, **options)  # type: ignore[arg-type]
    made.show(snapshot)
    return made


def samples(body: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return every sample of a page, read by Prometheus' own Python client."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in read_text(body.decode())
        for sample in family.samples
    }


def names(body: bytes) -> set[str]:
    return {name for name, _ in samples(body)}


def test_a_snapshot_made_by_hand_gives_exactly_the_golden_page():
    assert exposition().answer()[0].decode() == GOLDEN.read_text(encoding="utf-8")


def test_the_golden_page_has_every_metric_that_speaks_of_a_snapshot():
    of_service = {metric.name for metric in CATALOGUE if metric.name not in names(GOLDEN.read_bytes())}
    spoken = {metric.name for metric in CATALOGUE if "target_" in metric.name or "indicator" in metric.labels}
    spoken -= {"targetwatch_target_late_seconds"}  # neither of its targets is late
    assert not of_service & spoken


def test_a_label_comes_back_as_it_went_in():
    found = {
        dict(labels)["target"]: dict(labels)
        for (name, labels) in samples(exposition().answer()[0])
        if name == "targetwatch_target_info"
    }
    assert found["routes-2025"]["title_en"] == AWKWARD.en
    assert found["routes-2025"]["short_zh"] == AWKWARD.zh


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30))
def test_any_text_in_a_label_survives_both_formats(text: str):
    named = replace(SNAPSHOT.catalogue.targets[0], title=replace(AWKWARD, en=text))
    snapshot = replace(SNAPSHOT, catalogue=replace(SNAPSHOT.catalogue, targets=(named,)))
    page = exposition(snapshot)
    for accept, read in (("", read_text), ("application/openmetrics-text", read_openmetrics)):
        families = {family.name: family for family in read(page.answer(accept)[0].decode())}
        assert families["targetwatch_target_info"].samples[0].labels["title_en"] == text


def test_an_unknown_value_is_no_sample_and_a_target_not_announced_has_none():
    found = samples(exposition().answer()[0])
    said = {name for name, labels in found if ("target", "routes-2025") in labels}
    assert said == {
        "targetwatch_target_info",
        "targetwatch_target_tile_info",
        "targetwatch_target_status_changes_total",
        "targetwatch_target_performance",
        "targetwatch_target_data_state",
        "targetwatch_target_start_timestamp_seconds",
        "targetwatch_target_version",
        "targetwatch_target_urgency",
    }
    assert not [labels for _, labels in found if ("target", "later") in labels]


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_no_sample(wrong: float):
    page = exposition(changed(SNAPSHOT, "cargo-2025", pace_ratio=wrong)).answer()[0]
    assert "targetwatch_target_pace_ratio" not in names(page)


@pytest.mark.parametrize("performance", list(Performance))
def test_one_status_is_1_and_every_other_0(performance: Performance):
    page = exposition(changed(SNAPSHOT, "cargo-2025", performance=performance)).answer()[0]
    shown = {
        dict(labels)["status"]: value
        for (name, labels), value in samples(page).items()
        if name == "targetwatch_target_performance" and ("target", "cargo-2025") in labels
    }
    assert shown == {status.value: float(status is performance) for status in Performance}


def test_a_deleted_target_is_gone_from_the_next_page():
    page = exposition()
    assert b'target="routes-2025"' in page.answer()[0]
    kept = SNAPSHOT.catalogue.targets[:1]
    gone = replace(
        SNAPSHOT,
        catalogue=replace(SNAPSHOT.catalogue, targets=kept),
        verdicts={"cargo-2025": SNAPSHOT.verdicts["cargo-2025"]},
    )
    page.show(gone)
    assert b"routes-2025" not in page.answer()[0]
    assert b'target="cargo-2025"' in page.answer()[0]


def test_a_target_whose_verdict_is_withdrawn_is_gone_though_it_is_still_configured():
    page = exposition()
    page.show(replace(SNAPSHOT, verdicts={"routes-2025": SNAPSHOT.verdicts["routes-2025"]}))
    assert b'target="cargo-2025"' not in page.answer()[0]


def test_a_page_made_after_many_changes_is_the_page_made_from_nothing():
    page, snapshot = Exposition(ZONE), many(200)
    for number in (0, 63, 64, 199):
        page.show(snapshot)
        snapshot = changed(snapshot, f"target-{number:05}", pace_ratio=number / 7, performance=Performance.MISSED)
        snapshot = replace(snapshot, held={**snapshot.held, f"cargo-{number:05}": number})
    page.show(snapshot)
    fresh = exposition(snapshot)
    assert page.answer() == fresh.answer()
    assert page.answer("", "gzip") == fresh.answer("", "gzip")


def test_after_one_verdict_only_its_block_is_made_anew():
    page, snapshot = Exposition(ZONE), many(200)
    before = [chunk for block in page.render(snapshot) for chunk in block.chunks.values()]
    blocks = page.render(changed(snapshot, "target-00100", pace_ratio=0.5))
    after = [chunk for block in blocks for chunk in block.chunks.values()]
    old = {id(chunk) for chunk in before}
    new = [chunk.plain for chunk in after if id(chunk) not in old]
    about_targets = [lines for lines in new if b"targetwatch_target_" in lines]
    assert len(about_targets) == 25
    assert all(b"target-00100" in lines for lines in about_targets)
    assert len(new) - len(about_targets) == 4, "the the snapshot's own lines"


def test_status_changes_counted_are_said_of_the_whole_and_its_parts_and_cost_their_blocks_only():
    page, snapshot = exposition(many(200)), many(200)
    page.show(snapshot)
    name = "target-00100"
    part, other = (page.part(number, 2) for number in (part_of(name, 2), 3 - part_of(name, 2)))
    page.answer(), part.answer("", "gzip"), other.answer()
    before, elsewhere = page.render(snapshot, ()), other.answer()
    page.count({name: 7, "unknown": 3})
    said = f'targetwatch_target_status_changes_total{{target="{name}"}} 7\n'.encode()
    assert said in page.answer()[0]
    assert said in gzip.decompress(part.answer("", "gzip")[0])
    assert other.answer() == elsewhere
    new = [block for block in page.render(snapshot, ()) if block not in before]
    assert [said in b"".join(chunk.plain for chunk in block.chunks.values()) for block in new] == [True]


def test_gzip_holds_the_same_bytes_in_one_member():
    page = exposition(many(150), service=Service())
    plain, headers = page.answer()
    packed, said = page.answer("", "gzip, deflate")
    assert lasting(gzip.decompress(packed)) == lasting(plain)
    plain = gzip.decompress(packed)
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(packed) == plain
    assert reader.eof
    assert not reader.unused_data
    assert "Content-Encoding" not in headers
    assert said["Content-Encoding"] == "gzip"
    assert len(packed) < len(plain) / 10


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_pieces_compressed_one_by_one_are_one_gzip_stream(pieces: list[bytes]):
    *most, last = [b"", *pieces]
    assert gzip.decompress(Page([chunk(piece) for piece in most]).gzip(last)) == b"".join(pieces)


@pytest.mark.parametrize(
    ("accept", "openmetrics"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("text/plain;version=0.0.4", False),
        ("application/openmetrics-text; version=1.0.0", True),
        ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", True),
        ("application/openmetrics-text;q=0.2,text/plain;q=0.5", False),
        ("application/openmetrics-text;q=0", False),
        ("application/openmetrics-text;q=none", False),
    ],
)
def test_openmetrics_is_sent_to_who_likes_it_best_and_ends_as_it_must(accept: str, openmetrics: bool):  # noqa: FBT001
    body, headers = exposition(service=Service()).answer(accept)
    assert headers["Content-Type"] == (
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
        if openmetrics
        else "text/plain; version=0.0.4; charset=utf-8"
    )
    assert body.endswith(b"\n# EOF\n") is openmetrics
    assert body.count(b"# EOF") == openmetrics
    assert body.count(b"# TYPE targetwatch_target_status_changes_total counter") == (not openmetrics)
    read = list((read_openmetrics if openmetrics else read_text)(body.decode()))
    assert len(read) > 20


@pytest.mark.parametrize(("said", "sent"), [("", False), ("identity", False), ("gzip;q=0", False), ("br, gzip", True)])
def test_gzip_is_sent_only_to_who_takes_it(said: str, sent: bool):  # noqa: FBT001
    body, headers = exposition().answer("", said)
    assert ("Content-Encoding" in headers) is sent
    assert body.startswith(b"\x1f\x8b") is sent


def test_before_the_first_snapshot_there_is_only_what_the_process_says_of_itself():
    found = names(lasting(Exposition(ZONE, service=Service()).answer()[0]))
    assert {name for name in found if "refresh_duration" not in name} == {
        "targetwatch_build_info",
        "targetwatch_mails_total",
        "targetwatch_write_failures_total",
    }


def lasting(body: bytes) -> bytes:
    """Return a page without what the process says of itself, which changes from one answer to the next."""
    return b"\n".join(line for line in body.split(b"\n") if b"process_" not in line)


def test_nobodys_address_is_on_the_page():
    assert b"port@example.org" not in exposition().answer()[0]


def test_a_change_kept_just_now_is_counted_without_another_judgement_and_none_is_forgotten():
    page = exposition()
    own = frozenset({("target", "cargo-2025")})
    assert samples(page.answer()[0])["targetwatch_target_status_changes_total", own] == 0
    page.count({"cargo-2025": 1000, "later": 3})
    assert samples(page.answer()[0])["targetwatch_target_status_changes_total", own] == 1000
    assert ("targetwatch_target_status_changes_total", frozenset({("target", "later")})) not in samples(
        page.answer()[0]
    )
    page.show(changed(SNAPSHOT, "cargo-2025", pace_ratio=1.0))
    assert samples(page.answer()[0])["targetwatch_target_status_changes_total", own] == 1000


def test_urgency_orders_by_status_the_worst_first_then_odds_then_deadline_then_name_and_never_ties():
    def said(performance: Performance, odds: float | None = 0.5, deadline: date | None = date(2025, 12, 31)) -> Verdict:
        return replace(FULL, performance=performance, attainment_probability=odds, deadline=deadline)

    assert [one.value for one in URGENCY] == [
        "missed",
        "off_track",
        "at_risk",
        "awaiting_data",
        "on_track",
        "pending",
        "achieved",
    ]
    for worse, better in pairwise(URGENCY):
        assert urgency(said(worse, 1.0, None), 99_999) > urgency(said(better, 0.0), 1)
    missed = said(Performance.MISSED)
    assert urgency(missed, 1) > urgency(said(Performance.MISSED, 0.500001), 1)
    assert urgency(missed, 99_999) > urgency(said(Performance.MISSED, 0.5, date(2026, 1, 1)), 1)
    assert len({urgency(missed, position) for position in range(1, 20_000)}) == 19_999
    assert int(urgency(said(Performance.MISSED, 1.0, None), 1)) == int(urgency(said(Performance.MISSED, 0.0), 1)) == 6
    step = Step(id="a", title=Text("A", "A"), due=date(2025, 3, 31))
    done = StepState(step=step, due=step.due, done_on=date(2025, 11, 13), known_on=date(2025, 11, 15), late_days=227)
    done_late = urgency(replace(said(Performance.MISSED, None), steps=(done,)), 1)
    assert urgency(said(Performance.AT_RISK, 1.0, None), 99_999) > 4 > done_late, "it does not lag"
    assert done_late > urgency(said(Performance.AWAITING_DATA, 0.0), 1)
    lagging = {int(urgency(said(one, odds), 1)) for one in LAGGING for odds in (0.0, 1.0)}
    assert lagging == {4, 5}, "as the recording rules know what lags"


def test_a_late_figure_is_as_late_as_the_moment_shown_though_its_verdict_stands_still():
    late = changed(SNAPSHOT, "cargo-2025", data_state=DataState.LATE, next_release_due=date(2025, 7, 16))
    page = exposition(late)
    own = frozenset({("target", "cargo-2025")})
    assert samples(page.answer()[0])["targetwatch_target_late_seconds", own] == pytest.approx(3 * 86400)
    page.show(replace(late, as_of=AsOf.end_of(date(2025, 7, 19), ZONE)))
    assert samples(page.answer()[0])["targetwatch_target_late_seconds", own] == pytest.approx(4 * 86400)
    page.show(SNAPSHOT)
    assert "targetwatch_target_late_seconds" not in names(page.answer()[0])


def test_a_day_lasts_from_its_first_to_its_last_second_in_the_zone():
    day = SNAPSHOT.as_of.day
    assert datetime.fromtimestamp(first_second(day, ZONE) or 0, ZONE).isoformat() == "2025-07-18T00:00:00+08:00"
    assert datetime.fromtimestamp(last_second(day, ZONE) or 0, ZONE).isoformat() == "2025-07-18T23:59:59+08:00"
    short = ZoneInfo("Europe/Berlin")
    spring = day.replace(month=3, day=30)
    assert (last_second(spring, short) or 0) - (first_second(spring, short) or 0) == 23 * 3600 - 1
    assert first_second(None, ZONE) is last_second(None, ZONE) is None


def test_a_scrape_asks_the_database_nothing(tmp_path: Path):
    file = tmp_path / "watch.db"
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    with db.writing(engine, "test", now=NOW) as session:
        catalogue.reconcile(session, Catalogue(indicators=(indicator(),), targets=(target(),)), now=NOW)
        readings.add(session, [reading("2025-01-01..2025-06-30", 154600, "2025-07-17")])
    service = Service()
    page = Exposition(ZONE, service=service)
    statements: list[str] = []
    sqlalchemy.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with db.reading(engine) as session:
        page.show(Watch().refresh(session, AsOf.at(NOW, ZONE), taken_at=NOW).snapshot)
    asked = len(statements)
    before = lasting(page.answer()[0])
    engine.dispose()
    file.unlink()
    assert asked > 0
    assert len(statements) == asked
    assert lasting(page.answer()[0]) == before
    assert samples(before)["targetwatch_target_actual_value", frozenset({("target", "cargo-2025")})] == 154600
