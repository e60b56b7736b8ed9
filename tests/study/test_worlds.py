"""Invented worlds: each with parameters of its own, whatever others are made; figures in a case."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.stats import kstest

from nostoi.case.load import load
from nostoi.infer.model import target_of
from nostoi.infer.posterior import parameters, write
from nostoi.observe import shared
from nostoi.observe.scale import LOG, ends, interval
from nostoi.study.worlds import Maker, case_of_world, rewritten, worlds

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    """The small case, and a fit of it with eight made-up draws that lie far apart."""
    folder = tmp_path_factory.mktemp("worlds")
    shutil.copytree(SMALL, folder / "case")
    fit = folder / "fit"
    fit.mkdir()
    target = target_of(load(folder / "case"))
    z = np.random.default_rng(4).standard_normal((2, 4, target.dim))
    write(xr.DataTree.from_dict({"posterior": parameters(target, z)}), fit / "posterior.nc")
    (fit / "fit.json").write_text(json.dumps({"case_hash": target.case.hash}), encoding="utf-8")
    return Maker(target.case, fit, people=20_000, contacts=0)


def test_a_world_does_not_hang_on_how_many_are_made(maker: Maker) -> None:
    for one in (maker, replace(maker, fit=None)):
        alone = next(worlds(one, [2]))
        first, same = worlds(one, [0, 2])
        last = next(worlds(one, [2, 5]))
        assert alone == same == last
        assert alone != first


def test_worlds_of_the_priors_need_no_fit_and_are_others(maker: Maker) -> None:
    near, far = next(worlds(maker, [1])), next(worlds(replace(maker, fit=None), [1]))
    assert near.truth.keys() == far.truth.keys() and near.truth != far.truth
    assert near.figures.keys() == far.figures.keys()
    assert all(np.isfinite(value) for value in far.figures.values())


def test_the_figures_of_a_world_stand_in_its_case(maker: Maker, tmp_path: Path) -> None:
    world = next(worlds(maker, [1]))
    used = {row.id for row in maker.case.evidence.rows if row.used}
    assert set(world.figures) == used
    copy = case_of_world(maker.case, world, tmp_path)
    again = load(copy)
    assert {row.id for row in again.evidence.rows if row.used} == used
    before = {row.id: row.value for row in maker.case.evidence.rows}
    changed = {row.id for row in again.evidence.rows if row.value != before[row.id]}
    assert changed <= used and len(changed) > len(used) / 2


@pytest.mark.parametrize(("figure", "rounding"), [(1200.0, 100.0), (60.0, 5.0), (-600.0, 50.0)])
def test_a_count_is_rounded_in_proportion(maker: Maker, figure: float, rounding: float) -> None:
    """A hundred on 1,200 is 5 on 60: the ends stay as far apart in logs, and none nears zero."""
    some = next(row for row in maker.case.evidence.rows if row.unit != "percent")
    change = {"measure": "net", "value": 1200.0, "rounding": 100.0, "bound": "about"}
    row = some.model_copy(update=change)
    cells = rewritten(row, figure, 0.5)
    assert float(cells["value"]) == figure and float(cells["rounding"]) == rounding


def test_exact_figures_and_percentages_keep_their_rounding(maker: Maker) -> None:
    some = next(row for row in maker.case.evidence.rows if row.unit != "percent")
    exact = some.model_copy(update={"rounding": 0.0, "bound": "point"})
    share = some.model_copy(update={"unit": "percent", "value": 50.0, "rounding": 5.0})
    assert "rounding" not in rewritten(exact, 60.0, 0.5)
    assert "rounding" not in rewritten(share, 60.0, 0.5)


def test_a_liar_lies_in_all_of_its_figures_and_nobody_else_does(
    maker: Maker, tmp_path: Path
) -> None:
    world = next(worlds(maker, [1]))
    liar = next(row.publisher for row in maker.case.evidence.rows if row.used)
    kept = []
    for name, wrong in (("honest", {}), ("lied", {liar: 3.0})):
        folder = case_of_world(maker.case, world, tmp_path / name, wrong)
        with (folder / "evidence" / "observations.csv").open(encoding="utf-8") as file:
            kept.append({row["id"]: row for row in csv.DictReader(file)})
    by_id = {row.id: row for row in maker.case.evidence.rows}
    differ = {name for name in kept[0] if kept[0][name] != kept[1][name]}
    assert differ
    assert {by_id[name].publisher for name in differ} == {liar}


@pytest.mark.parametrize("place", [0.5, 0.1, 0.9])
@pytest.mark.parametrize("bound", ["point", "about", "range", "at_least", "at_most"])
def test_a_published_count_is_read_around_the_figure_that_was_drawn(
    maker: Maker, bound: str, place: float
) -> None:
    """What the source saw lies where it was put in what is read, in logs: no range pulls it."""
    some = next(row for row in maker.case.evidence.rows if row.unit != "percent")
    limits = {"low": 500.0, "high": 1000.0} if bound == "range" else {}
    change = {"value": 750.0, "rounding": 100.0, "bound": bound, "measure": "present"} | limits
    row = some.model_copy(update=change)
    cells = {name: float(cell) for name, cell in rewritten(row, 30_000.0, place).items()}
    low, high, scales = interval((row.model_copy(update=cells),))
    assert scales[0] == LOG
    found = low[0] + place * (high[0] - low[0])
    assert np.exp(found) == pytest.approx(30_000.0, rel=1e-3)
    before = interval((row,))
    assert high[0] - low[0] == pytest.approx(before[1][0] - before[0][0], rel=1e-2)


@pytest.mark.parametrize("bound", ["point", "about", "at_least", "at_most"])
def test_a_published_share_is_read_around_the_one_that_was_drawn(maker: Maker, bound: str) -> None:
    some = next(row for row in maker.case.evidence.rows if row.unit != "percent")
    share = {"unit": "percent", "value": 50.0, "rounding": 5.0, "bound": bound}
    row = some.model_copy(update=share)
    for place in (0.0, 0.25, 1.0):
        cells = {name: float(cell) for name, cell in rewritten(row, 20.0, place).items()}
        low, high = ends(row.model_copy(update=cells))
        assert low + place * (high - low) == pytest.approx(20.0, rel=1e-5)


def test_figures_lie_everywhere_in_their_ranges(maker: Maker) -> None:
    """The places of all rows and worlds are even on 0 to 1, and none is that of another."""
    some = list(worlds(maker, [0, 1, 2, 5]))
    drawn = np.array([list(world.places.values()) for world in some])
    assert drawn.shape[1] == len(some[0].figures) and len(np.unique(drawn)) == drawn.size
    assert kstest(drawn.ravel(), "uniform").pvalue > 0.01


def test_a_count_of_nothing_takes_the_figure_as_it_is(maker: Maker) -> None:
    some = next(row for row in maker.case.evidence.rows if row.unit != "percent")
    row = some.model_copy(update={"value": 0.0, "rounding": 100.0, "bound": "point"})
    assert rewritten(row, 60.0, 0.5) == {"value": "60"}


def test_people_of_a_world_are_seen_without_the_error_of_the_model(maker: Maker) -> None:
    """A wider prior of the shared error changes no figure that an invented world publishes."""
    before = next(worlds(replace(maker, fit=None), [1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "SHARED_SD", 5.0)
        assert next(worlds(replace(maker, fit=None), [1])) == before
