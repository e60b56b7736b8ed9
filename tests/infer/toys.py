"""Small targets with known answers, in a module: a process to be killed can build them."""

from __future__ import annotations

from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from nostoi.infer.gradient import FloatArray


@dataclass(frozen=True)
class Normal:
    """N(mean, cov): every answer is known."""

    mean: FloatArray
    cov: FloatArray

    @property
    def dim(self) -> int:
        return self.mean.size

    def log_density(self, z: Array) -> Array:
        gap = z - self.mean
        return -0.5 * gap @ (np.linalg.inv(self.cov) @ gap)


def stretched() -> Normal:
    """Dimension 12, condition number 1e4, rotated and away from zero."""
    r = np.random.default_rng(5)
    turn, _ = np.linalg.qr(r.normal(size=(12, 12)))
    cov = (turn * np.geomspace(1e-4, 1.0, 12)) @ turn.T
    return Normal(r.normal(size=12), 0.5 * (cov + cov.T))


@dataclass(frozen=True)
class Counts:
    """Poisson counts with a Gamma(a, b) rate each, in z = log rate: the posterior is Gamma."""

    a: float = 2.0
    b: float = 0.05
    seen: float = 0.6
    totals: tuple[int, ...] = (3, 99, 4000)
    days: int = 3

    @property
    def dim(self) -> int:
        return len(self.totals)

    @property
    def shape(self) -> FloatArray:
        return self.a + np.array(self.totals, dtype=np.float64)

    @property
    def rate(self) -> float:
        return self.b + self.seen * self.days

    def log_density(self, z: Array) -> Array:
        return jnp.sum(self.shape * z - self.rate * jnp.exp(z))


@dataclass(frozen=True)
class Slow:
    """A bent density whose gradient takes about a millisecond: time to be interrupted."""

    dim: int = 4
    work: int = 400

    def log_density(self, z: Array) -> Array:
        def turn(x: Array, _: None) -> tuple[Array, None]:
            return x + 1e-3 * jnp.sin(x[::-1]), None

        bent, _ = lax.scan(turn, z, None, length=self.work)
        return -0.5 * bent @ bent - 0.1 * jnp.sum(z**4)


@dataclass(frozen=True)
class Walled:
    """Gamma-like, with nan beyond a wall at 1; its most probable point is (1 - sqrt 21) / 2."""

    dim: int = 2
    start_ok: bool = True

    def log_density(self, z: Array) -> Array:
        wall = 1.0 - z if self.start_ok else -1.0 - z**2
        return jnp.sum(-0.5 * z**2 + 5.0 * jnp.log(wall))
