"""A guarded application without a server, for the tests of the login."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import login_role
from dashboard.login import LoginGuard
from dashboard.login_door import Door
from dashboard.login_pages import routes_of
from dashboard.login_role import ROLE_HEADER
from dashboard.login_session import COOKIE
from dashboard.secure import SecureHeaders
from monitor import access
from monitor.settings import Settings
from tests.conftest import NOW
from tests.dashboard.loops import awaited

OWNER, VIEWER = "correct horse battery", "only looking around"
TOKEN = "t" * 30


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Site:
    """A guarded application without a server: every path answers with the role that came through."""

    def __init__(self, settings: Settings, host: str = "0.0.0.0") -> None:
        self.clock = Clock()
        self.door = Door(settings, host, self.clock)
        routes = [*routes_of(self.door), Route("/{path:path}", _echo, methods=["GET", "POST", "PUT"])]
        guard = [Middleware(SecureHeaders), Middleware(LoginGuard, door=self.door)]
        self.app = Starlette(routes=routes, middleware=guard)

    def ask(
        self, method: str, path: str, *, base: str = "http://limbo.example", client: str = "192.0.2.7", **more: object
    ) -> httpx.Response:
        async def one() -> httpx.Response:
            way = httpx.ASGITransport(app=self.app, client=(client, 1))
            async with httpx.AsyncClient(transport=way, base_url=base) as browser:
                return await browser.request(method, path, **more)  # type: ignore[arg-type]

        return awaited(one())

    def sign_in(self, password: str, **more: object) -> httpx.Response:
        return self.ask("POST", "/login", data={"password": password}, **more)

    def cookie(self, password: str = OWNER) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={self.sign_in(password).cookies[COOKIE]}"}


async def _echo(request: Request) -> JSONResponse:
    return JSONResponse({"role": request.headers.getlist(ROLE_HEADER)})


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is guarded in this process stays in this file; and hashes that cost little."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(access, "_hasher", lambda: hasher)
    before = login_role._guarded
    yield
    login_role._guarded = before


@pytest.fixture
def site(tmp_path: Path, unguarded: None) -> Callable[..., Site]:
    """Makes a site with these settings."""

    def made(host: str = "0.0.0.0", **given: str) -> Site:
        return Site(Settings(home=tmp_path, **given), host)  # type: ignore[arg-type]

    return made


@pytest.fixture
def guarded(site: Callable[..., Site]) -> Site:
    """A site with a password for each role and a token."""
    return site(password=OWNER, viewer_password=VIEWER, api_token=TOKEN)
