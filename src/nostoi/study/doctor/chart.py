"""The chart of a patient: a fit and the case behind it, as the checks need them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.build import params_of, world_of
from nostoi.case.case import Case
from nostoi.case.ledger import Observation, ObserverSpec
from nostoi.engine.model import sized_params
from nostoi.rules.params import Param
from nostoi.study.horizon import panel_on

Floats = Any
NEEDED = ("posterior", "prior", "sample_stats", "observed_data", "posterior_predictive",
          "log_likelihood", "quantities")  # fmt: skip
DO = "finish a fit of this case with `nostoi fit`"


@dataclass(frozen=True)
class Chart:
    """A fit and its case.

    Attributes:
        meta: the content of fit.json.
        groups: datasets of posterior.nc by group name.
        rows: the evidence ledger.
        observers: by name.
        publishers: names by key.
        hosts: codes of all hosts.
        params: parameters of the model and of the observers by name.
    """

    meta: Mapping[str, Any]
    groups: Mapping[str, xr.Dataset]
    rows: tuple[Observation, ...]
    observers: Mapping[str, ObserverSpec]
    publishers: Mapping[str, str]
    hosts: tuple[str, ...]
    params: Mapping[str, Param]

    def draws(self, group: str, name: str) -> Floats:
        """Draws of a variable, [chain, draw, ...]."""
        return np.asarray(self.groups[group][name].transpose("chain", "draw", ...).values, float)

    @property
    def obs(self) -> list[str]:
        """Ids of the used rows in the order of all [row] arrays."""
        return [str(label) for label in self.groups["log_likelihood"]["obs"].values]

    @property
    def informed(self) -> tuple[str, ...]:
        """Groups of people that some source tells apart."""
        return tuple(str(self.groups["quantities"].attrs.get("group_informed", "")).split(","))

    def publisher(self, key: str) -> str:
        """Name of a publisher, or its key."""
        return self.publishers.get(key) or key


def read_chart(case: Case, fit: Path) -> Chart:
    """The chart of a finished fit.

    Raises:
        NostoiError: N512, the fit cannot be read, is not finished or is of another case, or of
            a version with other unknowns.
    """
    path = fit / "posterior.nc"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        groups = {}
        for name in NEEDED:
            with xr.open_dataset(path, group=name, engine="h5netcdf") as opened:
                groups[name] = opened.load()
    except (OSError, ValueError, KeyError) as error:
        what = f"the fit cannot be read: {error}"
        raise NostoiError(Finding(512, what, file=str(path), do=DO)) from error
    if meta.get("case_hash") != case.hash or meta.get("status") != "done":
        what = "the fit is not finished, or is of another case or an older state of it"
        raise NostoiError(Finding(512, what, file=str(path), do=DO))
    world = world_of(case)
    panel = panel_on(world, case.evidence)
    lacking = [param.name for param in panel.params if param.name not in groups["posterior"]]
    if lacking:
        what = f"the fit was made by another version: it knows nothing of {', '.join(lacking)}"
        raise NostoiError(Finding(512, what, file=str(path), do=DO))
    params = (*sized_params(world, params_of(case)), *panel.params)
    return Chart(
        meta,
        groups,
        tuple(case.evidence.rows),
        case.evidence.observers,
        {key: source.name for key, source in case.evidence.sources.items()},
        tuple(world.hosts),
        {param.name: param for param in params},
    )


def elements(found: xr.DataArray) -> Iterator[tuple[str, Floats]]:
    """Each series of a variable with its labels, [chain, draw] or [chain, draw, date]."""
    dims = [str(dim) for dim in found.dims if dim not in ("chain", "draw", "date")]
    kept = found.transpose("chain", "draw", *dims, ...)
    for at in np.ndindex(*(found.sizes[dim] for dim in dims)):
        place = dict(zip(dims, at, strict=True))
        words = [
            str(found[dim].values[k]) if dim in found.coords else str(k) for dim, k in place.items()
        ]
        yield ", ".join(words), np.asarray(kept.isel(place).values, float)
