"""The channels by which readings reach us: one file per kind, one registry line each."""

from targetwatch.connectors.base import Connector, Fetched, Options, Registry, RowProblem
from targetwatch.connectors.row import FIELDS, RowError, read_row

CONNECTORS = Registry(
    csv_file="targetwatch.connectors.csv_file:CsvFile",
    http_json="targetwatch.connectors.http_json:HttpJson",
)
"""Every kind there is. A kind's module is imported when it is first asked for: listing them costs no HTTP library."""

__all__ = [
    "CONNECTORS",
    "FIELDS",
    "Connector",
    "Fetched",
    "Options",
    "Registry",
    "RowError",
    "RowProblem",
    "read_row",
]
