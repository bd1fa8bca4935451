"""The configuration files: checked as a whole, compared with the database, applied, written back out.

YAML <-> validated forms <-> `model.Catalogue`. Every problem is reported at once, as `file:line: where: what is wrong,
what was expected`. Reads no environment and no clock; what a source's ${VARIABLE} stands for comes in as a mapping.
"""

from targetwatch.configfile.beside import check_text, check_values
from targetwatch.configfile.changes import apply, describe, export, plan
from targetwatch.configfile.document import Note
from targetwatch.configfile.export import written
from targetwatch.configfile.load import SOURCES, TARGETS, check
from targetwatch.configfile.schema import json_schema
from targetwatch.configfile.variables import expand

__all__ = [
    "SOURCES",
    "TARGETS",
    "Note",
    "apply",
    "check",
    "check_text",
    "check_values",
    "describe",
    "expand",
    "export",
    "json_schema",
    "plan",
    "written",
]
