"""The shipped configuration laid out for one machine: other addresses, and for tests shorter times. Nothing else.

`Times` maps each duration that stands in the shipped files to another; one that is not mapped is an error, so that a
new duration cannot slip past a test that claims to run the shipped files.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent.parent
RULES = HERE / "rules"
ALERTMANAGER = HERE / "alertmanager"
PROMETHEUS = HERE / "prometheus" / "prometheus.yml"
DURATION_KEYS = frozenset(
    {
        "interval",
        "for",
        "keep_firing_for",
        "scrape_interval",
        "evaluation_interval",
        "group_wait",
        "group_interval",
        "repeat_interval",
    }
)
WINDOW = re.compile(r"\[(\d+[a-z]+)\]")
SECONDS = re.compile(r"\b(\d+) \* (86400|3600)\b")
PROMETHEUS_FLAGS = {
    "storage.tsdb.retention.time": "2200d",
    "rules.alert.resend-delay": "15m",
    "rules.alert.for-outage-tolerance": "48h",
    "enable-feature": "expand-external-labels",
}
ALERTMANAGER_FLAGS = {"data.maintenance-interval": "1m"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where each program listens on this machine (`host:port`)."""

    targetwatch: str
    prometheus: str
    alertmanager: str
    mail: str


@dataclass(frozen=True, slots=True)
class Times:
    """Shipped durations and what stands for them; empty: as shipped."""

    instead: Mapping[str, str] = field(default_factory=dict)

    def of(self, duration: str) -> str:
        """Return what stands for `duration`; raise `KeyError` naming one that was forgotten."""
        if not self.instead:
            return duration
        if duration not in self.instead:
            raise KeyError(f"duration '{duration}': stands in the shipped files, but nothing says what stands for it")
        return self.instead[duration]


def lay_out(folder: Path, addresses: Addresses, *, times: Times | None = None) -> None:
    """Write prometheus.yml, rules/, alertmanager.yml and templates/ into `folder`."""
    times = times or Times()
    rules = folder / "rules"
    rules.mkdir(parents=True, exist_ok=True)
    for path in sorted(RULES.glob("*.yaml")):
        _write(rules / path.name, _shorten(_read(path), times))
    _write(folder / "prometheus.yml", _prometheus(addresses, times))
    _write(folder / "alertmanager.yml", _alertmanager(addresses, times))
    shutil.copytree(ALERTMANAGER / "templates", folder / "templates", dirs_exist_ok=True)


def flags(shipped: Mapping[str, str], times: Times | None = None) -> list[str]:
    """Return the shipped command-line flags, durations shortened."""
    times = times or Times()
    return [f"--{name}={times.of(value) if value[0].isdigit() else value}" for name, value in shipped.items()]


def _prometheus(addresses: Addresses, times: Times) -> dict[str, Any]:
    config: dict[str, Any] = _shorten(_read(PROMETHEUS), times)
    where = {
        "targetwatch:9877": addresses.targetwatch,
        "localhost:9090": addresses.prometheus,
        "alertmanager:9093": addresses.alertmanager,
    }
    groups = [job["static_configs"] for job in config["scrape_configs"]]
    groups += [manager["static_configs"] for manager in config["alerting"]["alertmanagers"]]
    for static in (static for group in groups for static in group):
        static["targets"] = [where[target] for target in static["targets"]]
    return config


def _alertmanager(addresses: Addresses, times: Times) -> dict[str, Any]:
    config: dict[str, Any] = _shorten(_read(ALERTMANAGER / "alertmanager.yml"), times)
    config["global"]["smtp_smarthost"] = addresses.mail
    return config


def _shorten(value: Any, times: Times) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(value, list):
        return [_shorten(item, times) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: times.of(item)
        if key in DURATION_KEYS
        else _shorten_expression(item, times)
        if key == "expr"
        else _shorten(item, times)
        for key, item in value.items()
    }


def _shorten_expression(expression: str, times: Times) -> str:
    """Return PromQL with its windows (`[13d]`) and its written-out seconds (`13 * 86400`) shortened."""
    if not times.instead:
        return expression
    windows = WINDOW.sub(lambda match: f"[{times.of(match[1])}]", expression)
    unit = {"86400": "d", "3600": "h"}
    return SECONDS.sub(lambda match: times.of(match[1] + unit[match[2]]).removesuffix("s"), windows)


def _read(path: Path) -> Any:  # noqa: ANN401 - any YAML
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _write(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
