"""Why a reading is held: a code and its values instead of an English sentence.

What the checks said is parsed once; a text that none of them said stays, and is shown as it is. Each change has its
entry in the audit trail.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from targetwatch.store.types import digest

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ACTOR = "migration:0005"
DAY = r"\d{4}-\d\d-\d\d"
PERIOD = rf"(?:{DAY}\.\.{DAY}|{DAY}|\d{{4}}-\d\d\.\.\d{{4}}-\d\d|\d{{4}}-(?:\d\d|[QH]\d)|\d{{4}})"
AMOUNT = r"-?[\d,]+(?:\.\d+)?(?: .+?)??"
FIGURE = rf"{AMOUNT} \({PERIOD}(?:, published {DAY})?\)"
RATE = r"-?[\d,]+(?:\.\d+)? %"
NUMBER = re.compile(r"(-?[\d,]+(?:\.\d+)?)(?: (.+))?")
ONE_FIGURE = re.compile(rf"({AMOUNT}) \(({PERIOD})(?:, published ({DAY}))?\)")
GROWTH = (
    rf"A growth of (?P<growth>{RATE}) to (?P<value>{AMOUNT}) in (?P<period>{PERIOD}) means about (?P<implied>{AMOUNT}) "
    r"a year before, but "
)
FAR = rf"(?P<value>{AMOUNT}) is an order of magnitude "
QUOTED = (
    rf"The quote says '(?P<quoted>.*)', which is (?P<meant>{AMOUNT}), but the value is (?P<value>{AMOUNT}), "
    r"(?P<times>[\d,]+) times "
)
SAID: tuple[tuple[str, str], ...] = (
    (
        "unfitting_basis",
        r"A (?P<measure>\w+) is reported as (?P<fitting>[\w, ]+), but this reading says (?P<basis>\w+)\.",
    ),
    ("unit_differs", r"The reading says (?P<unit>.+), but the indicator counts (?P<counted>.*)\."),
    ("ends_after_today", rf"The period ends on (?P<end>{DAY}), after today, (?P<today>{DAY})\."),
    ("published_after_today", rf"It is said to be published on (?P<published>{DAY}), after today, (?P<today>{DAY})\."),
    (
        "ends_after_publication",
        rf"The period ends on (?P<end>{DAY}), after the day of publication, (?P<published>{DAY})\.",
    ),
    ("below_lowest", rf"(?P<value>{AMOUNT}) is below the lowest plausible value, (?P<lowest>{AMOUNT})\."),
    ("above_highest", rf"(?P<value>{AMOUNT}) is above the highest plausible value, (?P<highest>{AMOUNT})\."),
    ("growth_to_nothing", rf"A growth of (?P<growth>{RATE}) would leave nothing or less\."),
    ("larger_than_quoted", QUOTED + r"larger\."),
    ("smaller_than_quoted", QUOTED + r"smaller\."),
    *(
        (
            f"{code}_{what}",
            rf"The {total} of (?P<publisher>\S+) would {would}",
        )
        for code, total in (("year_to_date", "year-to-date"), ("running_total", "running total"))
        for what, would in (
            ("falls", rf"fall from (?P<earlier>{FIGURE}) to (?P<later>{FIGURE})\."),
            (
                "above_later",
                rf"be (?P<earlier>{FIGURE}), more than what it has grown to later: (?P<later>{FIGURE})\.",
            ),
        )
    ),
    ("growth_differs", GROWTH + rf"known is (?P<earlier>{FIGURE})\."),
    ("growth_of_next_year_differs", GROWTH + rf"this reading says (?P<earlier>{FIGURE})\."),
    ("large_revision", rf"It would revise (?P<current>{FIGURE}) to (?P<value>{AMOUNT})\."),
    *(
        (f"far_{way}{code}", FAR + rf"{way} what is known{how}: (?P<known>{FIGURE}(?:, {FIGURE})*)\.")
        for way in ("above", "below")
        for code, how in (("", ""), ("_per_day", " per day"))
    ),
)
"""The sentences of the checks up to 0002, each with the code that says the same."""


def upgrade() -> None:
    """Put a code in the place of every sentence that is known."""
    connection = op.get_bind()
    changed = []
    for number, said in connection.execute(sa.text("SELECT id, reason FROM held ORDER BY id")).all():
        if said.startswith('{"code":'):
            continue
        packed = json.dumps(problem(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(sa.text("UPDATE held SET reason = :reason WHERE id = :id"), {"reason": packed, "id": number})
        changed.append((str(number), {"reason": said}, {"reason": packed}))
    _append(connection, changed)


def downgrade() -> None:
    """Change nothing: an older program shows the code and the values as the reason they are."""


def problem(said: str) -> dict[str, Any]:
    """Return the code and the values of a sentence; the sentence itself as a code when no check said it."""
    for code, pattern in SAID:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found is not None:
            return {"code": code, "values": {name: _value(name, text) for name, text in found.groupdict().items()}}
    return {"code": said, "values": {}}


def _value(name: str, text: str) -> Any:  # noqa: ANN401 - JSON is whatever JSON is
    if name in {"value", "lowest", "highest", "meant", "implied"}:
        return _amount(text)
    if name in {"earlier", "later", "current"}:
        return _figures(text)[0]
    if name in {"end", "today", "published"}:
        return {"day": text}
    match name:
        case "unit" if text == "no unit":
            return {"code": "no_unit", "values": {}}
        case "unit" | "quoted":
            return text
        case "counted":
            return {"unit": text}
        case "fitting":
            return [{"basis": one} for one in text.split(", ")]
        case "known":
            return _figures(text)
        case "growth":
            return {"ratio": _hundredth(text.removesuffix(" %").replace(",", ""))}
        case "times":
            return {"number": text.replace(",", "")}
        case "period":
            return _period(text)
    return {name: text}


def _amount(text: str) -> dict[str, str]:
    found = NUMBER.fullmatch(text)
    assert found is not None
    return {"amount": found[1].replace(",", ""), "unit": found[2] or ""}


def _figures(text: str) -> list[dict[str, Any]]:
    figures = []
    for amount, period, published in ONE_FIGURE.findall(text):
        values = {"value": _amount(amount.removeprefix(", ")), "period": _period(period)}
        if published:
            figures.append({"code": "figure_published", "values": {**values, "published": {"day": published}}})
        else:
            figures.append({"code": "figure", "values": values})
    return figures


def _hundredth(digits: str) -> str:
    """Return a hundredth of a number written in digits, exactly."""
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, _, decimals = digits.partition(".")
    whole = whole.rjust(3, "0")
    return f"{sign}{whole[:-2]}.{whole[-2:]}{decimals}"


def _period(text: str) -> dict[str, list[str]]:
    first, dots, last = text.partition("..")
    start, end = _span(first)
    return {"period": [start.isoformat(), (_span(last)[1] if dots else end).isoformat()]}


def _span(text: str) -> tuple[date, date]:
    if re.fullmatch(DAY, text):
        return date.fromisoformat(text), date.fromisoformat(text)
    year, part = int(text[:4]), text[5:]
    months = {"": 12, "Q": 3, "H": 6}.get(part[:1], 1)
    number = int(part[1:]) if months in {3, 6} else int(part or 1)
    first = (number - 1) * months + 1
    last = first + months - 1
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)


def _append(connection: sa.Connection, changed: list[tuple[str, dict[str, str], dict[str, str]]]) -> None:
    """Add an entry for each held reading to the chain of the audit trail."""
    if not changed:
        return
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer),
        sa.column("at", sa.DateTime(timezone=True)),
        *(sa.column(name, sa.String) for name in ("actor", "action", "kind", "object", "reason", "hash")),
        *(sa.column(name, sa.JSON) for name in ("old", "new")),
    )
    count, previous = connection.execute(sa.text("SELECT entries, hash FROM audit_head")).one_or_none() or (0, "")
    now = datetime.now(UTC)
    names = ("id", "at", "actor", "action", "kind", "object", "old", "new", "reason")
    rows = []
    for number, (held, old, new) in enumerate(changed, count + 1):
        values = (number, now, ACTOR, "change", "held", held, old, new, "reasons kept as codes")
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        previous = row["hash"] = digest([previous, *values])
        rows.append(row)
    connection.execute(sa.insert(audit), rows)
    head = {"entries": count + len(rows), "hash": previous}
    if count:
        connection.execute(sa.text("UPDATE audit_head SET entries = :entries, hash = :hash"), head)
    else:
        connection.execute(sa.text("INSERT INTO audit_head (id, entries, hash) VALUES (1, :entries, :hash)"), head)
