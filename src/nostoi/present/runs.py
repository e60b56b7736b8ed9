"""A run as a file that may leave: small cells withheld, with what they could be worked out from.

A run holds the same moves by place and by group, so the total of one follows from the other. Of the
cells along such an axis the smallest are withheld until those withheld add up to at least the
threshold: then each of them may be anything from nothing to the threshold and more. A zero stays;
it counts nobody.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from nostoi.present.disclosure import Gate

Floats = Any
AXES = ("place", "group", "post")
"""Axes along which cells add up to totals that stand elsewhere in the file."""

UNPROTECTED = "NOSTOI_UNPROTECTED"
"""Variable of the environment that turns the protection of runs off; no option, so that nobody
does it by a slip."""

OVERRIDE = f"none: turned off by {UNPROTECTED}"


def released_run(data: xr.Dataset, gate: Gate, protect: bool = True) -> xr.Dataset:
    """The data set as it may be written; withheld cells are NaN.

    Args:
        data: as `infer.runs.run_case` makes it, in persons.
        gate: threshold and rounding of the case.
        protect: False leaves everything as it is, and says so in the file.
    """
    if not protect:
        return data.assign_attrs(disclosure=OVERRIDE)
    kept, hidden = {}, 0
    for name, values in data.data_vars.items():
        if values.attrs.get("units") == "persons":
            axes = [values.dims.index(axis) for axis in AXES if axis in values.dims]
            cells = np.asarray(values.values, float)
            off = withheld(cells, gate.threshold, axes)
            hidden += int(off.sum())
            step = gate.round_to or 1.0
            shown = np.where(off, np.nan, np.round(cells / step) * step)
            kept[name] = values.copy(data=shown)
    said = (
        f"counts from 1 to below {gate.threshold:g} withheld (NaN) with complements, others "
        f"rounded to {gate.round_to:g}; {hidden} cells withheld"
    )
    return data.assign(kept).assign_attrs(disclosure=said)


def withheld(cells: Floats, threshold: float, axes: list[int]) -> Any:
    """Which cells to hide, shape of `cells`.

    Args:
        cells: counts, none negative.
        threshold: least count that may be seen, but for zero.
        axes: along each of them totals are known.
    """
    hidden = (cells > 0) & (cells < threshold)
    for axis in axes:
        before = np.zeros_like(hidden)
        while not np.array_equal(before, hidden):
            before = hidden
            hidden = _completed(cells, hidden, threshold, axis)
    return hidden


def _completed(cells: Floats, hidden: Any, threshold: float, axis: int) -> Any:
    """One more cell hidden on every line whose hidden cells could be told too closely."""
    count = hidden.sum(axis, keepdims=True)
    total = np.where(hidden, cells, 0.0).sum(axis, keepdims=True)
    weak = (count > 0) & ((count < 2) | (total < threshold))
    free = np.where(hidden | (cells <= 0), np.inf, cells)
    least = free == free.min(axis, keepdims=True)
    first = np.cumsum(least, axis) == 1
    return hidden | (weak & least & first & np.isfinite(free))
