"""The audit trail: who changed what, when, from what to what, why; and the proof that nobody touched it since."""

from targetwatch.store.audit.search import AuditQuery, earlier, entries
from targetwatch.store.audit.trail import AuditEntry, Fact, append, head, holds
from targetwatch.store.audit.verify import verify

__all__ = ["AuditEntry", "AuditQuery", "Fact", "append", "earlier", "entries", "head", "holds", "verify"]
