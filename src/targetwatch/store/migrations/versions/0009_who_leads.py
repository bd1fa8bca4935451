"""Who leads of the processes on one database, and in which term."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nobody has led yet."""
    leader = op.create_table(
        "leader",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader")),
    )
    op.bulk_insert(leader, [{"id": 1, "term": 0, "holder": "", "since": None}])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("leader")
