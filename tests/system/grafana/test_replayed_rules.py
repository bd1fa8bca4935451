"""The last quarter of the real year lived again, two days a second: every mail is implied by the status of a day."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from grafana.stack import shipped
from grafana.stack.programs import Program
from grafana.stack.shipped import HERE
from rig import INSTEAD, Rig, free_port

from targetwatch.model import AsOf, Performance
from targetwatch.store import db
from targetwatch.watch import take

if TYPE_CHECKING:
    from pathlib import Path

    from targetwatch.model import Snapshot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
ROOT = HERE.parent
FIRST, LAST = date(2025, 10, 1), date(2026, 1, 5)
ZONE = ZoneInfo("Asia/Shanghai")
DAY_SECONDS = 0.5
FASTER = {**INSTEAD, "1m": "500ms", "5m": "500ms", "10m": "500ms", "30m": "500ms", "1h": "500ms", "14d": "3600s"}
SETTLE_SECONDS = 5
WORDS = {
    Performance.OFF_TRACK: "明显落后",
    Performance.AT_RISK: "存在风险",
    Performance.MISSED: "未完成",
    Performance.ACHIEVED: "已完成",
}
ENGLISH = {
    Performance.OFF_TRACK: "Off track",
    Performance.AT_RISK: "At risk",
    Performance.MISSED: "Missed",
    Performance.ACHIEVED: "Achieved",
}
TOLD_AFTER_DAYS = 13


def test_a_replayed_quarter_sends_the_mails_that_each_day_implies(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/t.db"
    command = [sys.executable, "-m", "targetwatch", "--database", database, "--config", str(ROOT / "config")]
    for step in (["db", "upgrade"], ["apply", str(ROOT / "config")], ["ingest"]):
        subprocess.run([*command, *step], check=True, capture_output=True, cwd=ROOT)
    expected = implied(database)
    assert len(expected) >= 4, "a quarter in which nothing happens proves nothing"

    port = free_port()
    times = shipped.Times(FASTER, quiet_hours=False, calendar_days=True)
    rig = Rig(tmp_path / "rig", times=times, scraped=f"127.0.0.1:{port}")
    stretch = f"{FIRST}..{LAST}"
    service = Program(
        command=[*command, "serve", "--port", str(port), "--replay", stretch, "--day", f"{DAY_SECONDS:g}s"],
        log=tmp_path / "service.log",
        ready_url=f"http://127.0.0.1:{port}/-/ready",
        directory=ROOT,
    )
    with rig, service:
        time.sleep(((LAST - FIRST).days + 1) * DAY_SECONDS + SETTLE_SECONDS)
        assert service.running, (tmp_path / "service.log").read_text()
        told = mentioned(rig)
    assert told == expected
    assert not [mail for mail in rig.mailbox.mails if "Back on track" in mail.text or "重回正轨" in mail.text]


def implied(database: str) -> set[tuple[str, str, str]]:
    """Return (owner, word, title) of every mail that the status of each day asks for."""
    engine = db.create_engine(database)
    asked: set[tuple[str, str, str]] = set()
    with db.reading(engine) as session:
        day = FIRST
        while day <= LAST:
            asked |= of_day(take(session, AsOf.end_of(day, ZONE), taken_at=AsOf.end_of(day, ZONE).moment))
            day += timedelta(days=1)
    engine.dispose()
    return asked


def of_day(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    said = set()
    for target in snapshot.catalogue.targets:
        verdict = snapshot.verdicts.get(target.id)
        if verdict is None or verdict.performance not in WORDS or verdict.performance_since is None:
            continue
        decided = verdict.performance in {Performance.ACHIEVED, Performance.MISSED}
        if decided and (snapshot.as_of.day - verdict.performance_since).days >= TOLD_AFTER_DAYS:
            continue
        language = target.owner.language
        word = (WORDS if language == "zh" else ENGLISH)[verdict.performance]
        said.add((target.owner.email, word, target.title[language]))
    return said


def mentioned(rig: Rig) -> set[tuple[str, str, str]]:
    """Return (owner, word, title) of everything the mails about targets say."""
    lead = re.compile(rf"^({'|'.join([*WORDS.values(), *ENGLISH.values()])})[:：] ?(.+)$", re.MULTILINE)
    said = Counter(
        (mail.to[0], found[1], found[2].strip()) for mail in rig.mailbox.mails for found in lead.finditer(mail.text)
    )
    return set(said)
