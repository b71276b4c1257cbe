"""A real SMTP server on loopback that keeps what it receives; a pytest plugin, loaded by conftest.py."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from aiosmtpd.controller import Controller

from tests.waiting import free_port


@dataclass
class Mailbox:
    """What the server has received, and how it answers the next message."""

    port: int
    answer: str = "250 OK"
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The channel's address that leads here."""
        return f"mailto://127.0.0.1:{self.port}?smtp=127.0.0.1&from=gpu@limbo.example&to=me@home.example"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        if self.answer.startswith("250"):
            self.raw.append(envelope.content)
            self.mails.append(BytesParser(policy=policy.default).parsebytes(envelope.content))
            self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return self.answer


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """An SMTP server on a free port of loopback."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()
