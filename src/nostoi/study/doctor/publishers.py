"""Publishers whose figures together lie off what everything else implies.

A constant factor on all figures of a publisher hardly shows as a misfit: coverages, levels and
ratios of its own take it up, each by less than its prior forbids. The test asks for the factor
itself, with all of these left free at the price of their priors.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from nostoi.case.case import Case
from nostoi.case.ledger import Observation
from nostoi.infer.linear import Linear, linearise
from nostoi.infer.model import target_of
from nostoi.observe.scale import LINEAR, scale_of
from nostoi.study.doctor.chart import Chart, Floats
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import unknowns

LEAST = 2
"""Used rows below which nothing is said of a publisher: a single figure is N652's matter."""

REACH = 1.2815515655446004
"""Standard errors on either side of an 80 % interval."""


def around_mean(case: Case, chart: Chart) -> Linear:
    """The rows of a fit around its posterior mean."""
    mean = np.array([one.mean for one in unknowns(chart)])
    return linearise(target_of(case), mean)


def publishers(chart: Chart, linear: Linear) -> list[FitFinding]:
    """Finding 655 for every publisher with a factor that is large and that chance does not give."""
    found = []
    for key, (shift, error) in factors(chart, linear).items():
        sigmas = abs(shift) / error
        if sigmas <= limit("factor_sure") or abs(shift) <= np.log(limit("factor")):
            continue
        low, high = np.exp(shift - REACH * error), np.exp(shift + REACH * error)
        facts = {"factor": float(np.exp(shift)), "low": float(low), "high": float(high)}
        serious = sigmas > limit("factor_much")
        name = chart.publisher(key)
        found.append(FitFinding(655, serious, name, sigmas, limit("factor_sure"), facts))
    return sorted(found, key=lambda finding: -finding.measure)


def factors(chart: Chart, linear: Linear) -> dict[str, tuple[float, float]]:
    """Log factor on all figures of each publisher, by its key, and the standard error.

    Publishers with fewer than `LEAST` used rows are left out.
    """
    by_id = {row.id: row for row in chart.rows}
    rows = [by_id[label] for label in chart.obs]
    effect, count = _effect(rows, linear), Counter(row.publisher for row in rows)
    return {
        key: linear.factor(effect * np.array([row.publisher == key for row in rows]))
        for key, used in count.items()
        if used >= LEAST
    }


def _effect(rows: list[Observation], linear: Linear) -> Floats:
    """Change of each row on its scale for a factor of e on its figure; [row]."""
    balance = np.array([scale_of(row) == LINEAR for row in rows])
    return np.where(balance, linear.here, 1.0)
