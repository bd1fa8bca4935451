"""Signing in and out, and how long to wait after failures. Every signing in ends the session the browser came with.

Failures are counted for a name and for an address. While a wait lasts, further attempts are neither tried nor counted,
so no wait can be prolonged by asking again; what is counted is forgotten when nothing has failed for a while.

What was typed and could not be taken, the session being over, goes along to sign in and can then be sent again. Nothing
of it is kept here: it travels in the pages themselves. Files and passwords do not travel.
"""

from __future__ import annotations

import json
import logging
import math
import re
import shutil
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from targetwatch.model import User
from targetwatch.model.people import Way
from targetwatch.model.problem import Problem
from targetwatch.settings import Settings
from targetwatch.store import accounts, db, keys
from targetwatch.web import forms, headers, render, running
from targetwatch.web.access import READ, Asking, Person
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.headers import TooLargeError
from targetwatch.web.people import view
from targetwatch.web.running import RunningService, Service, running_service
from targetwatch.wording import figure_fields, terms
from targetwatch.wording.translation import N_, NC_, translator

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)
LONGEST_NEXT = 2000
A_YEAR_SECONDS = 365 * 24 * 3600
NOT_AFTERWARDS = ("/sign-in", "/sign-out")

BROWSERS = (
    *(("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox")),
    *(("Chrome/", "Chrome"), ("CriOS", "Chrome"), ("Safari/", "Safari")),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android")),
    *(("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)
"""What a User-Agent has in it, and whose it is; of several the first counts."""
router = APIRouter(include_in_schema=False)
UNSENT_FIELD = "unsent"
FIELD_LABELS = (
    terms.FIELDS
    | figure_fields.LABELS
    | {
        "name": NC_("account", "Name"),
        "title": N_("Who they are"),
        "email": N_("E-mail"),
        "language": N_("Language of the mail"),
        "days": N_("For how many days"),
        "scope": N_("What it may do"),
        "why": N_("Why it is corrected"),
        "text": N_("What you typed"),
        "yaml": N_("What you typed"),
    }
)
"""What the fields are called in which something is typed."""
CHOSEN = {"qualifier", "publisher", "provisional", "goal.comparator", "plan", "role", "look", "save"}
"""What was chosen from a list, or is a button: their values are names of the program's."""
MOST_UNSENT = 600 * 1024
"""What fits the way to sign in when each byte is written as three."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """The texts of a form by field, in order; `left` names the files that stay behind, `too_much` when all does."""

    texts: tuple[tuple[str, str], ...] = ()
    left: tuple[str, ...] = ()
    too_much: bool = False

    def __bool__(self) -> bool:
        return bool(self.texts or self.left)

    @property
    def packed(self) -> str:
        """Return it as the text of one field."""
        return json.dumps({"texts": self.texts, "left": self.left}, ensure_ascii=False, separators=(",", ":"))

    def shown(self, chosen: str, titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return what a person would recognise, as (label, text): the fields that were typed into.

        Indicators are named by their `titles`, by id.
        """
        words = {
            "indicator": titles,
            "basis": {one: translator(chosen)(said) for one, said in terms.BASIS_CHOICES.items()},
        }
        told = (
            (_label(name, chosen), words.get(name, {}).get(text, text)) for name, text in self.texts if text.strip()
        )
        return tuple((label, text) for label, text in told if label)


NOTHING = Unsent()


@router.api_route("/sign-in", methods=READ)
def ask(
    request: Request, who: Asking, service: Service, next_path: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """Show the form to sign in; whoever is signed in goes on."""
    wanted = local(next_path)
    if who.role is not None:
        return render.redirect(request, wanted)
    return page(request, service, wanted)


@router.post("/sign-in")
def sign_in(request: Request, posted: Posted, service: Service, throttle: Slowed) -> Response:
    """Sign in with a name and a password, and go where one was going: with what had been typed there, if anything."""
    name, password = posted.text("name").lower(), posted.values.get("password", "")
    wanted, kept = local(posted.text("next")), read_unsent(posted)
    if not name or not password:
        return _again(request, service, wanted, kept, name=name, error=N_("Both the name and the password are needed."))
    with db.reading(service.engine) as session:
        known = accounts.familiar(session, name, running.read_cookie(request, running.BROWSER))
    keys = _counted(request, name, known=known)
    if seconds := throttle.attempt(keys, now=service.now()):
        response = _again(
            request,
            service,
            wanted,
            kept,
            name=name,
            error=N_("Too many attempts have failed. Please try again in {seconds} s."),
            status=429,
            seconds=seconds,
        )
        response.headers["retry-after"] = str(seconds)
        return response
    with db.reading(service.engine) as session:
        user = accounts.check(session, name, password)
    if user is None:
        log.warning("somebody at %s could not sign in", headers.client_network(request))
        return _again(request, service, wanted, kept, name=name, error=N_("Name and password do not belong together."))
    throttle.succeeded(keys)
    if user.one_time and (refused := _choose(request, service, posted, user=user, wanted=wanted, kept=kept)):
        return refused
    return welcome(request, service, user, wanted, kept)


@router.post("/sign-out")
def sign_out(request: Request, who: Asking, _posted: Posted, service: Service) -> Response:
    """End the session, and show the form to sign in."""
    secret = running.read_cookie(request, running.SESSION)
    if secret:
        with db.writing(service.engine, who.actor, now=service.now()) as session:
            keys.end(session, secret)
    response = render.redirect(request, "/sign-in?done=signed_out")
    running.take_cookie(request, response, running.SESSION)
    running.take_cookie(request, response, running.VISITOR)
    return response


def page(
    request: Request,
    service: RunningService,
    wanted: str,
    *,
    kept: Unsent = NOTHING,
    status: int = 200,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    choosing: bool = False,
) -> Response:
    """Return the form to sign in, or to choose a password at the same time.

    It takes along what was typed before, and says how the first account is made.
    """
    with db.reading(service.engine) as session:
        nobody_yet = not accounts.exist(session)
    return render.form(
        request,
        "sign-in.html",
        status=status,
        values=values or {},
        errors=errors or {},
        wanted=wanted,
        unsent=kept,
        choosing=choosing,
        nobody_yet=nobody_yet,
        program=_program() if nobody_yet else "",
        issuer=issuer_title(service.settings),
    )


def _program() -> str:
    """Return how this program is called where it runs: by its path, where no folder of PATH has it."""
    return "targetwatch" if shutil.which("targetwatch") or not sys.argv[0].endswith("targetwatch") else sys.argv[0]


def welcome(request: Request, service: RunningService, user: User, wanted: str, kept: Unsent) -> Response:
    """Return the answer to whoever has proved who they are: signed in, and on the way to where they were going."""
    secret, mark = begin(request, service, user)
    response = _onwards(request, wanted, kept, user, secret=secret)
    keep(request, response, secret, mark)
    return response


def keep(request: Request, response: Response, secret: str, mark: str) -> None:
    """Give the browser the cookies of a session that has begun."""
    running.give_cookie(request, response, running.SESSION, secret)
    running.give_cookie(request, response, running.BROWSER, mark, seconds=A_YEAR_SECONDS)
    response.headers["cache-control"] = "no-store"


def issuer_title(settings: Settings) -> str:
    """Return what the issuer is called; "" when there is none."""
    return settings.oidc_title or urlsplit(settings.oidc_issuer).hostname or "" if settings.oidc_issuer else ""


def begin(request: Request, service: RunningService, user: User) -> tuple[str, str]:
    """Begin a new session for an account, end the one the browser came with, and return its secret and its mark."""
    lifetime = timedelta(hours=service.settings.session_hours)
    now = service.now()
    with db.writing(service.engine, Way.WEB.by(user.name), now=now) as session:
        if old := running.read_cookie(request, running.SESSION):
            keys.end(session, old)
        secret = keys.begin(
            session, user.name, now=now, lifetime=lifetime, device=device_of(request.headers.get("user-agent", ""))
        )
        return secret, accounts.familiarise(session, user.name)


def device_of(agent: str) -> str | None:
    """Return browser and system of a User-Agent, as short as a person knows them; None when neither is known.

    >>> device_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), device_of("curl/8")
    ('Firefox · Linux', None)
    """
    found = (next((name for mark, name in some if mark in agent), "") for some in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in found if name) or None


def local(said: str) -> str:
    r"""Return a path of this site as it was said, or "/" for whatever might lead elsewhere.

    >>> local("/targets/x?as_of=2025-07-01"), local("//evil.example"), local("/\\evil.example"), local("/%2f/evil")
    ('/targets/x?as_of=2025-07-01', '/', '/', '/')
    """
    plain = unquote(said)
    fit = said.startswith("/") and len(said) <= LONGEST_NEXT and plain.isprintable() and "\\" not in plain
    if not fit or plain.startswith("//") or urlsplit(said).path in NOT_AFTERWARDS:
        return "/"
    return said


def _choose(
    request: Request, service: RunningService, posted: Filled, *, user: User, wanted: str, kept: Unsent
) -> Response | None:
    """Put the password somebody chooses in the place of the one-time one; return the form as long as it is no good."""
    _ = render.translator_for(request)
    new, again = posted.values.get("new_password", ""), posted.values.get("new_password_again", "")
    errors: dict[str, str] = {}
    if posted.asked("new_password"):
        errors = view.password_faults(_, new, again, name=user.name, field="new_password")
        if new == posted.values.get("password"):
            errors["new_password"] = _("Choose another than the one-time password.")
        if not errors:
            reason = Problem("first_password")
            with db.writing(service.engine, Way.WEB.by(user.name), reason=reason, now=service.now()) as session:
                accounts.change(session, user.name, now=service.now(), password=new)
            return None
    values = {"name": user.name}
    return page(
        request, service, wanted, kept=kept, status=422 if errors else 200, values=values, errors=errors, choosing=True
    )


def _onwards(request: Request, wanted: str, kept: Unsent, user: User, *, secret: str) -> Response:
    if not kept:
        return render.redirect(request, wanted)
    handle = keys.handle_of(secret)
    request.state.person = Person(user.name, user.title or user.name, user.role, handle)
    forms.began(request, secret)
    return offer_unsent(request, wanted, kept)


def _again(
    request: Request,
    service: RunningService,
    wanted: str,
    kept: Unsent,
    *,
    name: str,
    error: str,
    status: int = 422,
    **numbers: int,
) -> Response:
    _ = render.translator_for(request)
    said = _(error, **numbers)
    return page(request, service, wanted, kept=kept, status=status, values={"name": name[:80]}, errors={"": said})


def _counted(request: Request, name: str, *, known: bool) -> tuple[tuple[str, str], ...]:
    """Return what an attempt counts for. A browser its owner has signed in with is not slowed by anybody else."""
    if known:
        return (("browser", f"{name} {running.read_cookie(request, running.BROWSER)}"),)
    return ("name", name[:80]), ("address", headers.client_network(request))


LONGEST = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(minutes=15)
MOST_KEPT = 10_000
FREE = {"name": 4, "browser": 9, "address": 20}
"""How many failures cost nothing: people mistype, and many share an address."""


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime
    until: datetime


@dataclass(slots=True)
class Throttle:
    """What has failed lately. A key is what is counted ("name", "address", "browser") and which one."""

    _kept: OrderedDict[tuple[str, str], _Failures] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, keys: Iterable[tuple[str, str]], *, now: datetime) -> int:
        """Return 0 and count the attempt as failed until `succeeded` says otherwise, or how many seconds to wait.

        Counted before it is tried, so that a hundred at once are not all tried.
        """
        keys = tuple(keys)
        with self._lock:
            self._forget(now)
            until = max((self._kept[key].until for key in keys if key in self._kept), default=now)
            if until > now:
                return math.ceil((until - now).total_seconds())
            for key in keys:
                count = self._kept[key].count + 1 if key in self._kept else 1
                self._kept[key] = _Failures(count, now, now + _wait(count - FREE[key[0]]))
                self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return 0

    def succeeded(self, keys: Iterable[tuple[str, str]]) -> None:
        """Forget the failures of a name or browser that has signed in; of an address only this attempt.

        Otherwise whoever has an account could reset the count of their address between guesses at others'.
        """
        with self._lock:
            for key in keys:
                kept = self._kept.get(key)
                if kept is not None and key[0] == "address":
                    kept.count -= 1
                    kept.until = kept.last
                elif kept is not None:
                    del self._kept[key]

    def _forget(self, now: datetime) -> None:
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            if now - oldest.last < FORGOTTEN_AFTER:
                return
            del self._kept[key]


def throttle(request: Request) -> Throttle:
    """Return what this process remembers of failures to sign in."""
    found: Throttle = request.app.state.throttle
    return found


Slowed = Annotated[Throttle, Depends(throttle)]


def _wait(beyond: int) -> timedelta:
    """Return how long to wait after so many failures beyond the free ones: 1, 2, 4 ... 60 seconds.

    >>> [_wait(beyond).total_seconds() for beyond in (-3, 0, 1, 2, 3, 6, 7, 500)]
    [0.0, 0.0, 1.0, 2.0, 4.0, 32.0, 60.0, 60.0]
    """
    if beyond <= 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(beyond - 1, 16)), LONGEST)


def _label(name: str, chosen: str) -> str:
    """Return what a field is called on its page; "" for what nobody typed: marks of the page, choices from a list."""
    plain = re.sub(r"_[0-9]+$|\.[0-9]+(?=\.)", "", name)
    if plain in CHOSEN or plain not in FIELD_LABELS:
        return ""
    return translator(chosen)(FIELD_LABELS[plain]).partition("{")[0].strip(" （(")


async def collect_unsent(request: Request) -> Unsent:
    """Return what a form brought that could not be taken; nothing unless it surely was a form of ours.

    A page of another site could otherwise have its own words taken along and sent by whoever signs in.
    """
    if request.method != "POST" or not forms.surely_of_this_site(request):
        return NOTHING
    try:
        form = await request.form(**forms.MOST)
    except TooLargeError:
        return Unsent(too_much=True)
    await form.close()  # the texts stay, and the names of the files
    pairs, left = [], []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            left += [value.filename] if value.filename else []
        elif name != forms.TOKEN and "password" not in name:
            pairs.append((name, value))
    found = Unsent(tuple(pairs), tuple(left))
    return found if len(found.packed.encode()) <= MOST_UNSENT else Unsent(too_much=True)


def read_unsent(posted: Filled) -> Unsent:
    """Return what the form to sign in takes along; nothing when it has been tampered with."""
    try:
        said = json.loads(posted.values.get(UNSENT_FIELD, ""))
        texts = tuple((name, text) for name, text in said["texts"])
        left = tuple(said["left"])
        "".join([*(word for pair in texts for word in pair), *left]).encode()  # half a surrogate pair is no text
    except (ValueError, TypeError, KeyError, RecursionError):
        return NOTHING
    return Unsent(texts, left)


def offer_unsent(request: Request, path: str, unsent: Unsent, *, status: int = 200) -> Response:
    """Return the page that sends what was typed to where it was going, by one click and with a token that is good."""
    language, current = render.language_of(request), running_service(request).holder.current
    indicators = current.catalogue.indicators if current else ()
    shown = unsent.shown(language, {one.id: one.title[language] for one in indicators})
    return render.form(request, "send-again.html", status=status, path=path, unsent=unsent, shown=shown)
