"""How promises read out of labelled announcements are scored against the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from targetwatch.press import Promise, read_promises
from targetwatch.quantity.spellings import canonical

UNITS: dict[str, tuple[str, str]] = {
    "km": ("metre", "1000"),
    "kilometre": ("metre", "1000"),
    "kilometer": ("metre", "1000"),
    "公里": ("metre", "1000"),
    "米": ("metre", "1"),
    "mile": ("mile", "1"),
    "kwh": ("wh", "1000"),
    "mwh": ("wh", "1000000"),
    "gwh": ("wh", "1000000000"),
    "twh": ("wh", "1000000000000"),
    "千瓦时": ("wh", "1000"),
    "kw": ("w", "1000"),
    "mw": ("w", "1000000"),
    "gw": ("w", "1000000000"),
    "gigawatt": ("w", "1000000000"),
    "megawatt": ("w", "1000000"),
    "千瓦": ("w", "1000"),
    "watt": ("w", "1"),
    "kwp": ("wp", "1000"),
    "mwp": ("wp", "1000000"),
    "gwp": ("wp", "1000000000"),
    "gigawatt-peak": ("wp", "1000000000"),
    "megawatt-peak": ("wp", "1000000"),
    "t": ("tonne", "1"),
    "ton": ("tonne", "1"),
    "ha": ("hectare", "1"),
    "公顷": ("hectare", "1"),
    "亩": ("mu", "1"),
    "斤": ("jin", "1"),
    "人": ("person", "1"),
    "人次": ("person", "1"),
    "people": ("person", "1"),
    "worker": ("person", "1"),
    "job": ("person", "1"),
    "patient": ("person", "1"),
    "student": ("person", "1"),
    "户": ("household", "1"),
    "home": ("household", "1"),
    "house": ("household", "1"),
    "套": ("household", "1"),
    "家": ("company", "1"),
    "firm": ("company", "1"),
    "enterprise": ("company", "1"),
    "列": ("train", "1"),
    "架": ("airplane", "1"),
    "aircraft": ("airplane", "1"),
    "plane": ("airplane", "1"),
    "jet": ("airplane", "1"),
    "辆": ("vehicle", "1"),
    "car": ("vehicle", "1"),
    "张": ("bed", "1"),
    "床": ("bed", "1"),
    "座": ("station", "1"),
    "pp": ("percentage point", "1"),
    "percent": ("%", "1"),
    "项目": ("project", "1"),
    "天": ("day", "1"),
    "小时": ("hour", "1"),
    "年": ("year", "1"),
}
"""What a unit as printed comes to in a label's base unit. A counter that may count several things matches none else."""
COUNTERS = {"个": "", "名": "", "所": "", "项": "", "条": "", "座": "", "张": "", "": ""}
FIELDS = ("kind", "comparator", "goal", "deadline", "words", "announcer", "announced")
NEEDED = FIELDS[:5]
TOLERANCE = Decimal("0.001")


def unit_of(said: str) -> tuple[str, Decimal]:
    """Return the base unit of a printed one, and how many of it one is."""
    parts, factor = [], Decimal(1)
    for part in said.casefold().replace(" per ", "/").split("/"):
        word = canonical(part.strip()).casefold()
        base, times = UNITS.get(word) or UNITS.get(word.removesuffix("s"), (word.removesuffix("s"), "1"))
        parts.append(base.removesuffix("s"))
        factor *= Decimal(times)
    return "/".join(parts), factor


def near(one: Decimal | None, other: object) -> bool:
    """Return whether two numbers are the same within a thousandth."""
    if one is None or other is None:
        return one is None and other is None
    wanted = Decimal(str(other))
    return abs(one - wanted) <= abs(wanted) * TOLERANCE


def same_goal(found: Promise, goal: dict[str, Any]) -> bool:
    """Return whether a promise has the value and the unit of a labelled goal, by meaning."""
    if goal["unit"] == "steps":
        return len(found.steps) == goal["value"]
    if found.value is None:
        return False
    (unit, factor), (wanted, times) = unit_of(found.unit), unit_of(str(goal["unit"]))
    times = Decimal(times)
    ends = [(found.value, goal["value"])]
    if found.upper is not None and "low" in goal:
        ends = [(found.value, goal["low"]), (found.upper, goal["high"])]
    elif found.about != bool(goal.get("about")) and found.comparator == "between":
        return False
    ends_alike = f" {wanted}".endswith(f" {unit}") or f" {unit}".endswith(f" {wanted}")
    alike = ends_alike or unit in COUNTERS or not goal["value"]
    return alike and all(near(one * factor, Decimal(str(other)) * times) for one, other in ends)


def right(found: Promise, target: dict[str, Any]) -> dict[str, bool]:
    """Return which fields of a promise are those of a label, by the reading of it that fits best."""
    readings = [target, *({**target, **other} for other in target["also_accept"])]
    scored = []
    for one in readings:
        deadline = found.deadline.isoformat() if found.deadline else None
        scored.append(
            {
                "kind": found.kind == one["kind"],
                "comparator": found.comparator.replace("between", "range") == one["comparator"],
                "goal": same_goal(found, one["goal"]),
                "deadline": deadline == one["deadline"],
                "words": overlaps(found, target["spans"]),
                "announcer": bool(found.announcer) and found.announcer in (one["announcer"] or ""),
                "announced": (found.announced_on.isoformat() if found.announced_on else None) == one["announced"],
            }
        )
    return max(scored, key=lambda one: (all(one[name] for name in NEEDED), sum(one.values())))


def overlaps(found: Promise, spans: list[list[int]]) -> bool:
    """Return whether the words of a promise lie over half of the shorter of the two."""
    return any(
        2 * (min(found.end, end) - max(found.start, start)) >= min(found.end - found.start, end - start)
        for start, end in spans
    )


@dataclass
class Score:
    """What was counted over some passages."""

    wanted: int = 0
    right: int = 0
    proposed: int = 0
    unwanted: int = 0
    passages: int = 0
    clean: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the shares as a row of a table."""
        recall = f"{self.right}/{self.wanted} {self.right / max(1, self.wanted):.2f}"
        wrong = f"{self.unwanted}/{self.proposed} {self.unwanted / max(1, self.proposed):.2f}"
        alone = " ".join(f"{name} {self.fields[name] / max(1, self.wanted):.2f}" for name in FIELDS)
        return f"{name:12} right {recall:12} unwanted {wrong:12} clean {self.clean}/{self.passages}  {alone}"


def score(passage: dict[str, Any], counted: Score) -> None:
    """Count one passage."""
    day = passage["published"] and date.fromisoformat(passage["published"])
    found = read_promises(passage["text"], (), title=passage["title"], published_on=day, agency=passage["agency"])
    targets = passage["targets"]
    fits = [[all(right(one, target)[name] for name in NEEDED) for target in targets] for one in found]
    matched = matching(fits)
    good = dict(matched)
    met = {place: target for target, place in good.items()}
    for target, places in together(found, targets, good, met):  # steps said as one target each, or as one
        good[target] = places[0]
        met.update(dict.fromkeys(places, target))
    optional = {number for number, target in enumerate(targets) if target["optional"]}
    wrong = [one for place, one in enumerate(found) if place not in met]
    counted.proposed += sum(met.get(place) not in optional for place in range(len(found)))
    counted.unwanted += len(wrong)
    counted.passages += 1
    counted.clean += not wrong
    for number, target in enumerate(targets):
        if number in optional:
            continue
        counted.wanted += 1
        counted.right += number in good
        near_by = [one for one in found if overlaps(one, target["spans"])]
        best = max((right(one, target) for one in near_by), key=lambda one: sum(one.values()), default={})
        whole = right(found[good[number]], target) | dict.fromkeys(NEEDED, True) if number in good else best
        counted.fields.update(name for name, fits_ in whole.items() if fits_)
        if number not in good:
            missing = ", ".join(name for name in NEEDED if not best.get(name)) or "taken"
            counted.mistakes.append(f"{target['id']} {missing}: {target['quote']}")
    counted.mistakes += [
        f"{passage['id']} unwanted {one.kind} {one.comparator} {one.value} {one.unit} {len(one.steps)} "
        f"{one.deadline}: {one.text}"
        for one in wrong
    ]


def matching(fits: Sequence[Sequence[bool]]) -> dict[int, int]:
    """Return the most pairs that fit, the target's number to the promise's."""
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for target, good in enumerate(fits[one]):
            if good and target not in tried:
                tried.add(target)
                if target not in taken or place(taken[target], tried):
                    taken[target] = one
                    return True
        return False

    for one in range(len(fits)):
        place(one, set())
    return taken


def together(
    found: Sequence[Promise], targets: Sequence[dict[str, Any]], good: dict[int, int], met: dict[int, int]
) -> Iterator[tuple[int, list[int]]]:
    """Give the targets of steps that several promises make up, and those that one promise makes up with others."""
    bare = [name for name in NEEDED if name != "goal"]
    for number, target in enumerate(targets):
        if number in good or target["kind"] != "milestones":
            continue
        places = [
            place
            for place, one in enumerate(found)
            if place not in met and one.steps and all(right(one, target)[name] for name in bare)
        ]
        if places and sum(len(found[place].steps) for place in places) == target["goal"]["value"]:
            yield number, places
            continue
        for place in places:
            shared = [
                other
                for other, one in enumerate(targets)
                if one["kind"] == "milestones" and all(right(found[place], one)[name] for name in bare)
            ]
            if sum(targets[other]["goal"]["value"] for other in shared) == len(found[place].steps):
                yield from ((other, [place]) for other in shared)


def kept_back(passages: Sequence[dict[str, Any]]) -> frozenset[str]:
    """Return the third of the passages that is kept back."""
    names = sorted((one["id"] for one in passages), key=lambda name: sha256(name.encode()).hexdigest())
    return frozenset(names[-(len(names) // 3) :])
