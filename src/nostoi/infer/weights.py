"""Weights of draws: smoothed by a generalised Pareto tail, whose shape says whether to trust them.

After Vehtari et al. (2024, JMLR 25:72): the largest weights are replaced by quantiles of the fitted
tail; above a shape of 0.7 the draws hardly lie where the other distribution does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.infer.laplace import TRUSTED, generalised_pareto

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weights of the draws of a fit.

    Attributes:
        share: sums to 1, [draw].
        khat: tail index of the raw weights; -inf when all are equal.
        ess: draws that the weighted sample is worth, before autocorrelation.
    """

    share: Floats
    khat: float
    ess: float

    @property
    def trusted(self) -> bool:
        """Whether weighting stands for a new fit."""
        return self.khat < TRUSTED


def smoothed(log_ratio: Floats) -> Weights:
    """Pareto-smoothed weights of log ratios [draw].

    The tail is at most a fifth of the draws and three times the square root of their number; no
    smoothed weight exceeds the largest raw one.
    """
    level = np.asarray(log_ratio, float) - np.max(log_ratio)
    n = level.size
    tail = int(np.ceil(min(0.2 * n, 3.0 * np.sqrt(n))))
    khat = float("-inf")
    if tail >= 5 and np.ptp(level) > 1e-9:
        order = np.argsort(level)
        top = order[-tail:]
        cut = max(float(level[order[-tail - 1]]), -700.0)
        excess = np.exp(level[top]) - np.exp(cut)
        if np.unique(excess[excess > 0.0]).size < 5:
            khat = float("inf")
        else:
            khat, scale = generalised_pareto(excess[excess > 0.0])
            places = (np.arange(tail) + 0.5) / tail
            smooth = np.exp(cut) + _quantile(places, khat, scale)
            level = level.copy()
            level[top] = np.minimum(np.log(smooth), 0.0)
    share = np.exp(level - level.max())
    share /= share.sum()
    return Weights(share, khat, float(1.0 / (share**2).sum()))


def _quantile(p: Floats, shape: float, scale: float) -> Floats:
    """Quantiles of a generalised Pareto distribution at 0."""
    if abs(shape) < 1e-9:
        return np.asarray(-scale * np.log1p(-p))
    return np.asarray(scale * np.expm1(-shape * np.log1p(-p)) / shape)


def quantiles(draws: Floats, weights: Weights, levels: Sequence[float]) -> Floats:
    """Weighted quantiles of draws [draw, ...]; [level, ...]."""
    flat = draws.reshape(len(draws), -1)
    order = np.argsort(flat, axis=0)
    ranked = np.take_along_axis(flat, order, 0)
    reached = np.cumsum(weights.share[order], axis=0) - 0.5 * weights.share[order]
    found = [
        [np.interp(level, reached[:, k], ranked[:, k]) for k in range(flat.shape[1])]
        for level in levels
    ]
    return np.asarray(found, float).reshape(len(levels), *draws.shape[1:])
