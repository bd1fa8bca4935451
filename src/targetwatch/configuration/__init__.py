"""The configuration files: checked as a whole, compared with the database, applied, written back out.

YAML <-> validated forms <-> `model.Catalogue`. Every problem is reported at once, as `file:line: where: what is wrong,
what was expected`. Reads no environment and no clock; what a source's ${VARIABLE} stands for comes in as a mapping.
"""

from targetwatch.configuration.apply import apply, describe, export, plan
from targetwatch.configuration.check import SOURCES, TARGETS, Finding, check, check_source, check_text, check_values
from targetwatch.configuration.entries import expand
from targetwatch.configuration.shapes import json_schema
from targetwatch.configuration.written import source_text, written

__all__ = [
    "SOURCES",
    "TARGETS",
    "Finding",
    "apply",
    "check",
    "check_source",
    "check_text",
    "check_values",
    "describe",
    "expand",
    "export",
    "json_schema",
    "plan",
    "source_text",
    "written",
]
