"""The step size of a sampler, from the acceptance of a few trial trajectories.

Dual averaging in a short warm-up leaves each chain with its own step, often half of what it
could be, and a chain with half the step costs twice the gradients. In many dimensions the
acceptance of a leapfrog trajectory is 2 Phi(-k step^2 / 2), with k the same wherever the chain
is (Beskos, Pillai, Roberts, Sanz-Serna, Stuart 2013, Bernoulli 19:1501). So trajectories from
draws of pilot chains, in the space of the chains that count, give k, and k gives the step for
the acceptance that is wanted.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.stats import norm

from nostoi.infer.gradient import FloatArray, Gradient
from nostoi.infer.hmc import NARROWEST, WIDEST
from nostoi.infer.whiten import THREADS, Whitening

LEAST, MOST = 0.05, 0.99
"""Acceptances outside say little about k."""

TELLING = (0.4, 0.95)
"""Acceptances of trials from which k is taken without another round."""

ROUNDS = 5


def roughness(step: FloatArray, accept: FloatArray) -> FloatArray:
    """The k of trajectories from their steps and mean acceptances, each [trial]."""
    held = np.clip(accept, LEAST, MOST)
    return np.asarray(-2.0 * norm.ppf(held / 2.0) / np.asarray(step) ** 2)


def pooled_step(step: FloatArray, accept: FloatArray, wanted: float) -> float:
    """Step size at which the acceptance would be `wanted`, from trials' own; each [trial]."""
    k = float(np.mean(roughness(step, accept)))
    return _step_of(k, wanted)


def _step_of(k: float, wanted: float) -> float:
    return float(np.sqrt(-2.0 * norm.ppf(wanted / 2.0) / k))


def tried_step(
    gradient: Gradient,
    shape: Whitening,
    places: FloatArray,
    length: float,
    wanted: float,
    seed: int,
) -> float:
    """Step size at which trajectories from `places` are accepted as often as `wanted`.

    The first trial takes the step of a standard normal, whose k is sqrt(dim) / 4. A round costs
    length / step gradients for each place.

    Args:
        gradient: log density and gradient of the target.
        shape: whitening in which the trajectories run.
        places: draws of pilot chains, [place, dim].
        length: mean length of the trajectories, in whitened space.
        wanted: mean acceptance.
        seed: of the momenta.
    """
    step = _step_of(0.25 * np.sqrt(shape.centre.size), wanted)
    start = np.linalg.solve(shape.scale, (places - shape.centre).T).T
    for number in range(ROUNDS):
        random = np.random.default_rng((seed, number))
        push = random.standard_normal(start.shape)
        paths = length * random.uniform(NARROWEST, WIDEST, len(start))
        with ThreadPoolExecutor(THREADS) as pool:
            lost = pool.map(
                lambda w, p, t, h=step: energy_lost(gradient, shape, (w, p), h, t),
                start,
                push,
                paths,
            )
            accept = float(np.mean([np.exp(-max(one, 0.0)) for one in lost]))
        step = pooled_step(np.array([step]), np.array([accept]), wanted)
        if TELLING[0] < accept < TELLING[1]:
            break
    return step


def energy_lost(
    gradient: Gradient,
    shape: Whitening,
    begin: tuple[FloatArray, FloatArray],
    step: float,
    length: float,
) -> float:
    """Energy at the end of a leapfrog trajectory minus that at its start; inf off the support.

    `begin`: place in whitened space and momentum, each [dim].
    """
    w, push = begin
    value, slope = gradient(shape.place(w))
    before = 0.5 * float(push @ push) - value
    for _ in range(max(round(length / step), 1)):
        push = push + 0.5 * step * (shape.scale.T @ slope)
        w = w + step * push
        value, slope = gradient(shape.place(w))
        push = push + 0.5 * step * (shape.scale.T @ slope)
        if not np.isfinite(value) or not np.isfinite(slope).all():
            return float("inf")
    return 0.5 * float(push @ push) - value - before
