"""Words that speak against a card, and do not where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.matching import match_title

MATCHER = load_catalog().matcher


@pytest.mark.parametrize(
    "words",
    [
        "sem artefactos",
        "mai surriscaldata",
        "never repaired",
        "sin ningún fallo",
        "sans artefacts",
        "senza alcun difetto",
        "ohne Artefakte oder Bildfehler",
        "zonder artefacten",
        "bez żadnych wad",
        "без артефактов",
        "без жодних артефактів",
    ],
)
def test_a_fault_that_is_denied_is_none(words):
    assert match_title(f"MSI RTX 3070 8GB {words}", MATCHER).gpu == "RTX 3070"


@pytest.mark.parametrize(
    "words",
    [
        "ohne OVP, defekt",
        "ohne Artefakte aber defekt",
        "ohne Artefakte, defekt",
        "ohne Rechnung defekt",
        "sin caja, averiada",
        "sans image",
        "sin reparar",
        "без коробки, артефакты",
    ],
)
def test_a_fault_that_stands_apart_from_without_counts(words):
    match = match_title(f"MSI RTX 3070 8GB {words}", MATCHER)
    assert (match.gpu, match.reason) == (None, "broken")


@pytest.mark.parametrize(
    "words",
    [
        "登錄送滑鼠墊",
        "現場送電競帽",
        "마우스패드 증정",
        "+ tapis de souris offert",
        "+ egérpad ajándékba",
        "Tシャツ プレゼント",
    ],
)
def test_what_is_given_away_makes_no_bundle(words):
    assert match_title(f"MSI RTX 4060 8GB {words}", MATCHER).gpu == "RTX 4060"


@pytest.mark.parametrize(
    "title",
    [
        "微星 RTX4070 散热器 送硅脂",
        "RTX 4070 贈品 電競帽",
        "↪ 買 微星 RTX4070 系列顯卡,送電競帽",
        "MSI RTX 4060 空盒 送贴纸",
    ],
)
def test_a_gift_saves_no_accessory_and_is_no_offer(title):
    assert match_title(title, MATCHER).gpu is None


@given(
    st.sampled_from(["defekt", "averiada", "artefacts", "сломана", "고장"]),
    st.sampled_from(["送滑鼠墊", "offert", "증정"]),
)
def test_no_gift_mends_a_card(fault, gift):
    assert match_title(f"MSI RTX 3080 10GB {fault} {gift}", MATCHER).gpu is None


@pytest.mark.parametrize(
    ("title", "gpu"),
    [
        ("Palit RTX 3070 8GB nicht Ti", "RTX 3070"),
        ("RTX4070 12Go Gigabyte Windforce (pas la Ti)", "RTX 4070"),
        ("Видеокарта RX7900XT 20G не XTX", "RX 7900 XT"),
        ("RX 5700 8GB (non-XT) Sapphire", "RX 5700"),
        ("Zotac 2070 mini 8gb (not super)", "RTX 2070"),
    ],
)
def test_a_suffix_that_is_denied_is_no_part_of_the_name(title, gpu):
    assert match_title(title, MATCHER).gpu == gpu


@pytest.mark.parametrize(
    "words",
    [
        "nicht zum Mining genutzt",
        "não usada em mineração",
        "не з майнінгу",
        "в майнинге не была",
        "без LHR, майнинг не видела",
    ],
)
def test_mining_that_is_denied_says_nothing_bad(words):
    assert match_title(f"MSI RTX 3080 10GB {words}", MATCHER).gpu == "RTX 3080"


@pytest.mark.parametrize(
    "words",
    [
        "mining, nicht brauchbar",
        "из майнинга, не пашет",
        "no mining, nicht brauchbar",
        "не с майнинга, не включается",
        "nicht Super, Bild nicht da",
        "no Ti box only",
    ],
)
def test_what_else_is_denied_beside_it_still_counts(words):
    assert match_title(f"MSI RTX 3080 10GB {words}", MATCHER).gpu is None


def test_a_size_of_the_card_is_no_disk():
    assert match_title("AMD Instinct MI325X 256GB HBM3E OAM Accelerator", MATCHER).gpu == "MI325X"
    assert match_title("MSI RTX 3060 12GB 256GB SSD", MATCHER).gpu is None
    assert match_title("RTX 3060 12GB + 256GB", MATCHER).gpu is None


def test_a_number_before_a_word_for_level_is_a_comparison():
    assert match_title("MSI RTX4060TI 8G Gaming X 3070 szint", MATCHER).gpu == "RTX 4060 Ti"
    assert match_title("MSI RTX4060TI 8G Gaming X 3070", MATCHER).gpu is None
