"""How well and how fast titles are matched: `python benchmarks/matching.py [--fuzz N]`.

Quality: the labelled titles of the shared data folder, in the part that was read while the rules were written ("tuned
on") and the part that was kept apart; per language and per trap. Besides, titles that price collectors labelled.
Speed: titles a second on one core, with rapidfuzz over the same names in the same run.
Fuzz: mutated titles; no exception, none over two seconds.
"""

import argparse
import csv
import gzip
import hashlib
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from rapidfuzz import fuzz, process

from monitor.catalog import Catalog, load_catalog
from monitor.core.matching import REASONS, Match, Matcher, build_matcher, match_title

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", "../shared")) / "data"
PRICE_FILES = ("retail_br", "retail_coolpc_tw", "retail_danawa_kr", "retail_gpubot_ru", "retail_pcpp", "retail_idealo")
# Labels that we think wrong, with the reason; the tables count them as they stand.
DOUBTED_LABELS = {
    "d0505": "EVGA's full name of an RTX 3080 12GB card, no accessory; the row d0517 with the same wording is a card",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fuzz", type=int, default=100_000, help="number of mutated titles")
    parser.add_argument("--errors", action="store_true", help="print the wrong rows that were tuned on")
    parser.add_argument("--errors-held", action="store_true", help="print the wrong rows of the other part too")
    arguments = parser.parse_args()
    catalog = load_catalog()
    rows = list(csv.DictReader((SHARED / "titles_dev.csv").open(encoding="utf-8")))
    quality(rows, catalog, arguments)
    unseen_words(rows, catalog)
    collectors(catalog)
    speed([row["title"] for row in rows], catalog)
    fuzzed([row["title"] for row in rows], catalog, arguments.fuzz)


def was_held_out(row: dict[str, str]) -> bool:
    """Half of d0072 to d0500 by hash: kept apart until the rules stood, then its errors were read once (RESULTS.md says
    what the figures were before that)."""
    number = int(row["id"][1:])
    return 72 <= number <= 500 and hashlib.sha256(row["id"].encode()).digest()[0] % 2 == 0


def quality(rows: list[dict[str, str]], catalog: Catalog, arguments: argparse.Namespace) -> None:
    for name, part in (
        ("tuned on", [row for row in rows if not was_held_out(row)]),
        ("kept apart", [row for row in rows if was_held_out(row)]),
    ):
        results = [(row, match_title(row["title"], catalog.matcher)) for row in part]
        print(f"\n{name}: {len(part)} titles\n  {figures(results)}")
        for column in ("language", "trap"):
            groups: dict[str, list[tuple[dict[str, str], Match]]] = defaultdict(list)
            for row, match in results:
                groups[row[column] or "(none)"].append((row, match))
            for group, members in sorted(groups.items(), key=lambda item: -len(item[1])):
                right = sum(is_right(row, match) for row, match in members)
                if column == "language" or len(members) > 2:
                    print(f"    {column} {group[:45]:45} {right:4} of {len(members):4}")
        if arguments.errors_held or (arguments.errors and name == "tuned on"):
            for row, match in results:
                if not is_right(row, match):
                    want = row["gpu"] or row["reason"]
                    print(f"    {row['id']} {row['title']!r}: label {want}, we say {match.gpu or match.reason}")
    print("\nLabels that we doubt:")
    for identity, why in DOUBTED_LABELS.items():
        print(f"  {identity}: {why}")


def is_right(row: dict[str, str], match: Match) -> bool:
    return (match.gpu or "") == row["gpu"]


def figures(results: list[tuple[dict[str, str], Match]]) -> str:
    said = [(row, match) for row, match in results if match.gpu]
    right = sum(is_right(row, match) for row, match in said)
    cards = sum(bool(row["gpu"]) for row, _ in results)
    others = [(row, match) for row, match in results if not row["gpu"]]
    reasons = sum(match.reason == row["reason"] for row, match in others)
    stated = [(row, match) for row, match in results if row["condition_hint"] in ("new", "used", "refurbished")]
    conditions = sum(match.condition.value == row["condition_hint"] for row, match in stated)
    return (
        f"precision {right / max(1, len(said)):.4f} ({right} of {len(said)}), recall {right / max(1, cards):.4f} "
        f"({right} of {cards}); reason {reasons} of {len(others)}; stated condition {conditions} of {len(stated)}"
    )


FOLDS = 5


def unseen_words(rows: list[dict[str, str]], catalog: Catalog) -> None:
    """What titles give whose words the lists do not know: each language read without its own words, and every title
    read without a fifth of all words, five times over."""
    print("\nWords left out (what a language or a shop gives whose words nobody wrote down):")
    total: list[tuple[dict[str, str], Match]] = []
    for language in sorted({row["language"] for row in rows}):
        matcher = matcher_without(catalog, lambda name, of, word, left=language: of == left)
        results = [(row, match_title(row["title"], matcher)) for row in rows if row["language"] == language]
        total += results
        print(f"  without the words of {language}: {len(results)} titles, {figures(results)}")
    print(f"  all languages, each without its own words: {figures(total)}")
    total = []
    for fold in range(FOLDS):
        matcher = matcher_without(catalog, lambda name, of, word, left=fold: fold_of(word) == left)
        total += [(row, match_title(row["title"], matcher)) for row in rows]
    print(f"  without a fifth of the words, {FOLDS} times: {figures(total)}")


def fold_of(word: str) -> int:
    return hashlib.sha256(word.encode()).digest()[0] % FOLDS


def matcher_without(catalog: Catalog, leaves_out) -> Matcher:
    """The matcher of a word list without some of its words; makers, units and nouns for cards stay."""
    words = {
        name: languages
        if name in ("brand", "feature", "card", "unit_gb", "unit_mb", "currency", "port")
        else {of: [word for word in them if not leaves_out(name, of, word)] for of, them in languages.items()}
        for name, languages in catalog.title_rules["words"].items()
    }
    return build_matcher(catalog.gpus, {**catalog.title_rules, "words": words})


def collectors(catalog: Catalog) -> None:
    """Titles of the price files, whose model the collectors gave: other shops and languages, noisy labels."""
    print("\nTitles of price collectors (their own labels; variants by memory only count as their model):")
    for path in sorted((SHARED / "prices").glob("retail_*.csv*")):
        if not path.name.startswith(PRICE_FILES):
            continue
        counts: Counter[str] = Counter()
        for title, label in labelled(path):
            gpu = match_title(title, catalog.matcher).gpu
            want = label if label in catalog.gpus else stem(label, catalog)
            counts["same" if gpu == want else "none" if gpu is None else "other"] += 1
        same, none, other = counts["same"], counts["none"], counts["other"]
        print(f"  {path.name:32} same {same:5}  we say none {none:5}  another {other:4}")


def labelled(path: Path) -> set[tuple[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {(row["sku_or_title"], row["gpu_model"]) for row in rows if not row["sku_or_title"].startswith("median")}


def stem(label: str, catalog: Catalog) -> str | None:
    """ "RX 570 8GB" is our RX 570, which was sold with 4 and 8; "RTX 3060 8GB" is nothing of ours."""
    name, _, size = label.rpartition(" ")
    also = catalog.title_rules["memory"].get(name, [])
    return name if size.endswith("GB") and size[:-2].isdigit() and int(size[:-2]) in also else None


def speed(titles: list[str], catalog: Catalog) -> None:
    matcher = catalog.matcher
    for title in titles:
        match_title(title, matcher)
    ours = best(lambda: [match_title(title, matcher) for title in titles])
    names = list(catalog.gpus)
    some = titles[:100]
    theirs = best(lambda: [process.extractOne(title, names, scorer=fuzz.WRatio) for title in some], repeats=3)
    simple = best(lambda: [process.extractOne(title, names, scorer=fuzz.token_set_ratio) for title in some], repeats=3)
    rate = len(titles) / ours
    print(f"\nSpeed, one core, best of several runs: {rate:,.0f} titles a second")
    print(f"  rapidfuzz WRatio {len(some) / theirs:,.0f} ({rate * theirs / len(some):.0f} times ours)", end=", ")
    print(f"token_set_ratio {len(some) / simple:,.0f} ({rate * simple / len(some):.0f} times ours)")


def best(work, repeats: int = 15) -> float:
    """The shortest time in seconds of CPU: what the work takes when nothing else disturbs it."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def fuzzed(titles: list[str], catalog: Catalog, count: int) -> None:
    generator = random.Random(20261124)
    slowest = 0.0
    for title in mutated(titles, generator, count):
        start = time.process_time()
        match = match_title(title, catalog.matcher)
        slowest = max(slowest, time.process_time() - start)
        assert (match.gpu in catalog.gpus) or (match.gpu is None and match.reason in REASONS), title
    print(f"\nFuzz: {count:,} mutated titles, no exception, slowest {slowest * 1000:.1f} ms of CPU")


def mutated(titles: list[str], generator: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        yield mutate(generator.choice(titles), titles, generator)


def mutate(title: str, titles: list[str], generator: random.Random) -> str:
    for _ in range(generator.randint(1, 4)):
        at = generator.randint(0, len(title))
        kind = generator.randrange(7)
        if kind == 0:
            title = (
                title[:at]
                + chr(generator.choice([generator.randrange(32, 0x500), generator.randrange(0x2000, 0xFFFF)]))
                + title[at:]
            )
        elif kind == 1:
            title = title[:at] + title[at + generator.randint(1, 5) :]
        elif kind == 2:
            other = generator.choice(titles)
            title = title[:at] + other[generator.randint(0, len(other)) :]
        elif kind == 3:
            title = title.replace(" ", generator.choice(["", "-", "/", "\u3000", "  "]))
        elif kind == 4:
            title = title.swapcase()
        elif kind == 5:
            title = title * generator.choice([1, 2, 50])
        else:
            title = "".join(shuffled(title.split(" "), generator))
    return title


def shuffled(words: Iterable[str], generator: random.Random) -> list[str]:
    words = list(words)
    generator.shuffle(words)
    return [f"{word} " for word in words]


if __name__ == "__main__":
    main()
