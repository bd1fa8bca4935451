"""How Alembic runs here: on the connection it is given, every migration in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from targetwatch.store.tables import METADATA
from targetwatch.store.types import ExactDecimal

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

PLAIN = {ExactDecimal: "sa.String()", AutoString: "sa.String()", UTCDateTime: "sa.DateTime(timezone=True)"}
"""A migration names plain types: it must not change when the program's own types do."""


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:  # noqa: ANN401 - Alembic's
    """Return how a drafted migration writes one of our column types; False for Alembic's own way."""
    return PLAIN.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
