"""The text of a document from its bytes: by its byte order mark, as UTF-8, as it is declared, or as GB18030."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
LARGER = {
    **dict.fromkeys(("gb2312", "gbk", "hz"), "gb18030"),
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What is really written where an office names the smaller one: it holds the same signs and more."""
LOOKED_AT = 2048
_DECLARED = (
    re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE),
    re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE),
)


def text_of(data: bytes, known: str | None, declared: str) -> str:
    """Return the text, line breaks as they are, without a byte order mark.

    A byte order mark decides, then what is `known`, then what the sender `declared`, then what the document says in
    its head. What is valid UTF-8 beyond ASCII is UTF-8 whatever is declared, since no other writing looks like it by
    chance; and a writing of single bytes is the last to be believed, since anything looks like it, and senders
    declare it unasked.

    Raises:
        DocumentError: `unknown_charset`, or `undecodable` as it says, or as anything known here.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], [name])
    names = [known] if known else sorted(filter(None, (declared, *_in_head(data))), key=_is_of_single_bytes)
    return _decoded(data, names if data.isascii() else ["utf-8", *names] if names else ["utf-8", "gb18030"])


def _is_of_single_bytes(name: str) -> bool:
    plain = name.casefold().replace("_", "-")
    return plain.startswith(("iso-8859", "iso8859", "windows-", "cp125", "latin", "us-", "ascii"))


def _in_head(data: bytes) -> Iterable[str]:
    return (found[1].decode() for pattern in _DECLARED if (found := pattern.search(data[:LOOKED_AT])))


def _decoded(data: bytes, names: list[str]) -> str:
    failed: UnicodeDecodeError | None = None
    for said in names or ["utf-8"]:
        try:
            name = codecs.lookup(said).name
            text = data.decode(LARGER.get(name, name))
        except LookupError as error:
            raise DocumentError("unknown_charset", charset=said) from error
        except UnicodeDecodeError as error:
            failed = error
            continue
        if "\x00" in text:
            raise DocumentError("holds_no_text")
        return text
    assert failed is not None
    raise DocumentError("undecodable", encoding=failed.encoding, byte=failed.start) from failed
