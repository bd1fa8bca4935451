"""Settings come from the environment, secrets from files too, and a wrong one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from refusing import raises
from targetwatch.errors import UsageError
from targetwatch.settings import Settings, load

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TARGETWATCH_{name.upper()}", raising=False)


def test_the_defaults_listen_on_this_machine_only():
    settings = load()
    assert (settings.host, settings.port, settings.timezone) == ("127.0.0.1", 9877, "Asia/Shanghai")
    assert settings.api_token is None


def test_the_command_line_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("TARGETWATCH_DATABASE_URL", "sqlite:///environment.db")
    assert load().database_url == "sqlite:///environment.db"
    assert load(database_url="sqlite:///said.db").database_url == "sqlite:///said.db"


def test_a_secret_may_stand_in_a_file_and_is_never_shown(monkeypatch, tmp_path):
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    monkeypatch.setenv("TARGETWATCH_API_TOKEN_FILE", str(tmp_path / "token"))
    settings = load()
    assert settings.api_token is not None
    assert settings.api_token.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_a_secret_file_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("TARGETWATCH_API_TOKEN_FILE", str(tmp_path / "gone"))
    with raises(UsageError, match=r"TARGETWATCH_API_TOKEN_FILE '.*gone': No such file"):
        load()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PORT", "99999", "TARGETWATCH_PORT: Input should be less than or equal to 65535"),
        ("PORT", "http", "TARGETWATCH_PORT: Input should be a valid integer"),
        ("TIMEZONE", "Peking", "TARGETWATCH_TIMEZONE: 'Peking' is not a time zone"),
        ("TRUSTED_PROXIES", "10.0.0.0/24,proxy", "TARGETWATCH_TRUSTED_PROXIES: 'proxy' is no address, expected"),
        ("PROXY_USER_HEADER", "X-User", "TARGETWATCH_PROXY_USER_HEADER 'X-User': is believed from nobody yet"),
        ("PROXY_DEFAULT_ROLE", "boss", "TARGETWATCH_PROXY_DEFAULT_ROLE: Input should be 'viewer', 'editor' or 'admin'"),
        ("SESSION_HOURS", "0", "TARGETWATCH_SESSION_HOURS: Input should be greater than 0"),
        ("OIDC_ISSUER", "http://issuer.example", "TARGETWATCH_OIDC_ISSUER: 'http://issuer.example' is no issuer"),
        ("OIDC_ISSUER", "https://issuer.example", "TARGETWATCH_OIDC_ISSUER: cannot be used alone, expected"),
        ("OIDC_ROLES", "staff", "TARGETWATCH_OIDC_ROLES: 'staff' names no role, expected VALUE=ROLE"),
        ("OIDC_ROLES", "staff=boss", "TARGETWATCH_OIDC_ROLES: 'staff=boss' names no role"),
        ("SMTP_URL", "mail.example.org:25", "TARGETWATCH_SMTP_URL: is no mail server, expected smtp://host:25"),
        ("SMTP_URL", "smtp://", "TARGETWATCH_SMTP_URL: is no mail server"),
        ("SMTP_URL", "smtp://li@mail.example.org", "TARGETWATCH_SMTP_URL: is no mail server"),
        ("SMTP_URL", "smtp://mail.example.org:port", "TARGETWATCH_SMTP_URL: is no mail server"),
        ("SMTP_URL", "smtp://mail.example.org?starttls=maybe", "one of required, offered, off"),
        ("SMTP_URL", "smtps://mail.example.org?starttls=off", "TARGETWATCH_SMTP_URL: is no mail server"),
        (
            "SMTP_URL",
            "smtp://mail.example.org",
            "TARGETWATCH_SMTP_URL: cannot be used alone, expected TARGETWATCH_MAIL",
        ),
        ("MAIL_FROM", "Targets", "TARGETWATCH_MAIL_FROM: 'Targets' is no sender"),
        ("MAIL_FROM", "Targets <a@example.org>\nBcc: b@example.org", "is no sender"),
        (
            "MAIL_HOURS",
            "9 to 5",
            "TARGETWATCH_MAIL_HOURS: '9 to 5' are no hours, expected such as 'Mon-Fri 8:30-17:30'",
        ),
        ("MAIL_HOURS", "Mon-Fry 8:30-17:30", "'Mon-Fry 8:30-17:30' are no hours"),
        ("MAIL_HOURS", "Mon-Fri 17:30-8:30", "'Mon-Fri 17:30-8:30' are no hours"),
        ("MAIL_HOURS", "Mon 8:30-24:30", "'Mon 8:30-24:30' are no hours"),
        ("SECRET_KEY", "short", "TARGETWATCH_SECRET_KEY: a key is too short, expected at least 32 signs in each line"),
        ("RELOAD_ENABLED", "perhaps", "TARGETWATCH_RELOAD_ENABLED: Input should be a valid boolean"),
    ],
)
def test_a_wrong_value_is_refused_by_the_variables_name(monkeypatch, variable, value, said):
    monkeypatch.setenv(f"TARGETWATCH_{variable}", value)
    with raises(UsageError, match=re.escape(said)):
        load()


def test_a_mail_servers_password_is_never_shown(monkeypatch):
    monkeypatch.setenv("TARGETWATCH_SMTP_URL", "smtp://li:s3cret@mail.example.org?tls=no")
    with raises(UsageError, match="is no mail server") as caught:
        load()
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.example.org", 25, False, "offered"),
        ("smtp://mail.example.org:2525?starttls=off", 2525, False, "off"),
        ("smtp://li:p%40ss@mail.example.org", 587, False, "required"),
        ("smtps://li:p%40ss@mail.example.org", 465, True, "required"),
    ],
)
def test_a_mail_server_is_reached_as_its_address_says(monkeypatch, tmp_path, url, port, tls, starttls):
    (tmp_path / "url").write_text(url + "\n", encoding="utf-8")
    monkeypatch.setenv("TARGETWATCH_SMTP_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("TARGETWATCH_MAIL_FROM", "Targets <targets@example.org>")
    server = load().smtp_server
    assert server is not None
    assert (server.host, server.port, server.tls, server.starttls) == ("mail.example.org", port, tls, starttls)
    assert (server.user, server.password) == (("li", "p@ss") if "li" in url else ("", ""))


def test_the_newest_of_several_keys_stands_last(monkeypatch):
    monkeypatch.setenv("TARGETWATCH_SECRET_KEY", "a" * 32 + "\n" + "b" * 40 + "\n")
    assert load().secret_keys == ("a" * 32, "b" * 40)


def test_the_operators_guides_name_every_setting_with_its_default():
    guides = "\n".join((DOCS / name).read_text(encoding="utf-8") for name in ("operations.md", "access.md"))
    rows = re.findall(r"^\| `TARGETWATCH_(\w+)` \| *(.*?) *\|", guides, re.MULTILINE)
    documented = {name.lower(): default.strip().strip("`") for name, default in rows}
    fields = Settings.model_fields
    assert set(documented) == set(fields)
    for name, field in fields.items():
        default = "" if field.default is None else str(field.default)
        assert documented[name].lower() == default.lower(), name
