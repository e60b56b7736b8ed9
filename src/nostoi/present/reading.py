"""A fit folder, read: its meta data, its draws, and the facts beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.present.summary import Floats

GROUPS = ("posterior", "observed_data", "posterior_predictive", "quantities")
"""Groups of posterior.nc that a report cannot do without."""
PRIORS = ("prior", "constant_data")
"""Where a fit may say what it believed before."""


@dataclass(frozen=True)
class Fit:
    """All that a report needs of a fit.

    Attributes:
        meta: the content of fit.json.
        groups: datasets of posterior.nc by group name.
        facts: the content of facts.json, empty if there is none.
        posterior: path of posterior.nc.
    """

    meta: Mapping[str, Any]
    groups: Mapping[str, xr.Dataset]
    facts: tuple[Mapping[str, Any], ...]
    posterior: Path

    @property
    def quantities(self) -> xr.Dataset:
        """The group `quantities`."""
        return self.groups["quantities"]

    @property
    def informed(self) -> tuple[str, ...]:
        """Groups of people that some source informs."""
        listed = self.quantities.attrs.get("group_informed", ())
        names = [listed] if isinstance(listed, str) else list(listed)
        split = [part.strip() for name in names for part in str(name).split(",")]
        return tuple(name for name in self.names("group") if name in split)

    @property
    def dates(self) -> list[str]:
        """Dates of the series, ISO."""
        return [str(d)[:10] for d in self.quantities["date"].values]

    def names(self, dim: str) -> list[str]:
        """Labels of a dimension of the quantities (place, group, rule)."""
        return [str(name) for name in self.quantities[dim].values]

    def draws(self, name: str, **where: object) -> Floats:
        """Draws of a quantity with chain and draw first, at the labels given.

        Raises:
            NostoiError: N702, the fit has no such quantity.
        """
        if name not in self.quantities:
            raise NostoiError(_lacks(f"quantities/{name}"))
        found = self.quantities[name].sel(dict(where)).transpose("chain", "draw", ...)
        return np.asarray(found.values, float)

    def has(self, *names: str) -> bool:
        """Whether the fit has all these quantities."""
        return all(name in self.quantities for name in names)

    @property
    def stamp(self) -> str:
        """'approximate', 'unconverged', 'unfinished' or '' (nothing to warn about)."""
        if self.meta.get("status", "done") != "done":
            return "unfinished"
        if self.meta.get("approximate"):
            return "approximate"
        converged = self.meta.get("diagnostics", {}).get("converged", False)
        return "" if converged else "unconverged"


def read_fit(folder: Path) -> Fit:
    """Read a fit folder.

    Raises:
        NostoiError: N701 a file is missing or unreadable; N702 a group of posterior.nc is missing.
    """
    meta = _json(folder / "fit.json")
    facts = _json(folder / "facts.json") if (folder / "facts.json").exists() else []
    path = folder / "posterior.nc"
    if not path.exists():
        raise NostoiError(_missing(path))
    groups = _groups(path)
    missing = [name for name in GROUPS if name not in groups]
    if missing:
        raise NostoiError(*(_lacks(name) for name in missing))
    return Fit(meta, groups, tuple(facts), path)


def _groups(path: Path) -> dict[str, xr.Dataset]:
    """Those of `GROUPS` and `PRIORS` that the file has; a report reads no others."""
    found = {}
    try:
        with h5py.File(path) as file:
            there = [name for name in (*GROUPS, *PRIORS) if name in file]
        for name in there:
            with xr.open_dataset(path, group=name, engine="h5netcdf") as opened:
                found[name] = opened.load()
    except (OSError, ValueError) as error:
        raise NostoiError(_missing(path, str(error))) from error
    return found


def informed_groups(folder: Path) -> tuple[str, ...]:
    """Groups of people that some source of a fit informs, without reading its draws.

    Raises:
        NostoiError: N701, posterior.nc is missing or unreadable.
    """
    path = folder / "posterior.nc"
    try:
        with xr.open_dataset(path, group="quantities", engine="h5netcdf") as opened:
            listed = str(opened.attrs.get("group_informed", ""))
    except (OSError, ValueError) as error:
        raise NostoiError(_missing(path, str(error))) from error
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def strings(values: NDArray[Any]) -> list[str]:
    """Text cells of a NetCDF variable; missing ones become empty."""
    out = []
    for value in np.asarray(values).ravel():
        plain = value.decode("utf-8") if isinstance(value, bytes) else str(value)
        out.append("" if plain in ("nan", "NaT", "None") else plain)
    return out


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NostoiError(_missing(path, str(error))) from error


def _missing(path: Path, why: str = "no such file") -> Finding:
    return Finding(
        701,
        f"the fit has no readable {path.name}: {why}",
        file=str(path),
        do="finish the fit with `nostoi fit`, then report again",
    )


def _lacks(what: str) -> Finding:
    return Finding(
        702,
        f"posterior.nc lacks {what}",
        file="posterior.nc",
        do="run `nostoi fit` again with this version of nostoi",
    )
