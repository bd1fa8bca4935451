"""What is told: the present compared with what was told, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import OWNER as PORT
from builders import day, target
from mail.mail_world import ABOUT, FIGURES, OWNER, STEWARD, present, told, verdict
from targetwatch.mail import due
from targetwatch.mail.letter import Kind
from targetwatch.model import Acknowledgement, AsOf, DataState, Performance, Release, StatusChange, Text
from targetwatch.store.outbox import Key, Told
from targetwatch.store.runs import Run

LATE, SOURCE, HELD = Key(OWNER, "late", "cargo"), Key(STEWARD, "source", "customs"), Key(STEWARD, "held")


def said(performance: str, on: str = "2025-06-02", **changes: Any) -> dict[str, Any]:
    """Return what was told on a day of a status that began then."""
    spoken = {name: changes.pop(name) for name in ("began_on", "thread") if name in changes}
    return due.state_of(replace(due.told_of(verdict(performance, on, **changes), day(on)), **spoken))


def kind_of(before: str | None, now: str, **changes: Any) -> Kind | None:
    found = due.news(ABOUT, None if before is None else said(before), present("2025-06-10", verdict(now, **changes)))
    return None if found is None else found.kind


TELLING = ("at_risk", "off_track", "missed", "achieved")


@pytest.mark.parametrize("before", [None, *(one.value for one in Performance)])
@pytest.mark.parametrize("now", [one.value for one in Performance])
def test_bad_and_good_ends_are_told_once_and_on_track_only_after_they_were(before: str | None, now: str) -> None:
    is_told = before != now and (now in TELLING or (now == "on_track" and before in TELLING))
    assert kind_of(before, now) == (Kind.CHANGE if is_told else None)


@pytest.mark.parametrize(
    ("last_told", "on", "told_again"),
    [
        ("2025-06-02", "2025-07-01", False),
        ("2025-06-02", "2025-07-02", True),
        ("2025-07-02", "2025-07-31", False),
        ("2025-07-02", "2025-08-01", True),
        ("2025-08-01", "2025-09-29", False),
        ("2025-08-01", "2025-09-30", True),
        ("2025-09-30", "2026-01-27", False),
        ("2025-09-30", "2026-01-28", True),
        ("2026-01-28", "2026-09-24", False),
        ("2026-01-28", "2026-09-25", True),
    ],
)
def test_trouble_that_lasts_is_told_again_after_30_60_120_240_and_every_240_days(
    last_told: str,
    on: str,
    told_again: bool,  # noqa: FBT001
) -> None:
    state = due.state_of(replace(due.told_of(verdict("off_track"), day(last_told)), began_on=day("2025-06-02")))
    found = due.news(ABOUT, state, present(on, verdict("off_track")))
    assert (found is not None) is told_again
    if found is not None:
        assert (found.kind, found.began_on, found.told) == (Kind.STILL, day("2025-06-02"), Performance.OFF_TRACK)


def test_a_new_figure_tells_trouble_again_and_the_same_one_does_not() -> None:
    before = said("at_risk")
    assert due.news(ABOUT, before, present("2025-06-10", verdict("at_risk"))) is None
    found = due.news(ABOUT, before, present("2025-06-10", verdict("at_risk", data_through=day("2025-06-30"))))
    assert found is not None
    assert (found.kind, found.then.data_through if found.then else None) == (Kind.STILL, day("2025-03-31"))


@pytest.mark.parametrize("status", ["missed", "achieved", "on_track", "pending", "awaiting_data"])
def test_nothing_but_trouble_is_told_again(status: str) -> None:
    newer = verdict(status, data_through=day("2025-09-30"))
    assert due.news(ABOUT, said(status), present("2026-06-10", newer)) is None


def known(until: str = "2025-12-31", at: str = "2025-06-05") -> dict[str, Acknowledgement]:
    moment = datetime.combine(day(at), datetime.min.time(), UTC)
    given_ = Acknowledgement(target="cargo-2025", receiver=OWNER, by="Li", note="ships", until=day(until), at=moment)
    return {"cargo-2025": given_}


def test_whoever_knows_is_not_reminded_but_told_what_is_worse_with_who_knows() -> None:
    newer = verdict("at_risk", data_through=day("2025-06-30"))
    assert due.news(ABOUT, said("at_risk"), present("2025-08-10", newer, acknowledged=known())) is None
    found = due.news(ABOUT, said("at_risk"), present("2025-08-10", verdict("off_track"), acknowledged=known()))
    assert found is not None
    assert (found.kind, found.acknowledged) == (Kind.CHANGE, known()["cargo-2025"])


def test_what_was_known_of_an_earlier_trouble_does_not_hush_a_later_one() -> None:
    newer = verdict("at_risk", data_through=day("2025-06-30"))
    earlier = present("2025-08-10", newer, acknowledged=known(at="2025-06-01"))
    assert due.news(ABOUT, said("at_risk"), earlier) is not None


def test_what_is_known_before_breakfast_in_shanghai_is_of_that_day() -> None:
    early = replace(known()["cargo-2025"], at=datetime(2025, 6, 1, 22, 30, tzinfo=UTC))
    newer = verdict("at_risk", data_through=day("2025-06-30"))
    here = present("2025-08-10", newer, acknowledged={"cargo-2025": early})
    shanghai = replace(here.snapshot, as_of=AsOf.end_of(day("2025-08-10"), ZoneInfo("Asia/Shanghai")))
    assert due.news(ABOUT, said("at_risk"), here) is not None
    assert due.news(ABOUT, said("at_risk"), due.Present(snapshot=shanghai, acknowledged={"cargo-2025": early})) is None


def test_whoever_wants_fewer_mails_gets_no_reminder_and_every_change() -> None:
    fewer = {"unsubscribed": {OWNER}}
    newer = verdict("at_risk", data_through=day("2025-06-30"))
    assert due.news(ABOUT, said("at_risk"), present("2025-08-10", newer, **fewer)) is None
    assert due.news(ABOUT, said("at_risk"), present("2025-08-10", verdict("off_track"), **fewer)) is not None


def test_at_risk_and_off_track_are_one_trouble() -> None:
    found = due.news(ABOUT, said("at_risk", "2025-05-01"), present("2025-06-10", verdict("off_track")))
    assert found is not None
    assert found.began_on == day("2025-05-01")


def change(on: str, new: str) -> StatusChange:
    return StatusChange(target="cargo-2025", version=1, on=day(on), old=None, new=Performance(new), rule="-")


def test_a_new_owner_hears_when_the_trouble_began() -> None:
    past = (change("2025-02-07", "on_track"), change("2025-05-01", "at_risk"), change("2025-06-02", "off_track"))
    found = due.news(ABOUT, None, present("2025-06-10", verdict("off_track")), past)
    assert found is not None
    assert (found.began_on, found.between) == (day("2025-05-01"), ())


def test_the_steps_since_it_was_told_are_named_newest_first_and_a_rewritten_past_is_none() -> None:
    past = (
        change("2025-02-07", "pending"),
        change("2025-03-01", "off_track"),  # found later, before what was told
        change("2025-06-02", "at_risk"),
        change("2025-06-05", "on_track"),
        change("2025-06-07", "at_risk"),
        change("2025-06-09", "off_track"),
    )
    found = due.news(ABOUT, said("at_risk"), present("2025-06-10", verdict("off_track", "2025-06-09")), past)
    assert found is not None
    assert [one.on.day for one in found.between] == [7, 5]


@pytest.mark.parametrize(
    ("then", "now", "corrected"),
    [
        ({"actual_value": Decimal(10)}, {"actual_value": Decimal(9)}, True),
        ({"data_through": day("2025-06-30")}, {"data_through": day("2025-03-31")}, True),
        ({"data_through": day("2025-03-31")}, {"data_through": None}, True),
        ({"actual_value": Decimal(10)}, {"actual_value": Decimal(10)}, False),
        ({"actual_value": Decimal(10)}, {"actual_value": Decimal(20), "data_through": day("2025-06-30")}, False),
        ({"data_through": None}, {"data_through": day("2025-03-31")}, False),
    ],
)
def test_a_status_moved_by_a_changed_or_withdrawn_figure_is_corrected(
    then: dict[str, Any],
    now: dict[str, Any],
    corrected: bool,  # noqa: FBT001
) -> None:
    found = due.news(ABOUT, said("achieved", **then), present("2025-06-10", verdict("on_track", **now)))
    assert found is not None
    assert found.corrected is corrected


def first(on: str, performance: str, before: dict[Key, Told] | None = None) -> object:
    return due.first_seen(present(on, verdict(performance)), before or {})[ABOUT]


@pytest.mark.parametrize(("on", "is_news"), [("2025-06-15", True), ("2025-06-16", False)])
def test_on_a_first_start_nothing_that_began_more_than_13_days_ago_is_told(on: str, is_news: bool) -> None:  # noqa: FBT001
    for performance in TELLING:
        assert (first(on, performance) is None) is is_news
    for performance in ("on_track", "pending", "awaiting_data"):
        assert first(on, performance) is not None


def test_a_new_owner_is_told_what_lags_however_old_and_the_old_one_nothing() -> None:
    before = told(said("off_track"), Key("old@example.org", "target", "cargo-2025"))
    assert first("2025-12-01", "off_track", before) is None
    assert first("2025-12-01", "missed", before) is not None
    assert first("2025-12-01", "on_track", before) is not None
    here = present("2025-12-01", verdict("off_track"))
    assert due.gone(here, before) == set(before)
    assert due.due(here, before) == {ABOUT}


def test_a_target_that_is_gone_is_forgotten_and_says_nothing() -> None:
    other = present("2025-12-01", targets=(target(id="other"),))
    assert due.gone(other, told(said("off_track"))) == {ABOUT}
    assert due.news(ABOUT, said("off_track"), other) is None


def test_an_owner_without_an_address_is_told_nothing() -> None:
    nobody = target(owner=replace(PORT, email=""))
    assert not list(due.candidates(present("2025-06-10", verdict("off_track"), targets=(nobody,))))


def test_two_owners_with_one_address_are_one_reader() -> None:
    second = replace(PORT, id="rail", name=Text("Rail", "铁路"), email="Port@Example.org")
    both = (target(), target(id="rail-2025", owner=second))
    here = present("2025-06-10", verdict("off_track"), replace(verdict("at_risk"), target="rail-2025"), targets=both)
    assert {key.receiver for key in due.candidates(here)} == {OWNER}
    assert list(here.receivers) == [OWNER]


def late(on: str, due_on: str, **more: Any) -> Any:
    return present(on, verdict("on_track", data_state=DataState.LATE, next_release_due=day(due_on)), **more)


def test_a_late_release_is_told_once_and_the_next_one_again() -> None:
    found = due.news(LATE, None, late("2025-05-20", "2025-04-30"))
    assert found is not None
    assert (found.kind, found.late_since) == (Kind.LATE, day("2025-04-30"))
    state = due.says(found, day("2025-05-20"), thread="")
    assert due.news(LATE, state, late("2025-06-20", "2025-04-30")) is None
    assert due.news(LATE, state, late("2025-08-20", "2025-07-31")) is not None
    assert due.news(LATE, state, present("2025-06-20", verdict("on_track"))) is None


def test_late_figures_are_told_to_their_steward_and_to_the_owner() -> None:
    keys = due.due(late("2025-05-20", "2025-04-30", steward=FIGURES), told(said("on_track")))
    assert keys == {LATE, Key(STEWARD, "late", "cargo")}


@pytest.mark.parametrize(("on", "is_news"), [("2025-05-27", True), ("2025-05-28", False)])
def test_lateness_that_is_seen_first_and_old_is_taken_as_told(on: str, is_news: bool) -> None:  # noqa: FBT001
    assert Release(every="quarter", lag=31, grace=14) == present(on).indicators["cargo"].release
    assert (due.first_seen(late(on, "2025-04-30"), {})[LATE] is None) is is_news


def runs(*outcomes: str) -> dict[str, Any]:
    at = datetime(2025, 6, 10, tzinfo=UTC)
    return {
        "runs": {"customs": [Run(source="customs", started_at=at, finished_at=at, outcome=one) for one in outcomes]}
    }


@pytest.mark.parametrize(
    ("failing", "outcomes", "mended"),
    [
        (None, ("failed", "failed"), None),
        (None, ("failed", "failed", "ok"), None),
        (None, ("failed", "failed", "failed"), False),
        (True, ("failed", "failed", "failed"), None),
        (True, ("ok", "failed", "failed"), True),
        (True, ("unchanged", "failed", "failed"), True),
        (False, ("ok", "failed", "failed"), None),
        (False, ("failed", "failed", "failed"), False),
    ],
)
def test_a_source_that_failed_three_times_is_told_once_and_when_it_is_mended(
    failing: bool | None,  # noqa: FBT001
    outcomes: tuple[str, ...],
    mended: bool | None,  # noqa: FBT001
) -> None:
    state = None if failing is None else {"failing": failing}
    found = due.news(SOURCE, state, present("2025-06-10", steward=FIGURES, **runs(*outcomes)))
    assert (None if found is None else found.mended) == mended


@pytest.mark.parametrize(
    ("state", "outcomes", "told_as"),
    [
        (None, ("drifted",), "drifted"),
        (None, ("failed", "drifted", "ok"), "drifted"),
        (None, ("ok", "drifted"), None),
        ({"failing": True}, ("drifted", "failed", "failed"), "drifted"),
        ({"failing": True, "drifted": True}, ("drifted", "drifted"), None),
        ({"failing": True, "drifted": True}, ("failed", "drifted"), None),
        ({"failing": True, "drifted": True}, ("ok", "drifted"), "mended"),
        ({"failing": False}, ("drifted", "ok"), "drifted"),
    ],
)
def test_a_source_that_looks_different_is_told_at_once_and_once(
    state: dict[str, bool] | None, outcomes: tuple[str, ...], told_as: str | None
) -> None:
    found = due.news(SOURCE, state, present("2025-06-10", steward=FIGURES, **runs(*outcomes)))
    assert (None if found is None else "mended" if found.mended else "drifted") == told_as
    if found is not None:
        assert due.is_true(
            SOURCE, due.says(found, date(2025, 6, 10), thread=""), present("2025-06-10", **runs(*outcomes))
        )


def test_without_a_steward_a_source_is_the_business_of_the_owners_of_what_it_brought() -> None:
    here = present(
        "2025-06-10", verdict("on_track"), brought={"customs": {"cargo"}}, **runs("failed", "failed", "failed")
    )
    assert due.due(here, told(said("on_track"))) == {Key(OWNER, "source", "customs")}


def test_figures_that_wait_for_a_person_are_told_once_a_day_while_they_do() -> None:
    here = present("2025-06-10", steward=FIGURES, held=2)
    found = due.news(HELD, None, here)
    assert found is not None
    assert [(one.id, count) for one, count in found.held] == [("cargo", 2)]
    state = due.says(found, here.day, thread="")
    assert due.news(HELD, state, here) is None
    assert due.news(HELD, state, present("2025-06-11", steward=FIGURES, held=1)) is not None
    assert due.news(HELD, state, present("2025-06-11", steward=FIGURES)) is None
    assert due.news(HELD, None, present("2025-06-10", steward=FIGURES, held=2, simulated=True)) is None


def test_the_worst_news_stand_first() -> None:
    here = present("2025-06-10", steward=FIGURES, held=1, **runs("failed", "failed", "failed"))
    mended = present("2025-06-10", steward=FIGURES, **runs("ok", "failed", "failed"))
    others = [
        due.news(SOURCE, None, here),
        due.news(LATE, None, late("2025-05-20", "2025-04-30")),
        due.news(HELD, None, here),
        due.news(SOURCE, {"failing": True}, mended),
    ]
    bad = [due.news(ABOUT, None, present("2025-06-10", verdict(one))) for one in ("missed", "off_track", "at_risk")]
    good = [due.news(ABOUT, said("off_track"), present("2025-06-10", verdict(one))) for one in ("on_track", "achieved")]
    ordered = [one for one in (*bad, *others, *good) if one is not None]
    assert len(ordered) == 9
    ordered.reverse()
    assert sorted(ordered, key=due.severity)[:7] == ordered[:1:-1]


def test_a_mail_is_true_as_long_as_what_it_says_is_so() -> None:
    assert due.is_true(ABOUT, said("off_track"), present("2025-06-10", verdict("off_track")))
    assert not due.is_true(ABOUT, said("off_track"), present("2025-06-10", verdict("on_track")))
    assert not due.is_true(ABOUT, said("off_track"), present("2025-06-10"))
    assert due.is_true(LATE, {"due": "2025-04-30"}, late("2025-05-20", "2025-04-30"))
    assert not due.is_true(LATE, {"due": "2025-04-30"}, present("2025-05-20", verdict("on_track")))
    assert not due.is_true(SOURCE, {"failing": True}, present("2025-05-20", **runs("ok", "failed", "failed")))
    assert not due.is_true(HELD, {"day": "2025-05-20"}, present("2025-05-20", steward=FIGURES))
    digest = Key(STEWARD, "digest")
    assert due.is_true(digest, {"week": "2025-06-09"}, present("2025-06-15"))
    assert not due.is_true(digest, {"week": "2025-06-09"}, present("2025-06-16"))


STATUSES = st.sampled_from([one.value for one in Performance])


@given(st.lists(st.tuples(STATUSES, st.integers(0, 40), st.booleans()), max_size=30))
def test_a_life_in_which_every_mail_arrives_tells_each_status_that_was_there_to_be_told_exactly_once(
    days: list[tuple[str, int, bool]],
) -> None:
    """Whatever happens, a change is told exactly when the status is another than the last one told, and worth it."""
    on, since, last = day("2025-01-01"), day("2025-01-01"), "pending"
    state: dict[str, Any] | None = said("pending", "2025-01-01")
    spoken, through = "pending", day("2025-03-31")
    for performance, later, is_new in days:
        on += timedelta(days=later)
        since, last = (since, last) if performance == last else (on, performance)
        through += timedelta(days=is_new)
        here = present(on.isoformat(), verdict(performance, since.isoformat(), data_through=through))
        found = due.news(ABOUT, state, here)
        worth = performance in TELLING or (performance == "on_track" and spoken in TELLING)
        assert (found is not None and found.kind is Kind.CHANGE) is (performance != spoken and worth)
        if found is None:
            continue
        spoken, state = performance, due.says(found, on, thread="")
        assert due.news(ABOUT, state, here) is None, "told twice"
        assert due.is_true(ABOUT, state, here)


@given(st.integers(0, 2000), st.integers(0, 400))
def test_no_day_is_worth_fewer_reminders_than_the_one_before_and_none_more_than_one_in_thirty(
    days: int, more: int
) -> None:
    assert 0 <= due.reminders(days + more) - due.reminders(days) <= 1 + more // 30


def test_the_thresholds_are_those_that_were_decided() -> None:
    assert due.NEWS_DAYS == 13
    assert due.REMINDED_AFTER == (30, 60, 120, 240)
    assert due.FAILED_RUNS == 3
    assert date(2025, 6, 16) - date(2025, 6, 9) == due.WEEK


def test_an_owner_hears_of_no_lateness_that_only_another_owners_target_waits_for() -> None:
    other = replace(PORT, id="rail", name=Text("Rail", "铁路"), email="rail@example.org")
    both = (target(), target(id="rail-2025", owner=other))
    waits = replace(
        verdict("on_track", data_state=DataState.LATE, next_release_due=day("2025-04-30")), target="rail-2025"
    )
    here = present("2025-05-20", verdict("on_track"), waits, targets=both)
    assert {key.receiver for key in due.due(here, told(said("on_track"))) if key.kind == "late"} == {"rail@example.org"}
