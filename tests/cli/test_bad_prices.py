"""Price files with something wrong, through import, decide and backtest: a named answer, no crash, no made-up call."""

import json
from datetime import timedelta

import pytest

from monitor.cli import run
from monitor.clock import utc_now
from tests.cli.test_backtest import HEADER

CARDS = ("RTX 4060", "RTX 4070", "RTX 4080", "RTX 4090")
WEEKS = 47


def row(week, price, gpu="RTX 4090", source="shop", currency="USD"):
    """A price so many weeks after the first; the last one is of this week."""
    day = utc_now().date() - timedelta(weeks=WEEKS - 1 - week)
    return f"{day},{source},x,{gpu},NVIDIA,new,{price},{currency},,,,min_offer,,card,US,"


@pytest.fixture
def ask(tmp_path, monkeypatch, capsys):
    """Writes these rows into a price file; gives what `import`, `decide` and `backtest` make of it."""
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def asked(rows):
        path = tmp_path / "prices.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        run(["import", str(path), "--json"])
        imported = json.loads(capsys.readouterr().out)
        run(["decide", "--gpu", "RTX 4090", "--json"])
        calls = json.loads(capsys.readouterr().out)
        run(["backtest", "--prices", str(path)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return imported, [call for call in calls if call["condition"] == "new"], said.out + said.err

    return asked


def test_another_currency_is_another_series_and_no_fall_of_the_price(ask):
    rows = [row(w, 150_000 if w < 20 else 1_000, gpu, currency="JPY" if w < 20 else "USD") for w in range(WEEKS) for gpu in CARDS]  # fmt: skip  # noqa: E501
    imported, [call], _ = ask(rows)
    assert imported["rejected"] == 0
    assert (call["action"], call["currency"], float(call["price"])) == ("buy_now", "USD", 1000)
    assert abs(call["expected_saving"]) < 0.02
    assert not any(reason["code"].startswith("own_price") for reason in call["reasons"])


def test_a_source_under_a_new_name_starts_anew_and_says_what_is_missing(ask):
    old = [row(w, 1500 - 5 * w, gpu, source="old-name") for w in range(30) for gpu in CARDS]
    _, [call], _ = ask([*old, *(row(WEEKS - 1, 1300, gpu, source="new-name") for gpu in CARDS)])
    assert call["action"] == "no_call"
    assert any(word in call["reasons"][0]["text"] for word in ("needed", "weeks old"))
    assert "a first call is due on" in call["would_change"][0]
    _, [call], _ = ask([row(w, 1300, gpu, source="new-name") for w in range(WEEKS - 8, WEEKS) for gpu in CARDS])
    assert call["action"] == "buy_now"


def test_days_in_the_future_are_rejected_by_name_and_move_nothing(ask):
    rows = [row(w, 1000, gpu) for w in range(WEEKS) for gpu in CARDS]
    _, before, _ = ask(rows)
    imported, after, said = ask([*rows, *(row(w, 100, gpu) for w in range(WEEKS + 1, WEEKS + 20) for gpu in CARDS)])
    assert imported["reasons"] == {"date_in_the_future": 19 * len(CARDS)}
    assert "date_in_the_future" in said
    assert [(c["action"], c["price"]) for c in after] == [(c["action"], c["price"]) for c in before]


def test_a_price_of_nothing_is_rejected_by_name_and_moves_nothing(ask):
    imported, [call], said = ask([row(w, 0 if w % 5 == 0 else 1000, gpu) for w in range(WEEKS) for gpu in CARDS])
    assert imported["reasons"] == {"price_not_positive": 10 * len(CARDS)}
    assert "price_not_positive" in said
    assert (call["action"], float(call["price"])) == ("buy_now", 1000)


def test_one_price_alone_is_no_call_that_names_what_is_missing(ask):
    _, [call], said = ask([row(WEEKS - 1, 1000)])
    assert call["action"] == "no_call"
    assert "needed" in call["reasons"][0]["text"]
    assert "no series is long enough" in said


def test_a_gap_of_half_a_year_and_a_price_that_never_moves_are_borne(ask):
    for weeks in ([*range(5), *range(WEEKS - 8, WEEKS)], range(WEEKS)):
        _, [call], _ = ask([row(w, 1000, gpu) for w in weeks for gpu in CARDS])
        assert call["action"] == "buy_now"
        assert call["saving_low"] < call["expected_saving"] < call["saving_high"]
