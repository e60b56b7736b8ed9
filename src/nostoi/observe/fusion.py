"""One set of stocks behind several biased counts: undercount, publisher bias, and a theory.

Two publishers count the same migrants. Neither is right: a survey misses some, an advertising
platform sees only its users and changes its method. The model of Rampazzo et al. (2021,
*Demography* 58:2193-2218), in the tradition of the integrated modelling of European migration
(Raymer et al. 2013), puts it like this, in logarithms and for every row (say, origin and year):

    log stock = design @ coefficients + Normal(0, 1 / theory precision)
    log count = log stock + shared bias + own bias + Normal(0, 1 / publisher precision)

Shared and own biases and coefficients have normal priors, precisions Gamma priors. Given the
precisions all is normal, so `fuse` draws from the posterior exactly in turns (Gibbs sampling).
Counts above a few hundred are taken as log-normal with the Poisson variance 1 / count added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Precision:
    """Gamma prior of one over an error variance (of logarithms)."""

    shape: float
    rate: float


@dataclass(frozen=True)
class Publisher:
    """Counts by one publisher, and what is thought of their bias beforehand.

    Biases are on the log scale: -0.1 says that about a tenth is missed.
    """

    counts: Array  # persons [row]; NaN where nothing was published
    own_mean: Array  # [row]
    own_sd: Array  # [row]
    precision: Precision
    shared_mean: float = 0.0
    shared_sd: float = 0.0


@dataclass(frozen=True)
class Theory:
    """What is expected of the stocks before any count is seen."""

    design: Array  # [row, coefficient]
    sd: Array  # prior standard deviation [coefficient], about 0
    precision: Precision


@dataclass(frozen=True)
class Fused:
    """Draws from the posterior."""

    stocks: Array  # persons [draw, row]
    coefficients: Array  # [draw, coefficient]
    shared_bias: Array  # log [draw, publisher]


@dataclass(frozen=True)
class _Layout:
    """The normal part as one linear model: data = watch @ state + error."""

    data: Array  # log counts less expected biases [datum]
    watch: Array  # [datum, state]; the state is stocks, coefficients, shared biases
    own_variance: Array  # variance of own bias and of counting [datum]
    publisher: NDArray[np.int64]  # [datum]
    prior_precision: Array  # of the coefficients and shared biases [state - row]


def fuse(
    publishers: tuple[Publisher, ...], theory: Theory, draws: int, seed: int, burn: int = 500
) -> Fused:
    """Posterior of the stocks, coefficients and shared biases.

    Raises ValueError when the publishers and the design do not have the same rows, or a count is
    not positive.
    """
    rows, width = theory.design.shape
    layout = _layout(publishers, theory)
    random = np.random.default_rng(seed)
    priors = [theory.precision, *(p.precision for p in publishers)]
    precisions = np.array([p.shape / p.rate for p in priors])
    kept = np.empty((draws, layout.watch.shape[1]))
    for k in range(-burn, draws):
        state = _draw_state(layout, theory, precisions, random)
        precisions = _draw_precisions(layout, theory, priors, (precisions, state), random)
        if k >= 0:
            kept[k] = state
    return Fused(
        stocks=np.exp(kept[:, :rows]),
        coefficients=kept[:, rows : rows + width],
        shared_bias=kept[:, rows + width :] + [p.shared_mean for p in publishers],
    )


def _layout(publishers: tuple[Publisher, ...], theory: Theory) -> _Layout:
    """Stack what was published into one vector of data."""
    rows, width = theory.design.shape
    data, watch, variance, owner = [], [], [], []
    for k, publisher in enumerate(publishers):
        if publisher.counts.shape != (rows,):
            raise ValueError(f"{publisher.counts.shape[0]} counts for {rows} rows of the design")
        there = np.flatnonzero(~np.isnan(publisher.counts))
        counts = publisher.counts[there]
        if (counts <= 0).any():
            raise ValueError("a count is not positive, so it has no logarithm")
        block = np.zeros((there.size, rows + width + len(publishers)))
        block[np.arange(there.size), there] = 1.0
        block[:, rows + width + k] = 1.0
        data.append(np.log(counts) - publisher.own_mean[there] - publisher.shared_mean)
        watch.append(block)
        variance.append(publisher.own_sd[there] ** 2 + 1.0 / counts)
        owner.append(np.full(there.size, k))
    # A shared bias without a spread is pinned by a very high precision.
    shared = np.array([1.0 / max(p.shared_sd, 1e-6) ** 2 for p in publishers])
    return _Layout(
        np.concatenate(data),
        np.concatenate(watch),
        np.concatenate(variance),
        np.concatenate(owner),
        np.concatenate([theory.sd**-2.0, shared]),
    )


def _draw_state(
    layout: _Layout, theory: Theory, precisions: Array, random: np.random.Generator
) -> Array:
    """Stocks, coefficients and shared biases, given the precisions: one normal vector."""
    rows, width = theory.design.shape
    weight = 1.0 / (layout.own_variance + 1.0 / precisions[1:][layout.publisher])
    precision = layout.watch.T @ (weight[:, None] * layout.watch)
    precision[rows:, rows:] += np.diag(layout.prior_precision)
    stocks, slopes = slice(0, rows), slice(rows, rows + width)
    precision[stocks, stocks] += precisions[0] * np.eye(rows)
    precision[stocks, slopes] -= precisions[0] * theory.design
    precision[slopes, stocks] -= precisions[0] * theory.design.T
    precision[slopes, slopes] += precisions[0] * theory.design.T @ theory.design
    root = np.linalg.cholesky(precision)
    pull = np.linalg.solve(root, layout.watch.T @ (weight * layout.data))
    state: Array = np.linalg.solve(root.T, pull + random.standard_normal(pull.size))
    return state


def _draw_precisions(
    layout: _Layout,
    theory: Theory,
    priors: list[Precision],
    last: tuple[Array, Array],
    random: np.random.Generator,
) -> Array:
    """Precisions of the theory and of each publisher, given the state."""
    precisions, state = last
    rows, width = theory.design.shape
    deviation = layout.data - layout.watch @ state
    error = 1.0 / precisions[1:][layout.publisher]
    # What of a deviation is own bias and what is error is unknown: draw the split.
    share = error / (error + layout.own_variance)
    split_sd = np.sqrt(share * layout.own_variance)
    errors = share * deviation + split_sd * random.standard_normal(deviation.size)
    misfit = state[:rows] - theory.design @ state[rows : rows + width]
    residuals = [misfit, *(errors[layout.publisher == k] for k in range(len(priors) - 1))]
    return np.array(
        [
            random.gamma(prior.shape + r.size / 2.0) / (prior.rate + float(r @ r) / 2.0)
            for prior, r in zip(priors, residuals, strict=True)
        ]
    )
