"""The channels by which readings reach us: one file per kind, one name in the tuple below."""

from targetwatch.connectors.base import AddressAsked, Asked, Connector, Fetched, FilesAsked, Shelf, SourceOptions
from targetwatch.connectors.csv_file import CsvFile
from targetwatch.connectors.document import DocumentSource
from targetwatch.connectors.http_json import HttpJson
from targetwatch.connectors.row import FIELDS, LONGEST, RowError, cells_of, read_row

CONNECTORS: dict[str, type[Connector]] = {
    connector.kind: connector for connector in (CsvFile, DocumentSource, HttpJson)
}

__all__ = [
    "CONNECTORS",
    "FIELDS",
    "LONGEST",
    "AddressAsked",
    "Asked",
    "Connector",
    "Fetched",
    "FilesAsked",
    "RowError",
    "Shelf",
    "SourceOptions",
    "cells_of",
    "read_row",
]
