"""Runs the cohort engine by the fused loops where they are available."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.record import Record
from nostoi.engine import cohorts, views
from nostoi.engine.fused.layout import Counts, Fixed, Moving
from nostoi.engine.fused.operation import available, counts_of
from nostoi.engine.fused.shares import table_points
from nostoi.engine.hazards import pull_sum
from nostoi.engine.model import Model, thresholds
from nostoi.engine.rates import Rates, make_rates

Array = Any


def run(model: Model, values: dict[str, Array]) -> Record:
    """What `cohorts.run` returns, faster; the same function where XLA refuses our loops.

    Args:
        model: world, rules and sized parameters.
        values: natural parameter values by name (scalars, or [element] for axes).
    """
    if not available():
        return cohorts.run(model, values)
    p = model.numbers(values)
    rates = make_rates(model, p)
    return record_of(rates, counts_of(moving_of(model, p, rates), fixed_of(model)))


def moving_of(model: Model, p: dict[str, Array], rates: Rates) -> Moving:
    """Rates of `make_rates` in the layout of the loops."""
    elsewhere = float(len(model.world.hosts) > 1)
    return Moving(
        leave=rates.leave,
        call=rates.call_up,
        again=jnp.swapaxes(rates.again, 1, 2),
        go=rates.home,
        go_slow=jnp.moveaxis(rates.home_slow, -1, 1),
        on=elsewhere * rates.on,
        on_slow=jnp.moveaxis(rates.on_slow, -1, 1),
        weight=rates.weight - model.reference,
        table=_table(model, p),
    )


def _table(model: Model, p: dict[str, Array]) -> Array:
    """What newcomers add to the log weights, [group, host, point]."""
    world = model.world
    points, _ = table_points(float(world.who["persons"].sum()))
    at = SimpleNamespace(diaspora=world.at["diaspora"][None, :, :1], newcomers=points)
    live = tuple(rule for rule in model.rules if views.is_live(rule))
    empty = SimpleNamespace()
    view = SimpleNamespace(who=empty, at=at, now=empty, p=SimpleNamespace(**p))
    shape = (len(world.groups), len(world.hosts), points.size)
    return jnp.broadcast_to(jnp.asarray(pull_sum(live, view), float), shape)


def fixed_of(model: Model) -> Fixed:
    """What the loops read of the world."""
    world = model.world
    days = np.asarray(world.clock.lengths, float)
    _, of_step = views.slow_steps(world)
    _, top = table_points(float(world.who["persons"].sum()))
    arrays = (
        world.who["persons"],
        days,
        *cohorts.shares_of_arrival(world),
        *cohorts.shares_of_landing(world),
        world.phases.moves(world.clock),
        np.swapaxes(thresholds(world), 1, 2),
        phases_held(world.phases.moves(world.clock)),
        of_step,
        world.who["exposure"] >= 0.5,
        [top],
    )
    return Fixed(*(jnp.asarray(np.ascontiguousarray(part, dtype=float)) for part in arrays))


def phases_held(passing: Floats) -> Floats:
    """How many phases can hold persons before each step, [step], from `passing` [step, phase].

    All persons are in the first phase when the clock starts.
    """
    held = np.ones(len(passing))
    for step in range(1, len(passing)):
        last = int(held[step - 1]) - 1
        held[step] = min(last + 1 + (passing[step - 1, last] != 0.0), passing.shape[1])
    return held


def record_of(rates: Rates, counts: Counts) -> Record:
    """The record of a run from its counts."""
    return Record(
        leave=counts.leave,
        again=counts.again,
        leave_to=counts.leave_to,
        arrive=counts.arrive,
        arrive_on=counts.arrive_on,
        go_home=counts.go,
        go_on=counts.on,
        go_home_group=counts.go_group,
        exits=counts.exits,
        onward=counts.onward,
        abroad=counts.abroad,
        abroad_group=counts.abroad_group,
        on_the_way=counts.on_the_way,
        returned=counts.returned,
        returned_once=counts.returned_once,
        home=counts.home,
        called_up=jnp.cumsum(counts.called, 0),
        belief=rates.belief[:, :, 0],
        rumour=rates.rumour[:, :, 0],
        exposed_arrive=counts.exposed_arrive,
        exposed_exit=counts.exposed_exit,
    )
