"""The database of this process, and the cache that every query shares."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import Engine
from sqlmodel import Session

from monitor.catalog import Catalog, load_catalog
from monitor.clock import utc_now
from monitor.core.models import Preferences
from monitor.rates import dollars_by_currency, load_rates
from monitor.settings import Settings, load_settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

P = ParamSpec("P")
T = TypeVar("T")
MOST_KEPT = 512  # answers; the oldest go first


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The database of this process, with its layout brought up to date; raises `MonitorError`."""
    return open_store(settings().database)


@lru_cache(maxsize=1)
def catalog() -> Catalog:
    """The shipped facts."""
    return load_catalog()


@contextmanager
def read() -> Iterator[Session]:
    """A session that only reads."""
    with session_scope(engine(), read_only=True) as session:
        yield session


def version() -> str:
    """Changes whenever a price, call or choice changes."""
    if (pinned := getattr(_page, "version", None)) is not None:
        return pinned
    with read() as session:
        return repo.data_version(session)


@contextmanager
def one_version() -> Iterator[str]:
    """Within, all answers are of the same version, which is asked for once: a page is of one piece, and quick."""
    _page.version = version()
    try:
        yield _page.version
    finally:
        unpin()


def unpin() -> None:
    """Ask for the version again: the page itself has changed something."""
    _page.version = None


def preferences() -> Preferences:
    """What the owner chose on the settings page, over what the environment says."""
    with read() as session:
        return repo.preferences(session, settings().preferences)


@lru_cache(maxsize=1)
def _dollars(_day: date) -> dict[str, float]:
    rates = load_rates(settings().home)
    return dollars_by_currency({"EUR", *rates.per_euro}, rates)


def dollars() -> dict[str, float]:
    """What one unit of each currency is worth in US dollars, by the newest rates; read once a day."""
    return _dollars(utc_now().date())


_page = threading.local()  # Streamlit runs each visitor's script in a thread of its own
_answers: OrderedDict[object, object] = OrderedDict()
_lock = threading.Lock()


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Keep answers under the arguments and the version of the data; for functions of hashable arguments."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (function.__module__, function.__name__, version(), args, tuple(sorted(kwargs.items())))
        with _lock:
            if key in _answers:
                _answers.move_to_end(key)
                return cast(T, _answers[key])
        found = function(*args, **kwargs)
        with _lock:
            _answers[key] = found
            while len(_answers) > MOST_KEPT:
                _answers.popitem(last=False)
        return found

    return answer


def forget() -> None:
    """Drop the database and every answer: for tests that change the address of the database."""
    with _lock:
        _answers.clear()
    for kept in (settings, engine, catalog, _dollars):
        kept.cache_clear()
