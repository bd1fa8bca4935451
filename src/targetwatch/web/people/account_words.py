"""What is wrong with a name, a title, a password or a token, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.store.people import Fault
    from targetwatch.wording.translation import Translator

FAULTS = {
    "name": N_("Cannot be a name: expected 1 to 40 small letters, digits, '.', '_' or '-'."),
    "title": N_("Expected one line of at most 80 characters."),
    "short": N_("Too short: expected at least 12 characters."),
    "long": N_("Too long: expected at most 256 characters."),
    "easy": N_("Too easy to guess: it repeats itself, or begins with the name."),
}


def faults(_: Translator, found: Iterable[Fault], *, password: str = "password") -> dict[str, str]:  # noqa: S107
    """Return the faults beside the fields they are in; `password` names the field of the password."""
    fields = {"name": "name", "title": "title"}
    return {fields.get(fault.value, password): _(FAULTS[fault.value]) for fault in found}
