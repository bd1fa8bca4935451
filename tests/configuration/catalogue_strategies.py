"""Any catalogue that may be configured, for hypothesis."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from targetwatch.model import (
    Announcement,
    Baseline,
    Catalogue,
    Goal,
    GoalChange,
    Indicator,
    Measure,
    Owner,
    Period,
    Plan,
    PlanShape,
    Programme,
    Publisher,
    Release,
    Source,
    Step,
    Steward,
    Target,
    TargetVersion,
    Text,
    Waypoint,
)

LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp"), exclude_characters="\ufeff$"
)
WORDS = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
TRAPS = st.sampled_from(
    [
        "yes",
        "no",
        "on",
        "null",
        "~",
        "2025-01-01",
        "12",
        "1e3",
        "- x",
        "a: b",
        "#x",
        "'",
        '"',
        "%",
        "{a}",
        "1,000",
        "<<",
    ]
)
TEXT = WORDS | TRAPS
TITLES = st.builds(Text, en=TEXT, zh=TEXT)
PROSE = st.builds(Text, en=TEXT, zh=TEXT) | st.builds(Text, en=TEXT) | st.builds(Text, zh=TEXT) | st.just(Text())
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, places=6)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))
RATIOS = st.integers(-99, 300).filter(bool).map(lambda percent: Decimal(percent) / 100)
ONE_DAY = timedelta(days=1)


def slugs(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number}" for number in range(count)]


RELEASES = st.builds(
    Release,
    every=st.sampled_from(["quarter", "half", "year", "irregular"]),
    lag=st.integers(0, 400),
    grace=st.integers(0, 60),
    calendar=st.sampled_from([None, "CN", "NO", "SG"]),
)
MONTHLY = st.builds(Release, every=st.just("month"), lag=st.integers(0, 60), january_with_february=st.booleans())


@st.composite
def announcements(draw: st.DrawFn, on: date) -> Announcement:
    url = draw(st.sampled_from(["", "https://example.org/a?b=c#d", "http://例.org/新"]))
    said = st.just("") | TEXT
    return Announcement(by=draw(TEXT), on=on, source=draw(said), url=url, quote=draw(said))


@st.composite
def goals(draw: st.DrawFn, measure: Measure) -> Goal:
    if measure is Measure.MILESTONES:
        return Goal(complete=True)
    kind = draw(st.sampled_from(["plain", "between", "change"]))
    if kind == "between":
        low = draw(NUMBERS)
        return Goal(between=(low, low + draw(st.integers(1, 9))))
    if kind == "change":
        change = draw(RATIOS)
        return Goal(change=GoalChange(by=change))
    return Goal(**{draw(st.sampled_from(["above", "at_least", "below", "at_most"])): draw(NUMBERS)})


@st.composite
def versions(draw: st.DrawFn, number: int, effective: date, measure: Measure) -> TargetVersion:
    goal = draw(goals(measure))
    start = effective - timedelta(days=draw(st.integers(0, 300)))
    deadline = effective + timedelta(days=draw(st.integers(0, 900)))
    if measure is Measure.MILESTONES:
        ids = slugs("step", draw(st.integers(1, 3)))
        dues = st.none() | st.dates(start, deadline)
        steps = tuple(Step(id=name, title=draw(TITLES), due=draw(dues)) for name in ids)
        shape: dict[str, object] = {"steps": steps, "deadline": draw(st.sampled_from([deadline, None]))}
    else:
        value = draw(NUMBERS.filter(bool))
        ends = start - timedelta(days=draw(st.integers(1, 30)))
        period = draw(
            st.sampled_from([Period(ends - timedelta(days=9), ends), Period(date(1998, 1, 1), date(1998, 12, 31))])
        )
        needed = goal.change is not None or draw(st.booleans())
        baseline = Baseline(value=value, period=period) if needed else None
        shape = {"deadline": deadline, "plan": draw(plans(start, deadline, measure)), "baseline": baseline}
    said = draw(announcements(effective))
    reason = draw(TEXT) if number > 1 else ""
    return TargetVersion(
        number=number, effective=effective, goal=goal, start=start, announcement=said, reason=reason, **shape
    )


@st.composite
def plans(draw: st.DrawFn, start: date, deadline: date, measure: Measure) -> Plan:
    shape = draw(st.sampled_from(list(PlanShape)))
    if shape is not PlanShape.WAYPOINTS:
        return Plan(shape=shape)
    if measure is Measure.FLOW:
        return Plan(shape=shape, waypoints=(Waypoint(on=deadline, value=Decimal(-(10**13))),))
    days = sorted(draw(st.sets(st.dates(start, deadline), min_size=1, max_size=3)))
    return Plan(shape=shape, waypoints=tuple(Waypoint(on=day, value=draw(NUMBERS)) for day in days))


STEWARDS = st.builds(
    Steward,
    name=PROSE.filter(lambda text: text != Text()),
    email=st.sampled_from(["desk@example.org", "figures@example.org"]),
    language=st.sampled_from(["en", "zh"]),
)


@st.composite
def indicators(draw: st.DrawFn, name: str, publisher: str) -> Indicator:
    measure = draw(st.sampled_from(list(Measure)))
    steps = measure is Measure.MILESTONES
    return Indicator(
        id=name,
        title=draw(TITLES),
        measure=measure,
        unit="steps" if steps else draw(TEXT),
        unit_label=Text("steps", "项") if steps else draw(PROSE),
        scope=draw(PROSE),
        authority=publisher,
        release=draw(RELEASES | MONTHLY),
        steward=draw(st.none() | STEWARDS),
        note=draw(PROSE),
    )


@st.composite
def derived(draw: st.DrawFn, name: str, of: list[Indicator], publisher: str) -> Indicator:
    flows = [part.id for part in of if part.measure is Measure.FLOW]
    levels = [part.id for part in of if part.measure is Measure.LEVEL]
    ways: list[dict[str, object]] = [{"annual_total_of": flow} for flow in flows]
    ways += [{"growth_of": part} for part in flows + levels]
    ways += [{"chained_from": part, "base": Decimal(100), "base_on": date(2022, 12, 31)} for part in levels]
    return Indicator(
        id=name,
        title=draw(TITLES),
        measure=Measure.LEVEL,
        unit=draw(TEXT),
        unit_label=draw(PROSE.filter(lambda text: text != Text())),
        scope=draw(PROSE.filter(lambda text: text != Text())),
        authority=publisher,
        release=draw(RELEASES),
        steward=draw(STEWARDS if any(part.steward for part in of) else st.none()),
        note=draw(PROSE),
        **draw(st.sampled_from(ways)),
    )


@st.composite
def targets(draw: st.DrawFn, name: str, indicator: Indicator, *, owners: list[Owner], programmes: list[str]) -> Target:
    made, day = [], draw(DAYS)
    for number in range(1, draw(st.integers(1, 3)) + 1):
        version = draw(versions(number, day, indicator.measure))
        if not made or any(getattr(version, part) != getattr(made[-1], part) for part in ("goal", "start", "deadline")):
            made.append(version)
        day += timedelta(days=draw(st.integers(1, 200)))
    title = draw(TITLES)
    return Target(
        id=name,
        indicator=indicator.id,
        programme=draw(st.sampled_from(["", *programmes])),
        title=title,
        short=draw(st.sampled_from([title, Text("Short", "简称")])),
        owner=draw(st.sampled_from(owners)),
        versions=tuple(made),
        note=draw(PROSE),
    )


@st.composite
def sources(draw: st.DrawFn, name: str) -> Source:
    options = {"path": draw(TEXT | st.just("${FOLDER}/x.csv"))}
    constants = draw(st.just({}) | st.dictionaries(st.sampled_from(["quote", "note"]), TEXT, min_size=1))
    if constants:
        options["constants"] = constants
    schedule = draw(st.sampled_from(["", "0 9 * * *", "*/5 * * * mon"]))
    return Source(id=name, kind="csv_file", schedule=schedule, options=options, enabled=draw(st.booleans()))


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    programmes = slugs("programme", draw(st.integers(0, 2)))
    publishers = slugs("publisher", draw(st.integers(1, 2)))
    owners = [
        Owner(
            id=name,
            name=draw(PROSE.filter(lambda text: text != Text())),
            email=draw(st.sampled_from(["", "a@example.org"])),
            language=draw(st.sampled_from(["en", "zh"])),
            digest=draw(st.booleans()),
        )
        for name in slugs("owner", 2)
    ]
    measured = [draw(indicators(name, publishers[0])) for name in slugs("indicator", draw(st.integers(1, 3)))]
    computable = [one for one in measured if one.measure is not Measure.MILESTONES]
    computed = [draw(derived("computed", computable, publishers[-1]))] if computable else []
    picked = [draw(st.sampled_from(measured + computed)) for _ in range(draw(st.integers(0, 3)))]
    return Catalogue(
        programmes=tuple(Programme(id=name, title=draw(TITLES)) for name in programmes),
        publishers=tuple(Publisher(id=name, title=draw(TITLES)) for name in publishers),
        indicators=(*measured, *computed),
        targets=tuple(
            draw(targets(f"target-{number}", indicator, owners=owners, programmes=programmes))
            for number, indicator in enumerate(picked)
        ),
        sources=tuple(draw(sources(name)) for name in slugs("source", draw(st.integers(0, 2)))),
    )
