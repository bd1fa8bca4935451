"""The judged targets of a snapshot, and the page of them that a reader asks for: filters, words to find, order.

What a request asks is answered from rows made once a snapshot, so that ten thousand targets cost a request one pass
over short tuples, and only the page that is shown is drawn. All that was asked stands in the address.
"""

from __future__ import annotations

import logging
import threading
from bisect import insort
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from markupsafe import Markup
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from targetwatch.chart import Bar, bar_of, spark
from targetwatch.evaluation.status import DECIDED, is_done_late, place_of
from targetwatch.model import Indicator, Owner, Performance, Programme, Snapshot, Target, TargetVersion, Verdict
from targetwatch.quantity import unit_spellings
from targetwatch.web import lookup
from targetwatch.web.running import Moment, number_of
from targetwatch.wording import formats
from targetwatch.wording.translation import LANGUAGES, N_, NC_, Translator, translator

log = logging.getLogger(__name__)

FILTERS = {
    "q": N_("Search"),
    "status": N_("Status"),
    "programme": NC_("filter", "Programme"),
    "owner": N_("Answers for it"),
    "data": N_("Data"),
    "when": N_("Time"),
}
TIMES = {"running": N_("still running"), "over": N_("deadline passed")}
SORTING = {
    "urgency": N_("the worst first"),
    "programme": N_("programme"),
    "deadline": N_("deadline"),
    "odds": N_("odds, longest first"),
    "name": N_("name"),
}
LOOKS = {"table": N_("list"), "cards": N_("cards")}
WITHOUT_ODDS = 2.0
"""Where a target whose odds are not known, or no longer matter, stands among odds of 0..1: last."""
LISTS_KEPT = 4
PAGE_ROWS = 50
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTarget:
    """One judged target with what it is found and sorted by."""

    target: Target
    version: TargetVersion
    indicator: Indicator
    verdict: Verdict
    words: str
    running: bool
    urgency: tuple[object, ...]
    paces: tuple[float, ...] = ()

    @property
    def spark(self) -> Markup | None:
        """Return how its pace went, as a small line beside the plan's."""
        return spark(self.paces)

    @property
    def bar(self) -> Bar | None:
        """Return how far it has come, as it is drawn."""
        return bar_of(self.verdict, self.indicator)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetList:
    """Every judged target of a snapshot, in the order configured, and what does not depend on a request."""

    rows: tuple[JudgedTarget, ...]
    programmes: tuple[Programme, ...]
    owners: tuple[Owner, ...]
    counts: Mapping[Performance, int]
    done_late: int
    running: tuple[JudgedTarget, ...]
    unpromised: tuple[Indicator, ...]
    last_published: date | None
    first_announced: date | None
    announced_later: int
    _orders: dict[tuple[str, str], tuple[JudgedTarget, ...]] = field(default_factory=dict)

    def ordered(self, sort: str, language: str) -> tuple[JudgedTarget, ...]:
        """Return every row in one of the orders of `SORTING`; each is made once."""
        key = (sort, language if sort == "name" else "")
        if key not in self._orders:
            self._orders[key] = tuple(sorted(self.rows, key=self._place(sort, language)))
        return self._orders[key]

    def renewed(self, snapshot: Snapshot) -> TargetList:
        """Return the list of a snapshot of the same targets and day, with the rows of what was judged otherwise."""
        said = snapshot.verdicts
        others = [row for row in self.rows if row.verdict is not said[row.target.id]]
        anew = {id(row): replace(row, **_judged(snapshot, said[row.target.id])) for row in others}
        orders = {}
        for key, order in tuple(self._orders.items()):
            still, place = [row for row in order if id(row) not in anew], self._place(*key)
            for row in anew.values():
                insort(still, row, key=place)
            orders[key] = tuple(still)
        return replace(self, **_summed([anew.get(id(row), row) for row in self.rows]), _orders=orders)

    def _place(self, sort: str, language: str) -> Callable[[JudgedTarget], tuple[object, ...]]:
        """Return what rows are sorted by: "programme" keeps those together, the largest first."""
        if sort == "urgency":
            return lambda row: row.urgency
        if sort == "deadline":
            return lambda row: (row.verdict.deadline or date.max, row.urgency[-1])
        if sort == "odds":
            return lambda row: (_odds(row.verdict), row.urgency[-1])
        if sort == "name":
            return lambda row: (lookup.natural(row.target.title[language]), row.target.id)
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
                targets.ordered(ListQuery().sort, language)
        except Exception:
            log.exception("the overview of %s could not be prepared", snapshot.as_of.day)

    def list_of(self, snapshot: Snapshot) -> TargetList:
        """Return the list of a snapshot, made when it is first asked for."""
        with self._lock:
            for kept, targets in self._kept:
                if kept is snapshot:
                    return targets
        targets = list_targets(snapshot, self._kept[:1])
        with self._lock:
            self._kept = [(snapshot, targets), *self._kept][:LISTS_KEPT]
        return targets


LISTS = TargetLists()


class ListQuery(BaseModel):
    """What the address asks for; "" is everything, a number of a page that is none the first."""

    model_config = ConfigDict(str_strip_whitespace=True, frozen=True)

    q: Annotated[str, AfterValidator(lambda said: " ".join(said.split())[:LONGEST_WORDS])] = ""
    status: str = ""
    programme: str = ""
    owner: str = ""
    data: str = ""
    when: str = ""
    sort: Annotated[str, AfterValidator(lambda said: said or "urgency")] = "urgency"
    look: Annotated[str, AfterValidator(lambda said: said or "table")] = "table"
    page: Annotated[int, BeforeValidator(lambda said: number_of(str(said)) or 1)] = 1

    @property
    def filters(self) -> int:
        """Return how many filters narrow the list."""
        return sum(1 for name in FILTERS if getattr(self, name))

    def parameters(self) -> dict[str, str]:
        """Return what the address has to say to ask the same again; nothing of what goes without saying."""
        return {name: str(said) for name, said in self.model_dump(exclude_defaults=True).items()}


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
        said = self.wanted.model_copy(update={"page": 1} | changes).parameters()
        return f"?{urlencode({**said, **self.kept})}"


def find(targets: TargetList, wanted: ListQuery, moment: Moment, _: Translator) -> ListPage:
    """Return the page asked for; a page beyond the last is the last."""
    rows = targets.ordered(wanted.sort, _.language)
    if wanted.filters:
        rows = tuple(row for row in rows if _matches(row, wanted))
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, wanted.page), pages)
    shown = rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    wanted = wanted.model_copy(update={"page": page})
    return ListPage(wanted=wanted, rows=shown, total=len(rows), pages=pages, kept=moment.parameters)


def list_targets(snapshot: Snapshot, before: Sequence[tuple[Snapshot, TargetList]] = ()) -> TargetList:
    """Return every judged target of a snapshot; made of a list `before` where that is of the same targets and day."""
    today, configured = snapshot.as_of.day, snapshot.catalogue
    for said, known in before:
        is_alike = said.catalogue is configured and said.as_of.day == today
        if is_alike and said.verdicts.keys() == snapshot.verdicts.keys():
            return known.renewed(snapshot)
    indicators = snapshot.catalogue.indicators_by_id
    titles = {programme.id: programme.title for programme in configured.programmes}
    rows = []
    for target in configured.targets:
        verdict, version = snapshot.verdicts.get(target.id), target.version_on(today)
        if verdict is None or version is None:
            continue
        indicator = indicators[target.indicator]
        texts = (target.title, target.short, target.owner.name, titles.get(target.programme))
        found_by = (target.id, version.announcement.quote, *(f"{text.en}\n{text.zh}" for text in texts if text))
        words = "\n".join((*found_by, described_by(indicator))).casefold()
        judged = _judged(snapshot, verdict)
        rows.append(JudgedTarget(target=target, version=version, indicator=indicator, words=words, **judged))
    owners = {row.target.owner.id: row.target.owner for row in rows}
    used = {row.target.programme for row in rows}
    promised = {target.indicator for target in configured.targets}
    announced = [target.announced_on for target in configured.targets]
    return TargetList(
        programmes=tuple(one for one in configured.programmes if one.id in used),
        owners=tuple(sorted(owners.values(), key=lambda owner: lookup.natural(owner.name["en"]))),
        unpromised=tuple(one for one in configured.indicators if one.id not in promised),
        first_announced=min(announced, default=None),
        announced_later=sum(1 for day in announced if day > today),
        **_summed(rows),
    )


def _judged(snapshot: Snapshot, verdict: Verdict) -> dict[str, Any]:
    """Return what of a row its verdict says."""
    running = is_running(verdict, snapshot.as_of.day)
    urgency, paces = _urgency(verdict, running=running), snapshot.paces.get(verdict.target, ())
    return {"verdict": verdict, "running": running, "urgency": urgency, "paces": paces}


def _summed(rows: Sequence[JudgedTarget]) -> dict[str, Any]:
    """Return what of a list the verdicts of its rows say."""
    return {
        "rows": tuple(rows),
        "counts": Counter(row.verdict.performance for row in rows),
        "done_late": sum(is_done_late(row.verdict) for row in rows),
        "running": tuple(row for row in rows if row.running),
        "last_published": max((row.verdict.published_on for row in rows if row.verdict.published_on), default=None),
    }


def described_by(indicator: Indicator) -> str:
    """Return what an indicator is found by, in every language: name, unit and its other words, what it counts, note."""
    texts = (indicator.title, indicator.scope, indicator.note)
    units = (formats.unit(indicator, translator(language)) for language in LANGUAGES)
    words = unit_spellings(indicator.unit)
    return "\n".join((indicator.id, *units, *words, *(f"{text.en}\n{text.zh}" for text in texts)))


def is_running(verdict: Verdict, today: date) -> bool:
    """Return whether a target's time is not over: its deadline is to come, or none was announced."""
    if verdict.deadline is None:
        return verdict.performance not in DECIDED
    return verdict.deadline >= today


def _urgency(verdict: Verdict, *, running: bool) -> tuple[object, ...]:
    """Return the place of a target: the worst first, what still runs, the nearest deadline, the longest odds."""
    odds = verdict.attainment_probability
    name = lookup.natural(verdict.target)
    return (place_of(verdict), not running, verdict.deadline or date.max, 1.0 if odds is None else odds, name)


def _odds(verdict: Verdict) -> float:
    odds = verdict.attainment_probability
    return WITHOUT_ODDS if odds is None or verdict.performance in DECIDED else odds


def _matches(row: JudgedTarget, wanted: ListQuery) -> bool:
    stands = {
        "status": row.verdict.performance.value,
        "programme": row.target.programme,
        "owner": row.target.owner.id,
        "data": row.verdict.data_state.value,
        "when": "running" if row.running else "over",
    }
    if any(asked != value for name, value in stands.items() if (asked := getattr(wanted, name))):
        return False
    return not wanted.q or all(word in row.words for word in wanted.q.casefold().split())
