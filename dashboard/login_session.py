"""Sessions: a signed cookie says who came in until when; what has ended is remembered until it would have expired."""

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer

from dashboard.login_role import Role

COOKIE = "gpu_limbo_session"
LASTS = timedelta(days=7)
ENDED_FILE = "sessions.ended"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One session: who, until when (seconds since 1970), its number, and what it was opened with."""

    role: Role
    name: str
    until: int
    number: str
    proof: str  # changes with the password (or the list of people), and ends the session with it


class Sessions:
    """Opens, reads and ends sessions. `ended` lies in a file, so that a restart brings no session back."""

    def __init__(self, key: bytes, home: Path, clock: Callable[[], datetime]) -> None:
        options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        self._signer = URLSafeSerializer(key, salt="gpu-limbo session", signer_kwargs=options)
        self._key, self._file, self._clock = key, home / ENDED_FILE, clock
        self._lock, self._stamp, self._ended = threading.Lock(), 0, dict[str, int]()

    def proof_of(self, secret: str) -> str:
        """What a session carries of the secret that it was opened with; nothing can be learned from it."""
        return hmac.new(self._key, b"proof:" + secret.encode(), hashlib.sha256).hexdigest()[:16]

    def open(self, role: Role, name: str, proof: str) -> str:
        """The cookie of a new session."""
        until = int((self._clock() + LASTS).timestamp())
        values = {"r": str(role), "n": name[:100], "u": until, "i": secrets.token_urlsafe(12), "p": proof}
        return str(self._signer.dumps(values))

    def read(self, cookie: str) -> Visit | None:
        """The session of a cookie; `None` where it is forged, over, or signed out."""
        try:
            values = self._signer.loads(cookie[:4096])
            visit = Visit(
                role=Role(values["r"]), name=values["n"], until=values["u"], number=values["i"], proof=values["p"]
            )
        except (BadSignature, KeyError, TypeError, ValueError):
            return None
        return visit if self.lasts(visit) else None

    def lasts(self, visit: Visit) -> bool:
        """Whether a session is neither over nor signed out."""
        return self._clock().timestamp() < visit.until and visit.number not in self._known_ended()

    def end(self, visit: Visit) -> None:
        """Sign a session out, here and in every other dashboard of this home folder."""
        now = self._clock().timestamp()
        with self._lock:
            kept = {
                number: until for number, until in (self._ended | {visit.number: visit.until}).items() if until > now
            }
            self._ended = kept
            with suppress(OSError):  # a read-only folder: it is remembered until this process ends
                part = self._file.with_name(f"{ENDED_FILE}.part")
                part.write_text(json.dumps(kept), "utf-8")
                part.replace(self._file)

    def _known_ended(self) -> dict[str, int]:
        with suppress(OSError, ValueError):
            stamp = self._file.stat().st_mtime_ns
            if stamp != self._stamp:
                with self._lock:
                    self._stamp, self._ended = stamp, self._ended | json.loads(self._file.read_text("utf-8"))
        return self._ended
