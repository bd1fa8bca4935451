"""Every dashboard as the text of its file."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.generator.operations import operations
from grafana.generator.target import one_target
from grafana.generator.wall import wall
from grafana.generator.words import LANGUAGES

FOLDER = Path(__file__).resolve().parent.parent / "dashboards"
RULES = FOLDER.parent / "rules"
KUBERNETES_RULES = FOLDER.parent.parent / "deploy" / "components" / "monitoring" / "rules.yaml"
MADE = {"wall": wall, "wall-4k": partial(wall, scale=2), "target": one_target, "operations": operations}


def dashboards() -> dict[Path, str]:
    """Return path (below `FOLDER`) and text of every file."""
    return {
        Path(language, f"{name}.json"): json.dumps(
            make(language).build(), cls=JSONEncoder, indent=2, ensure_ascii=False, sort_keys=True
        )
        + "\n"
        for language in LANGUAGES
        for name, make in MADE.items()
    }


def kubernetes_rules() -> str:
    """Return the rules as the Prometheus operator wants them: every group of `RULES` in one PrometheusRule."""
    files = sorted(RULES.glob("*.yaml"))
    groups = [group for file in files for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]]
    rule = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "targetwatch"},
        "spec": {"groups": groups},
    }
    return yaml.dump(rule, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=1000)


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice: an operator reads it, and not every reader knows anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - whatever it is
        return True
