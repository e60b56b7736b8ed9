"""Beyond the end of a case: its calendar goes on, and what nobody knows is drawn from priors.

Regimes stay those of the last day and money keeps its last values. Unexplained moods at later knots
and parameters that no evidence speaks of are drawn from their priors; each such number has a place
of its own in the counter-based streams, so that more days or more draws leave all others as they
are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from nostoi.base.calendar import Clock, make_clock
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.case.build import clock_of, params_of, rules_of_case, world_of
from nostoi.case.case import Case, Ledger
from nostoi.case.patch import extended
from nostoi.engine.model import Model, sized_params
from nostoi.engine.rates import with_reference
from nostoi.infer.drive import posterior_table
from nostoi.observe.observer import Setting
from nostoi.observe.panel import Panel
from nostoi.rules.params import Param
from nostoi.world.world import World

Values = dict[str, Any]


@dataclass(frozen=True)
class Horizon:
    """A case up to a day, and its model.

    Attributes:
        case: the case, with a later end if one was asked for.
        model: model on its clock, with the reference and the parameters of the fit.
        fitted: model of the case as it was fitted; the same if the end is the same.
    """

    case: Case
    model: Model
    fitted: Model

    def world(self, other: Case) -> World:
        """World of a changed case on the same clock."""
        return world_of(other, clock=self.model.world.clock)


def horizon_of(case: Case, until: date | None = None, daily: bool = False) -> Horizon:
    """A case up to `until` (its own end by default), day by day after its end if `daily`.

    Raises:
        NostoiError: N611 when the day is not after the end of the case.
    """
    world = world_of(case)
    params = sized_params(world, params_of(case))
    fitted = with_reference(Model(world, rules_of_case(case), params))
    if until is None or until == case.spec.end:
        return Horizon(case, fitted, fitted)
    longer = extended(case, until)
    later = world_of(longer, clock=_clock(case, longer, daily))
    model = Model(later, fitted.rules, sized_params(later, params_of(case)), fitted.reference)
    return Horizon(longer, model, fitted)


def _clock(case: Case, longer: Case, daily: bool) -> Clock:
    """Clock of the longer case; its days after the old end one by one if wanted."""
    if not daily:
        return clock_of(longer)
    spec = longer.spec
    windows = [(window.start, window.end) for window in spec.clock.daily]
    windows.append((case.spec.end + timedelta(days=1), spec.end))
    return make_clock(spec.start, spec.end, int(spec.clock.step), windows)


def panel_on(world: World, ledger: Ledger) -> Panel:
    """The observers of a ledger in a world."""
    return Panel(ledger, Setting(world.clock, world.hosts, world.who["persons"], world.at["entry"]))


def values_until(
    horizon: Horizon, fit: Path, case_hash: str, draws: int, seed: int
) -> tuple[Any, Values]:
    """Numbers of the draws of a fit, [draw], and parameter values up to the horizon, [draw, ...].

    Raises:
        NostoiError: N512 when the fit cannot serve.
    """
    chosen, table = posterior_table(horizon.fitted, fit, case_hash, draws, seed)
    longer = {param.name: param for param in horizon.model.params}
    for name, value in table.items():
        param = longer[name]
        if param.dims == "knot" and value.shape[1] < len(param.value):
            table[name] = _longer(param, value, chosen, seed)
    return chosen, table | open_values(horizon.model.params, chosen, seed)


def open_values(params: Sequence[Param], chosen: Any, seed: int) -> Values:
    """Values of the parameters that no evidence speaks of, from their priors; each [draw]."""
    return prior_values([p for p in params if p.kind == "fixed" and p.sd != 0], chosen, seed)


def prior_values(params: Sequence[Param], chosen: Any, seed: int) -> Values:
    """Normal numbers around the values of single parameters, one for each draw; each [draw]."""
    return {
        param.name: param.value[0]
        + float(np.max(param.sd)) * np.array([normal(seed, param.name, int(i), 0) for i in chosen])
        for param in params
    }


def _longer(param: Param, value: Any, chosen: Any, seed: int) -> Any:
    """Values of a mood with the later knots drawn: a walk goes on, others start afresh."""
    known, wanted = value.shape[1], len(param.value)
    sd = float(np.max(param.sd))
    steps = sd * np.array(
        [[normal(seed, param.name, int(i), k) for k in range(known, wanted)] for i in chosen]
    )
    centre = np.asarray(param.value[known:])
    new = value[:, -1:] + np.cumsum(steps, 1) if param.kind == "walk" else centre + steps
    return np.concatenate([value, new], 1)


def normal(seed: int, name: str, draw: int, place: int) -> float:
    """The standard normal number of a named stream for one draw at one place (such as a knot)."""
    return float(ndtri(uniform(seed, name, draw, place)))


def uniform(seed: int, name: str, draw: int, place: int) -> float:
    """The number in 0..1 of a named stream for one draw at one place."""
    words = seed_word(seed), stream(name), np.uint64(draw), np.uint64(place)
    with np.errstate(over="ignore"):
        return float(two_uniforms(*words)[0])
