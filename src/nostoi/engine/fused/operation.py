"""The fused run as a differentiable JAX function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

from nostoi.base.operation import Loops
from nostoi.engine.fused.layout import (
    BACKWARD_WORK,
    COUNT_AXES,
    FORWARD_WORK,
    MOVING_AXES,
    STATE_AXES,
    Counts,
    Fixed,
    Moving,
    States,
    shapes,
    sizes,
)

Array = Any
FORWARD, BACKWARD = "nostoi_cohorts_forward", "nostoi_cohorts_backward"


LOOPS = Loops(
    "nostoi.engine.fused.handlers",
    {FORWARD: "forward", BACKWARD: "backward"},
    sorted(Path(__file__).parent.glob("*.py")),
)


def available() -> bool:
    """Whether XLA takes our compiled loops; compiles them, or reads them from the cache."""
    return LOOPS.available()


def _call(name: str, axes: tuple[str, ...], lengths: dict[str, int], *inputs: Array) -> Any:
    return LOOPS.call(name, shapes(axes, lengths), *inputs)


@jax.custom_vjp
def counts_of(moving: Moving, fixed: Fixed) -> Counts:
    """Flows and stocks of all steps; see `layout.py` for the shapes. Needs `available()`."""
    return _forward(moving, fixed)[0]


def _forward(moving: Moving, fixed: Fixed) -> tuple[Counts, Any]:
    axes = COUNT_AXES + STATE_AXES + FORWARD_WORK
    made = _call(FORWARD, axes, sizes(moving, fixed), *moving, *fixed)
    n, last = len(COUNT_AXES), len(COUNT_AXES + STATE_AXES)
    return Counts(*made[:n]), (moving, fixed, States(*made[n:last]))


def _backward(kept: Any, wish: Counts) -> tuple[Moving, Fixed]:
    moving, fixed, states = kept
    inputs = (*moving, *fixed, *states, *wish)
    axes = MOVING_AXES + BACKWARD_WORK
    grad = _call(BACKWARD, axes, sizes(moving, fixed), *inputs)[: len(MOVING_AXES)]
    return Moving(*grad), Fixed(*(jnp.zeros_like(part) for part in fixed))


counts_of.defvjp(_forward, _backward)
