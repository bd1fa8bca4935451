"""The judged targets of a snapshot, and the page of them that a reader asks for: filters, words to find, order.

What a request asks is answered from rows made once a snapshot, so that ten thousand targets cost a request one pass
over short tuples, and only the page that is shown is drawn. All that was asked stands in the address.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from targetwatch.evaluation.status import DECIDED
from targetwatch.model import DataState, Performance
from targetwatch.web import lookup
from targetwatch.wording.translation import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from targetwatch.model import Indicator, Owner, Programme, Snapshot, Target, TargetVersion, Verdict

log = logging.getLogger(__name__)

URGENCY = (
    Performance.OFF_TRACK,
    Performance.AT_RISK,
    Performance.AWAITING_DATA,
    Performance.PENDING,
    Performance.ON_TRACK,
    Performance.MISSED,
    Performance.ACHIEVED,
)
SORTS = ("programme", "urgency", "deadline", "odds", "name")
WHEN = ("running", "over")
LOOKS = ("cards", "table")
FILTERS = ("q", "status", "programme", "owner", "data", "when")
WITHOUT_ODDS = 2.0
"""Where a target whose odds are not known, or no longer matter, stands among odds of 0..1: last."""
LISTS_KEPT = 4
PAGE_ROWS = 50
LONGEST_WORDS = 200
FAR_PAGE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTarget:
    """One judged target with what it is found and sorted by."""

    target: Target
    version: TargetVersion
    indicator: Indicator
    verdict: Verdict
    words: str
    running: bool
    urgency: tuple[bool, int, date, float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetList:
    """Every judged target of a snapshot, in the order configured, and what does not depend on a request."""

    rows: tuple[JudgedTarget, ...]
    programmes: tuple[Programme, ...]
    owners: tuple[Owner, ...]
    counts: Mapping[Performance, int]
    running: tuple[JudgedTarget, ...]
    unpromised: tuple[Indicator, ...]
    last_published: date | None
    first_announced: date | None
    announced_later: int
    _orders: dict[tuple[str, str], tuple[JudgedTarget, ...]] = field(default_factory=dict)

    def ordered(self, sort: str, language: str) -> tuple[JudgedTarget, ...]:
        """Return every row in one of the orders of `SORTS`; each is made once."""
        key = (sort, language)
        if key not in self._orders:
            self._orders[key] = tuple(sorted(self.rows, key=self._place(sort, language)))
        return self._orders[key]

    def _place(self, sort: str, language: str) -> Callable[[JudgedTarget], tuple[object, ...]]:
        """Return what rows are sorted by: "programme" keeps those together, the largest first."""
        if sort == "urgency":
            return lambda row: row.urgency
        if sort == "deadline":
            return lambda row: (row.verdict.deadline or date.max, row.target.id)
        if sort == "odds":
            return lambda row: (_odds(row.verdict), row.target.id)
        if sort == "name":
            return lambda row: (row.target.title[language].casefold(), row.target.id)
        sizes = Counter(row.target.programme for row in self.rows)
        named = {programme.id for programme in self.programmes}
        places = {name: (name not in named, -size, name) for name, size in sizes.items()}
        return lambda row: (places[row.target.programme], row.urgency)


class TargetLists:
    """The lists of the last few snapshots."""

    def __init__(self) -> None:
        self._kept: list[tuple[Snapshot, TargetList]] = []
        self._lock = threading.Lock()

    def prepare(self, snapshot: Snapshot) -> None:
        """Make the list of a snapshot in the order most often asked for, before a reader waits for it.

        Called before a snapshot is in force, which no fault of a page may prevent: it is said where the page is made.
        """
        try:
            targets = self.list_of(snapshot)
            for language in LANGUAGES:
                targets.ordered(SORTS[0], language)
        except Exception:
            log.exception("the overview of %s could not be prepared", snapshot.as_of.day)

    def list_of(self, snapshot: Snapshot) -> TargetList:
        """Return the list of a snapshot, made when it is first asked for."""
        with self._lock:
            for kept, targets in self._kept:
                if kept is snapshot:
                    return targets
        targets = list_targets(snapshot)
        with self._lock:
            self._kept = [(snapshot, targets), *self._kept][:LISTS_KEPT]
        return targets


LISTS = TargetLists()


def list_targets(snapshot: Snapshot) -> TargetList:
    """Return every judged target of a snapshot."""
    today = snapshot.as_of.day
    rows = tuple(_rows(snapshot))
    configured = snapshot.catalogue.targets
    owners = {row.target.owner.id: row.target.owner for row in rows}
    used = {row.target.programme for row in rows}
    promised = {target.indicator for target in configured}
    published = (row.verdict.published_on for row in rows)
    return TargetList(
        rows=rows,
        programmes=tuple(one for one in snapshot.catalogue.programmes if one.id in used),
        owners=tuple(sorted(owners.values(), key=lambda owner: owner.name["en"].casefold())),
        counts=Counter(row.verdict.performance for row in rows),
        running=tuple(row for row in rows if row.running),
        unpromised=tuple(one for one in snapshot.catalogue.indicators if one.id not in promised),
        last_published=max((day for day in published if day is not None), default=None),
        first_announced=min((target.versions[0].effective for target in configured), default=None),
        announced_later=sum(1 for target in configured if target.versions[0].effective > today),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What was asked for; "" is everything. `unknown` are the values that mean nothing here, quoted back."""

    q: str = ""
    status: str = ""
    programme: str = ""
    owner: str = ""
    data: str = ""
    when: str = ""
    sort: str = SORTS[0]
    look: str = LOOKS[0]
    page: int = 1
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def filters(self) -> int:
        """Return how many filters narrow the list."""
        return sum(1 for name in FILTERS if getattr(self, name))

    def parameters(self) -> dict[str, str]:
        """Return what the address has to say to ask the same again; nothing of what goes without saying."""
        said = {name: getattr(self, name) for name in FILTERS}
        said["sort"] = "" if self.sort == SORTS[0] else self.sort
        said["look"] = "" if self.look == LOOKS[0] else self.look
        said["page"] = str(self.page) if self.page > 1 else ""
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """The page of the list that was asked for."""

    wanted: ListQuery
    rows: tuple[JudgedTarget, ...]
    total: int
    pages: int
    kept: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Return the number of the first row shown, from 1."""
        return (self.wanted.page - 1) * PAGE_ROWS + 1

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return self.first + len(self.rows) - 1

    def alone(self, **filters: object) -> str:
        """Return the query that asks for these filters only, in the same order and look."""
        return self.address(**dict.fromkeys(FILTERS, "") | filters)

    def address(self, **changes: object) -> str:
        """Return the query that asks the same with something changed, from the first page, at the same moment."""
        said = replace(self.wanted, **{"page": 1} | changes).parameters()  # type: ignore[arg-type]
        query = urlencode({**said, **self.kept})
        return f"?{query}" if query else "?"


def asked_list(  # noqa: PLR0917 - the parameters of the address, each with its name
    q: Annotated[str, Query()] = "",
    status: Annotated[str, Query()] = "",
    programme: Annotated[str, Query()] = "",
    owner: Annotated[str, Query()] = "",
    data: Annotated[str, Query()] = "",
    when: Annotated[str, Query()] = "",
    sort: Annotated[str, Query()] = "",
    look: Annotated[str, Query()] = "",
    page: Annotated[str, Query()] = "",
) -> ListQuery:
    """Return what a request asks; a number of a page that is none is the first."""
    return ListQuery(
        q=" ".join(q.split())[:LONGEST_WORDS],
        status=status.strip(),
        programme=programme.strip(),
        owner=owner.strip(),
        data=data.strip(),
        when=when.strip(),
        sort=sort.strip() or SORTS[0],
        look=look.strip() or LOOKS[0],
        page=min(int(page), FAR_PAGE) if page.isascii() and page.isdigit() and len(page) < len(str(FAR_PAGE)) else 1,
    )


AskedList = Annotated[ListQuery, Depends(asked_list)]


def find(targets: TargetList, wanted: ListQuery, *, kept: Mapping[str, str], language: str) -> ListPage:
    """Return the page asked for; a page beyond the last is the last, an unknown filter is left out and said."""
    wanted = _known(wanted, targets)
    rows = targets.ordered(wanted.sort, language)
    if wanted.filters:
        rows = tuple(row for row in rows if _matches(row, wanted))
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, wanted.page), pages)
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    return ListPage(wanted=replace(wanted, page=page), rows=shown, total=len(rows), pages=pages, kept=kept)


def _rows(snapshot: Snapshot) -> list[JudgedTarget]:
    indicators = lookup.indicators(snapshot)
    titles = {programme.id: programme.title for programme in snapshot.catalogue.programmes}
    rows = []
    for target in snapshot.catalogue.targets:
        verdict = snapshot.verdicts.get(target.id)
        version = target.version_on(snapshot.as_of.day)
        if verdict is None or version is None:
            continue
        indicator = indicators[target.indicator]
        said = (target.title, target.short, target.owner.name, indicator.title, titles.get(target.programme))
        words = "\n".join([target.id, *(f"{text.en}\n{text.zh}" for text in said if text is not None)]).casefold()
        running = is_running(verdict, snapshot.as_of.day)
        rows.append(
            JudgedTarget(
                target=target,
                version=version,
                indicator=indicator,
                verdict=verdict,
                words=words,
                running=running,
                urgency=_urgency(verdict, running=running),
            )
        )
    return rows


def is_running(verdict: Verdict, today: date) -> bool:
    """Return whether a target's time is not over: its deadline is to come, or none was announced."""
    if verdict.deadline is None:
        return verdict.performance not in DECIDED
    return verdict.deadline >= today


def _urgency(verdict: Verdict, *, running: bool) -> tuple[bool, int, date, float, str]:
    """Return the place of a target: what still runs first, the worst of it, the nearest deadline, the longest odds."""
    odds = verdict.attainment_probability
    return (
        not running,
        URGENCY.index(verdict.performance),
        verdict.deadline or date.max,
        1.0 if odds is None else odds,
        verdict.target,
    )


def _odds(verdict: Verdict) -> float:
    odds = verdict.attainment_probability
    return WITHOUT_ODDS if odds is None or verdict.performance in DECIDED else odds


def _known(wanted: ListQuery, targets: TargetList) -> ListQuery:
    """Return what was asked without what means nothing, which is named."""
    allowed: dict[str, tuple[Sequence[str], str]] = {
        "status": ([one.value for one in Performance], ""),
        "programme": (_names(targets.programmes), ""),
        "owner": (_names(targets.owners), ""),
        "data": ([one.value for one in DataState], ""),
        "when": (WHEN, ""),
        "sort": (SORTS, SORTS[0]),
        "look": (LOOKS, LOOKS[0]),
    }
    unknown: list[tuple[str, str]] = []
    changes: dict[str, Any] = {}
    for name, (values, otherwise) in allowed.items():
        said = getattr(wanted, name)
        if said and said not in values:
            unknown.append((name, said[:LONGEST_WORDS]))
            changes[name] = otherwise
    return replace(wanted, unknown=tuple(unknown), **changes) if unknown else wanted


def _names(things: Sequence[Programme] | Sequence[Owner]) -> list[str]:
    return [thing.id for thing in things]


def _matches(row: JudgedTarget, wanted: ListQuery) -> bool:
    if wanted.status and row.verdict.performance.value != wanted.status:
        return False
    if wanted.programme and row.target.programme != wanted.programme:
        return False
    if wanted.owner and row.target.owner.id != wanted.owner:
        return False
    if wanted.data and row.verdict.data_state.value != wanted.data:
        return False
    if wanted.when and row.running != (wanted.when == "running"):
        return False
    return not wanted.q or all(word in row.words for word in wanted.q.casefold().split())
