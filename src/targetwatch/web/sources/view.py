"""What the pages of the sources show: what each reads, when, how the last runs ended, what a test brought.

Runs that a person asked for are each on a thread of its own, so that a slow source holds up no worker of the web: one
at a time for a source; the last one of each is remembered until the next. A connector's deadline ends every run.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from targetwatch.connectors import CONNECTORS, AddressAsked, Asked, FilesAsked
from targetwatch.errors import BusyError, SourceError, StoreError, TargetwatchError
from targetwatch.ingest import IngestOutcome
from targetwatch.model.problem import Problem
from targetwatch.store import db, outbox, runs
from targetwatch.web import lookup
from targetwatch.wording.translation import N_, NC_, Translator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from targetwatch.ingest.intake import Judged
    from targetwatch.model import AsOf, Indicator, Source
    from targetwatch.store.outbox import Mail
    from targetwatch.store.runs import Run
    from targetwatch.web.running import RunningService

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Attempt:
    """A run or a test of a source; when it is over either `outcome` says what it brought or `trouble` what happened.

    `trouble` is "busy" (a scheduled run is under way), "away" (the database), "ours" (a fault of this program) or
    "refused" (then `reason` says why).
    """

    source: str
    is_test: bool
    by: str
    at: datetime
    outcome: IngestOutcome | None = None
    trouble: str = ""
    reason: Problem | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        """Return whether it has come to its end."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, so long at the most, and return whether it has come."""
        return self._over.wait(seconds)

    def carry_out(self, work: Callable[[str], IngestOutcome]) -> None:
        """Do what was asked for; whatever happens is remembered."""
        try:
            self.outcome = work(self.source)
        except BusyError:
            self.trouble = "busy"
        except StoreError:
            log.exception("source '%s': asked for by %s, the database refused", self.source, self.by)
            self.trouble = "away"
        except TargetwatchError as error:
            self.trouble, self.reason = "refused", error.problems[0]
        except Exception:
            log.exception("source '%s': asked for by %s, the run broke off", self.source, self.by)
            self.trouble = "ours"
        finally:
            self._over.set()


class Attempts:
    """The last attempt at each source."""

    def __init__(self) -> None:
        self._last: dict[str, Attempt] = {}
        self._lock = threading.Lock()

    def start(self, attempt: Attempt, work: Callable[[str], IngestOutcome]) -> bool:
        """Start an attempt and return True; False when another one at the same source is still under way."""
        with self._lock:
            before = self._last.get(attempt.source)
            if before is not None and not before.is_over:
                return False
            self._last[attempt.source] = attempt
        name = f"{'test' if attempt.is_test else 'run'} {attempt.source}"
        threading.Thread(target=attempt.carry_out, args=(work,), name=name, daemon=True).start()
        return True

    def last(self, source: str) -> Attempt | None:
        """Return the last attempt at a source since the service started; None when there was none."""
        with self._lock:
            return self._last.get(source)

    def under_way(self) -> dict[str, Attempt]:
        """Return the attempts that are not over yet, by source."""
        with self._lock:
            return {name: attempt for name, attempt in self._last.items() if not attempt.is_over}


def attempts(request: Request) -> Attempts:
    """Return what was asked for in this process."""
    found: Attempts = request.app.state.attempts
    return found


AskedFor = Annotated[Attempts, Depends(attempts)]


RUNS_SHOWN = 20
MAILS_SHOWN, MAILS_SHOWN_FOR = 20, timedelta(days=30)
ROWS_SHOWN = 50
WAIT_SECONDS = 3
USUAL_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "utf8"})
FEATURES = {
    "title": NC_("picture", "Title"),
    "anchors": N_("Words '{name}'"),
    "columns": N_("Column '{name}'"),
    "order": N_("Columns in order"),
    "above": N_("Words above the lines"),
    "units": N_("Unit of {name}"),
    "printed": N_("Units printed"),
    "series": N_("Figures of {name}"),
}
"""What can be seen of a document, by its kind."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that can be seen of a document, before and now; `name` says which of its kind."""

    label: str
    name: str
    before: str
    now: str

    @property
    def differs(self) -> bool:
        """Return whether it has changed."""
        return self.before != self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem:
    """One source. `wrong` says what is wrong with its options; then nothing can be read from it."""

    source: Source
    reads: Asked
    wrong: Problem | None
    last: Run | None
    last_success: datetime | None
    next_run: datetime | None
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsView:
    """How the mails of the service fare: whether any leave, how many wait, which the server has refused of late."""

    leave: bool
    waiting: int
    refused: tuple[Mail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesView:
    """All the sources, and the mails that come of them."""

    as_of: AsOf
    items: tuple[SourceItem, ...]
    can_test: bool
    mails: MailsView


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """One source with its last runs."""

    as_of: AsOf
    item: SourceItem
    runs: tuple[Run, ...]
    can_test: bool
    pictures: tuple[tuple[str, tuple[Feature, ...]], ...] = ()
    """While a document looks different: by its name, how it looked when it was last good, and how it looks now."""


@dataclass(frozen=True, slots=True)
class BroughtRow:
    """One reading that a run or a test brought."""

    judged: Judged
    indicator: Indicator | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """A run or a test that somebody asked for: under way, or what it brought."""

    as_of: AsOf
    source: Source
    attempt: Attempt
    rows: tuple[BroughtRow, ...] = ()
    total: int = 0

    @property
    def wait_seconds(self) -> int:
        """Return after how long the page looks again."""
        return WAIT_SECONDS


def every_source(service: RunningService, attempts: Attempts) -> SourcesView:
    """Return the view of all the sources, in the order configured."""
    snapshot = service.current()
    names = [source.id for source in snapshot.catalogue.sources]
    with db.reading(service.engine) as session:
        last, good = runs.last(session, names), runs.last_success(session, names)
        mails = _mails(service, session)
    due, under_way = service.next_runs(), attempts.under_way()
    items = tuple(
        _item(source, service.settings.config_dir, last=last, good=good, due=due, attempt=under_way.get(source.id))
        for source in snapshot.catalogue.sources
    )
    return SourcesView(as_of=snapshot.as_of, items=items, can_test=service.test is not None, mails=mails)


def one_source(service: RunningService, attempts: Attempts, source_id: str) -> SourceView:
    """Return the view of one source.

    Raises:
        NotFoundError: there is none of that name.
    """
    snapshot = service.current()
    source = lookup.source(snapshot, source_id)
    with db.reading(service.engine) as session:
        found = runs.history(session, source_id, limit=RUNS_SHOWN)
        good = runs.last_success(session, [source_id])
        state = runs.fetch_state(session, source_id)
    item = _item(
        source,
        service.settings.config_dir,
        last={run.source: run for run in found[:1]},
        good=good,
        due=service.next_runs(),
        attempt=attempts.under_way().get(source_id),
    )
    pictures = tuple(side_by_side(state.get("pictures", {}), state.get("drifted", {})))
    can_test = service.test is not None
    return SourceView(as_of=snapshot.as_of, item=item, runs=found, can_test=can_test, pictures=pictures)


def _mails(service: RunningService, session: Session) -> MailsView:
    newest = outbox.mails(session, states=[outbox.State.WAITING, outbox.State.FAILED], limit=MAILS_SHOWN)
    since = service.now() - MAILS_SHOWN_FOR
    return MailsView(
        leave=service.settings.smtp_url is not None,
        waiting=outbox.counted(session)[outbox.State.WAITING],
        refused=tuple(mail for mail in newest if mail.problem and (mail.ended_at is None or mail.ended_at > since)),
    )


def attempted(service: RunningService, attempts: Attempts, source_id: str) -> AttemptView | None:
    """Return the view of the last attempt at a source; None when nobody has asked for one.

    Raises:
        NotFoundError: there is no source of that name.
    """
    snapshot = service.current()
    source = lookup.source(snapshot, source_id)
    attempt = attempts.last(source_id)
    if attempt is None:
        return None
    if attempt.outcome is None:
        return AttemptView(as_of=snapshot.as_of, source=source, attempt=attempt)
    indicators = snapshot.catalogue.indicators_by_id
    judged = attempt.outcome.judged
    return AttemptView(
        as_of=snapshot.as_of,
        source=source,
        attempt=attempt,
        rows=tuple(BroughtRow(one, indicators.get(one.reading.indicator)) for one in judged[:ROWS_SHOWN]),
        total=max(len(judged), attempt.outcome.new + attempt.outcome.revised + attempt.outcome.held),
    )


def asked_in_words(asked: Asked, _: Translator) -> str:
    """Return what a source is asked for as a reader would say it.

    >>> from targetwatch.wording.translation import translator
    >>> asked_in_words(FilesAsked(path="readings/*.csv", folder="config", encoding="utf-8", count=3), translator("en"))
    'the files readings/*.csv in the folder config (3 found)'
    >>> asked_in_words(AddressAsked(method="GET", address="https://a.org", conditions=("ETag",)), translator("en"))
    'https://a.org, only if it has changed'
    """
    if isinstance(asked, FilesAsked):
        return _files_in_words(asked, _)
    if isinstance(asked, AddressAsked):
        sent = _(", with {sent}", sent=", ".join(asked.sent)) if asked.sent else ""
        return asked.address + sent + (_(", only if it has changed") if asked.conditions else "")
    return asked


def _files_in_words(asked: FilesAsked, _: Translator) -> str:
    are_many = any(sign in asked.path for sign in "*?[")
    named = N_("the files {path} in the folder {folder}") if are_many else N_("the file {path} in the folder {folder}")
    said = _(named, path=asked.path, folder=asked.folder)
    if asked.count is not None and are_many:
        said += _(N_(" (one found)") if asked.count == 1 else N_(" ({count} found)"), count=asked.count)
    is_usual = asked.encoding.lower() in USUAL_ENCODINGS
    return said if is_usual else said + _(", written in {encoding}", encoding=asked.encoding)


def _item(
    source: Source,
    config_dir: Path,
    *,
    last: Mapping[str, Run],
    good: Mapping[str, datetime],
    due: Mapping[str, datetime],
    attempt: Attempt | None,
) -> SourceItem:
    reads, wrong = _request(source, config_dir)
    return SourceItem(
        source=source,
        reads=reads,
        wrong=wrong,
        last=last.get(source.id),
        last_success=good.get(source.id),
        next_run=due.get(source.id),
        attempt=attempt,
    )


def _request(source: Source, config_dir: Path) -> tuple[Asked, Problem | None]:
    """Return what a source reads, variables unfilled, and what is wrong with its options."""
    if source.kind not in CONNECTORS:
        return "", Problem("unknown_kind", {"said": source.kind, "names": sorted(CONNECTORS)}, where="kind")
    try:
        return CONNECTORS[source.kind](config_dir).request(source), None
    except SourceError as error:
        return "", error.problems[0]


def side_by_side(
    before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[Feature, ...]]]:
    """Give each document by its name with its features; a new one stands beside the last one known."""
    last: Mapping[str, Any] = [*before.values()][-1] if before else {}
    for document, picture in now.items():
        old, new = dict(_features(before.get(document, last))), dict(_features(picture))
        yield (
            document,
            tuple(
                Feature(
                    label=FEATURES[kind], name=name, before=old.get((kind, name), ""), now=new.get((kind, name), "")
                )
                for kind, name in sorted({*old, *new}, key=lambda key: (list(FEATURES).index(key[0]), key[1]))
            ),
        )


def _features(picture: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for kind in FEATURES:
        said = picture.get(kind)
        if kind == "series":
            for name, one in (said or {}).items():
                yield (kind, name), f"{one['count']} ({one['first']}..{one['last']})"
        elif isinstance(said, dict):
            yield from (((kind, name), str(text)) for name, text in said.items())
        elif said:
            yield (kind, ""), said if isinstance(said, str) else ", ".join(said)
