"""Many rows at once, past SQLAlchemy's handling of single rows: COPY on PostgreSQL, executemany on SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Table, bindparam, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def add_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of plain driver values and return how many were new; one whose primary key is taken is left out."""
    if connection.dialect.name == "sqlite":
        return _add_to_sqlite(connection, table, columns, rows)
    return _add_to_postgresql(connection, table, columns, rows)


def update_rows(
    connection: Connection, table: Table, key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Set columns of rows by the value of `key`, which stands first in each row; values as the driver takes them."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        row_key, names = bindparam("row_key"), dict(zip(columns, (f"new_{name}" for name in columns), strict=True))
        values = {name: bindparam(new) for name, new in names.items()}
        statement = update(table).where(table.c[key] == row_key).values(values)
        connection.execute(statement, [dict(zip(("row_key", *names.values()), row, strict=True)) for row in rows])
        return
    names = (key, *columns)  # one statement instead of one a row
    types = [table.c[name].type.compile(connection.dialect) for name in names]
    arrays = ", ".join(f"CAST(:v{n} AS {kind}[])" for n, kind in enumerate(types))
    setting = ", ".join(f'"{name}" = v."{name}"' for name in columns)
    connection.execute(
        text(
            f"UPDATE {table.name} SET {setting} FROM unnest({arrays}) AS v({_names(names)}) "
            f'WHERE {table.name}."{key}" = v."{key}"'
        ),
        {f"v{n}": list(values) for n, values in enumerate(zip(*rows, strict=True))},
    )


def insert_into(session: Session, row: type[SQLModel]) -> Any:
    """An INSERT of the session's dialect, which knows what to do `on_conflict_...`: another process may be quicker."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    return insert(row.__table__)  # type: ignore[attr-defined]


def read_numbers(connection: Connection, query: Any) -> NDArray[np.float64]:
    """A query's columns of whole numbers as floats, missing ones as nan; one row of the array per row found."""
    compiled = query.compile(connection, compile_kwargs={"render_postcompile": True})
    names = compiled.positiontup
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(str(compiled), compiled.params if names is None else [compiled.params[name] for name in names])
        rows = cursor.fetchall()
    finally:
        cursor.close()
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(query.selected_columns))


def _add_to_sqlite(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    cursor = connection.connection.cursor()
    before = connection.execute(text("SELECT total_changes()")).scalar_one()
    marks = ", ".join("?" * len(columns))
    cursor.executemany(
        f"INSERT INTO {table.name} ({_names(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING",
        rows,  # type: ignore[arg-type]
    )
    cursor.close()
    return int(connection.execute(text("SELECT total_changes()")).scalar_one() - before)


def _add_to_postgresql(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """COPY knows no conflicts: rows go to a table of this transaction first."""
    names, incoming = _names(columns), f"incoming_{table.name}"
    connection.execute(text(f"CREATE TEMP TABLE {incoming} (LIKE {table.name} INCLUDING DEFAULTS) ON COMMIT DROP"))
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {incoming} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()
    done = connection.execute(
        text(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {incoming} ON CONFLICT DO NOTHING")
    )
    connection.execute(text(f"DROP TABLE {incoming}"))
    return int(done.rowcount)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
