"""What a source is asked for, in plain words: its connector says it as a programmer would."""

from __future__ import annotations

import re

from targetwatch.wording.translation import N_, Translator, translator

FILES = re.compile(
    r"read (?P<path>.+) in (?P<folder>.+) as (?P<encoding>\S+?)(?:: (?P<count>\d+) files?)?", re.IGNORECASE
)
ADDRESS = re.compile(
    r"(?:GET|POST) (?P<address>\S+?)(?:, sending (?P<sent>.+?))?(?P<if_changed>, if changed \(.+\))?", re.DOTALL
)
USUAL_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "utf8"})


def said(request: str, language: str) -> str:
    """Return what is asked for; as it stands where the kind of source is none of ours.

    >>> said("read readings/*.csv in config as utf-8: 3 files", "en")
    'the files readings/*.csv in the folder config (3 found)'
    >>> said("GET https://example.org/a.json, sending X-Key, if changed (If-None-Match)", "en")
    'https://example.org/a.json, with X-Key, only if it has changed'
    """
    if found := FILES.fullmatch(request):
        are_many = any(sign in found["path"] for sign in "*?[")
        parts = [
            N_("the files {path} in the folder {folder}") if are_many else N_("the file {path} in the folder {folder}")
        ]
        parts += (
            [N_(" (one found)") if found["count"] == "1" else N_(" ({count} found)")]
            if found["count"] and are_many
            else []
        )
        parts += [N_(", written in {encoding}")] if found["encoding"].lower() not in USUAL_ENCODINGS else []
        return _joined(parts, found, translator(language))
    if found := ADDRESS.fullmatch(request):
        parts = [
            *([N_(", with {sent}")] if found["sent"] else []),
            *([N_(", only if it has changed")] if found["if_changed"] else []),
        ]
        return found["address"] + _joined(parts, found, translator(language))
    return request


def _joined(parts: list[str], found: re.Match[str], _: Translator) -> str:
    return "".join(_(part, **found.groupdict()) for part in parts)
