"""The short form of benchmarks/fuzz.py: whatever is cut, doubled or put in, a reader gives a value and never raises."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.matching import match_title
from monitor.core.money import parse_money
from monitor.reading.page import PageReading, read_page

PAGES = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*/*/page.*"))]
SCRAPS = [
    b"$",
    b"1.999,00 ",
    b"\x00",
    b"</script>",
    b"{",
    b'"',
    b"\\",
    b"<!--",
    b"&#",
    b"\xff\xfe",
    b"<s>",
    b"1e309",
    b"<h1>",
]

cuts = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 60), st.sampled_from([*SCRAPS, b""])), max_size=6)


@settings(max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PAGES), cuts)
def test_a_mutated_page_is_read_or_refused(page: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for at, size, scrap in changes:
        page = page[:at] + scrap + page[at + size :]
    reading = read_page(page, "https://shop.example/1")
    assert isinstance(reading, PageReading)
    for offer in reading.offers:
        assert parse_money(offer.price_text, offer.currency) is not None


@settings(max_examples=200, deadline=2000)
@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(page: bytes) -> None:
    assert isinstance(read_page(page, "https://shop.example/1"), PageReading)


@settings(max_examples=300, deadline=2000)
@given(st.text(max_size=300))
def test_any_title_is_matched_or_refused(title: str) -> None:
    match = match_title(title, load_catalog().matcher)
    assert match.reason
    assert match.quantity >= 1
