"""Stock that only a drop-down list tells."""

import pytest

from monitor.core.models import Availability
from monitor.reading.choices import closed_sizes, stock_of_choices
from monitor.reading.claims import Notes
from monitor.reading.document import parse_document


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["Please choose", "8 GB [Low stock]", "16 GB [In stock]"], Availability.IN_STOCK),
        (["8 GB - sold out", "16 GB - sold out"], Availability.OUT_OF_STOCK),
        (["8 GB - sold out", "16 GB"], Availability.UNKNOWN),
        (["Price", "Name", "In stock first"], Availability.UNKNOWN),
    ],
)
def test_a_list_of_sizes_tells_the_stock_where_two_of_them_do(options: list[str], expected: Availability) -> None:
    body = "<select>" + "".join(f"<option>{option}</option>" for option in options) + "</select>"
    document = parse_document(body.encode(), "https://shop.example/p/1", None, Notes())
    assert document is not None
    assert stock_of_choices(document) is expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["S", "<b>M</b><i>sold out</i>"], ["Msold out"]),
        (["S sold out", "M sold out"], []),
        (["A sentence about what is sold out at present", "M sold out", "S"], []),
    ],
)
def test_sizes_that_are_sold_out_are_closed_where_others_are_not(items: list[str], expected: list[str]) -> None:
    body = "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    document = parse_document(body.encode(), "https://shop.example/p/1", None, Notes())
    assert document is not None
    assert ["".join(size.itertext()) for size in closed_sizes(document.root)] == expected
