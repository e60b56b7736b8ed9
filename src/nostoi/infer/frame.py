"""Frame: unknowns of the observers that follow what the engine says.

The coverage of a register and the arrivals that it counts are known well only by their product.
In the plain unknowns that is a narrow valley which turns as it runs, and samplers creep along
it. In a frame each unknown of the observers is what its figures ask for, given the engine's
output, plus a remainder that is sampled instead:

    z_observer = x_observer + follow(engine unknowns)

`follow` takes a ridge-regression (Gauss-Newton) step from the anchor towards the observers'
unknowns that fit best, with the matrix of the anchor. The map is a shear: its Jacobian is 1, so
the density and its mode are what they were, and whatever `follow` is, the posterior is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Array = Any
STEP = 1e-4
T4_CURVATURE = 1.25
"""Curvature of minus the log density of a Student-t with 4 degrees of freedom at its middle."""


STEPS = 2
"""Steps of `follow`."""


class Frame(NamedTuple):
    """A shear of the observers' unknowns; passed to compiled code, never built into it.

    anchor: unknowns that the shear leaves in place, [dim]; gain: [observer unknown, row];
    ridge: pull of the prior, [observer unknown, observer unknown]; middle, width: published
    figure and scale of its residual on the row's scale, [row]; rest: what a step would still
    change at the anchor, [observer unknown].
    """

    anchor: Array
    gain: Array
    ridge: Array
    middle: Array
    width: Array
    rest: Array


def plain_frame(dim: int, observers: int, rows: int) -> Frame:
    """The frame that changes nothing."""
    gain, ridge = np.zeros((observers, rows)), np.zeros((observers, observers))
    return Frame(np.zeros(dim), gain, ridge, np.zeros(rows), np.ones(rows), np.zeros(observers))


def follow(frame: Frame, observers: int, centre: Callable[[Array], Array]) -> Array:
    """Change of the observers' unknowns [observer unknown] since the anchor.

    `centre`: observers' unknowns -> centre of every row [row], with the engine as it is now.
    """
    anchor = frame.anchor[len(frame.anchor) - observers :]
    own = anchor
    for _ in range(STEPS):
        residual = (frame.middle - centre(own)) / frame.width
        own = own + frame.gain @ residual - frame.ridge @ own - frame.rest
    return own - anchor


Look = Callable[[Array], tuple[Array, Array]]
"""Observers' unknowns [observer unknown] -> centre and scale of every row, each [row]."""


def frame_at(anchor: Array, observers: int, look: Look, low: Array, high: Array) -> Frame:
    """The frame anchored at the unknowns `anchor` [dim], the observers' ones last.

    Args:
        anchor: a point near the mode.
        observers: number of unknowns of the observers.
        look: what the observers expect with the engine as it is at the anchor.
        low: lower end of each published figure on its scale, [row].
        high: upper end, [row].
    """
    own = np.asarray(anchor)[-observers:] if observers else np.zeros(0)
    centre, scale = (np.asarray(part) for part in look(own))
    middle, half = (low + high) / 2.0, (high - low) / 2.0
    width = np.sqrt(scale**2 + half**2 / 3.0)
    slopes = np.empty((len(width), observers))
    for i in range(observers):
        move = np.zeros(observers)
        move[i] = STEP
        up, down = look(own + move)[0], look(own - move)[0]
        slopes[:, i] = (np.asarray(up) - np.asarray(down)) / (2.0 * STEP * width)
    weighted = T4_CURVATURE * slopes.T
    ridge = np.linalg.inv(np.eye(observers) + weighted @ slopes)
    gain = ridge @ weighted
    rest = gain @ ((middle - centre) / width) - ridge @ own
    return Frame(np.asarray(anchor), gain, ridge, middle, width, rest)


def load_frame(path: Path) -> Frame:
    """The frame that `whiten.save_whitening` kept in `map.npz`."""
    with np.load(path) as held:
        return Frame(*(held[f"frame_{name}"] for name in Frame._fields))
