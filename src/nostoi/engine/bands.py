"""Means of rules over bands of savings: a cell feels the mean of a rule, not that of its mean."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.tilted import mean_exp
from nostoi.rules.card import Rule

Array = Any
Product = Callable[[SimpleNamespace], Array]
"""exp(sum of pushes) x product of abilities in a view."""

BANDED = 5
"""Axes of a column that differs by band of savings."""

UNROLLED = 8
"""Bands up to which each is computed by itself: XLA takes twice as long to sum along an axis."""


def mean_over_bands(
    product: Product, rules: tuple[Rule, ...], view: SimpleNamespace, plain: Array
) -> Array:
    """`plain` x mean of the `product` of rules with the view's `weights`; axes of a view.

    Most such rules are a push of one unknown times what is known of a cell. A gradient asks for
    these exponentials more often than for all others together.
    """
    names = _read(rules, "p")
    pushes = all(rule.kind == "push" for rule in rules)
    known = push_of_one(rules, view, names[0]) if pushes and len(names) == 1 else None
    if known is None:
        return plain * _mean(product, view)
    return _tilted(known, view, names[0], plain)


def push_of_one(rules: tuple[Rule, ...], view: SimpleNamespace, name: str) -> Floats | None:
    """What the sum of pushes holds beside the parameter that it is proportional to.

    [band, group, place, phase, time]; None where it is not proportional to it, or where something
    else that the rules read is not known.
    """
    seen = {
        owner: {column: getattr(getattr(view, owner), column) for column in _read(rules, owner)}
        for owner in ("who", "at", "now")
    }
    columns = [column for own in seen.values() for column in own.values()]
    if np.ndim(getattr(view.p, name)) or any(isinstance(c, jax.core.Tracer) for c in columns):
        return None
    who, at, now = (SimpleNamespace(**own) for own in seen.values())

    def push(strength: float) -> Floats:
        p = SimpleNamespace(**{name: np.array([strength])})  # an array: bad values become NaN
        return np.asarray(sum(rule(who, at, now, p) for rule in rules), np.float64)

    with np.errstate(all="ignore"):
        whole, none, back = push(1.0), push(0.0), push(-3.0)
        fits = not none.any() and np.allclose(back, -3.0 * whole, rtol=1e-12, atol=0.0)
    return whole if fits and whole.ndim == BANDED else None


def _read(rules: tuple[Rule, ...], owner: str) -> list[str]:
    """Names that some rules read of an owner, each once."""
    return sorted({name for rule in rules for name in rule.columns(owner)})


def _tilted(known: Floats, view: SimpleNamespace, name: str, plain: Array) -> Array:
    """`plain` x mean of exp(parameter x known); worked out with groups and places last."""
    weights = view.weights[:, :, 0, 0, 0]
    bands, groups, places, phases, times = known.shape
    groups = max(groups, weights.shape[1])
    cells = (groups, places, phases, times)
    inside = np.broadcast_shapes(plain.shape, cells) == cells
    factor = plain if inside else jnp.ones((1, 1, 1, 1))
    found = mean_exp(
        getattr(view.p, name),
        _cells(np.broadcast_to(known, (bands, *cells))).reshape(bands, phases * times, -1),
        jnp.repeat(jnp.broadcast_to(weights, (bands, groups)), places, axis=1),
        _cells(jnp.broadcast_to(factor, (len(factor), *cells[1:]))).reshape(phases * times, -1),
    )
    mean = jnp.moveaxis(found.reshape(times, phases, groups, places), (0, 1), (3, 2))
    return mean if inside else plain * mean


def _cells(column: Array) -> Array:
    """A column [..., group, place, phase, time] as [..., time, phase, group, place]."""
    moved: Array = (np if isinstance(column, np.ndarray) else jnp).moveaxis(
        column, (-4, -3, -2, -1), (-2, -1, -3, -4)
    )
    return moved


def _mean(product: Product, view: SimpleNamespace) -> Array:
    """The mean of any product."""
    bands, columns = len(view.who.savings), vars(view.who).items()
    if bands > UNROLLED:
        return (product(view) * view.weights).sum(0)
    mean: Array = 0.0
    for band in range(bands):
        own = {name: col[band] if np.ndim(col) == BANDED else col for name, col in columns}
        one = SimpleNamespace(**(vars(view) | {"who": SimpleNamespace(**own)}))
        mean = mean + product(one) * view.weights[min(band, len(view.weights) - 1)]
    return mean
