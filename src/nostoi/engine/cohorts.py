"""Cohort engine: expected flows over group x place x days since the move, one scan over steps.

Differentiable and exact in the number of persons: whatever leaves a cell arrives in another.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.engine.hazards import pull_sum, shares_of_exit
from nostoi.engine.model import Model, thresholds
from nostoi.engine.rates import Rates, make_rates
from nostoi.engine.views import is_live

Array = Any
BACK_DAYS = 2.0
"""Days of a journey home (routes.csv: most take one or two)."""


class State(NamedTuple):
    """Persons by status; the sum over all is constant."""

    home: Array  # never left, [group]
    road: Array  # on the way out, [group, host]
    host: Array  # abroad, [group, host, phase]
    road_back: Array  # on the way home by how long they were in the last host, [group, rule]
    back: Array  # returned, by that and by days since, [group, rule, phase]
    called: Array  # called up, [group]


def persons(state: State) -> Array:
    """All persons of a state (a scalar)."""
    return sum(part.sum() for part in state)


def first_state(model: Model) -> State:
    """Everybody at home."""
    world = model.world
    g, h, a, k = len(world.groups), len(world.hosts), world.phases.n, len(RULES)
    return State(
        home=jnp.asarray(world.who["persons"]),
        road=jnp.zeros((g, h)),
        host=jnp.zeros((g, h, a)),
        road_back=jnp.zeros((g, k)),
        back=jnp.zeros((g, k, a)),
        called=jnp.zeros(g),
    )


def _inputs(model: Model, rates: Rates) -> dict[str, Array]:
    """What the scan reads at each step; first axis step."""
    world = model.world
    days = jnp.asarray(world.at["journey_days"].T)
    above = jnp.asarray(thresholds(world))
    return {
        "leave": rates.leave,
        "call": rates.call_up,
        "again": rates.again,
        "home": rates.home,
        "home_slow": rates.home_slow,
        "on": rates.on,
        "on_slow": rates.on_slow,
        "weight": rates.weight,
        "arrive": 1.0 / days,
        "dt": jnp.asarray(world.clock.lengths),
        "passing": jnp.asarray(world.phases.moves(world.clock)),
        "above": above,
        "band": above - jnp.concatenate([above[:, :, 1:], jnp.zeros_like(above[:, :, :1])], -1),
    }


def _destinations(model: Model, p: SimpleNamespace) -> Any:
    """Function (static log weights [group, host], newcomers [host], who) -> weights."""
    live = tuple(rule for rule in model.rules if is_live(rule))
    diaspora = jnp.asarray(model.world.at["diaspora"][:, 0])

    def weigh(static: Array, newcomers: Array) -> Array:
        at = SimpleNamespace(diaspora=diaspora, newcomers=newcomers)
        view = SimpleNamespace(who=SimpleNamespace(), at=at, now=SimpleNamespace(), p=p)
        logs = static + pull_sum(live, view)
        weights = jnp.exp(logs - jax.lax.stop_gradient(logs.max(-1, keepdims=True)))
        return weights / weights.sum(-1, keepdims=True)

    return weigh


def _age(cells: Array, passing: Array) -> Array:
    """Persons of each phase handed on to the next where `passing` is 1; last axis phase."""
    going = cells * passing
    ahead = jnp.concatenate([jnp.zeros_like(going[..., :1]), going[..., :-1]], -1)
    return cells - going + ahead


def _onward(out: Array, weights: Array) -> tuple[Array, Array]:
    """Arrivals [group, host] of onward movers and moves [host, host]; nobody goes to itself.

    `out` are leavers by host [group, host]; each chooses among the other hosts.
    """
    open_to = out / jnp.maximum(1.0 - weights, 1e-12)
    to = weights * (open_to.sum(-1, keepdims=True) - open_to)
    pairs = jnp.einsum("gh,gj->hj", open_to, weights)
    return to, pairs - jnp.diag(jnp.diagonal(pairs))


def run(model: Model, values: dict[str, Array]) -> Record:
    """Runs the cohort engine.

    Args:
        model: world, rules and sized parameters.
        values: natural parameter values by name (scalars, or [element] for axes).

    Returns:
        The record, first axis step (JAX arrays; wrap in `jax.jit` for speed).
    """
    record, _ = run_states(model, values)
    return record


def run_states(model: Model, values: dict[str, Array]) -> tuple[Record, State]:
    """Like `run`, and the state after the last step."""
    p = model.numbers(values)
    rates = make_rates(model, p)
    weigh = _destinations(model, SimpleNamespace(**p))
    exposed = jnp.asarray(model.world.who["exposure"] >= 0.5, float)

    @jax.checkpoint
    def step(state: State, x: dict[str, Array]) -> tuple[State, tuple[Array, ...]]:
        return _step(state, x, weigh, exposed)

    last, seen = jax.lax.scan(step, first_state(model), _inputs(model, rates))
    return _record(seen, rates), last


def _step(
    state: State, x: dict[str, Array], weigh: Any, exposed: Array
) -> tuple[State, tuple[Array, ...]]:
    """One step: competing moves, journeys, ageing; then what is written down."""
    dt = x["dt"]
    weights = weigh(x["weight"], state.host.sum((0, 2)))
    gone = state.home * shares_of_exit(x["leave"] + x["call"], dt)
    leave, called = gone * x["leave"], gone * x["call"]

    arrive = state.road * -jnp.expm1(-x["arrive"] * dt)
    go_rate = x["home"][..., None] * x["home_slow"]
    on_rate = x["on"][..., None] * x["on_slow"]
    moved = state.host * shares_of_exit(go_rate + on_rate, dt)
    go, on = moved * go_rate, moved * on_rate
    on_from = on.sum(-1)
    on_to, pairs = _onward(on_from, weights)

    landed = state.road_back * -jnp.expm1(-dt / BACK_DAYS)
    call = x["call"][:, None, None]
    again_rate = x["again"][:, None, :]
    left = state.back * shares_of_exit(again_rate + call, dt)
    again, called_back = (left * again_rate).sum((1, 2)), (left * call).sum((1, 2))

    out = (leave + again)[:, None] * weights
    host = state.host - go - on
    host = _age(host.at[:, :, 0].add(arrive), x["passing"])
    back = state.back - left * (again_rate + call)
    back = _age(back.at[:, :, 0].add(landed), x["passing"])
    home_by = jnp.einsum("gha,ak->gk", go, x["band"])
    new = State(
        home=state.home - leave - called,
        road=state.road - arrive + out + on_to,
        host=host,
        road_back=state.road_back - landed + home_by,
        back=back,
        called=state.called + called + called_back,
    )
    before = host if False else state.host.at[:, :, 0].add(arrive) - go - on
    cut = jnp.einsum("gha,ak->gkh", before, x["above"])
    exits = jnp.einsum("gha,ak->kh", go + on, x["above"])
    unaged = (state.back - left * (again_rate + call)).at[:, :, 0].add(landed)
    since = jnp.einsum("gca,ak->gck", unaged, x["above"])
    returned = jnp.stack([since[:, k:, k].sum(1) for k in range(len(RULES))])
    once = jnp.stack([unaged[:, k:].sum() for k in range(len(RULES))])
    seen = (
        leave, again, out.sum(0), arrive.sum(0), on_to.sum(0), go.sum((0, 2)), on_from.sum(0),
        go.sum((1, 2)), exits, pairs, cut.sum(0), cut.sum(2).T,
        new.road.sum() + new.road_back.sum(), returned, once, new.home, new.called,
        exposed @ arrive, exposed @ (go + on).sum(-1),
    )  # fmt: skip
    return new, seen


def _record(seen: tuple[Array, ...], rates: Rates) -> Record:
    """Record of what the scan wrote down, in the order of `_step`."""
    (leave, again, leave_to, arrive, arrive_on, go_home, go_on, go_group, exits, pairs,
     abroad, abroad_group, way, returned, once, home, called, e_in, e_out) = seen  # fmt: skip
    return Record(
        leave=leave,
        again=again,
        leave_to=leave_to,
        arrive=arrive,
        arrive_on=arrive_on,
        go_home=go_home,
        go_on=go_on,
        go_home_group=go_group,
        exits=exits,
        onward=pairs.sum(0),
        abroad=abroad,
        abroad_group=abroad_group,
        on_the_way=way,
        returned=returned,
        returned_once=once,
        home=home,
        called_up=called,
        belief=rates.belief[:, :, 0],
        rumour=rates.rumour[:, :, 0],
        exposed_arrive=e_in,
        exposed_exit=e_out,
    )
