"""The mailbox of the dashboard as a channel: sent once, kept in the store."""

import pytest
from sqlalchemy import Engine

from monitor.clock import utc_now
from monitor.core.models import Alert
from monitor.errors import SettingsError
from monitor.jobs.mailbox import letter_page
from monitor.jobs.notify import notify
from monitor.notify import ChannelOptions, open_channels
from monitor.store import repo
from monitor.store.engine import session_scope

OPTIONS = ChannelOptions(clock=utc_now)


def test_a_letter_is_there_as_soon_as_it_counts_as_sent(engine: Engine, now):
    [channel] = open_channels("mailbox://", OPTIONS)
    alert = Alert(key="k1", rule="calls", subject="Wait", body="Wait.", payload={}, created_at=now)
    with session_scope(engine) as session:
        repo.add_alerts(session, [alert], [channel.name])
        assert letter_page(session, "k1", "") is None
    assert notify(lambda: session_scope(engine), [channel], now).sent == 1
    assert notify(lambda: session_scope(engine), [channel], now).tried == 0
    with session_scope(engine) as session:
        assert "<h1" in str(letter_page(session, "k1", ""))
        assert letter_page(session, "k2", "") is None


@pytest.mark.parametrize("url", ["mailbox://somewhere", "mailbox:///etc/passwd"])
def test_the_mailbox_has_no_address(url: str):
    with pytest.raises(SettingsError, match="mailbox://"):
        open_channels(url, OPTIONS)


def test_one_mailbox_is_enough():
    with pytest.raises(SettingsError, match="twice"):
        open_channels("mailbox:// mailbox://", OPTIONS)
