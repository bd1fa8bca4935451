"""Messages in the reader's language: the English is the message itself, the others are looked up in their catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

LANGUAGES = ("en", "zh")
"""The languages there are; the first is the one the messages are written in."""
HTML_LANG = {"zh": "zh-Hans"}
"""What a language is called in HTML where that is more than its name here."""
_CONTEXT = "\4"
"""What gettext puts between the context of a message and its words."""


class Translator:
    """Says messages in one language."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, message: str, /, **values: object) -> str:
        """Return a message in the language, with its {placeholders} filled in where there are values.

        >>> translator("en")("{count} targets", count=3), translator("en")("{count} targets")
        ('3 targets', '{count} targets')
        """
        said = self._catalogue.gettext(message).rpartition(_CONTEXT)[2]
        return said.format(**values) if values else said

    def context(self, context: str, message: str, /, **values: object) -> str:
        """Return a message whose English is said in several ways elsewhere."""
        return self(NC_(context, message), **values)


def N_(message: str, /) -> str:  # noqa: N802 - the name gettext's tools know
    """Mark a message that is translated elsewhere."""
    return message


def NC_(context: str, message: str, /) -> str:  # noqa: N802 - likewise
    """Mark a message with its context; a translator says it like any other."""
    return f"{context}{_CONTEXT}{message}"


@cache
def translator(language: str) -> Translator:
    """Return what says messages in one of LANGUAGES."""
    if language == LANGUAGES[0]:
        return Translator(language, NullTranslations())
    path = files("targetwatch.wording").joinpath("locale", language, "LC_MESSAGES", "targetwatch.mo")
    with path.open("rb") as file:
        return Translator(language, GNUTranslations(file))


def listed(words: Sequence[str], _: Translator) -> str:
    """Return some words as a list within a sentence.

    >>> listed(["a", "b", "c"], translator("en")), listed(["a"], translator("en"))
    ('a, b and c', 'a')
    """
    *first, last = words
    return _("{first} and {last}", first=_(", ").join(first), last=last) if first else last
