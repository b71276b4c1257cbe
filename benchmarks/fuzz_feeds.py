"""Mangled feeds, headlines and cloud answers, none of which may raise or take long: python benchmarks/fuzz_feeds.py

Inputs are cut, doubled, spliced and overwritten pieces of the saved ones (GPU_LIMBO_SHARED) and of a few written here.
"""

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.catalog import load_headline_rules
from monitor.core.headlines import read_headline
from spiders.clouds import CLOUDS
from spiders.feed_entries import read_feed

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared")) / "data"
SLOW_SECONDS = 2.0
PIECES = (
    b"<![CDATA[", b"]]>", b"<item>", b"<entry>", b"</title>", b"&#0;", b"&amp;", b"<!--", b"\x00", b"\xff\xfe",
    b"null", b"NaN", b"1e999", b"-1", b"[", b"{", b'"', b"RTX 6090 ", b"\xe7\x99\xba\xe8\xa1\xa8", b"price ", b"could ",
    b"May 32 ", b"\xe2\x80\x8f",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000, help="inputs in all")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    targets = list(_targets())
    failures: Counter[str] = Counter()
    slowest = 0.0
    begun = time.perf_counter()
    for number in range(arguments.count):
        name, call, seeds = targets[number % len(targets)]
        data = mangled(dice.choice(seeds), dice)
        started = time.perf_counter()
        try:
            call(data)
        except Exception as error:
            failures[f"{name}: {type(error).__name__}"] += 1
        slowest = max(slowest, time.perf_counter() - started)
        failures["slow"] += time.perf_counter() - started > SLOW_SECONDS
    spent = time.perf_counter() - begun
    print(f"{arguments.count:,} inputs in {spent:.0f} s, slowest {slowest * 1000:.0f} ms")
    print(f"exceptions and slow inputs: {sum(failures.values())} {dict(+failures)}")


def mangled(data: bytes, dice: random.Random) -> bytes:
    """A short stretch of `data` with up to five changes."""
    start = dice.randrange(max(1, len(data) - 3000)) if dice.random() < 0.5 else 0
    data = data[start : start + 3000]
    for _ in range(dice.randint(1, 5)):
        at = dice.randint(0, len(data))
        change = dice.randrange(4)
        if change == 0:
            data = data[:at] + data[at + dice.randint(1, 60) :]
        elif change == 1:
            data = data[:at] + dice.choice(PIECES) * dice.choice((1, 1, 1, 50)) + data[at:]
        elif change == 2:
            data = data[:at] + bytes(dice.randrange(256) for _ in range(dice.randint(1, 4))) + data[at + 1 :]
        else:
            data = data[:at] + data[at // 2 :]
    return data


def _targets() -> Iterator[tuple[str, Callable[[bytes], object], list[bytes]]]:
    feeds = [path.read_bytes() for path in sorted((SHARED / "feeds").glob("*.xml"))]
    yield "feed", read_feed, feeds
    rules = load_headline_rules()
    lines = (SHARED / "headlines_labelled.csv").read_bytes().splitlines()
    yield "headline", lambda data: read_headline(data[:300].decode("utf-8", "replace"), rules, None), lines
    answers = [path.read_bytes() for path in sorted((SHARED / "cloud").iterdir()) if path.suffix == ".json"]
    for name, reader in CLOUDS.items():
        yield name, reader.parse, answers


if __name__ == "__main__":
    main()
