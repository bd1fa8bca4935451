"""How many targets stand how, as one sentence, and whose they are: what is read first on a wall and in a digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from targetwatch.model import Catalogue, Performance
from targetwatch.wording.translation import LANGUAGES, N_, NC_, Translator

OPEN = (Performance.AWAITING_DATA, Performance.PENDING)
FIRST = {
    Performance.MISSED: N_("{count} of {total} promises missed"),
    Performance.OFF_TRACK: N_("{count} of {total} promises off track"),
    Performance.AT_RISK: N_("{count} of {total} promises at risk"),
    None: N_("{count} of {total} promises not judged"),
}
"""The worst first: each as it is said at the beginning. None: could not be judged."""
FURTHER: dict[Performance | None, str] = {
    Performance.MISSED: NC_("count", "{count} missed"),
    Performance.OFF_TRACK: NC_("count", "{count} off track"),
    Performance.AT_RISK: NC_("count", "{count} at risk"),
    None: NC_("count", "{count} not judged"),
    Performance.ACHIEVED: NC_("count", "{count} achieved"),
    Performance.ON_TRACK: NC_("count", "{count} on track"),
    Performance.PENDING: NC_("count", "{count} open"),
}


def worst(counts: Mapping[Performance | None, int]) -> Performance | None:
    """Return the worst status that any target has; None where there is no trouble."""
    return next((one for one in FIRST if one is not None and counts.get(one)), None)


def sentence(counts: Mapping[Performance | None, int], _: Translator, *, done_late: int = 0) -> str:
    """Return how many targets stand how, each counted once and the worst first; "" where there are none.

    What awaits its last figure or cannot be said yet is open. `counts` by status, None for what could not be judged;
    `done_late` of the missed ones are done by now.

    >>> from targetwatch.wording.translation import translator
    >>> found = {Performance.MISSED: 6, Performance.ACHIEVED: 1, Performance.AT_RISK: 1, Performance.PENDING: 5}
    >>> sentence(found, translator("en"))
    '6 of 13 promises missed, 1 at risk, 1 achieved, 5 open'
    >>> sentence({Performance.ON_TRACK: 2, Performance.AWAITING_DATA: 1}, translator("en"))
    'None of 3 promises in trouble: 2 on track, 1 open'
    >>> sentence({Performance.MISSED: 1539, Performance.ON_TRACK: 8461}, translator("en"))
    '1,539 of 10,000 promises missed, 8,461 on track'
    >>> sentence({Performance.MISSED: 3, Performance.ON_TRACK: 1}, translator("en"), done_late=2)
    '3 of 4 promises missed (2 done late), 1 on track'
    """
    total = sum(counts.values())
    if not total:
        return ""
    waiting = sum(counts.get(one, 0) for one in OPEN)
    found = Counter({one: count for one, count in counts.items() if one not in OPEN}) + Counter(
        {Performance.PENDING: waiting}
    )
    first = next((one for one in FIRST if found[one]), Performance.PENDING)
    further = [
        _(said, count=f"{found[one]:,}")
        for one, said in FURTHER.items()
        if found[one] and (one is not first or first not in FIRST)
    ]
    if first not in FIRST:
        return _("None of {total} promises in trouble: {rest}", total=f"{total:,}", rest=_(", ").join(further))
    counted = _(FIRST[first], count=f"{found[first]:,}", total=f"{total:,}")
    if done_late:
        counted = _("{missed} ({count} done late)", missed=counted, count=f"{done_late:,}")
    return _(NC_("clauses", ", ")).join([counted, *further])


def title(catalogue: Catalogue, wanted: str, year: int, _: Translator) -> str:
    """Return whose promises of which year these are: `wanted` ("English | Chinese"), else what the programmes say."""
    if wanted:
        parts = [part.strip() for part in wanted.split("|")]
        said = dict(zip(LANGUAGES, parts, strict=False)).get(_.language) or parts[0]
        return said if str(year) in said else f"{said} · {year}"
    among = Counter(target.programme for target in catalogue.targets if target.programme)
    titles = {programme.id: programme.title[_.language] for programme in catalogue.programmes}
    names = [titles[name] for name, _count in among.most_common() if name in titles]
    if not names:
        return _("Promises of {year}", year=year)
    if len(names) == 1:
        return _("Promises of {year}: {programme}", programme=names[0], year=year)
    said = N_("Promises of {year}: {programme} and {count} more")
    return _(said, programme=names[0], count=len(names) - 1, year=year)
