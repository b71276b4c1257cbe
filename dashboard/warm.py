"""What the first visitor would wait for is done beforehand: loading the pages, and the answers of the first of them."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dashboard.first_sight import shell_with_sight


@asynccontextmanager
async def warmed(_: Any) -> AsyncIterator[None]:
    """For as long as the server runs; it listens at once, and loads the pages beside that."""
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield


def warm_up() -> None:
    """Load the pages with what draws their charts, and ask what the first one asks."""
    import dashboard.app  # noqa: F401 - for its effect: what is loaded once is there for every visitor

    shell_with_sight({})
