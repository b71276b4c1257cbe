"""Each folder below holds a small page written for this project, its address, and what should be read from it."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.core.money import parse_money
from monitor.reading.page import read_page

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/*/meta.toml"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_page_reads_as_expected(folder: Path) -> None:
    meta = tomllib.loads((folder / "meta.toml").read_text(encoding="utf-8"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    (page,) = folder.glob("page.*")
    today = meta["seen_at"].date()
    reading = read_page(
        page.read_bytes(), meta["url"], country=meta.get("country"), currency=meta.get("currency"), today=today
    )
    found = [
        {
            "title": offer.title,
            "price": offer.price_text,
            "currency": offer.currency,
            "availability": offer.availability.value,
            "condition": offer.condition.value,
            "url": offer.url,
            "seller": offer.seller,
        }
        for offer in reading.offers
    ]
    assert len(found) == len(expected["offers"]), (found, reading.rejections)
    for offer, wanted in zip(found, expected["offers"], strict=True):
        assert Decimal(offer["price"]) == Decimal(wanted["price"])
        assert {key: offer[key] for key in wanted if key != "price"} == {
            k: v for k, v in wanted.items() if k != "price"
        }
    for offer in reading.offers:
        money = parse_money(offer.price_text, hint=offer.currency)
        assert money is not None
        assert money.amount == Decimal(offer.price_text)
    reasons = {reason for reason, _ in reading.rejections}
    assert set(expected["rejections"]) <= reasons


def test_a_page_without_a_price_still_tells_its_stock() -> None:
    page = Path(__file__).parent / "karten.example.de" / "sold-out-without-price" / "page.html"
    ((reason, text),) = read_page(page.read_bytes(), "https://karten.example.de/p/1", country="DE").rejections
    assert (reason, "out_of_stock" in text) == ("no_price", True)
