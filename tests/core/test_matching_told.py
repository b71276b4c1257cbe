"""What the seller of a card tells: why it is sold, where it was, what was renewed; and where unknown words stand."""

import csv
from pathlib import Path

import pytest

from monitor.catalog import load_catalog
from monitor.core.matching import match_title

MATCHER = load_catalog().matcher


@pytest.mark.parametrize(
    "words",
    [
        "wegen Umstieg auf Laptop",
        "passt nicht in mein Gehäuse",
        "je passe sur console",
        "me paso a portátil",
        "per passaggio a PS5",
        "в связи с покупкой ноутбука",
        "bo kupiłem konsolę",
        "tolta da un PC fisso",
        "z mojego komputera",
        "taken out of my old computer",
    ],
)
def test_what_it_is_sold_for_or_was_in_is_not_sold(words):
    assert match_title(f"MSI RTX 3070 8GB {words}", MATCHER).gpu == "RTX 3070"


@pytest.mark.parametrize(
    "title",
    [
        "wegen Umstieg auf Laptop: PC mit RTX 3070",
        "MSI RTX 3070 8GB wegen Umstieg, Laptop dazu",
        "MSI RTX 3070 8GB wegen Defekt",
        "MSI RTX 3070 8GB + Laptop",
        "RTX 3070 aus Laptop",
    ],
)
def test_a_computer_or_a_fault_elsewhere_still_counts(title):
    assert match_title(title, MATCHER).gpu is None


@pytest.mark.parametrize(
    "words",
    ["Wärmeleitpads frisch gewechselt", "thermal pads replaced", "ventole sostituite", "термопрокладки заменены"],
)
def test_a_part_that_was_renewed_is_none_that_is_sold(words):
    assert match_title(f"MSI RTX 3070 8GB {words}", MATCHER).gpu == "RTX 3070"
    assert match_title(f"RTX 3070 {words}, defekt", MATCHER).gpu is None


def test_an_owner_may_tell_a_story_of_a_card_that_is_named_in_full():
    assert match_title("Gigabyte RTX 3070 8gb comprei e não usei, mudei de ideia", MATCHER).gpu == "RTX 3070"
    assert match_title("RTX 3070 comprei bla blu blo", MATCHER).gpu is None
    assert match_title("Gigabyte RTX 3070 8gb comprei e não liga mais", MATCHER).gpu is None


@pytest.mark.parametrize("words", ["never installed", "nigdy nie grał", "não usei"])
def test_what_was_never_done_with_it_is_no_fault(words):
    assert match_title(f"MSI RTX 3070 8GB {words}", MATCHER).gpu == "RTX 3070"


def test_an_unknown_word_between_a_maker_and_the_full_name_is_a_series():
    assert match_title("PowerColor Xzyqu Radeon RX 6800", MATCHER).gpu == "RX 6800"
    assert match_title("PowerColor Xzyqu RX 6800", MATCHER).gpu is None
    assert match_title("Xzyqu PowerColor Radeon RX 6800", MATCHER).gpu is None


def test_a_full_name_bears_two_unknown_words_behind_it():
    assert match_title("EVGA GeForce RTX 3080 FTW3 xzyqu wopsig", MATCHER).gpu == "RTX 3080"
    assert match_title("EVGA RTX 3080 FTW3 xzyqu wopsig", MATCHER).gpu is None
    assert match_title("GeForce RTX 3080 xzyqu wopsig", MATCHER).gpu is None


def test_a_word_that_the_page_cut_off_is_read_by_its_beginning():
    title = "Asus Dual RTX 3070 white edition very quiet xzyqu"
    assert match_title(f"{title} graph", MATCHER).gpu == "RTX 3070"
    assert match_title(f"{title} defe", MATCHER).gpu is None


def test_gs_is_a_series_of_gainward_and_a_letter_makes_another_code():
    assert match_title("Gainward Phantom+ 3080 GS 10G", MATCHER).gpu == "RTX 3080"
    assert match_title("NVIDIA RTX A4000H 16GB", MATCHER).gpu is None
    assert match_title("NVIDIA RTX A4000 16GB", MATCHER).gpu == "RTX A4000"


@pytest.mark.parametrize("title", ["RTX 3060 x4 bulk", "mining cards 3060 Ti 6x", "RTX 3060 12GB x3 working"])
def test_a_count_behind_the_name_counts(title):
    assert match_title(title, MATCHER).reason == "several_cards"


@pytest.mark.parametrize(
    "title", ["RTX 3060 x16 PCIe 4.0", "RTX 3060 Ventus 2X", "RTX 3080 X3 OC 10GB", "RTX 3060 PCIe x8"]
)
def test_lanes_and_series_are_no_counts(title):
    assert match_title(title, MATCHER).gpu in ("RTX 3060", "RTX 3080")


def test_a_size_in_inches_is_that_of_a_screen():
    assert match_title('Gigabyte G5 KF RTX 4060 15.6"', MATCHER).reason == "laptop"
    assert match_title('MSI RTX 3060 12GB, 9.3" long', MATCHER).gpu == "RTX 3060"


# what sellers say of a card behind its name, in fourteen languages: that it is dead or unsure, or that it is well
REMARKS = list(
    csv.DictReader(
        Path(__file__).with_name("titles_remarks.tsv").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE
    )
)


@pytest.mark.parametrize(
    "name", ["MSI RTX 3070 8GB", "Gigabyte GeForce RTX 3060 Ti Eagle OC 8GB", "Palit RTX 3080 10GB,"]
)
def test_remarks_say_whether_a_card_is_sold(name):
    read = {
        (row["language"], row["remark"]): match_title(f"{name} {row['remark']}", MATCHER).gpu is not None
        for row in REMARKS
    }
    wanted = {(row["language"], row["remark"]): row["says"] == "card" for row in REMARKS}
    assert {remark for remark in wanted if read[remark] != wanted[remark]} == set()
    assert sum(wanted.values()) > 900


@pytest.mark.parametrize(
    ("words", "sold"),
    [
        ("keine Probleme", True),
        ("불량 없음", True),
        ("不花屏", True),
        ("nunca deu problema", True),
        ("kein Bild, keine Probleme", False),
        ("불량, 박스 없음", False),
        ("花屏 不议价", False),
        ("mai usata, difetto", False),
    ],
)
def test_a_denial_reaches_the_fault_beside_it_only(words, sold):
    assert (match_title(f"MSI RTX 3070 8GB {words}", MATCHER).gpu is not None) == sold


@pytest.mark.parametrize(
    ("title", "gpu"),
    [
        ("RTX 3090 FE, cracked box", "RTX 3090"),
        ("RTX 3090 FE, cracked, box", None),
        ("Dell NVIDIA Tesla K80 24GB GDDR5 GPU Accelerator Card No Bracket", "Tesla K80"),
        ("MSI RTX 3070 8GB ohne Backplate", "RTX 3070"),
        ("MSI RTX 3070 8GB ohne Kühler", None),
        ("RTX 4090 FE pulled from my gaming PC, works great", "RTX 4090"),
        ("RTX 4090 FE no original box only card", "RTX 4090"),
        ("RTX 5090 Only Cooling System", None),
    ],
)
def test_what_is_missing_or_damaged_beside_the_card_is_told_from_the_card(title, gpu):
    assert match_title(title, MATCHER).gpu == gpu


def test_a_model_that_it_is_sold_for_is_no_second_one():
    assert match_title("MSI RTX 3070 8GB wegen Upgrade auf RTX 4080", MATCHER).gpu == "RTX 3070"
    assert match_title("MSI RTX 3070 8GB wegen Umzug, RTX 3080", MATCHER).reason == "several_models"
