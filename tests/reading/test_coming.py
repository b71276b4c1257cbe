"""Days on which an article comes, and days by which it is sent."""

from datetime import date

import pytest

from monitor.reading.coming import is_coming

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("lines", "country", "expected"),
    [
        (["delivery by 24 dec 2026", "add to cart"], "GB", False),
        (["lieferung bis 24.12.2026", "in den warenkorb"], "DE", False),
        (["delivery by 24/12/2026", "add to cart"], "GB", False),
        (["release date: 12 march 2027", "add to cart"], "GB", True),
        (["rtx 6090 [mar 2027 delivery]", "add to cart"], "GB", True),
        (["ships by 24 dec 2026"], "GB", True),
        (["available from 12/24/2026"], "US", True),
        (["available from 12/05/2026"], "US", False),  # the fifth of December
        (["available from 01/12/2027"], "US", True),
        (["available from 05/12/2026"], "GB", False),
        (["available from 12/05/2026"], None, False),  # may be either day
        (["available from 02/03/2027"], None, True),  # weeks ahead either way
        (["verfügbar ab 05/12/2026"], None, False),
        (["disponible à partir du 10/01/2027"], None, True),
        (["verfügbar ab 24.12.2026"], None, True),
        (["available from 31/31/2027"], None, False),
    ],
)
def test_what_comes_weeks_later_is_told(lines: list[str], country: str | None, expected: bool) -> None:
    assert is_coming(lines, TODAY, country) is expected
