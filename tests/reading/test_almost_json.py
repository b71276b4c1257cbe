"""JSON-LD as shops write it. extruct loses the first seven; then what must be refused."""

import pytest

from monitor.reading.almost_json import load_values

GOOD = {"name": "RTX 4090", "price": "1599.00"}

MALFORMED = [
    ("a brace too many", '{"name": "RTX 4090", "price": "1599.00"}}'),
    ("a semicolon at the end", '{"name": "RTX 4090", "price": "1599.00"};'),
    ("an HTML comment around", '<!-- {"name": "RTX 4090", "price": "1599.00"} -->'),
    ("CDATA around", '//<![CDATA[\n{"name": "RTX 4090", "price": "1599.00"}\n//]]>'),
    ("entities for quotes", "{&quot;name&quot;: &quot;RTX 4090&quot;, &quot;price&quot;: &quot;1599.00&quot;}"),
    ("a trailing comma", '{"name": "RTX 4090", "price": "1599.00",}'),
    ("comments", '{"name": "RTX 4090", // the name\n /* the price */ "price": "1599.00"}'),
    ("a byte order mark", '\ufeff{"name": "RTX 4090", "price": "1599.00"}'),
    ("C-style CDATA", '/*<![CDATA[*/{"name": "RTX 4090", "price": "1599.00"}/*]]>*/'),
]


@pytest.mark.parametrize("text", [text for _, text in MALFORMED], ids=[name for name, _ in MALFORMED])
def test_malformed_blocks_are_still_read(text: str) -> None:
    values, problem = load_values(text)
    assert values == [GOOD]
    assert problem == ""


def test_two_objects_in_one_block_are_both_read() -> None:
    assert load_values('{"name": "a"}\n{"name": "b"}') == ([{"name": "a"}, {"name": "b"}], "")


def test_a_bare_quote_inside_a_text_is_mended() -> None:
    values, problem = load_values('{"name": "Monitor 27" curved", "price": 1}')
    assert (values, problem) == ([{"name": 'Monitor 27" curved', "price": 1}], "")


def test_a_raw_newline_inside_a_text_is_kept() -> None:
    assert load_values('{"name": "RTX\n4090"}') == ([{"name": "RTX\n4090"}], "")


def test_slashes_and_commas_inside_texts_stay() -> None:
    assert load_values('{"url": "https://shop.example/a,}", "b": [1, 2,]}') == (
        [{"url": "https://shop.example/a,}", "b": [1, 2]}],
        "",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[" * 100_000, "too_deep"), ('{"a": "' + "x" * 4_000_000 + '"}', "too_large"), ('{"a": ', "broken_json")],
)
def test_bombs_and_stumps_are_refused_with_a_reason(text: str, reason: str) -> None:
    assert load_values(text)[1] == reason


def test_an_empty_block_is_no_problem() -> None:
    assert load_values(" \n ") == ([], "")
