"""The audit trail: who changed what, when, from what to what, why; and the proof that nobody touched it since."""

from targetwatch.store.audit.search import Wanted, search
from targetwatch.store.audit.trail import Entry, Fact, append, entries, head
from targetwatch.store.audit.verify import verify

__all__ = ["Entry", "Fact", "Wanted", "append", "entries", "head", "search", "verify"]
