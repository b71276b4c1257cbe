"""Runs migrations on the connection that `engine.upgrade` hands over, in one transaction."""

from typing import Any, Literal

from alembic import context

from monitor.store import tables
from monitor.store.columns import CleanText, Micros, UtcTime


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain database types, so that they never change with our code."""
    if kind == "type" and isinstance(item, Micros):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, CleanText):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.SQLModel.metadata,
    render_item=render_item,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
context.run_migrations()
