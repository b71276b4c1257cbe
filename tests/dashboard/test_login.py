"""The guard before the dashboard: who is let in where, how a password is guessed, and what a session is worth."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import actions, login_role
from dashboard.login import LoginGuard
from dashboard.login_door import Door
from dashboard.login_limit import MOST_FROM_ONE, MOST_IN_ALL, WITHIN, Attempts
from dashboard.login_pages import routes_of, safe_next
from dashboard.login_role import ROLE_HEADER, Role
from dashboard.login_session import COOKIE, LASTS, Sessions
from dashboard.secure import SecureHeaders
from monitor import access
from monitor.access import keep_password, read_kept
from monitor.core.models import AlertRule
from monitor.errors import UsageError
from monitor.settings import Settings
from tests.conftest import NOW

OWNER, VIEWER = "correct horse battery", "only looking around"
TOKEN = "t" * 30
PAGE = {"accept": "text/html"}


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

        return asyncio.run(one())

    def sign_in(self, password: str, **more: object) -> httpx.Response:
        return self.ask("POST", "/login", data={"password": password}, **more)

    def cookie(self, password: str = OWNER) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={self.sign_in(password).cookies[COOKIE]}"}


async def _echo(request: Request) -> JSONResponse:
    return JSONResponse({"role": request.headers.getlist(ROLE_HEADER)})


@pytest.fixture(autouse=True)
def unguarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is guarded in this process stays in this file; and hashes that cost little."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(access, "_hasher", lambda: hasher)
    before = login_role._guarded
    yield
    login_role._guarded = before


@pytest.fixture
def site(tmp_path: Path) -> Callable[..., Site]:
    """Makes a site with these settings."""

    def made(host: str = "0.0.0.0", **given: str) -> Site:
        return Site(Settings(home=tmp_path, **given), host)  # type: ignore[arg-type]

    return made


@pytest.fixture
def guarded(site: Callable[..., Site]) -> Site:
    """A site with a password for each role and a token."""
    return site(password=OWNER, viewer_password=VIEWER, api_token=TOKEN)


# Without a login: only on this machine


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "limbo.example"])
def test_it_refuses_to_start_open_to_others_and_says_what_to_do(site: Callable[..., Site], host: str) -> None:
    with pytest.raises(UsageError, match="would be open to everybody who reaches it: set a password with `gpu-limbo"):
        site(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_nobody_is_asked(site: Callable[..., Site], host: str) -> None:
    for base in ("http://127.0.0.1:8501", "http://localhost:8501", "http://[::1]:8501"):
        assert site(host).ask("GET", "/", base=base).json() == {"role": ["owner"]}


@pytest.mark.parametrize(
    ("base", "headers"),
    [
        ("http://evil.example", {}),
        ("http://127.0.0.1.evil.example", {}),
        ("http://192.168.1.5:8501", {"host": "127.0.0.1"}),
        ("http://127.0.0.1", {"x-forwarded-for": "203.0.113.9"}),
        ("http://127.0.0.1", {"forwarded": "for=203.0.113.9"}),
        ("http://127.0.0.1", {"host": "evil.example"}),
        ("http://127.0.0.1", {"host": ""}),
    ],
)
def test_without_a_login_nothing_is_answered_to_other_machines_names_and_proxies(
    site: Callable[..., Site], base: str, headers: dict[str, str]
) -> None:
    answer = site("127.0.0.1").ask("GET", "/", base=base, headers=headers)
    assert answer.status_code == 403
    assert "gpu-limbo password" in answer.text


def test_a_container_published_on_this_machine_needs_no_login(site: Callable[..., Site]) -> None:
    shared = site("0.0.0.0", published_on="127.0.0.1")
    inside = {"base": "http://172.18.0.3:8501", "headers": {"host": "127.0.0.1:8501"}}
    assert shared.ask("GET", "/", **inside).json() == {"role": ["owner"]}
    assert shared.ask("GET", "/", base="http://172.18.0.3:8501").status_code == 403
    with pytest.raises(UsageError):
        site("127.0.0.1", published_on="0.0.0.0")


def test_a_proxy_with_a_login_is_trusted_only_where_the_settings_say_so(site: Callable[..., Site]) -> None:
    proxied = {"base": "https://limbo.example", "headers": {"x-forwarded-for": "203.0.113.9"}}
    assert site("0.0.0.0", login="proxy").ask("GET", "/", **proxied).json() == {"role": ["owner"]}
    with pytest.raises(UsageError, match="leaves the login to a proxy"):
        site("0.0.0.0", login="proxy", password=OWNER)


# With a login: nobody without one


@pytest.mark.parametrize("path", ["/", "/gpu?gpu=a", "/static/js/index.js", "/_stcore/health", "/_stcore/host-config"])
def test_a_person_without_a_session_is_led_to_the_login(guarded: Site, path: str) -> None:
    answer = guarded.ask("GET", path, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert guarded.ask("GET", path).status_code == 401
    assert guarded.ask("POST", path, headers=PAGE).status_code == 401


@pytest.mark.parametrize(
    "path", ["//login", "/login/", "/LOGIN", "/login/..", "/healthz/x", "/mute/x", "/oauth2callback"]
)
def test_only_the_very_paths_of_the_way_in_are_open(guarded: Site, path: str) -> None:
    answer = guarded.ask("GET", f"http://limbo.example{path}", follow_redirects=False)
    assert answer.status_code == 401
    assert "role" not in answer.text


def test_what_is_public_says_nothing_about_its_visitor(guarded: Site) -> None:
    for path in ("/healthz", "/mute"):
        assert guarded.ask("GET", path).json() == {"role": []}


def test_a_role_that_a_browser_claims_is_dropped(guarded: Site) -> None:
    claim = {ROLE_HEADER: "owner"}
    assert guarded.ask("GET", "/", headers=claim).status_code == 401
    assert guarded.ask("GET", "/healthz", headers=claim).json() == {"role": []}
    assert guarded.ask("GET", "/", headers={**claim, **guarded.cookie(VIEWER)}).json() == {"role": ["viewer"]}


@pytest.mark.parametrize(("password", "role"), [(OWNER, "owner"), (VIEWER, "viewer")])
def test_a_password_opens_its_role(guarded: Site, password: str, role: str) -> None:
    answer = guarded.sign_in(password)
    assert answer.status_code == 303
    assert guarded.ask("GET", "/", headers=guarded.cookie(password)).json() == {"role": [role]}


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_of_plain_http_behind_https(guarded: Site) -> None:
    plain = guarded.sign_in(OWNER).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "secure" not in plain
    assert "secure" in guarded.sign_in(OWNER, base="https://limbo.example").headers["set-cookie"].lower()


def test_a_proxy_that_forgets_to_say_https_still_gets_a_secure_cookie(site: Callable[..., Site]) -> None:
    behind = site(password=OWNER, public_url="https://limbo.example")
    assert "secure" in behind.sign_in(OWNER).headers["set-cookie"].lower()


@pytest.mark.parametrize(
    "password", ["", "wrong", OWNER.upper(), OWNER + " ", "x" * 5000, "\x00", "correct horse batterie"]
)
def test_any_other_password_opens_nothing(guarded: Site, password: str) -> None:
    answer = guarded.sign_in(password)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "not the password" in answer.text


def test_a_form_larger_than_ours_is_not_read(guarded: Site) -> None:
    assert guarded.sign_in("x" * 10_000).status_code == 413


def test_a_form_on_somebody_elses_page_signs_nobody_in_or_out(guarded: Site) -> None:
    for origin in ("https://evil.example", "null"):
        assert guarded.sign_in(OWNER, headers={"origin": origin}).status_code == 403
        signed_in = guarded.cookie()
        assert guarded.ask("POST", "/logout", headers={**signed_in, "origin": origin}).status_code == 403
        assert guarded.ask("GET", "/", headers=signed_in).status_code == 200
    assert guarded.sign_in(OWNER, headers={"origin": "http://limbo.example"}).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/gpu?gpu=rtx-4090", "/gpu?gpu=rtx-4090"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/logout", "/"),
    ],
)
def test_after_the_login_it_goes_on_within_the_dashboard(guarded: Site, wanted: str, goes_to: str) -> None:
    answer = guarded.ask("POST", "/login", params={"next": wanted}, data={"password": OWNER})
    assert answer.headers["location"] == goes_to


@given(st.text())
def test_no_text_leads_out_of_the_dashboard(text: str) -> None:
    path = safe_next(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert httpx.URL("https://limbo.example").join(path.encode("utf-8", "replace").decode()).host == "limbo.example"


def test_the_login_page_shows_nothing_of_the_address_as_markup(guarded: Site) -> None:
    answer = guarded.ask("GET", "/login", params={"next": '/"><script>alert(1)</script>', "why": "<b>"})
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


# Sessions


def test_a_session_ends_by_itself(guarded: Site) -> None:
    signed_in = guarded.cookie()
    guarded.clock.now += LASTS - timedelta(seconds=2)
    assert guarded.ask("GET", "/", headers=signed_in).status_code == 200
    guarded.clock.now += timedelta(seconds=3)
    assert guarded.ask("GET", "/", headers=signed_in).status_code == 401


def test_signing_out_ends_every_copy_of_the_cookie_also_after_a_restart(site: Callable[..., Site]) -> None:
    first, other = site(password=OWNER), site(password=OWNER)
    signed_in, second = first.cookie(), first.cookie()
    answer = first.ask("POST", "/logout", headers=signed_in)
    assert answer.status_code == 303
    assert 'gpu_limbo_session=""' in answer.headers["set-cookie"]
    for one in (first, other, site(password=OWNER)):
        assert one.ask("GET", "/", headers=signed_in).status_code == 401
        assert one.ask("GET", "/", headers=second).status_code == 200


def test_a_link_on_somebody_elses_page_signs_nobody_out(guarded: Site) -> None:
    signed_in = guarded.cookie()
    assert guarded.ask("GET", "/logout", headers=signed_in).status_code == 200
    assert guarded.ask("GET", "/", headers=signed_in).status_code == 200


def test_another_password_ends_the_sessions_of_the_old_one(site: Callable[..., Site], tmp_path: Path) -> None:
    keep_password(tmp_path, "owner", OWNER)
    keep_password(tmp_path, "viewer", VIEWER)
    running = site()
    owner, viewer = running.cookie(OWNER), running.cookie(VIEWER)
    keep_password(tmp_path, "owner", "something else entirely")
    assert running.ask("GET", "/", headers=owner).status_code == 401
    assert running.ask("GET", "/", headers=viewer).status_code == 200
    assert running.sign_in(OWNER).status_code == 401
    assert running.sign_in("something else entirely").status_code == 303
    keep_password(tmp_path, "viewer", "")
    assert running.ask("GET", "/", headers=viewer).status_code == 401
    assert running.sign_in("").status_code == 401


def test_a_session_outlives_a_restart(site: Callable[..., Site]) -> None:
    signed_in = site(password=OWNER).cookie()
    assert site(password=OWNER).ask("GET", "/", headers=signed_in).status_code == 200


@given(cookie=st.text(max_size=200), spoiled=st.integers(0, 80))
def test_no_other_text_is_a_session(tmp_path_factory: pytest.TempPathFactory, cookie: str, spoiled: int) -> None:
    sessions = Sessions(b"k" * 32, tmp_path_factory.getbasetemp(), lambda: NOW)
    good = sessions.open(Role.OWNER, "owner", "p")
    assert sessions.read(good) is not None
    assert sessions.read(cookie) is None
    at = spoiled % len(good)
    assert sessions.read(good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]) is None
    assert Sessions(b"other key", tmp_path_factory.getbasetemp(), lambda: NOW).read(good) is None


def test_a_password_is_kept_as_a_hash_that_only_this_user_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_hasher", PasswordHasher)
    keep_password(tmp_path, "owner", OWNER)
    file = tmp_path / "login.json"
    assert OWNER not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_kept(tmp_path).owner.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    with pytest.raises(UsageError, match="10 to 1024 characters"):
        keep_password(tmp_path, "owner", "short")


def test_a_file_of_passwords_that_cannot_be_read_opens_nothing(site: Callable[..., Site], tmp_path: Path) -> None:
    (tmp_path / "login.json").write_text("{ no json", "utf-8")
    with pytest.raises(UsageError, match=r"login\.json cannot be read"):
        site("127.0.0.1")


# Programs


@pytest.mark.parametrize("path", ["/api/v1/signals", "/feed.atom", "/calendar.ics", "/badge.svg", "/metrics"])
def test_a_program_reads_with_the_token_and_nothing_more(guarded: Site, path: str) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    assert guarded.ask("GET", path).status_code == 401
    assert guarded.ask("GET", path, headers=bearer).json() == {"role": ["viewer"]}
    assert guarded.ask("GET", path, params={"token": TOKEN}).json() == {"role": ["viewer"]}
    assert guarded.ask("GET", path, headers={"authorization": f"Bearer {TOKEN[:-1]}"}).status_code == 401
    assert guarded.ask("GET", path, params={"token": ""}).status_code == 401
    assert guarded.ask("POST", path, headers=bearer).status_code == 401
    assert guarded.ask("GET", "/settings", headers=bearer).status_code == 401


def test_without_a_token_in_the_settings_none_is_good(site: Callable[..., Site]) -> None:
    without = site(password=OWNER)
    assert without.ask("GET", "/metrics", headers={"authorization": "Bearer "}).status_code == 401
    with pytest.raises(UsageError, match="GPU_LIMBO_API_TOKEN has fewer than 24"):
        site(password=OWNER, api_token="short")


# Guessing


def test_a_password_is_guessed_five_times_and_no_more(guarded: Site) -> None:
    for _ in range(MOST_FROM_ONE):
        assert guarded.sign_in("a wrong guess").status_code == 401
    blocked = guarded.sign_in(OWNER)
    assert blocked.status_code == 429
    assert int(blocked.headers["retry-after"]) > 800
    assert guarded.sign_in(OWNER, client="192.0.2.8").status_code == 303
    guarded.clock.now += WITHIN + timedelta(seconds=1)
    assert guarded.sign_in(OWNER).status_code == 303


def test_whoever_was_let_in_is_not_locked_out_by_strangers() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    attempts.succeeded("192.0.2.1")
    for number in range(MOST_IN_ALL):
        assert attempts.begin(f"198.51.{number // 250}.{number % 250}") == 0
    assert attempts.begin("203.0.113.1") > 0
    assert attempts.begin("192.0.2.1") == 0
    clock.now += WITHIN + timedelta(seconds=1)
    assert attempts.begin("203.0.113.1") == 0


def test_a_whole_ipv6_network_counts_as_one_address() -> None:
    attempts = Attempts(Clock())
    waits = [attempts.begin(f"2001:db8:0:1::{number:x}") for number in range(1, MOST_FROM_ONE + 2)]
    assert waits[:-1] == [0] * MOST_FROM_ONE
    assert waits[-1] > 0
    assert attempts.begin("2001:db8:0:2::1") == 0
    assert [attempts.begin(f"::ffff:192.0.2.{n}") for n in range(7)] == [0] * 7


def test_a_wrong_password_takes_as_long_as_a_right_one(guarded: Site, site: Callable[..., Site]) -> None:
    """Every try costs two hashes, whichever role it is for and whether there is one."""
    costs: dict[str, int] = {}
    real = access._hasher()

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            costs[password] = costs.get(password, 0) + 1
            return real.verify(stored, password)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "_hasher", Counting)
        for password in (OWNER, VIEWER, "neither of them"):
            guarded.door.role_of(password)
    assert costs == {OWNER: 2, VIEWER: 2, "neither of them": 2}


# What a viewer may not do


class Headers(dict[str, str]):
    """What `st.context` knows of a visitor."""


@pytest.fixture
def as_visitor(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    def seen(headers: dict[str, str]) -> None:
        monkeypatch.setattr(login_role, "_guarded", True)
        monkeypatch.setattr(login_role.st, "context", type("Context", (), {"headers": Headers(headers)})())

    return seen


@pytest.mark.parametrize("headers", [{ROLE_HEADER: "viewer"}, {}, {ROLE_HEADER: "root"}, {ROLE_HEADER: ""}])
def test_only_an_owner_changes_anything(
    as_visitor: Callable[[dict[str, str]], None], database: Path, headers: dict[str, str]
) -> None:
    rule = AlertRule(slug="a", kind="launch")
    as_visitor({ROLE_HEADER: "owner"})
    actions.save_rule(rule)
    as_visitor(headers)
    for act in (
        lambda: actions.save_rule(rule),
        lambda: actions.delete_rule("a"),
        lambda: actions.delete_goal("a"),
        lambda: actions.judge(1, True),
        lambda: actions.correct_title("a", None),
    ):
        with pytest.raises(UsageError, match="only an owner"):
            act()


def test_every_action_that_writes_asks_for_the_owner_or_a_signed_link() -> None:
    source = Path(actions.__file__).read_text("utf-8")
    parts = {part.partition("(")[0]: part for part in source.split("\ndef ")[1:]}
    assert [name for name, text in parts.items() if "session_scope(engine())" in text] == ["write", "mute_by_link"]
    assert "require_owner()\n    with session_scope(engine())" in parts["write"]


def test_pages_that_are_served_past_the_guard_show_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_role, "_guarded", False)
    monkeypatch.setattr(
        login_role.st, "context", type("Context", (), {"headers": Headers(host="x", **{ROLE_HEADER: "owner"})})()
    )
    assert login_role.role() is None
