"""Verdicts are rows, of a horizon with a number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; everything is judged anew once."""
    op.execute("DELETE FROM horizon")
    with op.batch_alter_table("horizon") as batch:
        batch.drop_column("apart")
        batch.add_column(sa.Column("number", sa.Integer(), nullable=False))
    op.create_table(
        "verdict",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("paces", sa.JSON(), nullable=False),
        sa.Column("turn", sa.Date(), nullable=True),
        sa.Column("failed", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["target"], ["target.id"], name=op.f("fk_verdict_target_target")),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict") as batch:
        batch.create_index(batch.f("ix_verdict_number"), ["number"], unique=False)


def downgrade() -> None:
    """Drop them: everything is judged anew."""
    with op.batch_alter_table("verdict") as batch:
        batch.drop_index(batch.f("ix_verdict_number"))
    op.drop_table("verdict")
    op.execute("DELETE FROM horizon")
    with op.batch_alter_table("horizon") as batch:
        batch.drop_column("number")
        batch.add_column(sa.Column("apart", sa.JSON(), nullable=False))
