"""Countries by one code, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.countries import country_code, is_code
from monitor.core.tax import RATES_PERCENT


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("UK", "GB"), ("uk", "GB"), ("United Kingdom", "GB"), ("EL", "GR"), ("de", "DE"), ("Deutschland", "DE"),
        (" pl ", "PL"), ("USA", "US"), ("日本", "JP"), ("XX", "XX"),
    ],
)  # fmt: skip
def test_names_and_other_codes_become_the_iso_code(written, code):
    assert country_code(written) == code


@pytest.mark.parametrize("region", ["us-east-1", "europe-west4", "FIN-01", "Iceland 2", ""])
def test_a_region_of_a_cloud_stays_as_it_is(region):
    assert country_code(region) == region


@given(st.text(max_size=30))
def test_twice_is_once(text):
    assert country_code(country_code(text)) == country_code(text)


def test_every_country_with_a_tax_rate_is_its_own_code():
    assert all(is_code(code) and country_code(code) == code for code in RATES_PERCENT)
