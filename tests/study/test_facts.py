"""Facts are held against a fit: rows by their predictive draws, other figures recomputed."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from nostoi.base.errors import NostoiError
from nostoi.base.numerics import prepare
from nostoi.case.facts import Part
from nostoi.case.load import load
from nostoi.case.schema import Disclosure
from nostoi.study.facts import judge, number, outcome, write_facts

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "cases" / "valid" / "small"
FLAGSHIP = ROOT / "cases" / "russia-2022"

WEEK = {"from": "2030-03-04", "to": "2030-03-10"}
OUT = {"observer": "border-b", "measure": "out", **WEEK}
IN = {"observer": "border-b", "measure": "in", **WEEK}
FACTS = [
    {"fact": "All", "published": "O1", "parts": [
        {"row": "O1"},
        {"says": "share gone", "of": OUT, "over": IN, "low": 0, "high": 5},
        {"says": "leavers a day", "of": {"quantity": "departures", **WEEK}, "low": 0}]},
    {"fact": "Some", "published": "O2", "reading": "as read", "parts": [
        {"row": "O2"}, {"says": "rents", "ledger": ["O15"], "outside": "no rents"}]},
    {"fact": "None", "published": "O2", "parts": [
        {"says": "out", "of": OUT, "high": -1e9},
        {"says": "left", "of": {"quantity": "left_share", "place": "BBB", **WEEK}, "low": 101},
        {"says": "home", "of": {"quantity": "returned_share", "rule": "3m", **WEEK}, "low": 101},
        {"says": "on", "of": {"quantity": "onward_share", **WEEK}, "low": 101},
        {"says": "moves", "of": {"quantity": "onward", **WEEK}, "low": 1e9}]},
]  # fmt: skip


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fit folder of the small case: draws of the prior and of what it predicts."""
    prepare()
    from nostoi.infer import posterior
    from nostoi.infer.model import target_of

    folder = tmp_path_factory.mktemp("facts")
    case_folder = shutil.copytree(SMALL, folder / "small")
    (case_folder / "facts.yaml").write_text(json.dumps({"facts": FACTS}), encoding="utf-8")
    case = load(case_folder)
    target = target_of(case)
    rng = np.random.default_rng(1)
    z = 0.1 * rng.standard_normal((2, 3, target.dim))
    rows = target.panel.rows
    y = np.array([row.value for row in rows]) * np.exp(rng.normal(0, 0.1, (2, 3, len(rows))))
    groups = {
        "posterior": posterior.parameters(target, z),
        "prior": posterior.priors(target, z),
        "posterior_predictive": xr.Dataset(
            {"y": (("chain", "draw", "obs"), y)}, {"obs": np.array([row.id for row in rows])}
        ),
    }
    out = folder / "fit"
    out.mkdir()
    xr.DataTree.from_dict(groups).to_netcdf(out / "posterior.nc", engine="h5netcdf")
    meta = {"case_folder": str(case_folder), "case_hash": case.hash, "seed": 7, "status": "done"}
    (out / "fit.json").write_text(json.dumps(meta), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def found(fit: Path) -> list[dict[str, Any]]:
    """The content of facts.json."""
    content: list[dict[str, Any]] = json.loads(write_facts(fit).read_text(encoding="utf-8"))
    return content


def test_verdicts(found: list[dict[str, Any]]) -> None:
    assert [(fact["fact"], fact["verdict"]) for fact in found] == [
        ("All", "reproduced"), ("Some", "partly"), ("None", "not")]  # fmt: skip
    assert found[0]["model"].startswith("3 of 3 parts inside. ")
    assert found[1]["why"] == "Outside the model: rents (no rents). as read"
    assert found[2]["why"].startswith("Missed: out; left; home; on; moves.")
    assert all(set(fact) == {"fact", "published", "model", "verdict", "why", "parts"}
               for fact in found)  # fmt: skip


def test_a_ratio_has_no_noise_and_a_count_has_bounds(found: list[dict[str, Any]]) -> None:
    share = found[0]["parts"][1]
    assert 0.0 < float(share["low90"]) <= float(share["median"]) <= float(share["high90"]) < 5.0
    left = found[2]["parts"][1]
    assert 0.0 <= float(left["median"]) <= 100.0
    assert found[1]["parts"][1]["median"] == ""


def test_the_same_fit_gives_the_same_facts(fit: Path) -> None:
    first = write_facts(fit).read_bytes()
    assert write_facts(fit).read_bytes() == first


def test_unit_scale_spread_is_stored(fit: Path) -> None:
    with xr.open_datatree(fit / "posterior.nc", engine="h5netcdf") as tree:
        prior, posterior = tree["prior"].to_dataset(), tree["posterior"].to_dataset()
    names = [str(name) for name in posterior.data_vars if name != "bias"]
    for name in names:
        found = prior[f"{name}_zsd"]
        assert found.dims == prior[f"{name}_sd"].dims
        assert (0.0 < found).all() and (found < 0.5).all()


def test_a_missed_must_spoils_the_verdict() -> None:
    case = load(SMALL)
    parts = [Part(says=str(i), of=_figure(), low=0) for i in range(9)]
    for must, verdict in ((False, "reproduced"), (True, "partly")):
        last = Part(says="must", of=_figure(), high=-1, must=must)
        fact = {"fact": "f", "published": "p", "parts": (*parts, last)}
        judged = judge(_with(case, fact), {(0, j): np.ones(10) for j in range(10)})
        assert judged[0]["verdict"] == verdict


def test_a_row_brings_its_own_ends() -> None:
    case = load(SMALL)
    row = next(row for row in case.evidence.rows if row.id == "O5")
    seen = outcome(Part(row="O5"), row, np.full(10, 9500.0))
    assert (seen.low, seen.high) == (7999.5, 10000.0)
    assert seen.inside and seen.counts


def test_numbers_are_short_and_small_counts_withheld() -> None:
    assert number(123456.0, True, Disclosure()) == "123,000"
    assert number(3.0, True, Disclosure()) == "under 10"
    assert number(0.0, True, Disclosure()) == "under 10"
    assert number(13.0, True, Disclosure()) == "15"
    assert number(-3.0, True, Disclosure()) == "above -10"
    assert number(0.6543, False, Disclosure()) == "0.654"
    assert number(float("inf"), True, Disclosure()) == ""


def test_refusals_have_a_number(fit: Path, tmp_path: Path) -> None:
    with pytest.raises(NostoiError, match="N603"):
        write_facts(tmp_path)
    meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
    (tmp_path / "fit.json").write_text(json.dumps(meta | {"status": "sampling"}), encoding="utf-8")
    with pytest.raises(NostoiError, match="N603"):
        write_facts(tmp_path)


def test_the_flagship_states_ten_facts() -> None:
    case = load(FLAGSHIP)
    assert len(case.facts) == 10
    for fact in case.facts:
        assert "RU22-" in fact.published or "no row" in fact.published


def _figure() -> Any:
    from nostoi.case.facts import Figure

    return Figure(quantity="departures", start=date(2030, 3, 4), end=date(2030, 3, 10))


def _with(case: Any, fact: dict[str, Any]) -> Any:
    from dataclasses import replace

    from nostoi.case.facts import Fact

    return replace(case, facts=(Fact(**fact),))
