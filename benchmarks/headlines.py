"""How well headlines are classified: python benchmarks/headlines.py

Two sets, neither copied into the project (GPU_LIMBO_SHARED names their folder):
- headlines_labelled.csv, split by a hash of the title: rules were tuned on 60 %, the rest is reported;
- headlines of news_headlines*.csv that were labelled by reading; headline_labels.csv holds only a hash of each title,
  its event and its part. Part 0 was labelled before any rule was written; parts 1 to 3 hold every headline with a card
  and a word of coming, chosen by that and by a hash alone, each labelled before the rules were run on it and mended
  only after it had been scored. Those on which the reader could not decide are left out; where a headline says that a
  card is new and not whether it is sold yet, launch and announcement both count as right.
"""

import csv
import hashlib
import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from monitor.catalog import load_headline_rules
from monitor.core.headlines import EVENTS, HeadlineReading, read_headline

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", HERE.parents[1] / "shared")) / "data"


class Labelled(NamedTuple):
    title: str
    published: date | None
    event: str
    row: dict[str, str]


def main() -> None:
    labelled = list(_labelled())
    tuned = [item for item in labelled if _share(item.title) < 60]
    report("labelled, tuned on", tuned)
    report("labelled, not tuned on", [item for item in labelled if _share(item.title) >= 60])
    report("labelled by reading before the rules", _by_reading("0"))
    for part in "123":
        report(f"labelled by reading, part {part}", _by_reading(part))
    report("written for this, half of them traps", list(_written()))
    _speed([item.title for item in labelled])


def report(name: str, items: Sequence[Labelled]) -> None:
    """Print precision, recall and F1 of each event, and how often cards and effect agree."""
    rules = load_headline_rules()
    readings = [read_headline(item.title, rules, item.published) for item in items]
    pairs = Counter(
        (_meant(item.event, reading.event), reading.event) for item, reading in zip(items, readings, strict=True)
    )
    print(f"\n{name}: {len(items)} headlines")
    print(f"  {'event':15s}{'n':>5s}{'precision':>11s}{'recall':>8s}{'F1':>7s}")
    scores = [score for event in EVENTS if (score := _print_event(event, pairs)) is not None]
    right = sum(count for (gold, found), count in pairs.items() if gold == found)
    print(f"  macro F1 {sum(scores) / len(scores):.3f}, right {right / len(items):.3f}")
    if items and items[0].row:
        _print_details(items, readings)


def _meant(label: str, found: str) -> str:
    """The label; of two that fit, the one that was found, or the later one in the text of the label."""
    fitting = label.split(" or ")
    return found if found in fitting else fitting[-1]


def _print_event(event: str, pairs: Counter[tuple[str, str]]) -> float | None:
    """F1 of one event; `None` where no headline of the set has it."""
    hits = pairs[event, event]
    found = sum(count for (_, says), count in pairs.items() if says == event)
    there = sum(count for (gold, _), count in pairs.items() if gold == event)
    precision = hits / found if found else 0.0
    recall = hits / there if there else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    print(f"  {event:15s}{there:5d}{precision:11.2f}{recall:8.2f}{f1:7.2f}")
    return f1 if there else None


def _print_details(items: Sequence[Labelled], readings: Sequence[HeadlineReading]) -> None:
    news = [(item, reading) for item, reading in zip(items, readings, strict=True) if item.event != "other"]
    cards = sum({name for name in item.row["gpu"].split("; ") if name} == set(got.gpus) for item, got in news)
    effects = sum(item.row["effect"] == got.effect for item, got in zip(items, readings, strict=True))
    dated = [(item.row["expected_date"], got.expected_date) for item, got in zip(items, readings, strict=True)]
    dates = sum(label == found for label, found in dated if label)
    false = sum(bool(found) and not label for label, found in dated)
    print(f"  dates exactly as labelled {dates}/{sum(bool(label) for label, _ in dated)}, dates where none is {false}")
    print(f"  cards exactly as labelled {cards}/{len(news)} (news only), effect {effects / len(items):.2f}")


def _labelled() -> list[Labelled]:
    with (SHARED / "headlines_labelled.csv").open(encoding="utf-8") as lines:
        return [Labelled(row["title"], _day(row["published_on"]), row["event"], row) for row in csv.DictReader(lines)]


def _by_reading(part: str) -> list[Labelled]:
    with (HERE / "headline_labels.csv").open(encoding="utf-8") as lines:
        events = {row["title_hash"]: row["event"] for row in csv.DictReader(lines) if row["part"] == part}
    found: dict[str, Labelled] = {}
    for name in ("news_headlines.csv", "news_headlines_more.csv"):
        with (SHARED / name).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                key = hashlib.blake2b(row["title"].encode(), digest_size=8).hexdigest()
                if key in events:
                    found[key] = Labelled(row["title"], _day(row["published_on"]), events[key], {})
    return list(found.values())


def _written() -> list[Labelled]:
    """Our own headlines; what each third of them gave at first sight is in RESULTS.md."""
    with (HERE.parent / "tests" / "core" / "headlines.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Labelled(row["title"], None, row["event"], {}) for row in rows]


def _share(title: str) -> int:
    return int(hashlib.blake2b(title.encode(), digest_size=4).hexdigest(), 16) % 100


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None


def _speed(titles: Sequence[str]) -> None:
    rules = load_headline_rules()
    begun = time.perf_counter()
    for title in titles:
        read_headline(title, rules, None)
    print(f"\n{len(titles) / (time.perf_counter() - begun):,.0f} headlines a second on one core")


if __name__ == "__main__":
    main()
