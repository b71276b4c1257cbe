"""Ways to a person: each channel is one class, listed in `CHANNELS`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from monitor.core.addresses import allowed_hosts
from monitor.errors import SettingsError
from monitor.notify.message import Channel, Message

__all__ = ["CHANNELS", "Channel", "ChannelOptions", "Message", "open_channels", "send"]


class ChannelOptions:
    """What channels need beside their address."""

    def __init__(
        self, *, clock: Callable[[], datetime], webhook_secret: str = "", allow_private_hosts: str = ""
    ) -> None:
        self.clock = clock
        self.webhook_secrets = webhook_secret.split()
        self.allowed = allowed_hosts(allow_private_hosts)


def _webhook(url: str, options: ChannelOptions) -> Channel:
    from monitor.notify.webhook import WebhookChannel

    address = url.removeprefix("webhook+")
    return WebhookChannel(address, options.webhook_secrets, clock=options.clock, allowed=options.allowed)


def _mail(url: str, options: ChannelOptions) -> Channel:
    from monitor.notify.mail import MailChannel

    return MailChannel(url, allowed=options.allowed)


def _mailbox(url: str, _options: ChannelOptions) -> Channel:
    from monitor.notify.mailbox import MailboxChannel

    return MailboxChannel(url)


def _apprise(url: str, options: ChannelOptions) -> Channel:
    from monitor.notify.apprise import AppriseChannel

    return AppriseChannel(url, allowed=options.allowed)


# The start of an address -> what opens it; the first that fits is taken.
CHANNELS: dict[str, Callable[[str, ChannelOptions], Channel]] = {
    "webhook+http://": _webhook,
    "webhook+https://": _webhook,
    "mailto://": _mail,
    "mailtos://": _mail,
    "mailbox://": _mailbox,
    "": _apprise,
}


def open_channels(urls: str, options: ChannelOptions) -> list[Channel]:
    """The channels of a setting (addresses separated by spaces); raises `SettingsError` for one that cannot be used."""
    channels: list[Channel] = []
    names: set[str] = set()
    for url in urls.split():
        channel = next(opener for start, opener in CHANNELS.items() if url.lower().startswith(start))(url, options)
        if channel.name in names:
            raise SettingsError(f"the channel {channel.name} stands twice in GPU_LIMBO_CHANNELS; take one out")
        names.add(channel.name)
        channels.append(channel)
    return channels


def send(channel: Channel, messages: Sequence[Message]) -> None:
    """Send messages one after another; the first that is not taken raises `DeliveryError`."""
    for message in messages:
        channel.send(message)
