"""How long real Prometheus takes for each group of rules: python benchmarks/rules/measure.py FOLDER_OF_RULES [COUNT].

The page scraped is the service's own, of targets three of four of which lag. With `--as-they-were` it also has what the
rules before needed: addresses in `target_info`, and the sentences of each verdict.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "service")]

import world  # noqa: E402
from grafana.stack.programs import Program, find  # noqa: E402

from targetwatch.metrics import Exposition  # noqa: E402
from targetwatch.metrics.names import escaped  # noqa: E402
from targetwatch.model import AsOf, Clock, Comparator, DataState, Forecast, Performance, Snapshot, Verdict  # noqa: E402
from targetwatch.wording.exported import words  # noqa: E402

LAGGING = (Performance.OFF_TRACK, Performance.AT_RISK, Performance.MISSED)
EVERY_SECONDS = 60
"""As shipped: evaluated more often, scraping alone would keep the machine busy."""
WARM_UP, EVALUATIONS = 2, 5
PORT, SCRAPED = 29190, 29191


def main() -> None:
    """Print the seconds of every group, and of all of them together."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rules", type=Path)
    asked.add_argument("count", nargs="?", type=int, default=10_000)
    asked.add_argument("--as-they-were", action="store_true")
    said = asked.parse_args()
    pages = [page(said.count, day, before=said.as_they_were) for day in range(2)]
    with tempfile.TemporaryDirectory() as folder:
        server = served(pages)
        groups = lay_out(Path(folder), said.rules)
        with Program(
            command=[
                find("prometheus"),
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address=127.0.0.1:{PORT}",
            ],
            log=Path(folder) / "log",
            ready_url=f"http://127.0.0.1:{PORT}/-/ready",
        ):
            measure(groups)
        server.shutdown()


def measure(groups: list[str]) -> None:
    """Print each group's evaluations once there are enough of them, the first left out: nothing is scraped yet."""
    seen: dict[str, list[float]] = {group: [] for group in groups}
    moments: dict[str, float] = {}
    begun = 0.0
    while any(len(found) < WARM_UP + EVALUATIONS for found in seen.values()):
        time.sleep(2)
        ended = ask("prometheus_rule_group_last_evaluation_timestamp_seconds")
        for group, took in ask("prometheus_rule_group_last_duration_seconds").items():
            if took and ended.get(group) not in (None, moments.get(group)):
                moments[group] = ended[group]
                seen[group].append(took)
        if not begun and all(len(found) >= WARM_UP for found in seen.values()):
            begun = processor_seconds()
    warm = {group: found[WARM_UP:] for group, found in seen.items()}
    for group, found in warm.items():
        print(f"{group:24} least {min(found):.2f} s, median {world.median(found):.2f}, most {max(found):.2f}")
    minutes = EVERY_SECONDS * EVALUATIONS / 60
    print(f"processor, whole program {(processor_seconds() - begun) / minutes:.1f} s a minute")
    for name, of in (("least", min), ("median", world.median)):
        print(f"together, {name:14} {sum(of(found) for found in warm.values()):6.2f} s")
    print(f"load of the machine {os.getloadavg()[1]:.1f}, of {os.cpu_count()} processors")
    print(
        f"alerts firing or pending {sum(count('ALERTS').values()):.0f}, failures {sum(count('failures').values()):.0f}"
    )


def processor_seconds() -> float:
    """Return the processor time Prometheus has taken so far, scrapes and storage included."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=60).read().decode()
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith("process_cpu_seconds_total "))


def ask(metric: str) -> dict[str, float]:
    """Return a number Prometheus tells of itself, by group."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=60).read().decode()
    lines = (line for line in text.splitlines() if line.startswith(metric + "{"))
    return {line.split(";")[1].split('"')[0]: float(line.rpartition(" ")[2]) for line in lines}


def count(what: str) -> dict[str, float]:
    """Return how many alerts there are, or how many evaluations failed."""
    if what == "failures":
        return ask("prometheus_rule_evaluation_failures_total")
    query = urllib.parse.urlencode({"query": "count(ALERTS)"})
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/query?{query}", timeout=120) as answer:
        return {"ALERTS": sum(float(one["value"][1]) for one in json.load(answer)["data"]["result"])}


def lay_out(folder: Path, rules: Path) -> list[str]:
    """Write the configuration of Prometheus with the rules; return the names of their groups."""
    names = []
    for path in sorted(rules.glob("*.yaml")):
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
        names += [group["name"] for group in text["groups"]]
        (folder / path.name).write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")
    config = {
        "global": {"scrape_interval": f"{EVERY_SECONDS}s", "scrape_timeout": f"{EVERY_SECONDS - 1}s"},
        "rule_files": [f"{folder}/{path.name}" for path in rules.glob("*.yaml")],
        "scrape_configs": [
            {"job_name": "targetwatch", "static_configs": [{"targets": [f"127.0.0.1:{SCRAPED}"]}]},
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return names


def served(pages: list[bytes]) -> ThreadingHTTPServer:
    """Serve one page at first and the next from the middle on, so that words turn as they do on a new day."""
    begun = time.monotonic()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            late = time.monotonic() - begun > EVERY_SECONDS * (WARM_UP + EVALUATIONS / 2)
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(pages[late])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", SCRAPED), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def page(number: int, day: int, *, before: bool) -> bytes:
    """Return the compressed page of a snapshot taken just now."""
    import gzip  # noqa: PLC0415 - read beside its one use

    now = datetime.now(UTC)
    catalogue = world.catalogue(number)
    verdicts = {
        target.id: verdict(index, target.id, target.indicator, (now - timedelta(days=5)).date(), day)
        for index, target in enumerate(catalogue.targets)
    }
    shown = Exposition(world.ZONE)
    as_of = AsOf.at(now, world.ZONE)
    shown.show(
        Snapshot(as_of=as_of, taken_at=now, catalogue=catalogue, verdicts=verdicts, figures={}, held={}, failed={})
    )
    text = shown.answer()[0].decode()
    if before:
        text = text.replace(
            'unit="TEU",owner="port-office"', 'unit="TEU",owner="port-office",owner_email="port@example.org"'
        )
        indicators = {one.id: one for one in catalogue.indicators}
        text += "".join(_verdict_info(one, words(one, indicators[one.indicator])) for one in verdicts.values())
        text += f"targetwatch_working_day 1\ntargetwatch_database_up {1 + 0 * day}\n"
    return gzip.compress(text.encode(), 1)


def verdict(index: int, target: str, indicator: str, since: date, day: int) -> Verdict:
    """Return a verdict as the service reaches it; three of four lag, and every third figure of those is late."""
    lags = index % 4 != 0
    return Verdict(
        target=target,
        indicator=indicator,
        version=1,
        clock=Clock.PUBLISHED,
        day=since,
        performance=LAGGING[index % 3] if lags else Performance.ON_TRACK,
        performance_since=since,
        data_state=DataState.LATE if lags and index % 9 == 1 else DataState.FRESH,
        rule="probability",
        start=date(since.year, 1, 1),
        deadline=date(since.year, 12, 31),
        comparator=Comparator.ABOVE,
        data_through=date(since.year, 6, 30),
        next_release_due=date(since.year, 7, 20),
        goal_value=Decimal(270000),
        actual_value=Decimal(154600 + index + day),
        expected_value=129511.26,
        progress_ratio=0.5 + index / 30000,
        expected_progress_ratio=0.47967,
        pace_ratio=1.1937,
        required_growth_ratio=-0.1192,
        required_value_per_month=19233.3,
        buffer_days=-0.5,
        attainment_probability=(index % 100) / 100,
        forecast=Forecast(median=321000.0, low=300000.5, high=343000.0, attain_probability=0.93),
        evidence="https://example.org/statistics/monthly",
    )


def _verdict_info(said: Verdict, texts: dict[str, dict[str, str]]) -> str:
    labels = {f"{name}_{language}": text for name, one in texts.items() for language, text in one.items()}
    since, due = said.performance_since, said.next_release_due
    labels = {"target": said.target, **labels, "evidence": said.evidence, "since": str(since), "due": str(due)}
    pairs = ",".join(f'{name}="{escaped(value)}"' for name, value in labels.items())
    return f"targetwatch_target_verdict_info{{{pairs}}} 1\n"


if __name__ == "__main__":
    main()
