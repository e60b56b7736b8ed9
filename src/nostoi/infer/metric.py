"""The space in which chains run, learnt from the draws of other chains and the slopes there.

Where a posterior is normal with covariance C, its draws have covariance C and the slopes of its log
density have covariance C^-1. Where it is not, the first asks for wide directions and the second
for narrow ones: a direction that is long but bent is wide for the draws and narrow for the slopes.
The geometric mean of C and the inverse of the slopes' covariance makes the draws' and the slopes'
covariances equal in the new space, which is the least Fisher divergence to N(0, I)
(Seyboldt, Carlson, Carpenter 2026, arXiv 2603.18845).
"""

from __future__ import annotations

import numpy as np

from nostoi.infer.gradient import FloatArray
from nostoi.infer.whiten import Whitening

RIDGE = 0.1
"""Added to both covariances: draws say little where they hardly differ."""

TINY = 1e-12


def learnt(base: Whitening, draws: FloatArray, slopes: FloatArray) -> Whitening:
    """The whitening that draws and slopes ask for; directions that neither shows stay as in `base`.

    Args:
        base: whitening to improve.
        draws: places of chains, [draw, dim].
        slopes: gradients of the log density there, [draw, dim].
    """
    centre = draws.mean(0)
    apart = np.linalg.solve(base.scale, (draws - centre).T).T
    pulls = (slopes - slopes.mean(0)) @ base.scale
    shape = power(geometric(apart, pulls), 0.5)
    scale = base.scale @ shape
    log_det = float(np.linalg.slogdet(scale)[1])
    return Whitening(centre, scale, log_det, base.floored, base.lowest, base.highest)


def geometric(apart: FloatArray, pulls: FloatArray, ridge: float = RIDGE) -> FloatArray:
    """Geometric mean of the covariance of `apart` and the inverse of that of `pulls`, [dim, dim].

    Both [draw, dim] with mean 0. In directions that neither shows it is 1.
    """
    n, dim = apart.shape
    seen = np.linalg.qr(np.concatenate([apart, pulls]).T)[0] if 2 * n < dim else np.eye(dim)
    wide = seen.T @ (apart.T @ apart / n) @ seen + ridge * np.eye(seen.shape[1])
    stiff = seen.T @ (pulls.T @ pulls / n) @ seen + ridge * np.eye(seen.shape[1])
    root, back = power(stiff, 0.5), power(stiff, -0.5)
    mean = back @ power(root @ wide @ root, 0.5) @ back
    whole = np.eye(dim) - seen @ seen.T + seen @ mean @ seen.T
    return 0.5 * (whole + whole.T)


def power(matrix: FloatArray, exponent: float) -> FloatArray:
    """Power of a symmetric matrix of positive eigenvalues, [dim, dim]."""
    values, vectors = np.linalg.eigh(matrix)
    found: FloatArray = (vectors * np.maximum(values, TINY) ** exponent) @ vectors.T
    return found
