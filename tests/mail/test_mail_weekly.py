"""What a digest holds, for whom, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from builders import OWNER as PORT
from builders import day, target
from mail.mail_world import FIGURES, OWNER, STEWARD, present, verdict
from targetwatch.mail import weekly
from targetwatch.mail.due import Present
from targetwatch.model import DataState, Performance, StatusChange
from targetwatch.store import outbox
from targetwatch.store.outbox import Key

ASKING = target(owner=replace(PORT, digest=True))


def here(on: str = "2025-06-16", performance: str = "at_risk", **changes: Any) -> Present:
    changes = {"deadline": day("2025-12-31"), "next_release_due": day("2025-09-30"), **changes}
    return present(on, verdict(performance, **changes), targets=(ASKING,))


def change(on: str, new: str = "at_risk") -> dict[str, StatusChange]:
    one = StatusChange(target="cargo-2025", version=1, on=day(on), old=None, new=Performance(new), rule="-")
    return {"cargo-2025": one}


def test_stewards_and_owners_who_ask_get_one_unless_they_want_none() -> None:
    assert set(weekly.readers(here())) == {Key(OWNER, "digest")}
    assert set(weekly.readers(present("2025-06-16", verdict("at_risk")))) == set()
    stewarded = present("2025-06-16", verdict("at_risk"), steward=FIGURES)
    assert set(weekly.readers(stewarded)) == {Key(STEWARD, "digest")}
    fewer = present("2025-06-16", verdict("at_risk"), steward=FIGURES, unsubscribed={STEWARD})
    assert set(weekly.readers(fewer)) == set()


@pytest.mark.parametrize(
    ("on", "due"),
    [
        ("2025-06-15", False),
        ("2025-06-16", True),
        ("2025-06-17", True),
        ("2025-06-22", True),
        ("2025-06-08", False),  # the clock was set back over the night to Monday
        ("2025-06-01", True),
        ("2024-06-09", True),
    ],
)
def test_one_is_due_from_the_monday_after_the_last(on: str, due: bool) -> None:  # noqa: FBT001
    assert weekly.is_due({"week": "2025-06-09"}, day(on)) is due


@pytest.mark.parametrize(
    ("due_on", "is_in"), [("2025-06-15", False), ("2025-06-16", True), ("2025-06-23", True), ("2025-06-24", False)]
)
def test_the_releases_of_a_week_are_in_it(due_on: str, is_in: bool) -> None:  # noqa: FBT001
    found = weekly.digest_of(OWNER, here(next_release_due=day(due_on)), {})
    assert [(one.id, on.isoformat()) for one, on in found.releases] == ([("cargo", due_on)] if is_in else [])


def test_a_target_whose_last_figure_is_known_has_no_release() -> None:
    closed = here(next_release_due=day("2025-06-20"), data_state=DataState.CLOSED)
    assert weekly.digest_of(OWNER, closed, {}).releases == ()


@pytest.mark.parametrize(
    ("deadline", "is_in"), [("2025-06-15", False), ("2025-06-16", True), ("2025-07-16", True), ("2025-07-17", False)]
)
def test_the_deadlines_of_thirty_days_are_in_it(deadline: str, is_in: bool) -> None:  # noqa: FBT001
    found = weekly.digest_of(OWNER, here(deadline=day(deadline)), {})
    assert [line.target.id for line in found.deadlines] == (["cargo-2025"] if is_in else [])


def test_what_lags_is_in_it_and_what_is_missed_is_not() -> None:
    assert len(weekly.digest_of(OWNER, here(), {}).lagging) == 1
    assert len(weekly.digest_of(OWNER, here(performance="off_track"), {}).lagging) == 1
    for performance in ("missed", "achieved", "on_track", "pending", "awaiting_data"):
        assert weekly.digest_of(OWNER, here(performance=performance), {}).lagging == ()


def test_a_change_is_in_one_digest_also_when_it_came_on_the_day_of_the_last_one() -> None:
    last = weekly.state_of_digest(weekly.digest_of(OWNER, here("2025-06-09"), {}), OWNER, here("2025-06-09"))
    first = weekly.digest_of(OWNER, here(), change("2025-06-09"), last)
    assert [line.change for line in first.changed] == [change("2025-06-09")["cargo-2025"]]
    told = weekly.state_of_digest(first, OWNER, here()) | {"day": "2025-06-09"}
    assert weekly.digest_of(OWNER, here("2025-06-23"), change("2025-06-09"), told).changed == ()
    assert weekly.digest_of(OWNER, here(), change("2025-06-08"), last).changed == ()


@pytest.mark.parametrize(
    ("now", "changes", "is_new"),
    [
        ({}, {}, False),
        ({}, change("2025-06-12"), True),
        ({"data_through": day("2025-06-30")}, {}, True),
        ({"next_release_due": day("2025-06-20")}, {}, True),
        ({"deadline": day("2025-07-10")}, {}, True),
    ],
)
def test_there_is_none_when_nothing_is_new(now: dict[str, Any], changes: dict[str, StatusChange], is_new: bool) -> None:  # noqa: FBT001
    last = weekly.state_of_digest(weekly.digest_of(OWNER, here("2025-06-09"), {}), OWNER, here("2025-06-09"))
    today = here(**now)
    found = weekly.digest_of(OWNER, today, changes, last)
    assert weekly.is_new(found, weekly.state_of_digest(found, OWNER, today), last) is is_new


def test_a_steward_reads_of_every_target_on_their_figures_and_an_owner_of_their_own() -> None:
    other = replace(PORT, id="rail", email="rail@example.org")
    both = (ASKING, target(id="rail-2025", owner=other))
    here_ = present("2025-06-16", verdict("at_risk"), targets=both, steward=FIGURES)
    assert [one.id for one in weekly.targets_of(STEWARD, here_)] == ["cargo-2025", "rail-2025"]
    assert [one.id for one in weekly.targets_of(OWNER, here_)] == ["cargo-2025"]


def test_the_thresholds_are_those_that_were_decided() -> None:
    assert timedelta(days=7) == weekly.RELEASES_WITHIN
    assert timedelta(days=30) == weekly.DEADLINES_WITHIN
    assert weekly.monday(date(2025, 6, 22)) == date(2025, 6, 16)
    assert timedelta(days=7) == outbox.GIVEN_UP_AFTER
    assert (timedelta(minutes=1), timedelta(hours=4)) == (outbox.FIRST_WAIT, outbox.LONGEST_WAIT)
