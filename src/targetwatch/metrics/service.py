"""What the process says of itself: sources and their runs, reloads, the schedule, the database.

The numbers are told to it as things happen; a scrape reads them from here and asks nobody. A number never told is
absent. Written out by prometheus_client.
"""

from __future__ import annotations

import platform
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.openmetrics import exposition as openmetrics_exposition
from prometheus_client.registry import Collector

from targetwatch import __version__
from targetwatch.metrics import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from prometheus_client.metrics_core import Metric as Family

    from targetwatch.model import Snapshot

LIMITS_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Upper ends of the buckets of a run's duration."""
OUTCOMES = ("ok", "unchanged", "failed", "drifted", "broken")
MAIL_OUTCOMES = ("sent", "refused", "failed", "replaced", "broken")
RESULTS = ("new", "known", "revised", "held")
OF_A_SOURCE = (
    names.SOURCE_LAST_SUCCESS,
    names.SOURCE_LAST_RUN_SUCCESSFUL,
    names.SOURCE_DRIFTED,
    names.INGEST_RUNS,
    names.INGEST_READINGS,
)
END = b"# EOF\n"
PROCESS = ProcessCollector(registry=None)
"""The `process_*` metrics that every program with this library has."""
FAMILIES = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily, "histogram": HistogramMetricFamily}
Numbers = Mapping[tuple[str, ...], float | tuple[list[tuple[str, float]], float]]
"""The samples of a metric by its labels; of a histogram the buckets and their sum."""


@dataclass(slots=True)
class _Durations:
    """How long runs took: how many in each bucket, and together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(LIMITS_SECONDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(LIMITS_SECONDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> tuple[list[tuple[str, float]], float]:
        """Return how many took at most so long, for each upper end, and the sum."""
        ends = [*map(str, LIMITS_SECONDS), "+Inf"]
        return list(zip(ends, map(float, accumulate(self.counts)), strict=True)), self.total


class Service:
    """The numbers of this process, by metric and label values."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[names.Metric, dict[tuple[str, ...], float]] = defaultdict(dict)
        self._durations: dict[str, _Durations] = {}
        self._refreshes = _Durations()
        self._texts: dict[tuple[names.Metric, bool], tuple[Numbers, bytes]] = {}
        """The lines of each metric as last written, as OpenMetrics or not, with the numbers they say."""
        self._is_leading: Callable[[], bool] | None = None
        self._tell({names.BUILD_INFO: 1}, __version__, platform.python_version())
        self._tell({names.WRITE_FAILURES: 0})
        for outcome in MAIL_OUTCOMES:
            self._tell({names.MAILS: 0}, outcome)

    def took(self, snapshot: Snapshot, *, working_day: bool, seconds: float = 0.0) -> None:
        """Note that a snapshot was taken, so the database answered; sources no longer in use are forgotten."""
        with self._lock:
            self._refreshes.add(seconds)
        self._tell({names.WORKING_DAY: working_day, names.DATABASE_UP: 1})
        self._keep_sources({source.id for source in snapshot.catalogue.sources if source.enabled})

    def ingested(
        self, source: str, outcome: str, *, finished_at: datetime, duration_seconds: float, readings: Mapping[str, int]
    ) -> None:
        """Note a run of a source that ended ok, unchanged, failed or drifted, and its readings by result."""
        good = outcome in {"ok", "unchanged"}
        self._ended(source, outcome, good=good)
        if good:
            self._tell({names.SOURCE_LAST_SUCCESS: finished_at.timestamp()}, source)
        if outcome != "failed":  # a source that cannot be reached looks as it did
            self._tell({names.SOURCE_DRIFTED: outcome == "drifted"}, source)
        with self._lock:
            for result in RESULTS:
                self._values[names.INGEST_READINGS][source, result] += readings[result]
            self._durations[source].add(duration_seconds)

    def broke(self, source: str) -> None:
        """Note a run that broke off by a fault of the service or of the database."""
        self._ended(source, "broken", good=False)

    def remember(self, last_success: Mapping[str, datetime], outcomes: Mapping[str, str] | None = None) -> None:
        """Take over from before the start when each source last succeeded, and the outcome of its last run."""
        for source, at in last_success.items():
            self._tell({names.SOURCE_LAST_SUCCESS: at.timestamp()}, source)
        for source, outcome in (outcomes or {}).items():
            self._tell({names.SOURCE_LAST_RUN_SUCCESSFUL: outcome in {"ok", "unchanged"}}, source)
            self._tell({names.SOURCE_DRIFTED: outcome == "drifted"}, source)

    def reloaded(self, *, ok: bool, at: datetime) -> None:
        """Note that the configuration was put in force, or refused."""
        self._tell({names.RELOAD_SUCCESSFUL: ok} | ({names.RELOAD_SUCCESS_TIMESTAMP: at.timestamp()} if ok else {}))

    def leads(self, is_leading: Callable[[], bool]) -> None:
        """Note how to find out whether this process runs the scheduled jobs: one that slept may have lost the lead."""
        self._is_leading = is_leading

    def database(self, *, up: bool) -> None:
        """Note whether the database answered."""
        self._tell({names.DATABASE_UP: up})

    def failing(self) -> tuple[str, ...]:
        """Return the sources whose last run failed."""
        with self._lock:
            last = dict(self._values[names.SOURCE_LAST_RUN_SUCCESSFUL])
        return tuple(sorted(source for (source,), good in last.items() if not good))

    def mailed(self, outcome: str) -> None:
        """Note what became of a mail, or of an attempt."""
        self._count(names.MAILS, outcome)

    def mails_wait(self, count: int) -> None:
        """Note how many mails have yet to be sent."""
        self._tell({names.MAILS_WAITING: count})

    def answered(self, method: str, route: str, code: int) -> None:
        """Note that a request was answered."""
        self._count(names.HTTP_REQUESTS, method, route, str(code))

    def could_not_write(self) -> None:
        """Note that something could not be kept; it is tried again."""
        self._count(names.WRITE_FAILURES)

    def text(self, *, openmetrics: bool) -> bytes:
        """Return the numbers written out, without the end mark that OpenMetrics wants after everything.

        The lines of a metric are kept while its numbers stay: the library takes milliseconds to write them all.
        """
        if self._is_leading is not None:
            self._tell({names.SCHEDULER_LEADER: self._is_leading()})
        with self._lock:
            told: dict[names.Metric, Numbers] = {metric: dict(numbers) for metric, numbers in self._values.items()}
            told[names.INGEST_DURATION] = {(name,): spent.buckets() for name, spent in self._durations.items()}
            told[names.REFRESH_DURATION] = {(): self._refreshes.buckets()}
        lines = [self._written(one, numbers, openmetrics) for one, numbers in told.items() if numbers]
        write = openmetrics_exposition.generate_latest if openmetrics else generate_latest
        return b"".join([*lines, write(PROCESS).removesuffix(END)])

    def _written(self, metric: names.Metric, numbers: Numbers, openmetrics: bool) -> bytes:  # noqa: FBT001
        kept = self._texts.get((metric, openmetrics))
        if kept is None or kept[0] != numbers:
            write = openmetrics_exposition.generate_latest if openmetrics else generate_latest
            kept = numbers, write(_Sole(metric, numbers)).removesuffix(END)
            self._texts[metric, openmetrics] = kept
        return kept[1]

    def _tell(self, values: Mapping[names.Metric, float], *labels: str) -> None:
        with self._lock:
            for metric, value in values.items():
                self._values[metric][labels] = float(value)

    def _count(self, metric: names.Metric, *labels: str) -> None:
        with self._lock:
            self._values[metric][labels] = self._values[metric].get(labels, 0.0) + 1

    def _ended(self, source: str, outcome: str, *, good: bool) -> None:
        self._begin(source)
        with self._lock:
            self._values[names.INGEST_RUNS][source, outcome] += 1
            self._values[names.SOURCE_LAST_RUN_SUCCESSFUL][source,] = float(good)

    def _begin(self, source: str) -> None:
        """Let a source's counters start at 0, so that their first step is seen."""
        with self._lock:
            self._durations.setdefault(source, _Durations())
            for metric, values in ((names.INGEST_RUNS, OUTCOMES), (names.INGEST_READINGS, RESULTS)):
                for value in values:
                    self._values[metric].setdefault((source, value), 0.0)

    def _keep_sources(self, wanted: set[str]) -> None:
        for source in sorted(wanted):
            self._begin(source)
        with self._lock:
            for metric in OF_A_SOURCE:
                for labels in [labels for labels in self._values[metric] if labels[0] not in wanted]:
                    del self._values[metric][labels]
            for source in [source for source in self._durations if source not in wanted]:
                del self._durations[source]


@dataclass(frozen=True, slots=True)
class _Sole(Collector):
    """One metric with its numbers, for prometheus_client to write out."""

    metric: names.Metric
    numbers: Numbers

    def collect(self) -> Iterator[Family]:
        """Yield its family."""
        metric = self.metric
        family = FAMILIES[metric.kind](metric.name, metric.help, labels=metric.labels)
        for labels, number in self.numbers.items():
            family.add_metric(labels, *(number if isinstance(number, tuple) else (number,)))
        yield family
