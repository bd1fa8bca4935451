"""Articles that people were done with, and what in them was not ours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nothing has been answered yet."""
    op.create_table(
        "article_answer",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_answer")),
    )
    with op.batch_alter_table("article_answer") as batch:
        batch.create_index(batch.f("ix_article_answer_digest"), ["digest"], unique=False)
        batch.create_index(batch.f("ix_article_answer_publisher"), ["publisher"], unique=False)


def downgrade() -> None:
    """Drop the answers: articles read before propose their figures again."""
    with op.batch_alter_table("article_answer") as batch:
        batch.drop_index(batch.f("ix_article_answer_publisher"))
        batch.drop_index(batch.f("ix_article_answer_digest"))

    op.drop_table("article_answer")
