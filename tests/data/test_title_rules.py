"""Invariants of titles.toml and titles_words.toml: one meaning a word, names that can be read, sane part numbers."""

import re
from collections import defaultdict

from monitor.catalog import load_catalog
from monitor.core.matching_text import fold

CATALOG = load_catalog()
RULES = CATALOG.title_rules
LANGUAGES = {"en", "de", "fr", "es", "pt", "it", "nl", "pl", "hu", "ru", "uk", "ko", "ja", "zh"}


def test_a_word_means_one_thing():
    classes = defaultdict(set)
    for name, languages in RULES["words"].items():
        for words in languages.values():
            for word in words:
                classes[fold(word)].add(name)
    assert {word: found for word, found in classes.items() if len(found) > 1} == {}


def test_what_people_write_is_there_in_every_language():
    for name in ("card", "accessory", "broken", "laptop", "pc", "wanted", "used", "new", "lot"):
        assert set(RULES["words"][name]) >= LANGUAGES, name


def test_other_models_are_not_in_the_catalogue():
    assert [name for name in RULES["others"] if name in CATALOG.gpus] == []


def test_memory_sizes_belong_to_models_of_the_catalogue():
    assert [name for name in RULES["memory"] if name not in CATALOG.gpus] == []
    sizes = set(RULES["memory_sizes"])
    assert {gpu.memory_gb for gpu in CATALOG.gpus.values()} - sizes - {95.0} == set()


def test_part_numbers_name_models_of_the_catalogue():
    for part in RULES["part"]:
        assert re.compile(part["pattern"]).groupindex.keys() <= {
            "number",
            "tens",
            "pad",
            "code",
            "key",
            "qual",
            "memory",
        }
        assert [name for name in part.get("names", {}).values() if name not in CATALOG.gpus] == []
