"""What is configured, packed: each value as its JSON beside the few columns that are asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from targetwatch.errors import StoreError
from targetwatch.store.audit.trail import PACK, Fact, record
from targetwatch.store.types import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TITLED = ("title_en", "title_zh")
GONE: dict[str, dict[str, Any]] = {
    "programme": dict.fromkeys(TITLED, sa.String()),
    "publisher": dict.fromkeys(TITLED, sa.String()),
    "owner": dict.fromkeys(("name_en", "name_zh", "email", "language"), sa.String()),
    "source": {"kind": sa.String(), "schedule": sa.String(), "options": sa.JSON(), "enabled": sa.Boolean()},
    "indicator": {
        **dict.fromkeys((*TITLED, "measure", "unit", "unit_label_en", "unit_label_zh"), sa.String()),
        **dict.fromkeys(("scope_en", "scope_zh", "release_every"), sa.String()),
        **dict.fromkeys(("release_lag_days", "release_grace_days"), sa.Integer()),
        "release_calendar": sa.String(),
        "release_january_with_february": sa.Boolean(),
        **dict.fromkeys(("lowest", "highest", "derivation_kind"), sa.String()),
        "derivation_of": sa.JSON(),
        "derivation_base": sa.String(),
        "derivation_base_on": sa.Date(),
        **dict.fromkeys(("note_en", "note_zh"), sa.String()),
    },
    "target": dict.fromkeys((*TITLED, "short_en", "short_zh", "note_en", "note_zh"), sa.String()),
    "target_version": {
        **dict.fromkeys(("comparator", "goal_value", "goal_upper", "goal_change"), sa.String()),
        "start": sa.Date(),
        "deadline": sa.Date(),
        "baseline_value": sa.String(),
        **dict.fromkeys(("baseline_start", "baseline_end"), sa.Date()),
        "plan_shape": sa.String(),
        **dict.fromkeys(("plan_waypoints", "steps"), sa.JSON()),
        "announced_by": sa.String(),
        "announced_on": sa.Date(),
        **dict.fromkeys(("announced_in", "announced_url", "announced_quote", "reason"), sa.String()),
    },
}
"""The columns that go, by table."""
NULLABLE = {
    *("release_calendar", "lowest", "highest", "derivation_kind", "derivation_base", "derivation_base_on"),
    *("goal_value", "goal_upper", "goal_change", "deadline", "baseline_value", "baseline_start", "baseline_end"),
}
MANAGED = {"id": sa.String(), "managed_by": sa.String(), "archived_at": UTCDateTime()}
STAYS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("programme", "publisher", "owner", "source"), MANAGED),
    "indicator": {**MANAGED, "authority": sa.String()},
    "target": {
        **MANAGED,
        **dict.fromkeys(("indicator", "programme", "owner"), sa.String()),
        "revision": sa.Integer(),
    },
    "target_version": {
        "target": sa.String(),
        **dict.fromkeys(("number", "correction"), sa.Integer()),
        "recorded_at": UTCDateTime(),
        "effective": sa.Date(),
    },
}
KEYS = {table: ("target", "number", "correction") if table == "target_version" else ("id",) for table in GONE}


def upgrade() -> None:
    """Pack every row, and tell it in the audit trail with all that it said before and says from now on."""
    facts = []
    for table, gone in GONE.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("terms", sa.JSON(), nullable=True))
            if table == "indicator":
                batch.alter_column("authority", existing_type=sa.String(), nullable=True)
        facts += _packed(table)
        with op.batch_alter_table(table) as batch:
            batch.alter_column("terms", existing_type=sa.JSON(), nullable=False)
            for name in gone:
                batch.drop_column(name)
    record(op.get_bind(), facts, actor="upgrade", now=datetime.now(UTC), reason="")


def downgrade() -> None:
    """Put the columns back in an empty database; rows are in the backup from before the upgrade."""
    for table, gone in GONE.items():
        if op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table(table))):
            raise StoreError(
                f"table '{table}': its rows cannot be unpacked, expected the backup from before the upgrade"
            )
        with op.batch_alter_table(table) as batch:
            batch.drop_column("terms")
            for name, kind in gone.items():
                batch.add_column(sa.Column(name, kind, nullable=name in NULLABLE))
            if table == "indicator":
                batch.alter_column("authority", existing_type=sa.String(), nullable=False)


def _packed(name: str) -> list[Fact]:
    """Fill in the terms of a table's rows, and return what the trail is to say of each."""
    table = sa.table(
        name, *(sa.column(*column) for column in {**STAYS[name], **GONE[name], "terms": sa.JSON()}.items())
    )
    keys = [table.c[key] for key in KEYS[name]]
    query = sa.select(*(column for column in table.c if column.name != "terms")).order_by(*keys)
    facts = []
    for row in [dict(found) for found in op.get_bind().execute(query).mappings()]:
        changed: dict[str, Any] = {"terms": TERMS[name](row)}
        if name == "indicator":
            changed["authority"] = row["authority"] or None
        its = (key == row[key.name] for key in keys)
        op.get_bind().execute(sa.update(table).where(*its).values(changed))
        new = {column: row[column] for column in STAYS[name]} | changed
        facts.append(Fact(PACK, name, "/".join(str(row[key.name]) for key in keys), row, spelled(new)))
    return facts


def _titled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": _text(row, "title")}


def _owner(row: Mapping[str, Any]) -> dict[str, Any]:
    language = row["language"] if row["language"] != "en" else None
    return _said(name=_text(row, "name"), email=row["email"], language=language)


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    enabled = {} if row["enabled"] else {"enabled": False}
    return _said(kind=row["kind"], schedule=row["schedule"], options=row["options"]) | enabled


def _indicator(row: Mapping[str, Any]) -> dict[str, Any]:
    rule, of = row["derivation_kind"], row["derivation_of"]
    release = _said(
        every=row["release_every"] if row["release_every"] != "irregular" else None,
        lag=_days(row["release_lag_days"]),
        grace=_days(row["release_grace_days"]),
        calendar=row["release_calendar"],
        january_with_february=row["release_january_with_february"] or None,
    )
    return ({rule: of if rule == "ratio" else of[0]} if rule else {}) | _said(
        base=row["derivation_base"],
        base_on=_day(row["derivation_base_on"]),
        title=_text(row, "title"),
        measure=row["measure"],
        unit=row["unit"],
        unit_label=_text(row, "unit_label"),
        scope=_text(row, "scope"),
        release=release,
        lowest=row["lowest"],
        highest=row["highest"],
        note=_text(row, "note"),
    )


def _target(row: Mapping[str, Any]) -> dict[str, Any]:
    return _said(title=_text(row, "title"), short=_text(row, "short"), note=_text(row, "note"))


def _version(row: Mapping[str, Any]) -> dict[str, Any]:
    baseline = None
    if row["baseline_value"] is not None:
        baseline = {"value": row["baseline_value"], "period": _period(row["baseline_start"], row["baseline_end"])}
    announced = {
        "by": row["announced_by"],
        **_said(
            on=_day(row["announced_on"]),
            source=row["announced_in"],
            url=row["announced_url"],
            quote=row["announced_quote"],
        ),
    }
    return _said(
        goal=_goal(row),
        baseline=baseline,
        start=_day(row["start"]),
        deadline=_day(row["deadline"]),
        plan=_plan(row),
        steps=[{"id": step["id"], "title": _text(step, "title"), **_said(due=step["due"])} for step in row["steps"]],
        reason=row["reason"],
        announcement=announced,
    )


def _goal(row: Mapping[str, Any]) -> str | dict[str, Any]:
    if row["goal_change"] is not None:
        by = Decimal(row["goal_change"]) * 100
        return {"change": {"by": f"{'+' if by > 0 else ''}{_short(by)}%"}}
    if row["comparator"] == "complete":
        return "complete"
    if row["comparator"] == "between":
        return {"between": [row["goal_value"], row["goal_upper"]]}
    return {row["comparator"]: row["goal_value"]}


def _plan(row: Mapping[str, Any]) -> str | dict[str, Any] | None:
    if row["plan_waypoints"]:
        return {"waypoints": [{"on": day, "value": value} for day, value in row["plan_waypoints"]]}
    return row["plan_shape"] if row["plan_shape"] != "linear" else None


def _said(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return what is not left out."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _text(row: Mapping[str, Any], name: str) -> dict[str, str]:
    return _said(en=row[f"{name}_en"], zh=row[f"{name}_zh"])


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _days(count: int) -> str | None:
    return f"{count}d" if count else None


def _short(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _period(start: date, end: date) -> int | str:
    """Return the shortest name of a period: 2024, 2024-Q1, 2024-01..2024-08, 2024-12-31."""
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if start == end or start.day != 1 or after.day != 1:
        return start.isoformat() if start == end else f"{start}..{end}"
    if months == 12 and start.month == 1:  # noqa: PLR2004 - a year
        return start.year
    for size, letter in ((6, "H"), (3, "Q")):
        if months == size and (start.month - 1) % size == 0:
            return f"{start.year:04}-{letter}{(start.month - 1) // size + 1}"
    first, last = f"{start.year:04}-{start.month:02}", f"{end.year:04}-{end.month:02}"
    return first if first == last else f"{first}..{last}"


TERMS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "programme": _titled,
    "publisher": _titled,
    "owner": _owner,
    "source": _source,
    "indicator": _indicator,
    "target": _target,
    "target_version": _version,
}
