"""Many short chains that begin at draws of the normal curve: its bend is mended, not its weight.

The curve in the middle of a posterior (`middle`) has no skew, and what is reported are sums of
exponentials. A few steps of Hamiltonian Monte Carlo carry its draws to where the density is. The
chains are too short to find another mass of probability than the one where they began, or to prove
that they have forgotten the curve: the answer stays marked approximate.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nostoi.infer.gradient import FloatArray, Gradient
from nostoi.infer.whiten import THREADS, Whitening

CHAINS, FORGOTTEN, KEPT = 24, 8, 14
STEP, JITTER = 0.22, 0.1
"""Step in whitened space, and the log sd by which it varies from path to path."""

LEAST, MOST = 6, 16
"""Steps of a path, drawn evenly: no direction comes back to where it began every time."""


@dataclass(frozen=True)
class Short:
    """Draws x [chain, draw, dim] with their log density and chance of acceptance [chain, draw]."""

    x: FloatArray
    logp: FloatArray
    accept: FloatArray


def short_chains(
    gradient: Gradient,
    shape: Whitening,
    seed: int,
    report: Callable[[float], None] = lambda _: None,
) -> Short:
    """Chains from draws of the curve `shape`; each has a stream of its own, whatever runs beside.

    Args:
        gradient: log density and gradient of the target.
        shape: whitening in the middle of the posterior.
        seed: of all streams.
        report: hears the share 0..1 that is done.
    """
    found = []
    with ThreadPoolExecutor(THREADS) as pool:
        for one in pool.map(lambda k: _chain(gradient, shape, seed, k), range(CHAINS)):
            found.append(one)
            report(len(found) / CHAINS)
    x, logp, accept = (np.stack(parts) for parts in zip(*found, strict=True))
    return Short(shape.place(x), logp, accept)


def _chain(gradient: Gradient, shape: Whitening, seed: int, number: int) -> tuple[FloatArray, ...]:
    """One chain in whitened space: places, log densities, chances of acceptance."""
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, number]))

    def look(w: FloatArray) -> tuple[float, FloatArray]:
        value, slope = gradient(shape.place(w))
        return value, shape.scale.T @ slope

    begin = rng.standard_normal(shape.centre.size)
    at = _Place(begin, *look(begin))
    kept = []
    for _ in range(FORGOTTEN + KEPT):
        step = STEP * float(np.exp(JITTER * rng.standard_normal()))
        steps = int(rng.integers(LEAST, MOST + 1))
        push = rng.standard_normal(at.w.size)
        end, speed = _path(look, at, push, step, steps)
        gain = end.value - at.value + 0.5 * float(push @ push - speed @ speed)
        chance = float(np.exp(np.minimum(gain, 0.0))) if np.isfinite(gain) else 0.0
        at = end if rng.uniform() < chance else at
        kept.append((at.w, at.value, chance))
    return tuple(np.array(part) for part in zip(*kept[FORGOTTEN:], strict=True))


class _Place(NamedTuple):
    """Where a chain is in whitened space, the log density there and its slope."""

    w: FloatArray
    value: float
    slope: FloatArray


def _path(
    look: Gradient, at: _Place, push: FloatArray, step: float, steps: int
) -> tuple[_Place, FloatArray]:
    """End of a leapfrog path and the speed there; it ends early where the density is not finite."""
    speed = push
    for _ in range(steps):
        speed = speed + 0.5 * step * at.slope
        w = at.w + step * speed
        at = _Place(w, *look(w))
        speed = speed + 0.5 * step * at.slope
        if not np.isfinite(at.value):
            break
    return at, speed
