"""The guard before the dashboard: who is let in where, with which password or token, and who is led to the login."""

from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.login_pages import safe_next
from dashboard.login_role import ROLE_HEADER
from monitor.errors import UsageError
from tests.dashboard.guarded import OWNER, TOKEN, VIEWER, Site

PAGE = {"accept": "text/html"}


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
