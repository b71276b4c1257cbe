"""Fit the throughput table: scales of the relative model, prior shares of the families, absolute levels, anchors.

    python tools/fit_throughput.py --seconds 240            search for better scales, and write data/throughput.toml
    python tools/fit_throughput.py --check                  only print what the present table reaches

Reads benchmarks_dev.csv from GPU_LIMBO_SHARED (default ../shared). Scales are tuned by leaving cards, architectures and
families out, in closed form. Single figures are shipped only from sources under MIT, Apache-2.0 or CC BY.
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
from scipy.linalg import cho_solve
from scipy.stats import t as student

from monitor.catalog import load_catalog
from monitor.core.benchmark_rows import Chips, Encoder, Priors, Table
from monitor.core.relative import Fit, Scales, learn
from monitor.core.throughput_batch import _useful
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


@dataclass(frozen=True)
class Data:
    table: Table
    pair: np.ndarray  # rows that are not their workload's reference
    weight: np.ndarray
    cards: list[np.ndarray]
    chips_of: list[np.ndarray]
    families: list[np.ndarray]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--anchors", action="store_true", help="only write the measured rows that may be shipped")
    parser.add_argument("--cards", default="", help="tune only on cards whose hash is even or odd")
    options = parser.parse_args()
    if options.anchors:
        write_anchors()
        return
    chips = Chips(gpus={**load_catalog().gpus, **load_catalog().reference})
    priors, scales = load_relative_model()
    data = load(chips, priors)
    if options.cards:
        check_on_other_half(data, chips, priors, options)
        return
    print("start", report(data, chips, priors, scales))
    if options.check:
        return
    priors, scales = search(data, chips, priors, scales, options.seconds, options.seed, options.cards)
    print("tuned", report(data, chips, priors, scales))
    write(priors, scales)


def check_on_other_half(data: Data, chips: Chips, priors: Priors, options: argparse.Namespace) -> None:
    """Tune on half of the cards from neutral settings, and report on the other half; nothing is written."""
    shares = dict.fromkeys(priors.shares, (0.4, 0.45, 0.15))
    noise = dict.fromkeys(priors.noise, 0.08)
    start = replace(priors, shares=shares, noise=noise), neutral()
    other = ~half(data, options.cards)
    print("neutral, other half:", report(data, chips, *start, other))
    tuned = search(data, chips, *start, options.seconds, options.seed, options.cards)
    print("tuned on one half, other half:", report(data, chips, *tuned, other))


def neutral() -> Scales:
    """Settings that nobody has tuned."""
    effects = dict.fromkeys(load_relative_model()[1].effects, 0.08)
    shares = dict.fromkeys(load_relative_model()[1].shares, 0.3)
    return Scales(
        effects=effects,
        shares=shares,
        share_batch=0.1,
        share_size=0.1,
        batch_mean=0.2,
        size_mean=0.1,
        batch=0.3,
        widen=1.1,
    )


def half(data: Data, cards: str) -> np.ndarray:
    """Rows of the cards whose name's bytes add up to an odd or even number."""
    odd = np.array([sum(name.encode()) % 2 for name in data.table.gpu.names])[data.table.gpu.codes]
    return odd == (1 if cards == "odd" else 0)


def load(chips: Chips, priors: Priors) -> Data:
    frame = pd.read_csv(SHARED / "data" / "benchmarks_dev.csv")
    frame = frame[(frame.n_gpus == 1) & ~frame.workload.str.startswith("gemm-")]
    table = table_of(frame, measured=True)
    table = _useful(table, table, chips, priors)
    works, cards = table.workload.codes, table.gpu.codes
    counts = np.bincount(cards)
    pair = np.ones(len(table), dtype=bool)
    for rows in groups(works):
        names = [table.gpu.names[cards[row]] for row in rows]
        at = names.index("RTX 3090") if "RTX 3090" in names else int(np.argmax(counts[cards[rows]]))
        pair[rows[at]] = False
    identity = cards * len(table.family.names) + table.family.codes
    weight = 1 / np.sqrt(np.bincount(identity)[identity])
    chip = np.unique([chips.group(name) for name in table.gpu.names], return_inverse=True)[1][cards]
    return Data(table, pair, weight, list(groups(cards)), list(groups(chip)), list(groups(table.family.codes)))


def groups(codes: np.ndarray) -> Iterator[np.ndarray]:
    for code in np.unique(codes):
        yield np.flatnonzero(codes == code)


def left_out(fit: Fit, target: np.ndarray, parts: list[np.ndarray], noise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Error and sd of every row with its whole part left out: block inverse of the covariance, slopes kept."""
    inverse = cho_solve((fit.factor, True), np.eye(len(target), dtype=np.float32))
    pull = inverse @ target.astype(np.float32)
    error, sd = np.empty(len(target)), np.empty(len(target))
    for rows in parts:
        block = np.linalg.inv(inverse[np.ix_(rows, rows)].astype(np.float64))
        error[rows] = -block @ pull[rows]
        variance = np.diag(block) - noise[rows] ** 2 / fit.weights[rows] + noise[rows] ** 2
        sd[rows] = np.sqrt(np.maximum(variance, 1e-4))
    return error, sd


def evaluate(data: Data, chips: Chips, priors: Priors, scales: Scales, iterations: int = 3) -> dict[str, Any]:
    """Error and sd by what was left out: cards, chips (architectures)."""
    rows = Encoder(data.table, chips, priors).rows(data.table)
    fit = learn(rows, data.table.log_rate, scales, iterations)
    noisy = fit.alpha * (rows.noise**2 / fit.weights + 1e-5)
    kernel_target = _target(fit, noisy)
    found = {}
    for name, parts in (("card", data.cards), ("chip", data.chips_of)):
        error, sd = left_out(fit, kernel_target, parts, rows.noise)
        found[name] = (error, sd * scales.widen)
    return found


def _target(fit: Fit, noisy: np.ndarray) -> np.ndarray:
    """The linearised target that the last solve saw: (K + N) alpha."""
    lower = np.tril(fit.factor).astype(np.float64)
    del noisy
    return lower @ (lower.T @ fit.alpha)


def score(data: Data, found: dict[str, Any], keep: np.ndarray) -> float:
    total = 0.0
    for name, share in (("card", 1.0), ("chip", 0.3)):
        error, sd = found[name]
        use = data.pair & keep
        if name == "chip":  # workloads measured on one kind of chip only say nothing then
            use = use & (sd < 1.0)
        e, s, w = error[use], sd[use], data.weight[use]
        loss = (w * (np.log(s) - student.logpdf(e / s, 4))).sum() / w.sum()
        size = np.abs(np.expm1(e))
        total += share * (loss + 2.5 * np.median(size) + 0.4 * np.quantile(size, 0.9))
    return float(total)


def report(data: Data, chips: Chips, priors: Priors, scales: Scales, keep: np.ndarray | None = None) -> str:
    found = evaluate(data, chips, priors, scales, 4)
    lines = [f"score {score(data, found, np.ones(len(data.table), dtype=bool)):.4f}"]
    for name, (error, sd) in found.items():
        use = data.pair & (sd < 1.0) & (True if keep is None else keep)
        size = np.abs(np.expm1(error))
        inside = np.abs(error) < Z80 * sd
        lines.append(
            f"{name}: n {use.sum()} median {np.median(size[use]):.4f} p90 {np.quantile(size[use], 0.9):.3f} "
            f"in interval {inside[use].mean():.3f}"
        )
        for code, family in enumerate(data.table.family.names):
            some = use & (data.table.family.codes == code)
            if some.any():
                lines.append(
                    f"    {family:18} n {some.sum():4} median {np.median(size[some]):.3f} "
                    f"p90 {np.quantile(size[some], 0.9):.2f} in interval {inside[some].mean():.2f}"
                )
    return "\n".join(lines)


def search(
    data: Data, chips: Chips, priors: Priors, scales: Scales, seconds: float, seed: int, cards: str
) -> tuple[Priors, Scales]:
    """Random steps in one setting at a time, kept where the score falls."""
    generator = np.random.default_rng(seed)
    keep = np.ones(len(data.table), dtype=bool)
    if cards:
        keep = half(data, cards)
    best = score(data, evaluate(data, chips, priors, scales), keep)
    names = settings(priors, scales)
    step = dict.fromkeys(names, 0.5)
    end, tries = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        name = names[int(generator.integers(len(names)))]
        tries += 1
        better = False
        for sign in generator.permutation([-1.0, 1.0]):
            other = moved(priors, scales, name, sign * step[name])
            reached = score(data, evaluate(data, chips, *other), keep)
            if reached < best - 1e-4:
                (priors, scales), best, better = other, reached, True
                break
        step[name] = min(step[name] * 1.4, 1.2) if better else max(step[name] * 0.6, 0.08)
        if tries % 10 == 0:
            print(tries, round(best, 4), flush=True)
            if not cards:
                write(priors, scales)
    return priors, scales


def settings(priors: Priors, scales: Scales) -> list[str]:
    plain = ["share_batch", "share_size", "batch_mean", "size_mean", "batch", "widen"]
    names = [*plain, *(f"effects.{n}" for n in scales.effects), *(f"shares.{n}" for n in scales.shares)]
    names += [f"noise.{n}" for n in priors.noise] + [f"each.{n}" for n in priors.noise_per_submission if n != "default"]
    return names + [f"prior.{f}.{p}" for f in priors.shares if priors.was_measured(f) for p in (0, 1)]


def moved(priors: Priors, scales: Scales, name: str, step: float) -> tuple[Priors, Scales]:
    """The settings with one of them multiplied by exp(step)."""
    kind, _, rest = name.partition(".")
    factor = float(np.exp(step))
    if kind == "effects":
        return priors, replace(scales, effects={**scales.effects, rest: scales.effects[rest] * factor})
    if kind == "shares":
        return priors, replace(scales, shares={**scales.shares, rest: scales.shares[rest] * factor})
    if kind == "noise":
        return replace(priors, noise={**priors.noise, rest: priors.noise[rest] * factor}), scales
    if kind == "each":
        each = {**priors.noise_per_submission, rest: priors.noise_per_submission[rest] * factor}
        return replace(priors, noise_per_submission=each), scales
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
    for name in ("share_batch", "share_size", "batch_mean", "size_mean", "batch", "widen"):
        text = _put(text, "relative", name, f"{getattr(scales, name):.4g}")
    for name, value in scales.effects.items():
        text = _put(text, "relative.effects", name, f"{value:.4g}")
    for name, value in scales.shares.items():
        text = _put(text, "relative.shares", name, f"{value:.4g}")
    for name, value in priors.noise.items():
        text = _put(text, "noise", name, f"{value:.4g}")
    for name, value in priors.noise_per_submission.items():
        text = _put(text, "noise_per_submission", name, f"{value:.4g}")
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
