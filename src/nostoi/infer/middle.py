"""From the mode to the middle: the centre of the normal curve nearest to the posterior.

The most probable point of a few hundred unknowns is no typical one: where the posterior is skewed
it lies far from most of the mass, and so do all sums computed there. With the widths held, the
normal distribution nearest to the posterior (in the Kullback-Leibler divergence from the curve to
the posterior) has that centre around which the log density is greatest on average (Opper and
Archambeau 2009, Neural Computation 21:786). The average is taken over fixed opposite points, so
the answer is a function of the seed; where the posterior is normal these points cancel exactly and
the centre is the mode.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from nostoi.infer.ascend import Climb, Point, ascend
from nostoi.infer.gradient import FloatArray, Gradient
from nostoi.infer.whiten import PRIOR, THREADS, Whitening, curvature, whiten

PAIRS = 32
"""Pairs of opposite points over which the log density is averaged."""

RULES = Climb(iterations=25, tolerance=0.3, reach=1.0, newton=True)
"""An ascent in whitened space, to within a fraction of a standard deviation in all directions."""


def recentre(gradient: Gradient, shape: Whitening, seed: int, pairs: int = PAIRS) -> Whitening:
    """The whitening moved to the centre of the nearest normal curve of its own widths.

    Args:
        gradient: log density and gradient of the target.
        shape: whitening at the mode.
        seed: of the points.
        pairs: number of pairs of points; costs some 5 x 2 `pairs` gradients.
    """
    half = np.random.default_rng(seed).standard_normal((pairs, shape.centre.size))
    points = np.concatenate([half, -half])

    with ThreadPoolExecutor(THREADS) as pool:

        def mean(move: FloatArray) -> tuple[float, FloatArray]:
            found = list(pool.map(gradient, shape.place(points + move)))
            slope = np.mean([slope for _, slope in found], axis=0)
            return float(np.mean([value for value, _ in found])), shape.scale.T @ slope

        still = np.zeros(shape.centre.size)
        best, _ = ascend(mean, Point(still, *mean(still)), RULES)
    return replace(shape, centre=shape.place(best.x))


def middle(gradient: Gradient, shape: Whitening, seed: int) -> Whitening:
    """Whitening in the middle of the posterior: moved there, its widths measured there, moved on.

    The second move starts from other widths than the first, those of the place that it reached.
    """
    first = recentre(gradient, shape, seed)
    there = whiten(first.centre, curvature(gradient, first.centre), floor=PRIOR)
    return recentre(gradient, there, seed + 1)
