"""The commands score, estimate, build and rent: what they print and how they fail."""

import csv
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.cli.known import Known
from monitor.cli.value import _aside
from monitor.clock import utc_now
from monitor.core.models import Condition, Money, Preferences, Score
from monitor.settings import load_settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

HEADER = (
    "id,gpu,n_gpus,interconnect,workload,family,model,params_m,precision,batch_size,value,unit,higher_is_better,note"
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_estimate_prints_only_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["estimate", "--workload", "lora-8b", "--gpu", "RTX 4090", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["gpu"] == "RTX 4090"
    assert found["low"] < found["throughput"] < found["high"]
    assert {"unit", "bound", "fits", "memory_needed_gb"} <= found.keys()


def test_estimate_answers_two_cards_against_one(capsys: pytest.CaptureFixture[str]) -> None:
    args = ["estimate", "--workload", "vision-cnn-train", "--gpu", "2x RTX 3090", "--gpu", "RTX 4090", "--json"]
    assert run(args) == 0
    assert {one["gpu"] for one in json.loads(capsys.readouterr().out)} == {"2x RTX 3090", "RTX 4090"}


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["estimate"], "--workload"),
        (["estimate", "--workload", "lora-8bb"], "lora-8b"),
        (["estimate", "--workload", "lora-8b", "--gpu", "RTX 409O"], "RTX 4090"),
        (["estimate", "--batch", "x.csv"], "--out"),
        (["estimate", "--reference", "x.csv"], "--batch"),
        (["build", "--gpu", "RTX 3090", "--cards", "0"], "0"),
        (["build", "--gpu", "RTX 3090", "--cards", "1000000000"], "1000000000"),
        (["build", "--gpu", "RTX 3090", "--ram", "-5"], "-5"),
        (["build", "--gpu", "RTX 3090", "--psu", "nan"], "nan"),
        (["rent", "--gpu", "RTX 4090", "--price", "-1"], "-1"),
        (["rent", "--offer", "TPU v5e"], "TPU v5e=1.20"),
        (["rent", "--offer", "TPU v5e=-3"], "TPU v5e=1.20"),
    ],
)
def test_wrong_use_is_one_sentence_and_code_2(args: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(args) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def write(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def test_a_batch_keeps_every_row_and_appends_predictions(tmp_path: Path) -> None:
    asked = write(
        tmp_path / "asked.csv",
        [
            '1,RTX 4090,1,,my-net,cnn_train,My net,25,fp16,64,,images/s,true,"a, quoted\nnote"',
            "2,RTX 9999,1,,my-net,cnn_train,My net,25,fp16,64,,images/s,true,",
            "3,RTX 4090,2,pcie,my-net,cnn_train,My net,25,fp16,128,,images/s,true,",
            "4,RTX 4090,1,,other-net,cnn_train,Other,25,fp16,64,,ms,false,",
        ],
    )
    reference = write(
        tmp_path / "reference.csv",
        [
            "9,RTX 3090,1,,my-net,cnn_train,My net,25,fp16,64,1000,images/s,true,",
            "8,RTX 3090,1,,other-net,cnn_train,Other,25,fp16,64,10,ms,false,",
        ],
    )
    out = tmp_path / "out.csv"
    assert run(["estimate", "--batch", str(asked), "--reference", str(reference), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2", "3", "4"]
    assert 1000 < float(rows[0]["predicted"]) < 2500
    assert rows[1]["predicted"] == ""
    assert rows[1]["evidence"] == "not enough known"
    assert float(rows[0]["predicted"]) < float(rows[2]["predicted"]) <= 2 * float(rows[0]["predicted"]) * 1.001
    assert float(rows[3]["low"]) < float(rows[3]["predicted"]) < 10


@pytest.mark.parametrize("content", ["", "gpu,workload\nRTX 4090,x\n", "a,b\n\0\xff\n"])
def test_a_file_that_is_no_benchmark_table_is_said_so(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, "latin-1")
    assert run(["estimate", "--batch", str(path), "--out", str(tmp_path / "out.csv")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_missing_file_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["estimate", "--batch", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out.csv")]) == 1
    assert "no.csv" in capsys.readouterr().err


def test_build_says_what_fails_and_what_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--gpu", "RTX 3090", "--cards", "2", "--ram", "16", "--psu", "650"]) == 1
    told = capsys.readouterr().out
    assert "fails     RAM" in told
    assert "-> add RAM" in told
    assert run(["build", "--gpu", "RTX 3090", "--here", "--json"]) in (0, 1)
    parts = {check["part"]: check for check in json.loads(capsys.readouterr().out)}
    assert parts["CPU cores"]["have"]


def test_rent_says_from_how_many_hours_to_buy(capsys: pytest.CaptureFixture[str]) -> None:
    args = ["rent", "--gpu", "RTX 4090", "--price", "1800", "--rent-per-hour", "0.4"]
    assert run([*args, "--hours", "12"]) == 0
    told = capsys.readouterr().out
    assert "a month), buy; interval" in told
    assert "At 12 h a day (365 a month): buy. In 3 years owning costs" in told
    assert run([*args, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["hours_a_day"] > 1


def test_rent_tells_a_small_hourly_price_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rent", "--gpu", "RTX 4090", "--price", "1800", "--rent-per-hour", "0.0875"]) == 0
    assert "at 0.0875 USD an hour" in capsys.readouterr().out


def test_rent_takes_hours_by_the_month_and_says_where_they_lie_within_the_interval(
    capsys: pytest.CaptureFixture[str],
) -> None:
    args = ["rent", "--gpu", "RTX 4090", "--price", "1800", "--rent-per-hour", "0.4"]
    assert run([*args, "--month-hours", "200"]) == 0
    assert "(200 a month): buy, but the interval holds this number of hours" in capsys.readouterr().out
    assert run([*args, "--month-hours", "200", "--hours", "6"]) == 2


def test_rent_says_that_a_card_cannot_hold_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    args = ["rent", "--price", "400", "--rent-per-hour", "0.1", "--workload", "lora-8b", "--gpu"]
    assert run([*args, "RTX 4060 Ti 16GB"]) == 0
    assert "One RTX 4060 Ti 16GB does not do this work: needs" in capsys.readouterr().err
    assert run([*args, "RTX 4090"]) == 0
    assert "does not do this work" not in capsys.readouterr().err


def test_rent_keeps_a_card_as_the_owner_does(capsys: pytest.CaptureFixture[str]) -> None:
    args = ["rent", "--gpu", "RTX 4090", "--price", "1800", "--rent-per-hour", "0.4", "--json"]

    def threshold() -> float:
        assert run(args) == 0
        return json.loads(capsys.readouterr().out)["hours_a_day"]

    usual = threshold()
    settings = load_settings()
    with session_scope(open_store(settings.database)) as session:
        repo.save_preferences(session, Preferences(power_price_kwh=0.6), settings.preferences, utc_now())
    assert threshold() > usual


def test_prices_are_said_to_be_as_old_as_those_that_are_shown() -> None:
    new, old = ("RTX 4090", Condition.NEW, "US"), ("RTX 3090", Condition.USED, "DE")
    known = Known(prices=[], older={new: date(2026, 8, 1), old: date(2018, 2, 10)}, dollars={})
    assert known.oldest([new, ("L40S", Condition.NEW, "US")]) == "2026-08-01"
    assert known.oldest([new, old]) == "2018-02-10"
    assert known.oldest([]) == ""


def test_rent_without_a_card_ranks_what_can_be_rented(capsys: pytest.CaptureFixture[str]) -> None:
    offers = ["--offer", "TPU v5e=1.2", "--offer", "H100 SXM=2.5"]
    assert run(["rent", "--workload", "transformer-pretrain", *offers, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"TPU v5e", "H100 SXM"} <= {one["gpu"] for one in found["options"]}
    assert "dollars a million" in found["tpu_or_gpu"]


def test_a_score_in_another_currency_says_the_rate_and_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    days = [utc_now().date() - timedelta(days=ago) for ago in range(120)]
    rows = "".join(f"{day},shop-a,RTX 4090,new,1700,EUR,daily_min,de\n" for day in days)
    (tmp_path / "a.csv").write_text(f"observed_on,source,gpu_model,condition,price,currency,stat,region\n{rows}")
    assert run(["import", str(tmp_path / "a.csv")]) == 0
    capsys.readouterr()
    assert run(["score", "--workload", "lora-8b", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["usd_rate"] for row in rows if row["currency"] == "USD"} <= {"1"}
    others = [row for row in rows if row["currency"] != "USD"]
    assert others
    assert all(float(row["usd_rate"]) > 0 and date.fromisoformat(row["usd_rate_on"]) for row in others)


def test_a_price_too_old_for_a_call_stands_in_no_ranking_but_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    today = utc_now().date()
    cards = ((today - timedelta(weeks=12), "Titan RTX", 100), (today, "RTX 4090", 1700), (today, "RTX 3090", 900))
    rows = "".join(f"{day},shop-a,{gpu},new,{price},EUR,daily_min,de\n" for day, gpu, price in cards)
    (tmp_path / "a.csv").write_text(f"observed_on,source,gpu_model,condition,price,currency,stat,region\n{rows}")
    assert run(["import", str(tmp_path / "a.csv")]) == 0
    capsys.readouterr()
    asked = ["score", "--workload", "lora-8b", "--region", "DE", "--condition", "new"]
    assert run(asked) == 0
    told = capsys.readouterr()
    assert "Titan RTX" not in told.out
    assert f"Titan RTX (new) of {today - timedelta(weeks=12)}" in told.err
    assert run([*asked, "--json"]) == 0
    *ranked, last = json.loads(capsys.readouterr().out)
    assert (last["gpu"], last["too_old"], last["tied"]) == ("Titan RTX", True, False)
    assert not any(row["too_old"] for row in ranked)
    assert ranked[0]["tied"]


def test_score_on_an_empty_database_says_what_to_do_or_ranks(capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["score", "--workload", "lora-8b", "--json"])
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert code == (0 if found else 1)
    assert found or "import" in told.err


def test_what_is_left_aside_is_named_best_first_and_each_card_once() -> None:
    best = Score(
        gpu="A40", workload="lora-8b", condition=Condition.RENTAL, region="",
        price=Money(amount=Decimal(1), currency="USD"), n=1, as_of=utc_now(),
        throughput=1.0, unit="tokens/s", per_dollar=9.0, low=8.0, high=10.0,
    )  # fmt: skip
    day = date(2024, 2, 29)
    old = [(best, day), *((replace(best, gpu=f"Card {number}"), day) for number in range(4)), (best, date(2023, 1, 1))]
    said = _aside(old)
    assert said.startswith("A40 (rental) of 2024-02-29, Card 0 (rental) of 2024-02-29, ")
    assert said.count("A40") == 1
    assert _aside([*old, (replace(best, gpu="Card 9"), day)]).endswith("Card 3 (rental) of 2024-02-29, and 1 more")
