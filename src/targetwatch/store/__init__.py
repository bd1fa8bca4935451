"""What is kept: plain functions taking a Session.

Importing the package arms the audit trail and the guards: there is no session without them.
"""

from targetwatch.store import audit, guards

__all__ = ["audit", "guards"]
