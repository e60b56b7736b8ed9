"""Scores of forecasts: how far a distribution lay from what came, and whether it was honest.

All of them are losses (small is good) in the unit of the figure, unless said otherwise. CRPS is
the continuous ranked probability score and WIS the weighted interval score: both reward a
distribution that is narrow and right, and both are the absolute error when the forecast is one
number (Gneiting and Raftery 2007, doi 10.1198/016214506000001437; Bracher, Ray, Gneiting and
Reich 2021, doi 10.1371/journal.pcbi.1008618).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HUB = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)
"""The 23 levels that forecast hubs ask for."""


def crps_of_ensemble(members: ArrayLike, came: ArrayLike, fair: bool = False) -> Floats:
    """CRPS of an ensemble [member, ...] for what came [...].

    Args:
        members: equally likely values.
        came: the figure itself; its shape is that of one member.
        fair: as if the members were a sample of a distribution that is to be judged; unbiased
            for it, so that small ensembles are not punished for being small.

    Raises:
        ValueError: if the shapes do not fit, or a fair score is asked of one member.
    """
    x, y = np.sort(np.asarray(members, float), axis=0), np.asarray(came, float)
    count = len(x)
    if x.shape[1:] != y.shape:
        raise ValueError(f"members {x.shape} do not fit what came {y.shape}")
    if fair and count < 2:
        raise ValueError("a fair score needs two members")
    rank = (2.0 * np.arange(1, count + 1) - count - 1).reshape(-1, *([1] * y.ndim))
    pairs = (rank * x).sum(0)  # sum of |x_i - x_j| over pairs i < j
    apart = pairs / (count * (count - 1) if fair else count**2)
    return np.asarray(np.abs(x - y).mean(0) - apart)


def crps_of_quantiles(levels: ArrayLike, values: ArrayLike, came: ArrayLike) -> Floats:
    """CRPS of the distribution whose quantiles are linear between the given ones.

    Nothing lies beyond the outermost quantiles: the mass outside sits on them.

    Args:
        levels: rising numbers in 0..1 [level].
        values: quantiles [level, ...], never falling with the level.
        came: [...].

    Raises:
        ValueError: if levels or values fall, or shapes do not fit.
    """
    p, q, y = _quantiles(levels, values, came)
    ends = (-1, *([1] * y.ndim))
    p = np.concatenate([[0.0], p, [1.0]])
    q = np.concatenate([q[:1], q, q[-1:]])
    low, high = p[:-1].reshape(ends), p[1:].reshape(ends)
    rise = q[1:] - q[:-1]
    with np.errstate(over="ignore"):  # far beyond a tiny rise is beyond it
        inside = np.clip((y - q[:-1]) / np.where(rise > 0, rise, 1.0), 0.0, 1.0)
    cut = np.where(rise > 0, inside, np.where(q[:-1] >= y, 0.0, 1.0))
    at = q[:-1] + cut * rise
    middle = low + cut * (high - low)
    below = _pinball_between(low, middle, q[:-1], at, y, False)
    above = _pinball_between(middle, high, at, q[1:], y, True)
    return np.asarray(2.0 * (below + above).sum(0))


def wis(levels: ArrayLike, values: ArrayLike, came: ArrayLike) -> Floats:
    """Weighted interval score of quantiles [level, ...] for what came [...].

    With the median and K central intervals it is the sum of their interval scores, weighted with
    half their nominal miss, and half the error of the median, over K + 1/2; which is twice the
    mean of the quantile losses, the form used here.

    Raises:
        ValueError: if the levels are not symmetric about a median, or shapes do not fit.
    """
    p, q, y = _quantiles(levels, values, came)
    if len(p) % 2 == 0 or not np.allclose(p + p[::-1], 1.0):
        raise ValueError("levels must be symmetric about 0.5 and hold it")
    column = p.reshape(-1, *([1] * y.ndim))
    return np.asarray(2.0 * ((np.where(y <= q, 1.0, 0.0) - column) * (q - y)).mean(0))


def wis_of_logs(levels: ArrayLike, values: ArrayLike, came: ArrayLike) -> Floats:
    """WIS of log(1 + count): errors as growth rates, so that a small camp weighs as a large one.

    Raises:
        ValueError: as `wis`, or if a count is negative.
    """
    if np.any(np.asarray(values) < 0) or np.any(np.asarray(came) < 0):
        raise ValueError("counts are not negative")
    return wis(levels, np.log1p(np.asarray(values, float)), np.log1p(np.asarray(came, float)))


def covered(low: ArrayLike, high: ArrayLike, came: ArrayLike) -> float:
    """Share of what came that lay in its interval, ends included."""
    y = np.asarray(came, float)
    return float(np.mean((np.asarray(low) <= y) & (y <= np.asarray(high))))


def bias(members: ArrayLike, came: ArrayLike) -> Floats:
    """Share of the ensemble above what came less the share below it: -1 to 1, 0 is best."""
    x, y = np.asarray(members, float), np.asarray(came, float)
    return np.asarray((x > y).mean(0) - (x < y).mean(0))


def bias_of_quantiles(levels: ArrayLike, values: ArrayLike, came: ArrayLike) -> Floats:
    """`bias` of a distribution known by quantiles [level, ...]: 1 - 2 x the level of what came.

    The level of what came is that of the quantiles around it, their mean where several fit; a
    figure beyond all of them counts as fully missed.

    Raises:
        ValueError: as `crps_of_quantiles`.
    """
    p, q, y = _quantiles(levels, values, came)
    column = p.reshape(-1, *([1] * y.ndim))
    below = np.where(q <= y, column, 0.0).max(0)
    above = np.where(q >= y, column, 1.0).min(0)
    level = np.where(y < q[0], 0.0, np.where(y > q[-1], 1.0, (below + above) / 2.0))
    return np.asarray(1.0 - 2.0 * level)


def ard(simulated: ArrayLike, data: ArrayLike) -> float:
    """Averaged relative difference of camp counts [day, camp].

    The mean over days of the summed absolute errors over the summed data (Suleimenova, Bell and
    Groen 2017, doi 10.1038/s41598-017-13828-9). Days on which the data hold nobody say nothing
    and are left out.

    Raises:
        ValueError: if shapes differ or no day holds anybody.
    """
    a, b = _days(simulated, data)
    total = b.sum(1)
    return float((np.abs(a - b).sum(1) / total).mean())


def rescaled_ard(simulated: ArrayLike, data: ArrayLike) -> float:
    """`ard` after each day's simulated counts were scaled to the true total: errors of shares.

    A day on which the simulation holds nobody is not scaled and counts as a full error.

    Raises:
        ValueError: if shapes differ or no day holds anybody.
    """
    a, b = _days(simulated, data)
    held = a.sum(1, keepdims=True)
    return ard(a * np.where(held > 0, b.sum(1, keepdims=True) / np.maximum(held, 1e-300), 1.0), b)


def _days(simulated: ArrayLike, data: ArrayLike) -> tuple[Floats, Floats]:
    """Both tables on the days that hold somebody."""
    a, b = np.asarray(simulated, float), np.asarray(data, float)
    if a.shape != b.shape or a.ndim != 2:
        raise ValueError(f"simulated {a.shape} and data {b.shape} must both be [day, camp]")
    there = b.sum(1) > 0
    if not there.any():
        raise ValueError("the data hold nobody on any day")
    return a[there], b[there]


def _quantiles(
    levels: ArrayLike, values: ArrayLike, came: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Levels, quantiles and figures, checked."""
    p, q, y = np.asarray(levels, float), np.asarray(values, float), np.asarray(came, float)
    if p.ndim != 1 or q.shape != (len(p), *y.shape):
        raise ValueError(f"quantiles {q.shape} do not fit levels {p.shape} and figures {y.shape}")
    if np.any(np.diff(p) <= 0) or p[0] < 0 or p[-1] > 1:
        raise ValueError("levels must rise within 0..1")
    if np.any(np.diff(q, axis=0) < 0):
        raise ValueError("quantiles must not fall with the level")
    return p, q, y


def _pinball_between(
    low: Floats, high: Floats, first: Floats, last: Floats, y: Floats, over: bool
) -> Floats:
    """Integral of the quantile loss over levels low..high while quantiles run first..last.

    Simpson's rule is exact: the loss is the product of two linear functions of the level.
    """
    step = 1.0 if over else 0.0
    middle, half = (low + high) / 2.0, (first + last) / 2.0
    ends = (step - low) * (first - y) + (step - high) * (last - y)
    return np.asarray((high - low) * (ends + 4.0 * (step - middle) * (half - y)) / 6.0)
