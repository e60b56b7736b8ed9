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
    path = fit / "posterior.nc"
    try:
        meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
        with xr.open_dataset(path, group="posterior", engine="h5netcdf") as opened:
            sample = opened.load().stack(sample=("chain", "draw"))
    except (OSError, ValueError, KeyError) as error:
        raise NostoiError(_refusal(f"no finished fit can be read: {error}", path)) from error
    if meta.get("case_hash") != case_hash:
        raise NostoiError(_refusal("the fit is of another case, or of an older state of it", path))
    there = sample.sizes["sample"]
    if draws > there:
        raise NostoiError(_refusal(f"{draws} draws asked for, the fit has {there}", path))
    chosen = np.sort(np.random.default_rng(seed).permutation(there)[:draws])
    return [_values(model, sample.isel(sample=int(i)), path) for i in chosen]


def _values(model: Model, draw: xr.Dataset, path: Path) -> Values:
    """Values of one draw; fixed parameters keep their value."""
    return {param.name: _value(param, draw, path) for param in model.params}


def _value(param: Param, draw: xr.Dataset, path: Path) -> Any:
    if param.kind == "fixed":
        values = np.asarray(param.value, float)
        return values if param.dims else values[0]
    if param.name not in draw or draw[param.name].size != len(param.value):
        raise NostoiError(_refusal(f"the fit lacks the parameter {param.name}", path))
    values = np.asarray(draw[param.name].values, float)
    return values if param.dims else values.reshape(())


def _refusal(what: str, path: Path) -> Finding:
    return Finding(512, what, file=str(path), do="finish a fit of this case with `nostoi fit`")
