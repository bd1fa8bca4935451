"""When mail goes out and how often again: the shipped routes in the real Alertmanager, at any hour of the day.

Nobody can set a program's clock, but the quiet hours stand in a zone: in another one the same moment is another hour.
"""

from __future__ import annotations

import subprocess
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import pytest
import yaml
from grafana.stack import shipped
from grafana.stack.mailbox import Mailbox, serve
from rig import INSTEAD, alertmanager, free_port

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
CADENCE_SECONDS = 4
TIMES = shipped.Times({**INSTEAD, "14d": f"{CADENCE_SECONDS}s", "5m": "1s", "1h": "1s"})
SETTLE_SECONDS = 3


def zone_where_it_is(hour: int) -> str:
    """Return a zone in which it is `hour` o'clock now (Etc/GMT-8 is eight hours ahead)."""
    ahead = (hour - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"


@dataclass
class Manager:
    """Alertmanager alone, on the shipped configuration, its quiet hours moved to a zone."""

    folder: Path
    mailbox: Mailbox = field(default_factory=Mailbox)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self.port, cluster = free_port(), free_port()
        controller = serve(self.mailbox, port=free_port())
        self._stack.callback(controller.stop)
        where = f"127.0.0.1:{cluster}"
        self.addresses = shipped.Addresses(
            targetwatch=where,
            prometheus=where,
            alertmanager=f"127.0.0.1:{self.port}",
            mail=f"127.0.0.1:{controller.port}",
        )
        shipped.lay_out(self.folder, self.addresses, times=TIMES)
        self._stack.enter_context(alertmanager(self.folder, self.addresses, TIMES))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def move_to(self, zone: str) -> None:
        """Put the quiet hours into another zone, changing nothing else."""
        path = self.folder / "alertmanager.yml"
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
        for stretch in config["time_intervals"][0]["time_intervals"]:
            stretch["location"] = zone
        path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
        request = urllib.request.Request(f"http://{self.addresses.alertmanager}/-/reload", method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200

    def fire(self, name: str, **labels: str) -> None:
        """Tell it of a problem that lasts, as Prometheus would."""
        command = ["amtool", "alert", "add", f"--alertmanager.url=http://{self.addresses.alertmanager}"]
        ends = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
        said = [f"{key}={value}" for key, value in ({"alertname": name} | labels).items()]
        subprocess.run([*command, f"--end={ends}", "--annotation=summary=" + name, *said], check=True)

    def told(self) -> list[str]:
        """Return whom a mail went to, in order."""
        return [mail.to[0] for mail in list(self.mailbox.mails)]


def every_kind(manager: Manager, mark: str) -> None:
    """Fire one alert of each kind."""
    owner = {"owner_email": f"{mark}@example.org", "target": mark}
    manager.fire("TargetwatchTargetOffTrack", kind="performance", **owner)
    manager.fire("TargetwatchTargetAchieved", kind="news", owner_email=f"news-{mark}@example.org", target=f"n-{mark}")
    manager.fire("TargetwatchReleaseLate", kind="data", owner_email=f"data-{mark}@example.org", target=f"d-{mark}")
    manager.fire("TargetwatchReadingsHeld", kind="steward", indicator=mark)
    manager.fire("TargetwatchSnapshotStale", kind="service", severity="warning")
    manager.fire("SomethingCritical", kind="service", severity="critical")


def test_quiet_hours_hold_back_all_but_what_is_critical_and_lose_nothing(tmp_path: Path) -> None:
    with Manager(tmp_path) as manager:
        manager.move_to(zone_where_it_is(3))
        every_kind(manager, "ann")
        time.sleep(SETTLE_SECONDS)
        assert manager.told() == ["operators@example.org"]
        assert "SomethingCritical" in manager.mailbox.mails[0].subject
        for hour in (0, 7, 18, 23):
            manager.move_to(zone_where_it_is(hour))
            time.sleep(1.5)
            assert [mail for mail in manager.told() if "operators" not in mail] == [], hour
        manager.move_to(zone_where_it_is(12))
        deadline = time.monotonic() + 20
        wanted = {f"{who}ann@example.org" for who in ("", "news-", "data-")} | {"data-steward@example.org"}
        while not wanted <= set(manager.told()):
            assert time.monotonic() < deadline, manager.told()
            time.sleep(0.2)
        assert any("SnapshotStale" in mail.subject for mail in manager.mailbox.mails)


@pytest.mark.parametrize("hour", [9, 16])
def test_in_working_hours_every_owner_is_told_at_once(tmp_path: Path, hour: int) -> None:
    with Manager(tmp_path) as manager:
        manager.move_to(zone_where_it_is(hour))
        every_kind(manager, "bob")
        deadline = time.monotonic() + 15
        while "bob@example.org" not in manager.told():
            assert time.monotonic() < deadline, manager.told()
            time.sleep(0.2)


@pytest.mark.parametrize(("hour", "first_half_is_quiet"), [(8, True), (17, False)])
def test_the_day_begins_and_ends_at_half_past(tmp_path: Path, hour: int, *, first_half_is_quiet: bool) -> None:
    before = datetime.now(UTC).minute < 30
    with Manager(tmp_path) as manager:
        manager.move_to(zone_where_it_is(hour))
        every_kind(manager, "cyd")
        time.sleep(SETTLE_SECONDS)
        told = "cyd@example.org" in manager.told()
    halves = {before, datetime.now(UTC).minute < 30}  # both only where the clock passed the half hour meanwhile
    assert told in {half is not first_half_is_quiet for half in halves}


def test_a_problem_that_lasts_is_told_again_after_each_cadence_and_not_in_between(tmp_path: Path) -> None:
    """14 days are four seconds here."""
    with Manager(tmp_path) as manager:
        manager.move_to(zone_where_it_is(12))
        manager.fire("TargetwatchTargetOffTrack", kind="performance", owner_email="dan@example.org", target="t")
        seen: list[float] = []
        start = time.monotonic()
        while time.monotonic() - start < 2.7 * CADENCE_SECONDS:
            if len(manager.told()) > len(seen):
                seen.append(time.monotonic())
            time.sleep(0.05)
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    assert len(gaps) >= 1, "it is never told again"
    assert all(CADENCE_SECONDS - 0.5 <= gap <= CADENCE_SECONDS + 2 for gap in gaps), gaps
