"""Stage: a model compiled once, on which many worlds and parameters are played.

Worlds that differ in their columns (signals, regimes, money) come in as arguments, so that nine
scenarios cost one compilation. Until the step in which a world parts from another one, it is that
other one: to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from nostoi.base.numerics import jitted
from nostoi.base.record import Record
from nostoi.engine import cohorts, views
from nostoi.engine.account import write_record
from nostoi.engine.fused.layout import Fixed
from nostoi.engine.fused.operation import available, counts_of
from nostoi.engine.fused.run import fixed_of, moving_of, record_of
from nostoi.engine.model import Model
from nostoi.engine.rates import Scene, quiet_step, rates_in
from nostoi.world.world import World

Array = Any
Values = dict[str, Any]
Measure = Callable[[Record, Scene], dict[str, Array]]
THREADS = 2


class Slow(NamedTuple):
    """Rates that follow the days since the move; [coarse date, group, host, phase]."""

    home: Array
    on: Array


class Scenery(NamedTuple):
    """A world as arguments of compiled code.

    at, now: columns, [host, step] and [step]; fixed: what the loops read; slow: steps that stand
    for the coarse dates, [coarse date]; parted: 1 from the step in which the world parts from the
    one before it, [step].
    """

    at: dict[str, Array]
    now: dict[str, Array]
    fixed: Fixed
    slow: Array
    parted: Array


@dataclass(frozen=True)
class Stage:
    """A model and what is measured of its runs.

    Attributes:
        model: model on the world that all others are compared with.
        measure: what is kept of a run.
    """

    model: Model
    measure: Measure

    def scenery(self, world: World | None = None, since: int | None = None) -> Scenery:
        """Arguments for a world; without one, for the stage's own.

        Args:
            world: another world on the same clock.
            since: first step in which it may differ; earlier steps are taken from the stage's own.
        """
        own, clock = self.model.world, self.model.world.clock
        other = own if world is None else world
        first = 0 if since is None else since
        at = {k: np.concatenate([own.at[k][:, :first], v[:, first:]], 1)
              for k, v in other.at.items()}  # fmt: skip
        now = {k: np.concatenate([own.now[k][:first], v[first:]]) for k, v in other.now.items()}
        middles, of_step = views.slow_steps(own)
        parted = np.arange(clock.n) >= first
        last = np.array([np.flatnonzero(of_step == m)[-1] for m in range(len(middles))])
        slow = np.where(last >= first, np.maximum(middles, first), middles)
        fixed = fixed_of(replace(self.model, world=replace(other, at=at, now=now)))
        month = of_step + len(middles) * parted
        return Scenery(at, now, fixed._replace(month=np.asarray(month, float)), slow, parted)

    def scene(self, scenery: Scenery, values: Values) -> Scene:
        """The scene of a world for natural parameter values."""
        world = replace(self.model.world, at=scenery.at, now=scenery.now)
        model = replace(self.model, world=world)
        quiet = quiet_step(self.model.world)
        return Scene(model, model.numbers(values), quiet=quiet, slow=scenery.slow)

    def play(self, scene: Scene, scenery: Scenery, before: Slow | None) -> tuple[Record, Slow]:
        """The record of a run, and its slow rates for worlds that part from it."""
        rates = rates_in(scene)
        slow = Slow(rates.home_slow, rates.on_slow)
        past = slow if before is None else before
        rates = rates._replace(
            home_slow=jnp.concatenate([past.home, slow.home]),
            on_slow=jnp.concatenate([past.on, slow.on]),
        )
        if available():
            moving = moving_of(scene.model, vars(scene.p), rates)
            return record_of(rates, counts_of(moving, scenery.fixed)), slow
        return self._in_pure_jax(scene, rates, scenery), slow

    def _in_pure_jax(self, scene: Scene, rates: Any, scenery: Scenery) -> Record:
        """The same by the readable engine, where XLA refuses our loops.

        Beyond the rates it reads only ways and communities, which no scenario changes.
        """
        month = scenery.fixed.month.astype(int)
        shares = cohorts.make_shares(self.model, rates, month)
        trace, _ = cohorts.scan(self.model, vars(scene.p), shares)
        return write_record(self.model.world, rates, shares, trace)

    @cached_property
    def compiled(self) -> Callable[..., tuple[dict[str, Array], Slow]]:
        """Function (scenery, values, slow rates before) -> what is measured, slow rates."""

        def run(scenery: Scenery, values: Values, before: Slow) -> tuple[dict[str, Array], Slow]:
            scene = self.scene(scenery, values)
            record, slow = self.play(scene, scenery, before)
            return self.measure(record, scene), slow

        compiled: Callable[..., tuple[dict[str, Array], Slow]] = jitted(run)
        return compiled

    def no_past(self) -> Slow:
        """Slow rates for a world that parts from nothing: they are never read."""
        world = self.model.world
        shape = (
            len(views.slow_steps(world)[0]), len(world.groups), len(world.hosts), world.phases.n,
        )  # fmt: skip
        return Slow(np.zeros(shape), np.zeros(shape))


def play_all(
    stage: Stage,
    base: Scenery,
    others: Sequence[tuple[Scenery, Values]],
    values: Values,
    hear: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[dict[str, Any]]:
    """What is measured in the base world and in the others, for the same draws.

    Args:
        stage: the compiled model.
        base: the world that the others part from.
        others: each with parameter values of its own, [draw, ...], which replace the common ones.
        values: common parameter values by name, each [draw, ...].
        hear: told how many draws are done.

    Returns:
        one mapping per world, the base first: name -> [draw, ...].
    """
    run, none = stage.compiled, stage.no_past()
    draws = len(next(iter(values.values())))
    done: list[int] = []

    def one(i: int) -> list[dict[str, Any]]:
        own = {name: value[i] for name, value in values.items()}
        first, slow = run(base, own, none)
        found = [first]
        for scenery, different in others:
            mine = own | {name: value[i] for name, value in different.items()}
            found.append(run(scenery, mine, slow)[0])
        kept = [{k: np.asarray(v) for k, v in part.items()} for part in found]
        done.append(i)
        hear(len(done), draws)
        return kept

    with ThreadPoolExecutor(THREADS) as crew:
        rows = list(crew.map(one, range(draws)))
    return [
        {name: np.stack([row[w][name] for row in rows]) for name in rows[0][w]}
        for w in range(len(others) + 1)
    ]
