"""The service itself: is it well, do figures come in, does mail go out?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard, stat, timeseries
from grafana_foundation_sdk.models import common as common_models

from grafana.generator.parts import curves, fill, instant, last, over_time, sheet, steps, tile, values
from grafana.generator.words import word

if TYPE_CHECKING:
    from grafana.generator.parts import Panel

INGESTS = 'increase(targetwatch_ingest_duration_seconds_bucket{job="$job"}[1d])'
INGEST_TIME = f"histogram_quantile(0.95, sum by (le, source) ({INGESTS}))"
SUCCESS_AGE = 'time() - max by (source) (targetwatch_source_last_success_timestamp_seconds{job="$job"})'
RELOADED = 'min(targetwatch_config_last_reload_successful{job="$job"})'
WORKING_DAY = 'max(targetwatch_working_day{job="$job"})'
GOOD, BAD, QUIET = "#009E73", "#D55E00", "#6B7785"


def operations(language: str) -> dashboard.Dashboard:
    """Return the dashboard of the service in a language."""
    panels: list[tuple[Panel, int, int, int, int]] = [
        (_age(language), 0, 0, 4, 4),
        (_flag("database", 'min(targetwatch_database_up{job="$job"})', ("up", "down"), language), 4, 0, 3, 4),
        (_flag("reload", RELOADED, ("good", "bad"), language), 7, 0, 3, 4),
        (_flag("leader", 'max(targetwatch_scheduler_leader{job="$job"})', ("runs", "nobody"), language), 10, 0, 4, 4),
        (_flag("working_day", WORKING_DAY, ("yes", "no"), language, bad=QUIET), 14, 0, 3, 4),
        (_count("failed_targets", 'max(targetwatch_targets_failed{job="$job"})', language), 17, 0, 3, 4),
        (_count("held", 'sum(max by (indicator) (targetwatch_readings_held{job="$job"}))', language), 20, 0, 4, 4),
        (_firing(language), 0, 4, 12, 6),
        (_last_run(language), 12, 4, 12, 6),
        (_lines("success_age", "s", SUCCESS_AGE,
                "{{source}}", language), 0, 10, 12, 8),
        (_lines("run_outcomes", "short", 'sum by (outcome) (increase(targetwatch_ingest_runs_total{job="$job"}[1d]))',
                "{{outcome}}", language), 12, 10, 12, 8),
        (_lines("readings_in", "short", 'sum by (result) (increase(targetwatch_ingest_readings_total{job="$job"}[1d]))',
                "{{result}}", language), 0, 18, 12, 8),
        (_lines("ingest_time", "s",
                INGEST_TIME,
                "{{source}}", language), 12, 18, 12, 8),
        (_lines("scrape_time", "s", 'max(scrape_duration_seconds{job="$job"})', word("scrape_time", language),
                language), 0, 26, 8, 7),
        (_lines("scrape_size", "short", 'max(scrape_samples_scraped{job="$job"})', word("scrape_size", language),
                language), 8, 26, 8, 7),
        (_lines("mails", "short", 'sum by (outcome) (increase(targetwatch_mails_total{job="$job"}[1d]))',
                "{{outcome}}", language), 16, 26, 8, 7),
    ]  # fmt: skip
    board = (
        sheet("operations", word("operations", language), word("operations_about", language), language)
        .time("now-7d", "now")
        .refresh("1m")
    )
    return fill(board, panels)


def _age(language: str) -> stat.Panel:
    return (
        tile(word("age", language), language)
        .with_target(instant('time() - max(last_over_time(targetwatch_snapshot_timestamp_seconds{job="$job"}[7d]))'))
        .unit("s")
        .decimals(0)
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, QUIET), (0, GOOD), (26 * 3600, BAD)]))
    )


def _flag(key: str, expr: str, words: tuple[str, str], language: str, *, bad: str = BAD) -> stat.Panel:
    yes, no = (word(one, language) for one in words)
    return (
        tile(word(key, language), language)
        .with_target(instant(expr))
        .mappings([values([("1", yes, GOOD), ("0", no, bad)])])
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, QUIET)]))
    )


def _count(key: str, expr: str, language: str) -> stat.Panel:
    return (
        tile(word(key, language), language)
        .with_target(instant(expr))
        .color_mode(common_models.BigValueColorMode.BACKGROUND_SOLID)
        .thresholds(steps([(None, QUIET), (0, GOOD), (1, BAD)]))
    )


def _firing(language: str) -> stat.Panel:
    firing = 'count by (alertname) (ALERTS{alertname=~"Targetwatch.+",alertstate="firing"})'
    short = f'label_replace({firing}, "alert", "$1", "alertname", "Targetwatch(.+)")'
    return (
        tile(word("firing", language), language)
        .no_value(word("nothing_firing", language))
        .with_target(instant(short, legend="{{alert}}"))
        .text_mode(common_models.BigValueTextMode.VALUE_AND_NAME)
        .orientation(common_models.VizOrientation.HORIZONTAL)
        .wide_layout(True)
        .reduce_options(last())
    )


def _last_run(language: str) -> stat.Panel:
    said = values([("1", word("good", language), GOOD), ("0", word("bad", language), BAD)])
    return (
        tile(word("last_run", language), language)
        .with_target(
            instant('max by (source) (targetwatch_source_last_run_successful{job="$job"})', legend="{{source}}")
        )
        .text_mode(common_models.BigValueTextMode.VALUE_AND_NAME)
        .mappings([said])
        .color_mode(common_models.BigValueColorMode.VALUE)
    )


def _lines(key: str, unit: str, expr: str, legend: str, language: str) -> timeseries.Panel:
    return curves(word(key, language), language, unit).with_target(over_time(expr, legend=legend))
