"""Mutated inputs against every reader of foreign text: python benchmarks/fuzz.py [INPUTS] [SEED]

Counts unhandled exceptions and inputs that take over two seconds of processor time; both must be 0. A million inputs
(the default) take a few minutes of processor time; every tenth is said on stderr. An input that never
ends is shown with the lines it hangs in, and ends the run.
"""

import faulthandler
import random
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
SLOW_SECONDS = 2.0
# Share of the inputs that each reader gets: a page costs a hundred times a title.
SHARES = {"parse_money": 0.42, "match_gpu": 0.42, "read_page": 0.05, "feed": 0.05, "headline": 0.06}
HANGS_SECONDS = 300.0  # without a hundred inputs read
SCRAPS = [
    "$",
    "€",
    "￥",
    "1.999,00",
    "12x",
    "\u202e",
    "\x00",
    "\ud800",
    "</script>",
    "{",
    "}",
    "[",
    '"',
    "\\",
    "<!--",
    "&#",
]
SCRAPS += ["&quot;", "<s>", "RTX 5090", "1e309", "税込", "-", "NaN", "2×", "万", "//", "/*", "<![CDATA["]


def main() -> int:
    """Run all readers and print one line each; the exit code is 1 if any failed."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    failures = 0
    for name, (work, seeds) in readers().items():
        failures += run(name, work, seeds, round(inputs * SHARES[name]), random.Random(seed))
    print(f"{inputs} inputs: {failures} failures")
    return 1 if failures else 0


def readers() -> dict[str, tuple[Callable[[str], object], list[str]]]:
    """Each reader with the texts that its inputs are mutated from."""
    from monitor.catalog import load_catalog, load_headline_rules
    from monitor.core.headlines import read_headline
    from monitor.core.matching import match_title
    from monitor.core.money import parse_money
    from monitor.reading.page import read_page
    from spiders.feed_entries import read_feed

    pages = [path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("reading/*/*/page.*"))]
    lines = [line.strip() for page in pages for line in page.replace("<", "\n<").split("\n") if 4 < len(line) < 200]
    matcher = load_catalog().matcher
    found: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "parse_money": (lambda text: parse_money(text, country="CA"), lines),
        "match_gpu": (lambda text: match_title(text, matcher), lines),
        "read_page": (lambda text: read_page(text.encode("utf-8", "surrogatepass"), "https://shop.example/1"), pages),
    }
    with (TESTS / "core" / "headlines.tsv").open(encoding="utf-8") as file:
        headlines = [line.partition("\t")[2].strip() for line in file][1:]
    rules = load_headline_rules()
    found["headline"] = (lambda text: read_headline(text, rules), headlines)
    found["feed"] = (lambda text: read_feed(text.encode("utf-8", "surrogatepass")), FEEDS)
    return found


ITEM = (
    "<item><title>RTX 5090 launches &amp; sells out</title><link>https://n.example/1</link>"
    "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item>"
)
FEEDS = [
    f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{ITEM}{ITEM}</channel></rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>RX 9090</title>'
    "<updated>2026-11-02T10:00:00Z</updated></entry></feed>",
    '<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss version="2.0"><channel>'
    "<item><title>&c;</title></item></channel></rss>",
]


def run(name: str, work: Callable[[str], object], seeds: list[str], count: int, rng: random.Random) -> int:
    """Feed `count` mutated texts to `work`; print and return how many failed or were slow."""
    errors = slow = 0
    longest = 0.0
    start = time.perf_counter()
    for number in range(count):
        if number % 100 == 0:
            faulthandler.dump_traceback_later(HANGS_SECONDS, exit=True)
        if number and number % max(1, count // 10) == 0:
            print(f"{name}: {number} of {count}, {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        text = mutated(rng.choice(seeds), rng)
        before = time.process_time()
        try:
            work(text)
        except Exception:
            errors += 1
            print(f"{name}: {text[:300]!r}", traceback.format_exc(limit=-3), sep="\n")
        spent = time.process_time() - before
        longest = max(longest, spent)
        if spent > SLOW_SECONDS:
            slow += 1
            print(f"{name}: {spent:.1f} s for {text[:300]!r}")
    faulthandler.cancel_dump_traceback_later()
    seconds = time.perf_counter() - start
    summary = f"{errors} exceptions, {slow} slow, longest {longest:.3f} s, {seconds:.0f} s in all"
    print(f"{name}: {count} inputs, {summary}", flush=True)
    return errors + slow


def mutated(text: str, rng: random.Random) -> str:
    """The text with one to six small changes: pieces cut, doubled, moved, and foreign scraps put in."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(text) + 1)
        size = min(len(text) - at, rng.choice((1, 1, 2, 5, 30)))
        match rng.randrange(5):
            case 0:
                text = text[:at] + text[at + size :]
            case 1:
                text = text[:at] + rng.choice(SCRAPS) + text[at:]
            case 2:
                text = text[: at + size] + text[at : at + size] * rng.choice((1, 2, 40)) + text[at + size :]
            case 3:
                code = rng.choice((rng.randrange(32, 127), rng.randrange(0xD7FF), 0x1F600))
                text = text[:at] + chr(code) + text[at + 1 :]
            case _:
                to = rng.randrange(len(text) + 1)
                text = text[:to] + text[at : at + size] + text[to:]
        text = text[:20_000]
    return text


if __name__ == "__main__":
    sys.exit(main())
