"""Answers kept for a version of the data; each is worked out once, however many ask for it at the same time."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")
_NONE_YET = object()


class Answers:
    """Answers by their question, for the newest few versions of the data: what older ones said is let go at once,
    since a crawl makes a version a second and some answers are large. Of one version the oldest answers go first."""

    def __init__(self, versions: int, most: int) -> None:
        self._versions, self._most = versions, most
        self._kept: OrderedDict[str, OrderedDict[Hashable, object]] = OrderedDict()
        self._gates: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, version: str, question: Hashable, work: Callable[[], T]) -> T:
        """The kept answer, or what `work` makes of the question; what it raises is kept for nobody."""
        found = self._find(version, question)
        if found is not _NONE_YET:
            return cast(T, found)
        with self._lock:
            gate = self._gates.setdefault((version, question), threading.Lock())
        try:
            with gate:
                found = self._find(version, question)  # somebody else may have found it meanwhile
                if found is _NONE_YET:
                    found = work()
                    self._keep(version, question, found)
                return cast(T, found)
        finally:
            with self._lock:
                self._gates.pop((version, question), None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _find(self, version: str, question: Hashable) -> object:
        with self._lock:
            kept = self._kept.get(version)
            if kept is None or question not in kept:
                return _NONE_YET
            kept.move_to_end(question)
            return kept[question]

    def _keep(self, version: str, question: Hashable, answer: object) -> None:
        with self._lock:
            kept = self._kept.setdefault(version, OrderedDict())
            kept[question] = answer
            while len(kept) > self._most:
                kept.popitem(last=False)
            while len(self._kept) > self._versions:
                self._kept.popitem(last=False)
