"""`targetwatch user` as whoever installs the service meets it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from commands import PROJECT, command, environment
from targetwatch.model import Role
from targetwatch.store import accounts, db, keys

PASSWORD = "correct horse battery"


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "accounts.db"
    engine = db.create_engine(f"sqlite:///{made}")
    db.upgrade(engine)
    engine.dispose()
    return made


@pytest.fixture
def user(file):
    """Run `targetwatch user WORDS` with something on its standard input."""
    return lambda *words, said="": command(file, "user", *words, stdin=said)


def typed_on_a_terminal(file, words, lines):
    """Run a command on a terminal of its own, type the lines as they are asked for; what was seen, and its status."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "targetwatch", *words],
        env=environment(file),
        cwd=PROJECT,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    seen, end = b"", time.monotonic() + 60
    for prompt, line in lines:
        seen += _until(leader, prompt, end)
        while termios.tcgetattr(leader)[3] & termios.ECHO and time.monotonic() < end:
            time.sleep(0.01)  # the prompt is written before the terminal is told not to show what is typed
        os.write(leader, line.encode() + b"\n")
    seen += _until(leader, None, end)
    os.close(leader)
    return seen.decode(), process.wait(timeout=60)


def _until(leader, prompt, end):
    seen = b""
    while time.monotonic() < end and (prompt is None or prompt.encode() not in seen):
        if select.select([leader], [], [], 0.2)[0]:
            with suppress(OSError):
                more = os.read(leader, 4096)
                seen += more
                if more:
                    continue
            return seen
    return seen


@pytest.mark.system
def test_the_first_admin_is_made_on_a_terminal_that_never_shows_the_password(file):
    words = ["user", "add", "li.wei", "--role", "admin", "--title", "Li Wei"]
    seen, status = typed_on_a_terminal(file, words, [("Password", PASSWORD), ("Once more", PASSWORD)])
    assert status == 0, seen
    assert "added li.wei: admin" in seen
    assert PASSWORD not in seen
    engine = db.create_engine(f"sqlite:///{file}")
    with db.reading(engine) as session:
        assert accounts.check(session, "li.wei", PASSWORD).title == "Li Wei"
    engine.dispose()


@pytest.mark.system
def test_a_password_mistyped_the_second_time_is_asked_again(file):
    lines = [("Password", PASSWORD), ("Once more", "else"), ("Password", PASSWORD), ("Once more", PASSWORD)]
    seen, status = typed_on_a_terminal(file, ["user", "add", "li.wei", "--role", "admin"], lines)
    assert (status, "do not match" in seen) == (0, True), seen


def test_a_life_of_an_account_is_audited_under_who_typed_it(user, file):
    assert user("add", "boss", "--role", "admin", "--password-stdin", said=f"{PASSWORD}\n").status == 0
    assert user("add", "li.wei", "--role", "editor", "--password-stdin", said=PASSWORD).out == "added li.wei: editor\n"
    assert user("change", "li.wei", "--role", "viewer", "--title", "Li").out == "changed li.wei: viewer\n"
    assert user("change", "li.wei", "--disable").out == "changed li.wei: viewer, disabled\n"
    assert user("change", "li.wei", "--enable").out == "changed li.wei: viewer\n"
    assert user("change", "li.wei", "--password-stdin", said="another good password\n").status == 0
    listed = command(file, "user", "list", "--format", "json").json
    assert [(one["name"], one["title"], one["role"], one["disabled_at"]) for one in listed] == [
        ("boss", "", "admin", None),
        ("li.wei", "Li", "viewer", None),
    ]
    trail = command(file, "audit", "--format", "json")
    entries = trail.json
    assert {entry["actor"].partition(":")[0] for entry in entries} == {"cli"}
    assert [entry["new"] for entry in entries][:2] == [{"password_hash": "(hidden)"}, {"disabled_at": None}]
    everything = trail.out + command(file, "user", "list").out
    assert PASSWORD not in everything
    assert "another good password" not in everything
    assert "argon2" not in everything
    assert command(file, "audit", "verify").status == 0


def test_a_token_is_printed_once_listed_without_its_secret_and_revoked(user, file):
    user("add", "li.wei", "--role", "editor", "--password-stdin", said=PASSWORD)
    made = user("token", "issue", "li.wei", "monthly import", "--scope", "record", "--days", "7")
    secret = made.out.strip()
    assert secret.startswith("twt_")
    assert "\n" not in secret, "the token alone stands on standard output, for $(...)"
    assert "may record until" in made.err
    (token,) = command(file, "user", "token", "list", "--user", "li.wei", "--format", "json").json
    assert (token["account"], token["title"], token["scope"], token["revoked_at"]) == (
        "li.wei",
        "monthly import",
        "record",
        None,
    )
    assert secret not in str(token)
    assert user("token", "revoke", str(token["id"])).out == f"revoked token {token['id']}\n"
    assert command(file, "user", "token", "list", "--format", "json").json[0]["revoked_at"]
    assert "monthly import" in command(file, "user", "token", "list").out


@pytest.mark.parametrize(
    ("words", "said", "status", "answer"),
    [
        (["add", "li.wei", "--role", "admin"], "", 1, "there is no terminal to ask on, expected --password-stdin"),
        (["add", "li.wei", "--role", "admin", "--password-stdin"], "", 1, "password: is too short"),
        (["add", "li.wei", "--role", "admin", "--password-stdin"], "short\n", 1, "password: is too short"),
        (["add", "Li Wei", "--role", "admin", "--password-stdin"], PASSWORD, 1, "user 'Li Wei': cannot be a name"),
        (["add", "boss", "--role", "admin", "--password-stdin"], PASSWORD, 1, "user 'boss': exists already"),
        (["add", "li.wei", "--role", "boss"], "", 2, "is not one of 'viewer', 'editor', 'admin'"),
        (["add", "li.wei"], "", 2, "Missing option '--role'"),
        (["change", "bos", "--disable"], "", 1, "user 'bos': not found; did you mean boss?"),
        (["change", "boss"], "", 1, "user 'boss': nothing to change"),
        (["change", "boss", "--role", "viewer"], "", 1, "user 'boss': is the last admin"),
        (["change", "boss", "--disable"], "", 1, "user 'boss': is the last admin"),
        (["change", "boss", "--title", "x" * 81], "", 1, "title: cannot be used"),
        (["token", "issue", "nobody", "x"], "", 1, "user 'nobody': not found"),
        (["token", "issue", "boss", " "], "", 1, "token: has no title"),
        (["token", "issue", "boss", "x", "--days", "367"], "", 2, "less than or equal to 366"),
        (["token", "list", "--user", "nobody"], "", 1, "user 'nobody': not found"),
        (["token", "revoke", "9"], "", 1, "token '9': not found"),
    ],
)
def test_wrong_input_gets_its_sentence_and_changes_nothing(user, file, words, said, status, answer):
    engine = db.create_engine(f"sqlite:///{file}")
    with db.writing(engine, "test", now=datetime.now(UTC)) as session:
        accounts.add(session, "boss", PASSWORD, role=Role.ADMIN, now=datetime.now(UTC))
    done = user(*words, said=said)
    assert (done.status, answer in done.err) == (status, True), done.err
    assert "Traceback" not in done.err
    assert PASSWORD not in done.err + done.out
    with db.reading(engine) as session:
        assert [(one.name, one.title, one.role) for one in accounts.load(session)] == [("boss", "", Role.ADMIN)]
        assert keys.tokens(session) == ()
    engine.dispose()


def test_a_password_is_never_an_argument(user):
    assert "No such option" in user("add", "li.wei", "--role", "admin", "--password", PASSWORD).err
