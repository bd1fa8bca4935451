"""Sources made and edited on the web, by admins: from a document to a description, as YAML and as fields.

The document is shown as it is; a click on it changes the description, and everything it gives is shown beside what is
known. Looking writes nothing but the document, so that it is asked for once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from targetwatch import configuration
from targetwatch.configuration.entries import references
from targetwatch.configuration.yaml import read_text, yaml_text
from targetwatch.documents.decode import decode, guessed
from targetwatch.documents.decode_options import Decode
from targetwatch.documents.grid import Decoded
from targetwatch.documents.propose import propose
from targetwatch.errors import NotFoundError, SourceError
from targetwatch.model import FetchedDocument, Source
from targetwatch.model.catalogue import as_json, read
from targetwatch.model.problem import Problem
from targetwatch.model.scalars import slug_of
from targetwatch.store import audit, catalogue, db, documents
from targetwatch.store.audit import AuditEntry
from targetwatch.store.guards import WEB
from targetwatch.web import access, just_entered, render
from targetwatch.web.access import READ, Administering, Person
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.running import RunningService, Service
from targetwatch.web.sources import description, trial
from targetwatch.web.sources.description import MARKS, marked
from targetwatch.wording import terms
from targetwatch.wording.problems import in_field, on_page
from targetwatch.wording.translation import N_, Translator

LONGEST = 50_000
OF_ROW = frozenset({"managed_by", "archived_at"})
"""Columns of a source that are none of its description."""
OF_FORM = frozenset({"meanwhile", "unchanged", "too_long", "missing", "id_taken"})
USUAL = "0 9 * * *"
SCHEDULES = (
    (USUAL, N_("every day at 9:00")),
    ("0 9 * * 1", N_("every Monday at 9:00")),
    ("0 9 1 * *", N_("on the first of every month at 9:00")),
    ("0 * * * *", N_("every hour")),
    ("", N_("only when somebody asks")),
)
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutSource:
    """What a request about a description has before it: the source as it is kept now, None for a new one."""

    request: Request
    service: RunningService
    taken: frozenset[str]
    kept: Source | None = None

    @property
    def text(self) -> str:
        """Return its description as it is kept."""
        return configuration.source_text(self.kept) if self.kept else ""

    @property
    def stamp(self) -> str:
        """Return what tells one state of it from another."""
        manager = self.kept.managed_by if self.kept else ""
        return hashlib.sha256(f"{manager} {self.text}".encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        """Return where it is edited."""
        return f"/sources/{self.kept.id}/edit" if self.kept else "/new-source"

    @property
    def variables(self) -> frozenset[str]:
        """Return what ${VARIABLE} may name in a source that is made on the web."""
        return frozenset(self.service.settings.variables_on_web)


def about_source(request: Request, service: Service, source_id: str = "") -> AboutSource:
    """Return what a request about a source needs; NotFoundError where there is none of that name."""
    with db.reading(service.engine) as session:
        known = {one.id: one for one in catalogue.load(session).sources}
        taken = catalogue.taken(session)["source"]
    if source_id and source_id not in known:
        raise NotFoundError("source", source_id, known)
    return AboutSource(request=request, service=service, taken=taken, kept=known.get(source_id))


About = Annotated[AboutSource, Depends(about_source)]


@dataclass(slots=True)
class SourceDraft:
    """A description as it was typed: the source it says, what is wrong by field, and the documents at hand."""

    text: str
    tree: Mapping[str, Any] = field(default_factory=dict)
    source: Source | None = None
    wrong: dict[str, Problem] = field(default_factory=dict)
    given: tuple[documents.KeptDocument, ...] = ()
    clicks: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """Return what stands in the form."""
        return {**description.fields_of(self.tree), **self.clicks, "text": self.text}

    def decoded(self) -> Decoded | None:
        """Return the last document, read as the description says; SourceError where it cannot be."""
        how = self.tree.get("decode")
        if not self.given or how is None or any(name.startswith("decode") for name in self.wrong):
            return None
        one = self.given[-1].document
        return decode(
            one.data, Decode.model_validate(how), name=one.name, content_type=one.content_type, charset=one.charset
        )


def draft_of(text: str, variables: frozenset[str]) -> SourceDraft:
    """Return what a text describes, and what is wrong with it; of the environment it may name `variables` only."""
    draft = SourceDraft(text)
    if len(text) > LONGEST:
        draft.wrong["text"] = Problem("too_long", {"most": LONGEST, "count": len(text)})
        return draft
    data = read_text(text, "").data
    draft.tree = data if isinstance(data, Mapping) else {}
    draft.source, found = configuration.check_source(text)
    for one in found:
        draft.wrong.setdefault(description.field_at(one.path), one.problem)
    for path, name in references(draft.tree):
        if name not in variables:
            problem = Problem("variable_not_given", {"variable": f"${{{name}}}", "known": sorted(variables)})
            draft.wrong[description.field_at(path)] = problem
    if description.secrets_in(draft.tree):
        draft.wrong["text"] = Problem("secret_written_out", {"known": sorted(variables)})
    return draft


def typed(about: AboutSource, posted: Filled) -> SourceDraft:
    """Return what a form says: its text, and on top whatever field is not as it was shown."""
    text, shown = posted.values.get("text", ""), read_text(posted.values.get("text_was", ""), "").data
    before = description.fields_of(shown if isinstance(shown, Mapping) else {})
    asked = {name for name in {*before, *posted.values} if description.is_field(name) and name != "text"}
    now = {name: posted.text(name) for name in asked if name in posted.values or name == "enabled"}
    changed = {name: said for name, said in now.items() if said != before.get(name, "")}
    data = read_text(text, "").data
    if changed and isinstance(data, Mapping):
        text = yaml_text(description.with_fields(data, changed))
    draft = draft_of(text, about.variables)
    draft.given = given(about, [one for one in posted.text("documents").split(",") if one.isdecimal()])
    draft.clicks = {name: posted.text(name) for name in ("as", "series") if name in posted.values}
    return draft


@router.api_route("/new-source", methods=READ)
def start(_who: Administering, about: About) -> Response:
    """Ask for the address or the file that a new source is to be made from."""
    return render.form(about.request, "source-new.html", values={}, errors={})


@router.api_route("/new-source", methods=["POST"])
def make(who: Administering, posted: Posted, about: About) -> Response:
    """Open what is at an address, or a dropped file, with a description proposed; then as for one there is."""
    if posted.text("do") != "open":
        return _act(about, posted, who)
    address, file = posted.text("address"), posted.files.get("file")
    if not address and file is None:
        wrong = {"address": Problem("missing")}
        return _asked(about, posted, wrong)
    fetch: Any = {"http": address} if file is None else "upload"
    try:
        found = (FetchedDocument(data=file.content, name=file.name),) if file else _gathered(about, {"fetch": fetch})
        how = guessed(found[0].data, found[0].content_type)
        decoded = decode(found[0].data, how, name=found[0].name, charset=found[0].charset)
    except SourceError as error:
        return _asked(about, posted, {"file" if file else "address": error.problems[0]})
    pick = proposed(about, decoded, found[0].name)
    said = how.model_dump(mode="json", by_alias=True, exclude_unset=True)
    whole: dict[str, Any] = {"id": id_for(about, address or found[0].name), "kind": "document"}
    whole |= {} if file else {"schedule": USUAL}
    whole |= {"fetch": fetch, "decode": how.format if said == {how.format: {}} else said, "pick": pick}
    draft = draft_of(yaml_text(whole), about.variables)
    draft.given = kept(about, found, who)
    return _page(about, draft)


@router.api_route("/sources/{source_id}/edit", methods=READ)
def show(_who: Administering, about: About, version: int = 0) -> Response:
    """Show a source's description with its last document, or what it said before one of its changes."""
    text = next((said for entry, said in _earlier(about) if entry.id == version), about.text)
    data = read_text(text, "").data
    draft = draft_of(yaml_text(description.veiled(data)), about.variables)
    draft.wrong = {}
    assert about.kept is not None
    with db.reading(about.service.engine) as session:
        draft.given = documents.last(session, about.kept.id)
    return _page(about, draft, is_earlier=text != about.text)


@router.api_route("/sources/{source_id}/edit", methods=["POST"])
def act(who: Administering, posted: Posted, about: About) -> Response:
    """Hand a source back to the file, look at what a changed description gives, or save it."""
    return _handed_back(about, who=who) if posted.text("do") == "hand-back" else _act(about, posted, who)


@router.post("/sources/{source_id}/undo")
def undo(who: Administering, posted: Posted, source_id: str, about: About) -> Response:
    """Let a source be described as before it was last saved; a new one is archived."""
    just_entered.take_back(
        about.service, "source", source_id, posted.text("entry"), who, render.translator_for(about.request)
    )
    return render.redirect(about.request, "/sources?done=undone")


def _act(about: AboutSource, posted: Filled, who: Person) -> Response:
    """Do what was asked for with a description: mark a cell, add a series, look, save."""
    doing, _colon, more = posted.text("do").partition(":")
    draft = typed(about, posted)
    try:
        if "file" in posted.files:
            file = posted.files["file"]
            draft.given = kept(about, (FetchedDocument(data=file.content, name=file.name),), who)
        elif doing == "fetch" and draft.source is not None:
            draft.given = kept(about, _gathered(about, draft.source.options), who)
        draft = edited(about, draft, posted, doing, more)
    except SourceError as error:
        draft.wrong.setdefault("fetch.http.url" if doing == "fetch" else "", error.problems[0])
        return _page(about, draft, status=422)
    if draft.source is not None and about.kept is not None and draft.source.id != about.kept.id:
        draft.wrong["text"] = Problem("id_fixed", {"name": about.kept.id})
    if draft.source is not None and about.kept is None and draft.source.id in about.taken:
        draft.wrong["id"] = Problem("id_taken", {"other": id_for(about, draft.source.id)})
    if about.kept is not None and posted.text("expected") != about.stamp:
        draft.wrong = {"": Problem("meanwhile")}
        return _page(about, draft, status=409)
    if doing == "save" and draft.source is not None and not draft.wrong:
        changed = replace(draft.source, managed_by=WEB)
        if about.kept is None or changed != replace(about.kept, managed_by=WEB):
            return _save(about, changed, draft, who, why=posted.text("why"))
        draft.wrong[""] = Problem("unchanged")
    return _page(about, draft, status=422 if draft.wrong and doing == "save" else 200)


def edited(about: AboutSource, draft: SourceDraft, posted: Filled, doing: str, more: str) -> SourceDraft:
    """Return a draft after a click on a cell of its document, with a series more, or with one less."""
    pick = draft.tree.get("pick")
    if doing not in {"mark", "more", "less"} or not isinstance(pick, Mapping):
        return draft
    listed = [dict(one) for one in pick.get("readings") or () if isinstance(one, Mapping)]
    changed = dict(pick)
    if doing == "more":
        changed["readings"] = [
            *listed,
            {name: said for name, said in (listed[-1:] or [{}])[0].items() if name != "value"},
        ]
    elif doing == "less":
        changed["readings"] = [one for number, one in enumerate(listed, 1) if str(number) != more]
    elif (decoded := draft.decoded()) is not None and posted.text("as") in MARKS and posted.text("mark"):
        number = posted.text("series")
        series = int(number) if number.isdecimal() else 1
        changed = marked(pick, decoded, posted.text("mark"), posted.text("as"), reading=series)
    made = draft_of(yaml_text({**draft.tree, "pick": changed}), about.variables)
    made.given, made.clicks = draft.given, draft.clicks
    return made


def _save(about: AboutSource, changed: Source, draft: SourceDraft, who: Person, *, why: str) -> Response:
    service = about.service
    with db.writing(service.engine, who.actor, reason=why, now=service.now()) as session:
        if about.kept is not None:
            catalogue.take_over(session, changed.id, kind="source")
        catalogue.save_item(session, changed)
    service.judge()
    if about.kept is None and "upload" in str(changed.options.get("fetch")) and draft.given:
        service.run(changed.id, given=[one.document for one in draft.given])
    with db.reading(service.engine) as session:
        said = just_entered.done(session, "source", changed.id, "saved")
    return render.redirect(about.request, f"/sources/{changed.id}?{said}")


def _handed_back(about: AboutSource, *, who: Person) -> Response:
    """Give the source back to the file; done by somebody else already, it is as wanted."""
    assert about.kept is not None
    with db.writing(about.service.engine, who.actor, now=about.service.now()) as session:
        catalogue.hand_back(session, about.kept.id, kind="source")
    about.service.judge()
    return render.redirect(about.request, f"{about.path}?done=target_handed_back")


def _gathered(about: AboutSource, options: Mapping[str, Any]) -> tuple[FetchedDocument, ...]:
    """Return what is fetched now for a source that may not be saved yet; SourceError where it cannot be had."""
    said = {"decode": "article", **options}
    source = Source(id="new", kind="document", options=said, managed_by=WEB)
    return about.service.gather(source)


def kept(about: AboutSource, found: tuple[FetchedDocument, ...], who: Person) -> tuple[documents.KeptDocument, ...]:
    """Keep documents for as long as whoever is looking at them makes up their mind."""
    name = _drafts_of(who)
    with db.writing(about.service.engine, who.actor, now=about.service.now()) as session:
        documents.keep(session, name, found, now=about.service.now())
        return documents.last(session, name)


def given(about: AboutSource, numbers: list[str]) -> tuple[documents.KeptDocument, ...]:
    """Return documents by their numbers; those that are gone are left out."""
    with db.reading(about.service.engine) as session:
        found = documents.of_numbers(session, [int(one) for one in numbers])
    own = {_drafts_of(about.request.state.person), about.kept.id if about.kept else ""}
    return tuple(one for one in found if one.source in own)


def _drafts_of(who: Person) -> str:
    """Return under which name the documents are kept that somebody is looking at; no source can be called so."""
    return f"draft of {who.name}"


def proposed(about: AboutSource, decoded: Decoded, name: str) -> dict[str, Any]:
    """Return what is proposed of a document: the series of indicators there are, or of one that is to be chosen."""
    indicators = about.service.current().catalogue.indicators
    pick = propose(decoded, indicators, name=name)
    known = {one.id for one in indicators}
    listed = pick["readings"]
    ours = [one for one in listed if isinstance(one["indicator"], Mapping) or one["indicator"] in known]
    return pick | {"readings": ours or [{**(listed or [{}])[0], "indicator": ""}]}


def id_for(about: AboutSource, said: str) -> str:
    """Return a free short name made from an address or a file's name."""
    parts = urlsplit(said)
    stem = (parts.path.rstrip("/").rpartition("/")[2] or parts.hostname or "source").rpartition(".")
    made = slug_of(stem[0] or stem[2])[:40] or "source"
    return next(
        name for name in (made, *(f"{made}-{n}" for n in range(2, len(about.taken) + 3))) if name not in about.taken
    )


def _earlier(about: AboutSource) -> list[tuple[AuditEntry, str]]:
    """Return what the description said before each of its changes, newest first; a change of hands is none."""
    if about.kept is None:
        return []
    with db.reading(about.service.engine) as session:
        found = audit.earlier(session, "source", about.kept.id, {"terms": as_json(about.kept)})
    told = [(one, {name: said for name, said in terms.items() if name not in OF_ROW}) for one, terms in found]
    return [
        (one, configuration.source_text(read(Source, said)))
        for one, said in told
        if one.old and one.old.keys() - OF_ROW
    ]


def _asked(about: AboutSource, posted: Filled, wrong: Mapping[str, Problem]) -> Response:
    _ = render.translator_for(about.request)
    errors = {name: said_of(name, one, _) for name, one in wrong.items()}
    return render.form(about.request, "source-new.html", status=422, values=posted.values, errors=errors)


def said_of(name: str, problem: Problem, _: Translator) -> str:
    """Return what is wrong with a field; with the text, at which line."""
    said = in_field(problem, _) if problem.code in OF_FORM else on_page(problem, _)
    return _("Line {line}: {what}", line=problem.line, what=said) if name == "text" and problem.line else said


def described(about: AboutSource, draft: SourceDraft, _: Translator) -> dict[str, Any]:
    """Return what a page shows of the description of a document."""
    return {
        "values": draft.values,
        "errors": {name: said_of(name, one, _) for name, one in draft.wrong.items()},
        "readings": range(1, description.readings_of(draft.tree) + 1),
        "indicators": trial.indicators_of(about.service, _),
        "bases": [(name, _(said)) for name, said in terms.BASIS_CHOICES.items()],
        "known": about.service.current().catalogue.indicators_by_id,
        "marks": MARKS,
        "documents": draft.given,
        "reason": lambda problem: on_page(problem, _),
    }


def _page(about: AboutSource, draft: SourceDraft, *, status: int = 200, is_earlier: bool = False) -> Response:
    _, zone = render.translator_for(about.request), about.service.settings.zone
    earlier = [
        (one, access.actor_said(one.actor, _.language), one.at.astimezone(zone)) for one, _text in _earlier(about)
    ]
    shown = trial.preview_of(about.service, draft.source, draft.decoded, [one.document for one in draft.given], _)
    return render.form(
        about.request,
        "source-edit.html",
        status=status,
        source=about.kept,
        path=about.path,
        **described(about, draft, _),
        is_document=draft.tree.get("kind") == "document",
        schedules=[(line, _(said)) for line, said in SCHEDULES],
        preview=shown,
        expected=about.stamp,
        earlier=earlier,
        is_earlier=is_earlier,
    )
