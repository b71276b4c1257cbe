"""The shipped exchange rates, and the newer ones that a crawl adds."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.core.fx import convert, currencies
from monitor.core.models import Money
from monitor.errors import CatalogError
from monitor.rates import SHIPPED, dollar_rates, load_rates, save_rates
from spiders.ecb import read_rates

ANSWER = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<Cube><Cube time="2026-11-23"><Cube currency="USD" rate="1.2000"/><Cube currency="JPY" rate="170.5"/></Cube>
<Cube time="2026-11-20"><Cube currency="USD" rate="1.1900"/></Cube>
<Cube time="soon"><Cube currency="USD" rate="9"/></Cube>
</Cube></gesmes:Envelope>"""


def test_shipped_rates_cover_the_shipped_prices() -> None:
    rates = load_rates()
    assert rates.days[0] <= date(2017, 1, 31)
    assert {"USD", "GBP", "PLN", "KRW", "JPY", "BRL", "CNY", "INR", "CAD", "AUD"} <= currencies(rates)
    gaps = [(late - early).days for early, late in zip(rates.days, rates.days[1:], strict=False)]
    assert max(gaps) <= 6
    assert SHIPPED.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("currency", "low", "high"),
    [("USD", 0.95, 1.3), ("GBP", 0.8, 0.95), ("KRW", 1150, 1850), ("PLN", 4, 5), ("JPY", 110, 200), ("BRL", 3, 7.5)],
)
def test_no_shipped_rate_is_out_of_all_bounds(currency: str, low: float, high: float) -> None:
    values = [float(text) for text in load_rates().per_euro[currency] if text]
    assert len(values) > 2000
    assert low < min(values) < max(values) < high


def test_a_crawl_adds_days_and_repeats_change_nothing(tmp_path: Path) -> None:
    rows = read_rates(ANSWER)
    assert save_rates(tmp_path, rows) == 2
    assert save_rates(tmp_path, rows) == 0
    converted = convert(Money(amount=Decimal(10), currency="EUR"), "USD", date(2026, 11, 24), load_rates(tmp_path))
    assert converted is not None
    assert (str(converted.price.amount), converted.rate_on) == ("12.00", date(2026, 11, 23))
    older = convert(Money(amount=Decimal(10), currency="EUR"), "USD", date(2026, 10, 30), load_rates(tmp_path))
    assert older is not None
    assert older.rate == Decimal("1.1172")


@pytest.mark.parametrize("body", [b"", b"<html/>", b"\x00", b"{}", b"<Cube time='2026-01-01'/>"])
def test_an_answer_without_rates_gives_none(body: bytes) -> None:
    assert read_rates(body) == []


def test_a_broken_file_of_rates_is_named(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("date,USD\nyesterday,1\n")
    with pytest.raises(CatalogError, match=r"rates\.csv"):
        load_rates(tmp_path)
    shutil.rmtree(tmp_path)


def test_a_rate_in_dollars_comes_with_its_day(tmp_path: Path) -> None:
    save_rates(tmp_path, read_rates(ANSWER))
    found = dollar_rates({"EUR", "USD", "TWD"}, load_rates(tmp_path))
    assert {code: (one.rate, one.rate_on) for code, one in found.items()} == {
        "EUR": (Decimal("1.2000"), date(2026, 11, 23))
    }
