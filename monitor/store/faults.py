"""What a database says when it fails, said again as one sentence that tells what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import StoreError

DAMAGED = "the database file is damaged or is no database: restore the last backup with `gpu-limbo db restore FILE`"
REFUSED = (
    "the disk does not take what is written (a quota is used up, or the disk fails): make room or mend it, then retry; "
    "nothing that was stored is lost"
)
WRITING_FAILED = ("IOERR_WRITE", "IOERR_FSYNC", "IOERR_DIR_FSYNC", "IOERR_TRUNCATE", "IOERR_SHMSIZE", "IOERR_DELETE")
SENTENCES = (  # first match wins; parts are looked for in the lower-cased message
    (("database is locked", "database table is locked", "lock timeout", "deadlock detected", "could not obtain lock"),
     "the database is in use by another process for too long: try again, and stop any second gpu-limbo"),
    (("database or disk is full", "no space left", "disk full", "could not extend file"),
     "the disk with the database is full: free some space and try again; nothing that was stored is lost"),
    (("readonly database", "read-only transaction", "cannot execute"),
     "the database can only be read: give this user the right to write to it and to its folder"),
    (("malformed", "file is not a database", "disk i/o error", "invalid page", "file is encrypted"),
     DAMAGED),
    (("already exists",), "the database holds tables of another program: name another one in DATABASE_URL"),
    (("no such table", "relation \"", "no such column", "undefinedtable", "undefinedcolumn", "has no column named"),
     "the database has another layout than this program: run `gpu-limbo db upgrade`"),
    (("password authentication failed", "no password supplied", "role "),
     "the database refuses the user or password: check DATABASE_URL"),
    (("database \"",), "the database named in DATABASE_URL does not exist: create it, or mend the name"),
    (("unable to open database file",),
     "the database file cannot be opened: check that its folder exists and that this user may write there"),
    (("connection refused", "could not translate host", "failed to resolve", "connection timeout", "timeout expired",
      "connection failed", "server closed the connection", "terminating connection", "connection is lost",
      "no such file or directory", "network is unreachable", "starting up", "shutting down", "consuming input failed"),
     "the database server does not answer: check that it runs and that DATABASE_URL names it"),
)  # fmt: skip


class Damaged(StoreError):
    """The database file is no database, or not a whole one."""


@contextmanager
def store_errors(place: str = "") -> Iterator[None]:
    """Turns what the database raises into `StoreError`; a broken rule (a bug of ours) passes as it is."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        kind = Damaged if sentence == DAMAGED else StoreError
        raise kind(f"{sentence} ({place})" if place else sentence) from error


def _sentence(error: Exception) -> str | None:
    """What to tell about `error`, or `None` where it is no matter of the database's state."""
    if isinstance(error, PoolTimeout):
        return "all connections to the database are in use: try again in a moment"
    original = getattr(error, "orig", None) or error
    if str(getattr(original, "sqlite_errorname", "")).removeprefix("SQLITE_") in WRITING_FAILED:
        return REFUSED
    text = str(original).lower()
    return next((sentence for parts, sentence in SENTENCES if any(part in text for part in parts)), None)
