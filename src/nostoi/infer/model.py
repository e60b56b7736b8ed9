"""Log posterior of a case: cohort engine, observers, and unit-scale priors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.numerics import jitted
from nostoi.base.record import Record
from nostoi.case.build import params_of, rules_of_case, world_of
from nostoi.case.case import Case
from nostoi.engine.fused import run as fused
from nostoi.engine.model import Model, sized_params
from nostoi.engine.rates import with_reference
from nostoi.infer.frame import Frame, follow, frame_at, plain_frame
from nostoi.observe.observer import Readings, Setting
from nostoi.observe.panel import Panel
from nostoi.rules.params import Pack
from nostoi.world.world import World

Array = Any


@dataclass(frozen=True)
class CaseTarget:
    """What the samplers see of a case: a log density over x, unit-scale unknowns in a frame.

    Attributes:
        case: the resolved case.
        model: world, rules and rule parameters.
        panel: observers with their rows and parameters.
        pack: order of all unknowns in z; those of the observers come last.
        frame: how x, which is sampled, becomes z, whose prior is N(0, 1).
    """

    case: Case
    model: Model
    panel: Panel
    pack: Pack
    frame: Frame

    @property
    def dim(self) -> int:
        """Number of unknowns."""
        return self.pack.dim

    @property
    def observers(self) -> int:
        """Number of unknowns of the observers."""
        return sum(param.size for param in self.panel.params)

    @property
    def scatter(self) -> Any:
        """Whether each unknown is the scatter of a family's figures; [dim], booleans."""
        return np.array([label.endswith(".noise") for label in self.pack.labels()])

    def values(self, z: Array) -> dict[str, Array]:
        """Natural parameter values of z [dim]."""
        return self.pack.unpack(z, jnp)

    def record(self, values: dict[str, Array]) -> Record:
        """What the cohort engine says for natural values."""
        return fused.run(self.model, values)

    def place(self, x: Array, frame: Frame) -> tuple[Array, Record, list[Readings]]:
        """Unknowns z [dim] of x [dim], what the engine says there, and what the rows read of it."""
        own = self.dim - self.observers
        held = self.values(jnp.concatenate([x[:own], jnp.asarray(frame.anchor)[own:]]))
        record = self.record(held)
        read = self.panel.read(record)

        def centre(unknowns: Array) -> Array:
            values = self.values(jnp.concatenate([x[:own], unknowns]))
            return self.panel.centre_and_width(read, values)[0]

        change = follow(Frame(*map(jnp.asarray, frame)), self.observers, centre)
        return jnp.concatenate([x[:own], x[own:] + change]), record, read

    def plain_place(self, z: Array) -> tuple[Array, Record, list[Readings]]:
        """The same of a target in no frame, where x = z."""
        record = self.record(self.values(z))
        return z, record, self.panel.read(record)

    def log_density(self, x: Array) -> Array:
        """Log posterior density at x [dim], up to a constant."""
        return self.log_density_in(x, self.frame)

    def log_density_in(self, x: Array, frame: Frame) -> Array:
        """The same in a given frame, whose arrays may be arguments of compiled code."""
        z, _, read = self.place(x, frame)
        return self.panel.loglik_of(read, self.values(z)).sum() - 0.5 * (z * z).sum()

    def framed_at(self, z: Array) -> CaseTarget:
        """The same target in a frame anchored at z [dim], where x = z."""
        read = jitted(lambda at: self.panel.read(self.record(self.values(at))))(z)
        own = self.dim - self.observers

        @jax.jit
        def look(unknowns: Array, at: list[Readings]) -> tuple[Array, Array]:
            values = self.values(jnp.concatenate([jnp.asarray(z)[:own], unknowns]))
            return self.panel.centre_and_width(at, values)

        low, high = self.panel.low, self.panel.high
        frame = frame_at(z, self.observers, lambda own: look(own, read), low, high)
        return replace(self, frame=frame)


def _setting(world: World) -> Setting:
    """What observers read of a world."""
    return Setting(world.clock, world.hosts, world.who["persons"], world.at["entry"])


def target_of(case: Case) -> CaseTarget:
    """Target of a resolved case."""
    world = world_of(case)
    params = sized_params(world, params_of(case))
    model = with_reference(Model(world, rules_of_case(case), params))
    panel = Panel(case.evidence, _setting(world))
    pack = Pack((*params, *panel.params))
    frame = plain_frame(pack.dim, sum(p.size for p in panel.params), len(panel.rows))
    return CaseTarget(case, model, panel, pack, frame)
