"""The settings of the process, from TARGETWATCH_* in the environment; read once, by the command line.

A secret may be given as a file instead: TARGETWATCH_API_TOKEN_FILE names a file that holds TARGETWATCH_API_TOKEN.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import time
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from targetwatch.errors import UsageError
from targetwatch.model import Role
from targetwatch.model.problem import Problem, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

PREFIX = "TARGETWATCH_"
FROM_FILES = ("database_url", "api_token", "oidc_client_secret", "smtp_url", "secret_key")
SHORTEST_KEY = 32
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SPAN = re.compile(r"([A-Za-z,-]+) +(\d{1,2}):(\d\d) *- *(\d{1,2}):(\d\d)")
PORT, PORT_OF_USERS, PORT_TLS = 25, 587, 465
STARTTLS = ("required", "offered", "off")


class Settings(BaseSettings):
    """Where the data and the configuration are, where to listen, whose days and holidays count."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", hide_input_in_errors=True, frozen=True)

    database_url: str = Field(
        "sqlite:///targetwatch.db", description="sqlite:///file.db or postgresql://user@host/name"
    )
    config_dir: Path = Field(Path("config"), description="Directory of targets.yaml, sources.yaml and readings/")
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on (0: any free one)")] = 9877
    max_connections: Annotated[int, Field(ge=16, description="So many connections at once, as files allow")] = 1000
    reads_at_once: Annotated[int, Field(ge=1, le=64, description="So many pages are made at once")] = 16
    writes_at_once: Annotated[int, Field(ge=1, le=64, description="So many forms and figures are taken at once")] = 8
    heavy_at_once: Annotated[int, Field(ge=1, le=64, description="So many past days and tables are made at once")] = 4
    past_megabytes: Annotated[int, Field(ge=128, description="Memory that judging a past day may take")] = 2048
    workers: Annotated[int, Field(ge=0, le=64, description="Processes beside the leader that judge, on PostgreSQL")] = 0
    timezone: str = Field("Asia/Shanghai", description="Whose days: a day turns, and a date ends, in this zone")
    holiday_calendar: str = Field("CN", description="Country whose working days targetwatch_working_day tells")
    log_format: Literal["text", "json"] = Field("text", description="How the service logs: text or json, one a line")
    keep_runs_days: Annotated[int, Field(ge=0, description="Days that runs of sources are kept (0: for ever)")] = 400
    keep_mails_days: Annotated[int, Field(ge=0, description="Days that mails sent are kept (0: for ever)")] = 0
    keep_statuses_days: Annotated[int, Field(ge=0, description="Days that status changes are kept (0: for ever)")] = 0
    keep_documents_days: Annotated[int, Field(ge=0, description="Days that documents are kept (0: the last ten)")] = 0
    external_url: str = Field("", description="Address of the pages as a reader of a mail reaches them")
    smtp_url: SecretStr | None = Field(
        None, description="smtp://user:password@host:port or smtps://...: the server of mails; without it none is sent"
    )
    mail_from: str = Field("", description="Sender of mails, such as Targets <targets@example.org>")
    mail_hours: str = Field("Mon-Fri 8:30-17:30", description="When mails leave, holidays apart; or always")
    secret_key: SecretStr | None = Field(
        None, description="What links in mails are signed with, one a line, newest last; without it one is made"
    )
    source_variables: str = Field("", description="Variables of the environment that sources made on the web may use")
    source_folders: str = Field("", description="Folders below which sources made on the web may read files")
    wall_title: str = Field("", description="Whose promises the wall shows, as English | Chinese")
    reload_enabled: bool = Field(default=False, description="Allow POST /-/reload (SIGHUP always works)")
    public_pages: bool = Field(default=True, description="Show targets and indicators to whoever asks")
    public_wall: bool = Field(default=True, description="Show the wall screen to whoever asks")
    public_api: bool = Field(default=True, description="Answer GET /api/v1/* to whoever asks")
    embed_origins: str = Field("", description="Sites that may show a target's card, such as https://example.org")
    public_metrics: bool = Field(default=True, description="Answer /metrics to whoever asks")
    api_token: SecretStr | None = Field(None, description="A bearer token that may do what any token may, if set")
    four_eyes: Literal["", "on", "off"] = Field(
        "",
        description="on: a held figure is accepted by another person; empty: once two may edit, or as an admin chose",
    )
    session_hours: Annotated[float, Field(gt=0, le=24 * 31, description="A browser is signed in for so long")] = 12
    trusted_proxies: str = Field(
        "127.0.0.1,::1", description="Addresses (CIDR) whose X-Forwarded-For and -Proto are believed"
    )
    trusted_hosts: str = Field("", description="Names this service is asked by, such as *.example.org; empty: any")
    proxy_user_header: str = Field("", description="Header in which a trusted proxy names who is signed in")
    proxy_default_role: Role | None = Field(None, description="Role of a name it gives that has no account here")
    oidc_issuer: str = Field("", description="Address of an OpenID Connect issuer people may sign in with")
    oidc_client_id: str = Field("", description="What this service is called there")
    oidc_client_secret: SecretStr | None = Field(None, description="What it proves itself there with")
    oidc_title: str = Field("", description="What the button to sign in there says")
    oidc_scopes: str = Field("openid profile", description="What is asked of the issuer")
    oidc_name_claim: str = Field("preferred_username", description="Claim that names the account")
    oidc_role_claim: str = Field("", description="Claim that the role is read from, such as groups")
    oidc_roles: str = Field("", description="Which of its values give which role, such as it-staff=admin,all=viewer")
    oidc_default_role: Role | None = Field(None, description="Role of whoever no value gives one; none: refused")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(Problem("setting_no_zone", {"given": name})) from error
        return name

    @field_validator("external_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError(Problem("setting_no_address", {"given": url}))
        return url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _server(cls, said: SecretStr | None) -> SecretStr | None:
        if said is not None:
            read_server(said.get_secret_value())
        return said

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, said: str) -> str:
        if said:
            read_sender(said)
        return said

    @field_validator("mail_hours")
    @classmethod
    def _hours(cls, said: str) -> str:
        read_hours(said)
        return said

    @field_validator("secret_key")
    @classmethod
    def _long(cls, said: SecretStr | None) -> SecretStr | None:
        lines = said.get_secret_value().split() if said is not None else []
        if said is not None and (not lines or min(map(len, lines)) < SHORTEST_KEY):
            raise ValueError(Problem("setting_short_key", {"least": SHORTEST_KEY}))
        return said

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, said: str) -> str:
        for one in _listed(said):
            try:
                ip_network(one)
            except ValueError as error:
                raise ValueError(Problem("setting_no_network", {"given": one})) from error
        return said

    @field_validator("embed_origins")
    @classmethod
    def _origins(cls, said: str) -> str:
        for one in _listed(said):
            if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?", one):
                raise ValueError(Problem("setting_no_origin", {"given": one}))
        return said

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, url: str) -> str:
        local = urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
        if url and not url.startswith("https://") and not (local and url.startswith("http://")):
            raise ValueError(Problem("setting_no_issuer", {"given": url}))
        return url

    @field_validator("oidc_roles")
    @classmethod
    def _mapping(cls, said: str) -> str:
        for one in _listed(said):
            value, equals, role = one.rpartition("=")
            if not (equals and value.strip() and role.strip() in set(Role)):
                raise ValueError(Problem("setting_no_role", {"given": one, "roles": [role.value for role in Role]}))
        return said

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if self.proxy_user_header and "trusted_proxies" not in self.model_fields_set:
            header = {"said": self.proxy_user_header, "setting": f"{PREFIX}TRUSTED_PROXIES"}
            raise ValueError(Problem("setting_believed_from_nobody", header, where=f"{PREFIX}PROXY_USER_HEADER"))
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError(Problem("setting_alone", {"names": [f"{PREFIX}MAIL_FROM"]}, where=f"{PREFIX}SMTP_URL"))
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret and self.external_url):
            names = (f"{PREFIX}OIDC_CLIENT_ID", f"{PREFIX}OIDC_CLIENT_SECRET (or _FILE)", f"{PREFIX}EXTERNAL_URL")
            raise ValueError(Problem("setting_alone", {"names": names}, where=f"{PREFIX}OIDC_ISSUER"))
        return self

    @property
    def smtp_server(self) -> SmtpServer | None:
        """Return the server by which mails leave; None: none leaves."""
        return None if self.smtp_url is None else read_server(self.smtp_url.get_secret_value())

    @property
    def hours(self) -> MailHours:
        """Return when mails leave."""
        return read_hours(self.mail_hours)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return the keys given to sign links with, the newest, which signs, last."""
        return () if self.secret_key is None else tuple(self.secret_key.get_secret_value().split())

    @property
    def kept_days(self) -> dict[str, int]:
        """Return for how many days what grows is kept, by kind; what is kept for ever is left out."""
        names = ("runs", "mails", "statuses", "documents")
        return {name: days for name in names if (days := getattr(self, f"keep_{name}_days"))}

    @property
    def variables_on_web(self) -> tuple[str, ...]:
        """Return the variables that sources made on the web may use."""
        return tuple(_listed(self.source_variables))

    @property
    def folders_on_web(self) -> tuple[Path, ...]:
        """Return the folders below which sources made on the web may read files."""
        return tuple(Path(one) for one in _listed(self.source_folders))

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Return the networks of the proxies that are believed."""
        return tuple(ip_network(one) for one in _listed(self.trusted_proxies))

    @property
    def may_embed(self) -> tuple[str, ...]:
        """Return the origins of the pages that may show a target's card."""
        return tuple(_listed(self.embed_origins))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the names under which pages are asked for; none: any."""
        return tuple(_listed(self.trusted_hosts))

    @property
    def roles_by_claim(self) -> dict[str, Role]:
        """Return the role that each value of the role claim gives."""
        pairs = [one.rpartition("=") for one in _listed(self.oidc_roles)]
        return {value.strip(): Role(role.strip()) for value, _, role in pairs}

    @property
    def secure(self) -> bool:
        """Return whether the pages are reached by https, as far as the settings say."""
        return self.external_url.startswith("https://")

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
        raise UsageError(*(refused(detail).at(_variable(detail)) for detail in error.errors())) from error


def _content(file: str, name: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        why, where = error.strerror or str(error), f"{PREFIX}{name.upper()}_FILE"
        raise UsageError("setting_file_unreadable", where=where, said=file, why=why) from error


def _listed(said: str) -> list[str]:
    return [one.strip() for one in said.split(",") if one.strip()]


def _variable(detail: ErrorDetails) -> str:
    return PREFIX + "_".join(str(part) for part in detail["loc"]).upper() if detail["loc"] else ""


def unknown() -> list[str]:
    """Return the variables that look like settings and are none: misspelt ones, most likely."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in FROM_FILES}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def environment() -> Mapping[str, str]:
    """Return the variables that ${VAR} in a source's options may name, as they are now."""
    return dict(os.environ)


@dataclass(frozen=True, slots=True)
class MailHours:
    """On which weekdays (0: Monday) mails leave, from when until when; `always` knows no holidays either."""

    days: frozenset[int] = frozenset(range(7))
    opens: time = time.min
    closes: time = time.max
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server: TLS from the start (`tls`), or STARTTLS required, used when it is offered, or off."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    starttls: str = "offered"


def read_hours(said: str) -> MailHours:
    """Return the hours of "Mon-Fri 8:30-17:30" or "always"; ValueError for anything else.

    >>> read_hours("Mon-Wed,Sat 8:00-12:30").days == frozenset({0, 1, 2, 5})
    True
    """
    if said.strip().lower() == "always":
        return MailHours(always=True)
    found = SPAN.fullmatch(said.strip())
    days = found and _days(found[1])
    if not found or not days:
        raise ValueError(Problem("setting_no_hours", {"given": said}))
    try:
        opens, closes = time(int(found[2]), int(found[3])), time(int(found[4]), int(found[5]))
    except ValueError:
        raise ValueError(Problem("setting_no_hours", {"given": said})) from None
    if closes <= opens:
        raise ValueError(Problem("setting_no_hours", {"given": said}))
    return MailHours(days, opens, closes)


def read_server(said: str) -> SmtpServer:
    """Return the server of smtp://user:password@host:port or smtps://...; ValueError, which never shows the password.

    With a user STARTTLS is required, unless ?starttls= says otherwise.
    """
    parts = urlsplit(said)
    try:
        port = parts.port
    except ValueError:
        port = -1
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    starttls = options.pop("starttls", "required" if parts.username else "offered")
    tls = parts.scheme == "smtps"
    wrong = (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or port == -1
        or bool(parts.username) == (parts.password is None)
    )
    if wrong or parts.path.strip("/") or options or starttls not in STARTTLS or (tls and "starttls" in parts.query):
        raise ValueError(Problem("setting_no_server", {"options": STARTTLS}))
    return SmtpServer(
        host=str(parts.hostname),
        port=port or (PORT_TLS if tls else PORT_OF_USERS if parts.username else PORT),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=starttls,
    )


def read_sender(said: str) -> Address:
    """Return the sender of "targets@example.org" or "Targets <targets@example.org>"; ValueError for anything else."""
    name, address = parseaddr(said)
    try:
        sender = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError):
        raise ValueError(Problem("setting_no_sender", {"given": said})) from None
    if not (sender.username and sender.domain and address.isascii() and said.isprintable()):
        raise ValueError(Problem("setting_no_sender", {"given": said}))
    return sender


def _days(said: str) -> frozenset[int]:
    found: set[int] = set()
    for part in said.split(","):
        first, dash, last = (name.strip().capitalize() for name in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            return frozenset()
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= set(range(start, end + 1)) if start <= end else {*range(start, 7), *range(end + 1)}
    return frozenset(found)
