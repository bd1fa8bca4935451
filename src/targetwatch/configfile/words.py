"""Between the file's words and bilingual text: one language or both."""

from __future__ import annotations

from targetwatch.configfile.text_forms import OneOrBoth, Title
from targetwatch.model import Text


def text(words: str | OneOrBoth | Title | None) -> Text:
    """Return words as text; plain words stand in for both languages."""
    if words is None:
        return Text()
    if isinstance(words, str):
        return Text(en=words)
    return Text(en=words.en or "", zh=words.zh or "")
