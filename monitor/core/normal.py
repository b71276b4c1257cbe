"""The normal distribution function for whole arrays, without the third of a second that scipy.special takes to load."""

from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

WIDEST, STEPS = 9.0, 18_001
GRID = np.linspace(-WIDEST, WIDEST, STEPS)
VALUES = np.array([0.5 * (1 + erf(x / sqrt(2))) for x in GRID.tolist()])


def normal_cdf(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(Z <= x), from a table with steps of 0.001: off by less than 1e-7.

    >>> bool(abs(normal_cdf(np.array([1.2816]))[0] - 0.9) < 1e-5)
    True
    """
    return np.interp(x, GRID, VALUES)
