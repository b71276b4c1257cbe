"""What a title sells beside the card, though no list knows it."""

import pytest

from monitor.catalog import load_catalog
from monitor.core.matching import match_title

MATCHER = load_catalog().matcher


@pytest.mark.parametrize(
    "title",
    [
        "MSI RTX 3060 Ventus 2X 12G + B450M PRO-VDH",
        "技嘉 RTX5070 WINDFORCE OC 12G+GP-UD750GM",
        "【GM700TZ】+ 微星 RTX5060 8G",
        "Gigabyte H510M S2H + MSI RTX 3060 12GB",
        "12100F + RTX 3060 12GB MSI",
        "Videokaart Asus RTX 3070 8GB + Cooler Master V750",
        "MSI RTX 3060 12GB & B660M-A",
        "MSI RTX 3080 10GB + Zyxxor",
        "MSI RTX 3080 10GB + Asus Monitorständer",
    ],
)
def test_an_article_behind_or_before_a_plus_is_sold_too(title):
    assert match_title(title, MATCHER).gpu is None


@pytest.mark.parametrize(
    ("title", "gpu"),
    [
        ("Sapphire Nitro+ RX 6700 XT 12GB", "RX 6700 XT"),
        ("Gigabyte RTX 3070 8GB + OVP + Rechnung", "RTX 3070"),
        ("MSI RTX 3060 12GB + 2 ans de garantie", "RTX 3060"),
        ("Asus RTX 3060 12GB + garancia 2026", "RTX 3060"),
        ("ASUS TUF RTX 3090 24GB HDMI + DP + DP", "RTX 3090"),
        ("Manli GeForce RTX 3080 Ti Gallardo 12GB GDDR6X (M3515+N612-01)", "RTX 3080 Ti"),
        ("Tesla P100 16GB + adapter", "Tesla P100"),
    ],
)
def test_what_comes_with_any_card_is_not_sold_too(title, gpu):
    assert match_title(title, MATCHER).gpu == gpu


@pytest.mark.parametrize(
    "title",
    [
        "[H] EVGA 3090 FTW3 ULTRA, 3090 FE [W] Local Cash",
        "Видеокарты MSI RTX 3060 Ventus, Palit RTX 3060 Dual",
        "MSI 3080 Suprim & Asus 3080 TUF",
        "RTX 3090 FE, RTX 3090 Strix",
    ],
)
def test_the_same_model_of_two_makers_or_series_is_two_cards(title):
    match = match_title(title, MATCHER)
    assert (match.gpu, match.reason) == (None, "several_cards")


@pytest.mark.parametrize(
    ("title", "gpu"),
    [
        ("MSI GeForce RTX 3060, RTX 3060 VENTUS 2X 12G OC", "RTX 3060"),
        ("ASUS ROG Strix RTX 3070 OC 8GB, ROG-STRIX-RTX3070-O8G-GAMING", "RTX 3070"),
        ("MSI GeForce RTX 3080 Suprim X 10G, RTX3080, 10GB GDDR6X", "RTX 3080"),
    ],
)
def test_a_shop_that_says_its_card_again_sells_one(title, gpu):
    assert match_title(title, MATCHER).gpu == gpu
