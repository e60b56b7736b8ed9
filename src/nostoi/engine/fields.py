"""Fields: what one person may know of the others, by place and group.

Rumours (Maki-Thompson with forgetting) and beliefs move before anybody decides. Both engines
read the same fields. Days are exact for constant rates within a day, so shares stay in 0..1.
Rumours grow and tire within days: whatever the steps of the clock, fields go day by day, and a step
holds the mean of its days.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.recursion import run_linear
from nostoi.base.sums import sums
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

Array = Any
COLUMNS = ("rumour_seed", "rumour_hear", "rumour_stop", "rumour_forget")


def drift_sum(rules: tuple[Rule, ...], column: str, who: Any, at: Any, now: Any, p: Any) -> Array:
    """Sum of all drifts of one column (per day); 0 where no rule drives it."""
    total: Array = 0.0
    for rule in rules_of(column, "drift", rules):
        total = total + rule(who, at, now, p)
    return total


def rumour_step(rates: dict[str, Array], ignorant: Array, spreading: Array, dt: Array) -> Any:
    """New (ignorant, spreading) after `dt` days; shares, any shape.

    `rates` holds seed, hear, stop and forget per day. Each exit is exponential within the step.
    """
    heard = ignorant * -jnp.expm1(-(rates["hear"] + rates["seed"]) * dt)
    stopped = spreading * -jnp.expm1(-rates["stop"] * dt)
    silent = 1.0 - ignorant - spreading
    fresh = silent * -jnp.expm1(-rates["forget"] * dt)
    tired = spreading * jnp.exp(-rates["stop"] * dt) * -jnp.expm1(-rates["forget"] * dt)
    return ignorant - heard + fresh, spreading + heard - stopped - tired


def run_fields(
    rules: tuple[Rule, ...],
    view: SimpleNamespace,
    now: dict[str, Array],
    lengths: Any,
    shape: tuple[int, ...],
) -> tuple[Array, Array]:
    """Belief and rumour (share who talk), means over the evenings of a step; each [step, *shape].

    Args:
        rules: rules switched on.
        view: namespace with who, at and p; their columns broadcast to `shape`.
        now: columns of the date, each [step]; they hold for every day of the step.
        lengths: of the steps, whole days, [step].
        shape: (group, place) with the origin first.
    """
    days = np.asarray(lengths, int)
    step = np.repeat(np.arange(len(days)), days)
    xs = {name: value[step] for name, value in now.items()}
    rumour = _talk(rules, view, xs, shape)
    belief = run_belief(rules, view, xs, rumour)
    if len(step) == len(days):
        return belief, rumour
    share = (step == np.arange(len(days))[:, None]) / days[:, None]
    return _means(share, belief), _means(share, rumour)


def _means(share: Floats, fields: Array) -> Array:
    """Means of fields [day, ...] with the shares [step, day] of each step; [step, ...]."""
    n = int(np.prod(fields.shape[1:]))
    places = np.arange(n)[:, None] + n * np.arange(len(fields))
    every = np.tile(places, (len(share), 1))
    found = sums(np.repeat(share, n, 0), every, fields.size).of(fields.reshape(-1))
    return found.reshape(len(share), *fields.shape[1:])


def run_belief(
    rules: tuple[Rule, ...], view: SimpleNamespace, xs: dict[str, Array], rumour: Array
) -> Array:
    """Belief in the evening of each day under given rumours; both [day, group, place].

    Belief drifts read rumours and dates but not the belief itself, so that each day is a step of
    one linear recursion. `xs` holds the columns of the date, each [day].
    """
    now = SimpleNamespace(**{name: value[:, None, None] for name, value in xs.items()})
    who = SimpleNamespace(**vars(view.who), rumour=rumour)

    def rate(column: str) -> Array:
        return drift_sum(rules, column, who, view.at, now, view.p)

    up, down, floor = rate("belief_up"), rate("belief_down"), rate("belief_floor")
    speed = up + down + 1e-9
    keep = jnp.exp(-speed)
    pulled = (up + down * floor) / speed * (1.0 - keep)
    whole = rumour.shape
    start = view.p.floor_before * jnp.ones(whole[1:])
    return run_linear(jnp.broadcast_to(keep, whole), jnp.broadcast_to(pulled, whole), start)


def _talk(
    rules: tuple[Rule, ...], view: SimpleNamespace, xs: dict[str, Array], shape: tuple[int, ...]
) -> Array:
    """Share who talk, [day, *shape]; worked out at once where no unknown says how they spread.

    Compiled code would go through the days at every call, although they are the same each time.
    """
    read: list[Any] = list(xs.values())
    for rule in (rule for column in COLUMNS for rule in rules_of(column, "drift", rules)):
        for owner in ("who", "at", "p"):
            held = vars(getattr(view, owner))
            read += [held[name] for name in rule.columns(owner) if name in held]
    if any(isinstance(value, jax.core.Tracer) for value in read):
        return _run_rumour(rules, view, xs, shape)
    with jax.ensure_compile_time_eval():
        return _run_rumour(rules, view, xs, shape)


def _run_rumour(
    rules: tuple[Rule, ...], view: SimpleNamespace, xs: dict[str, Array], shape: tuple[int, ...]
) -> Array:
    """Share who talk in the evening of each day, [day, *shape]."""

    def step(state: Any, x: dict[str, Array]) -> Any:
        ignorant, spreading = state
        now = SimpleNamespace(**x)
        who = SimpleNamespace(**vars(view.who), ignorant=ignorant, spreading=spreading)
        rates = {
            name.removeprefix("rumour_"): drift_sum(rules, name, who, view.at, now, view.p)
            for name in COLUMNS
        }
        new = rumour_step(rates, ignorant, spreading, 1.0)
        return new, new[1]

    _, rumour = jax.lax.scan(step, (jnp.ones(shape), jnp.zeros(shape)), xs)
    return rumour
