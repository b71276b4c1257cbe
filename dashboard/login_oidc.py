"""Login by OpenID Connect: Streamlit's own (the addresses of `st.login`, over Authlib), with our session at its end.

Streamlit's cookies say who somebody is for 30 days, also over plain http. Where its callback sets them, they are read,
the person is looked up in the lists of the settings, and only our own session goes to the browser.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from dashboard.login_role import Role
from monitor.settings import Settings

USER_COOKIE, THEIR_COOKIES = "_streamlit_user", "_streamlit_user"


@dataclass(frozen=True, kw_only=True)
class People:
    """Who is an owner and who a viewer: confirmed e-mail addresses, subject ids, or "@domain" for all of one."""

    owners: frozenset[str]
    viewers: frozenset[str]

    @classmethod
    def of(cls, owners: str, viewers: str) -> "People":
        """From two settings, separated by commas."""
        return cls(owners=_entries(owners), viewers=_entries(viewers))

    def role_of(self, claims: Mapping[str, Any]) -> tuple[Role, str] | None:
        """The role and name of somebody a provider vouches for; `None` for whoever stands on no list.

        An e-mail address counts only where the provider says that it was confirmed.
        """
        names = {str(claims.get("sub", "")).partition("@")[0]}  # never mistaken for an address of somebody else
        mail = str(claims.get("email", "")).lower()
        if claims.get("email_verified") is True and mail.count("@") == 1:
            names |= {mail, mail[mail.index("@") :]}
        names.discard("")
        for role, listed in ((Role.OWNER, self.owners), (Role.VIEWER, self.viewers)):
            if names & listed:
                return role, mail or str(claims.get("sub", ""))
        return None


def secrets_of(settings: Settings, key: bytes) -> dict[str, Any]:
    """What `st.App` takes as its secrets. The section is always there: with it Streamlit insists on XSRF protection."""
    auth = {"cookie_secret": hashlib.sha256(b"streamlit:" + key).hexdigest()}
    if settings.oidc_metadata_url:
        auth |= {
            "redirect_uri": f"{settings.public_url.rstrip('/')}/oauth2callback",
            "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret,
            "server_metadata_url": settings.oidc_metadata_url,
        }
    return {"auth": auth}


def way_to_provider() -> str:
    """The address of this dashboard that sends a browser to the provider; good for two minutes."""
    from streamlit.auth_util import encode_provider_token

    return f"/auth/login?provider={encode_provider_token('default')}"


def claims_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, Any] | None:
    """What the provider said about a person, from the answer of Streamlit's callback; `None` where nobody came in."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    cookies = SimpleCookie()
    for name, value in headers:
        if name.lower() == b"set-cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue

    def signed(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, cookies[name].value) if name in cookies else None

    said = get_cookie_with_chunks(signed, USER_COOKIE)
    claims = json.loads(said) if said else None
    return claims if isinstance(claims, dict) and claims.get("is_logged_in") is True else None


def without_their_cookies(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer without Streamlit's cookies about the person."""
    return [
        (name, value)
        for name, value in headers
        if name.lower() != b"set-cookie" or not value.startswith(THEIR_COOKIES.encode())
    ]


def _entries(text: str) -> frozenset[str]:
    found = (entry.strip() for entry in text.split(","))
    return frozenset(entry.lower() if "@" in entry else entry for entry in found if entry)
