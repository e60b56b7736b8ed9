"""Fit from end to end: files, groups, resuming, and the refusal to mix two cases in a folder."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from nostoi.base.errors import NostoiError
from nostoi.infer.diagnostics import Verdict, judge
from nostoi.infer.fit import CHAINS, PLACES, Ears, fit
from nostoi.infer.quantities import DIMS
from nostoi.infer.settings import QUICK_DRAWS, Settings
from nostoi.infer.update import update

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
GROUPS = (
    "posterior", "prior", "sample_stats", "observed_data", "posterior_predictive",
    "log_likelihood", "quantities",
)  # fmt: skip
SETTINGS = Settings(seed=3)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the base of the corpus without days, to be quick."""
    folder: Path = tmp_path_factory.mktemp("fit") / "small"
    shutil.copytree(SMALL, folder)
    path = folder / "case.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("clock:")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def heard() -> list[str]:
    """Stages that a listener hears of."""
    return []


@pytest.fixture(scope="module")
def done(case: Path, heard: list[str]) -> tuple[Path, dict[str, Any]]:
    """A quick fit: its folder and what it says of itself."""
    out = case.parent / "out"
    ears = Ears(lambda stage, _: heard.append(stage), lambda _: None)
    return out, fit(case, out, SETTINGS, quick=True, ears=ears)


@pytest.fixture(scope="module")
def tree(done: tuple[Path, dict[str, Any]]) -> Any:
    """The posterior file, read back."""
    return xr.open_datatree(done[0] / "posterior.nc", engine="h5netcdf").load()


def test_fit_says_what_it_did(done: tuple[Path, dict[str, Any]], heard: list[str]) -> None:
    out, meta = done
    assert json.loads((out / "fit.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(meta, default=list)
    )
    assert (meta["status"], meta["method"], meta["approximate"]) == ("done", "short chains", True)
    assert (meta["case"], meta["seed"], meta["format"]) == ("small", 3, 1)
    assert meta["diagnostics"]["converged"] is False
    assert "short chains" in meta["diagnostics"]["reasons"][0]
    assert (out / "map.npz").exists()
    assert set(heard) == {"mode", "sample", "quantities", "write"}
    assert set(meta["seconds"]) == set(heard) | {"load"}
    assert all(spent["wall"] > 0 for spent in meta["seconds"].values())
    assert not list(out.glob("*.part"))


def test_posterior_file_has_its_groups(tree: Any) -> None:
    assert set(tree.children) == set(GROUPS)
    quantities = tree["quantities"]
    assert set(quantities.data_vars) == set(DIMS)
    for name, dims in DIMS.items():
        assert quantities[name].dims == ("chain", "draw", *dims)
        assert np.isfinite(quantities[name].values).all()
    rows = tree["observed_data"].sizes["obs"]
    assert rows == 14
    assert tree["log_likelihood"]["row"].sizes == {"chain": 4, "draw": QUICK_DRAWS, "obs": rows}
    assert set(tree["posterior_predictive"].data_vars) == {"expected", "expected_unbiased", "y"}


def test_draws_look_like_answers(tree: Any) -> None:
    """Not golden numbers: counts are counts, shares are shares, rules are nested."""
    q = tree["quantities"]
    assert (q["left_total"].values > 0).all()
    assert ((q["returned_share_end"].values >= 0) & (q["returned_share_end"].values <= 1)).all()
    assert (np.diff(q["abroad_end"].values, axis=-1) <= 1.0).all()
    np.testing.assert_allclose(
        q["leave_week"].sum("date").values, q["left_total"].values, rtol=1e-4
    )
    assert tree["posterior"]["panic"].std() > 0.0


def test_a_fit_that_is_done_returns_at_once(
    case: Path, done: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without looking at the model again."""

    def never(*_: Any) -> None:
        raise AssertionError("the model was built again")

    monkeypatch.setattr("nostoi.infer.fit.target_of", never)
    before = (done[0] / "posterior.nc").stat().st_mtime_ns
    assert fit(case, done[0], SETTINGS, quick=True)["status"] == "done"
    assert (done[0] / "posterior.nc").stat().st_mtime_ns == before


@pytest.mark.parametrize("other", ["case", "method", "seed"])
def test_another_fit_in_the_same_folder_is_refused(
    case: Path, done: tuple[Path, dict[str, Any]], tmp_path: Path, other: str
) -> None:
    folder, settings, quick = case, SETTINGS, other != "method"
    if other == "seed":
        settings = replace(settings, seed=4)
    if other == "case":
        folder = tmp_path / "small"
        shutil.copytree(SMALL, folder)
    with pytest.raises(NostoiError) as refused:
        fit(folder, done[0], settings, quick=quick)
    (finding,) = refused.value.findings
    assert finding.number == 511


def test_an_update_without_new_figures_is_the_fit(
    case: Path, done: tuple[Path, dict[str, Any]], tree: Any, tmp_path: Path
) -> None:
    """Read back from the folder, every draw weighs the same and comes once, in another order."""
    fit_, out = tmp_path / "fit", tmp_path / "new"
    shutil.copytree(done[0], fit_)
    (fit_ / "fit.json").write_text(json.dumps(done[1] | {"method": CHAINS}, default=list))
    meta = update(case, fit_, out)
    assert meta["weights_worth"] == 4 * QUICK_DRAWS
    assert meta["diagnostics"]["min_ess_bulk"] == pytest.approx(
        done[1]["diagnostics"]["min_ess_bulk"]
    )
    with xr.open_dataset(out / "posterior.nc", group="quantities", engine="h5netcdf") as new:
        for name in ("left_total", "returned_end", "stock_place"):
            drawn, kept = (
                np.sort(one[name].values.reshape(4 * QUICK_DRAWS, -1), 0)
                for one in (new, tree["quantities"])
            )
            np.testing.assert_allclose(drawn, kept, rtol=1e-5)


def test_a_fit_without_its_unknowns_cannot_be_updated(
    case: Path, done: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    fit_ = tmp_path / "fit"
    shutil.copytree(done[0], fit_)
    (fit_ / "fit.json").write_text(json.dumps(done[1] | {"method": CHAINS}, default=list))
    (fit_ / PLACES).unlink()
    with pytest.raises(NostoiError, match="513"):
        update(case, fit_, tmp_path / "new")


def test_chains_that_do_not_agree_go_on_as_if_more_had_been_asked(
    case: Path, tmp_path: Path
) -> None:
    heard: list[str] = []
    ears = Ears(lambda stage, _: heard.append(stage), lambda _: None)
    few = replace(SETTINGS, chains=2, draws=60)
    one, other = tmp_path / "on", tmp_path / "exactly"
    assert (few.lengths(), few.exactly(120).lengths()) == ((60, 80, 100, 120), (120,))
    said = [fit(case, one, few, ears=ears), fit(case, other, few.exactly(120))]
    assert "go on" in heard
    assert [meta["draws"] for meta in said] == [120, 120]
    assert said[0]["diagnostics"] == said[1]["diagnostics"]
    files = (out / "posterior.nc" for out in (one, other))
    a, b = (xr.open_datatree(file, engine="h5netcdf").load() for file in files)
    for group in GROUPS:
        xr.testing.assert_identical(a[group].to_dataset(), b[group].to_dataset())


def test_chains_that_agree_make_no_more(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def agreed(*asked: Any) -> Verdict:
        return replace(judge(*asked), converged=True, reasons=())

    monkeypatch.setattr("nostoi.infer.fit.judge", agreed)
    meta = fit(case, tmp_path / "out", replace(SETTINGS, chains=2, draws=60))
    assert meta["draws"] == 60


def test_chains_that_diverge_make_no_more(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def diverged(*asked: Any) -> Verdict:
        return replace(judge(*asked), converged=False, divergences=1)

    monkeypatch.setattr("nostoi.infer.fit.judge", diverged)
    meta = fit(case, tmp_path / "out", replace(SETTINGS, chains=2, draws=60))
    assert meta["draws"] == 60
