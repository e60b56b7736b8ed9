"""Have the chains converged? Rank-normalised R-hat, effective sample sizes, E-BFMI.

After Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Bayesian Analysis 16:667, with the
autocorrelation estimate and Geyer's initial monotone sequence as in Stan. All functions take
draws as [chain, draw, ...] and give [...]; thousands of variables are done together. A
variable that never changes has no answer: nan. Chains that each stand still at different
values have R-hat infinity; so has a variable with draws that are not finite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from nostoi.infer.ess import effective, halves, normal_ranks, split_rhat, tail_effective
from nostoi.infer.gradient import FloatArray
from nostoi.infer.whiten import THREADS

BLOCK = 200_000
"""Numbers that are worked out together: they and what is made of them stay near the core."""
MAX_RHAT, MIN_ESS, MIN_EBFMI = 1.01, 400.0, 0.3


Block = Callable[[FloatArray], tuple[FloatArray, ...]]


@dataclass(frozen=True)
class Measures:
    """R-hat, and bulk and tail effective sample size, each [...]."""

    rhat: FloatArray
    ess_bulk: FloatArray
    ess_tail: FloatArray


@dataclass(frozen=True)
class Verdict:
    """Whether a fit may be used, and if not, why.

    max_rhat, min_ess_bulk, min_ess_tail: worst of all variables; divergences: number of
    draws; ebfmi: worst chain; converged: all within the limits; reasons: in plain words.
    """

    max_rhat: float
    min_ess_bulk: float
    min_ess_tail: float
    divergences: int
    ebfmi: float
    converged: bool
    reasons: tuple[str, ...]

    @property
    def more_would_help(self) -> bool:
        """Whether all that is missing may come with more draws: no divergence goes away by them."""
        sound = self.divergences == 0 and self.ebfmi >= MIN_EBFMI
        return sound and not self.converged


def measure(draws: ArrayLike) -> Measures:
    """All measures of variables [chain, draw, ...] in one pass."""
    return Measures(*_blockwise(draws, _all_measures, (np.inf, 0.0, 0.0)))


def rhat(draws: ArrayLike) -> FloatArray:
    """Rank-normalised split R-hat, the larger of bulk and folded, [...]."""
    return _blockwise(draws, lambda x: (split_rhat(*_scores(x)),), (np.inf,))[0]


def ess_bulk(draws: ArrayLike) -> FloatArray:
    """Effective sample size for the middle of the distribution, [...]."""
    return _blockwise(draws, lambda x: (effective(_scores(x)[1]),), (0.0,))[0]


def ess_tail(draws: ArrayLike) -> FloatArray:
    """Effective sample size for the 5 % and 95 % quantiles, the smaller one, [...]."""
    return _blockwise(draws, lambda x: (tail_effective(x),), (0.0,))[0]


def mcse_mean(draws: ArrayLike) -> FloatArray:
    """Standard error of the mean over all draws, in the variable's unit, [...]."""
    return _blockwise(draws, lambda x: (_error(x, halves(x)),), (np.nan,))[0]


def ebfmi(energy: ArrayLike) -> FloatArray:
    """Energy's Bayesian fraction of missing information of each chain, [chain].

    energy [chain, draw]. Below 0.3: momentum resampling is too slow to explore the tails.
    """
    values = np.asarray(energy, dtype=np.float64)
    steps = np.square(np.diff(values, axis=1)).mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(steps / values.var(axis=1, ddof=1))


def judge(measures: Iterable[Measures], diverging: ArrayLike, energy: ArrayLike) -> Verdict:
    """Verdict on a fit from the measures of its variables and its sampler's records.

    measures: one per array of variables (constants, nan, are passed over); diverging and
    energy [chain, draw]. Limits: R-hat 1.01, effective sizes 400, no divergence, E-BFMI 0.3.
    """
    held = list(measures)
    worst = _extreme(np.max, [m.rhat for m in held])
    bulk = _extreme(np.min, [m.ess_bulk for m in held])
    tail = _extreme(np.min, [m.ess_tail for m in held])
    count = int(np.asarray(diverging).sum())
    low = float(ebfmi(energy).min())
    checks = (
        (worst <= MAX_RHAT, f"R-hat reaches {worst:.3f} (at most {MAX_RHAT})"),
        (bulk >= MIN_ESS, f"bulk effective sample size falls to {bulk:.0f} (at least 400)"),
        (tail >= MIN_ESS, f"tail effective sample size falls to {tail:.0f} (at least 400)"),
        (count == 0, f"{count} divergent draws (none allowed)"),
        (low >= MIN_EBFMI, f"E-BFMI falls to {low:.2f} (at least {MIN_EBFMI})"),
    )
    reasons = tuple(text for passed, text in checks if not passed)
    return Verdict(worst, bulk, tail, count, low, not reasons, reasons)


def _extreme(pick: Callable[[FloatArray], float], parts: list[FloatArray]) -> float:
    known = [part[~np.isnan(part)] for part in map(np.ravel, parts)]
    together = np.concatenate([np.empty(0), *known])
    return float(pick(together)) if together.size else float("nan")


def _scores(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    split = halves(x)
    return split, normal_ranks(split)


def _all_measures(x: FloatArray) -> tuple[FloatArray, ...]:
    split, scores = _scores(x)
    return split_rhat(split, scores), effective(scores), tail_effective(x)


def _error(x: FloatArray, split: FloatArray) -> FloatArray:
    spread = x.reshape(x.shape[0], -1).std(axis=1, ddof=1)
    return np.asarray(spread / np.sqrt(effective(split)))


def _blockwise(
    draws: ArrayLike, function: Block, broken: tuple[float, ...]
) -> tuple[FloatArray, ...]:
    """Apply to blocks [variable, chain, draw] of bounded size.

    Constants (also all nan) give nan, variables with some draws not finite give `broken`.
    """
    x = np.asarray(draws, dtype=np.float64)
    chains, n, shape = x.shape[0], x.shape[1], x.shape[2:]
    flat = x.reshape(chains, n, -1)
    size = max(1, BLOCK // (chains * n))
    results = np.full((len(broken), flat.shape[2]), np.nan)

    def fill(start: int) -> None:
        block = np.ascontiguousarray(flat[:, :, start : start + size].transpose(2, 0, 1))
        part = results[:, start : start + size]
        finite = np.isfinite(block).all(axis=(1, 2))
        empty = np.isnan(block).all(axis=(1, 2))
        part[:, ~finite & ~empty] = np.array(broken)[:, None]
        moving = finite & (block.max(axis=(1, 2)) > block.min(axis=(1, 2)))
        if moving.any():
            part[:, moving] = np.stack(function(block[moving]))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(fill, range(0, flat.shape[2], size)))
    return tuple(row.reshape(shape) for row in results)
