"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("old", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("new", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit") as batch:
        batch.create_index(batch.f("ix_audit_actor"), ["actor"], unique=False)
        batch.create_index(batch.f("ix_audit_at"), ["at"], unique=False)
        batch.create_index(batch.f("ix_audit_kind"), ["kind"], unique=False)
        batch.create_index(batch.f("ix_audit_object"), ["object"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "fetch_state",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_fetch_state")),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("unit_label_en", sa.String(), nullable=False),
        sa.Column("unit_label_zh", sa.String(), nullable=False),
        sa.Column("scope_en", sa.String(), nullable=False),
        sa.Column("scope_zh", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("release_every", sa.String(), nullable=False),
        sa.Column("release_lag_days", sa.Integer(), nullable=False),
        sa.Column("release_grace_days", sa.Integer(), nullable=False),
        sa.Column("release_calendar", sa.String(), nullable=True),
        sa.Column("release_january_with_february", sa.Boolean(), nullable=False),
        sa.Column("lowest", sa.String(), nullable=True),
        sa.Column("highest", sa.String(), nullable=True),
        sa.Column("derivation_kind", sa.String(), nullable=True),
        sa.Column("derivation_of", sa.JSON(), nullable=False),
        sa.Column("derivation_base", sa.String(), nullable=True),
        sa.Column("derivation_base_on", sa.Date(), nullable=True),
        sa.Column("note_en", sa.String(), nullable=False),
        sa.Column("note_zh", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    op.create_table(
        "ingest_run",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("revised", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_run")),
    )
    with op.batch_alter_table("ingest_run") as batch:
        batch.create_index(batch.f("ix_ingest_run_source"), ["source"], unique=False)

    op.create_table(
        "owner",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_table(
        "publisher",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publisher")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("schedule", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("qualifier", sa.String(), nullable=False),
        sa.Column("rounding", sa.String(), nullable=False),
        sa.Column("yoy", sa.String(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("evidence_url", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["indicator"], ["indicator.id"], name=op.f("fk_reading_indicator_indicator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "indicator",
            "publisher",
            "period_start",
            "period_end",
            "basis",
            "step",
            "vintage",
            name="uq_reading_vintage",
        ),
    )
    op.create_table(
        "target",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("short_en", sa.String(), nullable=False),
        sa.Column("short_zh", sa.String(), nullable=False),
        sa.Column("note_en", sa.String(), nullable=False),
        sa.Column("note_zh", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["indicator"], ["indicator.id"], name=op.f("fk_target_indicator_indicator")),
        sa.ForeignKeyConstraint(["owner"], ["owner.id"], name=op.f("fk_target_owner_owner")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_target_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target") as batch:
        batch.create_index(batch.f("ix_target_indicator"), ["indicator"], unique=False)
        batch.create_index(batch.f("ix_target_owner"), ["owner"], unique=False)
        batch.create_index(batch.f("ix_target_programme"), ["programme"], unique=False)

    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("qualifier", sa.String(), nullable=False),
        sa.Column("rounding", sa.String(), nullable=False),
        sa.Column("yoy", sa.String(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("evidence_url", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["indicator"], ["indicator.id"], name=op.f("fk_held_indicator_indicator")),
        sa.ForeignKeyConstraint(["reading"], ["reading.id"], name=op.f("fk_held_reading_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held")),
        sa.UniqueConstraint(
            "indicator",
            "publisher",
            "period_start",
            "period_end",
            "basis",
            "step",
            "vintage",
            name="uq_held_vintage",
        ),
    )
    with op.batch_alter_table("held") as batch:
        batch.create_index(batch.f("ix_held_status"), ["status"], unique=False)

    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("old", sa.String(), nullable=True),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("sentence_en", sa.String(), nullable=False),
        sa.Column("sentence_zh", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["target"], ["target.id"], name=op.f("fk_status_change_target_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
        sa.UniqueConstraint("target", "number", name=op.f("uq_status_change_target_number")),
    )
    op.create_table(
        "target_version",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("comparator", sa.String(), nullable=False),
        sa.Column("goal_value", sa.String(), nullable=True),
        sa.Column("goal_upper", sa.String(), nullable=True),
        sa.Column("goal_change", sa.String(), nullable=True),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("baseline_value", sa.String(), nullable=True),
        sa.Column("baseline_start", sa.Date(), nullable=True),
        sa.Column("baseline_end", sa.Date(), nullable=True),
        sa.Column("plan_shape", sa.String(), nullable=False),
        sa.Column("plan_waypoints", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("announced_in", sa.String(), nullable=False),
        sa.Column("announced_url", sa.String(), nullable=False),
        sa.Column("announced_quote", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["target"], ["target.id"], name=op.f("fk_target_version_target_target")),
        sa.PrimaryKeyConstraint("target", "number", "correction", name=op.f("pk_target_version")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reading"], ["reading.id"], name=op.f("fk_withdrawal_reading_reading")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    with op.batch_alter_table("withdrawal") as batch:
        batch.create_index(batch.f("ix_withdrawal_reading"), ["reading"], unique=False)


def downgrade() -> None:
    """Drop them all."""
    with op.batch_alter_table("withdrawal") as batch:
        batch.drop_index(batch.f("ix_withdrawal_reading"))

    op.drop_table("withdrawal")
    op.drop_table("target_version")
    op.drop_table("status_change")
    with op.batch_alter_table("held") as batch:
        batch.drop_index(batch.f("ix_held_status"))

    op.drop_table("held")
    with op.batch_alter_table("target") as batch:
        batch.drop_index(batch.f("ix_target_programme"))
        batch.drop_index(batch.f("ix_target_owner"))
        batch.drop_index(batch.f("ix_target_indicator"))

    op.drop_table("target")
    op.drop_table("reading")
    op.drop_table("source")
    op.drop_table("publisher")
    op.drop_table("programme")
    op.drop_table("owner")
    with op.batch_alter_table("ingest_run") as batch:
        batch.drop_index(batch.f("ix_ingest_run_source"))

    op.drop_table("ingest_run")
    op.drop_table("indicator")
    op.drop_table("fetch_state")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit") as batch:
        batch.drop_index(batch.f("ix_audit_object"))
        batch.drop_index(batch.f("ix_audit_kind"))
        batch.drop_index(batch.f("ix_audit_at"))
        batch.drop_index(batch.f("ix_audit_actor"))

    op.drop_table("audit")
