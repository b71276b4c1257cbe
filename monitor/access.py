"""Who may open the dashboard: everybody on this machine, a login before it, or its own login by password or OIDC.

Passwords are kept as argon2 hashes, with the key that signs sessions, in one file of the home folder. They lie outside
the database on purpose: a database that is gone must not open the door, and no backup or restore touches them.
"""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import SettingsError, UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from monitor.settings import Settings

FILE = "login.json"
HASHED = "$argon2"  # a setting that begins so is a hash already
SHORTEST, LONGEST = 10, 1024  # characters of a password
SHORTEST_TOKEN = 24
ROLES = ("owner", "viewer")
WAYS_IN = (
    "set a password with `gpu-limbo password`, name an OIDC provider (GPU_LIMBO_OIDC_METADATA_URL), or set "
    "GPU_LIMBO_LOGIN=proxy if a login of yours stands before it"
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the file holds: a hash for each role (empty: none) and the key of sessions, in base64."""

    owner: str = ""
    viewer: str = ""
    key: str = ""

    @property
    def signing_key(self) -> bytes:
        return base64.b64decode(self.key)


@dataclass(frozen=True, kw_only=True)
class Access:
    """`way` is local (whoever is on this machine), proxy (a login before the dashboard) or login (its own)."""

    way: str
    password: bool = False
    oidc: bool = False


def access_of(settings: "Settings", host: str) -> Access:
    """How a dashboard on `host` is entered; raises `UsageError` where it would be open to others by accident."""
    kept = read_kept(settings.home.expanduser())
    password = bool(settings.password or settings.viewer_password or kept.owner or kept.viewer)
    oidc = bool(settings.oidc_metadata_url or settings.oidc_client_id)
    _check(settings, oidc)
    if settings.login == "proxy":
        if password or oidc:
            raise UsageError("GPU_LIMBO_LOGIN=proxy leaves the login to a proxy: unset it, or the password and OIDC")
        return Access(way="proxy")
    if password or oidc:
        return Access(way="login", password=password, oidc=oidc)
    if not is_loopback(settings.published_on or host):
        where = settings.published_on or host
        raise UsageError(f"on {where} the dashboard would be open to everybody who reaches it: {WAYS_IN}")
    return Access(way="local")


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only mean this machine.

    >>> [is_loopback(host) for host in ("127.0.0.1", "[::1]", "localhost", "0.0.0.0", "example.org", "")]
    [True, True, True, False, False, False]
    """
    name = host.strip("[]").lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def read_kept(home: Path) -> Kept:
    """What the file says, or nothing where there is none; raises `SettingsError` where it cannot be read."""
    try:
        found = json.loads((home / FILE).read_text("utf-8"))
        return Kept(**{name: str(found.get(name, "")) for name in ("owner", "viewer", "key")})
    except FileNotFoundError:
        return Kept()
    except (OSError, ValueError, AttributeError) as error:
        raise SettingsError(
            f"{home / FILE} cannot be read ({error}): give this user the right to, or delete it and set the "
            "password again"
        ) from None


def keep_password(home: Path, role: str, password: str) -> None:
    """Keep a new password for a role, or none (""); sessions of the old one end. Raises `UsageError` for a weak one."""
    kept = read_kept(home)
    _write(home, replace(kept, key=kept.key or _new_key(), **{role: hashed(password) if password else ""}))


def session_key(home: Path) -> bytes:
    """The key that signs sessions, made at the first call; for this process only where the folder is read-only."""
    kept = read_kept(home)
    if not kept.key:
        kept = replace(kept, key=_new_key())
        try:
            _write(home, kept)
        except SettingsError:
            return kept.signing_key
    return kept.signing_key


def hashed(password: str) -> str:
    """The argon2 hash of a password; raises `UsageError` where it is too short to withstand guessing."""
    if password.startswith(HASHED):
        return password
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters; take several words")
    return _hasher().hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether a password belongs to a hash. It takes as long where there is no hash at all."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(stored or _nobody(), password[: LONGEST + 1]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def _check(settings: "Settings", oidc: bool) -> None:
    """What OIDC needs beside its address: without a list of people every account of the provider would do."""
    if settings.api_token and len(settings.api_token) < SHORTEST_TOKEN:
        raise SettingsError(f"GPU_LIMBO_API_TOKEN has fewer than {SHORTEST_TOKEN} characters: take a longer one")
    if not oidc:
        return
    names = ("oidc_metadata_url", "oidc_client_id", "oidc_client_secret", "public_url", "oidc_owners")
    missing = [f"GPU_LIMBO_{name.upper()}" for name in names if not getattr(settings, name)]
    if missing:
        raise SettingsError(f"a login by OIDC also needs {', '.join(missing)}")


def _write(home: Path, kept: Kept) -> None:
    """Written beside its place and moved there, readable by this user alone from its first byte."""
    part = home / f"{FILE}.part"
    try:
        home.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(kept), file)
        part.replace(home / FILE)
    except OSError as error:
        raise SettingsError(f"{home / FILE} cannot be written ({error.strerror}): make the folder writable") from None


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # RFC 9106's second choice: 3 passes over 64 MiB

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe(32))
