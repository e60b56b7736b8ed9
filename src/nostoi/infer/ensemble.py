"""Ensemble Kalman inversion: from prior to posterior with nothing but runs of the model.

A cloud of parameters, drawn from the prior, is moved toward the data in a few tempered steps.
Each step takes the likelihood to a power; the powers add up to one. A step moves every member by
the linear regression of parameters on predictions within the cloud, toward data with fresh noise
(Iglesias, Law and Stuart 2013, doi 10.1088/0266-5611/29/4/045001). The powers are chosen by how
far the predictions still miss (Iglesias and Yang 2021, doi 10.1088/1361-6420/abd29b).

For a linear model with normal prior and noise the cloud is a sample of the exact posterior as it
grows. For others it is approximate. A small cloud is too sure of itself: chance correlations
among few members are taken for knowledge, and its spread shrinks below the posterior's. A
thousand members are a sound default for some tens of parameters; `tests/infer` shows both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nostoi.base.normals import normals

Floats = NDArray[np.float64]
Forward = Callable[[Floats], Floats]
"""The model: parameters [member, parameter] to predictions [member, datum]."""

MEMBERS = 1000
MOST_STEPS = 12


@dataclass(frozen=True)
class Cloud:
    """What an inversion found.

    Attributes:
        members: sample of the posterior [member, parameter].
        predicted: what the members predict for the data [member, datum].
        powers: power of the likelihood taken in each step; they add up to one.
        misfit: mean half sum of squared, scaled misses before each step and at the end.
    """

    members: Floats
    predicted: Floats
    powers: tuple[float, ...]
    misfit: tuple[float, ...]


def invert(
    forward: Forward,
    prior: ArrayLike,
    data: ArrayLike,
    noise: ArrayLike,
    seed: int = 0,
    most: int = MOST_STEPS,
) -> Cloud:
    """Moves a cloud of parameters from the prior to the posterior.

    Args:
        forward: the model, for the whole cloud at once.
        prior: draws from the prior [member, parameter].
        data: [datum]; without any, the prior is the answer.
        noise: standard deviations of the data [datum], above zero; errors are independent.
        seed: of the fresh noise; same seed, same bytes.
        most: at most so many steps; the last takes whatever power is left.

    Raises:
        ValueError: if shapes do not fit, there are fewer than two members, a standard deviation is
            not positive, or the model answers with something that is not a finite number.
    """
    cloud, y, sd = (np.asarray(x, float) for x in (prior, data, noise))
    _check(cloud, y, sd)
    left, powers, misfits = 1.0, [], []
    predicted = _run(forward, cloud, y)
    for step in range(most):
        misses = 0.5 * (((y - predicted) / sd) ** 2).sum(1)
        misfits.append(float(misses.mean()))
        if left <= 0.0 or not len(y):
            break
        power = left if step == most - 1 else min(left, _power(misses, len(y)))
        left = 0.0 if power >= left else left - power
        powers.append(power)
        fresh = normals(seed, "ensemble-inversion", len(cloud), len(y), step)
        cloud = _move(cloud, predicted, y, sd / np.sqrt(power), fresh)
        predicted = _run(forward, cloud, y)
    else:
        misfits.append(float((0.5 * (((y - predicted) / sd) ** 2).sum(1)).mean()))
    return Cloud(cloud, predicted, tuple(powers), tuple(misfits))


def _power(misses: Floats, data: int) -> float:
    """Power of the next step: small while the misfit is larger than noise alone would make it."""
    mean, spread = float(misses.mean()), float(misses.var())
    by_mean = data / (2.0 * mean) if mean > 0 else 1.0
    by_spread = np.sqrt(data / (2.0 * spread)) if spread > 0 else 1.0
    return float(max(by_mean, by_spread))


def _move(cloud: Floats, predicted: Floats, y: Floats, sd: Floats, fresh: Floats) -> Floats:
    """One step: regression of parameters on predictions, toward data with fresh noise."""
    count = len(cloud) - 1
    around, ahead = cloud - cloud.mean(0), predicted - predicted.mean(0)
    scaled = ahead / sd
    spread = scaled.T @ scaled / count + np.eye(len(y))
    gain = np.linalg.solve(spread, scaled.T @ around / count)
    return np.asarray(cloud + ((y - predicted) / sd + fresh) @ gain)


def _run(forward: Forward, cloud: Floats, y: Floats) -> Floats:
    """The model's predictions, checked."""
    predicted = np.asarray(forward(cloud), float)
    if predicted.shape != (len(cloud), len(y)):
        raise ValueError(f"the model gave {predicted.shape}, not {(len(cloud), len(y))}")
    if not np.isfinite(predicted).all():
        raise ValueError("the model gave something that is not a finite number")
    return predicted


def _check(cloud: Floats, y: Floats, sd: Floats) -> None:
    """Refuses clouds and data that cannot be used."""
    if cloud.ndim != 2 or len(cloud) < 2:
        raise ValueError("the prior must be [member, parameter] with two members or more")
    if y.ndim != 1 or sd.shape != y.shape:
        raise ValueError(f"data {y.shape} and noise {sd.shape} must both be [datum]")
    if np.any(~(sd > 0)):
        raise ValueError("standard deviations must be above zero")
