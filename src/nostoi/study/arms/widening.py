"""How much wider intervals of the sum of camps must be than the flow model says.

Errors of camps have more in common than the model knows: arrivals to all of them rise and fall
together, and a trend that is wrong is wrong everywhere, the longer the more. How much is learned
on other conflicts: the factor by which the distance from the median to the 10 % and the 90 %
quantile must grow for one figure in ten to lie beyond each, conflicts counting alike.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import HUB

Floats = NDArray[np.float64]

FILE = "widening.csv"
BEYOND = 0.1


@dataclass(frozen=True)
class Widening:
    """Factors on the distance from the median, below and above it, for each horizon; at least 1."""

    below: tuple[float, ...]
    above: tuple[float, ...]


@cache
def shipped_widening() -> Widening:
    """The factors learned on all public cases, for a case that is none of them."""
    text = files("nostoi.study.arms").joinpath(FILE).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    below, above = (tuple(float(row[side]) for row in rows) for side in ("below", "above"))
    return Widening(below, above)


def widened(quantiles: Floats, widening: Widening) -> Floats:
    """Quantiles of the sum at the levels of `HUB` [horizon, level], farther from the median.

    Nothing falls below 0, and the order of the levels stays.
    """
    middle = quantiles[:, HUB.index(0.5), None]
    off = quantiles - middle
    below, above = (np.array(side)[:, None] for side in (widening.below, widening.above))
    return np.maximum(middle + np.where(off < 0, below, above) * off, 0.0)


def distance(quantiles: Floats, came: float) -> float:
    """How far a figure lay from the median in distances to the 10 or 90 % quantile, with a sign.

    Args:
        quantiles: at the levels of `HUB` [level].
        came: the figure.
    """
    low, middle, high = (float(quantiles[HUB.index(p)]) for p in (BEYOND, 0.5, 1 - BEYOND))
    side = high - middle if came > middle else middle - low
    return float((came - middle) / max(side, 1.0))


def learn_widening(distances: Sequence[Mapping[int, Sequence[float]]]) -> Widening:
    """Factors at which one figure in ten lies beyond either side, conflicts counting alike.

    Args:
        distances: for each conflict, horizon -> signed distances; the same horizons in all.
    """
    horizons = sorted(distances[0])
    below, above = [], []
    for horizon in horizons:
        values = np.concatenate([np.asarray(one[horizon], float) for one in distances])
        weight = np.concatenate([np.full(len(one[horizon]), 1.0 / max(len(one[horizon]), 1))
                                 for one in distances])  # fmt: skip
        below.append(max(_upper(-values, weight), 1.0))
        above.append(max(_upper(values, weight), 1.0))
    return Widening(tuple(below), tuple(above))


def _upper(values: Floats, weight: Floats) -> float:
    """The value that a tenth of the weight lies beyond."""
    order = np.argsort(values)
    share = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][np.searchsorted(share, 1.0 - BEYOND - 1e-12)])
