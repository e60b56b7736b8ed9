"""A run as a file that may leave: small counts withheld, what complements them too, all rounded.

Numbers of a run are tied by sums: hosts and groups add up to the same total, and who leaves a host
goes home or on. So no sum keeps a single withheld part (`lines`), and each visible number is
rounded, so that differences over time tell a withheld move only to within twice the rounding.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import xarray as xr

from nostoi.base.errors import Finding, NostoiError
from nostoi.present.complementary import Bools, lines
from nostoi.present.disclosure import Gate

UNCONTROLLED = "none: switched off by the program that wrote this; not for publication"
PARTS = ("place", "group", "place_from")
"""Axes whose parts add up to a total that other numbers of the file tell."""
BASES = {"belief": "home", "rumour": "home", "wait": "queue"}
"""What a share or a time is of: withheld with the count of persons behind it."""
ENDS = ("go_home", "go_on", "exits")
"""Departures from a host by destination, and all of them under the rule `any`."""


def released(data: xr.Dataset, gate: Gate) -> xr.Dataset:
    """The run with small counts as NaN, and their number and the control in the attributes.

    Args:
        data: a run, as `nostoi.infer.runs.run_case` makes it.
        gate: the gate of the case.
    """
    hidden = {str(name): _hidden(found, gate) for name, found in data.data_vars.items()
              if found.attrs.get("units") == "persons"}  # fmt: skip
    _sums_of_exits(data, hidden, gate.threshold)
    out = data.copy()
    for name, hide in hidden.items():
        step = gate.round_to or 1.0
        values = np.round(np.asarray(data[name].values, float) / step) * step
        out[name] = data[name].copy(data=np.where(hide, np.nan, values))
    for name, base in BASES.items():
        if name in data and base in hidden:
            values = np.where(hidden[base], np.nan, np.asarray(data[name].values, float))
            out[name] = data[name].copy(data=values)
    withheld = sum(int(hide.sum()) for hide in hidden.values())
    return out.assign_attrs(
        data.attrs | {"disclosure_control": f"{gate}; NaN = withheld", "cells_withheld": withheld}
    )


def _hidden(found: xr.DataArray, gate: Gate) -> Bools:
    """Small counts, and others so that none is the only one missing of a sum."""
    values = np.asarray(found.values, float)
    step = gate.round_to or 1.0
    small = np.minimum(np.abs(values), np.abs(np.round(values / step) * step)) < gate.threshold
    axes = tuple(k for k, dim in enumerate(found.dims) if dim in PARTS)
    return lines(values, small, gate.threshold, axes)


def _sums_of_exits(data: xr.Dataset, hidden: dict[str, Bools], threshold: float) -> None:
    """Home, on and all departures of a host: never one of the three missing alone."""
    if not all(name in hidden for name in ENDS):
        return
    rule = [str(name) for name in data["rule"].values].index("any")
    axis = data["exits"].dims.index("rule")
    every = np.take(hidden["exits"], rule, axis)
    sizes = np.stack([data["go_home"].values, data["go_on"].values,
                      np.take(data["exits"].values, rule, axis)])  # fmt: skip
    both = lines(sizes, np.stack([hidden["go_home"], hidden["go_on"], every]), threshold, (0,))
    hidden["go_home"], hidden["go_on"] = both[0], both[1]
    at = [slice(None)] * hidden["exits"].ndim
    index: tuple[slice | int, ...] = tuple(rule if k == axis else one for k, one in enumerate(at))
    hidden["exits"][index] = both[2]
    for name in ENDS:
        places = data[name].dims.index("place")
        values = np.asarray(data[name].values, float)
        hidden[name] = lines(values, hidden[name], threshold, (places,))


def totals(found: Mapping[str, float], gate: Gate) -> dict[str, float | None]:
    """Headline numbers of a run that may be shown."""
    return {name: gate.count(value) for name, value in found.items()}


def write_run(data: xr.Dataset, folder: Path, gate: Gate | None) -> Path:
    """Writes `run.nc` into a folder, whole or not at all.

    Args:
        data: a run.
        folder: made if it is not there.
        gate: the gate of the case; None switches the control off, which the file says.

    Raises:
        NostoiError: N302 when the folder holds something else or cannot be written.
    """
    path = folder / "run.nc"
    part = folder / "run.nc.part"
    if gate is None:
        kept = data.assign_attrs(disclosure_control=UNCONTROLLED)
    else:
        kept = released(data, gate)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        packed = {name: {"zlib": True, "complevel": 1} for name in kept.data_vars}
        kept.to_netcdf(part, engine="h5netcdf", encoding=packed)
        os.replace(part, path)
    except OSError as error:
        what = f"the run cannot be written: {error.strerror or error}"
        raise NostoiError(Finding(302, what, file=str(folder), do="choose another -o")) from error
    return path
