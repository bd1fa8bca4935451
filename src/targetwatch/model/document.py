"""A document as it was fetched or dropped: its bytes, and what was said of them on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedDocument:
    """`name` is that of a file or an item's title, `url` its address without secrets; what nobody said is ""."""

    data: bytes
    name: str = ""
    content_type: str = ""
    charset: str = ""
    url: str = ""
    published_on: date | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the bytes, in hexadecimal digits."""
        return sha256(self.data).hexdigest()
