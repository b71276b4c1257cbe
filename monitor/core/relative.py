"""Throughput relative to measured cards: additive shares of time, and effects of chip, software and card around them.

    ln T(w, g) = k_w - ln(a_w x_c + b_w x_m + c_w) + effects(g, w)        x_c = P_ref / P_g,  x_m = BW_ref / BW_g

Shares a, b, c (arithmetic, memory, overhead; they add to 1) belong to a workload and vary around those of its model,
source and family; effects belong to an architecture, a runtime, a card. All are Gaussian around prior means, the noise
is Student-t with 4 degrees of freedom, since user-submitted tables are partly wrong: a Gaussian process that is
linearised in the shares and reweighted a few times. Learned from whatever measured rows it is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]  # float64, or float32 in the big matrices
Ints = NDArray[np.int64]

STUDENT_DF = 4.0
INTERCEPT_SD = 2.0  # of a workload's own level around its median: in effect free
MOST_EXACT = 8_000  # combinations whose variance is solved for one by one; of more than that,
SAMPLE = 1_500  # so many, and the rest from these
EFFECTS = (
    "arch",
    "arch_class",
    "arch_runtime",
    "cache_class",
    "arch_precision",
    "card",
    "card_class",
    "card_source",
    "workload_arch",
    "vendor_class",
)
SHARE_LEVELS = ("family", "source", "model", "workload")


@dataclass(frozen=True, kw_only=True)
class Scales:
    """Standard deviations in log units, tuned by leaving cards out; `effects` and `shares` by level."""

    effects: Mapping[str, float]
    shares: Mapping[str, float]
    share_batch: float  # how much the overhead's share may differ in its dependence on the batch
    share_size: float
    batch_mean: float  # overhead falls with the batch: its mean dependence, per log unit
    size_mean: float
    batch: float
    widen: float  # factor on standard deviations, so that 80 % intervals hold 80 % of cards left out


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Measured or asked-for rows, as arrays of one length. `keys` holds integer labels by effect and share level."""

    keys: Mapping[str, Ints]
    compute_ratio: Floats  # x_c
    memory_ratio: Floats  # x_m
    prior: Floats  # (n, 2): log a/c and log b/c
    log_batch: Floats  # log of the batch over 64, where it says how much overhead counts
    log_size: Floats
    batch_loss: Floats  # log throughput that a smaller batch than others' costs, 0 or less
    offset: Floats  # log throughput that software facts give or take
    noise: Floats
    identity: Ints  # (n, 3): card, workload, source, as the table numbers them

    def __len__(self) -> int:
        return len(self.noise)


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """What was learned; `predict` needs nothing else."""

    rows: Rows
    scales: Scales
    jacobian: Floats
    weights: Floats
    centre: Floats  # by workload label: the median of what was measured, brought to the reference card
    alpha: Floats
    factor: Floats  # lower Cholesky factor of the rows' covariance


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Log throughput in the workload's level, its standard deviation for one new measurement, and the shares used."""

    mean: Floats
    sd: Floats
    shares: Floats  # (n, 3): compute, memory, overhead, as parts of the asked card's time


def learn(rows: Rows, log_throughput: Floats, scales: Scales, iterations: int = 4) -> Fit:
    """Fit shares and effects to measured rows; a few reweighted least squares."""
    log_odds = start = _prior_log_odds(rows, scales)
    weights, base, likeness = np.ones(len(rows)), _effect_kernel(rows, rows, scales), _likeness(rows, rows, scales)
    target = log_throughput - rows.batch_loss - rows.offset
    centre = _medians(rows.keys["workload"], target - _level(start, rows)[0])
    target = target - centre[rows.keys["workload"]]
    for last in (False,) * iterations + (True,):
        level, jacobian = _level(log_odds, rows)
        linear = target - level + _along(jacobian, log_odds - start)
        noise = rows.noise**2 / weights + 1e-5
        factor, alpha = _solve(_with_shares(base, likeness, jacobian, jacobian), noise, linear)
        fit = Fit(
            rows=rows, scales=scales, jacobian=jacobian, weights=weights, centre=centre, alpha=alpha, factor=factor
        )
        if not last:
            weights = (STUDENT_DF + 1) / (STUDENT_DF + (noise * alpha / rows.noise) ** 2)
            wanted = start + _share_shift(fit, rows)
            log_odds = log_odds + 0.9 * np.clip(wanted - log_odds, -1.0, 1.0)
    return fit  # pyright: ignore[reportPossiblyUnboundVariable]


def predict(fit: Fit, asked: Rows) -> Prediction:
    """What the fit expects of other rows; with unknown labels only the prior speaks and the interval is wider."""
    log_odds = _prior_log_odds(asked, fit.scales) + _share_shift(fit, asked)
    level, jacobian = _level(log_odds, asked)
    workload = asked.keys["workload"]
    centre = np.where(workload >= 0, np.append(fit.centre, 0.0)[workload], 0.0)
    mean = centre + level + _effect_means(fit, asked) + asked.batch_loss + asked.offset
    variance = _variance(fit, asked, jacobian) + asked.noise**2
    parts = _shares(log_odds) * np.stack([asked.compute_ratio, asked.memory_ratio, np.ones(len(asked))], axis=1)
    shares = parts / parts.sum(axis=1, keepdims=True)
    return Prediction(mean=mean, sd=fit.scales.widen * np.sqrt(variance), shares=shares)


def _prior_log_odds(rows: Rows, scales: Scales) -> Floats:
    """Shares before anything is measured: the family's, with less overhead for bigger batches and models."""
    moved = scales.batch_mean * rows.log_batch + scales.size_mean * rows.log_size
    return rows.prior + moved[:, None]


def _shares(log_odds: Floats) -> Floats:
    """(a, b, c) from log a/c and log b/c."""
    odds = np.exp(np.clip(log_odds, -6.0, 6.0))
    total = 1.0 + odds.sum(axis=1, keepdims=True)
    return np.concatenate([odds / total, 1.0 / total], axis=1)


def _level(log_odds: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """-ln(a x_c + b x_m + c), and its slope in the two log odds."""
    a, b, c = _shares(log_odds).T
    time = a * rows.compute_ratio + b * rows.memory_ratio + c
    slope = np.stack([a * (rows.compute_ratio - time), b * (rows.memory_ratio - time)], axis=1)
    return -np.log(time), -slope / time[:, None]


def _along(jacobian: Floats, shift: Floats) -> Floats:
    return (jacobian * shift).sum(axis=1)


def _medians(labels: Ints, values: Floats) -> Floats:
    """Median of the values of each label 0, 1, 2, ..."""
    out = np.zeros(int(labels.max(initial=-1)) + 1)
    order = np.argsort(labels, kind="stable")
    edges = np.searchsorted(labels[order], np.arange(len(out) + 1))
    for label in range(len(out)):
        out[label] = np.median(values[order[edges[label] : edges[label + 1]]])
    return out


def _solve(kernel: Floats, noise: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Cholesky factor of kernel + noise, and its solution for the target; `kernel` is used up."""
    from scipy.linalg import cho_factor, cho_solve  # pyright: ignore - 0.2 s that only a fit needs

    kernel[np.diag_indices_from(kernel)] += noise.astype(np.float32)
    factor = cast(Floats, cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)[0])
    alpha = cast(Floats, cho_solve((factor, True), target.astype(np.float32), check_finite=False))
    return factor, alpha.astype(np.float64)


def _effect_kernel(left: Rows, right: Rows, scales: Scales) -> Floats:
    """Covariance of effects and of the workloads' own levels."""
    total = _same(left, right, "workload").astype(np.float32) * np.float32(INTERCEPT_SD**2)
    total += np.float32(scales.batch**2) * _outer(left.batch_loss, right.batch_loss)
    for effect in EFFECTS:
        total += _same(left, right, effect) * np.float32(scales.effects[effect] ** 2)
    return total


def _likeness(left: Rows, right: Rows, scales: Scales) -> tuple[Floats, Floats]:
    """How much two rows' shares have in common, each by itself and both together."""
    common = np.zeros((len(left), len(right)), dtype=np.float32)
    for name in SHARE_LEVELS:
        common += _same(left, right, name) * np.float32(scales.shares[name] ** 2)
    both = _outer(scales.share_batch * left.log_batch, scales.share_batch * right.log_batch)
    both += _outer(scales.share_size * left.log_size, scales.share_size * right.log_size)
    return common, both


def _with_shares(base: Floats, likeness: tuple[Floats, Floats], slope: Floats, other: Floats) -> Floats:
    """The covariance of effects with that of the uncertain shares added, through the slopes."""
    common, both = likeness
    total = slope.astype(np.float32) @ other.astype(np.float32).T
    total *= common
    total += base
    total += both * _outer(slope.sum(axis=1), other.sum(axis=1))
    return total


def _outer(left: Floats, right: Floats) -> Floats:
    return np.outer(left.astype(np.float32), right.astype(np.float32))


def _same(left: Rows, right: Rows, name: str) -> NDArray[np.bool_]:
    return (left.keys[name][:, None] == right.keys[name][None, :]) & (left.keys[name][:, None] >= 0)


def _share_shift(fit: Fit, asked: Rows) -> Floats:
    """How far what was measured moves the asked rows' log odds from their prior: sums over labels, no big matrix."""
    pull = fit.jacobian * fit.alpha[:, None]
    shift = np.zeros((len(asked), 2))
    for name in SHARE_LEVELS:
        shift += fit.scales.shares[name] ** 2 * _sum_by_label(fit.rows.keys[name], pull, asked.keys[name])
    both = pull.sum(axis=1)
    moved = fit.scales.share_batch**2 * asked.log_batch * float(fit.rows.log_batch @ both)
    moved += fit.scales.share_size**2 * asked.log_size * float(fit.rows.log_size @ both)
    return shift + moved[:, None]


def _effect_means(fit: Fit, asked: Rows) -> Floats:
    weight = fit.alpha[:, None]
    total = INTERCEPT_SD**2 * _sum_by_label(fit.rows.keys["workload"], weight, asked.keys["workload"])[:, 0]
    total += fit.scales.batch**2 * asked.batch_loss * float(fit.rows.batch_loss @ fit.alpha)
    for effect in EFFECTS:
        scale = fit.scales.effects[effect] ** 2
        total += scale * _sum_by_label(fit.rows.keys[effect], weight, asked.keys[effect])[:, 0]
    return total


def _sum_by_label(labels: Ints, values: Floats, asked: Ints) -> Floats:
    """For each asked label the sum of `values` over rows that carry it; 0 for a label never seen (-1)."""
    size = int(max(labels.max(initial=-1), asked.max(initial=-1))) + 2
    sums = np.zeros((size, values.shape[1]))
    np.add.at(sums, labels, values)
    sums[-1] = 0.0
    return sums[asked]


def _variance(fit: Fit, asked: Rows, jacobian: Floats) -> Floats:
    """Posterior variance of the expected log throughput; a workload's own level counts only where it was measured."""
    batches = np.rint(4 * asked.log_batch).astype(np.int64)
    first, inverse = distinct([*asked.identity.T, batches])
    if len(first) <= MOST_EXACT:
        return _exact_variance(fit, asked, jacobian, first)[inverse]
    chosen = first[np.linspace(0, len(first) - 1, SAMPLE).astype(np.int64)]
    known = _exact_variance(fit, asked, jacobian, chosen)
    return _spread_out(known, chosen, asked)


def _exact_variance(fit: Fit, asked: Rows, jacobian: Floats, chosen: Ints) -> Floats:
    from scipy.linalg import solve_triangular  # pyright: ignore

    out = np.empty(len(chosen))
    for start in range(0, len(chosen), 1000):
        part = chosen[start : start + 1000]
        some = take(asked, part)
        likeness = _likeness(some, fit.rows, fit.scales)
        cross = _with_shares(_effect_kernel(some, fit.rows, fit.scales), likeness, jacobian[part], fit.jacobian)
        half = cast(Floats, solve_triangular(fit.factor, cross.T, lower=True, check_finite=False))
        out[start : start + 1000] = _prior_variance(some, jacobian[part], fit.scales) - (half**2).sum(axis=0)
    return np.maximum(out, 1e-4)


def _prior_variance(rows: Rows, jacobian: Floats, scales: Scales) -> Floats:
    """Variance before anything is measured. A level that no evidence speaks of is left to the caller."""
    total = np.where(rows.keys["workload"] >= 0, INTERCEPT_SD**2, 0.0) + scales.batch**2 * rows.batch_loss**2
    total += sum(scales.effects[effect] ** 2 for effect in EFFECTS)
    total += (jacobian**2).sum(axis=1) * sum(scales.shares[name] ** 2 for name in SHARE_LEVELS)
    moves = scales.share_batch**2 * rows.log_batch**2 + scales.share_size**2 * rows.log_size**2
    return total + jacobian.sum(axis=1) ** 2 * moves


def _spread_out(known: Floats, chosen: Ints, asked: Rows) -> Floats:
    """Variance of every row from a sample: its workload's and its card's mean against the mean of all."""
    total = np.full(len(asked), float(known.mean()))
    for labels in asked.identity.T[:2]:
        counts = _sum_by_label(labels[chosen], np.ones((len(chosen), 1)), labels)[:, 0]
        sums = _sum_by_label(labels[chosen], (known - known.mean())[:, None], labels)[:, 0]
        total += sums / (counts + 2.0)
    return np.maximum(total, float(known.min()))


def distinct(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The first row of each distinct combination, and which combination each row is.

    >>> distinct([np.array([5, 5, 7]), np.array([1, 1, 1])])[1].tolist()
    [0, 0, 1]
    """
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    first = codes
    for column in columns:
        low = int(column.min(initial=0))
        width = int(column.max(initial=0)) - low + 1
        _, first, codes = np.unique(codes * width + (column - low), return_index=True, return_inverse=True)
        codes = codes.ravel()
    return first.astype(np.int64), codes.astype(np.int64)


def take(rows: Rows, chosen: Ints | slice) -> Rows:
    """The chosen rows."""
    return Rows(
        keys={name: labels[chosen] for name, labels in rows.keys.items()},
        compute_ratio=rows.compute_ratio[chosen],
        memory_ratio=rows.memory_ratio[chosen],
        prior=rows.prior[chosen],
        log_batch=rows.log_batch[chosen],
        log_size=rows.log_size[chosen],
        batch_loss=rows.batch_loss[chosen],
        offset=rows.offset[chosen],
        noise=rows.noise[chosen],
        identity=rows.identity[chosen],
    )
