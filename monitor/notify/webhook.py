"""A signed webhook after the Standard Webhooks specification: webhook-id, webhook-timestamp, webhook-signature."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from monitor.errors import DeliveryError, SettingsError
from monitor.notify.guard import public_only
from monitor.notify.message import Message, one_line, redacted

SECRET_PREFIX = "whsec_"
TIMEOUT_SECONDS = 15.0
PERMANENT = frozenset({400, 401, 403, 405, 410, 413, 415, 422})  # trying the same message again cannot help


class WebhookChannel:
    """Posts the alert as JSON, signed with every secret given, so that a receiver can change its own at leisure."""

    def __init__(
        self, url: str, signing_secrets: Sequence[str], *, clock: Callable[[], datetime], allowed: frozenset[str]
    ) -> None:
        self._url = url
        self._keys = [decode_secret(secret) for secret in signing_secrets]
        if not self._keys:
            raise SettingsError(f"a webhook needs GPU_LIMBO_WEBHOOK_SECRET; take for instance {new_secret()}")
        self._clock = clock
        self._allowed = allowed
        self._host = urlsplit(url).hostname or ""
        self.name = f"webhook+{redacted(url)}"

    def send(self, message: Message) -> None:
        """Post the message; any 2xx is taken as received, a redirect is not followed."""
        body = json.dumps(_envelope(message), ensure_ascii=False, separators=(",", ":")).encode()
        stamp = int(self._clock().timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": "gpu-limbo-webhook/1",
            "webhook-id": message.id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": " ".join(sign(key, message.id, stamp, body) for key in self._keys),
        }
        answer = self._post(body, headers)
        if not answer.is_success:
            raise DeliveryError(
                f"{self.name} answered {answer.status_code} {one_line(answer.reason_phrase)}".rstrip(),
                permanent=answer.status_code in PERMANENT or answer.is_redirect,
            )

    def _post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            with (
                public_only(self._host, self._allowed),
                httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client,
                client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                return answer  # the body is never read: it says nothing that we need and may be endless
        except httpx.HTTPError as error:
            raise DeliveryError(f"{self.name} cannot be reached: {type(error).__name__}", permanent=False) from None


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one message: "v1," and the base64 of HMAC-SHA256 over id, timestamp and body."""
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def decode_secret(secret: str) -> bytes:
    """The key inside "whsec_<base64>"; raises `SettingsError` where it is no such text or shorter than 24 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not 24 <= len(key) <= 64:
        raise SettingsError(
            "GPU_LIMBO_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 bytes (several: separated by spaces); "
            f"take for instance {new_secret()}"
        )
    return key


def new_secret() -> str:
    """A fresh random secret in the form of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _envelope(message: Message) -> dict[str, object]:
    """What the body says: type, time of the event, data, and the same text a person would get."""
    data = {"subject": message.subject, "text": message.text, **message.data}
    return {"type": message.kind, "timestamp": message.created_at.isoformat(), "data": data}
