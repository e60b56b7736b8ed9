"""The arithmetic of convergence, for blocks of variables [variable, chain, draw].

Used through `diagnostics`. Every variable in a block is finite and not constant.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special

from nostoi.base.quantiles import quantiles
from nostoi.infer.gradient import FloatArray

NEAR = 20
"""Lags that are summed one by one; where an autocorrelation is longer, all come from its waves."""


def halves(x: FloatArray) -> FloatArray:
    """Each chain cut into its first and second half (a middle draw is left out)."""
    half = x.shape[2] // 2
    return np.concatenate([x[:, :, :half], x[:, :, x.shape[2] - half :]], axis=1)


def normal_ranks(x: FloatArray) -> FloatArray:
    """Normal scores of the ranks over all chains of a variable; ties share their mean rank.

    By hand, for `scipy.stats.rankdata` gives the same and takes several times as long.
    """
    flat = x.reshape(x.shape[0], -1)
    order = np.argsort(flat, axis=1)
    scores = _in_order(np.take_along_axis(flat, order, axis=1))
    ranks = np.empty_like(flat)
    np.put_along_axis(ranks, order, scores, axis=1)
    return ranks.reshape(x.shape)


def _in_order(ordered: FloatArray) -> FloatArray:
    """Normal scores of variables in rising order [variable, place]."""
    n = ordered.shape[1]
    table = _table(n)
    scores = np.tile(table[::2], (ordered.shape[0], 1))
    rows, left = np.nonzero(ordered[:, 1:] == ordered[:, :-1])
    if not rows.size:
        return scores
    apart = (np.diff(rows) != 0) | (np.diff(left) != 1)
    begin = np.concatenate([[0], np.flatnonzero(apart) + 1])
    more = np.diff(np.append(begin, rows.size))
    first = left[begin]
    within = np.arange(more.sum() + more.size) - np.repeat(np.cumsum(more + 1) - more - 1, more + 1)
    tied = np.repeat(rows[begin], more + 1), np.repeat(first, more + 1) + within
    scores[tied] = np.repeat(table[2 * first + more], more + 1)
    return scores


@cache
def _table(n: int) -> FloatArray:
    """Normal score of a mean rank, by the sum of the first and the last place that share it."""
    return np.asarray(special.ndtri((0.5 * np.arange(2 * n - 1) + 1.0 - 0.375) / (n + 0.25)))


def between_and_within(x: FloatArray) -> FloatArray:
    """Classic R-hat, [variable]; infinite when every chain stands still."""
    n = x.shape[2]
    within = x.var(axis=2, ddof=1).mean(axis=1)
    between = x.mean(axis=2).var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.sqrt((between + (n - 1) / n * within) / within))


def split_rhat(split: FloatArray, scores: FloatArray) -> FloatArray:
    """Larger of bulk and folded R-hat, [variable]; `scores` are the split's normal ranks."""
    middle = quantiles(split.reshape(split.shape[0], -1), (0.5,))[0]
    folded = np.abs(split - middle[:, None, None])
    return np.fmax(between_and_within(scores), between_and_within(normal_ranks(folded)))


def effective(split: FloatArray) -> FloatArray:
    """Effective number of draws for the mean of `split`, [variable]; nan where constant."""
    chains, n = split.shape[1:]
    means = split.mean(axis=2, keepdims=True)
    centred = split - means
    near = _lag_by_lag(centred, min(NEAR, n))
    within = near[:, 0] * n / (n - 1)
    total = near[:, 0] + means[:, :, 0].var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        time, ended = _geyer(_correlations(near, within, total))
        far = ~ended & (total > 0)
        if far.any():
            waves = _by_waves(centred[far])
            time[far], _ = _geyer(_correlations(waves, within[far], total[far]))
        tau = np.maximum(time, 1.0 / np.log10(chains * n))
        return np.asarray(np.where(total > 0, chains * n / tau, np.nan))


def _correlations(covariance: FloatArray, within: FloatArray, total: FloatArray) -> FloatArray:
    """Autocorrelations over all chains from autocovariances [variable, lag]."""
    rho = 1.0 - (within[:, None] - covariance) / total[:, None]
    rho[:, 0] = 1.0
    return np.asarray(rho)


def tail_effective(x: FloatArray) -> FloatArray:
    """Smaller effective number of draws of the 5 % and 95 % quantiles, [variable]."""
    cuts = quantiles(x.reshape(x.shape[0], -1), (0.05, 0.95))
    sizes = [effective(halves((x <= cut[:, None, None]).astype(np.float64))) for cut in cuts]
    return np.asarray(np.fmin(*sizes))


def _lag_by_lag(centred: FloatArray, lags: int) -> FloatArray:
    """Autocovariances [variable, lag] of the first lags, over n at every lag, mean over chains."""
    chains, n = centred.shape[1:]
    found = np.empty((len(centred), lags))
    for lag in range(lags):
        early, late = centred[:, :, : n - lag], centred[:, :, lag:]
        found[:, lag] = np.einsum("vcn,vcn->v", early, late)
    return np.asarray(found / (chains * n))


def _by_waves(centred: FloatArray) -> FloatArray:
    """The same of all lags, by their waves."""
    n = centred.shape[2]
    wave = fft.rfft(centred, fft.next_fast_len(2 * n, real=True), axis=2)
    power = (wave.real**2 + wave.imag**2).mean(axis=1)
    turned = fft.irfft(power, fft.next_fast_len(2 * n, real=True), axis=1)
    return np.asarray(turned[:, :n] / n)


def _geyer(rho: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Autocorrelation time from autocorrelations [variable, lag], and whether they reached its end.

    Pairs of neighbouring lags are summed up to the first sum that is not positive, made
    never to rise; the even lag after them is added if positive (Stan's improvement).
    """
    count = (rho.shape[1] - 1) // 2
    even = rho[:, : 2 * count : 2]
    pairs = even + rho[:, 1 : 2 * count : 2]
    stop = pairs <= 0
    ended = np.asarray(stop.any(axis=1))
    end = np.where(ended, stop.argmax(axis=1), count - 1)
    used = np.arange(count) < end[:, None]
    falling = np.where(used, np.minimum.accumulate(pairs, axis=1), 0.0)
    after = np.maximum(np.take_along_axis(even, end[:, None], axis=1)[:, 0], 0.0)
    return np.asarray(-1.0 + 2.0 * falling.sum(axis=1) + after), ended
