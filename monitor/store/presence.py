"""Whether a SQLite file is still the one that was opened: a deleted one is neither written on unseen nor made anew.

A process that holds a deleted file open could go on writing into nothing, and a new connection would begin an empty
database in its place. Both are noticed where a connection is taken: a file that was replaced is opened again, and one
that is gone is an error until it is back.
"""

from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

from monitor.errors import StoreError

GONE = (
    "the database file is gone: put it back, or stop gpu-limbo and take a backup (`gpu-limbo db restore FILE`); "
    "started again it begins a new one"
)


class _Presence:
    """What one engine knows of its file."""

    def __init__(self, path: Path) -> None:
        self.path, self.was_there = path, False

    def identity(self) -> tuple[int, int] | None:
        """What tells a file from another of the same name; `None` while there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def watch_file(engine: Engine, path: Path) -> None:
    """Have `engine` notice when its file is deleted or replaced."""
    presence = _Presence(path)
    event.listen(engine, "do_connect", lambda *_: _check_there(presence))
    event.listen(engine, "connect", lambda _connection, record: _note(presence, record))
    event.listen(engine, "checkout", lambda _connection, record, _proxy: _check_same(presence, record))
    _watched[engine] = presence


def forget_file(engine: Engine) -> None:
    """Let the next connection begin a new file: for a restore, which has set the damaged one aside."""
    if presence := _watched.get(engine):
        presence.was_there = False


_watched: WeakKeyDictionary[Engine, _Presence] = WeakKeyDictionary()


def _check_there(presence: _Presence) -> None:
    if presence.was_there and presence.identity() is None:
        raise StoreError(f"{GONE} ({presence.path})")


def _note(presence: _Presence, record: Any) -> None:
    record.info["file"] = presence.identity()
    presence.was_there = presence.was_there or record.info["file"] is not None


def _check_same(presence: _Presence, record: Any) -> None:
    """SQLAlchemy takes this error as a lost connection, opens a new one and goes on."""
    now = presence.identity()
    if record.info.get("file") is None:  # the first connection, before anything was written
        record.info["file"] = now
    elif record.info["file"] != now:
        raise InvalidatePoolError("the database file was replaced")
