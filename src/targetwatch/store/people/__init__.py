"""People: their accounts, what is signed in, and tokens for programs. Knows secrets only as hashes."""

from targetwatch.store.people.accounts import add, change, check, get, load
from targetwatch.store.people.sessions import begin, end, end_all, find, note
from targetwatch.store.people.tokens import bearer, issue, revoke, tokens

__all__ = [
    "add",
    "bearer",
    "begin",
    "change",
    "check",
    "end",
    "end_all",
    "find",
    "get",
    "issue",
    "load",
    "note",
    "revoke",
    "tokens",
]
