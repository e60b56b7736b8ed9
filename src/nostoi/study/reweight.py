"""Re-weighting: what the answer would be without a source, or with priors taken more or less
seriously, from the draws of one fit.

Draws are weighted by the ratio of the other posterior to the one that was fitted. The largest
weights are smoothed by a generalised Pareto tail (Vehtari et al. 2024, JMLR 25:72), whose shape
`khat` says whether the answer can be trusted: above 0.7 the fit has hardly any draws where the
other posterior lies, and only a new fit can tell. Power-scaling of priors and likelihood follows
Kallioinen et al. (2024, Statistics and Computing 34:57).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.laplace import TRUSTED, generalised_pareto

Floats = NDArray[np.float64]
SCALE = 0.25
"""How far powers are moved from 1 on the log2 scale for the slope of a sensitivity."""


@dataclass(frozen=True)
class Weights:
    """Weights of the draws of a fit.

    Attributes:
        share: sums to 1, [draw].
        khat: tail index of the raw weights; -inf when all are equal.
        ess: draws that the weighted sample is worth, before autocorrelation.
    """

    share: Floats
    khat: float
    ess: float

    @property
    def trusted(self) -> bool:
        """Whether weighting stands for a new fit."""
        return self.khat < TRUSTED


def smoothed(log_ratio: Floats) -> Weights:
    """Pareto-smoothed weights of log ratios [draw].

    The tail is at most a fifth of the draws and three times the square root of their number; no
    smoothed weight exceeds the largest raw one.
    """
    level = np.asarray(log_ratio, float) - np.max(log_ratio)
    n = level.size
    tail = int(np.ceil(min(0.2 * n, 3.0 * np.sqrt(n))))
    khat = float("-inf")
    if tail >= 5 and np.ptp(level) > 1e-9:
        order = np.argsort(level)
        top = order[-tail:]
        cut = max(float(level[order[-tail - 1]]), -700.0)
        excess = np.exp(level[top]) - np.exp(cut)
        if np.unique(excess[excess > 0.0]).size < 5:
            khat = float("inf")
        else:
            khat, scale = generalised_pareto(excess[excess > 0.0])
            places = (np.arange(tail) + 0.5) / tail
            smooth = np.exp(cut) + _quantile(places, khat, scale)
            level = level.copy()
            level[top] = np.minimum(np.log(smooth), 0.0)
    share = np.exp(level - level.max())
    share /= share.sum()
    return Weights(share, khat, float(1.0 / (share**2).sum()))


def _quantile(p: Floats, shape: float, scale: float) -> Floats:
    """Quantiles of a generalised Pareto distribution at 0."""
    if abs(shape) < 1e-9:
        return np.asarray(-scale * np.log1p(-p))
    return np.asarray(scale * np.expm1(-shape * np.log1p(-p)) / shape)


def quantiles(draws: Floats, weights: Weights, levels: Sequence[float]) -> Floats:
    """Weighted quantiles of draws [draw, ...]; [level, ...]."""
    flat = draws.reshape(len(draws), -1)
    order = np.argsort(flat, axis=0)
    ranked = np.take_along_axis(flat, order, 0)
    reached = np.cumsum(weights.share[order], axis=0) - 0.5 * weights.share[order]
    found = [
        [np.interp(level, reached[:, k], ranked[:, k]) for k in range(flat.shape[1])]
        for level in levels
    ]
    return np.asarray(found, float).reshape(len(levels), *draws.shape[1:])


@dataclass(frozen=True)
class Rows:
    """What each row of evidence says of each draw.

    Attributes:
        ids, publishers, observers: of the rows, [row].
        log_likelihood: [draw, row], draws of all chains one after another.
        prior: log density of the prior at each draw up to a constant, [draw]: of all unknowns,
            those of the observers included, on the scale on which they are standard normal.
    """

    ids: tuple[str, ...]
    publishers: tuple[str, ...]
    observers: tuple[str, ...]
    log_likelihood: Floats
    prior: Floats

    def without(self, publishers: Sequence[str]) -> Weights:
        """Weights as if these publishers had never published.

        Raises:
            NostoiError: N723 for a publisher without used rows.
        """
        unknown = sorted(set(publishers) - set(self.publishers))
        if unknown:
            do = f"known: {', '.join(sorted(set(self.publishers)))}"
            raise NostoiError(*(Finding(723, f"no used row of {p[:40]!r}", do=do) for p in unknown))
        off = np.isin(self.publishers, list(publishers))
        return smoothed(-self.log_likelihood[:, off].sum(1))

    def powered(self, likelihood: float = 1.0, prior: float = 1.0) -> Weights:
        """Weights as if likelihood and prior counted with these powers."""
        data = (likelihood - 1.0) * self.log_likelihood.sum(1)
        return smoothed(data + (prior - 1.0) * self.prior)


def rows_of(fit: Path) -> Rows:
    """The rows of a fit.

    Raises:
        NostoiError: N512 when the fit cannot be read.
    """
    path = fit / "posterior.nc"
    try:
        groups = {}
        for name in ("log_likelihood", "observed_data", "sample_stats"):
            with xr.open_dataset(path, group=name, engine="h5netcdf") as opened:
                groups[name] = opened.load()
    except (OSError, ValueError, KeyError) as error:
        what, do = f"the fit cannot be read: {error}", "finish a fit with `nostoi fit`"
        raise NostoiError(Finding(512, what, file=str(path), do=do)) from error
    said = groups["log_likelihood"]["row"].transpose("chain", "draw", "obs")
    seen = groups["observed_data"].sel(obs=said["obs"])
    rows = np.asarray(said.values, float).reshape(-1, said.sizes["obs"])
    whole = groups["sample_stats"]["lp"].transpose("chain", "draw").values
    return Rows(
        tuple(str(v) for v in said["obs"].values),
        tuple(str(v) for v in seen["publisher"].values),
        tuple(str(v) for v in seen["observer"].values),
        rows,
        np.asarray(whole, float).ravel() - rows.sum(1),
    )
