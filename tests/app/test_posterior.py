"""The commands run and lives with draws of a fit: each run has a draw of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.case.load import load
from nostoi.infer.model import target_of
from nostoi.infer.posterior import parameters, write

VALID = Path(__file__).parents[1] / "cases" / "valid"
SHELL = build()
GOES = "title: Somebody who goes\ntold_by: nobody\nhost: BBB\nstay: {from: 20 days, to: 8 weeks}\n"


def nostoi(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(SHELL, list(words))
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The small case with towns, and a fit of it with six made-up draws."""
    folder = tmp_path_factory.mktemp("fitted")
    case, fit = folder / "case", folder / "fit"
    shutil.copytree(VALID / "small", case)
    for name in ("towns.csv", "legs.csv"):
        shutil.copy(VALID / "towns" / name, case / name)
    (folder / "goes.yaml").write_text(GOES, encoding="utf-8")
    fit.mkdir()
    target = target_of(load(case))
    z = 0.3 * np.random.default_rng(4).standard_normal((target.dim, 2, 3)).transpose(1, 2, 0)
    write(xr.DataTree.from_dict({"posterior": parameters(target, z)}), fit / "posterior.nc")
    (fit / "fit.json").write_text(json.dumps({"case_hash": target.case.hash}), encoding="utf-8")
    return case, fit


def test_each_draw_of_a_fit_is_a_run(fitted: tuple[Path, Path], tmp_path: Path) -> None:
    case, fit = fitted
    words = ("run", str(case), "--engine", "agents", "--people", "3000", "--json")
    code, out, err = nostoi(*words, "--posterior", str(fit), "--draws", "2", "-o", str(tmp_path))
    assert code == 0, err
    assert json.loads(out)["journeys"] == "leg by leg"
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as found:
        assert found.sizes["draw"] == 2
        assert len({found.leave.isel(draw=k).values.tobytes() for k in range(2)}) == 2
        assert "fit" in found.attrs["parameters"]


def test_lives_are_searched_under_draws_of_a_fit(fitted: tuple[Path, Path], tmp_path: Path) -> None:
    """Over the roads of the case, by the command and to both files."""
    case, fit = fitted
    like = str(case.parent / "goes.yaml")
    words = ("lives", str(case), "--like", like, "--people", "60000", "--nearest", "2")
    code, out, err = nostoi(*words, "--posterior", str(fit), "-o", str(tmp_path), "--json")
    assert code == 0, err
    found = json.loads(out)
    assert "draws of the fit fit" in found["parameters"]
    assert len(found["near"]) == 2
    assert found["chances"][-1]["of_all_people"]["people"] > 0
    assert {path.name for path in tmp_path.iterdir()} == {"lives.md", "lives.json"}


def test_lives_refuse_a_fit_of_another_case(fitted: tuple[Path, Path], tmp_path: Path) -> None:
    words = ("--like", str(fitted[0].parent / "goes.yaml"), "--posterior", str(fitted[1]))
    code, out, err = nostoi("lives", str(VALID / "no-evidence"), *words, "-o", str(tmp_path / "o"))
    assert (code, out) == (2, "")
    assert "N" in err and "Traceback" not in err
    assert not (tmp_path / "o").exists()
