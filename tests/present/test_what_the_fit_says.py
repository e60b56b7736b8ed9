"""Bounds, names of sources and what the data taught are read as the fit wrote them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.present.fake_fit import fake_case, write_fake_fit

from nostoi.present.evidence import Observed, observed, rows
from nostoi.present.reading import Fit, read_fit
from nostoi.present.tables_fit import parameter_rows, provenance


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Fit:
    """A fake fit without marks of bounds and unit-scale spreads."""
    return read_fit(write_fake_fit(tmp_path_factory.mktemp("plain")))


def figure(fit: Fit, **changes: object) -> Observed:
    """One figure of the fake fit with other columns."""
    return replace(observed(fit, fake_case())[0], **changes)  # type: ignore[arg-type]


def test_bounds_are_read_as_the_likelihood_reads_them(plain: Fit) -> None:
    nan = math.nan
    assert figure(plain, value=100.0, low=nan, high=nan, bound="at_least").ends == (100.0, 125.0)
    assert figure(plain, value=100.0, low=nan, high=nan, bound="at_most").ends == (80.0, 100.0)
    assert figure(plain, value=100.0, low=90.0, high=120.0, bound="about").ends == (100.0, 100.0)
    assert figure(plain, value=100.0, low=90.0, high=120.0, bound="range").ends == (90.0, 120.0)
    shown = rows([figure(plain, value=100.0, bound="at_least"), figure(plain, bound="point")])
    assert (shown[0]["published_low"], shown[0]["published_high"]) == (100.0, 125.0)
    assert (shown[1]["published_low"], shown[1]["published_high"]) == (None, None)


def test_the_file_says_the_bound(plain: Fit) -> None:
    count = plain.groups["observed_data"].sizes["obs"]
    bound = ("obs", np.array(["at_least"] * count, dtype=object))
    marked = plain.groups["observed_data"].assign(bound=bound)
    fit = replace(plain, groups={**plain.groups, "observed_data": marked})
    assert {f.bound for f in observed(fit, fake_case())} == {"at_least"}
    assert {f.bound for f in observed(plain, fake_case())} == {""}


def test_sources_of_bias_have_names() -> None:
    case = fake_case(observers={"survey:panel": {"family": "survey"}, "claim:sim-cards": {}},
                     ledger=({"observer": "survey:panel", "publisher": "outrush"},))  # fmt: skip
    assert case.source("kaz_mvd (crossing)") == "Kazakh interior ministry (crossing)"
    assert case.source("survey:panel (survey)") == "OutRush (survey)"
    assert case.source("claim:sim-cards (claim)") == "sim cards (claim)"
    assert case.source("levada") == "Levada"
    assert case.source("nobody (crossing)") == "nobody (crossing)"


def test_learned_is_judged_on_the_unit_scale(tmp_path: Path) -> None:
    fit = read_fit(write_fake_fit(tmp_path / "fit"))
    before = {row["parameter"]: row for row in parameter_rows(fit, fake_case())}
    stored = fit.groups["prior"].assign(
        fear_zsd=0.97, attraction_zsd=("place", np.full(12, 0.3)), wave_zsd=("knot", np.ones(27))
    )
    unit = replace(fit, groups={**fit.groups, "prior": stored})
    after = {row["parameter"]: row for row in parameter_rows(unit, fake_case())}
    assert before["fear"]["label"] == "learned"
    assert after["fear"]["label"] == "prior"
    assert after["fear"]["ratio"] == pytest.approx(0.97)
    assert after["attraction: Kazakhstan"]["label"] == "learned"
    assert after["wave (27 values)"]["label"] == "prior"
    assert after["money"]["ratio"] == before["money"]["ratio"]
    assert isinstance(stored, xr.Dataset)


def test_draws_are_those_that_were_made_and_not_those_asked_for(plain: Fit) -> None:
    fit = replace(plain, meta={**plain.meta, "draws": 1234})
    lines = {name.words: value.words for name, value in provenance(fit, fake_case()).body}
    assert lines["Draws of each chain"] == "1234"
    assert "draws: " in lines["Settings, as asked"]
    assert "1234" not in lines["Settings, as asked"]
