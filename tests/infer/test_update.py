"""An update against exact posteriors, on a small case, and what it refuses."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from nostoi.base.errors import NostoiError
from nostoi.case.load import load
from nostoi.infer.fit import CHAINS, QUICK
from nostoi.infer.model import target_of
from nostoi.infer.quantities import Derivation
from nostoi.infer.update import KEPT, MOST, Before, evenly, systematic, update, widened
from nostoi.infer.weights import Weights, smoothed

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
LATER = "O12"


def test_draws_chosen_by_weight_give_the_exact_posterior() -> None:
    rng = np.random.default_rng(2)
    draws = rng.standard_normal(40_000) * 0.5 + 1.0  # posterior before: N(1, 0.5)
    weights = smoothed(-0.5 * ((1.6 - draws) / 0.6) ** 2)  # a figure 1.6 with sd 0.6
    chosen = draws[systematic(weights, 1)]
    precision = 1 / 0.25 + 1 / 0.36
    assert chosen.mean() == pytest.approx((1.0 / 0.25 + 1.6 / 0.36) / precision, abs=0.01)
    assert chosen.std() == pytest.approx(precision**-0.5, rel=0.02)


def test_each_draw_comes_as_often_as_its_weight_says() -> None:
    share = np.array([0.5, 0.25, 0.2, 0.05])
    many = np.repeat(share / 1000, 1000)
    chosen = systematic(Weights(many, 0.0, 1.0), 3)
    counts = np.bincount(chosen, minlength=4000).reshape(4, 1000).sum(1)
    assert np.abs(counts - 4000 * share).max() <= 1


def test_known_unknowns_keep_their_values_and_new_ones_come_from_the_prior() -> None:
    z = np.arange(8000.0).reshape(2, 2000, 2)
    before = Before(("a", "b"), z, z[..., 0], {}, {}, 1.0)
    found = widened(before, ("b", "c", "a"), 5)
    assert np.array_equal(found[..., 2], z[..., 0])
    assert np.array_equal(found[..., 0], z[..., 1])
    assert abs(found[..., 1].mean()) < 0.06
    assert found[..., 1].std() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(("draws", "step"), [(30, 1), (MOST, 1), (MOST + 1, 2), (5 * MOST, 5)])
def test_draws_to_weigh_are_evenly_spaced_and_no_more_than_that(draws: int, step: int) -> None:
    some = evenly(draws)
    assert len(some) <= MOST
    assert some[0] == 0 and set(np.diff(some)) == {step}


def without(folder: Path, row: str) -> None:
    """Make one row of a case unused."""
    path = folder / "evidence" / "observations.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for line in rows:
        if line["id"] == row:
            line |= {"observer": "", "reason": "not yet published"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The whole case, and the same without one poll."""
    root = tmp_path_factory.mktemp("update")
    whole, before = root / "now" / "small", root / "then" / "small"
    shutil.copytree(SMALL, whole)
    case = whole / "case.yaml"
    lines = case.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("clock:")]
    case.write_text("\n".join(kept) + "\n", encoding="utf-8")
    shutil.copytree(whole, before)
    without(before, LATER)
    return whole, before


@pytest.fixture(scope="module")
def before(cases: tuple[Path, Path]) -> Before:
    """What a fit of the case without the poll holds: here draws near the prior medians."""
    target = target_of(load(cases[1]))
    x = 0.15 * np.random.default_rng(6).standard_normal((2, 60, target.dim))
    _, predictions, _ = Derivation(target, framed=False).over(x, target.frame, 4)
    stats = {name: np.zeros((2, 60)) for name in KEPT}
    verdict = {"max_rhat": 1.0, "min_ess_bulk": 120.0, "min_ess_tail": 100.0, "divergences": 0,
               "ebfmi": 1.0, "converged": True, "reasons": []}  # fmt: skip
    meta = {"seed": 4, "diagnostics": verdict, "status": "done", "method": CHAINS}
    likelihood = predictions["log_likelihood"].sum(-1)
    return Before(target.pack.labels(), x, likelihood, stats, meta, 1.0)


def test_a_poll_moves_what_it_speaks_of(
    cases: tuple[Path, Path], before: Before, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nostoi.infer.update._read", lambda _fit: before)
    monkeypatch.setattr("nostoi.infer.weights.Weights.trusted", True)
    out = tmp_path / "new"
    meta = update(cases[0], tmp_path / "old", out)
    assert meta["updated_from"] == str(tmp_path / "old")
    assert 1 <= meta["weights_worth"] <= 120
    assert meta["diagnostics"]["min_ess_bulk"] == pytest.approx(meta["weights_worth"], abs=0.6)
    with xr.open_datatree(out / "posterior.nc", engine="h5netcdf") as tree:
        groups = {key: tree[key].to_dataset().load() for key in tree.children}
    assert LATER in set(groups["observed_data"]["obs"].values)
    likely = groups["log_likelihood"]["row"].sel(obs=LATER)
    base = target_of(load(cases[0]))
    _, unweighted, _ = Derivation(base).over(before.z, base.frame, 4)
    place = list(groups["log_likelihood"]["obs"].values).index(LATER)
    assert float(likely.mean()) > unweighted["log_likelihood"][..., place].mean()
    with pytest.raises(NostoiError, match="516"):
        update(cases[0], tmp_path / "old", out)


def test_draws_that_lie_elsewhere_are_refused(
    cases: tuple[Path, Path], before: Before, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nostoi.infer.update._read", lambda _fit: before)
    monkeypatch.setattr("nostoi.infer.weights.Weights.trusted", False)
    with pytest.raises(NostoiError, match="515"):
        update(cases[0], tmp_path / "old", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_case_that_lost_a_source_is_refused(
    cases: tuple[Path, Path], before: Before, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nostoi.infer.update._read", lambda _fit: before)
    other = tmp_path / "small"
    shutil.copytree(cases[0], other)
    without(other, "O10")
    with pytest.raises(NostoiError, match="514"):
        update(other, tmp_path / "old", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("meta", [
    None, {"status": "sampling", "method": CHAINS}, {"status": "done", "method": QUICK},
    {"status": "done", "method": CHAINS, "updated_from": "another"},
])  # fmt: skip
def test_a_fit_that_is_none_is_refused(
    cases: tuple[Path, Path], tmp_path: Path, meta: dict[str, str] | None
) -> None:
    fit = tmp_path / "fit"
    fit.mkdir()
    if meta is not None:
        (fit / "fit.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(NostoiError, match="513"):
        update(cases[0], fit, tmp_path / "new")
