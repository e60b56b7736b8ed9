"""A small case with scenarios and a made-up fit of it, for the tests of what-if questions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jax
import numpy as np
import xarray as xr

from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.infer.frame import plain_frame
from nostoi.infer.model import CaseTarget
from nostoi.infer.posterior import parameters, write
from nostoi.rules.params import Pack
from nostoi.study.horizon import horizon_of, panel_on

jax.config.update("jax_enable_x64", True)
SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
CHAINS, DRAWS = 2, 15

HEAD = "title: T\nsays: S.\nsource: invented\nfrom: 2030-07-02\n"
SCENARIOS = {
    "nothing": "",
    "second-wave": """changes:
  - {change: signal, id: W, kind: mobilisation, place: AAA, strength: 1, half_life_days: 21}
  - {change: call_up, to: 2030-08-01, persons: 5000}
""",
    "amnesty": """changes:
  - {change: signal, id: A, kind: amnesty, place: AAA, strength: 1, half_life_days: 300}
""",
    "amnesty-sure": """changes:
  - {change: signal, id: A, kind: amnesty, place: AAA, strength: 1, half_life_days: 300}
  - {change: param, name: amnesty, value: 0.5, sd: 0}
""",
    "shorter-stay": """changes:
  - {change: regime, place: CCC, stay_days: 60, permit_ease: 0.1}
""",
    "money-falls": """changes:
  - {change: money, place: hosts, quantity: exchange, factor: 0.6}
""",
}


def quick_target(case: Case) -> CaseTarget:
    """The target of a case, its reference computed in compiled code."""
    horizon = horizon_of(case)
    panel = panel_on(horizon.model.world, case.evidence)
    pack = Pack((*horizon.model.params, *panel.params))
    frame = plain_frame(pack.dim, sum(p.size for p in panel.params), len(panel.rows))
    return CaseTarget(case, horizon.model, panel, pack, frame)


def make_case(folder: Path) -> Path:
    """The small case without days, with scenarios."""
    shutil.copytree(SMALL, folder / "small")
    path = folder / "small" / "case.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("clock:")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    (folder / "small" / "scenarios").mkdir()
    for name, text in SCENARIOS.items():
        (folder / "small" / "scenarios" / f"{name}.yaml").write_text(HEAD + text, encoding="utf-8")
    return folder / "small"


def make_fit(folder: Path) -> Path:
    """A fit folder of that case with 30 made-up draws around the prior medians."""
    case = load(make_case(folder))
    target = quick_target(case)
    z = 0.3 * np.random.default_rng(4).standard_normal((CHAINS, DRAWS, target.dim))
    groups = {
        "posterior": parameters(target, z),
        "quantities": xr.Dataset(attrs={"group_informed": "called"}),
    }
    out = folder / "fit"
    out.mkdir()
    write(xr.DataTree.from_dict(groups), out / "posterior.nc")
    meta = {"case_hash": case.hash, "case_folder": str(case.folder), "status": "done"}
    (out / "fit.json").write_text(json.dumps(meta), encoding="utf-8")
    np.save(out / "z.npy", z)
    return out
