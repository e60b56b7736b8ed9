"""Hamiltonian Monte Carlo that solves the normal part of the posterior exactly.

In a space where the posterior is nearly N(0, I), a path under the normal part alone is a turn in
the plane of place and speed. Only what the density differs from it, its pull, is left to the
leapfrog (Shahbaba, Lan, Johnson, Neal 2014, Statistics and Computing 24:339, section 3; Beskos,
Pinski, Sanz-Serna, Stuart 2011, Stochastic Processes and their Applications 121:2201). Directions
that only the prior holds cost no error, however many they are, so that the step can be longer.

A draw is a function of (target, stage, chain, its number) and the draw before: not of how the work
was cut in chunks, of the other chains or of how often it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.gradient import FloatArray, Gradient
from nostoi.infer.whiten import Whitening

Arrays = dict[str, NDArray[Any]]
FIELDS = ("z", "slope", "logp", "accept", "steps", "diverging", "energy", "step_size")

LEAST, MOST = 1.0, 3.0
"""Angle that a path turns by, drawn evenly: a quarter of a turn forgets where it began, half of
one keeps the distance from the middle, and directions wider than the space turn more slowly."""

JITTER = 0.1
"""Log sd by which the step varies from path to path."""

AGAIN, FINER = 0.25, 2
"""A path that is refused and had a smaller chance than this is tried again with so many times as
many steps, each as much shorter."""

LOST = 1000.0
"""Error of the energy from which a path counts as divergent."""


@dataclass(frozen=True)
class Stage:
    """What draws depend on, beside the target.

    name: of the folder; number: of the stage in the streams; space: where the posterior is nearly
    N(0, I); step: mean step, an angle; starts: places where the chains begin, [chain, dim];
    draws: of each chain; later: draws of each chain in stages to come.
    """

    name: str
    number: int
    space: Whitening
    step: float
    starts: FloatArray
    draws: int
    later: int = 0


class State(NamedTuple):
    """Where a chain is: its number, draws made, place in whitened space, log density, slope."""

    chain: int
    drawn: int
    w: FloatArray
    value: float
    slope: FloatArray


class Trajectory(NamedTuple):
    """Where a path ends, the speed there, what its energy rose by, and its steps."""

    end: State
    speed: FloatArray
    rise: float
    made: int

    @property
    def chance(self) -> float:
        """Chance to accept the path."""
        return float(np.exp(min(-self.rise, 0.0))) if np.isfinite(self.rise) else 0.0


class Sampler:
    """Starts, advances, saves and restores the chains of a stage."""

    def __init__(self, gradient: Gradient, stage: Stage, seed: int) -> None:
        """Log density and gradient of the target, the stage, and the seed of all streams."""
        self.stage = stage
        self._gradient, self._seed = gradient, seed
        self._scale, self._back = stage.space.scale, np.linalg.inv(stage.space.scale)

    def start(self, chain: int) -> State:
        """State of a chain before its first draw; N502 where the density is not finite there."""
        w = self._back @ (self.stage.starts[chain] - self.stage.space.centre)
        value, slope = self._look(w)
        if not (np.isfinite(value) and np.isfinite(slope).all()):
            raise NostoiError(no_start(chain))
        return State(chain, 0, w, value, slope)

    def advance(
        self, state: State, draws: int, tick: Callable[[int], None]
    ) -> tuple[State, Arrays]:
        """Next `draws` draws of a chain: its new state and arrays [draw, ...] by field.

        tick(steps) is called after every draw with its number of leapfrog steps.
        """
        rows: list[tuple[Any, ...]] = []
        for _ in range(draws):
            state, row = self._draw(state)
            rows.append(row)
            tick(row[4])
        columns = zip(*rows, strict=True)
        return state, {name: np.array(c) for name, c in zip(FIELDS, columns, strict=True)}

    def pack(self, state: State) -> Arrays:
        """A state as named arrays."""
        return {name: np.asarray(part) for name, part in state._asdict().items()}

    def unpack(self, packed: Arrays) -> State:
        """The state that `pack` was given, to the last bit."""
        held = [packed[name] for name in State._fields]
        return State(int(held[0]), int(held[1]), held[2], float(held[3]), held[4])

    def _look(self, w: FloatArray) -> tuple[float, FloatArray]:
        value, slope = self._gradient(self.stage.space.centre + self._scale @ w)
        return value, self._scale.T @ slope

    def _draw(self, at: State) -> tuple[State, tuple[Any, ...]]:
        """The next state, and a row in the order of `FIELDS`."""
        counter = [0, at.drawn, at.chain, self.stage.number]
        rng = np.random.Generator(np.random.Philox(key=self._seed, counter=counter))
        step = self.stage.step * float(np.exp(JITTER * rng.standard_normal()))
        steps = max(1, round(float(rng.uniform(LEAST, MOST)) / self.stage.step))
        push = rng.standard_normal(at.w.size)
        path = self._path(at, push, step, steps)
        made, new = path.made, path.end if rng.uniform() < path.chance else at
        if new is at and path.chance < AGAIN:
            end, chance, more = self._again(at, push, step, steps, path)
            made, new = made + more, end if rng.uniform() < chance else at
        new = new._replace(drawn=at.drawn + 1)
        place = self.stage.space.centre + self._scale @ new.w
        slope = self._back.T @ new.slope
        lost = not (np.isfinite(path.rise) and path.rise < LOST)
        before = 0.5 * float(push @ push) - at.value
        return new, (place, slope, new.value, path.chance, made, lost, before, step)

    def _again(
        self, at: State, push: FloatArray, step: float, steps: int, path: Trajectory
    ) -> tuple[State, float, int]:
        """End of a finer path after one that was refused, its chance, and the steps it took."""
        finer = self._path(at, push, step / FINER, steps * FINER)
        if not np.isfinite(finer.rise):
            return at, 0.0, finer.made
        back = self._path(finer.end, -finer.speed, step, steps)
        return finer.end, second_chance(path, finer, back), finer.made + back.made

    def _path(self, at: State, push: FloatArray, step: float, steps: int) -> Trajectory:
        """A path from a place with a push; it ends where the density is lost."""
        turn, lean = np.cos(step), np.sin(step)
        w, speed, value, slope = at.w, push, at.value, at.slope
        made = 0
        for made in range(1, steps + 1):  # noqa: B007
            speed = speed + 0.5 * step * (slope + w)
            w, speed = turn * w + lean * speed, turn * speed - lean * w
            value, slope = self._look(w)
            if not np.isfinite(value):
                break
            speed = speed + 0.5 * step * (slope + w)
        rise = 0.5 * float(speed @ speed - push @ push) + at.value - value
        return Trajectory(State(at.chain, at.drawn, w, value, slope), speed, rise, made)


def second_chance(path: Trajectory, finer: Trajectory, back: Trajectory) -> float:
    """Chance to accept a finer path after one was refused.

    Seen from the end of the finer path, turned round, the first path must have been refused too,
    and the chance that it was takes part (Modi, Barnett, Carpenter 2023, Bayesian Analysis,
    doi 10.1214/23-BA1360, with a second try only after a chance below `AGAIN`).

    Args:
        path: the one that was refused.
        finer: the second one, from the same place with the same push.
        back: with the first path's steps, from the end of the finer one with its speed turned.
    """
    if back.chance >= AGAIN:
        return 0.0
    ratio = np.exp(-finer.rise) * (1.0 - back.chance) / (1.0 - path.chance)
    return float(min(ratio, 1.0))


def no_start(chain: int) -> Finding:
    """The complaint about a chain that cannot begin."""
    return Finding(
        number=502,
        what=f"chain {chain} found no start with a finite log density near the mode",
        do="look at the mode: its log density must be finite around it too",
    )
