"""The mailbox in the dashboard, for who has no mail server at hand: a letter is there as soon as it counts as sent."""

from monitor.errors import SettingsError
from monitor.notify.message import Message

NAME = "mailbox"


class MailboxChannel:
    """Delivers to the page Mailbox, which reads the store: the record of the delivery is the letter."""

    name = NAME

    def __init__(self, url: str) -> None:
        if url.lower().removeprefix(f"{NAME}://").strip("/"):
            raise SettingsError("the mailbox of the dashboard has no address: write mailbox://")

    def send(self, message: Message) -> None:
        """Nothing has to travel: alert and outcome stand in the store, and are committed together."""
