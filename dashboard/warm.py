"""What a visitor would wait for is done beforehand: loading the pages, and what each round of calls leaves to do.

At the end the objects of all that was loaded are set aside from garbage collection: they stay anyway, and looking
through them would hold up every page that is being drawn. For the same reason no page ends with a collection of its own
(`postScriptGC` in .streamlit/config.toml); Python's usual ones, when enough is new, do.
"""

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dashboard import queries
from dashboard.first_sight import shell_with_sight
from monitor.errors import MonitorError

LOOKED_EVERY_SECONDS = 5.0
log = logging.getLogger(__name__)


@asynccontextmanager
async def warmed(_: Any) -> AsyncIterator[None]:
    """For as long as the server runs; it listens at once, and loads the pages beside that."""
    stopped = threading.Event()
    threading.Thread(target=_keep_warm, args=(stopped,), name="warm-up", daemon=True).start()
    yield
    stopped.set()


def warm_up() -> None:
    """Load the pages with what draws their charts, and ask what the first one asks."""
    import dashboard.app  # noqa: F401 - for its effect: what is loaded once is there for every visitor

    shell_with_sight({})
    gc.collect()
    gc.freeze()


def prepare_round() -> None:
    """Ask what pages ask of all prices, so that it is there when the first visitor comes after a round of calls."""
    from dashboard.views.record import first_month

    with queries.one_version():
        calls = [call for goal in queries.goals() for call in queries.verdict(goal).signals[:1]]
        for call in calls[:1]:
            currency = call.price.currency if call.price else ""
            queries.fan((call.gpu, str(call.condition), call.region, currency))
            queries.throughput_of(call.gpu, next(iter(queries.catalog().workloads)))  # learns from all measured cards
        if months := queries.known_months():
            queries.remembered(first_month(months))


def _keep_warm(stopped: threading.Event) -> None:
    try:
        warm_up()
    except Exception:  # whatever it is, pages can be drawn without, and a later round may be prepared
        log.exception("the pages could not be loaded beforehand")
    prepared = ""
    while not stopped.wait(LOOKED_EVERY_SECONDS):
        prepared = _prepared(prepared)


def _prepared(before: str) -> str:
    """The version of the newest round that was prepared or cannot be; one that fails is not tried over and over."""
    newest = before
    try:
        newest = queries.round_version()
        if newest == before or queries.replay() or not queries.signals():  # a replay has a round every moment
            return before
        prepare_round()
    except MonitorError:  # the pages themselves say what is wrong, until the database answers again
        return before
    except Exception:
        log.exception("a round could not be prepared; its first visitor waits for it")
    return newest
