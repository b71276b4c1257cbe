"""Every row of one database into another of the same layout: what backup, restore and move have in common."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Dialect, Table, delete, func, select, text, type_coerce

from monitor.store.bulk import add_rows
from monitor.store.columns import Micros
from monitor.store.tables import SQLModel

ROWS_AT_ONCE = 10_000
TABLES: Sequence[Table] = SQLModel.metadata.sorted_tables  # a table stands after those that it points to


def copy_rows(source: Connection, target: Connection) -> dict[str, int]:
    """Copy every table and return how many rows each now holds; both sides must have the same layout."""
    for table in TABLES:
        columns = list(table.columns)
        wanted = [_plain(column) for column in columns]
        stream = source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(*wanted))
        prepare = [_preparation(column, target.dialect) for column in columns]
        add_rows(target, table, [column.name for column in columns], _prepared(stream, prepare))
    if target.dialect.name == "postgresql":
        _continue_numbering(target)
    return row_counts(target)


def clear_rows(connection: Connection) -> None:
    """Delete every row."""
    for table in reversed(TABLES):
        connection.execute(delete(table))


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds."""
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES}


def _plain(column: Column[Any]) -> Any:
    """Money goes over as the integer that it is stored as."""
    return type_coerce(column, BigInteger) if isinstance(column.type, Micros) else column


def _preparation(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What the target's driver wants instead of the column's Python value."""
    return None if isinstance(column.type, Micros) else column.type.dialect_impl(dialect).bind_processor(dialect)


def _prepared(rows: Any, prepare: Sequence[Callable[[Any], Any] | None]) -> Iterator[list[Any]]:
    for row in rows:
        yield [value if p is None or value is None else p(value) for value, p in zip(row, prepare, strict=True)]


def _continue_numbering(connection: Connection) -> None:
    """PostgreSQL numbers new rows from a sequence, which must go on after the highest copied number."""
    for table in TABLES:
        if "id" in table.columns:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            highest = f"(SELECT coalesce(max(id), 0) FROM {table.name})"
            connection.execute(text(f"SELECT setval({sequence}, {highest} + 1, false)"))
