"""Fusion of a survey and Facebook counts, against a published posterior.

Rampazzo, Bijak, Vitali, Weber and Zagheni (2021, *Demography* 58:2193-2218): stocks of 20
European origins in the United Kingdom in 2018 and 2019, from the Labour Force Survey and from
Facebook's advertising platform; 40 posterior medians. Data and terms: `data/README.md`.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from nostoi.observe.fusion import Fused, Precision, Publisher, Theory, fuse

TABLE = Path(__file__).with_name("data") / "rampazzo-2021.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
SMALL = {"Austria", "Belgium", "Czech Republic", "Latvia", "Sweden"}
MIDDLE = {"France", "Germany", "Greece", "Hungary", "Lithuania"}
GREECE = {"2018": -2.76, "2019": -3.70}  # Facebook hardly counted Greeks; sd 10 ** -0.5
ERROR = Precision(100.0, 1.0)


def column(name: str) -> np.ndarray:
    """One column of the published table [row]."""
    return np.array([float(row[name] or "nan") for row in ROWS])


def survey() -> Publisher:
    """Labour Force Survey: undercount by three classes of origins, each row its own."""
    expected = [
        -0.04 if r["country"] in SMALL else -0.13 if r["country"] in MIDDLE else -0.35 for r in ROWS
    ]
    return Publisher(column("lfs"), np.array(expected), np.full(len(ROWS), 0.1), ERROR)


def facebook() -> Publisher:
    """Facebook: coverage of the origin, its change of method in 2018, and the Greek gap."""
    changed = ~np.isnan(column("algorithm_change"))
    mean = -np.log(1.0 - column("facebook_missing"))
    mean += np.log(1.0 - np.nan_to_num(column("algorithm_change")))
    variance = 0.01 + 0.01 * changed
    for i, row in enumerate(ROWS):
        if row["country"] == "Greece":
            mean[i] += GREECE[row["year"]]
            variance[i] += 0.1
    # Two shared terms of the paper, definition Normal(0, 0.1) and platform Normal(0.04, 0.1).
    return Publisher(
        column("facebook"), mean, np.sqrt(variance), ERROR, shared_mean=0.04, shared_sd=0.02**0.5
    )


@pytest.fixture(scope="module")
def fused() -> Fused:
    """The posterior, 8,000 draws."""
    names = ("population", "inflow", "outflow", "growth", "unemployment")
    design = np.column_stack([np.ones(len(ROWS)), *(column(name) for name in names)])
    theory = Theory(design, np.array([10.0, 1, 1, 1, 1, 1]), ERROR)
    return fuse((survey(), facebook()), theory, draws=8000, seed=2021)


def test_forty_medians(fused: Fused) -> None:
    """Half of the medians within 0.5 %, all within 2 % of the published ones.

    The largest gap is Poland, where the paper's own sampler had the fewest effective draws.
    """
    apart = np.abs(np.median(fused.stocks, axis=0) / column("median") - 1.0)
    assert np.median(apart) < 0.005
    assert apart.max() < 0.02


def test_forty_intervals(fused: Fused) -> None:
    """95 % intervals: both ends within 4 % of the published ones."""
    low, high = np.quantile(fused.stocks, [0.025, 0.975], axis=0)
    np.testing.assert_allclose(low, column("low"), rtol=0.04)
    np.testing.assert_allclose(high, column("high"), rtol=0.04)


@pytest.mark.parametrize(
    ("year", "low", "median", "high"),
    [("2018", 0.137, 0.247, 0.373), ("2019", 0.093, 0.195, 0.306)],
)
def test_undercount_of_the_survey(
    fused: Fused, year: str, low: float, median: float, high: float
) -> None:
    """How far the survey's sum lies below the stocks, as a share of the survey."""
    rows = np.array([row["year"] == year for row in ROWS])
    survey_sum = column("lfs")[rows].sum()
    share = fused.stocks[:, rows].sum(axis=1) / survey_sum - 1.0
    found = np.quantile(share, [0.025, 0.5, 0.975])
    np.testing.assert_allclose(found, [low, median, high], atol=0.012)


def test_coefficients_of_the_theory(fused: Fused) -> None:
    """Population, inflow, outflow, growth, unemployment at the origin (published medians)."""
    found = np.median(fused.coefficients, axis=0)
    np.testing.assert_allclose(found[1:], [0.380, 0.369, -0.120, 0.458, 0.118], atol=0.006)
    assert found[0] == pytest.approx(9.666, abs=0.015)


def test_platform_bias(fused: Fused) -> None:
    """Definition and platform together: the paper's two terms share one posterior shift."""
    assert np.median(fused.shared_bias[:, 0]) == pytest.approx(0.0, abs=1e-4)
    # Of two terms with equal spread each takes half: 2 * (-0.428 - 0.04) + 0.04.
    assert np.median(fused.shared_bias[:, 1]) == pytest.approx(-0.896, abs=0.02)


def test_same_seed_same_numbers_and_missing_counts() -> None:
    """Draws repeat by seed; a row that one publisher lacks still gets a stock, less surely."""
    theory = Theory(np.ones((3, 1)), np.array([10.0]), Precision(2.0, 2.0))
    nothing, sd = np.zeros(3), np.full(3, 0.1)
    one = Publisher(np.array([1000.0, 2000.0, np.nan]), nothing, sd, ERROR)
    two = Publisher(np.array([1100.0, 1900.0, np.nan]), nothing, sd, ERROR)
    first, again = (fuse((one, two), theory, draws=400, seed=5).stocks for _ in range(2))
    np.testing.assert_array_equal(first, again)
    spread = np.log(first).std(axis=0)
    assert spread[2] > 3.0 * spread[:2].max()
    with pytest.raises(ValueError, match="not positive"):
        fuse((Publisher(np.array([0.0, 1, 1]), nothing, sd, ERROR),), theory, 1, 1)
    with pytest.raises(ValueError, match="rows of the design"):
        fuse((Publisher(np.ones(2), nothing, sd, ERROR),), theory, 1, 1)
