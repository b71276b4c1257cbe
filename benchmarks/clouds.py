"""Cloud answers against the prices worked out by hand: python benchmarks/clouds.py [FOLDER]

FOLDER (by default data/cloud of GPU_LIMBO_SHARED) holds saved answers, manifest.csv (file, provider) and expected.csv
(file, gpu, gpus, price_usd_per_gpu_hour, kind, region). Extra offers are prices that expected.csv does not list.
"""

import argparse
import csv
import os
import re
import time
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

from spiders.cloud_answers import Answer
from spiders.clouds import CLOUDS

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[2] / "shared"))
NEAR = Decimal("0.000002")

Price = tuple[str, int, str]  # gpu, GPUs of the node, kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED / "data" / "cloud")
    folder: Path = parser.parse_args().folder
    expected = _expected(folder / "expected.csv")
    totals: Counter[str] = Counter()
    print(f"{'file':42s}{'cloud':>15s}{'expected':>10s}{'right':>7s}{'offers':>8s}{'rejected':>10s}{'ms':>8s}")
    for file, provider in _files(folder / "manifest.csv"):
        cloud = reader_of(provider)
        if cloud is None:
            print(f"{file:42s}{'no reader for ' + provider:>25s}")
            continue
        begun = time.perf_counter()
        answer = CLOUDS[cloud].parse((folder / file).read_bytes())
        spent = (time.perf_counter() - begun) * 1000
        wanted = expected.get(file, [])
        right = sum(_is_there(price, region, wanted_price, answer) for price, wanted_price, region in wanted)
        totals.update(expected=len(wanted), right=right, offers=len(answer.offers))
        print(
            f"{file:42s}{cloud:>15s}{len(wanted):10d}{right:7d}{len(answer.offers):8d}"
            f"{len(answer.rejections):10d}{spent:8.1f}  {dict(Counter(reason for reason, _ in answer.rejections))}"
        )
    print(f"right: {totals['right']} of {totals['expected']} expected prices; {totals['offers']} offers in all")


def reader_of(provider: str) -> str | None:
    """The registry's name for a provider as people write it ("Verda (was DataCrunch)")."""
    plain = re.sub(r"\W", "", provider.lower())
    by_title = {re.sub(r"\W", "", reader.source.title.lower()): name for name, reader in CLOUDS.items()}
    names = {**{name: name for name in CLOUDS}, **by_title}
    return next((name for known, name in names.items() if plain.startswith(known) or known in plain), None)


def _files(manifest: Path) -> list[tuple[str, str]]:
    with manifest.open(encoding="utf-8") as lines:
        return [(row["file"], row["provider"]) for row in csv.DictReader(lines)]


def _expected(path: Path) -> dict[str, list[tuple[Price, Decimal, str]]]:
    found: dict[str, list[tuple[Price, Decimal, str]]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            price = (row["gpu"], int(row["gpus"]), row["kind"])
            found[row["file"]].append((price, Decimal(row["price_usd_per_gpu_hour"]), row["region"]))
    return found


def _is_there(price: Price, region: str, amount: Decimal, answer: Answer) -> bool:
    return any(
        (offer.gpu, offer.quantity, offer.billing.value) == price
        and abs(offer.price.amount - amount) <= NEAR
        and (offer.region == region or not offer.region)
        for offer in answer.offers
    )


if __name__ == "__main__":
    main()
