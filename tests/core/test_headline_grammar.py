"""Headlines made of words of one meaning, in languages that have no rules of their own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_headline_rules
from monitor.core.headline_grammar import Expressions, composed, filled, named
from monitor.core.headlines import read_headline

TOY = {"en": {"price": ["prices?"], "down": ["falls?"], "up": ["rises?"], "hedges": ["maybe"]}}


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("prices of cards fall", {"price_cut"}),
        ("a fall in prices", {"price_cut"}),
        ("price rises", {"price_rise"}),
        ("prices rise, then fall", {"price_rise"}),
        ("prices. cards fall", set()),
        ("pricesfall", set()),
        ("maybe cheap", {"rumour"}),
    ],
)
def test_a_thing_and_what_happens_to_it_make_an_event_in_either_order(text: str, events: set[str]) -> None:
    made = composed(TOY)
    assert {event for event, parts in made.items() if any(re.search(part, text) for part in parts["en"])} == events


def test_a_name_is_written_out_and_groups_and_lookbehinds_are_left_alone() -> None:
    names = named({"maker": ["nvidia", "amd"], "anyone": ["<maker>", "asus"]})
    assert filled(r"(?<!x)(?P<gpu>\d)<anyone>", names) == r"(?<!x)(?P<gpu>\d)(?:(?:nvidia|amd)|asus)"
    with pytest.raises(KeyError):
        filled("<nobody>", names)


PARTS = [r"\ba(?:b|c)\b|\bd", r"[|(\]x]e", r"f\|g", r"^[^]]h", "ж", r"\bab? [)|]"]


@given(st.text(alphabet="abcdefghx|()] ж", max_size=12))
def test_many_expressions_find_what_each_would_find(text: str) -> None:
    found = Expressions({"en": PARTS[:4], "ru": PARTS[4:5], "de": PARTS[5:]}).search(text)
    plain = re.search("|".join(f"(?:{part})" for part in PARTS), text)
    assert (found and found.start()) == (plain and plain.start())


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Prijzen van videokaarten dalen: RTX 5070 goedkoper dan ooit", "price_cut"),
        ("Prijzen van RTX 5080 stijgen opnieuw", "price_rise"),
        ("Nvidia kondigt GeForce RTX 6090 aan", "announcement"),
        ("RTX 5090 overal uitverkocht", "shortage"),
        ("Gerucht: RTX 6080 krijgt 24 GB geheugen", "rumour"),
        ("Invoerheffingen treffen GPU's uit China", "tariff_or_ban"),
        ("Csökkennek a GeForce RTX 5070 árak", "price_cut"),
        ("Drágulnak a GeForce RTX 5080 kártyák, emelkednek az árak", "price_rise"),
        ("Az AMD bejelentette a Radeon RX 9080 XT kártyát", "announcement"),
        ("Kiszivárgott a GeForce RTX 6070 specifikációja", "rumour"),
        ("Ceny grafických karet rostou, GeForce RTX 5080 zdražuje", "price_rise"),
        ("AMD představilo Radeon RX 9080 XT", "announcement"),
        ("GeForce RTX 6070 údajně dostane 18 GB paměti", "rumour"),
        ("Ціни на GeForce RTX 5070 знизилися", "price_cut"),
        ("NVIDIA анонсувала GeForce RTX 6090", "announcement"),
        ("Чутки: GeForce RTX 6080 отримає 24 ГБ", "rumour"),
        ("Дефіцит GeForce RTX 5090 триває", "shortage"),
        ("Цены на GeForce RTX 5080 обвалились", "price_cut"),
        ("RTX 5080 显卡价格大跌", "price_cut"),
        ("RTX 5090 显卡库存告急", "shortage"),
        ("RTX 5090の在庫が回復", "supply_relief"),
        ("RTX 5070 시세 급락", "price_cut"),
        ("I prezzi delle RTX 5070 scendono ancora", "price_cut"),
        ("Grafikkartenpreise: RTX 5080 rutscht im Preis auf Tiefststand", "price_cut"),
        ("Les prix des RTX 5080 s'envolent", "price_rise"),
        ("Los precios de la RTX 5070 se desploman", "price_cut"),
        ("Preços da RTX 5060 despencam no Brasil", "price_cut"),
        ("Priserna på RTX 5070 sjunker", "price_cut"),
        ("Nvidia RTX 6090'ı tanıttı", "announcement"),
        ("Giá RTX 5090 tăng mạnh", "price_rise"),
        ("Prețurile plăcilor GeForce RTX 5080 cresc", "price_rise"),
        ("Bocoran: RTX 6070 punya memori 18 GB", "rumour"),
        ("Nvidia introduces the RTX 6070 without a price hike", "announcement"),
        ("Nvidia's Rubin GPUs are 'in full production'", "announcement"),
        ("GeForce RTX 6090、1月30日に発売予定", "announcement"),
    ],
)
def test_languages_without_rules_of_their_own_are_read_by_their_words(title: str, event: str) -> None:
    reading = read_headline(title, load_headline_rules())
    assert reading.event == event, reading.reason
