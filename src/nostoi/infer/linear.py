"""The figures as linear functions of the unknowns, around one point.

Where priors are N(0, 1) and rows are linear with normal errors, what the figures were expected to
be before any was seen, and how they hang together, is plain algebra. Around the middle of a
posterior a fit is near enough to that for tests which would else need another fit each.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np

from nostoi.base.numerics import jitted
from nostoi.infer.gradient import FloatArray
from nostoi.infer.model import CaseTarget
from nostoi.infer.whiten import THREADS

T4 = 4.0
"""Degrees of freedom of the scatter of figures."""

Look = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
Pull = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class Linear:
    """Rows around unknowns z, each on its own scale.

    Attributes:
        said: middle of each published figure, [row].
        here: what the row is expected to show at z, [row].
        prior: the same at z = 0, by extrapolation, [row].
        slope: derivative of the expectation by each unknown, [row, dim].
        variance: of the scatter; larger where a figure lies far out, as heavy tails have it, [row].
    """

    said: FloatArray
    here: FloatArray
    prior: FloatArray
    slope: FloatArray
    variance: FloatArray

    @cached_property
    def covariance(self) -> FloatArray:
        """Of all figures before any was seen, [row, row]."""
        return np.asarray(self.slope @ self.slope.T + np.diag(self.variance))

    def factor(self, along: FloatArray) -> tuple[float, float]:
        """Common shift of some rows that fits all figures best, and its standard error.

        Generalised least squares: all other rows, the priors and the scatter say what the rows
        should show; a prior of the shift itself is not used.

        Args:
            along: change of each row where the shift is 1, 0 for rows without it, [row].
        """
        weighed = np.linalg.solve(self.covariance, along)
        known = float(along @ weighed)
        return float(weighed @ (self.said - self.prior)) / known, known**-0.5


def linearise(target: CaseTarget, z: FloatArray) -> Linear:
    """Rows of a target around z [dim]; costs one gradient for each row."""

    def look(at: Any) -> Any:
        values = target.values(at)
        read = target.panel.read(target.record(values))
        return target.panel.centre_and_width(read, values)

    pull = jitted(jax.grad(lambda at, weights: look(at)[0] @ weights))
    ends = np.asarray(target.panel.low), np.asarray(target.panel.high)
    return around(jitted(look), pull, ends, z)


def around(look: Look, pull: Pull, ends: tuple[FloatArray, FloatArray], z: FloatArray) -> Linear:
    """The same from compiled parts.

    The variance is that of the normal distribution which a Student t becomes in the EM algorithm
    (Liu and Rubin 1995, Statistica Sinica 5:19), with that of the published range added.

    Args:
        look: z -> expectation and width of every row.
        pull: (z, weights [row]) -> derivative of the weighted sum of expectations, [dim].
        ends: of the published figures, each [row].
        z: unknowns, [dim].
    """
    centre, width = (np.asarray(part) for part in look(z))
    with ThreadPoolExecutor(THREADS) as pool:
        rows = pool.map(lambda weights: np.asarray(pull(z, weights)), np.eye(len(centre)))
        slope = np.array(list(rows)).reshape(len(centre), len(z))
    low, high = ends
    said = (low + high) / 2.0
    far = ((said - centre) / width) ** 2
    variance = width**2 * (T4 + far) / (T4 + 1.0) + (high - low) ** 2 / 12.0
    return Linear(said, centre, centre - slope @ z, slope, variance)
