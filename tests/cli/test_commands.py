"""Every command as a user meets it: what it answers, and what a wrong input gets."""

from __future__ import annotations

import shutil

import pytest

from commands import command
from reference import written


def test_help_names_every_command_of_the_contract(run):
    text = run("--help").out
    for name in ("check", "plan", "apply", "export", "ingest", "record", "withdraw", "held", "status", "explain"):
        assert f"\n  {name} " in text
    for name in ("serve", "metrics", "audit", "db", "backup"):
        assert f"\n  {name} " in text


@pytest.mark.slow
def test_the_written_reference_is_the_help_of_every_command(project):
    assert (project / "docs" / "commands.md").read_text(encoding="utf-8") == written(), "run `make docs`"


def test_every_help_has_an_example(project):
    text = (project / "docs" / "commands.md").read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        title = section.splitlines()[0]
        if title.removeprefix("targetwatch ") not in {"db", "held", "audit", "mail", "source", "user", "user token"}:
            assert "Example: targetwatch" in section, title


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["status", "--as-of", "2025-02-30"], 1, "--as-of '2025-02-30': not a day, expected YYYY-MM-DD"),
        (["status", "--target", "ilstc-volume-225"], 1, "did you mean ilstc-volume-2025"),
        (["status", "--target", "a", "--indicator", "b"], 1, "were both given, expected one of them"),
        (["status", "--indicator", "nothing"], 1, "indicator 'nothing': not found"),
        (["explain", "nothing"], 1, "target 'nothing': not found"),
        (["ingest", "nothing"], 1, "source 'nothing': not found"),
        (["withdraw", "99999", "--reason", "x"], 1, "reading '99999': not found"),
        (["held", "accept", "99999", "--note", "x"], 1, "held reading '99999': not found"),
        (["serve", "--as-of", "2025-01-01", "--replay", "2025-01-01..2025-02-01"], 1, "expected one of them"),
        (["serve", "--replay", "2025"], 1, "expected FROM..TO"),
        (["serve", "--replay", "2025-02-01..2025-01-01"], 1, "ends before it starts"),
        (["serve", "--replay", "2025-01-01..2025-02-01", "--day", "soon"], 1, "--day 'soon': not a duration"),
        (["mail", "preview", "ilstc-volume-225"], 1, "did you mean ilstc-volume-2025"),
        (["mail", "preview", "ilstc-volume-2025", "--as-of", "2020-01-01"], 1, "announced on"),
        (["mail", "preview", "ilstc-volume-2025", "--output", "mail.txt"], 1, "ends in .html or .eml"),
        (
            ["mail", "preview", "ilstc-volume-2025", "--output", "/no/such/mail.eml"],
            1,
            "expected a file that can be written",
        ),
        (["nonsense"], 2, "No such command"),
        (["status", "--clock", "mine"], 2, "is not one of"),
    ],
)
def test_wrong_input_gets_its_sentence_and_its_exit_status(scratch, words, status, said):
    answer = scratch(*words)
    assert (answer.status, said in answer.err) == (status, True), answer.err
    assert "Traceback" not in answer.err


def test_a_mail_is_previewed_in_the_owners_language_or_another(scratch):
    words = ("mail", "preview", "ilstc-volume-2025", "--as-of", "2025-07-18")
    said = scratch(*words)
    assert said.status == 0, said.err
    assert "ILSTC cargo volume 2025" in said.out.splitlines()[0]
    assert "Now / goal: " in said.out
    assert "2025年西部陆海新通道运量" in scratch(*words, "--lang", "zh").out


def test_a_previewed_mail_is_written_to_open_in_a_browser_or_a_mail_client(scratch, tmp_path):
    for name in ("mail.html", "mail.eml"):
        file = tmp_path / name
        said = scratch("mail", "preview", "ilstc-volume-2025", "--as-of", "2025-07-18", "--output", str(file))
        assert (said.status, said.out) == (0, ""), said.err
    page = (tmp_path / "mail.html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in page
    assert "cid:" not in page
    assert "Subject: " in (tmp_path / "mail.eml").read_text(encoding="utf-8")


def test_a_database_that_was_never_prepared_says_how_to_prepare_it(tmp_path):
    answer = command(tmp_path / "new.db", "status")
    assert answer.status == 1
    assert "targetwatch db upgrade" in answer.err


def test_a_wrong_setting_is_named_by_its_variable(run, real_database):
    answer = command(real_database, "status", TARGETWATCH_TIMEZONE="Mars/Olympus")
    assert answer.status == 1
    assert "TARGETWATCH_TIMEZONE: 'Mars/Olympus' is not a time zone" in answer.err


def test_a_figure_typed_in_counts_at_once_and_withdrawing_it_undoes_that(scratch):
    typed = scratch(
        *("record", "cci-financing", "22.4 bn USD", "--period", "2015-11-07..2025-12-31", "--basis", "since_start"),
        *("--published", "2026-01-20", "--quote", "累计跨境融资金额224亿美元"),
    )
    assert typed.status == 0, typed.err
    judged = scratch("status", "--target", "cci-financing-2025", "--format", "json").json
    assert (judged["performance"], judged["actual_value"]) == ("achieved", 1.1)
    number = typed.out.split(" as ")[1].split(":")[0]
    assert scratch("withdraw", number, "--reason", "typed for the test").status == 0
    assert (
        scratch("status", "--target", "cci-financing-2025", "--format", "json").json["performance"] == "awaiting_data"
    )
    assert scratch("withdraw", number, "--undo", "--reason", "it was right").status == 0
    assert scratch("status", "--target", "cci-financing-2025", "--format", "json").json["performance"] == "achieved"
    assert scratch("audit", "verify").status == 0


def test_a_suspicious_figure_is_held_until_a_person_decides(scratch):
    typed = scratch(
        *("record", "ilstc-volume", "15,460", "--period", "2025-01..2025-11", "--basis", "year_to_date"),
        *("--published", "2025-12-20"),
    )
    assert typed.status == 0, typed.err
    assert typed.out.startswith("held")
    waiting = scratch("held", "--format", "json").json
    assert len(waiting) == 1
    assert waiting[0]["reason"]
    assert scratch("held", "reject", str(waiting[0]["id"]), "--note", "a digit is missing").status == 0
    assert "nothing is waiting" in scratch("held").out


def test_ingesting_again_inserts_nothing(scratch):
    again = scratch("ingest")
    assert again.status == 0
    assert all("0 new, 0 revised, 0 held" in line for line in again.out.splitlines()), again.out


def test_export_then_apply_changes_nothing(scratch, tmp_path, project):
    shutil.copytree(project / "config", tmp_path / "out")
    assert scratch("export", "--output", str(tmp_path / "out")).status == 1
    assert scratch("export", "--output", str(tmp_path / "out"), "--force").status == 0
    again = scratch("apply", str(tmp_path / "out"))
    assert (again.status, again.out.strip()) == (0, "nothing changed"), again.err


def test_a_backup_is_a_database_of_its_own(scratch, tmp_path):
    assert scratch("backup", str(tmp_path / "copy.db")).status == 0
    assert command(tmp_path / "copy.db", "audit", "verify").status == 0
    assert scratch("backup", str(tmp_path / "copy.db")).status == 1


def test_a_day_before_any_promise_says_when_the_first_was_made(run):
    done = run("status", "--as-of", "1990-01-01")
    assert done.status == 0
    assert done.out.strip() == ("no target had been announced by 1990-01-01; the first was announced on 2023-05-23")


def test_a_day_to_come_is_judged_and_said_to_be_to_come(run):
    remark = "2100-01-01 has yet to come: judged as if nothing more were published until then"
    assert remark in run("status", "--as-of", "2100-01-01").out
    assert remark in run("explain", "ilstc-volume-2025", "--as-of", "2100-01-01").out
    assert "yet to come" not in run("status").out


def test_csv_and_json_name_the_fields_of_the_verdict(run):
    header = run("status", "--format", "csv").out.splitlines()[0].split(",")
    assert header[:3] == ["as_of", "target", "indicator"]
    assert set(header) == set(run("status", "--format", "json").json["targets"][0])


def test_the_words_come_in_chinese_when_asked(run):
    assert "已完成" in run("status", "--lang", "zh").out


def test_a_plan_that_apply_would_refuse_exits_1_and_says_why(scratch, tmp_path, project):
    shutil.copytree(project / "config", tmp_path / "config")
    targets = tmp_path / "config" / "targets.yaml"
    text = targets.read_text(encoding="utf-8")
    targets.write_text(text.replace("goal: {above: 270000}", "goal: {above: 300000}"), encoding="utf-8")
    planned, applied = (scratch(word, str(tmp_path / "config")) for word in ("plan", "apply"))
    assert (planned.status, applied.status) == (1, 1)
    assert "a past promise cannot be written over" in planned.out
    assert "apply would refuse" in planned.err
    done = scratch("apply", str(tmp_path / "config"), "--correct", "--reason", "mistyped")
    assert done.status == 0, done.err
    assert "a past promise, written over as a correction" in done.out
    assert "cannot be written over" not in done.out
