"""Wait, buy, or nothing."""

from datetime import date

import pytest

from monitor.catalog import load_headline_rules
from monitor.core.headlines import read_headline

DAY = date(2026, 4, 17)


@pytest.mark.parametrize(
    ("title", "effect"),
    [
        ("Nvidia raises RTX 5090 prices", "buy"),
        ("GPU shortage ahead", "buy"),
        ("Rumor: RTX 5070 price hike in June", "buy"),
        ("RTX 5070 drops below MSRP", "buy"),
        ("RTX 4090 dips below MSRP as GPU prices continue to fall", "wait"),
        ("Nvidia announces RTX 6090", "wait"),
        ("MSI announces RTX 5090 Lightning", "none"),
        ("RTX 6090 leak", "wait"),
        ("RTX 5090 back in stock", "wait"),
        ("New tariffs on graphics cards", "buy"),
        ("Export ban on Nvidia H20", "none"),
        ("RTX 5060 review", "none"),
        ("Nvidia unveils RTX 6060 Laptop GPU", "none"),
        ("Nvidia's RTX 6060 and RTX 6070 announced for thin laptops", "none"),
        ("RTX 6090 rumoured to launch in June 2027", "none"),
        ("RTX 6090 rumoured to launch in January 2027", "wait"),
        ("Nvidia's AI chip shortage goes on", "none"),
        ("Nvidia discontinues the RTX 5060", "buy"),
        ("AMD cancels the Radeon RX 9090 card", "none"),
        ("Nvidia prepping price cuts for the RTX 5080", "wait"),
    ],
)
def test_the_effect_on_a_buyer(title: str, effect: str) -> None:
    assert read_headline(title, load_headline_rules(), DAY).effect == effect
