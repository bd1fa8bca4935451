"""Accounts, sessions and tokens: what is accepted, what ends when, and that no secret is kept or told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import argon2
import pytest
from argon2 import PasswordHasher

from refusing import raises
from targetwatch.errors import ConflictError, NotFoundError, UsageError
from targetwatch.model import Role, Scope
from targetwatch.store import accounts, audit, db, keys
from targetwatch.store.keys import IDLE, NOTED_EVERY
from targetwatch.wording.problems import in_english

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HOUR = timedelta(hours=1)


COSTLY = accounts.HASHER, accounts.NOBODYS


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    """Hash cheaply where the cost is not what is tested."""
    monkeypatch.setattr(accounts, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(accounts, "NOBODYS", accounts.HASHER.hash("nobody's"))


@pytest.fixture
def write(engine):
    """Open the writing session at a moment."""
    return lambda now=NOW: db.writing(engine, "test", now=now)


@pytest.fixture
def li(write):
    with write() as session:
        accounts.add(session, "boss", PASSWORD, role=Role.ADMIN, now=NOW)
        return accounts.add(session, "li.wei", PASSWORD, role=Role.EDITOR, title=" Li Wei ", now=NOW)


def test_an_account_signs_in_with_its_password_alone(engine, li):
    with db.reading(engine) as session:
        assert accounts.check(session, "li.wei", PASSWORD) == li
        for name, password in (
            ("li.wei", PASSWORD + " "),
            ("li.wei", ""),
            ("li.wei", PASSWORD * 1000),
            ("Li.Wei", PASSWORD),
            ("nobody", PASSWORD),
            ("", PASSWORD),
            ("x" * 100_000, PASSWORD),
        ):
            assert accounts.check(session, name, password) is None
    assert li.title == "Li Wei"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"name": "Li"}, "user_name"),
        ({"name": ""}, "user_name"),
        ({"name": "-li"}, "user_name"),
        ({"name": "li wei"}, "user_name"),
        ({"name": "l" * 41}, "user_name"),
        ({"name": "li\n"}, "user_name"),
        ({"name": "李"}, "user_name"),
        ({"title": "x" * 81}, "not_one_line"),
        ({"title": "a\nb"}, "not_one_line"),
        ({"password": "elevenchars"}, "password_short"),
        ({"password": "x1y2" * 65}, "password_long"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password_easy"),
        ({"name": "li.wei", "password": "LI.WEI and more"}, "password_easy"),
    ],
)
def test_what_cannot_be_a_name_a_title_or_a_password_is_named_and_a_password_never_quoted(write, said, fault):
    assert [one.code for one in accounts.faults(**said)] == [fault]
    given = {"name": "li.wei", "title": "", "password": PASSWORD} | said
    with write() as session:
        with pytest.raises(UsageError) as refused:
            accounts.add(session, given["name"], given["password"], role=Role.VIEWER, title=given["title"], now=NOW)
        assert accounts.load(session) == ()
    assert "expected" in in_english(refused.value)
    assert given["password"] not in in_english(refused.value)


def test_everything_wrong_is_said_at_once(write):
    with write() as session, pytest.raises(UsageError) as refused:
        accounts.add(session, "Li", "short", role=Role.VIEWER, title="x" * 81, now=NOW)
    assert len(refused.value.problems) == 3


def test_a_name_is_given_once(write, li):
    with write() as session, raises(ConflictError, match=r"user 'li\.wei': exists already"):
        accounts.add(session, "li.wei", PASSWORD, role=Role.VIEWER, now=NOW)


def test_changing_an_account_that_is_not_there_names_those_that_are(write, li):
    with write() as session, raises(NotFoundError, match=r"user 'li\.we': not found; did you mean li\.wei\?"):
        accounts.change(session, "li.we", now=NOW, role=Role.VIEWER)


def test_a_secret_enters_neither_the_tables_nor_the_trail(engine, write, li):
    with write() as session:
        cookie = keys.begin(session, "li.wei", now=NOW, lifetime=HOUR)
        token, secret = keys.issue(
            session, "li.wei", title="import", scope=Scope.RECORD, expires_at=NOW + HOUR, now=NOW
        )
        accounts.change(session, "li.wei", now=NOW, password="another good password")
        keys.revoke(session, token.id, now=NOW)
    with db.reading(engine) as session:
        entries = audit.entries(session)
        connection = session.connection()
        kept = str(
            [list(connection.exec_driver_sql(f"SELECT * FROM {t}")) for t in ("account", "token", "web_session")]
        )
        assert not audit.verify(session)
    assert secret.startswith("twt_")
    assert [(entry.action, entry.kind) for entry in entries] == [
        ("change", "token"),
        ("change", "account"),
        ("add", "token"),
        ("add", "account"),
        ("add", "account"),
    ]
    assert entries[1].new == {"password_hash": "(hidden)"}
    for hidden in (PASSWORD, "another good password", cookie, secret, secret.removeprefix("twt_")):
        assert hidden not in kept
        assert hidden not in str(entries)
    assert "argon2" not in str(entries)


@pytest.mark.parametrize(
    "change",
    [{"password": "another good password"}, {"role": Role.VIEWER}, {"disabled": True}],
    ids=lambda change: next(iter(change)),
)
def test_a_new_password_a_lesser_role_and_disabling_end_every_session(engine, write, li, change):
    with write() as session:
        secrets = [keys.begin(session, "li.wei", now=NOW, lifetime=HOUR) for _ in range(2)]
        other = keys.begin(session, "boss", now=NOW, lifetime=HOUR)
        accounts.change(session, "li.wei", now=NOW, **change)
    with db.reading(engine) as session:
        assert [keys.find(session, secret, now=NOW) for secret in secrets] == [None, None]
        assert keys.find(session, other, now=NOW) is not None


@pytest.mark.parametrize("change", [{"title": "Li"}, {"role": Role.ADMIN}, {"role": Role.EDITOR}])
def test_nothing_else_ends_a_session(engine, write, li, change):
    with write() as session:
        secret = keys.begin(session, "li.wei", now=NOW, lifetime=HOUR)
        accounts.change(session, "li.wei", now=NOW, **change)
    with db.reading(engine) as session:
        assert keys.find(session, secret, now=NOW) is not None


def test_a_session_ends_when_it_falls_silent_and_at_its_end_whatever_happens(engine, write, li):
    with write() as session:
        secret = keys.begin(session, "li.wei", now=NOW, lifetime=timedelta(hours=3))
    almost, idle = NOW + IDLE - timedelta(seconds=1), NOW + IDLE
    with db.reading(engine) as session:
        assert keys.find(session, secret, now=almost) is not None
        assert keys.find(session, secret, now=idle) is None
    with write(almost) as session:
        keys.note(session, secret, now=almost)
    with db.reading(engine) as session:
        assert keys.find(session, secret, now=idle) is not None
        assert keys.find(session, secret, now=NOW + timedelta(hours=3)) is None
        assert keys.find(session, secret + "x", now=NOW) is None
        assert keys.find(session, "", now=NOW) is None


def test_a_browser_is_noted_every_few_minutes_and_not_at_every_page(engine, write, li):
    with write() as session:
        secret = keys.begin(session, "li.wei", now=NOW, lifetime=timedelta(hours=3))
    with db.reading(engine) as session:
        assert keys.find(session, secret, now=NOW + NOTED_EVERY - timedelta(seconds=1))[1] is False
        assert keys.find(session, secret, now=NOW + NOTED_EVERY)[1] is True


def test_sessions_that_are_over_are_cleared_away_at_the_next_sign_in(engine, write, li):
    with write() as session:
        keys.begin(session, "li.wei", now=NOW, lifetime=HOUR)
        keys.begin(session, "boss", now=NOW, lifetime=timedelta(hours=9))
    later = NOW + timedelta(hours=2)
    with write(later) as session:
        keys.begin(session, "li.wei", now=later, lifetime=HOUR)
        rows = session.connection().exec_driver_sql("SELECT account FROM web_session").scalars().all()
    assert rows == ["li.wei"]


def test_ones_sessions_are_listed_and_ended_by_a_handle_that_opens_nothing(engine, write, li):
    with write() as session:
        first = keys.begin(session, "li.wei", now=NOW, lifetime=HOUR)
        later = NOW + timedelta(minutes=10)
        second = keys.begin(session, "li.wei", now=later, lifetime=timedelta(hours=9))
    with write() as session:
        listed = keys.signed_in(session, "li.wei", now=later)
        assert [one.created_at for one in listed] == [later, NOW]
        assert listed[0].expires_at == later + IDLE
        assert keys.find(session, listed[0].handle, now=later) is None
        assert keys.end_one(session, "boss", listed[1].handle) is False, "somebody else's"
        assert keys.end_one(session, "li.wei", listed[1].handle) is True
        assert keys.end_one(session, "li.wei", listed[1].handle) is False
    with db.reading(engine) as session:
        assert keys.find(session, first, now=later) is None
        assert keys.find(session, second, now=later) is not None


def test_the_last_admin_stays_one(write, li):
    with write() as session:
        assert accounts.is_last_admin(session, "boss")
        for change in ({"role": Role.EDITOR}, {"disabled": True}):
            with raises(ConflictError, match="is the last admin"):
                accounts.change(session, "boss", now=NOW, **change)
        accounts.change(session, "li.wei", now=NOW, role=Role.ADMIN)
        accounts.change(session, "boss", now=NOW, disabled=True)
        assert accounts.is_last_admin(session, "li.wei")
        assert not accounts.is_last_admin(session, "boss")


def test_a_disabled_account_signs_in_nowhere_until_it_is_enabled_again(engine, write, li):
    with write() as session:
        accounts.change(session, "li.wei", now=NOW, disabled=True)
        assert accounts.check(session, "li.wei", PASSWORD) is None
        accounts.change(session, "li.wei", now=NOW, disabled=False)
        assert accounts.check(session, "li.wei", PASSWORD) is not None


def test_a_token_is_good_until_it_expires_is_revoked_or_its_account_is_disabled(engine, write, li):
    def issue(session):
        return keys.issue(session, "li.wei", title="import", scope=Scope.RECORD, expires_at=NOW + HOUR, now=NOW)

    with write() as session:
        (first, secret), (_, other) = issue(session), issue(session)
        assert keys.find_token(session, secret, now=NOW) == first
        assert keys.find_token(session, secret, now=NOW + HOUR) is None
        assert keys.find_token(session, secret[:-1], now=NOW) is None
        assert keys.find_token(session, "", now=NOW) is None
        keys.revoke(session, first.id, now=NOW)
        assert keys.find_token(session, secret, now=NOW) is None
        assert keys.find_token(session, other, now=NOW) is not None
        accounts.change(session, "li.wei", now=NOW, disabled=True)
        assert keys.find_token(session, other, now=NOW) is None
        with pytest.raises(NotFoundError):
            keys.revoke(session, 99, now=NOW)


def test_a_token_records_no_longer_once_its_account_may_not_edit(write, li):
    with write() as session:
        _, secret = keys.issue(session, "li.wei", title="x", scope=Scope.RECORD, expires_at=NOW + HOUR, now=NOW)
        accounts.change(session, "li.wei", now=NOW, role=Role.VIEWER)
        assert keys.find_token(session, secret, now=NOW).scope is Scope.READ


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"title": " "}, "has no title"),
        ({"title": "x" * 81}, "cannot be used"),
        ({"title": "a\x07b"}, "cannot be used"),
        ({"expires_at": NOW}, "would last 0 days, expected 1 to 366"),
        ({"expires_at": NOW + timedelta(days=367)}, "would last 367 days"),
        ({"name": "viewer", "scope": Scope.RECORD}, "is viewer, expected editor or more"),
        ({"name": "gone"}, "is disabled"),
    ],
)
def test_a_token_that_cannot_be_is_refused_with_the_reason(write, li, said, why):
    given = {"name": "li.wei", "title": "import", "scope": Scope.READ, "expires_at": NOW + HOUR} | said
    with write() as session:
        accounts.add(session, "viewer", PASSWORD, role=Role.VIEWER, now=NOW)
        accounts.add(session, "gone", PASSWORD, role=Role.VIEWER, now=NOW)
        accounts.change(session, "gone", now=NOW, disabled=True)
        with raises(UsageError, match=why):
            keys.issue(session, given.pop("name"), now=NOW, **given)


def test_an_issuers_account_is_known_by_its_subject_and_has_no_password(write, li):
    with write() as session:
        made = accounts.admit(session, "wang", "https://issuer.example 42", role=Role.EDITOR, title="Wang", now=NOW)
        assert accounts.known_there(session, "https://issuer.example 42") == made
        assert accounts.known_there(session, "https://issuer.example 43") is None
        for password in ("", "!", PASSWORD):
            assert accounts.check(session, "wang", password) is None
        with pytest.raises(ConflictError):
            accounts.admit(session, "li.wei", "https://issuer.example 7", role=Role.EDITOR, now=NOW)
        assert accounts.get(session, "li.wei").subject is None


def test_a_one_time_password_is_marked_until_another_takes_its_place(write, li):
    with write() as session:
        assert accounts.change(session, "li.wei", now=NOW, password="kf7m-9tqx-ab2d", one_time=True).one_time
        assert accounts.check(session, "li.wei", "kf7m-9tqx-ab2d").one_time
        assert not accounts.change(session, "li.wei", now=NOW, password="another good password").one_time


def test_a_browsers_mark_is_an_accounts_own_until_the_password_changes(write, li):
    with write() as session:
        mark = accounts.familiarise(session, "li.wei")
        assert accounts.familiar(session, "li.wei", mark)
        for name, said in (
            ("boss", mark),
            ("li.wei", mark[:-1] + "?"),
            ("li.wei", ""),
            ("nobody", mark),
            ("li.wei", "é.é"),
        ):
            assert not accounts.familiar(session, name, said)
        accounts.change(session, "li.wei", now=NOW, password="another good password")
        assert not accounts.familiar(session, "li.wei", mark)


@pytest.mark.slow
def test_a_name_that_nobody_has_costs_as_much_to_refuse_as_one_that_somebody_has(engine, write, monkeypatch):
    monkeypatch.setattr(accounts, "HASHER", COSTLY[0])
    monkeypatch.setattr(accounts, "NOBODYS", COSTLY[1])
    with write() as session:
        accounts.add(session, "li.wei", PASSWORD, role=Role.ADMIN, now=NOW)
        accounts.admit(session, "wang", "https://issuer.example 42", role=Role.EDITOR, now=NOW)
        accounts.add(session, "gone", PASSWORD, role=Role.VIEWER, now=NOW)
        accounts.change(session, "gone", now=NOW, disabled=True)

    asked = []

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            asked.append(argon2.extract_parameters(password_hash))
            return COSTLY[0].verify(password_hash, password)

    monkeypatch.setattr(accounts, "HASHER", Counting())
    for name in ("li.wei", "nobody", "wang", "gone", "No Name"):
        with db.reading(engine) as session:
            assert accounts.check(session, name, "the wrong password") is None
        assert asked == [argon2.extract_parameters(COSTLY[1])], name
        asked.clear()


def test_a_password_is_kept_as_argon2id_with_the_memory_it_should_take():
    kept = COSTLY[0].hash(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert [len(part) for part in kept.split("$")] == [len(part) for part in COSTLY[1].split("$")]
    assert COSTLY[0].memory_cost >= 47_104, "at least what OWASP asks for (46 MiB)"


def test_whether_there_is_any_account_is_known(engine, write):
    with db.reading(engine) as session:
        assert not accounts.exist(session)
    with write() as session:
        accounts.add(session, "boss", PASSWORD, role=Role.ADMIN, now=NOW)
        assert accounts.exist(session)
        assert accounts.look_up(session, "boss").role is Role.ADMIN
        assert accounts.look_up(session, "nobody") is None
