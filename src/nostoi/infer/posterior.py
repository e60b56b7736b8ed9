"""Posterior: draws, quantities and predictions as one file that ArviZ and xarray read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi import __version__
from nostoi.infer.model import CaseTarget
from nostoi.infer.quantities import DIMS, coordinates

SAMPLE = ("chain", "draw")
AXES = {"host": "place", "group": "group"}
PRIOR_DRAWS = 4000
PRIOR_PARTS = ("mean", "sd", "zsd")


@dataclass(frozen=True)
class Draws:
    """What a method of inference leaves behind; all [chain, draw, ...].

    z: unit-scale unknowns [.., dim]; stats: acceptance, steps, energy and so on;
    quantities, predictions: as `quantities.Derivation.over` returns them.
    """

    z: Any
    stats: dict[str, Any]
    quantities: dict[str, Any]
    predictions: dict[str, Any]


def build(target: CaseTarget, draws: Draws) -> xr.DataTree:
    """DataTree with ArviZ group names, and the group `quantities`."""
    coords = coordinates(target)
    rows = {"obs": np.array([row.id for row in target.panel.rows], dtype=object)}
    quantities = {name: ((*SAMPLE, *DIMS[name]), value) for name, value in draws.quantities.items()}
    predictive = {
        name: ((*SAMPLE, "obs"), value)
        for name, value in draws.predictions.items()
        if name != "log_likelihood"
    }
    likelihood = {"row": ((*SAMPLE, "obs"), draws.predictions["log_likelihood"])}
    groups = {
        "posterior": parameters(target, draws.z),
        "prior": priors(target, draws.z),
        "sample_stats": xr.Dataset({k: (SAMPLE, v) for k, v in draws.stats.items()}),
        "observed_data": observed(target),
        "posterior_predictive": xr.Dataset(predictive, rows),
        "log_likelihood": xr.Dataset(likelihood, rows),
        "quantities": xr.Dataset(quantities, coords, {"group_informed": informed(target)}),
    }
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {
        "Conventions": "CF-1.11 ArviZ-schema",
        "title": target.case.spec.title,
        "source": f"nostoi {__version__}, case {target.case.spec.name} {target.case.hash}",
        "comment": "persons unless said otherwise; synthetic, no records of persons",
    }
    return tree


def informed(target: CaseTarget) -> str:
    """Groups that a used row counts by name, comma separated; only these may be told apart."""
    named = {row.group for row in target.panel.rows}
    return ",".join(group for group in target.model.world.groups if group in named)


def _axes(dims: str) -> tuple[str, ...]:
    """Dimension of a parameter in the file."""
    return (AXES.get(dims, dims),) if dims else ()


def parameters(target: CaseTarget, z: Any) -> xr.Dataset:
    """Natural parameter values; the biases of all families once more as `bias` [source]."""
    chains, n = z.shape[:2]
    flat = z.reshape(chains * n, -1)
    data: dict[str, Any] = {}
    coords: dict[str, Any] = {
        "place": list(target.model.world.hosts),
        "group": list(target.model.world.groups),
    }
    biases: list[Any] = []
    labels: list[str] = []
    at = 0
    for param in target.pack.params:
        if param.kind == "fixed":
            continue
        part = flat[:, at : at + param.size]
        at += param.size
        values = np.asarray(param.value_of(part, np))
        dims = _axes(param.dims)
        shape = (chains, n, param.size) if dims else (chains, n)
        data[param.name] = ((*SAMPLE, *dims), values.reshape(shape), {"unit": param.unit})
        if param.labels:
            coords[dims[0]] = list(param.labels)
        if param.name.endswith(".bias"):
            biases.append(values.reshape(chains, n, -1))
            labels += [f"{label} ({param.name.split('.')[0]})" for label in param.labels]
    if biases:
        data["bias"] = ((*SAMPLE, "source"), np.concatenate(biases, -1), {"unit": "log or logit"})
        coords["source"] = labels
    used = {dim for value in data.values() for dim in value[0]}
    return xr.Dataset(data, {name: value for name, value in coords.items() if name in used})


def priors(target: CaseTarget, z: Any) -> xr.Dataset:
    """Prior mean and sd of every parameter, and how far the data narrowed it.

    `_mean` and `_sd` are in natural units, from draws of the prior. `_zsd` is the posterior sd of
    the unit-scale unknown behind each value (prior sd 1; of the increments for a walk): 1 where
    the data taught nothing, near 0 where they settle it.

    Args:
        target: the case.
        z: posterior draws of the unknowns, [chain, draw, dim].
    """
    rng = np.random.default_rng(1)
    spread = np.asarray(z).reshape(-1, target.dim).std(0)
    data: dict[str, Any] = {}
    at = 0
    for param in target.pack.params:
        if param.kind == "fixed":
            continue
        unit = rng.standard_normal((PRIOR_DRAWS, param.size))
        values = np.asarray(param.value_of(unit, np))
        found = (values.mean(0), values.std(0), spread[at : at + param.size])
        at += param.size
        dims = _axes(param.dims)
        for part, value in zip(PRIOR_PARTS, found, strict=True):
            data[f"{param.name}_{part}"] = (dims, value if dims else value[0])
    return xr.Dataset(data)


def observed(target: CaseTarget) -> xr.Dataset:
    """The published figures that the likelihood used, with what qualifies them."""
    rows = target.panel.rows
    text = ("place", "count_type", "measure", "publisher", "confidence", "bound", "group")
    data: dict[str, Any] = {
        name: ("obs", np.array([str(getattr(row, name)) for row in rows], dtype=object))
        for name in text
    }
    for name in ("period_start", "period_end"):
        data[name] = ("obs", np.array([getattr(r, name).isoformat() for r in rows], dtype=object))
    for name in ("value", "low", "high"):
        numbers = [getattr(row, name) for row in rows]
        data[name] = ("obs", np.array([np.nan if v is None else float(v) for v in numbers]))
    data["observer"] = ("obs", np.array(target.panel.names, dtype=object))
    data["family"] = ("obs", np.array(target.panel.families, dtype=object))
    ids = np.array([row.id for row in rows], dtype=object)
    return xr.Dataset(data, {"obs": ids})


def write(tree: xr.DataTree, path: Path) -> None:
    """Writes the file whole or not at all; draws are noise, which compression hardly shrinks."""
    part = path.with_suffix(".part")
    tree.to_netcdf(part, engine="h5netcdf")
    os.replace(part, path)
