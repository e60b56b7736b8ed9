"""Examine: all checks of a fit, in order."""

from __future__ import annotations

from pathlib import Path

from nostoi.case.case import Case
from nostoi.infer.linear import Linear
from nostoi.study.doctor.chart import Chart, read_chart
from nostoi.study.doctor.conflicts import conflicts
from nostoi.study.doctor.convergence import convergence
from nostoi.study.doctor.duplicates import duplicates
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.flat import flat
from nostoi.study.doctor.identification import identification
from nostoi.study.doctor.prior import prior_conflict
from nostoi.study.doctor.publishers import around_mean, publishers
from nostoi.study.doctor.steps import steps
from nostoi.study.doctor.unknowns import unknowns


def examine(case: Case, fit: Path) -> tuple[FitFinding, ...]:
    """All findings about a finished fit, in the order of the checks.

    Raises:
        NostoiError: N512, the fit cannot be read, is not finished or is of another case.
    """
    chart = read_chart(case, fit)
    return (*examine_chart(chart, around_mean(case, chart)), *steps(case, chart))


def examine_chart(chart: Chart, linear: Linear) -> tuple[FitFinding, ...]:
    """What a chart and its rows around the posterior mean say, without running the case."""
    known = unknowns(chart)
    return (
        *convergence(chart, known),
        *identification(chart, known),
        *conflicts(chart, known),
        *publishers(chart, linear),
        *flat(chart, known),
        *duplicates(chart),
        *prior_conflict(known),
    )
