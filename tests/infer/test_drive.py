"""Draws of a fit drive runs: the values are those of the fit, and a wrong fit is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from nostoi.base.errors import NostoiError
from nostoi.case.load import load
from nostoi.infer.drive import posterior_draws, posterior_table, prior_medians
from nostoi.infer.model import CaseTarget, target_of
from nostoi.infer.posterior import parameters, write
from nostoi.infer.runs import Order, run_case

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"


@pytest.fixture(scope="module")
def target() -> CaseTarget:
    return target_of(load(SMALL))


@pytest.fixture(scope="module")
def fit(target: CaseTarget, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fit folder with six made-up draws."""
    folder = tmp_path_factory.mktemp("fit")
    z = 0.3 * np.random.default_rng(4).standard_normal((2, 3, target.dim))
    tree = xr.DataTree.from_dict({"posterior": parameters(target, z)})
    write(tree, folder / "posterior.nc")
    (folder / "fit.json").write_text(json.dumps({"case_hash": target.case.hash}))
    np.save(folder / "z.npy", z)
    return folder


def test_values_are_those_of_the_draws(target: CaseTarget, fit: Path) -> None:
    chosen, _ = posterior_table(target.model, fit, target.case.hash, 6, seed=1)
    found = posterior_draws(target.model, fit, target.case.hash, 6, seed=1)
    z = np.load(fit / "z.npy").reshape(6, -1)
    assert sorted(chosen) == list(range(6))
    for one, unknowns in zip(found, z[chosen], strict=True):
        wanted = target.values(unknowns)
        for name, value in one.items():
            np.testing.assert_allclose(value, wanted[name], rtol=1e-12, err_msg=name)
            assert np.shape(value) == np.shape(wanted[name])
    assert set(found[0]) == set(prior_medians(target.model))


def test_the_first_draws_are_the_same_however_many_are_asked_for(
    target: CaseTarget, fit: Path
) -> None:
    numbers = [
        posterior_table(target.model, fit, target.case.hash, n, seed=1)[0].tolist()
        for n in range(1, 7)
    ]
    assert all(numbers[n] == numbers[5][: n + 1] for n in range(6))


def test_draws_make_different_runs(target: CaseTarget, fit: Path) -> None:
    data = run_case(target.case, Order(people=3000, fit=fit, draws=2, seed=8))
    assert data.sizes["draw"] == 2
    assert not np.array_equal(data.leave.isel(draw=0), data.leave.isel(draw=1))
    assert str(fit) in data.attrs["parameters"]


def test_a_fit_that_cannot_serve_is_refused(target: CaseTarget, fit: Path, tmp_path: Path) -> None:
    for folder, case_hash, draws in (
        (fit, "another", 1),
        (fit, target.case.hash, 7),
        (tmp_path, target.case.hash, 1),
    ):
        with pytest.raises(NostoiError, match="N512"):
            posterior_draws(target.model, folder, case_hash, draws, seed=1)
    (tmp_path / "fit.json").write_text("{broken")
    with pytest.raises(NostoiError, match="N512"):
        posterior_draws(target.model, tmp_path, target.case.hash, 1, seed=1)
