"""The database of this process, and the cache that every query shares."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from dashboard.queries.answers import Answers
from monitor.catalog import Catalog, load_catalog
from monitor.clock import utc_now
from monitor.core.models import Preferences, Series
from monitor.rates import dollars_by_currency, load_rates
from monitor.settings import Settings, load_settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

P = ParamSpec("P")
T = TypeVar("T")
MOST_KEPT, MOST_OF_A_ROUND = 512, 64  # answers


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
    return _versions().data


@contextmanager
def one_version() -> Iterator[str]:
    """Within, all answers are of the same version, which is asked for once: a page is of one piece, and quick."""
    _page.versions = _versions()
    try:
        yield _page.versions.data
    finally:
        unpin()


def unpin() -> None:
    """Ask for the version again: the page itself has changed something."""
    _page.versions = None


def _versions() -> repo.Versions:
    if (pinned := getattr(_page, "versions", None)) is not None:
        return pinned
    with read() as session:
        return repo.versions(session)


def round_version() -> str:
    """Changes with each round of calls, not with each price."""
    return _versions().round


@lru_cache(maxsize=1)
def _dollars(_day: date) -> tuple[dict[str, float], date]:
    rates = load_rates(settings().home)
    return dollars_by_currency({"EUR", *rates.per_euro}, rates), rates.days[-1]


def dollars() -> dict[str, float]:
    """What one unit of each currency is worth in US dollars, by the newest rates; read once a day."""
    return _dollars(utc_now().date())[0]


def rates_on() -> date:
    """The day of the newest exchange rates."""
    return _dollars(utc_now().date())[1]


_page = threading.local()  # Streamlit runs each visitor's script in a thread of its own
_answers, _of_rounds = Answers(versions=3, most=MOST_KEPT), Answers(versions=2, most=MOST_OF_A_ROUND)
_series = Answers(versions=1, most=1)  # a hundred megabytes where ten million offers are stored


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Keep answers under the arguments and the version of the data; for functions of hashable arguments."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        return _answers.get(version(), _question(function, args, kwargs), lambda: function(*args, **kwargs))

    return answer


def cached_for_a_round(function: Callable[P, T]) -> Callable[P, T]:
    """The same for what takes seconds, since it is worked out from all prices: it is as new as the calls beside it,
    and a crawl, which changes the data every second, does not have it done over and over."""

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        return _of_rounds.get(round_version(), _question(function, args, kwargs), lambda: function(*args, **kwargs))

    return answer


def _question(function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> Hashable:
    """The whole question: a value that only one visitor gave is part of it, so that nobody gets another's answer."""
    return function.__module__, function.__qualname__, args, tuple(sorted(kwargs.items()))


def preferences() -> Preferences:
    """What the owner chose on the settings page, over what the environment says."""
    return _preferences(settings().preferences)


@cached
def _preferences(defaults: Preferences) -> Preferences:
    with read() as session:
        return repo.preferences(session, defaults)


def all_series(as_of: datetime | None = None) -> list[Series]:
    """Every price series with what could be known at `as_of`; those of now are read once for a round."""

    def found() -> list[Series]:
        with read() as session:
            return repo.series_as_of(session, as_of or utc_now())

    return found() if as_of else _series.get(round_version(), "now", found)


def forget() -> None:
    """Drop the database and every answer: for tests that change the address of the database."""
    _answers.clear()
    _of_rounds.clear()
    _series.clear()
    for kept in (settings, engine, catalog, _dollars):
        kept.cache_clear()
