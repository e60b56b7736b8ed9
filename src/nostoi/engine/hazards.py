"""Rates: base(date) x exp(sum of pushes) x product of abilities, for a move and many cells.

Terms are grouped by the shape that they vary over, so that a term of the date alone is one
exponential per step and not one per cell. Bands of savings are averaged here: a cell feels the
mean of a rule over its bands, not the rule of its mean.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp

from nostoi.base.maths import exp
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

Array = Any


def factor(move: str, rules: tuple[Rule, ...], view: SimpleNamespace) -> Array:
    """exp(sum of pushes) x product of abilities of the given rules, [group, place, phase, time].

    Terms with five axes (band first) are combined per band and averaged with the view's
    `weights` [band, group, 1, 1, 1]. Axes along which nothing varies have length 1.
    """
    pushes: dict[tuple[int, ...], Array] = {}
    abilities: list[Array] = []
    for rule in rules_of(move, "push", rules):
        value = jnp.asarray(rule(view.who, view.at, view.now, view.p))
        pushes[value.shape] = pushes.get(value.shape, 0.0) + value
    for rule in rules_of(move, "able", rules):
        abilities.append(jnp.asarray(rule(view.who, view.at, view.now, view.p)))
    terms = [exp(total) for total in pushes.values()] + abilities
    plain: Array = jnp.ones((1, 1, 1, 1))
    banded: Array = None
    for term in terms:
        if term.ndim == 5:
            banded = term if banded is None else banded * term
        else:
            plain = plain * term
    if banded is None:
        return plain
    return plain * (banded * view.weights).sum(0)


def pull_sum(rules: tuple[Rule, ...], view: SimpleNamespace) -> Array:
    """Sum of the pulls (log weights) of the given rules; shape of the broadcast columns."""
    total: Array = 0.0
    for rule in rules_of("choose", "pull", rules):
        total = total + rule(view.who, view.at, view.now, view.p)
    return total


def shares_of_exit(rate: Array, dt: Array) -> Array:
    """Share of persons who make any of the competing moves within `dt` days, over the rate.

    Multiply by the rate of one move to get the share who make that one: competing moves share
    one draw, 1 - exp(-total dt), split in proportion to their rates.
    """
    return -jnp.expm1(-rate * dt) / jnp.maximum(rate, 1e-300)
