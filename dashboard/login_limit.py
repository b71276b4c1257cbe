"""How often a password may be guessed: few times from one address, not many times in all."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WITHIN = timedelta(minutes=15)
MOST_FROM_ONE, MOST_IN_ALL = 5, 100
MOST_KNOWN = 1000  # addresses from which somebody has signed in


class Attempts:
    """Counts tries before they are judged, so that many at once count as many."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._tries: deque[tuple[float, str]] = deque()  # of the last quarter of an hour; at most MOST_IN_ALL
        self._known: OrderedDict[str, None] = OrderedDict()

    def begin(self, address: str) -> int:
        """Count a try; the seconds to wait where it is one too many (then it does not count), else 0.

        Strangers who use up what is allowed in all do not lock out an address that has been let in before.
        """
        place, now = _network(address), self._clock().timestamp()
        with self._lock:
            while self._tries and self._tries[0][0] <= now - WITHIN.total_seconds():
                self._tries.popleft()
            mine = [moment for moment, tried in self._tries if tried == place]
            if len(mine) >= MOST_FROM_ONE:
                return self._wait(mine[0], now)
            if len(self._tries) >= MOST_IN_ALL and place not in self._known:
                return self._wait(self._tries[0][0], now)
            self._tries.append((now, place))
            return 0

    def succeeded(self, address: str) -> None:
        """Forget the tries of an address that was let in."""
        place = _network(address)
        with self._lock:
            self._tries = deque(entry for entry in self._tries if entry[1] != place)
            self._known[place] = None
            self._known.move_to_end(place)
            while len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)

    @staticmethod
    def _wait(since: float, now: float) -> int:
        return max(1, int(since + WITHIN.total_seconds() - now) + 1)


def _network(address: str) -> str:
    """IPv6 is handed out by whole networks: one /64 counts as one address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)
