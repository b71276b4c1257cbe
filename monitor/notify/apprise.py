"""Chat and push services through Apprise, in process: an allow-list of schemas, and never an attachment by URL."""

import io
import logging
import re
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

from monitor.errors import DeliveryError, SettingsError
from monitor.notify.guard import blocked_here, public_only
from monitor.notify.message import Message, one_line

# Services that carry a message to a person. Left out on purpose: whatever runs programs, writes files, talks to the
# local desktop or bus, or posts to any address (json, xml, form: use our signed webhook).
SCHEMAS = frozenset(
    "bark barks discord feishu flock gchat gotify gotifys guilded line matrix matrixs mmost mmosts ntfy ntfys opsgenie "  # noqa: SIM905
    "pagerduty pbul pover prowl pushy rocket rockets ryver signal signals simplepush slack spush tgram threema twilio "
    "workflow workflows wxteams zulip".split()
)
FORBIDDEN_OPTIONS = frozenset({"attach", "attachment", "avatar_url", "icon_url", "image_url"})
PERMANENT_CODES = frozenset({400, 401, 403, 404, 405, 410, 413})
CODE = re.compile(r"error[=: ]+(\d{3})")
WORD = re.compile(r"\S+")
PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9%/?:;=&+$,.!#_-]+")  # nothing in it is markup
# Each still looks like itself: in chats that know no markup the text must stay readable.
HARMLESS = str.maketrans(
    {"#": "\u200b#", "@": "@\u200b", "<": "‹", ">": "›", "]": "]\u200b", "`": "'", "*": "∗", "|": "¦", "~": "∼"}
)


class AppriseChannel:
    """One Apprise URL."""

    def __init__(self, url: str, *, allowed: frozenset[str]) -> None:
        scheme = url.partition("://")[0].lower()
        if scheme not in SCHEMAS:
            raise SettingsError(f"the channel {scheme}:// is not one of: {', '.join(sorted(SCHEMAS))}")
        options = {option.lower() for option in parse_qs(urlsplit(url).query, keep_blank_values=True)}
        if bad := FORBIDDEN_OPTIONS & options:
            raise SettingsError(
                f"the channel {scheme}:// may not use {', '.join(sorted(bad))}: nothing goes by address"
            )
        self._plugin = _plugin(url)
        if self._plugin is None:
            raise SettingsError(f"the channel {scheme}://... cannot be read; see Apprise's notation for {scheme}")
        host = str(getattr(self._plugin, "host", None) or "")
        own_server = "." in host or host == "localhost" or getattr(self._plugin, "port", None)
        self._host = host if own_server else scheme  # else the host part is a token or a topic
        self._allowed = allowed
        self.name = f"{scheme}://{host}" if own_server else scheme

    def send(self, message: Message) -> None:
        """Send title and text, with the picture where the service takes one."""
        from apprise import NotifyFormat, NotifyType
        from apprise.logger import logger as apprise_logger

        said = io.StringIO()
        handler = logging.StreamHandler(said)
        handler.setLevel(logging.WARNING)
        handler.addFilter(lambda record: record.thread == threading.get_ident())
        apprise_logger.addHandler(handler)
        apprise_logger.propagate = False  # what it says may hold a topic or a token: it is read here and goes nowhere
        try:
            marked = self._plugin.resolve_format(NotifyFormat.TEXT) == NotifyFormat.MARKDOWN
            write = in_markdown if marked else harmless
            with public_only(self._host, self._allowed):
                taken = self._plugin.notify(
                    body=write(message.text),
                    title=write(one_line(message.subject)),
                    notify_type=NotifyType.INFO,
                    body_format=NotifyFormat.MARKDOWN if marked else NotifyFormat.TEXT,
                    attach=_picture(message) if self._plugin.attachment_support else None,
                )
                refusal = blocked_here()
        except (OSError, TypeError, ValueError) as error:
            raise DeliveryError(f"{self.name} failed: {type(error).__name__}", permanent=False) from None
        finally:
            apprise_logger.removeHandler(handler)
        if taken:
            return
        if refusal is not None and self._host.lower() not in self._allowed:
            raise refusal
        codes = [int(code) for code in CODE.findall(said.getvalue())]
        status = f" ({codes[-1]})" if codes else ""
        raise DeliveryError(
            f"{self.name} did not take the message{status}", permanent=bool(codes) and codes[-1] in PERMANENT_CODES
        )


def harmless(text: str) -> str:
    """Text that calls nobody and opens no markup in a chat: titles come from the web. Addresses without any
    markup in them stay whole.

    >>> harmless("@everyone <!channel> [win](https://evil.example) https://shop.example/a_b")
    '@\\u200beveryone ‹!channel› [win]\\u200b(https://evil.example) https://shop.example/a_b'
    """
    return WORD.sub(lambda word: word[0] if PLAIN_ADDRESS.fullmatch(word[0]) else word[0].translate(HARMLESS), text)


def in_markdown(text: str) -> str:
    """The same for services that read nothing but Markdown: every sign as itself, and addresses as links, which they
    would not be where Apprise escapes them like any other text."""
    from apprise import NotifyFormat
    from apprise.conversion import convert_between

    def written(word: re.Match[str]) -> str:
        if PLAIN_ADDRESS.fullmatch(word[0]):
            label = word[0].replace("_", "\\_")
            return f"[{label}]({word[0]})"
        return str(convert_between(NotifyFormat.TEXT, NotifyFormat.MARKDOWN, harmless(word[0])))

    return WORD.sub(written, text)


def _plugin(url: str) -> Any:
    """Apprise's object for one URL, which follows no redirect; `None` where it cannot read the URL."""
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(app_id="gpu-limbo", app_desc="gpu-limbo", app_url="", http_redirects=False, plugin_paths=[])
    return Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _picture(message: Message) -> Any:
    from apprise import AppriseAttachment
    from apprise.attachment.memory import AttachMemory

    if message.png is None:
        return None
    attachment = AppriseAttachment()
    attachment.add(AttachMemory(content=message.png, name="price.png", mimetype="image/png"))
    return attachment
