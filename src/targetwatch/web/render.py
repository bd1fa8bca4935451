"""Templates made into answers, in the language a reader chose or their browser prefers.

What a template may ask to be written: `f.day(on)` is `wording.formats.day(on, _)` in the reader's language.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from targetwatch.errors import NotAnnouncedError, StoreError
from targetwatch.evaluation.status import is_done_late
from targetwatch.mail.letter import LinkError
from targetwatch.model import AsOf, Performance, Verdict
from targetwatch.model.problem import Problem
from targetwatch.web import access, forms, just_entered
from targetwatch.web.access import NotAllowedError, SignInNeededError, SimulatedError
from targetwatch.web.headers import TooBusyError, TooLargeError
from targetwatch.web.lookup import KnownReading
from targetwatch.web.running import BadMomentError, Moment, PastNotJudgedError, PastTooLargeError, running_service
from targetwatch.wording import card, formats, mail, needed, schedule, terms, verdict, versions
from targetwatch.wording.exported import problem_as_json
from targetwatch.wording.translation import HTML_LANG, LANGUAGES, N_, NC_, Translator, translator

if TYPE_CHECKING:
    from starlette.requests import Request

    from targetwatch.model import Snapshot, Text

FILED_UNDER = re.compile(r"^[A-Z]{1,2}\d{1,3}:(?:\s+|$)")


class Formats:
    """Everything a template may ask to be written, in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getattr__(self, name: str) -> Callable[..., str]:
        """Return what writes a thing of that name."""
        if name in PLAIN:
            return PLAIN[name]
        if name not in SPOKEN:
            raise AttributeError(name)
        return partial(SPOKEN[name], _=translator(self.language))


def look(state: Performance | Verdict) -> str:
    """Return what names the colour and the sign of a performance, or of a verdict."""
    if isinstance(state, Performance):
        return state.value
    return "done_late" if is_done_late(state) else state.performance.value


def moment(moment: datetime, as_of: AsOf, _: Translator) -> str:
    """Return a moment in the configured zone, with the name of the zone."""
    here = moment.astimezone(as_of.moment.tzinfo)
    zone = _.context("China", "CST") if str(here.tzinfo) == "Asia/Shanghai" else f"{here:%Z}"
    return f"{here:%Y-%m-%d %H:%M} {zone}"


def note(said: str) -> str:
    """Return a note without the number its keeper filed the figure under, which tells its reader nothing.

    >>> note("T23: as printed"), note("TEU: as printed")
    ('as printed', 'TEU: as printed')
    """
    return FILED_UNDER.sub("", said)


def published(known: KnownReading, _: Translator) -> str:
    """Return when a figure was published; "by" where it may only have been seen first on that day."""
    day = formats.day(known.reading.published_on, _)
    return _("by {day}", day=day) if known.first_seen else day


PLAIN: Mapping[str, Callable[..., Any]] = {
    "count": "{:,}".format,
    "is_long": card.is_long,
    "look": look,
    "note": note,
    "percent": formats.percent,
}
"""What is written alike in every language."""
SPOKEN: Mapping[str, Callable[..., Any]] = {
    "amount": formats.amount,
    "calendar": schedule.release_calendar,
    "card": card.figure,
    "card_reason": card.reason,
    "caveat": verdict.note,
    "chances": verdict.odds,
    "changed": versions.parts,
    "data": schedule.data_state,
    "day": formats.day,
    "day_of_year": formats.day_of_year,
    "evidence": formats.evidence,
    "figure_data": schedule.data_state_of_figure,
    "goal": versions.goal,
    "known_to": mail.known_to,
    "lagging": card.needed,
    "lagging_briefly": card.needed_briefly,
    "moment": moment,
    "moved": versions.sentence,
    "needed": needed.needed,
    "numbers": card.key_numbers,
    "odds": card.odds,
    "outcome": verdict.outcome,
    "performance": verdict.performance,
    "period": formats.period,
    "plan": verdict.plan,
    "printed": formats.printed,
    "published": published,
    "reason": verdict.reason,
    "reason_given": versions.reason,
    "reason_in_two": verdict.reason_in_two,
    "reason_of_change": verdict.reason_of_change,
    "since": verdict.since,
    "stated": formats.stated,
    "versions": versions.numbered,
    "width": formats.width,
}
"""What is written in the reader's language."""


COOKIE = "targetwatch_lang"
A_YEAR_SECONDS = 365 * 24 * 3600
KINDS = {400: "unreadable", 404: "not_found", 405: "not_found", 413: "too_large", 422: "unreadable", 503: "not_ready"}
"""What an error is called by its status, where its class does not say it."""
NAMES: dict[type, str] = {
    TooBusyError: "busy",
    PastNotJudgedError: "past_not_judged",
    PastTooLargeError: "past_too_large",
    SignInNeededError: "sign_in",
    NotAllowedError: "not_allowed",
    SimulatedError: "simulated",
}


def page(request: Request, template: str, moment: Moment, **context: Any) -> Response:  # noqa: ANN401 - a template's
    """Return a page drawn from a moment's snapshot."""
    return _answer(request, template, 200, moment=moment, **context)


def form(
    request: Request,
    template: str,
    *,
    status: int = 200,
    moment: Moment | None = None,
    **context: Any,  # noqa: ANN401
) -> Response:
    """Return a page where something can be done, of the present unless it has a moment; nobody else may keep a copy."""
    response = _answer(request, template, status, moment=moment, **context)
    response.headers["cache-control"] = "no-store"
    return response


def error_page(request: Request, status: int, *, error: Exception | None = None) -> Response:
    """Return the page that says, in the reader's language, what could not be answered and what to do."""
    return _answer(
        request,
        "error.html",
        status,
        moment=None,
        kind=_kind(status, error),
        bad=error if isinstance(error, BadMomentError) else None,
        most=_size(error.most) if isinstance(error, TooLargeError) else "",
        is_file=request.headers.get("content-type", "").startswith("multipart/"),
        back=_back(request),
    )


def again(request: Request, body: bytes) -> Response:
    """Return a page drawn before for a reader of the same language, as it was."""
    response = HTMLResponse(body)
    _dress(request, response, language_of(request))
    return response


def bare(request: Request, template: str) -> Response:
    """Return a page that shows nothing of a snapshot."""
    return HTMLResponse(_environment().get_template(template).render(root=root(request)))


def unknowing(request: Request, template: str, **context: Any) -> Response:  # noqa: ANN401 - a template's
    """Return a page that reads no cookie and sets none, in the language of the address or the one preferred."""
    chosen = language_of(request, knowing=False)
    _ = translator(chosen)
    words = {"_": _, "pgettext": _.context, "say": _say(chosen), "f": Formats(chosen)}
    shown = {"request": request, "root": root(request), "lang": chosen, "html_lang": HTML_LANG.get(chosen, chosen)}
    return HTMLResponse(_environment().get_template(template).render(**words, **shown, **context))


def redirect(request: Request, path: str) -> Response:
    """Lead on to a page of this site, which a browser then asks for by itself."""
    return RedirectResponse(root(request) + path, 303)


def root(request: Request) -> str:
    """Return what stands before every path of this site, where a proxy serves it below another."""
    return str(request.scope.get("root_path", ""))


@cache
def asset(name: str) -> str:
    """Return the address of a file in `static`, changing with its content so that it may be kept for ever."""
    content = files("targetwatch.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def language_of(request: Request, *, knowing: bool = True) -> str:
    """Return one of LANGUAGES: the address's `lang`, the cookie's, the browser's first known one, English.

    A page that is not `knowing` reads no cookie.
    """
    for said in (request.query_params.get("lang"), request.cookies.get(COOKIE) if knowing else None):
        if said in LANGUAGES:
            return said
    return preferred(request.headers.get("accept-language", ""))


def told_to(request: Request, wrong: Problem) -> dict[str, Any]:
    """Return what is wrong as a program is told it: its code and values, and its sentence in the language asked for."""
    return problem_as_json(wrong, language_of(request, knowing=False))


def translator_for(request: Request) -> Translator:
    """Return what says messages in the reader's language."""
    return translator(language_of(request))


def preferred(header: str) -> str:
    """Return the first language known of an Accept-Language header, by its weights.

    >>> preferred("de, zh-CN;q=0.8, en;q=0.7"), preferred("fr;q=bad"), preferred("en;q=0.2, zh;q=0.9")
    ('zh', 'en', 'zh')
    """
    found: list[tuple[float, int, str]] = []
    for place, item in enumerate(header.split(",")):
        name, _, weight = item.strip().partition(";")
        language = name.strip().lower().split("-")[0]
        if language in LANGUAGES:
            found.append((-_weight(weight), place, language))
    found.sort()
    return found[0][2] if found and found[0][0] < 0 else LANGUAGES[0]


def _answer(request: Request, template: str, status: int, *, moment: Moment | None, **context: Any) -> Response:  # noqa: ANN401
    chosen = language_of(request)
    _ = translator(chosen)
    values = {
        "request": request,
        "moment": moment,
        "lang": chosen,
        "html_lang": HTML_LANG.get(chosen, chosen),
        "root": root(request),
        "simulation": running_service(request).simulation,
        "snapshot": running_service(request).holder.current,
        "other_language": _other_language(request, chosen),
        "person": getattr(request.state, "person", access.NOBODY),
        "csrf": lambda: forms.csrf(request),
        "done": _done(request),
        "way_back": lambda: just_entered.way_back(request, request.query_params),
        "_": _,
        "pgettext": _.context,
        "say": _say(chosen),
        "source_title": lambda name: _source_title(running_service(request).holder.current, name, chosen),
        "f": Formats(chosen),
        **context,
    }
    response = HTMLResponse(_environment().get_template(template).render(values), status)
    _dress(request, response, chosen)
    forms.remember(request, response)
    return response


def _dress(request: Request, response: Response, chosen: str) -> None:
    response.headers["content-language"] = HTML_LANG.get(chosen, chosen)
    response.headers["vary"] = "Accept-Language, Cookie"
    _remember(request, response)


def _kind(status: int, error: Exception | None) -> str:
    if isinstance(error, BadMomentError):
        return "bad_date"
    if isinstance(error, NotAnnouncedError):
        return "not_announced"
    if isinstance(error, StoreError):
        return "away"
    if isinstance(error, LinkError):
        return error.problems[0].code
    if type(error) in NAMES:
        return NAMES[type(error)]
    if isinstance(error, forms.ForgedError):
        return "forged"
    return KINDS.get(status, "failed")


def template_folders() -> list[str]:
    """Return where templates stand: those every page shares, and those of each folder; a name stands in one only."""
    web = files("targetwatch.web")
    below = sorted(f"{one.name}/templates" for one in web.iterdir() if one.joinpath("templates").is_dir())
    return ["templates", *below]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("targetwatch.web", folder) for folder in template_folders()]),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"asset": asset, "terms": terms, "N_": N_, "NC_": NC_}
    return environment


def _done(request: Request) -> str:
    """Return what was just done, as the address says; "" when it says nothing we know."""
    said = request.query_params.get("done", "")
    return said if said in terms.DONE else ""


def _say(chosen: str) -> Callable[[Text], str]:
    return lambda text: text[chosen]


def _source_title(snapshot: Snapshot | None, name: str, chosen: str) -> str:
    """Return what a source is called; its id where it has no title, or is none any more."""
    sources = snapshot.catalogue.sources if snapshot else ()
    return next((one.title[chosen] for one in sources if one.id == name), "") or name


def _other_language(request: Request, chosen: str) -> str:
    """Return the address of this page in the other language; of two slashes at its start one is left."""
    other = next(one for one in LANGUAGES if one != chosen)
    query = [(name, value) for name, value in request.query_params.multi_items() if value and name != "lang"]
    return f"/{request.url.path.lstrip('/')}?{urlencode([*query, ('lang', other)])}"


def _back(request: Request) -> str:
    """Return the address of the page of ours that a form was sent from; "" when nothing was sent, or nobody says so."""
    said = request.headers.get("referer", "")
    if request.method in access.SAFE or not forms.of_this_host(request, said):
        return ""
    page = urlsplit(said)
    return f"/{page.path.lstrip('/')}" + (f"?{page.query}" if page.query else "")


def _size(count: int) -> str:
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 2**10} KB"


def _remember(request: Request, response: Response) -> None:
    """Keep a choice made in the address for the next pages."""
    said = request.query_params.get("lang")
    if said in LANGUAGES:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, said, max_age=A_YEAR_SECONDS, samesite="lax", httponly=True, secure=secure)


def _weight(said: str) -> float:
    name, _, value = said.strip().partition("=")
    if not said.strip():
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
