"""Rates: base(date) x exp(sum of pushes) x product of abilities, for a move and many cells.

Terms are grouped by the shape that they vary over, so that a term of the date alone is one
exponential per step and not one per cell. Bands of savings are averaged here: a cell feels the
mean of a rule over its bands, not the rule of its mean.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.maths import exp
from nostoi.engine.bands import BANDED, mean_over_bands
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

Array = Any


def factor(move: str, rules: tuple[Rule, ...], view: SimpleNamespace) -> Array:
    """exp(sum of pushes) x product of abilities of the given rules, [group, place, phase, time].

    What rules that read savings say is computed per band, the leading axis of such columns, and
    averaged with the view's `weights` [band, group, 1, 1, 1]. Axes along which nothing varies have
    length 1.
    """
    of_move = rules_of(move, "push", rules) + rules_of(move, "able", rules)
    banded = tuple(rule for rule in of_move if "savings" in rule.columns("who"))
    if not banded or np.ndim(view.who.savings) != BANDED:
        return _product(of_move, view)
    plain = _product(tuple(rule for rule in of_move if rule not in banded), view)
    return mean_over_bands(lambda one: _product(banded, one), banded, view, plain)


def _product(rules: tuple[Rule, ...], view: SimpleNamespace) -> Array:
    """exp(sum of pushes) x product of abilities; pushes of one shape share an exponential."""
    pushes: dict[tuple[int, ...], Array] = {}
    found: Array = jnp.ones((1, 1, 1, 1))
    for rule in rules:
        value = jnp.asarray(rule(view.who, view.at, view.now, view.p))
        if rule.kind == "push":
            pushes[value.shape] = pushes.get(value.shape, 0.0) + value
        else:
            found = found * value
    for total in pushes.values():
        found = found * exp(total)
    return found


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
