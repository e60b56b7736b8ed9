"""A target's log density and gradient as a compiled function of NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from nostoi.base.numerics import jitted
from nostoi.infer.target import Target, framed

FloatArray = NDArray[np.float64]
Gradient = Callable[[FloatArray], tuple[float, FloatArray]]


class CompiledGradient:
    """Function z [dim] -> (log density, its gradient [dim]); compiled at the first call.

    Values that are not finite come back as they are: callers decide what to do.
    """

    def __init__(self, compiled: Any, frame: Any) -> None:
        """A compiled function (z, frame) -> (value, slope), and the frame to call it with."""
        self._compiled = compiled
        self._frame = jax.tree.map(jnp.asarray, frame)  # once, and not at every call

    def __call__(self, z: FloatArray) -> tuple[float, FloatArray]:
        """Log density and gradient at z [dim]."""
        value, slope = self._compiled(z, self._frame)
        return float(value), np.asarray(slope, dtype=np.float64)

    def framed(self, frame: Any) -> CompiledGradient:
        """The same function in another frame; nothing is compiled anew."""
        return CompiledGradient(self._compiled, frame)


def compile_gradient(target: Target) -> CompiledGradient:
    """Gradient of a target in its own frame."""
    density, frame = framed(target)
    return CompiledGradient(jitted(jax.value_and_grad(density)), frame)
