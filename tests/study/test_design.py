"""Worth of measurements: closed forms where all is normal, simulations that agree, bad files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from nostoi.base.errors import NostoiError
from nostoi.case.candidates import Permits, Survey, read_candidates
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.observe.shared import SHARED
from nostoi.present.disclosure import Gate
from nostoi.present.worth import plot, ranked
from nostoi.study.design import (
    LOG,
    Signal,
    check,
    evaluate,
    judge,
    linear_cut,
    quantity_of,
    remaining,
    signal_of,
    simulate,
    weights_of,
)

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
DAY = date(2030, 12, 15)
PAPER = Permits(kind="permits", name="paper", place="BBB", date=DAY, cost=2.0)
FILE = """quantity: {what: returned, rule: any, date: 2030-12-29}
candidates:
  - {kind: survey, name: asked, question: returned, n: 2000, date: 2030-12-15, frame_sd: 0.2,
     cost: 10}
  - {kind: survey, name: at-home, question: been_abroad, n: 90000, date: 2030-12-15, cost: 90}
  - {kind: border, name: door, place: BBB, direction: home, from: 2030-03-01, to: 2030-12-15,
     cost: 3}
  - {kind: permits, name: paper, place: CCC, date: 2030-12-15, cost: 2}
  - {kind: poll, name: fear, n: 900, group: called, date: 2030-12-15, cost: 4}
"""


@pytest.fixture(scope="module")
def case() -> Case:
    return load(SMALL)


@pytest.fixture(scope="module")
def drawn() -> xr.Dataset:
    """Made-up quantities of 1,200 draws: BBB and CCC, two rules, 52 weeks."""
    rng = np.random.default_rng(3)
    n, weeks = 1200, 52
    dates = np.datetime64("2030-01-07") + 7 * np.arange(weeks)
    size, pace = np.exp(0.3 * rng.standard_normal((2, n)))
    grow = np.linspace(0.01, 1.0, weeks)
    stock = 40000 * size[:, None] * grow
    back = 9000 * (size * pace)[:, None] * grow
    half = np.array([0.6, 0.4])[:, None]
    rules = np.array([1.0, 0.5])[:, None]
    data = {
        "returned_rule": (("sample", "rule", "date"), back[:, None] * rules),
        "stock_rule": (("sample", "rule", "date"), stock[:, None] * rules),
        "stock_place": (("sample", "place", "date"), stock[:, None] * half),
        "arrivals_place": (("sample", "place", "date"), 0.1 * stock[:, None] * half),
        "home_place": (("sample", "place", "date"), 0.04 * back[:, None] * half),
        "belief_home": (("sample", "group", "date"), np.full((n, 2, weeks), 0.3)),
    }
    coords = {"rule": ["any", "3m"], "place": ["BBB", "CCC"], "group": ["called", "others"],
              "date": dates.astype("datetime64[ns]")}  # fmt: skip
    return xr.Dataset(data, coords)


def normal_pair(rho: float, n: int = 4000) -> tuple[np.ndarray, Signal]:
    """A quantity and a figure that are jointly normal; the figure errs with sd 0.5."""
    rng = np.random.default_rng(8)
    a, b = rng.standard_normal((2, n))
    mean = rho * a + np.sqrt(1 - rho**2) * b
    return 3.0 * a + 10.0, Signal(mean, np.full(n, 0.5), LOG, 0.0, 0.5)


@pytest.mark.parametrize("rho", [0.9, 0.5, 0.0])
def test_normal_worlds_have_a_closed_form(rho: float) -> None:
    """Cut = rho^2 / (1 + 0.25)"""
    wanted, signal = normal_pair(rho)
    exact = rho**2 / 1.25
    assert linear_cut(wanted, signal) == pytest.approx(exact, abs=0.03)
    found = judge(PAPER, wanted, signal, np.random.default_rng(1))
    assert found.cut == pytest.approx(exact, abs=3 * found.error + 0.03)
    assert found.per_cost == found.cut / 2.0
    assert found.sure


def test_weights_by_hand() -> None:
    signal = Signal(np.array([0.0, 1.0]), np.array([1.0, 1.0]), LOG, 0.0, 1.0)
    weights = weights_of(signal, 1.0)
    assert weights[1] / weights[0] == pytest.approx(np.exp(0.5))
    assert weights_of(signal, 1.0, left_out=1)[0] == 1.0
    assert remaining(np.array([0.0, 2.0]), np.array([0.5, 0.5])) == pytest.approx(1.0)
    assert remaining(np.array([0.0, 2.0]), np.array([1.0, 0.0])) == 0.0


def test_counts_show_the_error_that_all_share_and_surveys_do_not(
    case: Case, drawn: xr.Dataset
) -> None:
    """A census of papers has it too, so that it cannot promise to cure it."""
    error = np.exp(0.09 * np.random.default_rng(5).standard_normal(drawn.sizes["sample"]))
    shown = drawn.assign({SHARED: ("sample", error)})
    gap = signal_of(case, shown, PAPER).mean - signal_of(case, drawn, PAPER).mean
    np.testing.assert_allclose(gap, np.log(error), rtol=1e-9)
    survey = Survey(kind="survey", name="s", question="returned", n=300, date=DAY, cost=1.0)
    with_error, without = (signal_of(case, one, survey).mean for one in (shown, drawn))
    np.testing.assert_array_equal(with_error, without)


def test_a_figure_too_sharp_for_the_draws_is_said_to_be_so() -> None:
    wanted, signal = normal_pair(0.9, n=300)
    sharp = Signal(signal.mean, np.full(300, 1e-4), LOG, 0.0, 1e-4)
    assert not judge(PAPER, wanted, sharp, np.random.default_rng(1)).sure


def test_people_who_answer_scatter_as_a_binomial() -> None:
    survey = Survey(kind="survey", name="s", question="returned", n=300, date=DAY, cost=1.0,
                    frame_sd=0.0, design_effect=1.0)  # fmt: skip
    mean = float(np.log(0.2 / 0.8))
    signal = Signal(np.array([mean]), np.array([0.1]), "logit", survey.n, 0.0)
    rng = np.random.default_rng(2)
    seen = np.array([simulate(signal, 0, rng) for _ in range(3000)])
    assert seen.std() == pytest.approx(1 / np.sqrt(300 * 0.2 * 0.8), rel=0.06)
    assert seen.mean() == pytest.approx(mean, abs=0.02)


def test_realised_cut_is_within_a_fifth_of_the_expected(
    case: Case, drawn: xr.Dataset, tmp_path: Path
) -> None:
    """Twenty replications of the top candidate, as the command makes them."""
    path = tmp_path / "c.yaml"
    path.write_text(FILE, encoding="utf-8")
    asked = read_candidates(path, case)
    wanted = quantity_of(drawn, asked.quantity)
    verdicts = evaluate(case, drawn, asked, seed=1)
    top = max(verdicts, key=lambda verdict: verdict.cut)
    found = check(top.candidate, wanted, signal_of(case, drawn, top.candidate), 20, seed=1)
    assert top.cut > 0.3
    assert found.realised / found.expected == pytest.approx(1.0, abs=0.2)
    assert np.median(found.effective) > 50
    assert [v.per_cost for v in verdicts] == sorted((v.per_cost for v in verdicts), reverse=True)
    fear = next(v for v in verdicts if v.candidate.name == "fear")
    assert abs(fear.cut) <= 3 * fear.error + 1e-9
    table = ranked(verdicts, {top.candidate.name: found}, float(wanted.std()), Gate(10.0, 5.0))
    picture = plot(table, "returned")
    assert picture.svg.startswith("<svg") and len(table.rows) == 5


def test_border_flows_are_cut_to_their_period(
    case: Case, drawn: xr.Dataset, tmp_path: Path
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(FILE, encoding="utf-8")
    door = read_candidates(path, case).candidates[2]
    flow = drawn["home_place"].sel(place="BBB")
    ends = drawn["date"].values.astype("datetime64[D]").astype(int)
    low, high = (int(np.datetime64(d).astype(int)) for d in ("2030-03-01", "2030-12-15"))
    days = [sum(low <= day <= high for day in range(end - 6, end + 1)) / 7 for end in ends]
    by_hand = (flow.transpose("sample", "date").values * np.array(days)).sum(1)
    np.testing.assert_allclose(np.exp(signal_of(case, drawn, door).mean), by_hand, rtol=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "number", "row"),
    [
        ("name: asked", "nam: asked", 101, 3),
        ("place: CCC", "place: CCD", 120, 7),
        ("group: called", "group: caled", 121, 8),
        ("date: 2030-12-29", "date: 2031-12-29", 119, 1),
        ("name: door", "name: paper", 126, 7),
        ("n: 900, group", "n: 3, group", 117, 8),
        ("kind: poll", "kind: pol", 107, 8),
        ("to: 2030-12-15", "to: 2030-02-15", 118, 6),
        ("what: returned", "what: returned, place: BBB", 109, 1),
        ("cost: 4", "cost: -4", 117, 8),
    ],
)
def test_bad_files_are_refused_with_their_place(
    case: Case, tmp_path: Path, old: str, new: str, number: int, row: int
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(NostoiError) as refused:
        read_candidates(path, case)
    places = [(f.number, f.file, f.row) for f in refused.value.findings]
    assert (number, "c.yaml") in {place[:2] for place in places}
    assert any(place[0] == number and abs((place[2] or 0) - row) <= 1 for place in places), places
    assert all(f.do for f in refused.value.findings)
