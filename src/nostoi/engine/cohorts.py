"""Cohort engine: expected flows over group x place x days since the move, one scan over steps.

Differentiable and exact in the number of persons: whatever leaves a cell arrives in another.
Shares that depend on nothing that the run produces are made beforehand, and what is written
down is computed afterwards for all steps at once; the scan itself only moves persons.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.engine.account import HALF, Shares, enter, write_record
from nostoi.engine.hazards import pull_sum, shares_of_exit
from nostoi.engine.model import Model, thresholds
from nostoi.engine.rates import Rates, make_rates
from nostoi.engine.views import is_live, slow_steps
from nostoi.world.world import World

Array = Any
BACK_DAYS = 2.0
"""Days of a journey home (routes.csv: most take one or two)."""


class State(NamedTuple):
    """Persons by status at the start of a step; with those called up, all persons."""

    home: Array  # never left, [group]
    road: Array  # on the way out, [group, host]
    host: Array  # abroad, [group, host, phase]
    road_back: Array  # on the way home by the longest rule the last stay fulfils, [group, rule]
    back: Array  # returned, by that and by days since, [group, rule, phase]


class Trace(NamedTuple):
    """States before each step, and what was decided in it; first axis step."""

    state: State
    weights: Array  # shares of destinations, [step, group, host]
    leave: Array  # persons who leave for the first time, [step, group]
    call: Array  # persons called up from home, [step, group]


def shares_of_arrival(world: World) -> tuple[Floats, Floats]:
    """Shares who arrive within a step: of those on the way, and of those who set out in it.

    Each [step, host].
    """
    return _within(world.clock.lengths[:, None] / world.at["journey_days"].T)


def shares_of_landing(world: World) -> tuple[Floats, Floats]:
    """The same for the way home, each [step]."""
    return _within(world.clock.lengths / BACK_DAYS)


def _within(journeys: Floats) -> tuple[Floats, Floats]:
    """Shares of arrival in steps of so many mean journeys.

    Departures are spread evenly over a step, the lengths of journeys are exponential.
    """
    arrive = -np.expm1(-journeys)
    return arrive, 1.0 - arrive / journeys


def make_shares(model: Model, rates: Rates, coarse: Any = None) -> Shares:
    """Shares of each cell that make each move in each step; competing moves share one draw.

    `coarse` is the place of each step's slow rates, [step]; its coarse date by default.
    """
    world = model.world
    dt = jnp.asarray(world.clock.lengths)
    coarse = slow_steps(world)[1] if coarse is None else coarse
    go = rates.home[..., None] * rates.home_slow[coarse]
    elsewhere = float(len(world.hosts) > 1)
    on = elsewhere * rates.on[..., None] * rates.on_slow[coarse]
    out = shares_of_exit(go + on, dt[:, None, None, None])
    call = rates.call_up[:, :, None]
    back = shares_of_exit(rates.again + call, dt[:, None, None])
    arrive, at_once = shares_of_arrival(world)
    land, land_at_once = shares_of_landing(world)
    return Shares(
        leave=rates.leave,
        call=rates.call_up,
        dt=dt,
        arrive=jnp.asarray(arrive),
        at_once=jnp.asarray(at_once),
        land=jnp.asarray(land),
        land_at_once=jnp.asarray(land_at_once),
        go=out * go,
        on=out * on,
        again=(back * rates.again)[:, :, None, :],
        call_back=(back * call)[:, :, None, :],
        weight=rates.weight,
        passing=jnp.asarray(world.phases.moves(world.clock)),
        above=jnp.asarray(thresholds(world)),
    )


def age(cells: Array, passing: Array) -> Array:
    """Persons of each phase handed on to the next where `passing` is 1; last axis phase."""
    going = cells * passing
    ahead = jnp.concatenate([jnp.zeros_like(going[..., :1]), going[..., :-1]], -1)
    return cells - going + ahead


def onward_to(out: Array, weights: Array) -> Array:
    """Onward movers by new host, [..., host]; nobody goes where they are.

    `out` are leavers by host; each chooses among the other hosts by `weights`.
    """
    open_to = out / jnp.maximum(1.0 - weights, 1e-12)
    return weights * (open_to.sum(-1, keepdims=True) - open_to)


def by_longest_rule(going: Array, above: Array) -> Array:
    """Persons [..., phase] by the longest residence rule that their stay fulfils; [..., rule]."""
    at_least = going @ above
    return at_least - jnp.concatenate([at_least[..., 1:], jnp.zeros_like(at_least[..., :1])], -1)


def _weigher(model: Model, p: SimpleNamespace) -> Any:
    """Function (log weights [group, host], newcomers [host]) -> (appeal [group], shares).

    Staying is one of the choices: the appeal of all places together (their summed weights,
    relative to quiet times) multiplies the rate of leaving, so that an open door draws people
    who would have stayed, and not only people who would have gone elsewhere.
    """
    live = tuple(rule for rule in model.rules if is_live(rule))
    diaspora = jnp.asarray(model.world.at["diaspora"][:, 0])

    def weigh(static: Array, newcomers: Array) -> tuple[Array, Array]:
        at = SimpleNamespace(diaspora=diaspora, newcomers=newcomers)
        view = SimpleNamespace(who=SimpleNamespace(), at=at, now=SimpleNamespace(), p=p)
        weights = jnp.exp(static + pull_sum(live, view) - model.reference)
        appeal = weights.sum(-1)
        return appeal, weights / appeal[:, None]

    return weigh


def _step(state: State, x: Shares, weigh: Any) -> tuple[State, Trace]:
    """One step: journeys, competing moves, ageing."""
    appeal, weights = weigh(x.weight, state.host.sum((0, 2)))
    rate = x.leave * appeal
    gone = state.home * shares_of_exit(rate + x.call, x.dt)
    leave, call = gone * rate, gone * x.call
    landed = state.road_back * x.land
    home_again = enter(state.back, HALF * landed)
    again, called = home_again * x.again, home_again * x.call_back
    out = (leave + again.sum((1, 2)))[:, None] * weights
    arrive = state.road * x.arrive + out * x.at_once
    abroad = enter(state.host, HALF * arrive)
    go, on = abroad * x.go, abroad * x.on
    homeward = by_longest_rule(go.sum(1), x.above)
    home_at_once = homeward * x.land_at_once
    new = State(
        home=state.home - leave - call,
        road=state.road - arrive + out + onward_to(on.sum(-1), weights),
        host=age(enter(state.host - go - on, arrive), x.passing),
        road_back=state.road_back - landed + homeward - home_at_once,
        back=age(enter(state.back - again - called, landed + home_at_once), x.passing),
    )
    return new, Trace(state, weights, leave, call)


def run(model: Model, values: dict[str, Array]) -> Record:
    """Runs the cohort engine.

    Args:
        model: world, rules and sized parameters.
        values: natural parameter values by name (scalars, or [element] for axes).

    Returns:
        The record, first axis step (JAX arrays; wrap in `jax.jit` for speed).
    """
    p = model.numbers(values)
    rates = make_rates(model, p)
    shares = make_shares(model, rates)
    trace, _ = scan(model, p, shares)
    return write_record(model.world, rates, shares, trace)


def scan(model: Model, p: dict[str, Array], shares: Shares) -> tuple[Trace, State]:
    """States before each step, and the state after the last."""
    world = model.world
    g, h, a, k = len(world.groups), len(world.hosts), world.phases.n, len(RULES)
    first = State(
        home=jnp.asarray(world.who["persons"]),
        road=jnp.zeros((g, h)),
        host=jnp.zeros((g, h, a)),
        road_back=jnp.zeros((g, k)),
        back=jnp.zeros((g, k, a)),
    )
    weigh = _weigher(model, SimpleNamespace(**p))
    last, trace = jax.lax.scan(lambda s, x: _step(s, x, weigh), first, shares)
    return trace, last


def persons(shares: Shares, last: State, trace: Trace) -> Array:
    """All persons after the last step: at home, away, on the way, returned and called up."""
    landed = trace.state.road_back * shares.land[:, None, None]
    called_back = (enter(trace.state.back, HALF * landed) * shares.call_back).sum()
    return sum(part.sum() for part in last) + trace.call.sum() + called_back
