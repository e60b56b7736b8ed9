"""What is written down of a run: flows and stocks of all steps, computed at once."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.engine.rates import Rates
from nostoi.world.world import World

Array = Any

LONG_ENOUGH = np.tril(np.ones((len(RULES), len(RULES))))
"""[class, rule]: 1 where a stay of the class (longest rule it fulfils) fulfils the rule."""

HALF = 0.5
"""Arrivals of a step are spread over it, so on average they are exposed to half of it."""


class Shares(NamedTuple):
    """Shares per step of persons in a cell who make a move; first axis step.

    Leaving and being called up from home stay rates per day: they meet the appeal of the
    destinations within the step.
    """

    leave: Array  # rate per day at the appeal of quiet times, [step, group]
    call: Array  # rate per day, [step, group]
    dt: Array  # days, [step]
    arrive: Array  # of those on the way, [step, host]
    at_once: Array  # of those who set out in the step, [step, host]
    land: Array  # of those on the way home, [step]
    land_at_once: Array  # of those who set out for home in the step, [step]
    go: Array  # [step, group, host, phase]
    on: Array  # [step, group, host, phase]
    again: Array  # [step, group, 1, phase]
    call_back: Array  # [step, group, 1, phase]
    weight: Array  # log weights of destinations before newcomers, [step, group, host]
    passing: Array  # [step, phase]
    above: Array  # [step, phase, rule]


def write_record(world: World, rates: Rates, shares: Shares, trace: Any) -> Record:
    """Record of a run from its states (`trace` of the cohort engine) and shares."""
    state, weights = trace.state, trace.weights
    landed = state.road_back * shares.land[:, None, None]
    home_again = enter(state.back, HALF * landed)
    leaving_again, leaving_called = home_again * shares.again, home_again * shares.call_back
    again, called_back = leaving_again.sum((2, 3)), leaving_called.sum((2, 3))
    out = (trace.leave + again)[:, :, None] * weights
    arrive = state.road * shares.arrive[:, None, :] + out * shares.at_once[:, None, :]
    abroad = enter(state.host, HALF * arrive)
    go, on = abroad * shares.go, abroad * shares.on
    on_from = on.sum(-1)
    host = enter(state.host - go - on, arrive)
    going = by_rule(go.sum(2), shares.above)
    homeward = going - jnp.concatenate([going[..., 1:], jnp.zeros_like(going[..., :1])], -1)
    soon = homeward * shares.land_at_once[:, None, None]
    back = enter(state.back - leaving_again - leaving_called, landed + soon)
    abroad_by = by_rule(host, shares.above)
    exits = by_rule((go + on).sum(1), shares.above)
    since = by_rule(back, shares.above)
    open_to = on_from / jnp.maximum(1.0 - weights, 1e-12)
    onward = jnp.einsum("tgh,tgj->hj", open_to, weights)
    to = weights * (open_to.sum(-1, keepdims=True) - open_to)
    exposed = (world.who["exposure"] >= 0.5).astype(float)
    on_way = state.road.sum((1, 2)) - arrive.sum((1, 2)) + out.sum((1, 2)) + on_from.sum((1, 2))
    way_back = (state.road_back - landed + homeward - soon).sum((1, 2))
    return Record(
        leave=trace.leave,
        again=again,
        leave_to=out.sum(1),
        arrive=arrive.sum(1),
        arrive_on=to.sum(1),
        go_home=go.sum((1, 3)),
        go_on=on_from.sum(1),
        go_home_group=go.sum((2, 3)),
        exits=jnp.swapaxes(exits, 1, 2),
        onward=onward - jnp.diag(jnp.diagonal(onward)),
        abroad=jnp.swapaxes(abroad_by.sum(1), 1, 2),
        abroad_group=jnp.swapaxes(abroad_by.sum(2), 1, 2),
        on_the_way=on_way + way_back,
        returned=jnp.einsum("tgck,ck->tkg", since, LONG_ENOUGH),
        returned_once=jnp.einsum("tgca,ck->tk", back, LONG_ENOUGH),
        home=state.home - trace.leave - trace.call,
        called_up=jnp.cumsum(trace.call + called_back, 0),
        belief=rates.belief[:, :, 0],
        rumour=rates.rumour[:, :, 0],
        exposed_arrive=jnp.einsum("tgh,g->th", arrive, exposed),
        exposed_exit=jnp.einsum("tgha,g->th", go + on, exposed),
    )


def by_rule(cells: Array, above: Array) -> Array:
    """Persons of cells [step, ..., phase] who fulfil each residence rule; [step, ..., rule]."""
    flat = cells.reshape(cells.shape[0], -1, cells.shape[-1])
    return (flat @ above).reshape(*cells.shape[:-1], above.shape[-1])


def enter(cells: Array, arriving: Array) -> Array:
    """Cells [..., phase] with persons added to the first phase."""
    return jnp.concatenate([(cells[..., 0] + arriving)[..., None], cells[..., 1:]], -1)
