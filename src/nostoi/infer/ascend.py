"""Climb a smooth function by L-BFGS; a step to where it is not finite is shortened."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nostoi.infer.gradient import FloatArray, Gradient

ARMIJO = 1e-4
WOLFE = 0.9
TRIALS = 30


@dataclass(frozen=True)
class Climb:
    """Rules of one ascent.

    iterations: at most so many steps; tolerance: stop when the gradient's norm is below;
    reach: longest move of any coordinate in one step; memory: pairs that L-BFGS keeps;
    newton: whether x is whitened, so that the gradient itself is the Newton step.
    """

    iterations: int = 1000
    tolerance: float = 1e-5
    reach: float = 1.0
    memory: int = 30
    newton: bool = False


@dataclass(frozen=True)
class Point:
    """A place reached: `x` [dim], the function's value there and its gradient [dim]."""

    x: FloatArray
    value: float
    slope: FloatArray

    @property
    def finite(self) -> bool:
        """Whether value and gradient are finite."""
        return bool(np.isfinite(self.value) and np.isfinite(self.slope).all())


class _Memory:
    """The last moves and gradient changes; turns a gradient into an L-BFGS direction."""

    def __init__(self, size: int, newton: bool) -> None:
        self._pairs: deque[tuple[FloatArray, FloatArray, float]] = deque(maxlen=size)
        self._newton = newton

    def add(self, move: FloatArray, change: FloatArray) -> None:
        """Remember a step; `change` is the fall of the gradient along `move`."""
        curve = float(move @ change)
        if curve > 1e-12 * float(change @ change):
            self._pairs.append((move, change, 1.0 / curve))

    def clear(self) -> None:
        """Forget all: the next direction is steepest ascent."""
        self._pairs.clear()

    def direction(self, slope: FloatArray) -> FloatArray:
        """Direction to go up from a place with gradient `slope`."""
        if not self._pairs:
            return slope if self._newton else slope / max(1.0, float(np.linalg.norm(slope)))
        q = slope.copy()
        weights = []
        for move, change, scale in reversed(self._pairs):
            weights.append(scale * float(move @ q))
            q -= weights[-1] * change
        move, change, scale = self._pairs[-1]
        q /= scale * float(change @ change)
        for (move, change, scale), weight in zip(self._pairs, reversed(weights), strict=True):
            q += (weight - scale * float(change @ q)) * move
        return q


def _search(gradient: Gradient, here: Point, way: FloatArray, reach: float) -> Point | None:
    """A better place along `way` by weak Wolfe bisection; None when there is none.

    Ties within rounding of the value are settled by the gradient, so that the last
    digits of the maximum can be found.
    """
    size = min(1.0, reach / max(float(np.abs(way).max()), 1e-300))
    most, low, high = size, 0.0, np.inf
    climb = float(here.slope @ way)
    blur = 1e-13 * (1.0 + abs(here.value))
    best: Point | None = None
    for _ in range(TRIALS):
        there = Point(here.x + size * way, *gradient(here.x + size * way))
        gain = there.value - here.value
        if not there.finite or gain < ARMIJO * size * climb - blur:
            high = size
        elif float(there.slope @ way) > WOLFE * climb and size < most:
            low, best = size, there
        else:
            return there
        size = 0.5 * (low + high) if np.isfinite(high) else min(2.0 * size, most)
    return best


def ascend(
    gradient: Gradient,
    start: Point,
    rules: Climb,
    report: Callable[[int, Point], None] | None = None,
) -> tuple[Point, int]:
    """Highest place found from `start`, which must be finite, and the steps taken.

    gradient: function x [dim] -> (value, gradient [dim]); report(step, place) after each.
    Stops at the tolerance, at the number of iterations, or where no step leads higher.
    """
    here, memory = start, _Memory(rules.memory, rules.newton)
    for step in range(rules.iterations):
        if np.linalg.norm(here.slope) < rules.tolerance:
            return here, step
        way = memory.direction(here.slope)
        there = _search(gradient, here, way, rules.reach)
        if there is None:
            memory.clear()
            there = _search(gradient, here, memory.direction(here.slope), rules.reach)
        if there is None:
            return here, step
        memory.add(there.x - here.x, here.slope - there.slope)
        here = there
        if report is not None:
            report(step + 1, here)
    return here, rules.iterations
