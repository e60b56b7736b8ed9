"""Draws into numbers: median, 50 and 90 % equal-tailed intervals, and whether chains agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.base.quantiles import quantiles

Floats = NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
QUANTILES = ("low90", "low50", "median", "high50", "high90")
RHAT_LIMIT = 1.01
ESS_LIMIT = 400.0


@dataclass(frozen=True)
class Estimate:
    """One printed number; None where disclosure control withheld a part of it.

    Attributes:
        rhat: split rank R-hat (NaN for a constant).
        ess: smaller of bulk and tail effective sample size.
    """

    low90: float | None
    low50: float | None
    median: float | None
    high50: float | None
    high90: float | None
    rhat: float = float("nan")
    ess: float = float("nan")

    @property
    def converged(self) -> bool:
        """False where R-hat > 1.01 or an effective sample size < 400."""
        return not (self.rhat > RHAT_LIMIT or self.ess < ESS_LIMIT)

    def values(self) -> tuple[float | None, ...]:
        """The five quantiles in rising order."""
        return (self.low90, self.low50, self.median, self.high50, self.high90)

    def with_values(self, values: list[float | None]) -> Estimate:
        """The same diagnostics with other quantiles (in rising order)."""
        low90, low50, median, high50, high90 = values
        return Estimate(low90, low50, median, high50, high90, self.rhat, self.ess)


def summarise_all(draws: Floats) -> list[Estimate]:
    """Summaries of several numbers at once.

    Args:
        draws: posterior draws, shape [chain, draw, number].
    """
    from nostoi.infer import diagnostics

    if not draws.shape[-1]:
        return []
    found = diagnostics.measure(draws)
    ess = np.minimum(found.ess_bulk, found.ess_tail)
    levels = bands(draws)
    out = []
    for i in range(draws.shape[-1]):
        low90, low50, median, high50, high90 = (float(q) for q in levels[:, i])
        agreed = float(found.rhat[i]), float(ess[i])
        out.append(Estimate(low90, low50, median, high50, high90, *agreed))
    return out


def summarise(draws: Floats) -> Estimate:
    """Summary of one number.

    Args:
        draws: posterior draws, shape [chain, draw].
    """
    return summarise_all(draws[..., None])[0]


def bands(draws: Floats) -> Floats:
    """Quantiles over chains and draws: [chain, draw, ...] -> [5, ...] in the order of LEVELS.

    Draws that are not a number are left out.
    """
    flat = np.asarray(draws, float).reshape(draws.shape[0] * draws.shape[1], -1)
    if np.isnan(flat).any():
        return np.asarray(np.nanquantile(draws, LEVELS, axis=(0, 1)), float)
    found = np.stack(quantiles(np.ascontiguousarray(flat.T), LEVELS))
    return found.reshape(len(LEVELS), *draws.shape[2:])


def band_row(quantiles: Floats) -> dict[str, float]:
    """Five quantiles as named cells of a row."""
    return {name: float(q) for name, q in zip(QUANTILES, quantiles, strict=True)}
