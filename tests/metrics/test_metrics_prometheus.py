"""The real programs: promtool finds nothing to say, and Prometheus reads every sample."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hand_made import AWKWARD, SNAPSHOT, ZONE, changed
from test_metrics_service import full

from targetwatch.metrics import CATALOGUE, Exposition
from targetwatch.model import DataState

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed, expected it on the PATH (apt-get install prometheus)")
    return found


@pytest.fixture
def page() -> Exposition:
    made = Exposition(ZONE, service=full())
    late = {"data_state": DataState.LATE, "next_release_due": date(2025, 7, 1)}
    made.show(changed(SNAPSHOT, "routes-2025", **late))
    return made


@pytest.mark.parametrize("with_snapshot", [True, False])
def test_promtool_finds_nothing_to_say(page: Exposition, with_snapshot: bool):  # noqa: FBT001
    body = (page if with_snapshot else Exposition(ZONE, service=full())).answer()[0]
    done = subprocess.run([program("promtool"), "check", "metrics"], input=body, capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


def test_the_full_page_has_every_metric_of_the_catalogue_and_no_other(page: Exposition):
    types = dict(re.findall(r"^# TYPE (targetwatch_\S+) (\S+)$", page.answer()[0].decode(), re.MULTILINE))
    assert types == {metric.name: metric.kind for metric in CATALOGUE}


def test_no_metric_has_a_label_that_prometheus_sets_itself():
    assert len({metric.name for metric in CATALOGUE}) == len(CATALOGUE)
    for metric in CATALOGUE:
        assert not {"job", "instance", "le", "quantile"} & set(metric.labels)


def test_the_documentation_lists_every_metric_with_its_labels_and_no_other():
    rows = re.findall(r"^\| `(targetwatch_\w+)` \| (\w+) \| ([^|]*) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}
    assert listed == {metric.name: (metric.kind, metric.labels) for metric in CATALOGUE}
    mentioned = set(re.findall(r"targetwatch_\w+", DOCS.read_text(encoding="utf-8")))
    histograms = {
        f"{metric.name}_{end}"
        for metric in CATALOGUE
        if metric.kind == "histogram"
        for end in ("sum", "count", "bucket")
    }
    assert mentioned <= {metric.name for metric in CATALOGUE} | histograms


@pytest.fixture
def served(page: Exposition) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve the page as the web layer does; the requests' headers are kept."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({name.lower(): value for name, value in self.headers.items()})
            body, headers = page.answer(self.headers.get("Accept", ""), self.headers.get("Accept-Encoding", ""))
            self.send_response(200)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def prometheus(
    request: pytest.FixtureRequest, served: tuple[str, list[dict[str, str]]], tmp_path: Path
) -> Iterator[Callable[[str], list[dict[str, object]]]]:
    """Run a real Prometheus that scrapes the page each second; what is given asks it a query."""
    protocol = getattr(request, "param", "OpenMetricsText1.0.0")
    config = tmp_path / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 1s}\n"
        "scrape_configs:\n"
        f"  - job_name: targetwatch\n    scrape_protocols: [{protocol}]\n"
        f"    static_configs: [{{targets: ['{served[0]}']}}]\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        program("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]

    def ask(query: str) -> list[dict[str, object]]:
        url = f"http://127.0.0.1:{port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            found: list[dict[str, object]] = json.load(answer)["data"]["result"]
        return found

    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as running:
        try:
            until(lambda: ask("up == 1"), tmp_path / "log")
            yield ask
        finally:
            running.terminate()
            running.wait(10)


def until(condition: Callable[[], object], log: Path | None = None, within_seconds: float = 30) -> None:
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass  # not listening yet
        if time.monotonic() > deadline:
            pytest.fail(f"it never came true: {log.read_text()[-2000:] if log else ''}")
        time.sleep(0.1)


@pytest.mark.parametrize("prometheus", ["OpenMetricsText1.0.0", "PrometheusText0.0.4"], indirect=True)
def test_prometheus_reads_every_sample_of_the_compressed_page(
    prometheus: Callable[[str], list[dict[str, object]]], served: tuple[str, list[dict[str, str]]], page: Exposition
):
    plain = [line for line in page.answer()[0].decode().splitlines() if not line.startswith("#")]
    (counted,) = prometheus("scrape_samples_scraped")
    assert counted["value"][1] == str(len(plain))  # type: ignore[index]
    assert all("gzip" in asked["accept-encoding"] for asked in served[1])

    (info,) = prometheus('targetwatch_target_info{target="routes-2025"}')
    assert info["metric"]["title_en"] == AWKWARD.en  # type: ignore[index]
    assert info["metric"]["title_zh"] == AWKWARD.zh  # type: ignore[index]
    (joined,) = prometheus(
        'targetwatch_target_performance{status="on_track"} == 1'
        " and on (target) targetwatch_target_actual_value / on (target) targetwatch_target_goal_value > 0.57"
    )
    assert joined["metric"]["target"] == "cargo-2025"  # type: ignore[index]
    for query in re.findall(r"^```promql\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        assert isinstance(prometheus(query), list)
    (held,) = prometheus("sum(targetwatch_readings_held)")
    assert held["value"][1] == "2"  # type: ignore[index]


def test_prometheus_forgets_a_target_at_the_next_scrape_after_it_is_gone(
    prometheus: Callable[[str], list[dict[str, object]]], page: Exposition
):
    query = 'targetwatch_target_version{target="routes-2025"}'
    assert prometheus(query)
    following = changed(SNAPSHOT, "cargo-2025", version=3)
    del following.verdicts["routes-2025"]  # type: ignore[attr-defined]
    page.show(following)
    until(lambda: not prometheus(query))
    (kept,) = prometheus("targetwatch_target_version")
    assert kept["value"][1] == "3"  # type: ignore[index]
