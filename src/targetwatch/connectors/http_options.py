"""The options of whatever is asked for over HTTP, and those of an `http_json` source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, JsonValue, field_validator, model_validator

from targetwatch.connectors.base import SourceOptions
from targetwatch.connectors.row import REQUIRED, check_fields
from targetwatch.documents.decode_options import JmesPath
from targetwatch.model.problem import Problem


def web_address(url: str) -> str:
    """Return an address that may be asked, or raise ValueError: it is none, or holds a password."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(Problem("not_an_address"))
    if parts.username or parts.password:
        raise ValueError(Problem("credentials_in_address"))
    _ = parts.port  # raises ValueError when it is no number
    return url


WebAddress = Annotated[str, AfterValidator(web_address)]


class RequestOptions(SourceOptions):
    """What is asked, of whom, and how much patience the source deserves."""

    url: WebAddress = Field(repr=False, description="the address, starting with https:// or http://")
    method: Literal["GET", "POST"] = Field(default="GET", description="GET or POST")
    headers: dict[str, str] = Field(default={}, repr=False, description="headers to send, such as a key from ${VAR}")
    body: JsonValue = Field(default=None, repr=False, description="JSON to send with POST")
    deadline_seconds: float = Field(
        default=30, gt=0, le=600, description="how long everything may take, retries included"
    )
    max_bytes: int = Field(
        default=10_000_000, gt=0, le=1_000_000_000, description="how large an answer may be, unpacked"
    )
    retries: int = Field(default=2, ge=0, le=10, description="how often to ask again after a fault of the server")
    max_redirects: int = Field(default=3, ge=0, le=20, description="how many redirects within the host to follow")
    allow_private: list[str] = Field(default=[], description="addresses, networks or hosts inside the network to allow")
    ca_file: str | None = Field(default=None, description="certificates to trust instead, from the config folder")

    @field_validator("headers")
    @classmethod
    def _plain_headers(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not (name + value).isascii() or not (name + value).isprintable():
                raise ValueError(Problem("header_unfit", {"name": name}))
        return headers


class HttpOptions(RequestOptions):
    """What is asked, and where the readings are in the answer."""

    params: dict[str, str] = Field(default={}, repr=False, description="what is appended to the address as a query")
    rows: JmesPath = Field(default="@", description="JMESPath of the list of rows in the answer")
    fields: dict[str, JmesPath] = Field(description="field: its JMESPath within a row")
    constants: dict[str, str] = Field(default={}, description="field: the value where a row gives none")
    unit: str | None = Field(default=None, description="what the values count, such as thousand USD")
    scale: Decimal = Field(default=Decimal(1), description="what every value is multiplied by")
    period_format: str | None = Field(default=None, description="how periods are written, such as %Y%m")
    since: date | None = Field(default=None, description="the first day of running totals (basis since_start)")
    published_format: str | None = Field(default=None, description="how publication days are written, such as %d.%m.%Y")
    yoy_as: Literal["percent", "ratio"] | None = Field(default=None, description="what a bare growth number means")
    locale: str | None = Field(default=None, description="whose notation numbers in text have, such as de for 1.234,5")
    content_types: list[str] = Field(
        default=[], description="what is taken for JSON besides application/json and +json"
    )

    @model_validator(mode="after")
    def _all_fields(self) -> HttpOptions:
        check_fields(self.fields, self.constants)
        missing = [name for name in REQUIRED if name not in self.fields and name not in self.constants]
        if missing:
            raise ValueError(Problem("fields_missing", {"names": missing}))
        return self
