from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from ground import FALL, H1, KNOWN, NOW, Q1, SOURCE, TODAY, Ground
from sqlalchemy import Engine

from builders import PUBLISHER, indicator
from refusing import raises, say
from targetwatch.connectors import CONNECTORS, Connector, Fetched, RowError, SourceOptions
from targetwatch.errors import ConflictError, UsageError
from targetwatch.ingest import IngestOutcome, enter_table, entered, undo
from targetwatch.model import (
    Basis,
    Period,
    Qualifier,
    Source,
)
from targetwatch.store import audit, catalogue, db, readings, runs


def counts(outcome: IngestOutcome) -> tuple[int, int, int, int]:
    return (outcome.new, outcome.known, outcome.revised, outcome.held)


def test_readings_are_stored_in_the_indicators_unit_and_the_run_is_recorded(ground: Ground) -> None:
    outcome = ground.run(Q1, H1)
    assert (outcome.outcome, outcome.reason, counts(outcome)) == ("ok", None, (2, 0, 0, 0))
    first, second = ground.stored()
    assert (first.value, first.rounding, first.unit, first.yoy) == (Decimal(64000), Decimal(500), None, Decimal("0.28"))
    assert (second.value, second.rounding, second.recorded_at, second.source) == (154600, 0, NOW, "port")
    (recorded,) = ground.runs()
    assert (recorded.source, recorded.outcome, recorded.new, recorded.started_at) == ("port", "ok", 2, NOW)
    assert recorded.finished_at == outcome.finished_at > NOW
    assert recorded.request == str(outcome.request) == f"read port.csv in {ground.folder} as utf-8: 1 file"
    assert [(judged.place, judged.outcome, judged.id) for judged in outcome.judged] == [
        ("port.csv:2", "new", first.id),
        ("port.csv:3", "new", second.id),
    ]


def test_running_again_inserts_nothing_whether_the_source_is_unchanged_or_only_its_readings_are(ground: Ground) -> None:
    ground.run(Q1, H1)
    unchanged = ground.run(days=1)
    assert (unchanged.outcome, counts(unchanged)) == ("unchanged", (0, 0, 0, 0))
    reordered = ground.run(H1, Q1, days=2)
    assert (reordered.outcome, counts(reordered)) == ("ok", (0, 2, 0, 0))
    assert ground.values() == ["64000", "154600"]
    assert [one.outcome for one in ground.runs()] == ["ok", "unchanged", "ok"]


def test_a_reading_in_a_file_without_a_publication_date_stays_undated_and_is_known_again(
    ground: Ground,
) -> None:
    undated = Q1.replace("2025-04-15", "")
    assert counts(ground.run(undated)) == (1, 0, 0, 0)
    assert counts(ground.run(undated, "\n", days=30)) == (0, 1, 0, 0)
    assert [reading.published_on for reading in ground.stored()] == [None]


def test_a_reading_of_a_live_source_without_one_counts_from_the_day_it_was_first_seen(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CONNECTORS["csv_file"], "dated_when_seen", True)
    undated = Q1.replace("2025-04-15", "")
    assert counts(ground.run(undated)) == (1, 0, 0, 0)
    assert counts(ground.run(undated, "\n", days=30)) == (0, 1, 0, 0)
    assert [reading.published_on for reading in ground.stored()] == [TODAY]
    assert CONNECTORS["http_json"].dated_when_seen


def test_a_revision_is_a_further_vintage_whatever_the_order_in_the_file(ground: Ground) -> None:
    flash = f"cargo,2024,year_to_date,24.9万,{PUBLISHER},2025-01-01,,,,\n"
    final = f"cargo,2024,year_to_date,25.18万,{PUBLISHER},2025-01-20,,,,\n"
    outcome = ground.run(final, flash)
    assert counts(outcome) == (1, 0, 1, 0)
    assert ground.values() == ["249000", "251800"]
    assert [(judged.place, judged.outcome) for judged in outcome.judged] == [
        ("port.csv:3", "new"),
        ("port.csv:2", "revised"),
    ]


def test_the_same_row_twice_in_one_file_is_one_reading(ground: Ground) -> None:
    assert counts(ground.run(Q1, Q1.replace(",,\n", ",reprint,\n").replace("reprint,", ","))) == (1, 1, 0, 0)


def test_a_suspicious_reading_is_held_with_its_reason_and_the_good_ones_stay(ground: Ground) -> None:
    outcome = ground.run(Q1, H1, FALL)
    assert counts(outcome) == (2, 0, 0, 1)
    (held,) = ground.held()
    assert held.reading.value == 21580
    assert say(held.reason).startswith(f"The year-to-date of {PUBLISHER} would fall from 154,600 TEU (2025-H1")
    assert [(one.reason, one.id) for one in outcome.judged if one.outcome == "held"] == [(held.reason, held.id)]
    assert ground.values() == ["64000", "154600"]


def test_a_held_reading_is_not_held_again_be_it_waiting_or_rejected(ground: Ground) -> None:
    ground.run(Q1, H1, FALL)
    assert counts(ground.run(FALL, H1, Q1, days=1)) == (0, 3, 0, 0)
    with db.writing(ground.engine, "web:li", now=NOW) as session:
        readings.reject(session, ground.held()[0].id, note="misread", now=NOW)
    assert counts(ground.run(H1, FALL, Q1, days=2)) == (0, 3, 0, 0)
    assert len(ground.held(None)) == 1


def test_a_held_reading_that_was_accepted_is_known_and_what_follows_is_screened_against_it(ground: Ground) -> None:
    ground.run(Q1, H1, FALL)
    with db.writing(ground.engine, "web:li", now=NOW) as session:
        readings.accept(session, ground.held()[0].id, note="it is so", now=NOW)
    later = f"cargo,2025-01..2025-10,year_to_date,160000,{PUBLISHER},2025-12-09,,,,\n"
    assert counts(ground.run(H1, Q1, FALL, later, days=1)) == (1, 3, 0, 0)


def test_a_withdrawn_reading_stays_withdrawn_and_is_no_past(ground: Ground) -> None:
    wrong = H1.replace("154,600", "1,546,000").replace(",28%", ",")
    ground.run(wrong)
    with db.writing(ground.engine, "web:li", now=NOW) as session:
        readings.withdraw(session, ground.stored()[0].id or 0, reason="ten times too much", now=NOW)
    assert counts(ground.run(wrong, Q1, days=1)) == (1, 1, 0, 0)
    assert [reading.withdrawn_at is None for reading in ground.stored()] == [False, True]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (Q1.replace("cargo", "crago"), "indicator 'crago': not found; did you mean cargo?"),
        (Q1.replace(PUBLISHER, "costums"), "publisher 'costums': not found; did you mean customs?"),
        (Q1.replace("cargo", "total"), "indicator 'total': is computed, expected readings of cargo instead"),
        (Q1.replace(",28%,,", ",28%,jakarta,"), "step 'jakarta': cargo has no steps, expected none"),
        (
            f"routes,2025-08-24,event,1,{PUBLISHER},2025-08-24,,,,\n",
            "step: is empty, expected one of haiphong, jakarta",
        ),
        (
            f"routes,2025-08-24,event,1,{PUBLISHER},2025-08-24,,,jakrata,\n",
            "step 'jakrata': not found; did you mean jakarta?",
        ),
        (Q1.replace("6.4万标箱", "six"), "value 'six': is not a number"),
    ],
)
def test_a_row_that_cannot_be_entered_is_reported_with_its_line_and_the_others_are_stored(
    ground: Ground, row: str, reason: str
) -> None:
    outcome = ground.run(row, H1)
    assert (outcome.outcome, counts(outcome)) == ("ok", (1, 0, 0, 0))
    (problem,) = outcome.problems
    assert say(problem).startswith(f"port.csv:2: {reason}")
    assert ground.runs()[0].problems == (problem,)


def test_after_a_row_that_could_not_be_used_the_source_is_read_whole_again(ground: Ground) -> None:
    ground.run(Q1.replace("cargo", "freight"), H1)
    assert ground.state() == {}
    with db.writing(ground.engine, "test", now=NOW) as session:
        wanted = replace(KNOWN, indicators=(*KNOWN.indicators, indicator(id="freight")))
        catalogue.reconcile(session, wanted, now=NOW)
    assert counts(ground.run(days=1)) == (1, 1, 0, 0)
    assert ground.values("freight") == ["64000"]
    assert ground.state() != {}


def test_a_source_with_nothing_usable_in_it_has_failed_with_the_first_reason(ground: Ground) -> None:
    outcome = ground.run(Q1.replace("cargo", "crago"), H1.replace("154,600", "1,5"))
    assert outcome.failed
    assert say(outcome.reason).startswith("no row can be used, 2 problems, the first at port.csv:3: value '1,5 TEUs'")
    assert [one.outcome for one in ground.runs()] == ["failed"]


def test_of_very_many_problems_a_run_keeps_the_first_hundred_by_name(ground: Ground) -> None:
    outcome = ground.run(*[Q1.replace("6.4", "six")] * 150, H1)
    assert len(outcome.problems) == 150
    (recorded,) = ground.runs()
    assert (len(recorded.problems), say(recorded.problems[-1])) == (101, "and 50 more")


def test_a_convertible_unit_is_converted_and_another_one_is_held(ground: Ground) -> None:
    ground.run(
        f"trade,2025-01..2025-03,year_to_date,1811.5亿元,{PUBLISHER},2025-04-15,,,,\n",
        f"trade,2025-01..2025-06,year_to_date,3900.1,{PUBLISHER},2025-07-15,亿元,,,\n",
        f"trade,2025-01..2025-09,year_to_date,5819.8亿,{PUBLISHER},2025-10-15,,,,\n",
        f"trade,2025,year_to_date,800.68,{PUBLISHER},2026-01-26,,,,\n",
        f"trade,2025-01..2025-10,year_to_date,98.18 billion USD,{PUBLISHER},2025-11-15,,,,\n",
    )
    stored = ground.stored("trade")
    assert [(str(one.value), str(one.rounding), one.unit) for one in stored] == [
        ("181.15", "0.005", None),
        ("390.01", "0.005", None),
        ("581.98", "0.005", None),
        ("800.68", "0.005", None),
    ]
    assert [say(one.reason) for one in ground.held()] == ["The reading says USD, but the indicator counts bn CNY."]


def test_a_source_that_cannot_be_read_becomes_a_recorded_run_and_no_exception(ground: Ground) -> None:
    ground.run(Q1)
    before = ground.state()
    (ground.folder / "port.csv").unlink()
    outcome = ground.run(days=1)
    assert outcome.failed
    assert say(outcome.reason) == f"path 'port.csv': no file matches in {ground.folder}"
    assert [(one.outcome, one.reason) for one in ground.runs()] == [("ok", None), ("failed", outcome.reason)]
    assert ground.state() == before
    with db.reading(ground.engine) as session:
        assert runs.last_success(session)["port"] < NOW + timedelta(days=1)


def test_a_kind_nobody_knows_and_options_nobody_knows_are_failed_runs(ground: Ground) -> None:
    unknown = ground.run(source=replace(SOURCE, kind="carrier_pigeon"))
    assert say(unknown.reason) == "kind 'carrier_pigeon': is not known, expected one of csv_file, document, http_json"
    wrong = ground.run(source=replace(SOURCE, options={"paht": "x"}))
    assert "option 'path': Field required" in say(wrong.reason)
    assert [one.outcome for one in ground.runs()] == ["failed", "failed"]


def test_a_dry_run_tells_everything_and_writes_nothing(ground: Ground) -> None:
    ground.run(Q1)
    told = ground.run(Q1, H1, FALL, Q1.replace("cargo", "crago"), days=1, dry_run=True)
    assert [(judged.place, judged.outcome) for judged in told.judged] == [
        ("port.csv:2", "known"),
        ("port.csv:3", "new"),
        ("port.csv:4", "held"),
    ]
    assert say(told.judged[2].reason).startswith("The year-to-date")
    assert (counts(told), len(told.problems)) == ((1, 1, 0, 1), 1)
    assert str(told.request).startswith("read port.csv")
    assert (ground.values(), ground.held(), len(ground.runs())) == (["64000"], (), 1)
    (ground.folder / "port.csv").unlink()
    assert say(ground.run(dry_run=True).reason).startswith("path 'port.csv': no file matches")
    assert len(ground.runs()) == 1


def test_a_dry_run_of_an_unchanged_source_still_shows_its_readings(ground: Ground) -> None:
    ground.run(Q1)
    assert [judged.outcome for judged in ground.run(dry_run=True).judged] == ["known"]


class _Busy(Connector):
    """A connector during whose fetch somebody else writes to the same database."""

    kind = "busy"
    Options = SourceOptions
    engine: Engine

    def request(self, source: Source) -> str:
        return "ask"

    def fetch(self, source: Source, state: Mapping[str, str], now: datetime) -> Fetched:
        with db.writing(self.engine, "other", now=now) as session:
            runs.save_fetch_state(session, "other", {"wrote": "while fetching"}, now=now)
        return Fetched(request="ask")


class _Broken(_Busy):
    """A connector with a bug in it."""

    def fetch(self, source: Source, state: Mapping[str, str], now: datetime) -> Fetched:
        raise ZeroDivisionError


def test_no_transaction_is_open_while_a_source_is_fetched(ground: Ground) -> None:
    _Busy.engine = ground.engine
    outcome = ground.run(source=Source(id="busy", kind="busy"), connectors={"busy": _Busy})
    assert outcome.outcome == "ok"
    with db.reading(ground.engine) as session:
        assert runs.fetch_state(session, "other") == {"wrote": "while fetching"}


def test_a_bug_in_a_connector_is_not_taken_for_a_fault_of_the_source(ground: Ground) -> None:
    with pytest.raises(ZeroDivisionError):
        ground.run(source=Source(id="broken", kind="broken"), connectors={"broken": _Broken})
    assert ground.runs() == []


def test_every_write_of_a_run_is_answered_for_by_its_source(ground: Ground) -> None:
    ground.run(Q1, H1, FALL)
    with db.reading(ground.engine) as session:
        assert {entry.actor for entry in audit.entries(session) if entry.actor != "test"} == {"ingest:port"}
        assert audit.verify(session) == ()


def test_the_catalogue_may_be_handed_in(ground: Ground) -> None:
    fewer = replace(KNOWN, indicators=KNOWN.indicators[1:])
    outcome = ground.run(Q1, catalogue=fewer)
    assert "indicator 'cargo': not found" in say(outcome.problems[0])


def test_a_typed_reading_is_stored_in_the_words_it_was_printed_in(ground: Ground) -> None:
    done = ground.record(
        value="超6.4万标箱",
        period="2025-01..2025-03",
        published_on="2025-04-15",
        publisher="customs",
        yoy="28%",
        evidence_url="https://example.org/x",
        quote="共运输6.4万标箱",
        note="by telephone",
    )
    assert (done.outcome, done.reason, done.forced, done.quote_agrees) == ("new", None, False, True)
    (stored,) = ground.stored()
    assert done.id == stored.id
    assert stored.period == Period(date(2025, 1, 1), date(2025, 3, 31))
    assert (stored.value, stored.rounding, stored.qualifier) == (64000, 500, Qualifier.OVER)
    assert (stored.publisher, stored.yoy, stored.source) == ("customs", Decimal("0.28"), "manual")
    assert (stored.quote, stored.note, stored.evidence_url) == (
        "共运输6.4万标箱",
        "by telephone",
        "https://example.org/x",
    )
    with db.reading(ground.engine) as session:
        assert "cli:li" in {entry.actor for entry in audit.entries(session)}


def test_what_is_left_empty_is_taken_from_the_indicator(ground: Ground) -> None:
    assert ground.record().reading.publisher == PUBLISHER
    level = ground.record(indicator="index", basis="", value="1121.1", period="2025-06-30").reading
    assert (level.basis, level.published_on) == (Basis.POINT, None)
    step = ground.record(indicator="routes", basis="", value="", period="2025-08-24", step="jakarta").reading
    assert (step.basis, step.value, step.rounding) == (Basis.EVENT, 1, 0)


def test_the_units_of_the_indicators_own_may_be_typed_with_the_number(ground: Ground) -> None:
    for value in ("1,200 hospital beds", "1200张床位", "1200 beds", "0.12万"):
        done = ground.record(indicator="beds", basis="", period="2025-06-30", value=value, dry_run=True)  # type: ignore[arg-type]
        assert (done.reading.value, done.reading.unit) == (1200, None), value


def test_a_suspicious_typed_reading_waits_for_a_person(ground: Ground) -> None:
    ground.record()
    done = ground.record(value="15460", period="2025-01..2025-08")
    assert (done.outcome, done.id) == ("held", ground.held()[0].id)
    assert say(done.reason).startswith("The year-to-date of ")
    assert ground.values() == ["154600"]


def test_a_note_enters_a_suspicious_reading_all_the_same_and_is_kept(ground: Ground) -> None:
    ground.record()
    done = ground.record(value="15460", period="2025-01..2025-08", note="telephone", force_note="the office said so")
    assert (done.outcome, done.forced, say(done.reason)[:16]) == ("new", True, "The year-to-date")
    assert ground.values() == ["154600", "15460"]
    assert ground.stored()[1].note == f"telephone Entered although: {say(done.reason)} Because: the office said so"
    assert ground.held() == ()
    with db.reading(ground.engine) as session:
        assert "the office said so" in {entry.reason for entry in audit.entries(session)}


def test_a_note_does_nothing_to_a_reading_that_nothing_speaks_against(ground: Ground) -> None:
    done = ground.record(force_note="just in case")
    assert (done.outcome, done.forced, ground.stored()[0].note) == ("new", False, "")


def test_typing_a_reading_that_is_stored_already_changes_nothing(ground: Ground) -> None:
    first = ground.record(published_on="2025-07-17")
    again = ground.record(published_on="2025-07-17", quote="another quote", days=3)
    assert (again.outcome, again.id, again.reason) == ("known", first.id, None)
    assert len(ground.stored()) == 1


def test_typing_a_withdrawn_reading_says_that_it_was_withdrawn(ground: Ground) -> None:
    first = ground.record()
    with db.writing(ground.engine, "cli:li", now=NOW) as session:
        readings.withdraw(session, first.id or 0, reason="wrong", now=NOW)
    again = ground.record()
    assert (again.outcome, again.id) == ("known", first.id)
    assert say(again.reason) == f"The same reading, number {first.id}, was withdrawn; restore it if it was right."


def test_typing_a_reading_that_waits_says_so_and_a_note_accepts_it(ground: Ground) -> None:
    ground.record()
    waiting = ground.record(value="15460", period="2025-01..2025-08")
    again = ground.record(value="15460", period="2025-01..2025-08", days=1)
    assert (again.outcome, again.id, again.reason) == ("held", waiting.id, waiting.reason)
    told = ground.record(value="15460", period="2025-01..2025-08", force_note="yes", dry_run=True)  # type: ignore[arg-type]
    assert (told.outcome, ground.values()) == ("held", ["154600"])
    done = ground.record(value="15460", period="2025-01..2025-08", force_note="it is so", days=2)
    assert (done.outcome, done.forced, done.id) == ("new", True, ground.stored()[1].id)
    assert [(held.status, held.note) for held in ground.held(None)] == [("accepted", "it is so")]


def test_typing_a_rejected_reading_says_who_rejected_it_and_why(ground: Ground) -> None:
    ground.record()
    waiting = ground.record(value="15460", period="2025-01..2025-08")
    with db.writing(ground.engine, "web:sun", now=NOW) as session:
        readings.reject(session, waiting.id or 0, note="misread", now=NOW)
    again = ground.record(value="15460", period="2025-01..2025-08")
    assert say(again.reason) == f"{say(waiting.reason)} It was rejected by web:sun: misread"


def test_a_typed_revision_is_a_further_vintage(ground: Ground) -> None:
    ground.record(published_on="2025-07-17")
    assert ground.record(value="155,000", published_on="2025-08-01").outcome == "revised"


def test_a_dry_entry_says_what_would_become_of_it_and_writes_nothing(ground: Ground) -> None:
    told = ground.record(dry_run=True)  # type: ignore[arg-type]
    assert (told.outcome, told.id, told.reading.value) == ("new", None, 154600)
    assert ground.stored() == ()


@pytest.mark.parametrize(("quote", "agrees"), [("up 28%", None), ("154,600 TEUs", True), ("153,600 TEUs", False)])
def test_whether_the_quote_names_the_figure_is_told(ground: Ground, quote: str, agrees: bool | None) -> None:  # noqa: FBT001
    assert ground.record(quote=quote).quote_agrees is agrees


def test_a_figure_in_another_notation_is_read_by_its_locale(ground: Ground) -> None:
    assert ground.record(value="154.600,0", locale="de").reading.value == 154600


def test_every_fault_of_a_typed_reading_is_told_at_once(ground: Ground) -> None:
    with pytest.raises(RowError) as refused:
        ground.record(value="1,5", yoy="0.28", period="2025-13")
    assert [problem.where for problem in refused.value.problems] == ["value", "period", "yoy"]
    with raises(RowError, match=r"publisher 'costums': not found; did you mean customs\?"):
        ground.record(publisher="costums")
    with raises(RowError, match="value: says USD, the indicator counts TEU"):
        ground.record(value="5 bn USD", force_note="never mind")
    with raises(RowError, match=r"indicator 'crago': not found; did you mean cargo\?"):
        ground.record(indicator="crago")
    with raises(UsageError, match="field 'valeu': is not known, expected one of indicator"):
        ground.record(valeu="5")
    assert ground.stored() == ()


@pytest.mark.parametrize(
    ("first", "again", "outcome"),
    [
        ("25.18万", "251,800", "known"),
        ("251,800", "25.18万", "known"),
        ("251,830", "25.18万", "known"),
        ("25.18万", "251,830", "revised"),
        ("25.18万", "25.19万", "revised"),
        ("25.18万", "over 25.18万", "revised"),
    ],
)
def test_the_same_figure_in_other_digits_is_no_revision(ground: Ground, first: str, again: str, outcome: str) -> None:
    before = ground.record(value=first, published_on="2025-07-17")
    done = ground.record(value=again, published_on="2025-08-01")
    assert done.outcome == outcome
    assert len(ground.stored()) == (1 if outcome == "known" else 2)
    if outcome == "known":
        assert (done.id, done.current and done.current.id, done.replaces) == (before.id, before.id, None)


@pytest.mark.parametrize(
    "news",
    [{"yoy": "28%"}, {"published_on": "2025-07-10"}, {"provisional": "yes"}, {"value": "154,700"}],
    ids=["a growth rate", "an earlier day", "provisional", "another value"],
)
def test_what_says_more_than_is_known_is_news_all_the_same(ground: Ground, news: dict[str, str]) -> None:
    ground.record(published_on="2025-07-17")
    assert ground.record(**{"published_on": "2025-08-01", **news}).outcome == "revised"


def test_a_figure_without_its_growth_rate_and_date_is_known_from_the_one_that_had_them(ground: Ground) -> None:
    first = ground.record(published_on="2025-07-17", yoy="28%")
    again = ground.record()
    assert (again.outcome, again.id) == ("known", first.id)


def test_a_source_that_restates_a_figure_in_other_digits_adds_nothing(ground: Ground) -> None:
    ground.run(H1)
    later = H1.replace("154,600 TEUs", "15.46万标箱").replace("2025-07-17", "2025-09-01")
    assert counts(ground.run(later, days=1)) == (0, 1, 0, 0)


def test_a_dry_entry_says_what_it_would_replace_and_what_our_own_growth_is(ground: Ground) -> None:
    ground.record(period="2024-H1", value="116,000", published_on="2024-07-20")
    old = ground.record(published_on="2025-07-17")
    told = ground.record(value="155,000", published_on="2025-08-01", yoy="28%", dry_run=True)  # type: ignore[arg-type]
    assert (told.outcome, told.replaces and told.replaces.id) == ("revised", old.id)
    assert told.year_before is not None
    assert (told.year_before.value, round(told.own_growth or 0, 3)) == (116000, Decimal("0.336"))
    assert told.growth_differs
    assert not ground.record(value="155,000", published_on="2025-08-01", yoy="33.6%", dry_run=True).growth_differs  # type: ignore[arg-type]
    assert ground.values() == ["116000", "154600"]


@pytest.mark.parametrize(("yoy", "differs"), [("34%", False), ("33%", True), ("33.6%", False), ("33.7%", True)])
def test_a_growth_rate_is_compared_to_the_place_it_is_printed_to(ground: Ground, yoy: str, differs: bool) -> None:  # noqa: FBT001
    ground.record(period="2024-H1", value="116,000", published_on="2024-07-20")
    assert ground.record(value="155,000", yoy=yoy, dry_run=True).growth_differs is differs  # type: ignore[arg-type]


def test_a_held_figure_whose_day_was_mistyped_is_entered_with_the_right_one(ground: Ground) -> None:
    wrong = ground.record(period="2025-01..2025-10", value="272,300", published_on="2025-09-12")
    assert (wrong.outcome, say(wrong.reason)[:21]) == ("held", "The period ends on 20")
    done = ground.record(period="2025-01..2025-10", value="272,300", published_on="2025-12-09", days=1)
    assert (done.outcome, done.forced, ground.values()) == ("new", False, ["272300"])
    (settled,) = ground.held(None)
    assert (settled.status, settled.note) == (
        "rejected",
        f"entered again as reading {done.id}, published 2025-12-09",
    )


def test_a_rejected_figure_with_another_day_is_judged_anew(ground: Ground) -> None:
    wrong = ground.record(period="2025-01..2025-10", value="272,300", published_on="2025-09-12")
    with db.writing(ground.engine, "web:sun", now=NOW) as session:
        readings.reject(session, wrong.id or 0, note="wrong day", now=NOW)
    done = ground.record(period="2025-01..2025-10", value="272,300", published_on="2025-12-09", days=1)
    assert (done.outcome, ground.values()) == ("new", ["272300"])


def test_typing_a_rejected_reading_again_is_told_as_rejected_and_a_note_lets_it_count(ground: Ground) -> None:
    ground.record()
    waiting = ground.record(value="15460", period="2025-01..2025-08")
    with db.writing(ground.engine, "web:sun", now=NOW) as session:
        readings.reject(session, waiting.id or 0, note="misread", now=NOW)
    again = ground.record(value="15460", period="2025-01..2025-08")
    assert (again.outcome, again.id) == ("rejected", waiting.id)
    assert ground.values() == ["154600"]
    done = ground.record(value="15460", period="2025-01..2025-08", force_note="confirmed")
    assert (done.outcome, done.forced, ground.values()) == ("new", True, ["154600", "15460"])


def test_a_correction_withdraws_the_wrong_reading_and_judges_as_if_it_had_never_been(ground: Ground) -> None:
    ground.record(period="2024-H1", value="116,000", published_on="2024-07-20")
    wrong = ground.record(value="300,000", published_on="2025-07-17")
    right = ground.record(value="154,600", published_on="2025-07-17", corrects=wrong.id, reason="typed twice", days=1)  # type: ignore[arg-type]
    assert right.outcome == "revised"
    before, after = ground.stored()[1:]
    assert (before.withdrawn_at is not None, after.withdrawn_at, after.value) == (True, None, 154600)
    with raises(ConflictError, match="is withdrawn already"):
        ground.record(value="154,601", corrects=wrong.id)  # type: ignore[arg-type]


def test_a_correction_of_nothing_but_the_evidence_is_a_further_vintage(ground: Ground) -> None:
    wrong = ground.record(published_on="2025-07-17", evidence_url="https://example.org/wrong")
    right = ground.record(published_on="2025-07-17", evidence_url="https://example.org/right", corrects=wrong.id)  # type: ignore[arg-type]
    assert [(one.evidence_url[-5:], one.withdrawn_at is None) for one in ground.stored()] == [
        ("wrong", False),
        ("right", True),
    ]
    assert right.id == ground.stored()[1].id


def test_a_correction_that_is_suspicious_is_held_and_leaves_the_wrong_reading_in_force(ground: Ground) -> None:
    wrong = ground.record(published_on="2025-07-17")
    done = ground.record(value="155,000", published_on="2025-01-01", corrects=wrong.id)  # type: ignore[arg-type]
    assert (done.outcome, ground.stored()[0].withdrawn_at) == ("held", None)


def test_a_correction_back_to_what_was_known_before_withdraws_the_wrong_reading_all_the_same(ground: Ground) -> None:
    first = ground.record(value="154,600", published_on="2025-07-17")
    wrong = ground.record(value="155,600", published_on="2025-08-01", days=1)  # type: ignore[arg-type]
    said = {"value": "154,600", "published_on": "2025-08-01", "corrects": wrong.id, "reason": "typed wrongly"}
    seen = ground.record(**said, dry_run=True)  # type: ignore[arg-type]
    assert (seen.outcome, seen.id, seen.withdrawn, ground.stored()[1].withdrawn_at) == (
        "known",
        first.id,
        wrong.id,
        None,
    )
    done = ground.record(**said, days=2)  # type: ignore[arg-type]
    assert (done.outcome, done.id, done.withdrawn) == ("known", first.id, wrong.id)
    assert [one.withdrawn_at is None for one in ground.stored()] == [True, False]
    with db.reading(ground.engine) as session:
        assert readings.acts(session, wrong.id or 0)[-1].reason == "typed wrongly"


def test_undoing_a_correction_puts_the_corrected_reading_back_in_one_transaction(ground: Ground) -> None:
    wrong = ground.record(value="155,600", published_on="2025-07-17")
    right = ground.record(value="154,600", published_on="2025-07-17", corrects=wrong.id, reason="swapped", days=1)  # type: ignore[arg-type]
    now, number = NOW + timedelta(days=1, minutes=1), right.id or 0
    with raises(ConflictError, match="was not entered so by cli:sun"):
        undo(ground.engine, number, number, actor="cli:sun", reason="undone", now=now)
    done = undo(ground.engine, number, number, actor="cli:li", reason="undone", now=now)
    assert (done.numbers, done.corrected) == (range(number, number + 1), (wrong.id,))
    assert {one.value: one.withdrawn_at is None for one in ground.stored()} == {155600: True, 154600: False}
    with db.reading(ground.engine) as session:
        trail = audit.entries(session, kind="withdrawal", since=now)
    assert [(one.actor, one.reason, one.at) for one in trail] == [("cli:li", "undone", now)] * 2
    with pytest.raises(ConflictError):
        undo(ground.engine, number, number, actor="cli:li", reason="again", now=now)


@pytest.mark.parametrize(("count", "is_known"), [(500, True), (501, False)])
def test_five_hundred_readings_can_be_taken_back_at_once(ground: Ground, *, count: int, is_known: bool) -> None:
    first = ground.record(published_on="2025-07-17").id or 0
    (one,) = ground.stored()
    more = [replace(one, id=None, publisher=f"p{number}") for number in range(count)]
    with db.writing(ground.engine, "cli:li", now=NOW) as session:
        readings.add(session, more)
    with db.reading(ground.engine) as session:
        assert (entered(session, first + 1, first + count, actor="cli:li") is not None) == is_known


def test_what_somebody_entered_in_one_stroke_is_known_for_as_long_as_all_of_it_is_in_force(ground: Ground) -> None:
    number = ground.record(published_on="2025-07-17").id or 0
    with db.reading(ground.engine) as session:
        assert entered(session, number, number, actor="cli:li", since=NOW) is not None
        assert entered(session, number, number, actor="cli:li", since=NOW + timedelta(seconds=1)) is None
        assert entered(session, number, number, actor="cli:sun") is None
        assert entered(session, number, number + 1, actor="cli:li") is None
        assert entered(session, number, number + 10**9, actor="cli:li") is None
        assert entered(session, number + 1, number, actor="cli:li") is None


def test_periods_and_days_may_be_typed_as_people_say_them(ground: Ground) -> None:
    done = ground.record(period="Jan-Oct 2025", value="272,300 TEU", published_on="9 December 2025", dry_run=True)  # type: ignore[arg-type]
    assert done.reading.period == Period(date(2025, 1, 1), date(2025, 10, 31))
    assert done.reading.published_on == date(2025, 12, 9)


def test_a_running_total_said_by_its_end_alone_counts_from_where_the_last_one_does(ground: Ground) -> None:
    start, total = date(2015, 11, 7), {"basis": "since_start", "published_on": "2026-01-20"}
    ground.record(period="2015-11-07..2024-12-31", value="900,000", **total | {"published_on": "2025-01-20"})  # type: ignore[arg-type]
    done = ground.record(period="2025", value="1,200,000", **total, dry_run=True)  # type: ignore[arg-type]
    assert (done.outcome, done.reading.period) == ("new", Period(start, date(2025, 12, 31)))
    fallen = ground.record(period="2025", value="300,000", **total, dry_run=True)  # type: ignore[arg-type]
    assert fallen.reason is not None
    assert "counts “that period alone”" in say(fallen.reason)
    asked = ground.record(period="2025-01-01..2025-12-31", value="300,000", **total, dry_run=True)  # type: ignore[arg-type]
    assert asked.reading.period.start == date(2025, 1, 1)
    row = {"indicator": "cargo", "publisher": PUBLISHER, "period": "2025", "value": "1,200,000"} | total
    table = enter_table(ground.engine, [(1, row)], actor="li", now=NOW, today=TODAY, dry_run=True)
    assert [line.reading.period.start for line in table.lines if line.reading] == [start]


def test_no_indicator_and_words_without_end_are_refused_by_name(ground: Ground) -> None:
    with raises(RowError, match="indicator: is empty, expected a value"):
        ground.record(indicator=" ")
    with pytest.raises(RowError) as refused:
        ground.record(quote="x" * 4001, value="1" * 201)
    assert sorted(map(say, refused.value.problems)) == [
        "quote: has 4,001 characters, expected at most 4,000",
        "value: has 201 characters, expected at most 200",
    ]


def test_every_fault_of_what_was_typed_is_named_whatever_else_is_wrong(ground: Ground) -> None:
    wrong = {"value": "5 bn USD", "period": "Smarch", "basis": "", "publisher": "costums", "step": "x", "yoy": "0.3"}
    with pytest.raises(RowError) as refused:
        ground.record(**wrong, quote="x" * 4001)  # type: ignore[arg-type]
    assert {one.where for one in refused.value.problems} == {*wrong, "quote"}
    assert "basis: nothing says what the figure counts, expected one of period, year_to_date, since_start" in map(
        say, refused.value.problems
    )
    with pytest.raises(RowError) as refused:
        ground.record(indicator="crago", basis="", publisher="costums", value="six", period="Smarch")
    assert sorted(one.where for one in refused.value.problems) == ["indicator", "period", "publisher", "value"]


def test_a_huge_run_gives_other_writers_a_turn_and_is_recorded_once(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["targetwatch.ingest.run"], "BATCH", 2)
    rows = [f"cargo,{year},period,{year}00,{PUBLISHER},{year + 1}-01-20,,,,\n" for year in range(2015, 2020)]
    outcome = ground.run(*rows)
    assert (counts(outcome), [judged.outcome for judged in outcome.judged]) == ((5, 0, 0, 0), ["new"] * 5)
    assert [(one.outcome, one.new) for one in ground.runs()] == [("ok", 5)]
    with db.reading(ground.engine) as session:
        batches = [entry.object for entry in audit.entries(session, kind="reading")]
    assert batches == ["5", "3..4", "1..2"]


def test_of_very_many_readings_a_run_tells_the_first_and_those_held(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sys.modules["targetwatch.ingest.run"].MOST_TOLD == 1_000
    monkeypatch.setattr(sys.modules["targetwatch.ingest.run"], "MOST_TOLD", 1)
    outcome = ground.run(Q1, H1, FALL)
    assert counts(outcome) == (2, 0, 0, 1)
    assert [one.outcome for one in outcome.judged] == ["new", "held"]
