"""Vintages and scores: nothing of the future leaks, rivals with known answers, marks by hand."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import jax
import numpy as np
import pytest
import xarray as xr
from tests.study.what_if import SMALL, quick_target
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.base.errors import NostoiError
from nostoi.case.case import Case
from nostoi.case.load import changed, load
from nostoi.case.vintage import as_of
from nostoi.infer.kalman import Linear, kalman_filter
from nostoi.infer.posterior import parameters, write
from nostoi.study.rivals import (
    DIFFUSE,
    MONTH,
    RIVALS,
    Series,
    last_value,
    local_trend,
    monthly,
    straight_line,
    trend_loglik,
)
from nostoi.study.score import OWN, Guess, guesses, mark, marks, ratios
from nostoi.study.vintages import observer_values, targets_of

jax.config.update("jax_enable_x64", True)
DAY = date(2030, 8, 15)
MONTHS = ("04", "05", "06", "07", "09", "10", "11")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small case with figures of permits at the end of most months."""
    folder = tmp_path_factory.mktemp("vintage") / "small"
    shutil.copytree(SMALL, folder)
    path = folder / "evidence" / "observations.csv"
    text = path.read_text(encoding="utf-8")
    rows = [
        f"P{month},register,valid,BBB,,,,2030-{month}-28,{3800 + 150 * int(month)},,,point,0,"
        f"permits,,office-b,2030-{month}-30,A,,permits-b,,citizens,permits in force,,"
        for month in MONTHS
    ]
    path.write_text(text.rstrip() + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def fit(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up fit as of the day."""
    vintage = as_of(case, DAY)
    target = quick_target(vintage)
    folder = tmp_path_factory.mktemp("as-of")
    z = 0.2 * np.random.default_rng(2).standard_normal((2, 40, target.dim))
    write(xr.DataTree.from_dict({"posterior": parameters(target, z)}), folder / "posterior.nc")
    meta = {"case_hash": vintage.hash, "case_folder": str(case.folder), "as_of": DAY.isoformat()}
    (folder / "fit.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder


def test_what_came_later_cannot_reach_a_vintage(case: Case) -> None:
    """Whatever is changed after the day, the vintage keeps its hash; before it, it does not."""
    full = case.full

    def later(rows: list[dict[str, object]], key: str) -> list[dict[str, object]]:
        return [row for row in rows if str(row[key]) > DAY.isoformat()]

    other = full | {
        "signals": [r | ({"strength": 0.123} if r in later(full["signals"], "date") else {})
                    for r in full["signals"]],
        "regimes": [r | ({"entry": 0.123} if r in later(full["regimes"], "from") else {})
                    for r in full["regimes"]],
        "observations": [r | ({"value": 17.0} if r["published"] > "2030-08-15" else {})
                         for r in full["observations"]],
    }  # fmt: skip
    assert other != full
    assert as_of(changed(case, other), DAY).hash == as_of(case, DAY).hash
    first = [{**full["signals"][0], "strength": 0.123}, *full["signals"][1:]]
    earlier = changed(case, full | {"signals": first})
    assert as_of(earlier, DAY).hash != as_of(case, DAY).hash


def test_a_vintage_holds_what_was_known(case: Case) -> None:
    vintage = as_of(case, DAY)
    assert vintage.spec.end == DAY
    assert all(row.published_by <= DAY for row in vintage.evidence.rows)
    assert "O13" not in {row.id for row in vintage.evidence.rows}  # August means its last day
    assert max(regime.end for regime in vintage.regimes) == DAY
    for day in (case.spec.event, date(2031, 2, 1)):
        with pytest.raises(NostoiError, match="N614"):
            as_of(case, day)


def test_targets_are_later_figures_with_a_history(case: Case) -> None:
    found = targets_of(case, DAY)
    assert {target.row.id for target in found} == {"P09", "P10", "P11", "O9"}
    first = next(target for target in found if target.row.id == "P09")
    assert list(first.series.days) == [
        (date(2030, m, d) - DAY).days for m, d in ((4, 28), (5, 28), (6, 28), (6, 30), (7, 28))
    ]
    assert first.factor == 1.0 and first.weeks == pytest.approx(44 / 7)


def test_last_value_scatters_as_the_steps_did() -> None:
    series = Series(np.array([0.0, MONTH, 2 * MONTH]), np.log([100.0, 120.0, 100.0]))
    drawn = last_value(series, 6 * MONTH, np.random.default_rng(1), 20000)
    assert drawn.mean() == pytest.approx(np.log(100.0), abs=0.01)
    assert drawn.std() == pytest.approx(np.sqrt(3) * np.log(1.2), rel=0.03)


def test_straight_line_goes_on() -> None:
    days = MONTH * np.arange(6.0)
    noise = 0.2 * np.array([1, -1, 0, 0, -1, 1])
    drawn = straight_line(Series(days, 1.0 + 0.3 * np.arange(6) + noise), MONTH * 8,
                          np.random.default_rng(1), 40000)  # fmt: skip
    assert np.median(drawn) == pytest.approx(1.0 + 0.3 * 8, abs=0.02)
    sd = np.sqrt(0.16 / 4) * np.sqrt(1 + 1 / 6 + 5.5**2 / 17.5)
    low, high = np.quantile(drawn, [0.1, 0.9])
    assert (high - low) / 2 == pytest.approx(1.533 * sd, rel=0.03)  # t with 4 degrees


def test_local_trend_has_the_likelihood_of_the_oracle() -> None:
    rng = np.random.default_rng(5)
    logs = np.cumsum(0.1 + 0.2 * rng.standard_normal(12))
    level, slope, noise = 0.15, 0.05, 0.1
    shock = [[level**2 + slope**2 / 3, slope**2 / 2], [slope**2 / 2, slope**2]]
    oracle = Linear(
        step=np.array([[1.0, 1.0], [0.0, 1.0]]), watch=np.array([[1.0, 0.0]]),
        shock_cov=np.array(shock), noise_cov=np.array([[noise**2]]),
        mean=np.array([logs[0], 0.0]), cov=np.diag([DIFFUSE**2, 1.0]),
    )  # fmt: skip
    terms = kalman_filter(oracle, logs[:, None]).terms
    series = Series(MONTH * np.arange(12.0), logs)
    assert trend_loglik(series, level, slope, noise) == pytest.approx(terms[2:].sum(), rel=1e-9)


def test_local_trend_follows_a_clear_trend() -> None:
    series = Series(MONTH * np.arange(10.0), 2.0 + 0.1 * np.arange(10.0))
    drawn = local_trend(series, MONTH * 12, np.random.default_rng(1), 4000)
    assert np.median(drawn) == pytest.approx(3.2, abs=0.08)


def test_rivals_are_kept_sensible() -> None:
    """Daily figures of a panic are means of months, and no forecast leaves ten times the range."""
    days = np.array([0.0, 1.0, 2.0, 42.0, 73.0, 104.0, 135.0])
    series = Series(days, np.array([0.0, 3.0, 6.0, 8.0, 10.0, 12.0, 14.0]))
    months = monthly(series)
    assert list(months.days) == [1.0, 42.0, 73.0, 104.0, 135.0]
    assert months.logs[0] == 3.0
    for rival in RIVALS.values():
        drawn = rival(series, 500.0, np.random.default_rng(1), 500)
        assert drawn.max() <= 14.0 + np.log(10.0) + 1e-6
        assert drawn.min() >= 0.0 - np.log(10.0) - 1e-6


def test_short_series_are_carried_forward() -> None:
    series = Series(np.array([0.0, 30.0]), np.array([1.0, 2.0]))
    for rival in RIVALS.values():
        assert np.median(rival(series, 60.0, np.random.default_rng(1), 4000)) == pytest.approx(
            2.0, abs=0.05
        )


def test_known_sources_keep_their_draws_and_new_ones_their_prior(case: Case, fit: Path) -> None:
    params = quick_target(case).panel.params
    numbers = np.array([3, 17, 60])
    found = observer_values(params, fit, numbers, seed=4)
    with xr.open_dataset(fit / "posterior.nc", group="posterior", engine="h5netcdf") as opened:
        level = opened["crossing.level"].load()
    own = level.transpose("chain", "draw", ...).values.reshape(80, -1)[numbers]
    np.testing.assert_array_equal(found["crossing.level"], own)
    flow = next(param for param in params if param.name == "flow.coverage")
    assert found["flow.coverage"].shape == (3, len(flow.value))
    many = observer_values([flow], fit, np.arange(80), seed=4)["flow.coverage"]
    assert np.log(many / flow.value[0]).std() == pytest.approx(float(np.max(flow.sd)), rel=0.25)


def test_later_figures_are_forecast_with_the_noise_of_their_source(case: Case, fit: Path) -> None:
    made = guesses(case, [DAY], lambda _: fit, draws=40, seed=3)
    assert {guess.who for guess in made} == {OWN, *RIVALS}
    own = [guess for guess in made if guess.who == OWN]
    assert [guess.target.row.id for guess in own] == ["O9", "P09", "P10", "P11"]
    for guess in own:
        spread = np.log(guess.draws).std()
        assert 0.05 < spread < 2.0
    found = marks(made)
    assert [one.who for one in found] == [OWN, *RIVALS]
    assert all(one.figures == 4 and one.wis > 0 for one in found)
    assert set(ratios(found)) == set(RIVALS)


def test_marks_by_hand(case: Case) -> None:
    target = targets_of(case, DAY)[0]
    value = target.row.value
    exact = [Guess(DAY, target, OWN, np.full(50, value))]
    found = mark(OWN, exact)
    assert (found.wis, found.crps, found.coverage, found.bias) == (0.0, 0.0, 1.0, 0.0)
    off = mark(OWN, [Guess(DAY, target, OWN, np.full(50, value + 100.0))])
    assert off.wis == pytest.approx(100.0) and off.crps == pytest.approx(100.0)
    assert off.coverage == 0.0 and off.bias == 1.0
    far = replace(target, row=target.row.model_copy(update={"value": 2 * value + 1.0}))
    assert mark(OWN, [Guess(DAY, far, OWN, np.full(9, value))]).wis_log == pytest.approx(np.log(2))


@pytest.mark.parametrize(("days", "number"), [("2030-13-01", "N113"), ("2030-02-01", "N614")])
def test_days_that_cannot_be_are_refused_before_any_fit(
    tmp_path: Path, days: str, number: str
) -> None:
    words = ["score", str(SMALL), "--as-of", days, "-o", str(tmp_path / "s")]
    result = CliRunner().invoke(build(), words)
    assert result.exit_code == 2 and number in result.stderr
    assert not (tmp_path / "s").exists()
