"""Whether held figures need a second person: an installation that has accounts already starts without."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; where people have worked without, it stays off until an admin turns it on."""
    table = op.create_table(
        "four_eyes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_four_eyes")),
    )
    if op.get_bind().execute(sa.text("SELECT 1 FROM account LIMIT 1")).first() is not None:
        op.bulk_insert(table, [{"id": 1, "is_on": False, "chosen_at": datetime.now(UTC)}])


def downgrade() -> None:
    """Forget what was chosen: whoever may edit accepts alone."""
    op.drop_table("four_eyes")
