"""Scores of page readings against the labelled pages of the shared folder; used by benchmarks/reading.py."""

import csv
import gzip
import hashlib
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from pathlib import Path

from monitor.core.models import RawOffer
from monitor.reading.page import PageReading

PAGES = Path(os.environ.get("GPU_LIMBO_SHARED", "../shared")) / "data" / "pages"
Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LabelledPage:
    row: Row
    body: bytes
    rows: list[Row]  # of offers.csv

    @property
    def handmade(self) -> bool:
        return self.row["file"].startswith("handmade/")

    @property
    def listing(self) -> bool:
        return not self.row["expected_title"] and self.row["kind"] != "none"

    @property
    def part(self) -> str:
        """Which part the page's shop belongs to, by a hash of its name: `first` was tuned on, `second` was opened after
        the figures for it were noted (RESULTS.md), `left_out` was never looked at. amazon.com was opened last."""
        if self.row["shop"] == "amazon.com":
            return "second"
        number = int(hashlib.sha256(self.row["shop"].encode()).hexdigest(), 16) % 4
        return "handmade" if self.handmade else ("first", "second", "first", "left_out")[number]


def load_pages() -> list[LabelledPage]:
    """Every page of the manifest with its bytes and its rows."""
    by_file: dict[str, list[Row]] = {}
    for row in csv.DictReader((PAGES / "offers.csv").open(encoding="utf-8")):
        by_file.setdefault(row["file"], []).append(row)
    pages: list[LabelledPage] = []
    for row in csv.DictReader((PAGES / "manifest.csv").open(encoding="utf-8")):
        data = (PAGES / row["file"]).read_bytes()
        body = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        pages.append(LabelledPage(row=row, body=body, rows=by_file.get(row["file"], [])))
    return pages


@dataclass(kw_only=True)
class Tally:
    """Counts of one group of pages."""

    single: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)


def same_title(one: str, other: str) -> bool:
    """Equal after folding entities, case, spaces and invisible characters, or one within the other."""
    a, b = _folded(one), _folded(other)
    return bool(a) and bool(b) and (a in b or b in a)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", unescape(unescape(text)))
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc") or char in "\n\t")
    return re.sub(r"\s+", " ", text).strip().lower()


def price_verdict(expected: str, offers: tuple[RawOffer, ...]) -> str:
    """right, wrong or missing, by the first offer."""
    if not expected:
        return "wrong" if offers else "right"
    if not offers:
        return "missing"
    return "right" if Decimal(offers[0].price_text) == Decimal(expected) else "wrong"


def score_single(page: LabelledPage, reading: PageReading, tally: Tally) -> Counter[str]:
    """Verdicts for one single page, also added to the tally."""
    row, offers = page.row, reading.offers
    seen: Counter[str] = Counter({"pages": 1})
    seen["price_" + price_verdict(row["expected_price"], offers)] += 1
    if row["expected_availability"]:
        seen["stock_asked"] += 1
        got = offers[0].availability.value if offers else ""
        seen["stock_right"] += got == row["expected_availability"]
    if row["expected_condition"] in ("used", "refurbished"):
        seen["condition_asked"] += 1
        seen["condition_right"] += bool(offers) and offers[0].condition.value == row["expected_condition"]
    if offers and row["expected_title"]:
        seen["title_asked"] += 1
        seen["title_right"] += same_title(offers[0].title, row["expected_title"])
    if row["expected_seller"] and offers:
        seen["seller_asked"] += 1
        seen["seller_right"] += same_title(offers[0].seller, row["expected_seller"])
    if offers and row["expected_currency"]:
        seen["currency_asked"] += 1
        seen["currency_right"] += offers[0].currency == row["expected_currency"]
    tally.single += seen
    return seen


def score_listing(page: LabelledPage, reading: PageReading, tally: Tally) -> Counter[str]:
    """Rows found, missed and extra of one listing, also added to the tally."""
    left = list(reading.offers)
    seen: Counter[str] = Counter({"pages": 1})
    for row in page.rows:
        if not row["price"]:
            continue
        seen["priced"] += 1
        fitting = [offer for offer in left if Decimal(offer.price_text) == Decimal(row["price"])]
        match = next((offer for offer in fitting if same_title(offer.title, row["title"])), None)
        if match is None:
            seen["price_only"] += bool(fitting)
            continue
        left.remove(match)
        seen["found"] += 1
        if row["availability"]:
            seen["stock_asked"] += 1
            seen["stock_right"] += match.availability.value == row["availability"]
        if row["condition"] in ("used", "refurbished"):
            seen["condition_asked"] += 1
            seen["condition_right"] += match.condition.value == row["condition"]
    seen["extra"] += len(left)
    seen["offers"] += len(reading.offers)
    tally.rows += seen
    return seen
