"""How right and how fast pages are read, beside extruct + price-parser: python benchmarks/reading.py

Needs the shared data folder (GPU_LIMBO_SHARED, default ../shared) and the dev extra (extruct).
"""

import contextlib
import resource
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import extruct
from price_parser import Price
from reading_bare import scrambled, unmarked
from reading_score import (
    LabelledPage,
    Tally,
    load_pages,
    price_verdict,
    same_title,
    score_listing,
    score_single,
)

from monitor.core.models import RawOffer
from monitor.reading.page import PageReading, read_page

PARTS = ("first", "second", "left_out", "handmade")
ROUNDS = 3


def main() -> None:
    """Print every table."""
    pages = load_pages()
    readings = {page.row["file"]: read_page(page.body, page.row["url"]) for page in pages}
    print_parts(pages, readings)
    print_by(pages, readings, "kind", lambda page: page.row["kind"])
    print_listings(pages, readings)
    print_traps(pages, readings)
    print_bare(pages)
    print_baseline(pages)
    print_speed(pages)
    print(f"largest memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def print_parts(pages: list[LabelledPage], readings: dict[str, PageReading]) -> None:
    """One line a part of the shops."""
    print(
        "single pages: price right / wrong / missing, availability, used or refurbished right, title, currency, seller"
    )
    for part in PARTS:
        tally = Tally()
        for page in pages:
            if page.part == part and not page.listing:
                score_single(page, readings[page.row["file"]], tally)
        print(f"  {part:9s} {_singles(tally.single)}")


def _singles(seen: Counter[str]) -> str:
    prices = f"{seen['price_right']} / {seen['price_wrong']} / {seen['price_missing']} of {seen['pages']}"
    share = 100 * seen["price_right"] / max(1, seen["pages"])
    rest = ", ".join(
        f"{name} {seen[name + '_right']}/{seen[name + '_asked']}"
        for name in ("stock", "condition", "title", "currency", "seller")
    )
    return f"{prices} ({share:.0f} %), {rest}"


def print_by(
    pages: list[LabelledPage], readings: dict[str, PageReading], name: str, key: Callable[[LabelledPage], str]
) -> None:
    """Single pages by where their price can be read, tuned shops and left-out ones apart."""
    print(f"\nsingle pages by {name}: price right of pages, shops tuned on | left out")
    groups: dict[str, dict[bool, Tally]] = {}
    for page in pages:
        if not page.listing and not page.handmade:
            tallies = groups.setdefault(key(page), {True: Tally(), False: Tally()})
            score_single(page, readings[page.row["file"]], tallies[page.part != "left_out"])
    for group, tallies in sorted(groups.items()):
        tuned, left = tallies[True].single, tallies[False].single
        print(f"  {group:12s} {tuned['price_right']}/{tuned['pages']} | {left['price_right']}/{left['pages']}")


def print_listings(pages: list[LabelledPage], readings: dict[str, PageReading]) -> None:
    """One line a listing, and the sums."""
    print("\nlistings: priced rows found, extra rows, availability, used or refurbished")
    tallies = {part: Tally() for part in PARTS}
    for page in pages:
        if page.listing:
            seen = score_listing(page, readings[page.row["file"]], tallies[page.part])
            print(f"  {page.part:9s} {page.row['file']:42s} {_rows(seen)}")
    for part, tally in tallies.items():
        if tally.rows:
            print(f"  {part:9s} all {_rows(tally.rows)}")


def _rows(seen: Counter[str]) -> str:
    share = 100 * seen["found"] / max(1, seen["priced"])
    extra = 100 * seen["extra"] / max(1, seen["offers"])
    stock = f"stock {seen['stock_right']}/{seen['stock_asked']}"
    stock += f", condition {seen['condition_right']}/{seen['condition_asked']}"
    return f"{seen['found']}/{seen['priced']} ({share:.0f} %), extra {seen['extra']} ({extra:.0f} %), {stock}"


def print_traps(pages: list[LabelledPage], readings: dict[str, PageReading]) -> None:
    """Each page that was not read right, with its trap."""
    print("\npages not read right (price or availability of the first offer)")
    for page in pages:
        if page.listing:
            continue
        reading = readings[page.row["file"]]
        verdict = price_verdict(page.row["expected_price"], reading.offers)
        stock = reading.offers[0].availability.value if reading.offers else "-"
        if verdict != "right" or stock not in ("-", page.row["expected_availability"]):
            print(f"  {page.part:9s} {page.row['file']:42s} price {verdict}, stock {stock}: {page.row['trap'][:90]}")


def print_bare(pages: list[LabelledPage]) -> None:
    """All real pages once more with less to go by than they have."""
    print("\nall real pages with less to go by: prices, then rows")
    ways: dict[str, Callable[[bytes], bytes]] = {
        "names scrambled": scrambled,
        "no markup": unmarked,
        "neither": lambda body: unmarked(scrambled(body)),
    }
    for name, change in ways.items():
        tally = Tally()
        for page in pages:
            if not page.handmade and page.row["kind"] not in ("none", "json_api"):
                score = score_listing if page.listing else score_single
                score(page, read_page(change(page.body), page.row["url"]), tally)
        print(f"  {name:15s} {_singles(tally.single)}")
        print(f"  {'':15s} {_rows(tally.rows)}")


def print_baseline(pages: list[LabelledPage]) -> None:
    """extruct + price-parser by the rule of the data folder's README."""
    print("\nextruct + price-parser, first offer, no visible text")
    for part in PARTS:
        tally = Tally()
        for page in pages:
            if page.part == part and not page.listing:
                score_single(page, PageReading(offers=tuple(baseline_offers(page))), tally)
        print(f"  {part:9s} {_singles(tally.single)}")
    found = sum(
        any(same_title(offer.title, row["title"]) for row in page.rows)
        for page in pages
        if page.listing
        for offer in baseline_offers(page)
    )
    print(f"  listing rows: {found}")


def baseline_offers(page: LabelledPage) -> list[RawOffer]:
    """What extruct and price-parser make of a page."""
    found = extract_all(page)
    for syntax in ("json-ld", "microdata", "rdfa"):
        for item in _products(found.get(syntax, [])):
            offer = _first(item.get("offers"))
            if not isinstance(offer, dict):
                continue
            price = Price.fromstring(str(offer.get("price") or offer.get("lowPrice") or ""))
            if price.amount is None:
                return []
            return [_offer(item, offer, price.amount)]
    return []


def extract_all(page: LabelledPage) -> dict[str, list[object]]:
    """extruct's answer for the four syntaxes, each asked on its own with errors caught."""
    found: dict[str, list[object]] = {}
    for syntax in ("json-ld", "microdata", "rdfa", "opengraph"):
        with contextlib.suppress(Exception):
            data = extruct.extract(page.body, base_url=page.row["url"] or None, syntaxes=[syntax], uniform=True)
            found[syntax] = data[syntax]
    return found


def _products(items: list[object]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for item in items:
        if isinstance(item, dict):
            inner = item.get("@graph")
            found += _products(inner) if isinstance(inner, list) else []
            if item.get("@type") in ("Product", "ProductGroup") and item.get("offers"):
                found.append(item)
    return found


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _offer(item: dict[str, object], offer: dict[str, object], amount: Decimal) -> RawOffer:
    from monitor.reading.schemaorg import availability_of, condition_of

    return RawOffer(
        title=str(_first(item.get("name")) or ""),
        price_text=str(amount),
        currency=str(offer.get("priceCurrency") or ""),
        availability=availability_of(offer.get("availability")),
        condition=condition_of(offer.get("itemCondition")),
    )


def print_speed(pages: list[LabelledPage]) -> None:
    """Pages a second of both on the real pages, in turns, by processor time of this one process."""
    real = [page for page in pages if not page.handmade and page.row["kind"] != "json_api"]
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_timed(real, lambda page: read_page(page.body, page.row["url"])))
        theirs.append(_timed(real, baseline_with_prices))
    mine, other = min(ours), min(theirs)
    size = sum(len(page.body) for page in real) / 1e6
    print(f"\nspeed over {len(real)} real pages ({size:.0f} MB), best of {ROUNDS}, one core")
    print(f"  read_page (all syntaxes, visible text, listings): {len(real) / mine:.1f} pages/s")
    print(f"  extruct (json-ld, microdata, rdfa, opengraph) + price-parser: {len(real) / other:.1f} pages/s")
    print(f"  ratio {other / mine:.1f}")
    for name in ("deep-json.html.gz", "ten-thousand-blocks.html.gz"):
        page = next(page for page in pages if page.row["file"].endswith(name))
        print(f"  {name}: {_timed([page], lambda page: read_page(page.body, page.row['url'])):.2f} s")


def baseline_with_prices(page: LabelledPage) -> None:
    """The baseline's whole work on one page."""
    baseline_offers(page)


def _timed(pages: list[LabelledPage], work: Callable[[LabelledPage], object]) -> float:
    start = time.process_time()
    for page in pages:
        work(page)
    return time.process_time() - start


if __name__ == "__main__":
    main()
