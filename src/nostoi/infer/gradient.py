"""A target's log density and gradient as a compiled function of NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable

import jax
import numpy as np
from numpy.typing import NDArray

from nostoi.infer.target import Target

FloatArray = NDArray[np.float64]
Gradient = Callable[[FloatArray], tuple[float, FloatArray]]


def compile_gradient(target: Target) -> Gradient:
    """Function z [dim] -> (log density, its gradient [dim]); compiled at the first call.

    Values that are not finite come back as they are: callers decide what to do.
    """
    compiled = jax.jit(jax.value_and_grad(target.log_density))

    def gradient(z: FloatArray) -> tuple[float, FloatArray]:
        value, slope = compiled(z)
        return float(value), np.asarray(slope, dtype=np.float64)

    return gradient
