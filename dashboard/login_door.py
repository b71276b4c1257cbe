"""Judges who a request comes from: an owner, a viewer, a program with the token, or nobody."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from dashboard.login_limit import Attempts
from dashboard.login_oidc import People
from dashboard.login_role import Role
from dashboard.login_session import COOKIE, Sessions, Visit
from monitor.access import ROLES, Access, access_of, hashed, is_loopback, matches, read_kept, session_key
from monitor.settings import Settings

MACHINE_PATHS = ("/api/v1/", "/feed.atom", "/calendar.ics", "/badge.svg", "/metrics")  # read by programs with a token
PUBLIC_PATHS = ("/healthz", "/mute")  # the first says only "ok", the second needs the signed token of a message
SIGN_IN_PATHS = ("/login", "/logout")
OIDC_PATHS = ("/login/oidc", "/auth/login", "/oauth2callback")
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
ELSEWHERE = (
    "This dashboard has no login and answers only whoever sits at its machine. To open it from elsewhere set a "
    "password with `gpu-limbo password`, or GPU_LIMBO_LOGIN=proxy where a login of yours stands before it, and start "
    "it again."
)


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Whom a request comes from; without a role only what is public, or the way in, is answered."""

    role: Role | None = None
    name: str = ""
    visit: Visit | None = None
    refused: str = ""


class Door:
    """The login of one dashboard process."""

    def __init__(self, settings: Settings, host: str, clock: Callable[[], datetime]) -> None:
        self.access: Access = access_of(settings, host)
        self.sessions = Sessions(session_key(settings.home.expanduser()), settings.home.expanduser(), clock)
        self.attempts = Attempts(clock)
        self.people = People.of(settings.oidc_owners, settings.oidc_viewers)
        self._settings, self._home = settings, settings.home.expanduser()
        self._given = {"owner": settings.password, "viewer": settings.viewer_password}
        self._hashes = {role: hashed(text) if text else "" for role, text in self._given.items()}

    def judge(self, asked: HTTPConnection) -> Guest:
        """Who asks. Paths are compared whole: whatever is not named here needs a role."""
        path = asked.scope["path"]
        if path in PUBLIC_PATHS:
            return self._visitor(asked) if self.access.way == "login" else Guest(role=self._anybody(asked))
        if self.access.way == "proxy":
            return Guest(role=Role.OWNER)
        if self.access.way == "local":
            role = self._anybody(asked)
            return Guest(role=role, refused="" if role else ELSEWHERE)
        return self._visitor(asked)

    def is_way_in(self, path: str) -> bool:
        """Whether a path is part of signing in."""
        if self.access.way != "login":
            return False
        return path in SIGN_IN_PATHS or (self.access.oidc and path in OIDC_PATHS)

    def role_of(self, password: str) -> Role | None:
        """The role that a password opens. Both hashes are tried whatever comes of the first."""
        kept = read_kept(self._home)
        stored = {name: self._hashes[name] or getattr(kept, name) for name in ROLES}
        found = [Role(name) for name in ROLES if matches(stored[name], password)]
        return found[0] if found else None

    def proof(self, role: Role) -> str:
        """What a session that a password of this role has opened carries."""
        secret = self._given[role] or getattr(read_kept(self._home), role)
        return self.sessions.proof_of(f"{role}:{secret}") if secret else ""

    def proof_of_people(self) -> str:
        """What a session opened by OIDC carries: it ends when the lists of people change."""
        given = self._settings
        return self.sessions.proof_of(f"oidc:{given.oidc_client_id}:{given.oidc_owners}:{given.oidc_viewers}")

    def lasts(self, visit: Visit) -> bool:
        """Whether a session is still good."""
        proofs = [self.proof(visit.role), self.proof_of_people() if self.access.oidc else ""]
        return self.sessions.lasts(visit) and any(proof and hmac.compare_digest(proof, visit.proof) for proof in proofs)

    def is_secure(self, asked: HTTPConnection) -> bool:
        """Whether the visitor came by https, also where a proxy took it off and did not say so."""
        public = urlsplit(self._settings.public_url)
        came_public = public.scheme == "https" and asked.headers.get("host", "") == public.netloc
        return asked.url.scheme in ("https", "wss") or came_public

    def is_own_origin(self, asked: HTTPConnection) -> bool:
        """Whether a form was sent from a page of ours; browsers say where from, other programs do not."""
        origin = asked.headers.get("origin")
        own = (asked.headers.get("host", ""), urlsplit(self._settings.public_url).netloc)
        return origin is None or (bool(urlsplit(origin).netloc) and urlsplit(origin).netloc in own)

    def _visitor(self, asked: HTTPConnection) -> Guest:
        visit = self.sessions.read(asked.cookies.get(COOKIE, ""))
        if visit is not None and self.lasts(visit):
            return Guest(role=visit.role, name=visit.name, visit=visit)
        if asked.scope["type"] == "http" and asked.scope["method"] in ("GET", "HEAD") and self._has_token(asked):
            return Guest(role=Role.VIEWER, name="token")
        return Guest()

    def _has_token(self, asked: HTTPConnection) -> bool:
        expected = self._settings.api_token
        if not expected or not asked.scope["path"].startswith(MACHINE_PATHS):
            return False
        scheme, _, given = asked.headers.get("authorization", "").partition(" ")
        shown = given.strip() if scheme.lower() == "bearer" else asked.query_params.get("token", "")
        return hmac.compare_digest(shown.encode(), expected.encode())

    def _anybody(self, asked: HTTPConnection) -> Role | None:
        """An owner, as far as it can be told that the request comes from this machine and through no proxy.

        The name that was asked for is looked at too: a page of somebody else whose name suddenly leads here must not
        read the dashboard.
        """
        if self.access.way == "proxy":
            return Role.OWNER
        if self.access.way != "local":
            return None
        server = asked.scope.get("server") or ("", 0)
        on_loopback = is_loopback(server[0]) or server[1] is None or is_loopback(self._settings.published_on)
        named = is_loopback(urlsplit(f"//{asked.headers.get('host', '')}").hostname or "")
        forwarded = any(name in asked.headers for name in FORWARDED)
        return Role.OWNER if on_loopback and named and not forwarded else None
