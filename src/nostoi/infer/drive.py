"""Parameters that drive a run: prior medians, or draws of a finished fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.base.errors import Finding, NostoiError
from nostoi.engine.model import Model
from nostoi.rules.params import Pack, Param

Values = dict[str, Any]


def prior_medians(model: Model) -> Values:
    """Natural parameter values in the middle of their priors."""
    pack = Pack(model.params)
    return {name: np.asarray(v) for name, v in pack.unpack(np.zeros(pack.dim), np).items()}


def posterior_draws(model: Model, fit: Path, case_hash: str, draws: int, seed: int) -> list[Values]:
    """Natural parameter values of `draws` draws of a fit, chosen by the seed without repetition.

    Raises:
        NostoiError: N512 when the folder holds no finished fit of this case, or fewer draws.
    """
    chosen, table = posterior_table(model, fit, case_hash, draws, seed)
    return [{name: value[i] for name, value in table.items()} for i in range(len(chosen))]


def posterior_table(
    model: Model, fit: Path, case_hash: str, draws: int, seed: int
) -> tuple[Any, Values]:
    """Numbers of the draws chosen, [draw], and all values by name, each [draw, ...].

    The first n are the same however many are asked for, and a draw keeps its number whatever else
    is chosen. Fixed parameters keep their value.

    Raises:
        NostoiError: N512 when the folder holds no finished fit of this case, or fewer draws.
    """
    path = fit / "posterior.nc"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        with xr.open_dataset(path, group="posterior", engine="h5netcdf") as opened:
            sample = opened.load()
    except (OSError, ValueError, KeyError) as error:
        raise NostoiError(_refusal(f"no finished fit can be read: {error}", path)) from error
    if meta.get("case_hash") != case_hash:
        raise NostoiError(_refusal("the fit is of another case, or of an older state of it", path))
    there = sample.sizes["chain"] * sample.sizes["draw"]
    if draws > there:
        raise NostoiError(_refusal(f"{draws} draws asked for, the fit has {there}", path))
    chosen = np.random.default_rng(seed).permutation(there)[:draws]
    return chosen, {param.name: _value(param, sample, chosen, path) for param in model.params}


def _value(param: Param, sample: xr.Dataset, chosen: Any, path: Path) -> Any:
    """Values of one parameter, [draw] or [draw, element]."""
    shape = (len(param.value),) if param.dims else ()
    if param.kind == "fixed":
        held = np.asarray(param.value, float).reshape(shape)
        return np.broadcast_to(held, (len(chosen), *shape))
    lacks = param.name not in sample
    found = np.zeros(0) if lacks else sample[param.name].transpose("chain", "draw", ...).values
    if lacks or found.shape[2:] != shape:
        raise NostoiError(_refusal(f"the fit lacks the parameter {param.name}", path))
    return np.asarray(found, float).reshape(-1, *shape)[chosen]


def _refusal(what: str, path: Path) -> Finding:
    return Finding(512, what, file=str(path), do="finish a fit of this case with `nostoi fit`")
