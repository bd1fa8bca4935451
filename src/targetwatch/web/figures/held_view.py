"""What the page of held readings shows: each with the figures it is compared with, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from targetwatch.checks import History
from targetwatch.model import Basis, Indicator, Measure, Text
from targetwatch.store import db
from targetwatch.store import readings as stored
from targetwatch.web import lookup
from targetwatch.web.figures import reasons
from targetwatch.web.figures.effects import Effect, Trial

if TYPE_CHECKING:
    from decimal import Decimal

    from targetwatch.model import AsOf, Catalogue, Reading, Snapshot
    from targetwatch.store.readings import Held
    from targetwatch.web.running import RunningService

PAGE_ROWS = 20
DECIDED_ROWS = 50
TABS = ("waiting", "decided")


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure in force beside the held one: `fact`, `year_before`, `year_after` or `near`, and the ratio to it."""

    kind: str
    reading: Reading
    ratio: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One held reading. `why_not` says why it cannot be accepted as it is; "" when it can."""

    held: Held
    indicator: Indicator
    publisher: Text | None
    is_authority: bool
    step: Text | None
    compared: tuple[Compared, ...]
    effects: tuple[Effect, ...]
    counts_amounts: bool
    why_not: str = ""
    counts_later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """The whole page: one of the tabs."""

    tab: str
    as_of: AsOf
    items: tuple[Item, ...]
    waiting: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """Return the place of the first reading shown, from 1."""
        return (self.page - 1) * PAGE_ROWS + 1


def held_page(service: RunningService, *, tab: str, page: int) -> HeldView:
    """Return what waits, the oldest first, or what was decided, the last first; a page beyond the last is the last."""
    snapshot = service.current()
    with db.reading(service.engine) as session:
        waiting = sum(stored.count_held(session).values())
        pages = max(1, -(-waiting // PAGE_ROWS)) if tab == "waiting" else 1
        page = min(max(1, page), pages)
        if tab == "waiting":
            found = stored.held(session)[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        else:
            found = stored.decided(session, limit=DECIDED_ROWS)
        trial = Trial(session, snapshot)
        items = tuple(_item(trial, one, weigh=tab == "waiting") for one in found)
    return HeldView(tab=tab, as_of=snapshot.as_of, items=items, waiting=waiting, page=page, pages=pages)


def reason(item: Item, catalogue: Catalogue, language: str) -> str:
    """Return why a reading is held, in the words of whoever decides."""
    return reasons.held(item.held.reason, catalogue, language, item.indicator)


def times(ratio: Decimal) -> str:
    """Return a ratio as it is spoken of, to three digits.

    >>> from decimal import Decimal
    >>> times(Decimal("9.98761")), times(Decimal("123.4")), times(Decimal("0.00102"))
    ('9.99', '123', '0.00102')
    """
    return f"{float(f'{ratio:.3g}'):,.15g}"


def _item(trial: Trial, held: Held, *, weigh: bool) -> Item:
    snapshot, reading = trial.snapshot, held.reading
    known = lookup.indicators(snapshot).get(reading.indicator)
    indicator = known or _stand_in(reading)
    publishers = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    why_not = "unit" if reading.unit is not None else ""
    weigh = weigh and known is not None
    published = reading.published_on
    return Item(
        held=held,
        indicator=indicator,
        publisher=publishers.get(reading.publisher),
        is_authority=reading.publisher == indicator.authority,
        step=_step(snapshot, reading),
        compared=_compared(reading, trial.past(reading.indicator)) if weigh else (),
        effects=trial.effects(replace(reading, withdrawn_at=None)) if weigh and not why_not else (),
        counts_amounts=indicator.measure is not Measure.MILESTONES,
        why_not=why_not,
        counts_later=published is None or published > snapshot.as_of.day,
    )


def _compared(reading: Reading, past: tuple[Reading, ...]) -> tuple[Compared, ...]:
    """Return what the reading is measured against: what it revises, the years beside it, the last good figure."""
    history = History(past)
    nearest = next(history.nearest(reading), None)
    found = (
        ("fact", history.fact(reading)),
        ("year_before", history.fact(reading, years=-1)),
        ("year_after", history.fact(reading, years=1)),
        ("near", nearest),
    )
    seen: set[int | None] = set()
    compared = []
    for kind, other in found:
        if other is not None and other.id not in seen:
            seen.add(other.id)
            compared.append(Compared(kind, other, reading.value / other.value if other.value else None))
    return tuple(compared)


def _step(snapshot: Snapshot, reading: Reading) -> Text | None:
    steps = (
        step.title
        for target in snapshot.catalogue.targets
        if target.indicator == reading.indicator
        for version in target.versions
        for step in version.steps
        if step.id == reading.step
    )
    return next(steps, None)


def _stand_in(reading: Reading) -> Indicator:
    """Return what can be said of an indicator that is not configured any more."""
    measure = Measure.MILESTONES if reading.basis is Basis.EVENT else Measure.FLOW
    title = Text(reading.indicator, reading.indicator)
    return Indicator(id=reading.indicator, title=title, measure=measure, authority=reading.publisher)
