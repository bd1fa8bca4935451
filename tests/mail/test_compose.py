"""A letter as a mail: headers, links, titles of any kind, and what is left out."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from builders import day, indicator, reading, target
from targetwatch.evaluation import evaluate
from targetwatch.mail.compose import MOST_PICTURES, compose
from targetwatch.mail.letter import Digest, Kind, Letter, News, Receiver, Said, TargetLine
from targetwatch.model import AsOf, Source, Text
from targetwatch.model.problem import Problem
from targetwatch.settings import Settings
from targetwatch.store.runs import Run

KEYS = ("k" * 40,)
TODAY = day("2025-07-18")
AT = datetime(2025, 7, 18, 1, tzinfo=UTC)
READINGS = (
    reading("2024-01-01..2024-06-30", 120_000, "2024-07-10"),
    reading("2024-01-01..2024-12-31", 251_800, "2025-01-20"),
    reading("2025-01-01..2025-06-30", "91234.5", "2025-07-10", evidence_url="https://example.org/june"),
)
THEN = Said(performance="off_track", told_on=day("2025-05-02"), began_on=day("2025-04-20"), actual_value=Decimal(1))


def settings(url="https://targets.example.org"):
    return Settings(external_url=url, mail_from="Targets <targets@example.org>")


def news(kind=Kind.CHANGE, *, title="Cargo in 2025", name="cargo-2025", **more):
    wanted, about = target(id=name, title=Text(title, title)), indicator()
    verdict = evaluate(wanted, about, READINGS, AsOf.end_of(TODAY))
    assert verdict is not None
    return News(kind=kind, target=wanted, indicator=about, verdict=verdict, began_on=day("2025-04-20"), **more)


def mail(*told, url="https://targets.example.org", name="Port Office", email="port@example.org", **more):
    receiver = Receiver(id=email, name=name, email=email, language="en")
    letter = Letter(receiver=receiver, day=TODAY, news=told, message_id="<2@x.example>", written_at=AT, **more)
    return compose(letter, settings=settings(url), keys=KEYS, readings=lambda _name: READINGS)


def text(message):
    return message.get_body(("plain",)).get_content()


def html(message):
    return message.get_body(("html",)).get_content()


def test_the_first_news_makes_the_subject_and_comes_first_in_the_body():
    told = mail(news(title="Worst"), news(title="Second"))
    assert told["Subject"] == "Off track: Worst, and 1 more"
    assert text(told).index("Worst") < text(told).index("Second")
    assert html(told).index(">Worst<") < html(told).index(">Second<")


def test_a_reminder_says_for_how_long_and_what_changed_since():
    told = mail(news(Kind.STILL, then=THEN))
    assert told["Subject"] == "Still off track (day 89): Cargo in 2025"
    assert "Since the mail of 2 May 2025:\n- 91,234.5 TEU through 30 Jun 2025, the first figure" in text(told)


def test_a_status_that_is_younger_than_the_trouble_says_since_when_both_are_so():
    told = text(mail(news(Kind.STILL, then=THEN)))
    assert "Since: 10 Jul 2025 (8 days); in trouble since 20 Apr 2025 (89 days)\n" in told


def test_a_published_figure_has_the_digits_it_was_published_with():
    assert "Now / goal: 91,234.5 TEU / > 270,000 TEU" in text(mail(news()))


@pytest.mark.parametrize("title", ["<b>Cargo</b> & <script>alert(1)</script>", "“Cargo” {{ 1 }} {% x %}", "货运量"])
def test_a_title_is_shown_as_it_is_written(title):
    told = mail(news(title=title))
    assert f"Off track: {title}" in (told["Subject"], " ".join(text(told).splitlines()[0].split()[1:]))
    assert "<script>" not in html(told)
    assert "<b>Cargo" not in html(told)


def test_a_long_title_is_whole_in_subject_and_body():
    title = "A very long promise about " + "x" * 300 + " " + "y" * 300
    told = mail(news(title=title))
    assert title in told["Subject"]
    assert title in text(told)
    assert title in html(told)
    assert max(map(len, told.as_bytes().splitlines())) < 1000, "no line is longer than SMTP allows"


def test_a_receiver_without_a_name_is_addressed_by_their_mailbox():
    assert mail(news(), name="")["To"] == "port@example.org"


@pytest.mark.parametrize("name", ["Port\nOffice", "Office, Port", '"Port" <x@y>', "口岸\r\nBcc: x@example.org"])
def test_a_name_of_any_kind_stays_a_name(name):
    (receiver,) = mail(news(), name=name)["To"].addresses
    assert (receiver.addr_spec, receiver.display_name) == ("port@example.org", " ".join(name.split()))


@pytest.mark.parametrize("email", ["张三@example.org", "a(b@example.org", "a:b@example.org"])
def test_a_mailbox_that_the_configuration_lets_pass_breaks_no_mail(email):
    assert b"@example.org>" in mail(news(), email=email).as_bytes()


def test_without_an_external_address_there_are_no_links_and_all_else_is_said():
    told = mail(news(Kind.STILL, then=THEN), url="")
    assert "https://targets" not in html(told) + text(told)
    assert "I know" not in html(told) + text(told)
    assert "List-Unsubscribe" not in told
    assert "Now / goal: 91,234.5 TEU / > 270,000 TEU" in text(told)
    assert "Evidence: https://example.org/june" in text(told)


def test_only_reminders_and_digests_can_be_unsubscribed_from():
    still, change = news(Kind.STILL, then=THEN), news()
    line = TargetLine(target=still.target, indicator=still.indicator, verdict=still.verdict)
    digest = Digest(since=date(2025, 7, 11), lagging=(line,))
    assert "List-Unsubscribe" in mail(still)
    assert "List-Unsubscribe" in mail(digest=digest)
    for told in (mail(change), mail(change, still), mail(replace(change, kind=Kind.LATE, late_since=TODAY))):
        assert "List-Unsubscribe" not in told
        assert "/unsubscribe/" not in html(told) + text(told)


def test_one_click_is_offered_only_where_the_address_is_https():
    still = news(Kind.STILL, then=THEN)
    assert mail(still)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    told = mail(still, url="http://targets.example.org")
    assert told["List-Unsubscribe"].startswith("<http://targets.example.org/unsubscribe/")
    assert "List-Unsubscribe-Post" not in told


def test_the_mails_of_an_episode_are_one_thread_that_no_machine_answers():
    told = mail(news(), in_reply_to="<1@x.example>")
    named = {name: told[name] for name in ("Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Date")}
    assert named == {
        "Message-ID": "<2@x.example>",
        "In-Reply-To": "<1@x.example>",
        "References": "<1@x.example>",
        "Auto-Submitted": "auto-generated",
        "Date": "Fri, 18 Jul 2025 09:00:00 +0800",
    }


def test_the_course_is_an_inline_picture_that_the_html_names():
    told = mail(news())
    (picture,) = [part for part in told.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content().startswith(b"\x89PNG")
    assert picture.get_content_disposition() == "inline"
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html(told)


def test_a_mail_of_many_targets_stays_light():
    told = mail(*(news(title=f"Cargo {number}", name=f"cargo-{number}") for number in range(12)))
    assert [part.get_content_type() for part in told.walk()].count("image/png") == MOST_PICTURES == 6
    assert len(told.as_bytes()) < 400_000
    assert "Cargo 11" in text(told)


@pytest.mark.slow
def test_a_service_starts_without_what_draws_pictures():
    code = "import sys, targetwatch.service.app, targetwatch.mail.compose; sys.exit('resvg_py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Source looks different: port", "thousand TEU", "old and the new picture side by side")),
        ("zh", ("数据来源样式有变", "thousand TEU", "对照新旧样式")),
    ],
)
def test_a_source_that_looks_different_says_in_what_and_leads_to_both_pictures(language, words):
    differs = Problem("unit_changed", {"before": "TEU", "now": "thousand TEU"}, where="cargo")
    run = Run(source="port", started_at=AT, finished_at=AT, outcome="drifted", reason=differs, problems=(differs,) * 9)
    receiver = Receiver(id="li@example.org", name="Li", email="li@example.org", language=language)
    told = News(kind=Kind.SOURCE, source=Source(id="port", kind="document"), run=run)
    letter = Letter(receiver=receiver, day=TODAY, news=(told,), message_id="<2@x.example>", written_at=AT)
    written = compose(letter, settings=settings(), keys=KEYS, readings=lambda _name: ())
    said = f"{written['Subject']}\n{text(written)}"
    assert [one for one in (*words, "/sources/port", "/runbooks/source-drifted") if one not in said] == []
    assert said.count("thousand TEU") == 5, "the first differences are told, the page has the rest"
