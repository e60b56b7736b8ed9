"""Log posterior of a case: cohort engine, observers, and unit-scale priors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax.numpy as jnp

from nostoi.base.record import Record
from nostoi.case.build import params_of, rules_of_case, world_of
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.engine import cohorts
from nostoi.engine.model import Model, sized_params
from nostoi.engine.rates import with_reference
from nostoi.observe.observer import Setting
from nostoi.observe.panel import Panel
from nostoi.rules.params import Pack
from nostoi.world.world import World

Array = Any


@dataclass(frozen=True)
class CaseTarget:
    """What the samplers see of a case: a log density over unit-scale unknowns.

    Attributes:
        case: the resolved case.
        model: world, rules and rule parameters.
        panel: observers with their rows and parameters.
        pack: order of all unknowns in z.
    """

    case: Case
    model: Model
    panel: Panel
    pack: Pack

    @property
    def dim(self) -> int:
        """Number of unknowns."""
        return self.pack.dim

    def values(self, z: Array) -> dict[str, Array]:
        """Natural parameter values of z [dim]."""
        return self.pack.unpack(z, jnp)

    def record(self, values: dict[str, Array]) -> Record:
        """What the cohort engine says for natural values."""
        return cohorts.run(self.model, values)

    def log_likelihood(self, z: Array) -> Array:
        """Log likelihood of every used figure at z; [row]."""
        values = self.values(z)
        return self.panel.loglik(self.record(values), values)

    def log_density(self, z: Array) -> Array:
        """Log posterior density at z [dim], up to a constant."""
        return self.log_likelihood(z).sum() - 0.5 * (z * z).sum()


def _setting(world: World) -> Setting:
    """What observers read of a world."""
    return Setting(world.clock, world.hosts, world.who["persons"], world.at["entry"])


def target_of(case: Case) -> CaseTarget:
    """Target of a resolved case."""
    world = world_of(case)
    params = sized_params(world, params_of(case))
    model = with_reference(Model(world, rules_of_case(case), params))
    panel = Panel(case.evidence, _setting(world))
    return CaseTarget(case, model, panel, Pack((*params, *panel.params)))


def _load_target(folder: str) -> CaseTarget:
    from nostoi.base.numerics import prepare

    prepare()
    return target_of(load(folder))


def target_factory(folder: Path) -> partial[CaseTarget]:
    """Picklable function without arguments that rebuilds the target in a worker process."""
    return partial(_load_target, str(folder.resolve()))
