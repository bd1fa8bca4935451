"""How readings come in: a source run now, or one reading typed by hand.

Either way a reading is put into its indicator's unit, screened against the indicator's past, and stored or held.
"""

from targetwatch.ingest.entry import Recorded, record
from targetwatch.ingest.intake import Judged
from targetwatch.ingest.run import IngestOutcome, run

__all__ = ["IngestOutcome", "Judged", "Recorded", "record", "run"]
