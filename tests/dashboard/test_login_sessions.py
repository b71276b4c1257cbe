"""What a session is worth, how often a password is guessed, and what a viewer may not do."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from dashboard import actions, login_role
from dashboard.login_limit import MOST_FROM_ONE, MOST_IN_ALL, WITHIN, Attempts
from dashboard.login_role import ROLE_HEADER, Role
from dashboard.login_session import LASTS, Sessions
from monitor import access
from monitor.access import keep_password, read_kept
from monitor.core.models import AlertRule
from monitor.errors import UsageError
from tests.conftest import NOW
from tests.dashboard.guarded import OWNER, VIEWER, Clock, Site

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
