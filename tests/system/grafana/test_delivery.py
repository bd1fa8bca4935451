"""From a status to a mail, through the real programs: every change gives one mail, nothing else gives any.

One run of a minute and a half plays all stories at once, each with an owner of its own. A day lasts four seconds,
the half hour before an alert two.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from exposition import Target
from rig import Rig

if TYPE_CHECKING:
    from grafana.stack.mailbox import Mail, Mailbox

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SETTLE_SECONDS = 9
"""The alert's patience, the group's wait and its interval, twice over on a busy machine."""


def test_every_change_gives_one_mail_and_nothing_else_gives_any(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """One run, many looks: a run takes a minute, so it is not made again for each."""
    with Rig(tmp_path) as rig:
        play(rig)
    for owner, expected in EXPECTED.items():
        with subtests.test(owner=owner):
            assert subjects(rig.mailbox.to(f"{owner}@example.org")) == expected
    for look in LOOKS:
        with subtests.test(look=look.__name__):
            look(rig.mailbox)


def play(rig: Rig) -> None:
    service, targets = rig.service, rig.service.targets
    service.add(
        Target("recovers", "ann@example.org"),
        Target("handed-over", "bob@example.org"),
        Target("worsens", "cyd@example.org"),
        Target("retitled", "dan@example.org"),
        Target("deleted", "eve@example.org"),
        Target("runs-out", "fay@example.org"),
        *(Target(f"one-of-{number}", "gus@example.org") for number in range(40)),
        Target("late", "hal@example.org"),
        Target("old-hit", "ida@example.org", status="achieved", since="2024-12-31"),
        Target("old-miss", "ida@example.org", status="missed", since="2024-12-31"),
        Target("lasts", "jan@example.org"),
        Target("again", "kim@example.org"),
        Target("beside-again", "kim@example.org"),
        Target("chinese", "liu@example.org", language="zh"),
        Target("refused", "max@example.org"),
        Target("on-a-sunday", "nan@example.org"),
        Target("blip", "oda@example.org"),
    )
    time.sleep(4)

    # 1. what lags begins to lag
    targets["worsens"].become("at_risk", "2025-02-01")
    targets["late"].data_state = "late"
    lagging = (
        "recovers",
        "handed-over",
        "retitled",
        "deleted",
        "runs-out",
        "lasts",
        "again",
        "beside-again",
        "chinese",
    )
    for name in (*lagging, *(f"one-of-{number}" for number in range(40))):
        targets[name].become("off_track", "2025-02-01")
    rig.wait(
        "the first mails came", lambda: all(rig.mailbox.to(f"{name}@example.org") for name in ("ann", "gus", "liu"))
    )
    time.sleep(SETTLE_SECONDS)

    # 2. edits, a recovery, a deadline, an escalation; and a Sunday
    targets["recovers"].become("on_track", "2025-03-01")
    targets["again"].become("on_track", "2025-03-01")
    targets["worsens"].become("off_track", "2025-03-01")
    targets["runs-out"].become("awaiting_data", "2025-03-01")
    targets["handed-over"].email = "beth@example.org"
    targets["retitled"].title = "Another title"
    del targets["deleted"]
    rig.wait("the recovery is told", lambda: len(rig.mailbox.to("ann@example.org")) == 2)
    time.sleep(SETTLE_SECONDS)
    service.working_day = 0
    time.sleep(3)
    targets["on-a-sunday"].become("off_track", "2025-03-02")
    time.sleep(SETTLE_SECONDS)
    assert rig.mailbox.to("nan@example.org") == []
    service.working_day = 1
    rig.wait("Monday's mail came", lambda: bool(rig.mailbox.to("nan@example.org")))

    # 3. the mail server refuses while a target turns
    rig.mailbox.refusing = True
    targets["refused"].become("off_track", "2025-03-03")
    rig.wait("a mail was refused", lambda: rig.mailbox.refused >= 2)
    rig.mailbox.refusing = False
    rig.wait("nothing is lost", lambda: bool(rig.mailbox.to("max@example.org")))

    # 4. the service away, then Prometheus, then Alertmanager killed; the second episode and the result meanwhile
    service.stop()
    time.sleep(6)
    service.start()
    time.sleep(4)
    rig.prometheus.stop()
    time.sleep(2)
    rig.prometheus.start()
    time.sleep(SETTLE_SECONDS - 3)
    targets["again"].become("off_track", "2025-04-01")
    targets["runs-out"].become("achieved", "2025-04-01")
    time.sleep(SETTLE_SECONDS)
    rig.alertmanager.kill()
    rig.alertmanager.start()
    time.sleep(SETTLE_SECONDS)


def subjects(mails: list[Mail]) -> list[str]:
    return [re.sub(r"Title of ", "", mail.subject) for mail in mails]


EXPECTED = {
    # a lag and its end: two mails
    "ann": ["Off track: recovers", "Back on track: recovers"],
    # the old owner hears nothing more
    "bob": ["Off track: handed-over"],
    # the new owner hears once
    "beth": ["Off track: handed-over"],
    # worse is told, and is no recovery
    "cyd": ["At risk: worsens", "Off track: worsens"],
    # another title is no news
    "dan": ["Off track: retitled"],
    # a deleted target is not called recovered
    "eve": ["Off track: deleted"],
    # a deadline is silent, a result is told
    "fay": ["Off track: runs-out", "Achieved: runs-out"],
    # forty at once: one mail
    "gus": ["Targets: 40 Off track"],
    # a late figure: one data mail
    "hal": ["A figure is late: late"],
    # old results: no mail
    "ida": [],
    # outages and a kill: no second mail
    "jan": ["Off track: lasts"],
    # refused for a while: not lost, not doubled
    "max": ["Off track: refused"],
    # what happens on a Sunday is told on Monday
    "nan": ["Off track: on-a-sunday"],
    # on track all along: no mail
    "oda": [],
    # a second episode is told although another problem of this owner lasts, which Alertmanager alone would swallow
    "kim": ["Targets: 2 Off track", "Back on track: again", "Targets: 2 Off track"],
}


def an_outage_is_told_to_the_operators_only_and_its_end_too(mailbox: Mailbox) -> None:
    about_service = [mail.subject for mail in mailbox.to("operators@example.org")]
    assert about_service == ["targetwatch is not answering", "Over: targetwatch is not answering"]
    assert mailbox.to("data-steward@example.org") == []


def the_mail_says_all_an_owner_needs_in_words_and_figures(mailbox: Mailbox) -> None:
    mail = mailbox.to("ann@example.org")[0]
    for words in (
        "5 of 10 boxes through 31 Aug.",
        "5 / 10 boxes",
        "7 boxes",
        "about 2 in 10",
        "2 boxes a month",
        "2025-02-01",
        "figures to 31 Aug",
        "https://example.org/evidence",
        "https://watch.example.org/targets/recovers",
        "https://watch.example.org/runbooks/target-off-track",
        "data-steward@example.org",
        "reply with what will be done",
    ):
        assert words in mail.text, words
        assert words in mail.html, words
    assert mail.headers["reply-to"] == "data-steward@example.org"
    assert mail.headers["auto-submitted"] == "auto-generated"


def the_mail_speaks_the_owner_s_language(mailbox: Mailbox) -> None:
    (mail,) = mailbox.to("liu@example.org")
    assert mail.subject == "明显落后：chinese的标题"
    for words in ("截至8月31日为5箱。", "5 / 10箱", "约两成把握", "每月需2箱", "怎么办", "数据管理员"):
        assert words in mail.text, words
        assert words in mail.html, words
    assert "Off track" not in mail.text


def no_label_of_the_plumbing_reaches_a_reader(mailbox: Mailbox) -> None:
    for mail in mailbox.mails:
        assert "&lt;no value&gt;" not in mail.html
        assert "<no value>" not in mail.text
        assert "targetwatch_runbooks" not in mail.html


LOOKS = (
    an_outage_is_told_to_the_operators_only_and_its_end_too,
    the_mail_says_all_an_owner_needs_in_words_and_figures,
    the_mail_speaks_the_owner_s_language,
    no_label_of_the_plumbing_reaches_a_reader,
)
