"""Fit the throughput table: scales of the relative model and prior shares of the families; write the anchors.

    python tools/fit_throughput.py --seconds 120            fit on what may be shipped, write data/throughput.toml
    python tools/fit_throughput.py --check                  only print what the present table reaches
    python tools/fit_throughput.py --halves 3 --seconds 60  fit on half of the cards, report on the others
    python tools/fit_throughput.py --anchors                only write the measured rows that may be shipped

Reads benchmarks_dev.csv from GPU_LIMBO_SHARED (default ../shared). Only rows of sources under MIT, Apache-2.0 or CC BY
are fitted; all others are for checking. Settings begin at round numbers chosen by reasoning and few of them are moved:
the batch's and the size's, the noise, and the prior shares of families that may be shipped; a penalty holds them near
their start. How much chips and shares differ stays as reasoned: sources with three cards each cannot tell.
Cards and architectures are left out in closed form.
"""

import argparse
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from monitor.catalog import load_catalog
from monitor.core.benchmark_rows import Chips, Encoder, Priors, Table
from monitor.core.leave_out import held_out, inverse_of, learn_with_noise, widths
from monitor.core.relative import Scales
from monitor.core.same_work import varied_batches
from monitor.core.throughput_batch import _named, _useful
from monitor.performance import load_relative_model, table_of

SHARED = Path(os.environ.get("GPU_LIMBO_SHARED", Path(__file__).parents[1] / "../shared")).resolve()
TABLE = Path(__file__).parents[1] / "monitor" / "data" / "throughput.toml"
ANCHORS = TABLE.with_name("throughput_anchors.csv")
MAY_BE_SHIPPED = ("MIT", "Apache-2.0", "CC BY 4.0")
ANCHOR_COLUMNS = (
    *("gpu", "n_gpus", "interconnect", "workload", "family", "model", "params_m", "precision", "batch_size"),
    *("sequence_or_image", "value", "unit", "higher_is_better", "software", "source_repo", "source_commit"),
    *("source_path", "licence"),
)
Z80 = 1.2816
STRICTNESS = 0.01  # what a setting pays for moving by a factor of 1.6 from where reasoning put it
PLAIN = ("share_batch", "share_size", "batch_mean", "size_mean", "batch")

# Where the settings begin. Effects: what chips of a kind share on a class of work is a tenth, what a maker's software
# makes of it more; the chip and the card by themselves hardly matter once their peaks are in. Shares: what FLOP and
# bytes of typical members of a family come to on the reference card, with overhead at two to three times its launches.
EFFECTS = {
    "arch": 0.05,
    "arch_class": 0.1,
    "arch_runtime": 0.1,
    "cache_class": 0.1,
    "arch_precision": 0.05,
    "card": 0.04,
    "card_class": 0.04,
    "card_source": 0.04,
    "workload_arch": 0.1,
    "vendor_class": 0.2,
}
SHARES_SD = {"family": 0.2, "source": 0.3, "model": 0.3, "workload": 0.2}
START = Scales(
    effects=EFFECTS,
    shares=SHARES_SD,
    share_batch=0.1,
    share_size=0.1,
    batch_mean=0.2,
    size_mean=0.1,
    batch=0.3,
    widen=1,
)
SHARES = {
    "cnn_train": (0.28, 0.64, 0.08),
    "cnn_infer": (0.38, 0.54, 0.08),
    "vit_train": (0.62, 0.32, 0.06),
    "vit_infer": (0.62, 0.32, 0.06),
    "transformer_train": (0.62, 0.32, 0.06),
    "llm_prefill": (0.70, 0.20, 0.10),
    "llm_decode": (0.15, 0.65, 0.20),
    "llm_serving": (0.50, 0.45, 0.05),
    "other": (0.35, 0.45, 0.20),
    "gnn": (0.35, 0.45, 0.20),
}
NOISE, NOISE_PER_SUBMISSION = 0.06, 0.15


@dataclass(frozen=True)
class Data:
    table: Table
    pair: np.ndarray  # rows that are not their workload's reference
    weight: np.ndarray
    keep: np.ndarray  # rows of the cards that count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--halves", type=int, default=0)
    parser.add_argument("--anchors", action="store_true")
    options = parser.parse_args()
    if options.anchors:
        write_anchors()
        return
    chips = Chips(gpus={**load_catalog().gpus, **load_catalog().reference})
    whole = rows_to_learn_from(shippable=False)
    if options.check:
        print("present table", report(whole, chips, *load_relative_model()))
        return
    if options.halves:
        check_halves(whole, chips, options)
        return
    start = beginning()
    print("settings by reasoning alone", report(whole, chips, *start))
    tuned = search(rows_to_learn_from(shippable=True), chips, *start, options.seconds, options.seed)
    print("fitted on what may be shipped", report(whole, chips, *tuned))
    write(*tuned)


def beginning() -> tuple[Priors, Scales]:
    """The settings before any measurement, and the words of the present table."""
    present, _ = load_relative_model()
    shares = {**present.shares, **SHARES}
    noise, each = {"default": NOISE}, {"default": NOISE_PER_SUBMISSION}
    return replace(present, shares=shares, noise=noise, noise_per_submission=each), START


def check_halves(whole: pd.DataFrame, chips: Chips, options: argparse.Namespace) -> None:
    """Settings chosen on some cards, errors reported on the others: what a new card will see."""
    ship, errors = rows_to_learn_from(shippable=True), []
    for number in range(options.halves):
        generator = np.random.default_rng(100 + number)
        names = sorted(whole.gpu.unique())
        chosen = frozenset(generator.choice(names, size=len(names) // 2, replace=False).tolist())
        tuned = search(ship[ship.gpu.isin(chosen)], chips, *beginning(), options.seconds, options.seed)
        others = frozenset(names) - chosen
        errors.append(figures(whole, chips, *tuned, others))
        print(number, *errors[-1], sep="\n", flush=True)


def rows_to_learn_from(*, shippable: bool) -> pd.DataFrame:
    """Rows of single cards; of what may be shipped also those of eight cards, which is all that trains transformers."""
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv")
    one = frame.n_gpus == 1
    if shippable:
        one |= (frame.source_repo == "mosaicml/llm-foundry") & (frame.n_gpus == 8)
        one &= frame.licence.isin(MAY_BE_SHIPPED)
    return frame[one & ~frame.workload.str.startswith("gemm-")]


def load(frame: pd.DataFrame, chips: Chips, priors: Priors, cards: frozenset[str] | None = None) -> Data:
    table = table_of(frame, measured=True)
    table = _named(table, priors.runtimes, varied_batches(table))
    table = _useful(table, table, chips, priors)
    works, codes = table.workload.codes, table.gpu.codes
    counts = np.bincount(codes)
    pair = np.ones(len(table), dtype=bool)
    for rows in groups(works):
        names = [table.gpu.names[codes[row]] for row in rows]
        at = names.index("RTX 3090") if "RTX 3090" in names else int(np.argmax(counts[codes[rows]]))
        pair[rows[at]] = False
    identity = codes * len(table.family.names) + table.family.codes
    weight = 1 / np.sqrt(np.bincount(identity)[identity])
    keep = np.array([cards is None or name in cards for name in table.gpu.names])[codes]
    return Data(table, pair, weight, keep)


def groups(codes: np.ndarray) -> Iterator[np.ndarray]:
    for code in np.unique(codes):
        yield np.flatnonzero(codes == code)


def evaluate(data: Data, chips: Chips, priors: Priors, scales: Scales) -> dict[str, Any]:
    """Error, sd and 80 % reach of every row by what was left out with it: its card, its architecture."""
    rows = Encoder(data.table, chips, priors).rows(data.table)
    fit = learn_with_noise(rows, data.table.log_rate, scales)
    inverse, wide = inverse_of(fit), widths(fit)
    found = {}
    for level, name in ((1, "card"), (2, "arch")):
        held = held_out(fit, inverse, rows.keys[name])
        factors = wide.of(np.full(len(rows), level), rows.keys["source"], rows.keys["family"])
        found[name] = (held.error, held.sd, Z80 * held.sd[:, None] * factors)
    return found


def score(data: Data, found: dict[str, Any]) -> float:
    total = 0.0
    for name, share in (("card", 1.0), ("arch", 0.5)):
        error, sd, _ = found[name]
        use = data.pair & data.keep & (sd < 1.0)
        if not use.any():
            continue
        e, s, w = error[use], sd[use], data.weight[use]
        loss = (w * (np.log(s) - student.logpdf(e / s, 4))).sum() / w.sum()
        size = np.abs(np.expm1(-e))
        total += share * (loss + 2.5 * np.median(size) + 0.4 * np.quantile(size, 0.9))
    return float(total)


def figures(
    frame: pd.DataFrame, chips: Chips, priors: Priors, scales: Scales, cards: frozenset[str] | None = None
) -> list[str]:
    data = load(frame, chips, priors, cards)
    lines: list[str] = []
    for name, (error, sd, reach) in evaluate(data, chips, priors, scales).items():
        use = data.pair & data.keep & (sd < 1.0)
        size = np.abs(np.expm1(-error))
        inside = (error > -reach[:, 0]) & (error < reach[:, 1])
        lines.append(f"{name} left out: {_line(size, inside, use)}")
        for code, family in enumerate(data.table.family.names):
            some = use & (data.table.family.codes == code)
            if some.any():
                lines.append(f"    {family:18} {_line(size, inside, some)}")
    return lines


def report(frame: pd.DataFrame, chips: Chips, priors: Priors, scales: Scales) -> str:
    return "\n".join(["", *figures(frame, chips, priors, scales)])


def _line(size: np.ndarray, inside: np.ndarray, use: np.ndarray) -> str:
    figures = f"median {np.median(size[use]):.3f} p90 {np.quantile(size[use], 0.9):.3f}"
    return f"n {use.sum():4} {figures} in interval {inside[use].mean():.2f}"


def search(
    frame: pd.DataFrame, chips: Chips, priors: Priors, scales: Scales, seconds: float, seed: int
) -> tuple[Priors, Scales]:
    """Random steps in one setting at a time, kept where the penalised score falls."""
    generator = np.random.default_rng(seed)
    data = load(frame, chips, priors)
    names = settings(priors, frame)
    place, step = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.4)
    best = score(data, evaluate(data, chips, priors, scales))
    end, tries = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        name = names[int(generator.integers(len(names)))]
        tries += 1
        better = False
        for sign in generator.permutation([-1.0, 1.0]):
            there = {**place, name: place[name] + sign * step[name]}
            other = moved(priors, scales, name, sign * step[name])
            penalty = STRICTNESS * sum((value / 0.5) ** 2 for value in there.values())
            reached = score(data, evaluate(data, chips, *other)) + penalty
            if reached < best - 1e-4:
                (priors, scales), place, best, better = other, there, reached, True
                break
        step[name] = min(step[name] * 1.3, 0.8) if better else max(step[name] * 0.6, 0.05)
    print(f"{tries} tries, score {best:.4f}; moved: { ({n: round(v, 2) for n, v in place.items() if v}) }", flush=True)
    return priors, scales


def settings(priors: Priors, frame: pd.DataFrame) -> list[str]:
    """Names of what is moved."""
    families = [*(name for name in priors.shares if name in set(frame.family)), "llm_serving"]
    return [*PLAIN, "noise", *(f"prior.{family}.{part}" for family in families for part in (0, 1))]


def moved(priors: Priors, scales: Scales, name: str, step: float) -> tuple[Priors, Scales]:
    """The settings with one of them, or one group, multiplied by exp(step)."""
    kind, _, rest = name.partition(".")
    factor = float(np.exp(step))
    if kind in ("effects", "shares"):
        return priors, replace(scales, **{kind: {one: sd * factor for one, sd in getattr(scales, kind).items()}})
    if kind == "noise":
        return replace(priors, noise={one: sd * factor for one, sd in priors.noise.items()}), scales
    if kind == "prior":
        family, part = rest.rsplit(".", 1)
        odds = np.array(priors.shares[family])
        odds[int(part)] *= factor
        a, b, c = (odds / odds.sum()).tolist()
        return replace(priors, shares={**priors.shares, family: (a, b, c)}), scales
    return priors, replace(scales, **{name: getattr(scales, name) * factor})


def write(priors: Priors, scales: Scales) -> None:
    """Put the settings into the table, leaving its other sections and comments as they are."""
    text = TABLE.read_text("utf-8")
    for name in (*PLAIN, "widen"):
        text = _put(text, "relative", name, f"{getattr(scales, name):.4g}")
    for name, value in scales.effects.items():
        text = _put(text, "relative.effects", name, f"{value:.4g}")
    for name, value in scales.shares.items():
        text = _put(text, "relative.shares", name, f"{value:.4g}")
    text = _put(text, "noise", "default", f"{priors.noise['default']:.4g}")
    text = _put(text, "noise_per_submission", "default", f"{priors.noise_per_submission['default']:.4g}")
    for name, value in priors.shares.items():
        text = _put(text, "shares", name, "[" + ", ".join(f"{part:.4f}" for part in value) + "]")
    TABLE.write_text(text, "utf-8")


def write_anchors() -> None:
    """Measured rows of single cards, and of eight in one machine, from sources whose licence lets us pass them on."""
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv", keep_default_na=False)
    several = (frame.source_repo == "mosaicml/llm-foundry") & (frame.n_gpus == 8)
    chosen = frame[frame.licence.isin(MAY_BE_SHIPPED) & ((frame.n_gpus == 1) | several)]
    chosen.loc[:, ANCHOR_COLUMNS].to_csv(ANCHORS, index=False)


def _put(text: str, section: str, name: str, value: str) -> str:
    head = rf'(?ms)(^\[{re.escape(section)}\]$.*?^"?{re.escape(name)}"? = )[^\n]*'
    changed, count = re.subn(head, lambda found: found[1] + value, text, count=1)
    if not count:
        raise SystemExit(f"{TABLE.name} has no {name} in [{section}]")
    return changed


if __name__ == "__main__":
    main()
