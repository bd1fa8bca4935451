"""Judging with workers: the same is said, of one horizon, whoever judges what, and whoever dies over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from test_watch import CATALOGUE, HALF, NOW, QUARTER, Desk, end_of, promise, with_target

import builders as b
from targetwatch.service.work import Worker
from targetwatch.store import db, lots, readings
from targetwatch.watch import Taken, Watch, judging, snapshots
from targetwatch.watch.judging import Inputs, program

EARLIER = NOW.replace(year=2025, month=7)
UNANNOUNCED = promise(1, b.version(effective=b.day("2025-09-01")))


@dataclass
class Leader(Desk):
    """A desk whose watch judges with workers, after `meanwhile`, and knows how many targets were judged where."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    here: list[str] = field(default_factory=list)

    def shared(self, day: str) -> Taken:
        led = self.engine.execution_options(**{db.TERM: 1})
        with db.reading(self.engine) as session:
            return self.watch.refresh(session, end_of(day), taken_at=NOW, led=led)


@pytest.fixture
def leader(server: Engine, monkeypatch: pytest.MonkeyPatch) -> Leader:
    """Give a leader over three flows, a yearly total and its growth, which shares whatever it has to judge."""
    with server.begin() as connection:
        connection.exec_driver_sql("UPDATE leader SET term = 1, holder = %s", (db.PROCESS,))
    made = Leader(server)
    made.configure(with_target(UNANNOUNCED))
    made.enter(
        *(b.reading(*QUARTER, yoy="0.31", indicator=f"flow-{number}") for number in range(3)),
        b.reading("2023", 178_200, "2024-01-20", indicator="flow-0"),
        b.reading("2024", 251_800, "2025-01-20", indicator="flow-0"),
    )
    monkeypatch.setattr(judging, "SHARED_FROM", 1)
    monkeypatch.setattr(judging, "LOT_TARGETS", 2)
    post, judge = judging.post, judging.judge_targets

    def put(*said: Any, **more: Any) -> Any:
        posted = post(*said, **more)
        monkeypatch.setattr(judging, "judge_targets", judge)
        for step in made.meanwhile:
            step()
        monkeypatch.setattr(judging, "judge_targets", noted)
        return posted

    def noted(inputs: Inputs, targets: Any, *said: Any) -> Any:
        made.here += [target.id for target in targets]
        return judge(inputs, targets, *said)

    monkeypatch.setattr(snapshots, "post", put)
    return made


def works(leader: Leader) -> Callable[[], None]:
    """Return what a worker does until nothing is left."""
    worker = Worker(leader.engine)

    def work() -> None:
        while worker.judge():
            pass

    return work


def everything(watch: Watch, taken: Taken) -> dict[str, Any]:
    """Return all that came of a judging, in whichever process."""
    snapshot, names = taken.snapshot, {target.id for target in watch.inputs.catalogue.targets}
    return {
        "verdicts": snapshot.verdicts,
        "paces": snapshot.paces,
        "failed": snapshot.failed,
        "figures": snapshot.figures,
        "changes": taken.changes,
        "judged": taken.judged,
        "found": tuple(watch.found(names)),
    }


def alone(engine: Engine, day: str) -> dict[str, Any]:
    watch = Watch()
    with db.reading(engine) as session:
        return everything(watch, watch.refresh(session, end_of(day), taken_at=NOW))


def test_workers_say_what_the_leader_alone_says_status_changes_and_their_order_included(
    leader: Leader, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = judging.prepare

    def broken(case: Any, *said: Any) -> Any:
        if case.target.id == "target-2":
            raise ValueError("cannot be judged")
        return prepare(case, *said)

    monkeypatch.setattr(judging, "prepare", broken)
    leader.meanwhile.append(works(leader))
    taken = leader.shared("2025-08-01")
    said = everything(leader.watch, taken)
    assert leader.here == []
    assert said == alone(leader.engine, "2025-08-01")
    assert sorted(said["verdicts"]) == ["target-0", "twice"]
    assert sorted(said["failed"]) == ["target-2"]
    assert said["changes"]


def test_what_was_judged_before_is_resumed_by_a_worker_as_by_the_leader(leader: Leader) -> None:
    leader.meanwhile.append(works(leader))
    leader.keep(leader.shared("2025-08-01").changes)
    kept = Watch()
    with db.reading(leader.engine) as session:
        kept.refresh(session, end_of("2025-08-01"), taken_at=NOW)
    day = "2026-03-15"  # after every deadline and all grace: nothing new is known, everything is judged
    with db.reading(leader.engine) as session:
        serial = kept.refresh(session, end_of(day), taken_at=NOW)
    taken = leader.shared(day)
    assert leader.here == []
    assert everything(leader.watch, taken) == everything(kept, serial)
    assert taken.changes
    assert all(change.old is not None for change in taken.changes if change.target == "target-0"), "resumed"


@pytest.mark.parametrize("what", ["reading", "withdrawal"])
def test_of_what_became_known_since_the_leader_looked_nothing_is_in_its_verdicts(leader: Leader, what: str) -> None:
    expected = alone(leader.engine, "2025-08-01")
    with db.reading(leader.engine) as session:
        quarter = max(one.id or 0 for one in readings.load(session, ["flow-0"])["flow-0"])
    half = b.reading(*HALF, indicator="flow-0")
    leader.meanwhile += [
        (lambda: leader.enter(half)) if what == "reading" else (lambda: leader.withdraw(quarter, EARLIER)),
        works(leader),
    ]
    taken = leader.shared("2025-08-01")
    assert everything(leader.watch, taken) == expected
    assert sorted(leader.here) == ["target-0", "twice"], "what derives from it is judged by the leader, too"
    leader.meanwhile.clear()
    later = everything(leader.watch, leader.shared("2025-08-01"))["verdicts"]
    assert later == alone(leader.engine, "2025-08-01")["verdicts"] != expected["verdicts"]


def test_by_what_was_configured_since_the_leader_looked_nothing_is_judged(leader: Leader) -> None:
    expected = alone(leader.engine, "2025-08-01")
    more = b.target(id="target-3", indicator="flow-0")
    wanted = with_target(more, with_target(UNANNOUNCED))
    leader.meanwhile += [lambda: leader.configure(wanted), works(leader)]
    assert everything(leader.watch, leader.shared("2025-08-01")) == expected
    assert sorted(leader.here) == sorted(target.id for target in CATALOGUE.targets)


@pytest.mark.parametrize("what", ["claimed", "gone"])
def test_one_that_has_died_is_waited_for_until_its_time_is_over_and_what_is_gone_not_at_all(
    leader: Leader, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(lots, "CLAIM_SECONDS", 0.3 if what == "claimed" else 300)
    expected = alone(leader.engine, "2025-08-01")

    def dies() -> None:
        with db.queueing(leader.engine) as connection:
            assert lots.take(connection, program=program()) is not None
            if what == "gone":
                connection.exec_driver_sql("DELETE FROM lot")

    leader.meanwhile.append(dies)
    assert everything(leader.watch, leader.shared("2025-08-01")) == expected
    with db.queueing(leader.engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lot").scalar() == 0


def test_few_targets_are_judged_without_a_word_to_the_database(leader: Leader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SHARED_FROM", 5)
    leader.meanwhile.append(works(leader))
    leader.shared("2025-08-01")
    assert leader.here == []
    with db.queueing(leader.engine) as connection:
        assert (
            connection.exec_driver_sql("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'lot'").scalar() == 0
        )


def test_a_leader_whose_term_is_over_still_judges_but_with_nobody(leader: Leader, caplog: Any) -> None:
    with leader.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE leader SET term = 2")
    leader.meanwhile.append(works(leader))
    assert everything(leader.watch, leader.shared("2025-08-01")) == alone(leader.engine, "2025-08-01")
    assert "4 targets are judged without workers" in caplog.text


def test_a_worker_of_another_program_judges_nothing_and_says_so_once(
    leader: Leader, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def another() -> None:
        with monkeypatch.context() as patch:
            patch.setattr("targetwatch.service.work.program", lambda: "another")
            worker = Worker(leader.engine)
            assert not worker.judge()
            assert not worker.judge()

    leader.meanwhile.append(another)
    taken = leader.shared("2025-08-01")
    assert len(leader.here) == len(taken.judged)
    assert [line for line in caplog.messages if "judges nothing" in line] == [
        f"judges nothing: the leader is '{program()}', this is 'another'"
    ]
