"""The settings of the process, from TARGETWATCH_* in the environment; read once, by the command line.

A secret may be given as a file instead: TARGETWATCH_API_TOKEN_FILE names a file that holds TARGETWATCH_API_TOKEN.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from targetwatch.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "TARGETWATCH_"
FROM_FILES = ("database_url", "api_token")


class Settings(BaseSettings):
    """Where the data and the configuration are, where to listen, whose days and holidays count."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True, frozen=True)

    database_url: str = Field(
        "sqlite:///targetwatch.db", description="sqlite:///file.db or postgresql://user@host/name"
    )
    config_dir: Path = Field(Path("config"), description="Directory of targets.yaml, sources.yaml and readings/")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on (0: any free one)")] = 9877
    timezone: str = Field("Asia/Shanghai", description="Whose days: a day turns, and a date ends, in this zone")
    holiday_calendar: str = Field("CN", description="Country whose working days targetwatch_working_day tells")
    external_url: str = Field("", description="Address of the pages as a reader of a mail reaches them")
    owner_email_label: bool = Field(default=True, description="Show owners' addresses in targetwatch_target_info")
    reload_enabled: bool = Field(default=False, description="Allow POST /-/reload (SIGHUP always works)")
    public_pages: bool = Field(default=True, description="Show targets, indicators and the wall to whoever asks")
    api_token: SecretStr | None = Field(None, description="Bearer token of POST /api/v1/readings; none: it is off")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"'{name}' is not a time zone, expected a name such as Asia/Shanghai") from error
        return name

    @field_validator("external_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError(f"'{url}' is not an address, expected one such as https://targets.example.org")
        return url.rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        """Return the configured time zone."""
        return ZoneInfo(self.timezone)


def load(**overrides: object) -> Settings:
    """Return the settings of the environment, with `overrides` (None: not said) taking precedence.

    Raises:
        UsageError: a setting cannot be used; every problem, by the variable's name, never with its value if secret.
    """
    said = {name: value for name, value in overrides.items() if value is not None}
    for name in FROM_FILES:
        file = os.environ.get(f"{PREFIX}{name.upper()}_FILE")
        if file and name not in said:
            said[name] = _content(file, name)
    try:
        return Settings(**said)  # type: ignore[arg-type]
    except ValidationError as error:
        raise UsageError("\n".join(_sentence(e["loc"], e["msg"]) for e in error.errors())) from error


def _content(file: str, name: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise UsageError(f"{PREFIX}{name.upper()}_FILE '{file}': {reason}, expected a readable file") from error


def _sentence(where: tuple[int | str, ...], message: str) -> str:
    variable = PREFIX + "_".join(str(part) for part in where).upper()
    return f"{variable}: {message.removeprefix('Value error, ')}"


def unknown() -> list[str]:
    """Return the variables that look like settings and are none: misspelt ones, most likely."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in FROM_FILES}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def environment() -> Mapping[str, str]:
    """Return the variables that ${VAR} in a source's options may name, as they are now."""
    return dict(os.environ)
