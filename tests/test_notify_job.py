"""Delivery: at least once, with one key, whatever happens in between."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from monitor.core.models import Alert
from monitor.errors import DeliveryError
from monitor.jobs.notify import LONGEST_WAIT, MOST_TRIES, Sent, notify, wait_after
from monitor.notify import Message
from monitor.store import repo
from monitor.store.engine import session_scope

Factory = Callable[[], AbstractContextManager[Session]]


@dataclass
class Fake:
    """A channel that keeps what it is given, and does first what it is told to do."""

    name: str = "fake"
    before: Callable[[Message], None] = lambda message: None
    got: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.before(message)
        self.got.append(message)


def fail(permanent: bool) -> Callable[[Message], None]:
    def act(_message: Message) -> None:
        raise DeliveryError("no", permanent=permanent)

    return act


@pytest.fixture
def sessions(engine: Engine) -> Factory:
    return lambda: session_scope(engine)


def queue(
    sessions: Factory, now: datetime, *keys: str, channels: tuple[str, ...] = ("fake",), **changes: object
) -> None:
    values: dict[str, object] = {"rule": "calls", "subject": "Wait", "body": "Wait.", "payload": {}, "created_at": now}
    with sessions() as session:
        repo.add_alerts(session, [Alert(key=key, **(values | changes)) for key in keys], channels)  # type: ignore[arg-type]


def states(sessions: Factory) -> dict[str, str]:
    with sessions() as session:
        return {delivery.alert.key: delivery.state for delivery in repo.deliveries(session)}


def test_an_alert_is_sent_once(sessions: Factory, now: datetime):
    queue(sessions, now, "a", "b")
    channel = Fake()
    assert notify(sessions, [channel], now) == Sent(sent=2)
    assert notify(sessions, [channel], now + timedelta(days=1)) == Sent()
    assert sorted(message.id for message in channel.got) == ["a", "b"]


def test_no_transaction_is_open_while_a_message_is_sent(sessions: Factory, now: datetime):
    """The channel itself writes to the database: under an open transaction of ours that would block on SQLite."""

    def write(message: Message) -> None:
        with sessions() as session:
            repo.put_choice(session, f"seen.{message.id}", True, now)

    queue(sessions, now, "a")
    assert notify(sessions, [Fake(before=write)], now) == Sent(sent=1)


def test_trouble_is_tried_again_later_and_the_message_is_the_same(sessions: Factory, now: datetime):
    queue(sessions, now, "a")
    assert notify(sessions, [Fake(before=fail(permanent=False))], now) == Sent(failed=1)
    assert notify(sessions, [Fake()], now) == Sent()  # not at once
    channel = Fake()
    assert notify(sessions, [channel], now + timedelta(minutes=1)) == Sent(sent=1)
    assert channel.got[0].id == "a"


def test_a_permanent_refusal_is_a_dead_letter_until_somebody_says_retry(sessions: Factory, now: datetime):
    queue(sessions, now, "a")
    assert notify(sessions, [Fake(before=fail(permanent=True))], now) == Sent(dead=1)
    assert notify(sessions, [Fake()], now + timedelta(days=9)) == Sent()
    with sessions() as session:
        [dead] = repo.deliveries(session, state="dead")
        assert dead.error == "no"
        assert repo.retry_alerts(session, now) == 1
    assert notify(sessions, [Fake()], now) == Sent(sent=1)


def test_it_gives_up_after_the_last_try(sessions: Factory, now: datetime):
    queue(sessions, now, "a")
    rounds = [
        notify(sessions, [Fake(before=fail(permanent=False))], now + i * LONGEST_WAIT * 2)
        for i in range(MOST_TRIES + 3)
    ]
    assert sum(rounds, Sent()) == Sent(failed=MOST_TRIES - 1, dead=1)
    assert states(sessions) == {"a": "dead"}


def test_a_sender_that_died_between_sending_and_recording_sends_again_with_the_same_key(
    sessions: Factory, now: datetime
):
    queue(sessions, now, "a")
    with sessions() as session:
        [delivery] = repo.claim_alerts(session, now, channel="fake")  # and then the process is killed
    channel = Fake()
    assert notify(sessions, [channel], now) == Sent()  # it might still be at work
    assert notify(sessions, [channel], now + timedelta(minutes=11)) == Sent(sent=1)
    assert channel.got[0].id == delivery.alert.key


def test_a_slow_channel_does_not_delay_another(sessions: Factory, now: datetime):
    done = threading.Event()
    queue(sessions, now, "a", channels=("slow", "quick"))
    slow = Fake(name="slow", before=lambda _: None if done.wait(20) else pytest.fail("the quick one never came"))
    quick = Fake(name="quick", before=lambda _: done.set())
    assert notify(sessions, [slow, quick], now) == Sent(sent=2)


def test_a_channel_that_is_down_is_left_alone_for_the_rest_of_the_round(sessions: Factory, now: datetime):
    queue(sessions, now, *(f"k{i:03d}" for i in range(100)))
    assert notify(sessions, [Fake(before=fail(permanent=False))], now).failed <= 20
    assert list(states(sessions).values()).count("due") == 100


def test_a_fault_of_ours_loses_no_message(sessions: Factory, now: datetime):
    def crash(message: Message) -> None:
        if message.id == "a":
            raise ZeroDivisionError

    queue(sessions, now, "a", "b")
    assert notify(sessions, [Fake(before=crash)], now) == Sent(sent=1, failed=1)
    assert states(sessions) == {"a": "due", "b": "sent"}


def test_an_alert_in_quiet_hours_is_sent_at_their_end(sessions: Factory, now: datetime):
    queue(sessions, now, "a", not_before=now + timedelta(hours=8))
    assert notify(sessions, [Fake()], now + timedelta(hours=7)) == Sent()
    assert notify(sessions, [Fake()], now + timedelta(hours=8)) == Sent(sent=1)


def test_two_senders_at_once_send_each_message_once(sessions: Factory, now: datetime):
    queue(sessions, now, *(f"k{i}" for i in range(60)))
    channels = [Fake(), Fake()]
    threads = [threading.Thread(target=notify, args=(sessions, [channel], now)) for channel in channels]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(m.id for c in channels for m in c.got) == sorted(f"k{i}" for i in range(60))


@given(st.text(max_size=20), st.integers(0, MOST_TRIES - 2))
def test_waits_grow_and_are_spread(key: str, attempts: int):
    wait = wait_after(key, attempts)
    assert wait is not None
    middle = min(timedelta(seconds=30) * 2**attempts, LONGEST_WAIT)
    assert middle * 0.5 <= wait <= middle * 1.51
    assert wait_after(key, MOST_TRIES - 1) is None
