"""From a change of status to a mail that arrives once: on real databases, whatever the server and the machine do."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from store.examples import VOLUME, WANTED, configure
from targetwatch.evaluation import evaluate
from targetwatch.mail import outbox as room
from targetwatch.mail.outbox import Outbox, Refused
from targetwatch.model import AsOf, Performance, Snapshot, StatusChange, Steward, Text
from targetwatch.settings import Settings
from targetwatch.store import db, outbox, statuses
from targetwatch.store.outbox import Acknowledgement, Mail, State

pytestmark = pytest.mark.slow

ZONE = ZoneInfo("Asia/Shanghai")
SETTINGS = Settings(smtp_url="smtp://mail.example.org", mail_from="Targets <targets@example.org>")
OWNER, TARGET, ROUTES = "port@example.org", "ilstc-volume-2025", "routes-2025"
MONDAY = datetime(2025, 7, 21, 10, 0, tzinfo=ZONE)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ON, RISK, OFF = Performance.ON_TRACK, Performance.AT_RISK, Performance.OFF_TRACK


class KilledError(BaseException):
    """The process is gone."""


@dataclass
class Server:
    """A mail server that does what `answers` says in turn, then takes everything; None: takes it."""

    answers: list[Refused | BaseException | None] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    arrived: list[Mail] = field(default_factory=list)

    def __call__(self, mail: Mail, _settings: Settings) -> None:
        if mail.address in self.refuses:
            raise Refused("550 no such mailbox")
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or isinstance(answer, KilledError) or getattr(answer, "in_doubt", False):
            self.arrived.append(mail)
        if answer is not None:
            raise answer

    @property
    def subjects(self) -> list[str]:
        return [mail.subject for mail in self.arrived]


@dataclass
class World:
    """A service's watch and outbox without the judging: what it says is said by hand."""

    engine: Engine
    server: Server = field(default_factory=Server)
    counted: list[str] = field(default_factory=list)
    now: datetime = MONDAY
    catalogue: Any = WANTED
    said: dict[str, Any] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    box: Outbox = field(init=False)
    snapshot: Snapshot = field(init=False)

    def __post_init__(self) -> None:
        self.start()
        for name in (TARGET, ROUTES):
            self.turn(name, ON, note=False)
        self.note()

    def start(self) -> None:
        """Begin anew, as after a kill: with nothing but the database."""
        self.box = Outbox(
            engine=self.engine,
            settings=SETTINGS,
            current=lambda: self.snapshot,
            readings=lambda _name: (),
            deliver=self.server,
            count=self.counted.append,
        )

    def turn(self, name: str, performance: Performance, *, note: bool = True, **changes: Any) -> None:
        """Let a target be said to stand otherwise from this day on."""
        target = next(one for one in self.catalogue.targets if one.id == name)
        indicator = next(one for one in self.catalogue.indicators if one.id == target.indicator)
        verdict = evaluate(target, indicator, [], self.now.date())
        since = {"performance_since": self.now.date()} if performance is not self._performance(name) else {}
        before = self.said.get(name, verdict)
        self.said[name] = replace(before, **{"performance": performance, **since, **changes})
        self.look()
        if note:
            self.note([name])

    def look(self) -> None:
        self.snapshot = Snapshot(
            as_of=AsOf.at(self.now, ZONE),
            taken_at=self.now,
            catalogue=self.catalogue,
            verdicts=dict(self.said),
            figures={},
            held=dict(self.held),
        )

    def note(self, names: list[str] | None = None) -> None:
        """Keep what turned, and what has to be told, in one transaction, as the service does."""
        self.look()
        with db.writing(self.engine, "service", now=self.now) as session:
            kept = statuses.latest(session)
            fresh = [
                StatusChange(
                    target=name,
                    version=1,
                    on=verdict.performance_since,
                    old=kept[name].new if name in kept else None,
                    new=verdict.performance,
                    rule="-",
                    verdict=verdict,
                )
                for name, verdict in self.said.items()
                if name not in kept or kept[name].new is not verdict.performance
            ]
            statuses.append(session, fresh)
            self.box.note(session, self.snapshot, names)

    def later(self, by: timedelta, *, passes: int = 1) -> None:
        """Let time go by, and the jobs run."""
        for _ in range(passes):
            self.now += by
            self.look()
            self.box.run(self.now)

    def mails(self) -> dict[State, int]:
        with db.reading(self.engine) as session:
            return outbox.counted(session)

    def rows(self) -> tuple[Mail, ...]:
        with db.reading(self.engine) as session:
            return outbox.mails(session)

    def _performance(self, name: str) -> Performance | None:
        return self.said[name].performance if name in self.said else None


@pytest.fixture
def world(engine: Engine) -> World:
    configure(engine)
    return World(engine)


def refused(answer: str = "451 later", **more: bool) -> Refused:
    return Refused(answer, **more)


def told(mail: Mail) -> dict[str, str]:
    return {key.about: str(state["performance"]) for key, state in mail.says.items() if key.kind == "target"}


def test_what_comes_within_five_minutes_is_one_mail_worst_first(world: World) -> None:
    world.turn(TARGET, RISK)
    world.later(3 * MINUTE)
    world.turn(ROUTES, OFF)
    world.later(MINUTE, passes=1)
    assert world.server.arrived == []
    world.later(MINUTE)
    (mail,) = world.server.arrived
    assert told(mail) == {TARGET: "at_risk", ROUTES: "off_track"}
    assert "Four routes" in mail.subject or "四条航线" in mail.subject
    world.later(MINUTE, passes=10)
    assert len(world.server.arrived) == 1


def test_nothing_leaves_at_night_and_all_of_it_in_the_morning(world: World) -> None:
    world.now = MONDAY.replace(hour=18)
    world.turn(TARGET, RISK)
    world.later(timedelta(hours=4), passes=3)
    assert world.server.arrived == []
    world.later(timedelta(hours=2, minutes=30))
    assert len(world.server.arrived) == 1


def test_what_came_and_went_before_the_mail_is_not_told(world: World) -> None:
    world.turn(TARGET, OFF)
    world.later(2 * MINUTE)
    world.turn(TARGET, ON)
    world.later(MINUTE, passes=10)
    assert (world.server.arrived, world.rows()) == ([], ())


def test_what_moved_on_is_told_newest_first_with_the_steps_between(world: World) -> None:
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.server.answers = [refused()] * 3
    world.later(DAY)
    world.turn(TARGET, ON)
    world.later(DAY)
    world.turn(TARGET, OFF)
    world.later(6 * MINUTE)
    world.server.answers.clear()
    world.later(DAY)
    assert [told(mail) for mail in world.server.arrived] == [{TARGET: "at_risk"}, {TARGET: "off_track"}]


def test_a_mail_that_is_not_true_any_more_is_replaced_by_the_newer_one(world: World) -> None:
    world.server.answers = [refused(of_server=True)] * 2
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.later(MINUTE)
    world.turn(TARGET, OFF)
    world.later(6 * MINUTE)
    assert [told(mail) for mail in world.server.arrived] == [{TARGET: "off_track"}]
    assert (world.mails()[State.REPLACED], world.mails()[State.SENT]) == (1, 1)


def test_what_went_back_while_the_server_was_away_is_never_told(world: World) -> None:
    world.server.answers = [refused(of_server=True)]
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.turn(TARGET, ON)
    world.later(MINUTE, passes=20)
    assert world.server.arrived == []
    assert world.mails() == {State.WAITING: 0, State.SENT: 0, State.FAILED: 0, State.REPLACED: 1}


def test_what_is_left_of_a_mail_that_is_over_in_part_is_told_anew(world: World) -> None:
    world.server.answers = [refused(of_server=True)]
    world.turn(TARGET, RISK)
    world.turn(ROUTES, OFF)
    world.later(5 * MINUTE)
    world.turn(TARGET, ON)
    world.later(MINUTE, passes=20)
    assert [told(mail) for mail in world.server.arrived] == [{ROUTES: "off_track"}]


def test_a_mail_that_may_have_arrived_is_repeated_with_the_same_bytes(world: World) -> None:
    world.server.answers = [refused("connection lost", in_doubt=True, of_server=True)]
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.later(MINUTE, passes=5)
    first, again = world.server.arrived
    assert (first.message_id, first.content) == (again.message_id, again.content)
    assert world.mails()[State.SENT] == 1


def test_a_mail_that_may_have_arrived_counts_as_told_when_it_is_not_true_any_more(world: World) -> None:
    world.server.answers = [refused("connection lost", in_doubt=True, of_server=True)]
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.turn(TARGET, ON)
    world.later(MINUTE, passes=10)
    assert [told(mail) for mail in world.server.arrived] == [{TARGET: "at_risk"}, {TARGET: "on_track"}]


def test_other_news_do_not_wait_for_a_mail_in_doubt(world: World) -> None:
    world.server.answers = [refused("connection lost", in_doubt=True, of_server=True), refused("421", of_server=True)]
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.turn(ROUTES, OFF)
    world.later(MINUTE, passes=10)
    assert len({mail.message_id for mail in world.server.arrived}) == 2
    assert [told(mail) for mail in world.server.arrived if ROUTES in told(mail)] == [{ROUTES: "off_track"}]


def test_one_receiver_who_is_rejected_keeps_nobody_elses_mail(world: World) -> None:
    other = replace(WANTED.targets[1].owner, id="rail", name=Text("Rail"), email="rail@example.org", language="en")
    world.catalogue = replace(WANTED, targets=(WANTED.targets[0], replace(WANTED.targets[1], owner=other)))
    world.note()
    world.server.refuses = {OWNER}
    world.turn(TARGET, OFF)
    world.turn(ROUTES, OFF)
    world.later(5 * MINUTE)
    assert [mail.address for mail in world.server.arrived] == ["rail@example.org"]
    assert world.counted.count("refused") == 1


def test_a_server_that_is_away_is_asked_once_in_a_pass(world: World) -> None:
    other = replace(WANTED.targets[1].owner, id="rail", name=Text("Rail"), email="rail@example.org", language="en")
    world.catalogue = replace(WANTED, targets=(WANTED.targets[0], replace(WANTED.targets[1], owner=other)))
    world.note()
    world.server.answers = [refused(of_server=True)]
    world.turn(TARGET, OFF)
    world.turn(ROUTES, OFF)
    world.later(5 * MINUTE)
    assert (len(world.server.arrived), world.counted) == (0, ["refused"])
    world.later(MINUTE)
    assert len(world.server.arrived) == 2


def test_a_refused_mail_is_tried_ever_more_rarely_for_a_week_and_then_given_up(world: World) -> None:
    world.server.refuses = {OWNER}
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    waits = []
    while world.mails()[State.WAITING]:
        mail = world.rows()[0]
        if mail.next_attempt_at > world.now:
            waits.append(mail.next_attempt_at - world.now)
            world.now = max(mail.next_attempt_at.astimezone(ZONE), world.now)
        world.later(MINUTE)
        if world.now.hour >= 17:
            world.now = (world.now + DAY).replace(hour=9)
    assert waits[0] == MINUTE
    assert sorted(waits[:5]) == waits[:5]
    assert max(waits) <= timedelta(hours=4)
    (failed,) = world.rows()
    assert (failed.state, failed.problem) == (State.FAILED, "550 no such mailbox")
    assert failed.ended_at is not None
    assert timedelta(days=7) <= failed.ended_at - failed.bound_at < timedelta(days=9)
    assert world.counted[-1] == "failed"
    world.note()
    world.later(MINUTE, passes=10)
    assert len(world.rows()) == 1, "what was given up is not begun again by itself"
    world.server.refuses.clear()
    world.turn(TARGET, RISK)
    world.later(MINUTE, passes=10)
    assert [told(mail) for mail in world.server.arrived] == [{TARGET: "at_risk"}]


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(weeks=52)])
def test_what_was_noted_by_a_clock_that_was_ahead_waits_no_longer_than_anything(world: World, back: timedelta) -> None:
    world.turn(TARGET, OFF)
    world.now -= back
    world.later(5 * MINUTE)
    assert len(world.server.arrived) == 1


def test_a_mail_refused_by_a_clock_that_was_ahead_is_tried_again(world: World) -> None:
    world.server.refuses = {OWNER}
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    world.now -= timedelta(weeks=52)
    world.later(MINUTE)
    (waiting,) = world.rows()
    assert (waiting.attempts, waiting.next_attempt_at - world.now) == (2, 2 * MINUTE)
    world.later(MINUTE)
    assert world.rows()[0].attempts == 2


def test_recovery_is_told_to_whom_trouble_was_told_and_in_its_thread(world: World) -> None:
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.now += DAY
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    world.turn(TARGET, ON)
    world.later(5 * MINUTE)
    world.now += DAY
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    messages = [message_from_bytes(mail.content, policy=policy.default) for mail in world.server.arrived]
    first = messages[0]["Message-ID"]
    assert [one["In-Reply-To"] for one in messages] == [None, first, first, None]
    assert len({one["Message-ID"] for one in messages}) == 4


def test_a_reminder_comes_with_a_new_figure_and_none_to_who_knows(world: World) -> None:
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    world.now += DAY
    world.turn(TARGET, RISK, data_through=date(2025, 6, 30))
    world.later(5 * MINUTE)
    assert [mail.kind for mail in world.server.arrived] == ["change", "still"]
    with db.writing(world.engine, "web:li", now=world.now) as session:
        given = Acknowledgement(
            target=TARGET, receiver=OWNER, by="Li", note="", until=date(2025, 9, 1), at=world.now.astimezone(UTC)
        )
        outbox.acknowledge(session, given)
    world.now += DAY
    world.turn(TARGET, RISK, data_through=date(2025, 7, 21))
    world.later(5 * MINUTE, passes=3)
    assert len(world.server.arrived) == 2
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    assert [mail.kind for mail in world.server.arrived] == ["change", "still", "change"]


def test_a_new_owner_gets_one_mail_of_what_lags_and_the_old_one_none(world: World) -> None:
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    other = replace(WANTED.targets[0].owner, email="new@example.org")
    world.catalogue = replace(WANTED, targets=tuple(replace(one, owner=other) for one in WANTED.targets))
    world.now += 42 * DAY
    world.note([TARGET, ROUTES])
    world.later(5 * MINUTE, passes=3)
    assert [(mail.address, told(mail)) for mail in world.server.arrived[1:]] == [
        ("new@example.org", {TARGET: "off_track"})
    ]
    world.turn(TARGET, ON)
    world.later(5 * MINUTE, passes=3)
    assert [mail.address for mail in world.server.arrived[2:]] == ["new@example.org"]


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_mail_to_who_owns_the_target_no_more_is_not_sent(world: World, is_gone: bool) -> None:  # noqa: FBT001
    world.server.answers = [refused(of_server=True)]
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    other = replace(WANTED.targets[0].owner, id="new-office", email="new@example.org")
    moved = () if is_gone else (replace(WANTED.targets[0], owner=other),)
    world.catalogue = replace(WANTED, targets=(*moved, WANTED.targets[1]))
    world.note()
    world.later(MINUTE, passes=10)
    assert [mail.address for mail in world.server.arrived] == ([] if is_gone else ["new@example.org"])
    assert world.mails()[State.WAITING] == 0


def test_figures_that_wait_are_told_in_the_morning_of_each_day(world: World) -> None:
    steward = Steward(name=Text("Figures"), email="figures@example.org", language="en")
    world.catalogue = replace(WANTED, indicators=(replace(VOLUME, steward=steward), *WANTED.indicators[1:]))
    world.held = {VOLUME.id: 2}
    world.note([])
    world.later(5 * MINUTE, passes=2)
    world.now = MONDAY + DAY
    world.note()
    world.later(5 * MINUTE, passes=2)
    assert [(mail.address, mail.kind) for mail in world.server.arrived] == [("figures@example.org", "held")] * 2


def test_a_digest_comes_on_monday_morning_unless_nothing_is_new(world: World) -> None:
    owner = replace(WANTED.targets[0].owner, digest=True)
    world.catalogue = replace(WANTED, targets=tuple(replace(one, owner=owner) for one in WANTED.targets))
    world.note()
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    kinds = []
    for _ in range(28):
        world.now = (world.now + DAY).replace(hour=0, minute=0)
        world.note()
        world.later(timedelta(hours=8, minutes=30))
        kinds += [(world.now.strftime("%a"), mail.kind) for mail in world.server.arrived[1 + len(kinds) :]]
    assert [one for one in kinds if one[1] == "digest"] == [("Mon", "digest")]
    with db.reading(world.engine) as session:
        told_of = {key.kind: one for key, one in outbox.told(session).items()}["digest"]
    assert told_of.said is not None
    assert told_of.said["week"] == "2025-08-18"


def test_a_mail_that_cannot_be_written_keeps_nobody_elses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(WANTED.targets[1].owner, id="rail", name=Text("Rail"), email="rail@example.org", language="en")
    world.catalogue = replace(WANTED, targets=(WANTED.targets[0], replace(WANTED.targets[1], owner=other)))
    world.note()
    compose = room.compose

    def breaking(letter: Any, **more: Any) -> Any:
        if letter.receiver.id == OWNER:
            raise LookupError("a template is broken")
        return compose(letter, **more)

    monkeypatch.setattr(room, "compose", breaking)
    world.turn(TARGET, OFF)
    world.turn(ROUTES, OFF)
    world.later(5 * MINUTE)
    assert [mail.address for mail in world.server.arrived] == ["rail@example.org"]
    assert world.counted.count("broken") == 1
    monkeypatch.undo()
    world.later(MINUTE)
    assert [mail.address for mail in world.server.arrived] == ["rail@example.org", OWNER]


def test_a_mail_written_of_what_was_judged_anew_meanwhile_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = room.compose

    def meanwhile(letter: Any, **more: Any) -> Any:
        monkeypatch.undo()
        world.turn(TARGET, OFF)
        return compose(letter, **more)

    monkeypatch.setattr(room, "compose", meanwhile)
    world.turn(TARGET, RISK)
    world.later(5 * MINUTE)
    assert world.rows() == ()
    world.later(MINUTE)
    assert [told(mail) for mail in world.server.arrived] == [{TARGET: "off_track"}]


def test_what_another_process_has_bound_meanwhile_is_not_bound_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = room.compose

    def meanwhile(letter: Any, **more: Any) -> Any:
        monkeypatch.undo()
        world.box.bind(world.now)
        return compose(letter, **more)

    world.turn(TARGET, OFF)
    world.now += 5 * MINUTE
    monkeypatch.setattr(room, "compose", meanwhile)
    world.box.run(world.now)
    assert len(world.rows()) == 1
    assert [told(mail) for mail in world.server.arrived] == [{TARGET: "off_track"}]


def test_who_gets_no_digest_any_more_gets_none(world: World) -> None:
    asking = replace(WANTED.targets[0].owner, digest=True)
    world.catalogue = replace(WANTED, targets=tuple(replace(one, owner=asking) for one in WANTED.targets))
    world.note()
    world.now = (MONDAY + 7 * DAY).replace(hour=0)
    world.note()
    world.catalogue = WANTED
    world.said.clear()
    world.later(timedelta(hours=9), passes=2)
    with db.reading(world.engine) as session:
        assert outbox.waiting(session) == {}
    assert (world.server.arrived, world.counted) == ([], [])


def test_an_attempt_is_made_by_one_process_only(world: World) -> None:
    world.server.answers = [refused()]
    world.turn(TARGET, OFF)
    world.later(5 * MINUTE)
    (mail,) = world.rows()
    later = world.now + DAY
    with db.writing(world.engine, "service", now=later) as session:
        assert outbox.claim(session, mail.id, later) is not None
    with db.writing(world.engine, "service", now=later) as session:
        assert outbox.claim(session, mail.id, later) is None
        assert outbox.claim(session, mail.id, later + outbox.CLAIMED_FOR) is not None


@pytest.fixture
def commits(world: World) -> Iterator[Callable[[int], None]]:
    """Give a way to be killed just before the commit of that number."""
    left = [-1]

    def before(_connection: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KilledError

    event.listen(world.engine, "commit", before)
    yield lambda number: left.__setitem__(0, number)
    event.remove(world.engine, "commit", before)


@pytest.mark.parametrize("point", [*range(1, 8), "before it is sent", "after it is sent"])
def test_a_kill_at_any_point_loses_nothing_and_repeats_nothing_but_the_same_bytes(
    world: World, commits: Callable[[int], None], point: int | str
) -> None:
    """Commits are counted from the noting on: noted, bound, claimed, marked; reading ones count too."""
    if isinstance(point, str):
        world.server.answers = [KilledError()]
        world.server.arrived = world.server.arrived if point.startswith("after") else []
    try:
        if isinstance(point, int):
            commits(point)
        world.turn(TARGET, OFF)
        world.later(5 * MINUTE)
    except KilledError:
        world.start()
    commits(-1)
    world.turn(TARGET, OFF)  # judged again after the start, as all is
    world.later(3 * MINUTE, passes=4)
    assert {told(mail)[TARGET] for mail in world.server.arrived} == {"off_track"}
    assert len({(mail.message_id, mail.content) for mail in world.server.arrived}) == 1
    assert len(world.server.arrived) <= 2
    assert world.mails() == {State.WAITING: 0, State.SENT: 1, State.FAILED: 0, State.REPLACED: 0}
    world.later(DAY, passes=3)
    assert len(world.rows()) == 1


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_last_thing_told_is_what_is_so_and_nothing_is_said_twice(
    sqlite: Engine, seed: int
) -> None:
    """Statuses turn, the server refuses, loses answers and is cut off, the process is killed, at random moments."""
    dice = random.Random(seed)
    configure(sqlite)
    world, heard = World(sqlite), []
    world.server.arrived = heard
    for _ in range(60):
        happens = dice.choice(["turn", "turn", "later", "later", "refuse", "lose", "kill"])
        if happens == "turn":
            world.turn(dice.choice([TARGET, ROUTES]), dice.choice([ON, RISK, OFF]))
        elif happens != "later":
            answers = {"refuse": refused(of_server=True), "kill": KilledError()}
            world.server.answers.append(answers.get(happens) or refused("lost", in_doubt=True, of_server=True))
        try:
            world.later(dice.choice([MINUTE, 4 * MINUTE, timedelta(hours=5), DAY]))
        except KilledError:
            world.start()
            world.note()
    world.server.answers.clear()
    world.later(timedelta(hours=5), passes=15)
    assert world.mails()[State.WAITING] == 0
    last: dict[str, str] = dict.fromkeys((TARGET, ROUTES), "on_track")
    known: set[str] = set()
    for mail in heard:
        if mail.message_id in known:
            continue  # the same bytes again
        known.add(mail.message_id)
        for name, performance in told(mail).items():
            assert last[name] != performance, (seed, mail.subject)
            last[name] = performance
    assert last == {name: verdict.performance.value for name, verdict in world.said.items()}
    assert len({(mail.message_id, mail.content) for mail in heard}) == len(known)


def test_nothing_is_noted_when_the_change_cannot_be_kept(world: World, commits: Callable[[int], None]) -> None:
    commits(1)
    with pytest.raises(KilledError):
        world.turn(TARGET, OFF)
    commits(-1)
    with db.reading(world.engine) as session:
        assert outbox.waiting(session) == {}
        assert statuses.latest(session)[TARGET].new is ON


def test_keys_of_links_are_made_once_and_the_newest_stands_last(engine: Engine) -> None:
    with db.writing(engine, "service", now=MONDAY) as session:
        assert outbox.secret_keys(session) == ()
        made = [outbox.make_secret_key(session), outbox.make_secret_key(session)]
    with db.reading(engine) as session:
        assert list(outbox.secret_keys(session)) == made
    assert len(set(made)) == 2


def test_whoever_wants_fewer_mails_is_remembered_audited_and_can_be_reset(engine: Engine) -> None:
    for _ in range(2):
        with db.writing(engine, "web:li", now=MONDAY) as session:
            outbox.unsubscribe(session, OWNER)
    with db.reading(engine) as session:
        assert outbox.unsubscribed(session) == {OWNER: MONDAY}
    with db.writing(engine, "web:admin", now=MONDAY) as session:
        outbox.resubscribe(session, OWNER)
        outbox.resubscribe(session, OWNER)
    with db.reading(engine) as session:
        assert outbox.unsubscribed(session) == {}
