"""What the process says of itself, as it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hand_made import SNAPSHOT
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from targetwatch import __version__
from targetwatch.metrics import CATALOGUE, Service
from targetwatch.model import Source

AT = datetime(2025, 7, 18, 4, 0, tzinfo=UTC)


def ran(service: Service, outcome: str = "ok", *, at: datetime = AT, seconds: float = 0.3, **readings: int) -> None:
    """Note a run of the customs source."""
    brought = dict.fromkeys(("new", "known", "revised", "held"), 0) | readings
    service.ingested("customs", outcome, finished_at=at, duration_seconds=seconds, readings=brought)


def told(service: Service, name: str, **labels: str) -> float | None:
    """Return one sample of the service as Prometheus' Python client reads it; None when it is absent."""
    for family in read_text(service.text(openmetrics=False).decode()):
        for sample in family.samples:
            if sample.name == f"targetwatch_{name}" and sample.labels == labels:
                return sample.value
    return None


def test_a_number_never_told_is_absent():
    service = Service()
    for name in ("database_up", "scheduler_leader", "working_day", "config_last_reload_successful"):
        assert told(service, name) is None


def test_the_program_that_answers_is_named():
    families = {family.name: family for family in read_text(Service().text(openmetrics=False).decode())}
    assert families["targetwatch_build_info"].samples[0].labels["version"] == __version__


@pytest.mark.parametrize("working", [True, False])
def test_a_snapshot_says_what_day_it_is_and_that_the_database_answered(working: bool):  # noqa: FBT001
    service = Service()
    service.database(up=False)
    assert told(service, "database_up") == 0
    service.took(SNAPSHOT, working_day=working)
    assert told(service, "working_day") == working
    assert told(service, "database_up") == 1


def test_counters_of_a_source_start_at_nothing_so_that_their_first_step_is_seen():
    service = Service()
    service.took(SNAPSHOT, working_day=True)
    assert told(service, "ingest_runs_total", source="customs", outcome="failed") == 0
    assert told(service, "ingest_readings_total", source="customs", result="held") == 0
    assert told(service, "ingest_duration_seconds_count", source="customs") == 0
    assert told(service, "source_last_run_successful", source="customs") is None
    assert told(service, "ingest_runs_total", source="off", outcome="ok") is None


def test_runs_add_up():
    service = Service()
    ran(service, new=3, known=2, held=1)
    ran(service, "unchanged", seconds=2.5)
    ran(service, revised=4, new=1, seconds=1000)
    assert told(service, "ingest_runs_total", source="customs", outcome="ok") == 2
    assert told(service, "ingest_runs_total", source="customs", outcome="unchanged") == 1
    read = [
        told(service, "ingest_readings_total", source="customs", result=result)
        for result in ("new", "known", "revised", "held")
    ]
    assert read == [4, 2, 4, 1]
    assert told(service, "source_last_run_successful", source="customs") == 1
    assert told(service, "source_last_success_timestamp_seconds", source="customs") == AT.timestamp()


def test_durations_fall_into_the_bucket_that_holds_them():
    service = Service()
    for seconds in (0.3, 2.5, 1000):
        ran(service, seconds=seconds)
    counted = {
        le: told(service, "ingest_duration_seconds_bucket", source="customs", le=le)
        for le in ("0.25", "0.5", "1.0", "2.5", "300.0", "+Inf")
    }
    assert counted == {"0.25": 0, "0.5": 1, "1.0": 1, "2.5": 2, "300.0": 2, "+Inf": 3}
    assert told(service, "ingest_duration_seconds_sum", source="customs") == 1002.8
    assert told(service, "ingest_duration_seconds_count", source="customs") == 3


def test_requests_are_counted_by_what_they_asked_for_and_how_they_were_answered():
    service = Service()
    for code in (200, 200, 503):
        service.answered("GET", "/targets/{target_id}", code)
    counted = [
        told(service, "http_requests_total", method="GET", route="/targets/{target_id}", code=code)
        for code in ("200", "503")
    ]
    assert counted == [2, 1]


def test_how_long_judging_took_falls_into_the_bucket_that_holds_it():
    service = Service()
    for seconds in (0.05, 2.0):
        service.took(SNAPSHOT, working_day=True, seconds=seconds)
    found = [told(service, "refresh_duration_seconds_bucket", le=le) for le in ("0.1", "1.0", "2.5")]
    assert found == [1, 1, 2]


def test_the_process_is_told_of_in_both_formats():
    for openmetrics in (False, True):
        text = Service().text(openmetrics=openmetrics).decode()
        assert "process_resident_memory_bytes " in text
        assert "process_open_fds " in text
        assert "# EOF" not in text


def test_a_failed_run_leaves_the_last_success_as_it_was():
    service = Service()
    ran(service)
    ran(service, "failed", at=AT.replace(hour=5))
    assert told(service, "source_last_run_successful", source="customs") == 0
    assert told(service, "source_last_success_timestamp_seconds", source="customs") == AT.timestamp()


def test_a_source_that_drifted_is_told_until_it_is_read_again():
    service = Service()
    ran(service)
    assert told(service, "source_drifted", source="customs") == 0
    ran(service, "drifted", at=AT.replace(hour=5))
    ran(service, "failed", at=AT.replace(hour=6))
    assert told(service, "source_drifted", source="customs") == 1, "that it cannot be reached says nothing of its looks"
    assert told(service, "source_last_run_successful", source="customs") == 0
    assert told(service, "source_last_success_timestamp_seconds", source="customs") == AT.timestamp()
    ran(service, "unchanged", at=AT.replace(hour=7))
    assert told(service, "source_drifted", source="customs") == 0


def test_a_run_that_broke_off_is_told_from_one_whose_source_failed():
    service = Service()
    service.broke("customs")
    assert told(service, "ingest_runs_total", source="customs", outcome="broken") == 1
    assert told(service, "ingest_runs_total", source="customs", outcome="failed") == 0
    assert told(service, "source_last_run_successful", source="customs") == 0


def test_what_happened_before_the_start_is_remembered():
    service = Service()
    service.remember({"customs": AT}, {"customs": "ok", "bureau": "failed", "port": "drifted"})
    assert told(service, "source_last_success_timestamp_seconds", source="customs") == AT.timestamp()
    assert told(service, "source_last_run_successful", source="bureau") == 0
    assert told(service, "source_drifted", source="port") == 1
    assert told(service, "source_last_success_timestamp_seconds", source="bureau") is None


@pytest.mark.parametrize("sources", [(), (Source(id="customs", kind="csv_file", enabled=False),)])
def test_a_source_removed_or_switched_off_is_forgotten(sources: tuple[Source, ...]):
    service = Service()
    ran(service, "failed")
    service.took(replace(SNAPSHOT, catalogue=replace(SNAPSHOT.catalogue, sources=sources)), working_day=True)
    assert b"customs" not in service.text(openmetrics=False)


def test_a_refused_reload_keeps_the_moment_of_the_last_good_one():
    service = Service()
    service.reloaded(ok=True, at=AT)
    service.reloaded(ok=False, at=AT.replace(hour=9))
    assert told(service, "config_last_reload_successful") == 0
    assert told(service, "config_last_reload_success_timestamp_seconds") == AT.timestamp()
    service.reloaded(ok=True, at=AT.replace(hour=10))
    assert told(service, "config_last_reload_success_timestamp_seconds") == AT.replace(hour=10).timestamp()


def test_the_leader_is_the_process_that_runs_the_jobs():
    service = Service()
    service.leads(lambda: True)
    assert told(service, "scheduler_leader") == 1
    service.leads(lambda: False)
    assert told(service, "scheduler_leader") == 0


def full() -> Service:
    """Return a service that was told everything."""
    service = Service()
    service.took(SNAPSHOT, working_day=True)
    ran(service, new=1)
    service.reloaded(ok=True, at=AT)
    service.leads(lambda: True)
    service.mails_wait(1)
    service.answered("GET", "/", 200)
    return service


def test_both_formats_say_the_same():
    def said(families: object) -> set[tuple[str, tuple[tuple[str, str], ...], float]]:
        ours = [one for family in families for one in family.samples if not one.name.startswith("process_")]  # type: ignore[attr-defined]
        return {(one.name, tuple(sorted(one.labels.items())), one.value) for one in ours}

    service = full()
    text = said(read_text(service.text(openmetrics=False).decode()))
    assert said(read_openmetrics((service.text(openmetrics=True) + b"# EOF\n").decode())) == text


def test_every_family_has_the_labels_type_and_help_of_the_catalogue():
    known = {metric.name.removesuffix("_total"): metric for metric in CATALOGUE}
    service = full()
    families = [
        one for one in read_text(service.text(openmetrics=False).decode()) if not one.name.startswith("process_")
    ]
    assert len(families) == 17
    for family in families:
        metric = known[family.name]
        assert (family.type, family.documentation) == (metric.kind, metric.help)
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels)
