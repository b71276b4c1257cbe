"""Links that switch a rule off for a week: signed, so that nobody can make one, and expiring."""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

LINK_LASTS = timedelta(days=30)
MUTE_LASTS = timedelta(days=7)


def mute_token(key: bytes, rule: str, issued_at: datetime) -> str:
    """What stands in a mute link: the rule, when the link ends, and a signature over both."""
    ends = int((issued_at + LINK_LASTS).timestamp())
    content = f"{ends}:{rule}".encode()
    return _text(content) + "." + _text(_signature(key, content))


def muted_rule(key: bytes, token: str, now: datetime) -> str | None:
    """The rule that a link is for; `None` where the link is forged, damaged or too old.

    >>> issued = datetime(2026, 11, 1, tzinfo=UTC)
    >>> token = mute_token(b"k", "calls", issued)
    >>> muted_rule(b"k", token, issued), muted_rule(b"other", token, issued)
    ('calls', None)
    """
    content_text, _, signature_text = token.partition(".")
    content, signature = _bytes(content_text), _bytes(signature_text)
    if not content or not signature or not hmac.compare_digest(signature, _signature(key, content)):
        return None
    ends, _, rule = content.decode().partition(":")
    return rule if now <= datetime.fromtimestamp(int(ends), UTC) else None


def _signature(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, b"mute\x00" + content, hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode((text + "=" * (-len(text) % 4)).encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
