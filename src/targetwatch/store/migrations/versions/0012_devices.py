"""Which browser and system a session was begun with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a session begun before nothing is known."""
    with op.batch_alter_table("web_session") as batch:
        batch.add_column(sa.Column("device", sa.String(), nullable=True))


def downgrade() -> None:
    """Forget the devices."""
    with op.batch_alter_table("web_session") as batch:
        batch.drop_column("device")
