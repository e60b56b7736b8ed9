"""The arithmetic of convergence, for blocks of variables [variable, chain, draw].

Used through `diagnostics`. Every variable in a block is finite and not constant.
"""

from __future__ import annotations

import numpy as np
from scipy import fft, special

from nostoi.infer.gradient import FloatArray


def halves(x: FloatArray) -> FloatArray:
    """Each chain cut into its first and second half (a middle draw is left out)."""
    half = x.shape[2] // 2
    return np.concatenate([x[:, :, :half], x[:, :, x.shape[2] - half :]], axis=1)


def normal_ranks(x: FloatArray) -> FloatArray:
    """Normal scores of the ranks over all chains of a variable; ties share their mean rank."""
    flat = x.reshape(x.shape[0], -1)
    n = flat.shape[1]
    order = np.argsort(flat, axis=1)
    ordered = np.take_along_axis(flat, order, axis=1)
    place = np.arange(n, dtype=np.int32)
    fresh = np.ones(flat.shape, dtype=bool)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(fresh, place, 0), axis=1)
    final = np.ones(flat.shape, dtype=bool)
    final[:, :-1] = fresh[:, 1:]
    last = np.where(final, place, n - 1)
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    scores = special.ndtri((0.5 * np.arange(2 * n - 1) + 1.0 - 0.375) / (n + 0.25))
    ranks = np.empty_like(flat)
    np.put_along_axis(ranks, order, scores[first + last], axis=1)
    return ranks.reshape(x.shape)


def between_and_within(x: FloatArray) -> FloatArray:
    """Classic R-hat, [variable]; infinite when every chain stands still."""
    n = x.shape[2]
    within = x.var(axis=2, ddof=1).mean(axis=1)
    between = x.mean(axis=2).var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt((between + (n - 1) / n * within) / within))


def split_rhat(split: FloatArray, scores: FloatArray) -> FloatArray:
    """Larger of bulk and folded R-hat, [variable]; `scores` are the split's normal ranks."""
    middle = np.median(split.reshape(split.shape[0], -1), axis=1)
    folded = np.abs(split - middle[:, None, None])
    return np.fmax(between_and_within(scores), between_and_within(normal_ranks(folded)))


def effective(split: FloatArray) -> FloatArray:
    """Effective number of draws for the mean of `split`, [variable]; nan where constant."""
    chains, n = split.shape[1:]
    covariance = _autocovariance(split)
    within = covariance[:, 0] * n / (n - 1)
    total = covariance[:, 0] + split.mean(axis=2).var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = 1.0 - (within[:, None] - covariance) / total[:, None]
    rho[:, 0] = 1.0
    tau = np.maximum(_geyer(rho), 1.0 / np.log10(chains * n))
    return np.asarray(np.where(total > 0, chains * n / tau, np.nan))


def tail_effective(x: FloatArray) -> FloatArray:
    """Smaller effective number of draws of the 5 % and 95 % quantiles, [variable]."""
    flat = x.reshape(x.shape[0], -1)
    low, high = np.quantile(flat, [0.05, 0.95], axis=1)
    sizes = [effective(halves((x <= cut[:, None, None]).astype(np.float64))) for cut in (low, high)]
    return np.asarray(np.fmin(*sizes))


def _autocovariance(x: FloatArray) -> FloatArray:
    """Autocovariance [variable, lag], divided by n at every lag, mean over chains."""
    n = x.shape[2]
    centred = x - x.mean(axis=2, keepdims=True)
    wave = fft.rfft(centred, fft.next_fast_len(2 * n, real=True), axis=2)
    power = (wave.real**2 + wave.imag**2).mean(axis=1)
    turned = fft.irfft(power, fft.next_fast_len(2 * n, real=True), axis=1)
    return np.asarray(turned[:, :n] / n)


def _geyer(rho: FloatArray) -> FloatArray:
    """Autocorrelation time from autocorrelations [variable, lag].

    Pairs of neighbouring lags are summed up to the first sum that is not positive, made
    never to rise; the even lag after them is added if positive (Stan's improvement).
    """
    count = (rho.shape[1] - 1) // 2
    even = rho[:, : 2 * count : 2]
    pairs = even + rho[:, 1 : 2 * count : 2]
    stop = pairs <= 0
    end = np.where(stop.any(axis=1), stop.argmax(axis=1), count - 1)
    used = np.arange(count) < end[:, None]
    falling = np.where(used, np.minimum.accumulate(pairs, axis=1), 0.0)
    after = np.maximum(np.take_along_axis(even, end[:, None], axis=1)[:, 0], 0.0)
    return np.asarray(-1.0 + 2.0 * falling.sum(axis=1) + after)
