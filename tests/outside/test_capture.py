"""Hidden size from repeat captures, against published answers.

Data: persons without papers met by the police of four Dutch cities in 1995 who could not be
expelled, by number of meetings (van der Heijden, Bustami, Cruyff, Engbersen and van Houwelingen
2003, *Statistical Modelling* 3:305-322; the same counts in the R package Rcapture, data set
`ill`). The paper's second model, with sex, age and nationality (12,690 persons), needs one record
per real person; we do not carry such records, so only the totals are tested here.
"""

from math import exp, lgamma, log

import numpy as np
import pytest

from nostoi.observe.capture import HiddenSize, chao, poisson_rate, truncated_poisson, zelterman

MET = (1645, 183, 37, 13, 1, 1)


def test_common_rate_as_published() -> None:
    """7,080 persons, interval 6,363 to 7,797 (normal, as in the paper)."""
    found = truncated_poisson(MET)
    assert found.seen == 1880
    assert poisson_rate(MET) == pytest.approx(0.30862, abs=5e-6)
    assert found.size == pytest.approx(7079.93, abs=0.005)
    half = 1.96 * found.standard_error
    assert (round(found.size - half), round(found.size + half)) == (6363, 7797)


def test_lower_bound_and_zelterman() -> None:
    """Independent computation from the formulas of Chao and Zelterman."""
    assert chao(MET).size == pytest.approx(9273.5, abs=0.05)
    assert chao(MET, corrected=True).size == pytest.approx(9228.9, abs=0.05)
    assert zelterman(MET).size == pytest.approx(9424.6, abs=0.05)


def test_rate_is_where_the_likelihood_peaks() -> None:
    """The score equation and the likelihood itself agree."""

    def loglik(rate: float) -> float:
        return sum(
            count * (k * log(rate) - rate - lgamma(k + 1) - log(1.0 - exp(-rate)))
            for k, count in enumerate(MET, start=1)
        )

    peak = poisson_rate(MET)
    assert loglik(peak) > max(loglik(peak * 0.999), loglik(peak * 1.001))


def simulated(people: int, rate: float, seed: int) -> tuple[int, ...]:
    """Meetings of simulated people at one common rate, as frequencies."""
    met = np.random.default_rng(seed).poisson(rate, people)
    return tuple(int(n) for n in np.bincount(met, minlength=4)[1:])


@pytest.mark.parametrize("estimate", [truncated_poisson, chao, zelterman])
def test_standard_errors_are_those_of_repetition(estimate: object) -> None:
    """Over 400 simulated lists the estimates scatter as their standard errors say."""
    assert callable(estimate)
    found: list[HiddenSize] = [estimate(simulated(5000, 0.5, seed)) for seed in range(400)]
    sizes = np.array([f.size for f in found])
    errors = np.array([f.standard_error for f in found])
    assert sizes.mean() == pytest.approx(5000, rel=0.01)
    assert sizes.std() == pytest.approx(errors.mean(), rel=0.12)
    covered = [low <= 5000 <= high for low, high in (f.interval() for f in found)]
    assert 0.92 <= np.mean(covered) <= 0.98


def test_interval_never_falls_below_those_seen() -> None:
    """However wide, the interval starts above the persons met."""
    found = chao((40, 1))
    low, high = found.interval()
    assert found.seen < low < found.size < high
    assert HiddenSize(10.0, 0.0, 10).interval() == (10.0, 10.0)


@pytest.mark.parametrize("met", [(5,), (5, 0, 2), (0, 4), (5, -1)])
def test_counts_from_which_nothing_follows_are_refused(met: tuple[int, ...]) -> None:
    """Without people met once and people met twice there is no estimate."""
    with pytest.raises(ValueError, match="met"):
        chao(met)
