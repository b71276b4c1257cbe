"""E-mail over SMTP: plain and HTML, one picture inside, and headers by which a mail program can unsubscribe.

The address is an Apprise one (mailto://, mailtos://), so one notation serves every channel; the sending is our own:
Apprise gives no reply codes (permanent or not), no Message-ID of ours, and one format at a time.
"""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from typing import Any

from monitor.errors import DeliveryError, SettingsError
from monitor.notify.guard import public_only
from monitor.notify.message import Message, one_line

TIMEOUT_SECONDS = 20.0
STARTTLS_PORT, TLS_PORT, PLAIN_PORT = 587, 465, 25


class MailChannel:
    """Sends to every address of one Apprise mailto URL, in one message each."""

    def __init__(self, url: str, *, allowed: frozenset[str]) -> None:
        server = _parsed(url)
        self._host, self._mode = str(server.smtp_host), str(getattr(server.secure_mode, "value", server.secure_mode))
        self._secure = bool(server.secure)
        self._port = int(server.port or _default_port(self._secure, self._mode))
        self._user, self._password = server.user or "", server.password or ""
        self._verify = bool(server.verify_certificate)
        name, address = server.from_addr
        self._sender = formataddr((str(name), str(address))) if name else str(address)
        self._sender_address = str(address)
        self._targets = [str(target) for _, target in server.targets]
        self._allowed = allowed
        self.name = f"mail:{','.join(self._targets)}"
        if not self._targets:
            raise SettingsError(f"the mail channel over {self._host} names no recipient; add ?to=you@example.org")

    def send(self, message: Message) -> None:
        """Hand the message to the server; a 5xx reply is permanent, 4xx and network trouble are not."""
        try:
            with public_only(self._host, self._allowed), self._connect() as server:
                refused = server.send_message(
                    compose(message, self._sender, self._targets), self._sender_address, self._targets
                )
        except smtplib.SMTPRecipientsRefused as error:
            raise self._failure(min(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise self._failure(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise DeliveryError(
                f"{self._host} offers no login or STARTTLS; mend its mailto:// address", permanent=True
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(
                f"{self._host}:{self._port} did not answer: {type(error).__name__}", permanent=False
            ) from None
        if refused:
            raise DeliveryError(f"{self._host} refused {', '.join(sorted(refused))}", permanent=True)

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context() if self._verify else ssl._create_unverified_context()
        if self._secure and self._mode == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            if self._secure and self._mode != "ssl":
                server.starttls(context=context)
            if self._user and self._password:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def _failure(self, code: int) -> DeliveryError:
        """The server's text is left out: it may repeat an address or a user's name."""
        return DeliveryError(f"{self._host} refused the message with {code}", permanent=code >= 500)


def compose(message: Message, sender: str, recipients: list[str]) -> EmailMessage:
    """The message as MIME: text, the same as HTML, and the picture beside the HTML as `cid:chart`."""
    mail = EmailMessage(policy=Unfolded())
    mail["Subject"] = one_line(message.subject)[:200]
    mail["From"], mail["To"] = sender, ", ".join(recipients)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@gpu-limbo>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.mute_url.isascii() and message.mute_url:
        mail["List-Unsubscribe"] = f"<{message.mute_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
        if message.png:
            html: Any = mail.get_payload(1)
            html.add_related(message.png, "image", "png", cid="<chart>", filename="price.png", disposition="inline")
    return mail


class Unfolded(EmailPolicy):
    """Python folds headers at 78 characters, and writes an address that is longer as an encoded word, which mail
    programs do not read where they look for an address."""

    def fold(self, name: str, value: Any) -> str:
        """The header as it is sent; one that holds an address stays on its line (RFC 5322 allows 998 characters)."""
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        return super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        if name.lower() == "list-unsubscribe":
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


def _parsed(url: str) -> Any:
    """Apprise's reading of a mailto URL: server, port, login, addresses."""
    from apprise import Apprise, AppriseAsset
    from apprise.plugins.email.base import NotifyEmail

    server = Apprise.instantiate(url, asset=AppriseAsset(app_id="gpu-limbo"), suppress_exceptions=True)
    if not isinstance(server, NotifyEmail):
        raise SettingsError("a mail channel must look like mailtos://user:password@server?to=you@example.org")
    return server


def _default_port(secure: bool, mode: str) -> int:
    if not secure:
        return PLAIN_PORT
    return TLS_PORT if mode == "ssl" else STARTTLS_PORT
