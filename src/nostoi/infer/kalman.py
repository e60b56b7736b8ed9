"""Kalman filter and smoother for small linear models: the oracle of the linear limit.

When all hazards are small and constant, and errors are normal, our model of stocks is linear, and
this file gives its likelihood exactly. Tests hold the samplers against it. It is plain NumPy,
written to be read beside Durbin and Koopman (2012, *Time Series Analysis by State Space Methods*).

    y[t] = watch @ state[t] + noise,          noise ~ Normal(0, noise_cov)
    state[t+1] = step @ state[t] + shock,     shock ~ Normal(0, shock_cov)

A missing observation is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Linear:
    """A linear normal state-space model whose matrices do not change in time."""

    step: Array  # [state, state]
    watch: Array  # [series, state]
    shock_cov: Array  # [state, state]
    noise_cov: Array  # [series, series]
    mean: Array  # [state], before the first observation
    cov: Array  # [state, state], before the first observation


@dataclass(frozen=True)
class Filtered:
    """What the observations up to each date say."""

    loglik: float
    terms: Array  # [time], log-likelihood of each date given those before
    expected: Array  # [time, state], before the date's observation
    expected_cov: Array  # [time, state, state]
    mean: Array  # [time, state], after it
    cov: Array  # [time, state, state]


def kalman_filter(model: Linear, observed: ArrayLike) -> Filtered:
    """Run through the observations [time, series] once.

    Raises ValueError when the observations have another number of series than the model.
    """
    values = np.asarray(observed, float)
    if values.ndim != 2 or values.shape[1] != model.watch.shape[0]:
        raise ValueError(f"observations of shape {values.shape} do not fit the model's series")
    mean, cov = model.mean, model.cov
    rows: list[tuple[float, Array, Array, Array, Array]] = []
    for row in values:
        term, now, now_cov = _update(model, mean, cov, row)
        rows.append((term, mean, cov, now, now_cov))
        mean = model.step @ now
        cov = model.step @ now_cov @ model.step.T + model.shock_cov
    terms, *parts = (np.array(part) for part in zip(*rows, strict=True))
    return Filtered(float(terms.sum()), terms, *parts)


def kalman_smooth(model: Linear, observed: ArrayLike) -> tuple[Array, Array]:
    """What all observations say about each date: mean [time, state], cov [time, state, state]."""
    seen = kalman_filter(model, observed)
    mean, cov = seen.mean.copy(), seen.cov.copy()
    for t in range(len(mean) - 2, -1, -1):
        # Solved rather than inverted: the expected covariance may be nearly singular.
        gain = np.linalg.solve(seen.expected_cov[t + 1], model.step @ seen.cov[t]).T
        mean[t] += gain @ (mean[t + 1] - seen.expected[t + 1])
        cov[t] += gain @ (cov[t + 1] - seen.expected_cov[t + 1]) @ gain.T
    return mean, cov


def local_level(noise: float, drift: float, first: float, wide: float | None = None) -> Linear:
    """A level that wanders: variances of its observation (`noise`) and of its step (`drift`).

    Nothing is known of the level before `first`, the first observation. Exactly diffuse by
    default: the level then starts at `first` with the variance `noise`, and only the later
    observations belong into the filter (their likelihood is the diffuse one). With `wide` the
    start is the approximation Normal(0, wide), and all observations belong into it.
    """
    one = np.ones((1, 1))
    mean, cov = (first, noise + drift) if wide is None else (0.0, wide)
    return Linear(one, one, one * drift, one * noise, np.array([mean]), one * cov)


def _update(model: Linear, mean: Array, cov: Array, row: Array) -> tuple[float, Array, Array]:
    """Bayes for one date: log-likelihood of what is there, and the state after it."""
    there = ~np.isnan(row)
    if not there.any():
        return 0.0, mean, cov
    watch = model.watch[there]
    surprise = row[there] - watch @ mean
    spread = watch @ cov @ watch.T + model.noise_cov[np.ix_(there, there)]
    gain = np.linalg.solve(spread, watch @ cov).T
    _, logdet = np.linalg.slogdet(spread)
    misfit = float(surprise @ np.linalg.solve(spread, surprise))
    term = -0.5 * (there.sum() * log(2.0 * pi) + float(logdet) + misfit)
    return float(term), mean + gain @ surprise, cov - gain @ spread @ gain.T
