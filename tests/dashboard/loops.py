"""Coroutines in tests, also in a process whose own loop runs: the browser tests leave theirs running."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def awaited(asked: Coroutine[object, object, Answer]) -> Answer:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()
