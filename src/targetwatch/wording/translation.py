"""Messages in the reader's language: the English is the key, another language is a compiled catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Translator:
    """Says messages in one language."""

    language: str
    catalogue: NullTranslations

    def __call__(self, message: str, /, **values: Any) -> str:  # noqa: ANN401 - whatever can be formatted
        """Return a message in the language, its {placeholders} filled in."""
        said = self.catalogue.gettext(message)
        return said.format(**values) if values else said

    def context(self, context: str, message: str, /, **values: Any) -> str:  # noqa: ANN401 - likewise
        """Return a message that means different things in different contexts."""
        said = self.catalogue.pgettext(context, message)
        return said.format(**values) if values else said


@cache
def translator(language: str) -> Translator:
    """Return what says messages in `language`."""
    return Translator(language, translation("targetwatch", LOCALES, [language], fallback=True))


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a message that stands in a table."""
    return message
