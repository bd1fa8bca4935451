"""What is wrong with a name, a title, a password or a token, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.web import language
from targetwatch.web.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from targetwatch.store.people import Fault


def told(request: Request, key: str, **values: object) -> str:
    """Return a phrase in the language of whoever asks."""
    text = PHRASES[key][language.choose(request)]
    return text.format(**values) if values else text


def faults(request: Request, found: Iterable[Fault], *, password: str = "password") -> dict[str, str]:  # noqa: S107
    """Return the faults beside the fields they are in; `password` names the field of the password."""
    fields = {"name": "name", "title": "title"}
    return {fields.get(fault.value, password): told(request, f"account_fault_{fault.value}") for fault in found}
