"""How readings come in: a source run now, or readings typed by hand, one or a whole table.

Either way a reading is put into its indicator's unit, checked against the indicator's past, and stored or held.
"""

from targetwatch.ingest.entry import Line, Recorded, Table, enter_picked, enter_table, record
from targetwatch.ingest.intake import Entered, Judged, entered, undo
from targetwatch.ingest.run import IngestOutcome, Runner, run

__all__ = [
    "Entered",
    "IngestOutcome",
    "Judged",
    "Line",
    "Recorded",
    "Runner",
    "Table",
    "enter_picked",
    "enter_table",
    "entered",
    "record",
    "run",
    "undo",
]
