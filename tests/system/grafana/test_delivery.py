"""The shipped rules and routes, with shorter times, through real Prometheus, Alertmanager and SMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exposition import Target
from rig import Rig

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
OPERATORS = "operators@example.org"


def subjects(rig: Rig) -> list[str]:
    return [mail.subject for mail in rig.mailbox.to(OPERATORS)]


def test_operators_hear_of_a_service_that_is_away_and_of_its_return_and_nobody_of_targets(tmp_path: Path) -> None:
    with Rig(tmp_path) as rig:
        rig.service.targets = [Target("lagging", status="off_track"), Target("late", late_seconds=86400 * 30)]
        rig.wait(
            "the target's alert fires", lambda: firing(rig) == {"TargetwatchTargetOffTrack", "TargetwatchReleaseLate"}
        )
        rig.service.stop()
        rig.wait("the operators are mailed", lambda: "targetwatch is not answering" in subjects(rig), seconds=40)
        assert firing(rig) >= {"TargetwatchTargetOffTrack", "TargetwatchReleaseLate"}, "an outage ends no trouble"
        rig.service.start()
        rig.wait("they hear of the return", lambda: "Over: targetwatch is not answering" in subjects(rig), seconds=60)
        (first, *_) = rig.mailbox.to(OPERATORS)
        assert "https://watch.example.org/runbooks/service-down" in first.text
        assert not first.html
        assert first.headers["auto-submitted"] == "auto-generated"
        assert {address for mail in rig.mailbox.mails for address in mail.to} == {OPERATORS}
        assert not [mail for mail in rig.mailbox.mails if "lagging" in mail.text]


def firing(rig: Rig) -> set[str]:
    """Return the alerts of targets that Prometheus holds to be firing."""
    found = rig.ask('ALERTS{alertstate="firing",target!=""}')
    return {one["metric"]["alertname"] for one in found}


def test_operators_read_in_the_language_of_their_house(tmp_path: Path) -> None:
    with Rig(tmp_path, language="zh") as rig:
        rig.wait("Prometheus has seen the service", lambda: bool(rig.ask("targetwatch:service:seen_timestamp_seconds")))
        rig.service.stop()
        rig.wait("the operators are mailed", lambda: "targetwatch 没有应答" in subjects(rig), seconds=40)
        assert "已有十分钟以上没有采集到任何判断" in rig.mailbox.to(OPERATORS)[0].text
