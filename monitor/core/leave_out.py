"""What a fit learns about itself from its own evidence: how noisy each source is, and how wide intervals must be.

Every measured card, then every architecture, is predicted without its own rows, in closed form (the block inverse of
the covariance; slopes of the shares stay as fitted on all). Nothing of that is stored: other evidence, other widths.
"""

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import spotri  # pyright: ignore

from monitor.core.relative import Fit, Floats, Ints, Rows, Scales, learn

Z80 = 1.2816
STUDENT_80 = 1.533 / 1.2816  # an 80 % interval of Student's t with 4 degrees of freedom over a normal one's
LEAST_NOISE, MOST_NOISE = 0.03, 0.60
FEW_CARDS = 6.0  # a group with so many cards counts half
MOST_SD = 1.0  # a workload of which nothing else is left has no level: its rows tell nothing
ROUGH = 2  # rounds of the first fit, whose noise is all that is kept
NARROWEST, WIDEST = 0.5, 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Widths:
    """Factors on the standard deviation below and above, by how well a card is known (its work measured elsewhere, its
    architecture, nothing) and by a group of rows; the last entry of each is for groups that the evidence lacks."""

    by_source: Floats  # (3, groups + 1, 2)
    by_family: Floats

    def of(self, known: Ints, source: Ints, family: Ints) -> Floats:
        """(n, 2): factors for rows with these labels, -1 where the evidence lacks them."""
        return np.where((source >= 0)[:, None], self.by_source[known, source], self.by_family[known, family])


@dataclass(frozen=True, eq=False)
class Held:
    """Each measured row without its part: truth less prediction, in logs, and the sd that the fit states."""

    error: Floats
    sd: Floats

    @property
    def told(self) -> NDArray[np.bool_]:
        """Rows of which something was left to predict them from."""
        return self.sd < MOST_SD


def held_out(fit: Fit, inverse: Floats, part: Ints) -> Held:
    """Predictions of every row with all rows of the same label left out."""
    error, sd = np.empty(len(part)), np.empty(len(part))
    own = fit.rows.noise**2 * (1.0 - 1.0 / fit.weights)
    order = np.argsort(part, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        block = np.linalg.inv(inverse[np.ix_(rows, rows)].astype(np.float64))
        error[rows] = block @ fit.alpha[rows]
        sd[rows] = np.sqrt(np.maximum(np.diag(block) + own[rows], 1e-4))
    return Held(error, sd)


def inverse_of(fit: Fit) -> Floats:
    """The inverse of the rows' covariance."""
    half = cast(Floats, spotri(fit.factor, lower=1)[0])
    half = np.tril(half)
    return half + np.tril(half, -1).T


def learn_with_noise(rows: Rows, log_throughput: Floats, scales: Scales) -> Fit:
    """A fit whose noise by source and family is what the rows themselves show, shrunk to what was assumed."""
    first = learn(rows, log_throughput, scales, iterations=ROUGH)
    held = held_out(first, inverse_of(first), rows.keys["card"])
    return learn(replace(rows, noise=_noise(rows, held)), log_throughput, scales)


def _noise(rows: Rows, held: Held) -> Floats:
    noise = rows.noise.copy()
    for group in np.unique(rows.keys["source"]):
        mine = np.flatnonzero((rows.keys["source"] == group) & held.told)
        cards = len(np.unique(rows.keys["card"][mine]))
        if cards < 2:
            continue
        ratio = float(np.median(np.abs(held.error[mine]) / held.sd[mine])) / 0.741  # median of |t4|
        factor = max(ratio, 0.3) ** (cards / (cards + FEW_CARDS))
        all_of_it = rows.keys["source"] == group
        wanted = held.sd[all_of_it] ** 2 * (factor**2 - 1.0) + rows.noise[all_of_it] ** 2
        typical = float(np.sqrt(max(np.median(wanted), LEAST_NOISE**2)))
        noise[all_of_it] *= np.clip(typical / np.median(rows.noise[all_of_it]), 0.4, 5.0)
    return np.clip(noise, LEAST_NOISE, MOST_NOISE)


def widths(fit: Fit) -> Widths:
    """How wide intervals have to be for this evidence, by group; see `Widths`."""
    keys, inverse = fit.rows.keys, inverse_of(fit)
    pair = np.unique(np.stack([keys["card"], keys["workload"]]), axis=1, return_inverse=True)[1].ravel()
    levels = [held_out(fit, inverse, part) for part in (pair, keys["card"], keys["arch"])]
    families, sources = int(keys["family"].max(initial=-1)) + 1, int(keys["source"].max(initial=-1)) + 1
    by_family, by_source = np.ones((3, families + 1, 2)), np.ones((3, sources + 1, 2))
    for level, held in enumerate(levels):
        told = np.flatnonzero(held.told)
        whole = _factor(held, told, keys["card"], np.full(2, STUDENT_80))
        by_family[level] = whole
        by_source[level] = whole
        for family in range(families):
            mine = told[keys["family"][told] == family]
            by_family[level, family] = _factor(held, mine, keys["card"], whole)
            for source in np.unique(keys["source"][keys["family"] == family]).tolist():
                part = mine[keys["source"][mine] == source]
                by_source[level, source] = _factor(held, part, keys["card"], by_family[level, family])
    return Widths(by_source=by_source, by_family=by_family)


def _factor(held: Held, rows: Ints, cards: Ints, otherwise: Floats) -> Floats:
    """Factors below and above that hold 80 % of these rows, each card counting alike, shrunk to `otherwise`."""
    if not len(rows):
        return otherwise
    score = held.error[rows] / held.sd[rows]
    _, same = np.unique(cards[rows], return_inverse=True)
    weight = 1.0 / np.sqrt(np.bincount(same)[same])
    count = float(same.max()) + 1.0
    found = np.array([-_quantile(score, weight, 0.1), _quantile(score, weight, 0.9)]) / Z80
    share = count / (count + FEW_CARDS)
    clipped = np.clip(found, NARROWEST, WIDEST)
    return np.exp(share * np.log(clipped) + (1.0 - share) * np.log(otherwise))


def _quantile(values: Floats, weights: Floats, at: float) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(np.interp(at, (total - 0.5 * weights[order]) / total[-1], values[order]))
