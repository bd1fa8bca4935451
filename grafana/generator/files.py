"""Every dashboard as the text of its file."""

from __future__ import annotations

import json
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana.generator.operations import operations
from grafana.generator.target import one_target
from grafana.generator.wall import wall
from grafana.generator.words import LANGUAGES

FOLDER = Path(__file__).resolve().parent.parent / "dashboards"
MADE = {"wall": wall, "target": one_target, "operations": operations}


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
