"""Past days that were judged are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nothing is kept yet."""
    op.create_table(
        "past_verdicts",
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("withdrawal", sa.Integer(), nullable=False),
        sa.Column("configured", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("through", "clock", "place", name=op.f("pk_past_verdicts")),
    )


def downgrade() -> None:
    """Drop it: a day asked for is judged anew."""
    op.drop_table("past_verdicts")
