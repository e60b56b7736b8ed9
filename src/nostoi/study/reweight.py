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
from nostoi.infer.weights import Weights, quantiles, smoothed

__all__ = ["Rows", "Weights", "quantiles", "rows_of", "smoothed"]
Floats = NDArray[np.float64]
SCALE = 0.25
"""How far powers are moved from 1 on the log2 scale for the slope of a sensitivity."""


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
