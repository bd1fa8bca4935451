"""What an indicator's page shows: what it measures, when it is published, the figures of every publisher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.model import Measure
from targetwatch.web import questions
from targetwatch.web.pages.target_view import Row, rows_of

if TYPE_CHECKING:
    from targetwatch.model import Figure, Indicator, Target, Text, Verdict
    from targetwatch.web.backstage import Backstage
    from targetwatch.web.moment import Moment


@dataclass(frozen=True, slots=True)
class Count:
    """The figures of one publisher; `title` None when the catalogue has no name for it."""

    publisher: str
    title: Text | None
    is_authority: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """Everything on the page."""

    indicator: Indicator
    authority: Text | None
    figure: Figure | None
    counts: tuple[Count, ...]
    targets: tuple[tuple[Target, Verdict | None], ...]
    parts: tuple[Indicator, ...]
    used_by: tuple[Indicator, ...]
    held: int
    counts_amounts: bool


def of(behind: Backstage, moment: Moment, indicator: Indicator) -> IndicatorView:
    """Return the view of one indicator as of a moment."""
    snapshot = moment.snapshot
    rows = rows_of(moment, questions.known(behind, moment, indicator))
    titles = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    indicators = questions.indicators(snapshot)
    names = sorted({row.known.reading.publisher for row in rows}, key=lambda name: (name != indicator.authority, name))
    announced = [
        target
        for target in snapshot.catalogue.targets
        if target.indicator == indicator.id and target.versions[0].effective <= snapshot.as_of.day
    ]
    return IndicatorView(
        indicator=indicator,
        authority=titles.get(indicator.authority),
        figure=snapshot.figures.get(indicator.id),
        counts=tuple(
            Count(
                name,
                titles.get(name),
                name == indicator.authority,
                tuple(row for row in rows if row.known.reading.publisher == name),
            )
            for name in names
        ),
        targets=tuple((target, snapshot.verdicts.get(target.id)) for target in announced),
        parts=tuple(indicators[name] for name in (indicator.derivation.of if indicator.derivation else ())),
        used_by=tuple(one for one in indicators.values() if one.derivation and indicator.id in one.derivation.of),
        held=snapshot.held.get(indicator.id, 0),
        counts_amounts=indicator.measure is not Measure.MILESTONES,
    )
