"""What the samplers need to know of a model: its dimension and its log density."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from jax import Array


class Target(Protocol):
    """A log density over unconstrained numbers `z`, float64 [dim].

    Every entry of `z` has the prior N(0, 1): `z = 0` is the prior median of each
    unknown and one unit is one prior standard deviation.
    """

    @property
    def dim(self) -> int:
        """Number of unknowns."""
        ...

    def log_density(self, z: Array) -> Array:
        """Log posterior density at `z` [dim], up to a constant; a pure JAX scalar."""
        ...


def framed(target: Target) -> tuple[Callable[[Array, Any], Array], Any]:
    """Log density (x [dim], frame) -> scalar, and the frame of `target`.

    What a frame holds is an argument of the density: another frame compiles nothing anew.
    Targets without a frame get an empty one.
    """
    frame = getattr(target, "frame", None)
    if frame is None:
        return lambda x, _: target.log_density(x), ()
    density: Callable[[Array, Any], Array] = target.log_density_in  # type: ignore[attr-defined]
    return density, frame
