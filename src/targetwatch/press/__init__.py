"""What a pasted press sentence says, Chinese or English: readings proposed with the words each field was taken from.

Rules and the indicators' own words, no model and no list of targets. Pure: no clock, no I/O. It proposes and never
decides: what the text does not say is None, or marked as inferred with the reason in both languages.
"""

from targetwatch.press.promise import ABOUT, HeldPromise, Promise, held, promise_fields, target_entry
from targetwatch.press.promises import read_promises
from targetwatch.press.proposals import Candidate, Found, Proposal, entry
from targetwatch.press.reader import read

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
