"""`gpu-limbo alerts` and `gpu-limbo doctor` as a user meets them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks.webhooks import Webhook

from monitor.cli import run
from monitor.clock import utc_now
from monitor.core.alerting import RULES
from monitor.core.models import Alert
from monitor.errors import StoreError
from monitor.jobs.notify import notify
from monitor.notify.webhook import new_secret
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope
from tests.conftest import make_offer

SECRET = new_secret()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new installation; the address of its database."""
    for name in ("CHANNELS", "WEBHOOK_SECRET", "PUBLIC_URL", "ALLOW_PRIVATE_HOSTS", "PING_URL", "DATABASE_URL"):
        monkeypatch.delenv(f"GPU_LIMBO_{name}", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    return f"sqlite:///{tmp_path / 'gpu-limbo.db'}"


def history(url: str) -> None:
    """Prices of a card over three weeks that fall under 1500 once."""
    engine, now = make_engine(url), utc_now().replace(hour=0, minute=0)
    run(["alerts", "list"])  # makes the database
    for day, amount in enumerate([1600] * 10 + [1490] * 10):
        moment = now - timedelta(days=20 - day)
        with session_scope(engine) as session:
            repo.add_offers(session, [make_offer(price=str(amount), seen_at=moment)], moment)


def test_a_real_sample_of_each_kind_goes_over_every_channel(home, mailbox, httpserver: HTTPServer, monkeypatch, capsys):
    httpserver.expect_request("/hook").respond_with_data("ok")
    monkeypatch.setenv("GPU_LIMBO_CHANNELS", f"{mailbox.url} webhook+{httpserver.url_for('/hook')}")
    monkeypatch.setenv("GPU_LIMBO_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", "localhost,127.0.0.1")
    assert run(["alerts", "test", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["kind"] for line in lines} == set(RULES)
    assert all(line["sent"] for line in lines)
    assert len(mailbox.mails) == len(RULES)
    assert all(str(mail["Subject"]).startswith("[Test] ") for mail in mailbox.mails)
    bodies = [Webhook(SECRET).verify(request.data, dict(request.headers)) for request, _ in httpserver.log]
    assert {body["type"] for body in bodies} == set(RULES)
    assert all(body["data"]["test"] is True for body in bodies)


def test_a_channel_that_does_not_answer_is_said_and_the_exit_code_is_1(home, monkeypatch, capsys):
    monkeypatch.setenv("GPU_LIMBO_CHANNELS", "webhook+http://127.0.0.1:1/s3cret")
    monkeypatch.setenv("GPU_LIMBO_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("GPU_LIMBO_ALLOW_PRIVATE_HOSTS", "127.0.0.1")
    assert run(["alerts", "test", "--kind", "launch"]) == 1
    out = capsys.readouterr().out
    assert "NOT sent" in out
    assert "s3cret" not in out


WRONG_USE = {
    "no channel": (["alerts", "test"], "GPU_LIMBO_CHANNELS"),
    "unknown kind": (["alerts", "rules", "add", "gossip"], "choose one of: signal_flip"),
    "no price": (["alerts", "rules", "add", "price_below"], "needs a price above 0"),
    "a price without currency": (["alerts", "rules", "add", "price_below", "--below", "1500"], "'2000 USD'"),
    "unknown card": (["alerts", "rules", "add", "limbo", "--gpu", "RTX 4091"], "did you mean"),
    "unknown rule": (["alerts", "rules", "remove", "x"], "alerts rules list"),
    "quiet hours": (["alerts", "rules", "add", "launch", "--quiet", "22:00"], "beginning and an end"),
    "zone": (["alerts", "rules", "add", "launch", "--time-zone", "Mars"], "Europe/Berlin"),
}


@pytest.mark.parametrize(("args", "said"), WRONG_USE.values(), ids=WRONG_USE.keys())
def test_wrong_use_is_one_sentence_that_says_what_to_do(home, capsys, args: list[str], said: str):
    assert run(args) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_rule_says_how_often_it_would_have_fired_before_it_is_kept(home, capsys):
    history(home)
    add = ["alerts", "rules", "add", "price_below", "--gpu", "RTX 4090", "--below", "1500 USD"]
    assert run([*add, "--preview"]) == 0
    out = capsys.readouterr().out
    assert "It would have fired once since" in out
    assert "not kept" in out
    assert run(add) == 0
    assert "kept as price_below-rtx-4090" in capsys.readouterr().out
    assert run(["alerts", "rules", "list", "--json"]) == 0
    rules = {rule["slug"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert rules["price_below-rtx-4090"]["threshold"] == "1500 USD"
    assert set(rules) == {"price_below-rtx-4090", "calls", "sources"}  # the default ones stay


def test_removing_every_rule_leaves_none(home, capsys):
    for slug in ("calls", "sources"):
        assert run(["alerts", "rules", "remove", slug]) == 0
    capsys.readouterr()
    assert run(["alerts", "rules", "list", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == []


def test_a_rule_can_be_muted_and_speak_again(home, capsys):
    assert run(["alerts", "rules", "mute", "calls"]) == 0
    assert run(["alerts", "rules", "list"]) == 0
    assert "muted until" in capsys.readouterr().out
    assert run(["alerts", "rules", "mute", "calls", "--days", "0"]) == 0
    assert run(["alerts", "rules", "list"]) == 0
    assert "muted until" not in capsys.readouterr().out


class Refusing:
    name = "refusing"

    def send(self, message: object) -> None:
        from monitor.errors import DeliveryError

        raise DeliveryError("refusing refused the key", permanent=True)


def test_a_dead_letter_is_listed_and_sent_again(home, capsys):
    assert run(["alerts", "list"]) == 1
    engine, now = make_engine(home), utc_now()
    alert = Alert(key="k1", rule="calls", subject="RTX 4090: \x1b[31mwait", body="b", payload={}, created_at=now)
    with session_scope(engine) as session:
        repo.add_alerts(session, [alert], ["refusing"])
    notify(lambda: session_scope(engine), [Refusing()], now)
    capsys.readouterr()
    assert run(["alerts", "list", "--state", "dead"]) == 0
    out = capsys.readouterr().out
    assert "refusing refused the key" in out
    assert "\x1b" not in out  # a title cannot speak to the terminal
    assert run(["alerts", "retry"]) == 0
    assert run(["alerts", "retry"]) == 1
    assert run(["alerts", "list", "--state", "due", "--json"]) == 0


def test_doctor_says_that_there_is_no_database_and_makes_none(home, capsys, tmp_path: Path):
    assert run(["doctor", "--json"]) == 1
    found = {f["check"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found["database"]["state"] == "bad"
    assert "gpu-limbo up" in found["database"]["to_do"]
    assert not list(tmp_path.glob("*.db*"))


def test_doctor_says_what_to_do_on_a_new_installation(home, capsys):
    run(["db", "upgrade"])
    capsys.readouterr()
    assert run(["doctor", "--json"]) == 1
    found = {f["check"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found["prices"]["to_do"] == "run `gpu-limbo crawl`"
    assert found["database"]["state"] == "good"
    assert set(found) >= {"settings", "dashboard", "channels", "database", "clock", "sources", "jobs", "alerts", "gpu"}


def test_doctor_says_that_a_crawl_could_read_nothing(home, capsys):
    run(["db", "upgrade"])
    with session_scope(make_engine(home)) as session:
        counts = {"sources": 2, "new": 0, "failed": ["newegg", "heise"]}
        repo.end_run(session, repo.begin_run(session, "crawl", utc_now()), utc_now(), status="ok", counts=counts)
    capsys.readouterr()
    run(["doctor", "--json"])
    found = {f["check"]: f for f in json.loads(capsys.readouterr().out)["findings"]}
    assert found["sources"]["text"] == "the last crawl asked 2 sources and could read none"
    assert "network" in found["sources"]["to_do"]


def test_doctor_notices_a_clock_that_is_wrong(home, capsys):
    run(["alerts", "list"])
    tomorrow = utc_now() + timedelta(days=1)
    with session_scope(make_engine(home)) as session:
        repo.add_offers(session, [make_offer(seen_at=tomorrow)], tomorrow)
    capsys.readouterr()
    assert run(["doctor"]) == 1
    assert "ahead of this clock" in capsys.readouterr().out


def test_what_a_page_said_in_a_fault_does_not_speak_to_the_terminal(home, capsys):
    run(["db", "upgrade"])
    with session_scope(make_engine(home)) as session:
        repo.record_crawl(
            session, "shop", utc_now(), offers=0, rejections=0, errors=1, seconds=1.0, fault="says \x1b]0;x\x07 no"
        )
    assert run(["doctor"]) in (0, 1)
    out = capsys.readouterr().out
    assert "says" in out
    assert "\x1b" not in out


def test_a_report_is_safe_to_paste(home, monkeypatch, capsys, tmp_path: Path):
    secrets = ["hunter2", "me@home.example", "hooks.private.example", "s3cret", SECRET, str(tmp_path), "uuid-of-mine"]
    monkeypatch.setenv(
        "GPU_LIMBO_CHANNELS",
        "mailtos://user:hunter2@mail.example?to=me@home.example webhook+https://hooks.private.example/s3cret",
    )
    monkeypatch.setenv("GPU_LIMBO_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("GPU_LIMBO_PING_URL", "https://ping.example/uuid-of-mine")
    run(["doctor", "--report"])
    said = capsys.readouterr()
    assert not [secret for secret in secrets if secret in said.out + said.err]
    assert "streamlit" in said.out
    monkeypatch.setenv("DATABASE_URL", f"postgresql://limbo:hunter2@127.0.0.1:1/{tmp_path.name}")
    assert run(["doctor", "--report"]) == 1
    said = capsys.readouterr()
    assert not [secret for secret in secrets if secret in said.out + said.err]
    assert StoreError.__name__ in said.out


def test_up_refuses_a_port_in_use_and_a_channel_that_cannot_be_read(home, httpserver: HTTPServer, monkeypatch, capsys):
    assert run(["up", "--port", str(httpserver.port)]) == 2
    assert "choose another with --port" in capsys.readouterr().err
    monkeypatch.setenv("GPU_LIMBO_CHANNELS", "file:///etc/passwd")
    assert run(["up", "--port", "1"]) == 2
