"""Lists fit a terminal of 80 columns."""

import pytest

from monitor.cli import run
from monitor.cli.crawl import as_text
from monitor.clock import utc_now
from monitor.core.models import Alert
from monitor.store import repo
from monitor.store.engine import make_engine, session_scope


@pytest.fixture
def narrow(tmp_path, monkeypatch) -> str:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return f"sqlite:///{tmp_path / 'gpu-limbo.db'}"


def test_the_sources_and_the_rules_fit_80_columns(narrow, capsys):
    assert run(["alerts", "rules", "add", "launch", "--gpu", "RTX 4090", "--quiet", "22:00-07:00"]) == 0
    capsys.readouterr()
    for command in (["sources", "list"], ["alerts", "rules", "list"]):
        assert run(command) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) > 1
        assert max(map(len, lines)) <= 80


def test_a_long_message_fits_80_columns_and_shows_its_key(narrow, capsys):
    run(["alerts", "list"])  # makes the database
    now = utc_now()
    alert = Alert(key="k" * 16, rule="calls", subject="RTX 5090: buy now " * 6, body="b", payload={}, created_at=now)
    with session_scope(make_engine(narrow)) as session:
        repo.add_alerts(session, [alert], ["mailbox://"])
    capsys.readouterr()
    assert run(["alerts", "list"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert f"[{'k' * 16}]" in out


@pytest.mark.parametrize("state", ["ok", "partly", "empty", "robots", "needs_key", "blocked", "left_alone", "failed"])
def test_what_a_crawl_says_of_a_source_fits_80_columns(narrow, state):
    why = "https://www.shop.example/graphics-cards/geforce answered 503, and then it did not answer for a minute or two"
    line = {"source": "a-shop-with-a-name-x", "offers": 1234, "rejections": 1234, "errors": 12, "seconds": 1234.5}
    lines = as_text({**line, "state": state, "faults": [why], "fault": ""}).splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= 80
    assert "_" not in lines[0]


def test_what_a_page_offers_fits_80_columns(narrow, tmp_path, capsys):
    page = tmp_path / "page.html"
    title = "ASUS TUF Gaming GeForce RTX 4090 OC Edition 24GB GDDR6X Graphics Card, three fans and a very long name"
    page.write_text(f"<html><body><h1>{title}</h1><p class=price>$1,599.00</p><p>In stock</p></body></html>")
    assert run(["extract", str(page)]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines()[1:])) <= 80


def test_two_sets_beside_each_other_fit_80_columns(narrow, capsys):
    sets = ["--gpu", "8x RTX A5000", "--gpu", "8x RTX 4090"]
    assert run(["estimate", "--workload", "transformer-pretrain", *sets]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
