"""The most probable point (MAP): where the chains start and around which space is whitened.

Two stages. From the prior medians, L-BFGS with short steps. Then rounds in the space whitened
by the curvature where we are: each round is a damped Newton step that goes on while it pays.
A round ends the search when the whitened gradient says that no more than `tolerance` of log
density can be gained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.ascend import Climb, Point, ascend
from nostoi.infer.gradient import FloatArray, Gradient, compile_gradient
from nostoi.infer.target import Target
from nostoi.infer.whiten import Whitening, curvature, whiten

ROUND_STEPS = 60
ModeReport = Callable[[str, int, float, float], None]


@dataclass(frozen=True)
class Mode:
    """The most probable point.

    z [dim]; value: log density there; grad_norm: norm of the gradient in z;
    gain: log density that a further Newton step would promise; iterations: steps in all;
    curvature [dim, dim]: minus the Hessian at z; converged: gain is below the tolerance.
    """

    z: FloatArray
    value: float
    grad_norm: float
    gain: float
    iterations: int
    curvature: FloatArray
    converged: bool

    def whitening(self) -> Whitening:
        """The change of variables around this point."""
        return whiten(self.z, self.curvature)


@dataclass(frozen=True)
class ModeSettings:
    """Limits of the search.

    iterations: of the first stage; rounds: at most so many curvatures;
    tolerance: of log density, that a further Newton step would gain; rough: curvatures by
    differences to one side.
    """

    iterations: int = 1000
    rounds: int = 6
    tolerance: float = 1e-8
    rough: bool = False


def _holding(gradient: Gradient, held: FloatArray, at: FloatArray) -> Gradient:
    """The function of the other unknowns alone: those held stay `at` whatever is asked."""

    def still(z: FloatArray) -> tuple[float, FloatArray]:
        value, slope = gradient(np.where(held, at, z))
        return value, np.where(held, 0.0, slope)

    return still


def climb(
    gradient: Gradient, dim: int, held: FloatArray, report: ModeReport | None = None
) -> FloatArray:
    """A point near the mode, from the prior medians: the first stage alone; [dim]."""
    gradient = _holding(gradient, held, np.zeros(dim))
    here = _look(gradient, np.zeros(dim))
    told = None if report is None else _teller("climb", report)
    return ascend(gradient, here, Climb(ModeSettings().iterations, 1e-2), told)[0].x


def find_mode(
    target: Target,
    start: FloatArray | None = None,
    settings: ModeSettings | None = None,
    report: ModeReport | None = None,
    gradient: Gradient | None = None,
    held: FloatArray | None = None,
) -> Mode:
    """Most probable point of `target`, from `start` [dim] or from the prior medians.

    report(stage, step, log density, gradient norm) is called after every step; `gradient` is
    the target's, where the caller has compiled it already. Unknowns where `held` [dim] is true
    stay at the start: scales of residuals shrink at a joint mode, which fits too well.
    Raises N501 when the density or its gradient is not finite at the start.
    """
    rules = settings or ModeSettings()
    whole = gradient or compile_gradient(target)
    first = np.zeros(target.dim) if start is None else np.array(start, dtype=np.float64)
    gradient = whole if held is None else _holding(whole, held, first)
    here = _look(gradient, first)

    def told(stage: str) -> Callable[[int, Point], None] | None:
        return None if report is None else _teller(stage, report)

    here, taken = ascend(gradient, here, Climb(rules.iterations, 1e-3), told("climb"))
    curved = curvature(whole, here.x, rough=rules.rough)
    gain = _gain(_free(curved, held), here)
    for _ in range(rules.rounds):
        if gain < rules.tolerance:
            break
        shape = whiten(here.x, _free(curved, held))
        here, more = _round(gradient, shape, here, told("refine"))
        taken += more
        curved = curvature(whole, here.x, rough=rules.rough)
        gain = _gain(_free(curved, held), here)
    norm = float(np.linalg.norm(here.slope))
    return Mode(here.x, here.value, norm, gain, taken, curved, gain < rules.tolerance)


def _teller(stage: str, report: ModeReport) -> Callable[[int, Point], None]:
    return lambda n, at: report(stage, n, at.value, float(np.linalg.norm(at.slope)))


def _look(gradient: Gradient, z: FloatArray) -> Point:
    """The start, or N501 when the search cannot begin there."""
    here = Point(z, *gradient(z))
    if here.finite:
        return here
    bad = np.flatnonzero(~np.isfinite(here.slope))
    raise NostoiError(
        Finding(
            number=501,
            what=f"the log density at the start is {here.value}, with {bad.size} of {z.size} "
            f"slopes not finite (first unknowns: {bad[:5].tolist()})",
            do="check the evidence for values that the prior medians cannot produce, "
            "such as a count above the population",
        )
    )


def _free(curved: FloatArray, held: FloatArray | None) -> FloatArray:
    """The curvature of the function of the unknowns that are not held; the others' is zero."""
    return curved if held is None else np.where(np.logical_or.outer(held, held), 0.0, curved)


def _gain(curved: FloatArray, here: Point) -> float:
    """Log density that a full Newton step from `here` promises."""
    shape = whiten(here.x, curved)
    whitened = shape.scale.T @ here.slope
    return 0.5 * float(whitened @ whitened)


def _round(
    gradient: Gradient,
    shape: Whitening,
    here: Point,
    report: Callable[[int, Point], None] | None,
) -> tuple[Point, int]:
    """L-BFGS in whitened space; its first step is a damped Newton step."""

    def seen(w: FloatArray) -> tuple[float, FloatArray]:
        value, slope = gradient(shape.place(w))
        return value, shape.scale.T @ slope

    def told(step: int, at: Point) -> None:
        if report is not None:
            report(step, Point(shape.place(at.x), at.value, at.slope))

    start = Point(np.zeros(here.x.size), here.value, shape.scale.T @ here.slope)
    rules = Climb(iterations=ROUND_STEPS, tolerance=1e-6, reach=3.0, newton=True)
    best, taken = ascend(seen, start, rules, told)
    z = shape.place(best.x)
    return Point(z, *gradient(z)), taken
