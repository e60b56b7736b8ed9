"""The two honest arms: no look ahead, what each mechanism does, and that intervals are honest."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.study.arms.conflict import DAYS, FILES, flee_case, ground, reports, true_counts

from nostoi.base.scores import HUB, rescaled_ard
from nostoi.study.arms.flow import Switches, prior, rates
from nostoi.study.arms.ground import Ground, ground_of
from nostoi.study.arms.judge import MODEL, marks, rounds
from nostoi.study.arms.learn import ALL_ON, flows_of, learn, scatter_of
from nostoi.study.arms.nopeek import monthly, no_peeking
from nostoi.study.arms.outlook import look_ahead
from nostoi.study.arms.reports import Course, Reports, Row, reports_of
from nostoi.study.arms.trust import Trust, candidates, shipped, table

ROOT = Path(__file__).resolve().parents[3]
TRUST = shipped()
FEW = 100
CAPACITY = np.array([1.0, 2.0, 3.0])


def disturbed(after: int) -> tuple[Ground, Reports, np.ndarray]:
    """The same conflict up to a day, and another one after it."""
    base = ground()
    later = np.arange(DAYS) > after
    since = base.since.copy()
    since[later] = np.where(np.arange(4) == 3, 0, -1)
    is_open = base.is_open ^ later[:, None]
    rows = tuple(
        tuple(row if row.out <= after else replace(row, persons=7e5, anew=True) for row in camp)
        for camp in reports().rows
    )
    total = true_counts().sum(1)
    total[later] *= 9.0
    changed = replace(reports(), rows=rows)
    return replace(base, since=since, is_open=is_open), changed, total


def test_the_future_cannot_reach_a_forecast() -> None:
    """Other reports, outbreaks and openings after day 150: the forecast has the same bytes."""
    made = [
        look_ahead(learn(g, r, 150, TRUST, members=FEW), (30, 60, 90))
        for g, r in ((ground(), reports()), disturbed(150)[:2])
    ]
    assert np.array_equal(made[0], made[1])
    later = [
        learn(g, r, 200, TRUST, members=FEW) for g, r in ((ground(), reports()), disturbed(150)[:2])
    ]
    assert not np.array_equal(later[0].cloud, later[1].cloud)


def test_the_future_cannot_reach_counts_without_peeking() -> None:
    """Another total, other reports and news after day 150: counts up to day 150 are the same."""
    issues = monthly(reports())
    assert issues[:3] == (30, 58, 89)
    plain = no_peeking(ground(), reports(), true_counts().sum(1), TRUST, issues, FEW)
    other = no_peeking(*disturbed(150), TRUST, issues, FEW)
    seen = plain.days <= 150
    assert np.array_equal(plain.quantiles[:, seen], other.quantiles[:, seen])
    assert not np.array_equal(plain.quantiles[:, ~seen], other.quantiles[:, ~seen])


def test_capacities_do_not_exist_for_the_arms() -> None:
    """Neither ground nor reports hold a capacity; it reaches a rival and nothing else."""
    one, two = (
        rounds(ground(), reports(), TRUST, c, members=20) for c in (CAPACITY, 9 * CAPACITY[::-1])
    )
    assert all(np.array_equal(a.quantiles, b.quantiles) for a, b in zip(one, two, strict=True))
    assert not np.array_equal(one[0].rivals["capacity"], two[0].rivals["capacity"])


def test_counts_hold_the_known_total() -> None:
    """Medians of the camps are near the total; each member holds it exactly, so one camp does."""
    total = true_counts().sum(1)
    made = no_peeking(ground(), reports(), total, TRUST, (30,), FEW)
    assert made.days.tolist() == list(range(31, DAYS))
    assert np.all(np.diff(made.quantiles, axis=0) >= 0)
    alone = replace(
        ground(), camps=("east",), km=ground().km[:, :, :1], is_open=ground().is_open[:, :1]
    )
    one = replace(reports(), camps=("east",), rows=reports().rows[:1])
    only = no_peeking(alone, one, total, TRUST, (30,), FEW)
    assert np.allclose(only.median[:, 0], total[31:])


def test_monthly_counts_follow_the_camps() -> None:
    """With shares that wander, monthly reports halve the error of those of day 30 at least."""
    truth = true_counts()
    errors = [
        rescaled_ard(made.median, truth[made.days])
        for issues in ((30,), monthly(reports()))
        for made in [no_peeking(ground(), reports(), truth.sum(1), TRUST, issues, FEW)]
    ]
    assert errors[1] < 0.5 * errors[0]


def test_a_world_of_the_model_is_forecast_with_honest_intervals() -> None:
    """Growth that fades: better than the last count, and 80 % intervals cover 60 to 100 %."""
    found = {
        (m.forecaster, m.horizon, m.scope): m
        for m in marks(rounds(ground(), reports(), TRUST, CAPACITY, members=FEW), true_counts())
    }
    for horizon in (60, 90):
        mine, last = (found[name, horizon, "camps"] for name in (MODEL, "lag30"))
        assert mine.crps < last.crps
        assert 0.6 <= mine.covered[1] <= 1.0
    rival = found["lag30", 30, "total"]
    assert rival.crps == pytest.approx(rival.wis) == pytest.approx(rival.middle)


def test_marks_need_only_what_has_come() -> None:
    """A forecast that reaches beyond the data is made but not scored."""
    made = rounds(ground(), reports(), TRUST, CAPACITY, members=20)
    scored = {m.horizon: m.forecasts for m in marks(made, true_counts()) if m.scope == "total"}
    assert len(made) == len(reports().month_ends(30))
    assert scored == {h: sum(m.issue + h < DAYS for m in made) for h in (30, 60, 90)}


def test_rates_by_hand() -> None:
    """One member, all parameters plain: shares by distance, arrivals by outbreaks, returns."""
    cloud = np.zeros((1, 6 + 2 * 3))
    cloud[0, :6] = [0.0, 0.0, np.log(100.0), np.log(0.001), np.log(0.02), np.log(0.001)]
    found = rates(ground(), cloud, np.array([100]), 100, ALL_ON)
    faded = np.exp(-(100 - np.array([0, 20, 90])) / 100.0)
    km = np.array([[100.0, 400.0, 900.0], [300.0, 200.0, 700.0], [800.0, 500.0, 100.0]])
    pull = (faded[:, None] / ((50 + km) / 500)).sum(0)
    assert found.share[0, 0] == pytest.approx(pull / pull.sum(), rel=1e-6)
    assert found.arrivals[0, 0] == pytest.approx(0.001 + 0.02 * faded.sum() / 4)
    net = found.net(0, np.array([[1000.0, 0.0, 0.0]]), 50_000.0)
    assert net.sum() == pytest.approx(50_000 * found.arrivals[0, 0] - 1.0)


@pytest.mark.parametrize("name", ["network", "outbreaks", "returns", "flows"])
def test_switches(name: str) -> None:
    """Each mechanism, switched off, does what its word says."""
    cloud = prior(TRUST, 3, 50, 1)
    days = np.array([100, 130])
    off = rates(ground(), cloud, days, 130, replace(Switches(), **{name: False}))
    assert off.arrivals.shape == (50, 2)
    if name == "network":
        appeal = np.exp(cloud[:, 6:9])
        assert np.allclose(off.share[:, 0], appeal / appeal.sum(1, keepdims=True))
    elif name == "outbreaks":
        assert np.allclose(off.arrivals, np.exp(cloud[:, 5:6]))
    elif name == "returns":
        assert not off.back.any()
        assert rates(ground(), cloud, np.array([100]), 100, ALL_ON).back.all()
    else:
        assert not off.arrivals.any()
        assert not off.back.any()


def test_a_closed_camp_takes_nobody() -> None:
    """`west` opens on day 60; on day 50 nobody expects it, and on day 60 everybody knows."""
    cloud = prior(TRUST, 3, 20, 1)
    assert rates(ground(), cloud, np.array([55, 70]), 50, ALL_ON).share[:, :, 2].max() == 0.0
    assert rates(ground(), cloud, np.array([70]), 60, ALL_ON).share[:, :, 2].min() > 0.0


def test_falling_camps_are_expected_to_fall() -> None:
    """A camp that loses one per cent a week goes on losing: stocks can fall."""
    rows = [tuple(Row(d, d, 20_000 * np.exp(-d * 0.0015)) for d in range(0, 300, 15))] * 3
    made = look_ahead(
        learn(ground(), replace(reports(), rows=tuple(rows)), 290, TRUST, members=FEW), (30, 90)
    )
    last = rows[0][-1].persons
    assert np.median(made[0]) < last
    assert np.median(made[1]) < 0.97 * last


def test_flows_between_reports() -> None:
    """Reports closer than ten days are taken together, counted back from the last one."""
    course = Course(np.array([0, 12, 15, 30]), np.array([0.0, 120.0, 150.0, 450.0]))
    found = flows_of((course, Course(np.array([0, 40]), np.zeros(2))))
    assert found.camp.tolist() == [0, 0]
    assert list(zip(found.start, found.end, found.per_day, strict=True)) == [
        (15, 30, 20.0),
        (0, 15, 10.0),
    ]
    assert found.first.tolist() == [False, True]
    assert len(flows_of(()).camp) == 0


def test_typical_errors_by_hand() -> None:
    """Without history what is usual elsewhere; a long quiet history makes it small."""
    trust = replace(TRUST, scatter_rate=0.001, scatter_own=1.0, scatter_weight=1.0)
    last = np.array([9_900.0, 0.0])
    none = scatter_of(flows_of(()), 100, last, 10_000.0, trust, True)
    assert none == pytest.approx([10.0, 0.1])
    days = np.arange(0, 600, 30)
    quiet = flows_of((Course(days, np.full(20, 9_900.0)), Course(days, np.zeros(20))))
    long = replace(trust, scatter_memory=1e9)
    after = scatter_of(quiet, 570, last, 10_000.0, long, True)
    assert after[0] == pytest.approx(10.0 / (1 + 19) ** 4, rel=1e-3)
    assert after[1] == pytest.approx(0.1 / (1 + 19) ** 2, rel=1e-3)


def test_a_steady_trend_is_no_surprise() -> None:
    """With trends a constant flow surprises once, at its start; without, every time."""
    days = np.arange(0, 600, 30)
    steady = flows_of((Course(days, np.asarray(1000.0 + 5.0 * days, np.float64)),))
    trust = replace(TRUST, trend_share=1.0, scatter_memory=1e9)
    size = np.array([4000.0])
    with_trend, without = (scatter_of(steady, 570, size, 4000.0, trust, t) for t in (True, False))
    assert with_trend[0] < 0.2 * without[0]
    assert without[0] == pytest.approx(5.0, rel=0.5)


def test_same_seed_same_bytes_and_horizons_are_checked() -> None:
    """Forecasts are a function of the seed; horizons are rising tens."""
    belief = learn(ground(), reports(), 100, TRUST, members=20)
    assert np.array_equal(look_ahead(belief, (30,)), look_ahead(belief, (30,)))
    assert not np.array_equal(look_ahead(belief, (30,)), look_ahead(belief, (30,), seed=2))
    for bad in ((35,), (60, 30), (0,)):
        with pytest.raises(ValueError, match="multiples of ten"):
            look_ahead(belief, bad)
    with pytest.raises(ValueError, match="lies outside"):
        learn(ground(), reports(), DAYS, TRUST)


def test_trust_is_one_number_for_each_row() -> None:
    """The table and the class say the same, and candidates lie between low and high."""
    rows = {row["name"]: (float(row["low"]), float(row["high"])) for row in table()}
    assert list(rows) == list(Trust.__dataclass_fields__)
    assert candidates(3) == candidates(5)[:3]
    for trust in (*candidates(5), TRUST):
        assert all(
            low * 0.99 <= getattr(trust, n) <= high * 1.01 for n, (low, high) in rows.items()
        )
    assert HUB[11] == 0.5


def test_shipped_numbers_are_those_learned() -> None:
    """trust.csv holds what the rule makes of the scores that lie in the repository."""
    script = runpy.run_path(str(ROOT / "verification" / "arms_learn.py"))
    scores = script["read_scores"]()
    assert script["learned"](scores, None) == TRUST
    assert len({line.case for line in scores}) == 7
    others = script["best_without"](scores, "mali2012")
    assert others == script["best_without"]([s for s in scores if s.case != "mali2012"], None)


def test_the_future_in_the_files_cannot_reach_a_forecast(tmp_path: Path) -> None:
    """A later outbreak elsewhere, later counts, closures and registrations in a folder."""
    later = {
        "input_csv/locations.csv": FILES["input_csv/locations.csv"].replace(
            "1.0,town,,", "1.0,town,,7000"
        ),
        "input_csv/conflicts.csv": "#Day,Alpha,Beta,Gate\n"
        + "".join(f"{d},{int(d < 45)},{int(10 <= d < 50)},{int(d > 40)}\n" for d in range(70)),
        "input_csv/closures.csv": FILES["input_csv/closures.csv"] + "country,Home,Sud,40,60\n",
        "input_csv/registration_corrections.csv": "#camp,date,how\nNorth,2030-03-02,normalize\n",
        "source_data/north.csv": "2030-01-01,0\n2030-01-31,2000\n2030-03-02,9000\n",
    }
    made = []
    for name, files in (("plain", {}), ("later", later)):
        case = flee_case(tmp_path / name, files=files)
        belief = learn(ground_of(case), reports_of(case), 31, TRUST, members=FEW)
        made.append(look_ahead(belief, (30, 60, 90)))
    assert np.allclose(made[0], made[1], rtol=1e-6)
