"""Signing in with an OpenID Connect issuer: the code flow with state, nonce and PKCE, and whose account it is here.

What it says is believed for its signature alone, made with a key it publishes, of a kind that only its owner can make.
"""

from __future__ import annotations

import hmac
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import requests
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from targetwatch.errors import ConflictError, TargetwatchError, UsageError
from targetwatch.model import Role, User
from targetwatch.model.people import Way
from targetwatch.store import accounts, db, keys
from targetwatch.web import forms, render
from targetwatch.web.access import READ
from targetwatch.web.forms import Posted
from targetwatch.web.people import sign_in
from targetwatch.web.people.sign_in import NOTHING, Unsent
from targetwatch.web.running import RunningService, Service
from targetwatch.wording.problems import in_english
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from targetwatch.settings import Settings

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 10
KNOWN_SECONDS = 600
"""How long what the issuer says of itself is taken for granted."""
LEEWAY_SECONDS = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key of its own: never `none`, nor one made with a secret that both know."""
LASTS = timedelta(minutes=10)
MOST_WAITING = 20_000
"""So many that nobody who begins over and over pushes out somebody who is signing in."""
MOST_UNSENT, MOST_UNSENT_BYTES = 200, 64 * 1024
"""How many of them have what was typed kept for them, and how much of it."""
BACK = "/sign-in/issuer/done"


class IssuerError(TargetwatchError):
    """The issuer could not be asked, or what it answered proves nothing."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A browser that was sent to the issuer: what has to come back with it, and where it was going with what."""

    state: str
    nonce: str
    verifier: str
    browser: str
    wanted: str
    unsent: Unsent
    until: datetime


@dataclass(slots=True)
class Waitings:
    """Who is at the issuer now, a bounded number; whoever waits too long starts again."""

    _kept: OrderedDict[str, Waiting] = field(default_factory=OrderedDict)
    _unsent: OrderedDict[str, Unsent] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, browser: str, wanted: str, unsent: Unsent, *, now: datetime) -> Waiting:
        """Return what a browser takes along to the issuer."""
        kept = unsent if len(unsent.packed.encode()) <= MOST_UNSENT_BYTES else NOTHING
        secrets = {name: token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        made = Waiting(**secrets, browser=_known_by(browser), wanted=wanted, unsent=kept, until=now + LASTS)
        with self._lock:
            self._kept[made.state] = replace(made, unsent=NOTHING)
            if kept:
                self._unsent[made.state] = kept
            while len(self._kept) > MOST_WAITING or next(iter(self._kept.values())).until < now:
                self._kept.popitem(last=False)
            while len(self._unsent) > MOST_UNSENT:
                self._unsent.popitem(last=False)
        return made

    def end(self, state: str, browser: str, *, now: datetime) -> Waiting | None:
        """Return what a browser took along, once; None when it did not come from this very browser, or too late."""
        with self._lock:
            found, unsent = self._kept.pop(state, None), self._unsent.pop(state, NOTHING)
        if found is None or found.until < now or not browser:
            return None
        return replace(found, unsent=unsent) if hmac.compare_digest(found.browser, _known_by(browser)) else None


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the issuer vouches for: `subject` never changes and is nobody else's, the claims say the rest."""

    subject: str
    claims: Mapping[str, Any]


@dataclass(slots=True)
class Issuer:
    """One issuer, as the settings name it."""

    settings: Settings
    _about: dict[str, Any] = field(default_factory=dict)
    _known_until: float = 0.0

    def __post_init__(self) -> None:
        if find_spec("authlib") is None:
            raise UsageError("oidc_not_installed", where="TARGETWATCH_OIDC_ISSUER")

    def address(self, waiting: Waiting) -> str:
        """Return where a browser goes to sign in."""
        about = self._discovered()
        address, _ = self._client().create_authorization_url(
            about["authorization_endpoint"],
            state=waiting.state,
            nonce=waiting.nonce,
            code_verifier=waiting.verifier,
        )
        return str(address)

    def vouched(self, waiting: Waiting, code: str) -> Vouched:
        """Return whom a code stands for.

        Raises:
            IssuerError: the issuer does not answer, refuses the code, or what it says is not proven.
        """
        from authlib.integrations.base_client import OAuthError  # noqa: PLC0415 - an extra
        from joserfc.errors import JoseError  # noqa: PLC0415

        about = self._discovered()
        try:
            answered = self._client().fetch_token(
                about["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=waiting.verifier,
                timeout=PATIENCE_SECONDS,
                allow_redirects=False,
            )
            claims = self._proven(answered, waiting.nonce, self._get(about["jwks_uri"]))
        except (OAuthError, requests.RequestException, JoseError, ValueError, KeyError, TypeError) as error:
            raise self._failed("says", why=_shown(error)) from error
        return Vouched(f"{self.settings.oidc_issuer} {claims['sub']}", claims)

    def _proven(self, answered: Mapping[str, Any], nonce: str, keys: dict[str, Any]) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken  # noqa: PLC0415
        from joserfc import jwt  # noqa: PLC0415
        from joserfc.jwk import KeySet  # noqa: PLC0415

        token = jwt.decode(str(answered["id_token"]), KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        us = self.settings.oidc_client_id
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={
                "iss": {"essential": True, "value": self.settings.oidc_issuer},
                "aud": {"essential": True, "value": us},
                "sub": {"essential": True},
            },
            params={"nonce": nonce, "client_id": us, "access_token": answered.get("access_token")},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ValueError(claims["sub"])
        return dict(claims)

    def _discovered(self) -> dict[str, Any]:
        if time.monotonic() < self._known_until:
            return self._about
        wanted = self.settings.oidc_issuer
        try:
            about = self._get(f"{wanted.rstrip('/')}/.well-known/openid-configuration")
            addresses = [str(about[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        except (requests.RequestException, ValueError, KeyError) as error:
            raise self._failed("says", why=_shown(error)) from error
        if about.get("issuer") != wanted:
            raise self._failed("issuer_calls_itself_otherwise", name=str(about.get("issuer")))
        if urlsplit(wanted).scheme == "https" and not all(one.startswith("https://") for one in addresses):
            raise self._failed("issuer_without_https")
        self._about, self._known_until = about, time.monotonic() + KNOWN_SECONDS
        return about

    def _get(self, address: str) -> dict[str, Any]:
        answer = requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False)
        answer.raise_for_status()
        said = answer.json()
        if not answer.ok or not isinstance(said, dict):
            raise ValueError(answer.status_code)
        return said

    def _failed(self, code: str, **values: str) -> IssuerError:
        return IssuerError(code, where="issuer", said=self.settings.oidc_issuer, **values)

    def _client(self) -> Any:  # noqa: ANN401 - Authlib has no types
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415

        secret = self.settings.oidc_client_secret
        return OAuth2Session(
            self.settings.oidc_client_id,
            secret.get_secret_value() if secret is not None else None,
            scope=self.settings.oidc_scopes,
            redirect_uri=self.settings.external_url + BACK,
            code_challenge_method="S256",
        )


def _known_by(browser: str) -> str:
    return sha256(browser.encode()).hexdigest()


def _shown(error: Exception) -> str:
    """Return why, briefly: the kind of error, and of a refusal its code; never what was sent."""
    code = getattr(error, "error", "")
    return f"{type(error).__name__} {code}".strip()[:100]


class TurnedAwayError(Exception):
    """The issuer vouches for somebody who may not come in; `message` says why."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def routes(settings: Settings) -> APIRouter:
    """Return the routes; none where no issuer is configured."""
    router = APIRouter(include_in_schema=False)
    if not settings.oidc_issuer:
        return router
    there, waitings = Issuer(settings), Waitings()

    def go(request: Request, posted: Posted, service: Service) -> Response:
        wanted, kept = sign_in.local(posted.text("next")), sign_in.read_unsent(posted)
        waiting = waitings.begin(forms.visitor(request), wanted, kept, now=service.now())
        try:
            address = there.address(waiting)
        except IssuerError as error:
            log.warning("%s", in_english(error))
            return _refused(
                request, service, N_("The other site does not answer. Try again later, or sign in here."), waiting
            )
        return render.form(request, "to-issuer.html", address=address, issuer=sign_in.issuer_title(service.settings))

    def back(
        request: Request,
        service: Service,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4000)] = "",
        iss: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response:
        waiting = waitings.end(state, forms.visitor(request), now=service.now())
        if waiting is None or iss not in {"", service.settings.oidc_issuer}:
            return _refused(
                request,
                service,
                N_("That took too long, or did not begin in this browser. Please begin again."),
                waiting,
            )
        if not code:
            return _refused(request, service, N_("The other site did not sign you in."), waiting)
        return _come_in(request, service, there, waiting, code=code)

    router.add_api_route("/sign-in/issuer", go, methods=["POST"])
    router.add_api_route(BACK, back, methods=READ)
    return router


def _come_in(request: Request, service: RunningService, there: Issuer, waiting: Waiting, *, code: str) -> Response:
    try:
        vouched = there.vouched(waiting, code)
        user = _account(service, vouched)
    except IssuerError as error:
        log.warning("%s", in_english(error))
        return _refused(
            request,
            service,
            N_("What the other site said could not be proven, so you were not signed in. The log says more."),
            waiting,
        )
    except TurnedAwayError as error:
        return _refused(request, service, error.message, waiting)
    return sign_in.welcome(request, service, user, waiting.wanted, waiting.unsent)


def _account(service: RunningService, vouched: Vouched) -> User:
    """Return the account of whoever is vouched for, opened when they first come, with the role the issuer gives."""
    settings, now = service.settings, service.now()
    role = _role(settings, vouched.claims)
    name = _text(vouched.claims, settings.oidc_name_claim).lower().partition("@")[0]
    with db.writing(service.engine, Way.OIDC.by(name or "somebody"), now=now) as session:
        user = accounts.known_there(session, vouched.subject)
        if user is None:
            return _opened(session, vouched, name, role=role, now=now)
        if user.disabled_at is not None:
            raise TurnedAwayError(N_("Your account here is disabled. Ask an admin."))
        if not settings.oidc_role_claim or role is user.role:
            return user
        if role is None:
            raise TurnedAwayError(
                N_("The other site knows you, but nothing there gives you a role here. Ask an admin.")
            )
        if not role.may(user.role) and accounts.is_last_admin(session, user.name):
            log.warning("user '%s': is the last admin and stays it, whatever the issuer says", user.name)
            return user
        return accounts.change(session, user.name, now=now, role=role)


def _opened(session: Session, vouched: Vouched, name: str, *, role: Role | None, now: datetime) -> User:
    if role is None:
        raise TurnedAwayError(N_("The other site knows you, but nothing there gives you a role here. Ask an admin."))
    shown = _text(vouched.claims, "name")
    title = shown if keys.is_line(shown) else ""
    try:
        return accounts.admit(session, name, vouched.subject, role=role, title=title, now=now)
    except UsageError as error:
        raise TurnedAwayError(N_("Your name on the other site cannot be an account here. Ask an admin.")) from error
    except ConflictError as error:
        raise TurnedAwayError(N_("Somebody else has an account of your name here. Ask an admin.")) from error


def _text(claims: Mapping[str, Any], name: str) -> str:
    """Return what a claim says; "" when it is none or no text."""
    said = claims.get(name)
    return said.strip() if isinstance(said, str) else ""


def _role(settings: Settings, claims: Mapping[str, Any]) -> Role | None:
    """Return the highest role that the claim's values give, the default where none gives one."""
    said = claims.get(settings.oidc_role_claim) if settings.oidc_role_claim else None
    values = said if isinstance(said, list) else str(said).split() if said is not None else []
    by_claim = settings.roles_by_claim
    given = {by_claim[value] for value in map(str, values) if value in by_claim}
    return next((role for role in reversed(Role) if role in given), settings.oidc_default_role)


def _refused(request: Request, service: RunningService, message: str, waiting: Waiting | None) -> Response:
    _ = render.translator_for(request)
    wanted, kept = (waiting.wanted, waiting.unsent) if waiting is not None else ("/", sign_in.NOTHING)
    return sign_in.page(request, service, wanted, kept=kept, status=403, errors={"": _(message)})
