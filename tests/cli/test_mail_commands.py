"""`mails` and `mail test`: a year's mails without sending one, and one mail to see whether the server takes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands import command
from mail.smtp_server import MailServer
from real_service import prepare

pytestmark = pytest.mark.slow

FROM = {"TARGETWATCH_MAIL_FROM": "Targets <targets@example.org>"}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("mails") / "targetwatch.db"
    prepare(file).dispose()
    return file


def test_a_year_lived_again_is_printed_as_mails_and_written_as_files(database: Path, tmp_path: Path) -> None:
    answer = command(database, "mails", "--replay", "2025", "--format", "json", "--folder", str(tmp_path / "2025"))
    assert answer.status == 0, answer.err
    items = answer.json
    assert {tuple(one) for one in items} == {("day", "to", "owner", "kind", "subject", "targets")}
    assert [one["day"] for one in items] == sorted(one["day"] for one in items)
    achieved = next(one for one in items if "ilstc-volume-2025" in one["targets"] and one["kind"] == "change")
    assert (achieved["day"], achieved["to"], achieved["owner"]) == (
        "2025-12-09",
        "ilstc@example.org",
        "port-and-logistics-office",
    )
    files = sorted(path.suffix for path in (tmp_path / "2025").iterdir())
    assert (files.count(".eml"), files.count(".html")) == (len(items), len(items))


def test_a_folder_that_cannot_be_written_is_named(database: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    answer = command(database, "mails", "--replay", "2026", "--folder", str(tmp_path / "file"))
    assert answer.status == 1
    assert "--folder" in answer.err


def test_the_server_is_tried_by_one_mail(database: Path) -> None:
    with MailServer() as server:
        answer = command(database, "mail", "test", "li@example.org", TARGETWATCH_SMTP_URL=server.url, **FROM)
        assert answer.status == 0, answer.err
        assert answer.out == f"localhost:{server.port} took a mail to li@example.org\n"
        assert [mail.to for mail in server.taken] == ["li@example.org"]
        server.on_recipient = lambda _to: "550 no such mailbox"
        refused = command(database, "mail", "test", "li@example.org", TARGETWATCH_SMTP_URL=server.url, **FROM)
    assert refused.status == 1
    assert "did not take the mail: 550 no such mailbox" in refused.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mail", "test", "li@example.org"], "TARGETWATCH_SMTP_URL: is not set, expected the address of a mail server"),
        (["serve", "--mail-sink", "smtp://localhost:1"], "is for the mails of a replay, expected --replay too"),
        (["serve", "--replay", "2025-01-01..2025-01-02", "--mail-sink", "localhost"], "--mail-sink: is no mail server"),
    ],
)
def test_what_cannot_be_mailed_is_refused_with_what_was_expected(database: Path, words: list[str], said: str) -> None:
    answer = command(database, *words)
    assert answer.status == 1
    assert said in answer.err
