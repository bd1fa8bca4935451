"""What a pasted press sentence says, Chinese or English: readings proposed with the words each field was taken from.

Rules and the indicators' own words, no model and no list of targets. Pure: no clock, no I/O. It proposes and never
decides: what the text does not say is None, or marked as inferred with the reason in both languages.

What reads is imported when it is first used: its rules take a quarter of a second, which no start has to wait for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from targetwatch.press.promise import ABOUT, HeldPromise, Promise, held, promise_fields, target_entry
    from targetwatch.press.promises import read_promises
    from targetwatch.press.reader import Candidate, Proposal, entry, read
    from targetwatch.press.text import Found

__all__ = [
    "ABOUT",
    "Candidate",
    "Found",
    "HeldPromise",
    "Promise",
    "Proposal",
    "entry",
    "held",
    "promise_fields",
    "read",
    "read_promises",
    "target_entry",
]
_MODULES = ("promise", "promises", "reader", "text")


def __getattr__(name: str) -> object:
    """Return one of `__all__`."""
    if name in __all__:
        modules = (import_module(f"{__name__}.{one}") for one in _MODULES)
        return next(getattr(one, name) for one in modules if hasattr(one, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
