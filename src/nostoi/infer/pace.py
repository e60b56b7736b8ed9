"""The step size of a sampler, pooled over short chains.

Dual averaging in a short warm-up leaves each chain with its own step, often half of what it
could be, and a chain with half the step costs twice the gradients. In many dimensions the
acceptance of a leapfrog trajectory is 2 Phi(-k step^2 / 2), with k the same wherever the chain
is (Beskos, Pillai, Roberts, Sanz-Serna, Stuart 2013, Bernoulli 19:1501). So every chain's own
step and acceptance give k, and k gives the step for the acceptance that is wanted.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from nostoi.infer.gradient import FloatArray

LEAST, MOST = 0.05, 0.99
"""Acceptances outside say little about k."""


def roughness(step: FloatArray, accept: FloatArray) -> FloatArray:
    """The k of chains from their steps and mean acceptances, each [chain]."""
    held = np.clip(accept, LEAST, MOST)
    return np.asarray(-2.0 * norm.ppf(held / 2.0) / np.asarray(step) ** 2)


def pooled_step(step: FloatArray, accept: FloatArray, wanted: float) -> float:
    """Step size at which the acceptance would be `wanted`, from chains' own; each [chain]."""
    k = float(np.mean(roughness(step, accept)))
    return float(np.sqrt(-2.0 * norm.ppf(wanted / 2.0) / k))
