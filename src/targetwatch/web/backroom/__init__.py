"""Held readings, sources, the audit trail, and the documents people are led to."""
