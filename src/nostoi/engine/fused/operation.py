"""The fused run as a differentiable JAX function."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp

from nostoi.base.operation import Loops
from nostoi.engine.fused.layout import (
    BACKWARD_MADE,
    BACKWARD_PARTS,
    FORWARD_MADE,
    FORWARD_PARTS,
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


def _call(name: str, parts: Sequence[Any], lengths: dict[str, int], *inputs: Array) -> Any:
    axes = tuple(chain.from_iterable(parts))
    return LOOPS.call(name, shapes(axes, lengths), *inputs)


@jax.custom_vjp
def counts_of(moving: Moving, fixed: Fixed) -> Counts:
    """Flows and stocks of all steps; see `layout.py` for the shapes. Needs `available()`."""
    return _forward(moving, fixed)[0]


def _forward(moving: Moving, fixed: Fixed) -> tuple[Counts, Any]:
    made = _call(FORWARD, FORWARD_PARTS, sizes(moving, fixed), *moving, *fixed)
    _, states, work, *_ = FORWARD_MADE
    return Counts(*made[:states]), (moving, fixed, States(*made[states:work]))


def _backward(kept: Any, wish: Counts) -> tuple[Moving, Fixed]:
    moving, fixed, states = kept
    inputs = (*moving, *fixed, *states, *wish)
    grad = _call(BACKWARD, BACKWARD_PARTS, sizes(moving, fixed), *inputs)[: BACKWARD_MADE[1]]
    return Moving(*grad), Fixed(*(jnp.zeros_like(part) for part in fixed))


counts_of.defvjp(_forward, _backward)
