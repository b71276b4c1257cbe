"""Login by OpenID Connect against a small provider on loopback: who gets in, with which role and which cookies."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from dashboard.login_oidc import People
from dashboard.login_role import Role
from dashboard.login_session import COOKIE
from monitor.access import access_of
from monitor.clock import utc_now
from monitor.errors import SettingsError
from monitor.settings import Settings
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[2]
SECRET = "client-secret-of-this-test"
KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})


class Provider(ThreadingHTTPServer):
    """Vouches for whomever `claims` says, without asking anybody."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.claims: dict[str, Any] = {}
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.asked: dict[str, Any] = {}
        self.seen_secret = ""


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, format: str, *args: Any) -> None: ...

    def do_GET(self) -> None:
        issuer, parts = self.server.issuer, urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/jwks",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif parts.path == "/jwks":
            self._say({"keys": [KEY.as_dict(private=False)]})
        else:
            self.server.asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.send_response(302)
            asked = self.server.asked
            self.send_header("location", f"{asked['redirect_uri']}?code=the-code&state={asked['state']}")
            self.end_headers()

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.seen_secret = self.headers.get("authorization", "") + form
        now = int(utc_now().timestamp())
        claims = {
            "iss": self.server.issuer,
            "aud": self.server.asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": self.server.asked["nonce"],
            **self.server.claims,
        }
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, KEY)
        self._say({"access_token": "an-access-token", "token_type": "Bearer", "id_token": token, "expires_in": 300})

    def _say(self, what: dict[str, Any]) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def dashboard(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard that asks this provider."""
    folder = tmp_path_factory.mktemp("oidc")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("GPU_LIMBO_")},
        "GPU_LIMBO_HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'gpu-limbo.db'}",
        "GPU_LIMBO_HOST": "127.0.0.1",
        "GPU_LIMBO_PUBLIC_URL": address,
        "GPU_LIMBO_OIDC_METADATA_URL": f"{provider.issuer}/.well-known/openid-configuration",
        "GPU_LIMBO_OIDC_CLIENT_ID": "gpu-limbo",
        "GPU_LIMBO_OIDC_CLIENT_SECRET_FILE": str(folder / "secret"),
        "GPU_LIMBO_OIDC_OWNERS": "Ann@Example.org, subject-7",
        "GPU_LIMBO_OIDC_VIEWERS": "@friends.example",
    }
    (folder / "secret").write_text(SECRET + "\n", "utf-8")
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "uvicorn", "dashboard.asgi:app", "--port", str(port), "--log-level", "warning"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: httpx.get(f"{address}/healthz", timeout=5))
        yield address
    finally:
        process.terminate()
        process.wait(10)
    said = (folder / "log").read_text("utf-8")
    assert SECRET not in said
    assert "an-access-token" not in said


def signed_in(dashboard: str, provider: Provider, **claims: Any) -> httpx.Client:
    """A browser that went the whole way, from the dashboard to the provider and back."""
    provider.claims = claims
    browser = httpx.Client(follow_redirects=True, timeout=20)
    browser.get(f"{dashboard}/login/oidc")
    return browser


@pytest.mark.parametrize(
    ("claims", "lets_in"),
    [
        ({"sub": "1", "email": "ann@example.org", "email_verified": True}, True),
        ({"sub": "2", "email": "bob@friends.example", "email_verified": True}, True),
        ({"sub": "subject-7"}, True),
        ({"sub": "3", "email": "ann@example.org"}, False),
        ({"sub": "4", "email": "eve@example.org", "email_verified": True}, False),
    ],
)
def test_whoever_stands_on_a_list_gets_in_and_nobody_else(
    dashboard: str, provider: Provider, claims: dict[str, Any], lets_in: bool
) -> None:
    with closing(signed_in(dashboard, provider, **claims)) as browser:
        answer = browser.get(f"{dashboard}/api/v1/signals")
        assert answer.status_code == (200 if lets_in else 401)
        assert (COOKIE in browser.cookies) is lets_in
        assert not [name for name in browser.cookies if name.startswith("_streamlit_user")]
    assert SECRET in provider.seen_secret or "Basic" in provider.seen_secret
    assert provider.asked["code_challenge_method"] == "S256"


def test_an_account_on_no_list_is_told_so(dashboard: str, provider: Provider) -> None:
    provider.claims = {"sub": "9", "email": "eve@example.org", "email_verified": True}
    with httpx.Client(follow_redirects=True, timeout=20) as browser:
        answer = browser.get(f"{dashboard}/login/oidc")
    assert "This account may not open this dashboard" in answer.text


def test_an_answer_that_nobody_asked_for_lets_nobody_in(dashboard: str, provider: Provider) -> None:
    with httpx.Client(timeout=20) as browser:
        answer = browser.get(f"{dashboard}/oauth2callback", params={"code": "the-code", "state": "made-up"})
        assert answer.headers["location"] == "/login?why=provider"
        assert browser.get(f"{dashboard}/api/v1/signals").status_code == 401


def test_streamlits_own_cookie_opens_nothing(dashboard: str) -> None:
    cookie = {"cookie": "_streamlit_user=anything"}
    assert httpx.get(f"{dashboard}/api/v1/signals", headers=cookie).status_code == 401


def test_the_login_page_shows_the_way_to_the_provider_and_no_field_for_a_password(dashboard: str) -> None:
    page = httpx.get(f"{dashboard}/login")
    assert "/login/oidc" in page.text
    assert 'type="password"' not in page.text
    assert httpx.post(f"{dashboard}/login", data={"password": ""}).status_code == 401


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"sub": "x", "email": "ANN@example.org", "email_verified": True}, Role.OWNER),
        ({"sub": "x", "email": "ann@example.org", "email_verified": "true"}, None),
        ({"sub": "ann@example.org"}, None),
        ({"sub": "@friends.example"}, None),
        ({"sub": "x", "email": "ann@example.org@friends.example", "email_verified": True}, None),
        ({"sub": "x", "email": "a@not-friends.example", "email_verified": True}, None),
        ({"sub": "x", "email": "a@friends.example", "email_verified": True}, Role.VIEWER),
        ({"sub": "", "email": "", "email_verified": True}, None),
        ({}, None),
    ],
)
def test_a_list_is_read_to_the_letter(claims: dict[str, Any], role: Role | None) -> None:
    found = People.of("ann@example.org, 42", "@friends.example,").role_of(claims)
    assert (found[0] if found else None) == role


@pytest.mark.parametrize("missing", ["oidc_owners", "oidc_client_secret", "public_url", "oidc_metadata_url"])
def test_a_half_set_login_does_not_start(tmp_path: Path, missing: str) -> None:
    given = {
        "oidc_metadata_url": "https://id.example/.well-known/openid-configuration",
        "oidc_client_id": "a",
        "oidc_client_secret": "b",
        "oidc_owners": "ann@example.org",
        "public_url": "https://limbo.example",
    }
    assert access_of(Settings(home=tmp_path, **given), "0.0.0.0").oidc
    with pytest.raises(SettingsError, match=f"GPU_LIMBO_{missing.upper()}"):
        access_of(Settings(home=tmp_path, **{**given, missing: ""}), "0.0.0.0")
