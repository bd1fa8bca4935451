"""Any published document, from its bytes to readings: decoded to tables or lines, picked by a description, guarded.

Knows no database, no clock and no network; what it cannot read for certain it refuses.
"""

from targetwatch.documents.description import Pick
from targetwatch.documents.guards import Appearance, contradicts, drifted
from targetwatch.documents.pick import Picked, pick

__all__ = ["Appearance", "Pick", "Picked", "contradicts", "drifted", "pick"]
