"""What every way of fetching gives: documents as bytes, and what its next turn has to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from targetwatch.model import FetchedDocument
from targetwatch.model.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The documents of one fetch.

    `state` is handed to the next fetch; `problems` are of documents that could not be had while others could.
    """

    documents: tuple[FetchedDocument, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a source is fetched: beside which configuration, when, what its last good fetch left.

    `folders`: only below them may files be read (None: anywhere).
    """

    config_dir: Path
    state: Mapping[str, Any]
    now: datetime
    folders: Sequence[Path] | None = None
