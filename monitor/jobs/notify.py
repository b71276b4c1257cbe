"""Alerts that are due -> channels. Claimed and committed first, sent outside of any transaction, then recorded."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from monitor.core.models import Delivery
from monitor.errors import DeliveryError
from monitor.notify import Channel
from monitor.notify.rendering import Links, message_of
from monitor.store import repo
from monitor.store.repo import alerts

BATCH = 20
AT_ONCE = 4  # messages under way in one channel
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
MOST_TRIES = 12  # about a day and a half; then the message is a dead letter until somebody says retry

NO_LINKS = Links()

log = logging.getLogger(__name__)
SessionFactory = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of a round."""

    sent: int = 0
    failed: int = 0
    dead: int = 0

    @property
    def tried(self) -> int:
        """Messages of the round, whatever came of them."""
        return self.sent + self.failed + self.dead

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(sent=self.sent + other.sent, failed=self.failed + other.failed, dead=self.dead + other.dead)


def notify(
    session_factory: SessionFactory, channels: Sequence[Channel], now: datetime, links: Links = NO_LINKS
) -> Sent:
    """Send what is due. Every channel has a thread of its own, so that a slow one does not delay the others."""
    if not channels:
        return Sent()
    with ThreadPoolExecutor(max_workers=len(channels), thread_name_prefix="channel") as pool:
        rounds = pool.map(lambda channel: _drain(session_factory, channel, now, links), channels)
        return sum(rounds, Sent())


def give_up_removed(session: Session, channels: Sequence[Channel]) -> int:
    """Messages that wait for a channel which the settings no longer name become dead letters; how many."""
    why = "the channel no longer stands in GPU_LIMBO_CHANNELS: put it back and retry, or leave this message"
    return alerts.give_up_removed(session, [channel.name for channel in channels], why)


def wait_after(key: str, attempts: int) -> timedelta | None:
    """How long to wait after the try number `attempts` + 1 has failed; `None`: give up.

    Doubles from half a minute to six hours, spread by up to a half either way so that many messages do not come back at
    once. The spread is read from the key: the same message waits the same time in a test.
    """
    if attempts + 1 >= MOST_TRIES:
        return None
    byte = hashlib.sha256(f"{key}:{attempts}".encode()).digest()[0]
    return min(FIRST_WAIT * 2**attempts, LONGEST_WAIT) * (0.5 + byte / 255)


def _drain(session_factory: SessionFactory, channel: Channel, now: datetime, links: Links) -> Sent:
    """Send batch after batch until nothing is due, or until the channel does not answer: then the rest waits."""
    total = Sent()
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="send") as pool:
        while True:
            with session_factory() as session:
                claimed = repo.claim_alerts(session, now, channel=channel.name, limit=BATCH)
            if not claimed:
                return total
            outcomes = list(pool.map(lambda delivery: _try(channel, delivery, links), claimed))
            with session_factory() as session:
                done = _record(session, claimed, outcomes, now)
            total += done
            if done.failed:
                return total


def _try(channel: Channel, delivery: Delivery, links: Links) -> DeliveryError | None:
    try:
        channel.send(message_of(delivery.alert, links))
    except DeliveryError as error:
        return error
    except Exception as error:  # a fault of ours must not stop the other messages, nor lose this one
        log.exception("sending over %s failed", channel.name)
        return DeliveryError(f"{channel.name}: {type(error).__name__}", permanent=False)
    return None


def _record(
    session: Session, claimed: Sequence[Delivery], outcomes: Sequence[DeliveryError | None], now: datetime
) -> Sent:
    done = Sent()
    for delivery, error in zip(claimed, outcomes, strict=True):
        if error is None:
            repo.record_sent(session, delivery, now)
            done += Sent(sent=1)
            continue
        wait = None if error.permanent else wait_after(delivery.alert.key, delivery.attempts)
        repo.record_failed(session, delivery, str(error), None if wait is None else now + wait)
        done += Sent(dead=1) if wait is None else Sent(failed=1)
    return done
