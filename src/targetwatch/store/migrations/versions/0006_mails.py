"""Mails: what is to be told, what was told last, every mail; who said "I know", who wants fewer; the links' keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the six tables; the first start takes the present as told."""
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    with op.batch_alter_table("mail") as batch:
        batch.create_index(batch.f("ix_mail_receiver"), ["receiver"], unique=False)
        batch.create_index(batch.f("ix_mail_state"), ["state"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("receiver", "kind", "about", name=op.f("pk_outbox")),
    )
    op.create_table(
        "secret_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret_key")),
    )
    op.create_table(
        "told",
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("bound", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("receiver", "kind", "about", name=op.f("pk_told")),
    )
    op.create_table(
        "unsubscription",
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("receiver", name=op.f("pk_unsubscription")),
    )
    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["target"], ["target.id"], name=op.f("fk_acknowledgement_target_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    with op.batch_alter_table("acknowledgement") as batch:
        batch.create_index(batch.f("ix_acknowledgement_target"), ["target"], unique=False)


def downgrade() -> None:
    """Drop them: nobody knows any more what was told, and what waits is lost."""
    with op.batch_alter_table("acknowledgement") as batch:
        batch.drop_index(batch.f("ix_acknowledgement_target"))

    op.drop_table("acknowledgement")
    op.drop_table("unsubscription")
    op.drop_table("told")
    op.drop_table("secret_key")
    op.drop_table("outbox")
    with op.batch_alter_table("mail") as batch:
        batch.drop_index(batch.f("ix_mail_state"))
        batch.drop_index(batch.f("ix_mail_receiver"))

    op.drop_table("mail")
