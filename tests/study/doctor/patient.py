"""A made-up fit of a small case, in the exact structure that `nostoi fit` writes, and healthy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.case.build import params_of, rules_of_case, world_of
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.engine.model import Model, sized_params
from nostoi.infer.frame import plain_frame
from nostoi.infer.linear import Linear
from nostoi.infer.model import CaseTarget
from nostoi.infer.posterior import Draws, build, write
from nostoi.infer.quantities import DIMS, coordinates
from nostoi.observe.scale import ends
from nostoi.rules.params import Pack
from nostoi.study.doctor.chart import Chart, read_chart
from nostoi.study.horizon import panel_on

SMALL = Path(__file__).parents[2] / "cases" / "valid" / "small"
SHAPE = (4, 600)
SETTINGS = {"accept": 0.7}


def target_of_small(case: Case) -> CaseTarget:
    """Target without the engine's reference, which no test of the doctor runs."""
    world = world_of(case)
    params = sized_params(world, params_of(case))
    panel = panel_on(world, case.evidence)
    pack = Pack((*params, *panel.params))
    frame = plain_frame(pack.dim, sum(p.size for p in panel.params), len(panel.rows))
    return CaseTarget(case, Model(world, rules_of_case(case), params), panel, pack, frame)


def healthy(target: CaseTarget) -> xr.DataTree:
    """A posterior that learned every unknown and meets every figure."""
    rng = np.random.default_rng(3)
    z = 0.3 * rng.standard_normal((*SHAPE, target.dim))
    middle = np.array([sum(ends(row)) / 2 for row in target.panel.rows])
    size = (*SHAPE, len(middle))
    predicted = {
        "expected": np.broadcast_to(middle, size),
        "expected_unbiased": np.broadcast_to(middle, size),
        "y": middle + 0.2 * np.abs(middle) * rng.standard_normal(size),
        "log_likelihood": 0.3 * rng.standard_normal(size),
    }
    stats = {
        "diverging": np.zeros(SHAPE, bool),
        "energy": rng.standard_normal(SHAPE),
        "n_steps": np.full(SHAPE, 15),
        "acceptance_rate": np.full(SHAPE, 0.72),
        "lp": rng.standard_normal(SHAPE),
    }
    tree = build(target, Draws(z, stats, _quantities(target, z, rng), predicted))
    thin = tree["quantities"].to_dataset().isel(date=slice(0, None, 26))
    return xr.DataTree.from_dict(
        {name: node.to_dataset() for name, node in tree.children.items()} | {"quantities": thin}
    )


def _quantities(target: CaseTarget, z: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Numbers that follow the unknowns and grow in time."""
    coords = {name: len(labels) for name, labels in coordinates(target).items()}
    found = {}
    for name, dims in DIMS.items():
        sizes = [coords[dim] for dim in dims if dim != "date"]
        series = 1000 * np.exp(z @ (0.1 * rng.standard_normal((target.dim, *sizes)).reshape(
            target.dim, -1)))  # fmt: skip
        value = series.reshape(*SHAPE, *sizes)
        found[name] = (
            value[..., None] * np.arange(1, coords["date"] + 1) if "date" in dims else value
        )
    return found


def write_patient(folder: Path, case: Case, tree: xr.DataTree, **meta: Any) -> Path:
    """The fit folder of a patient."""
    folder.mkdir(parents=True, exist_ok=True)
    write(tree, folder / "posterior.nc")
    said = {"case_hash": case.hash, "case_folder": str(case.folder), "status": "done",
            "method": "nuts", "approximate": False, "settings": SETTINGS}  # fmt: skip
    (folder / "fit.json").write_text(json.dumps(said | meta), encoding="utf-8")
    return folder


def chart_of_healthy(folder: Path) -> Chart:
    """The chart of the healthy patient, whose folder is written too."""
    case = load(SMALL)
    fit = write_patient(folder, case, healthy(target_of_small(case)))
    return read_chart(case, fit)


def changed(chart: Chart, group: str, **values: Any) -> Chart:
    """The chart with some variables of a group replaced, [chain, draw, ...] as in the file."""
    data = chart.groups[group].copy(deep=True)
    for name, value in values.items():
        key = name.replace("__", ".")
        data[key] = (data[key].dims, np.broadcast_to(value, data[key].shape).copy())
    return replace(chart, groups={**chart.groups, group: data})


def in_line(chart: Chart, dim: int = 9) -> Linear:
    """Rows that show what was expected of them before."""
    rng = np.random.default_rng(4)
    said = 5.0 + rng.standard_normal(len(chart.obs))
    slope = 0.1 * rng.standard_normal((len(said), dim))
    return Linear(said, said, said, slope, np.full(len(said), 1.0))
