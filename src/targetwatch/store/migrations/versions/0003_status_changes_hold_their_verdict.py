"""Status changes hold the figures they rest on, and how far everything is judged stands in a table of its own."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OLD_PLACE = "(judged)"
FETCH_STATE = sa.table(
    "fetch_state",
    sa.column("source", sa.String()),
    sa.column("state", sa.JSON()),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Add column and table; the sentences kept so far stay, and what was judged need not be judged again."""
    with op.batch_alter_table("status_change") as batch:
        batch.add_column(sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True))
    horizon = op.create_table(
        "horizon",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("withdrawal", sa.Integer(), nullable=False),
        sa.Column("configured", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("apart", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_horizon")),
    )
    is_old_place = FETCH_STATE.c.source == OLD_PLACE
    state = op.get_bind().execute(sa.select(FETCH_STATE.c.state).where(is_old_place)).scalar()
    if state:
        row = {**state, "id": 1, "through": date.fromisoformat(state["through"]), "apart": state.get("apart", [])}
        op.bulk_insert(horizon, [row])
    op.execute(sa.delete(FETCH_STATE).where(is_old_place))


def downgrade() -> None:
    """Drop them: the sentences of newer changes are lost, and everything is judged anew."""
    op.drop_table("horizon")
    with op.batch_alter_table("status_change") as batch:
        batch.drop_column("verdict")
