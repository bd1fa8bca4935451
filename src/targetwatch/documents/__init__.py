"""Any published document, from its bytes to readings: decoded to tables or lines, picked by a description, guarded.

Knows no database, no clock and no network; what it cannot read for certain it refuses.
"""
