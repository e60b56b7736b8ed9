"""Identification: parameters and printed numbers about which the evidence taught nothing.

The prior of a quantity is not in a fit. Its width is worked out to first order: the quantity is
regressed on all unknowns over the draws, and under the prior these are independent N(0, 1), so
that the sum of the squared slopes is the prior variance of the quantity near the posterior.
"""

from __future__ import annotations

import numpy as np

from nostoi.infer.narrowed import verdict
from nostoi.study.doctor.chart import Chart, Floats, elements
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import Unknown

HEADLINE = ("left_total", "left_since_event", "abroad_end", "returned_end", "returned_share_end",
            "ready_total", "again_total")  # fmt: skip
"""What page one of a report shows."""


def identification(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Findings 641 and 642."""
    return [*_parameters(unknowns), *_quantities(chart, unknowns)]


def _parameters(unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """All prior-driven unknowns in one finding: there are always some."""
    driven = [one for one in unknowns if verdict(one.narrowed) == "prior"]
    if not driven:
        return []
    share = len(driven) / len(unknowns)
    names = list(dict.fromkeys(one.name for one in driven))
    facts = {"many": len(driven), "all": len(unknowns), "names": names}
    return [FitFinding(641, False, "posterior", share, limit("prior"), facts)]


def _quantities(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Numbers without a date that are about as wide as their prior."""
    names, values = [], []
    for name, variable in chart.groups["quantities"].data_vars.items():
        if "date" in variable.dims or "place_from" in variable.dims:
            continue
        for words, draws in elements(variable):
            told_apart = "group" not in variable.dims or words in chart.informed
            if told_apart and np.isfinite(draws).all() and draws.std() > 0:
                names.append((str(name), words))
                values.append(draws.ravel())
    z = np.stack([one.z.ravel() for one in unknowns], axis=-1)
    if not values or z.shape[0] < 2 * z.shape[1]:
        return []
    ratios = width_over_prior(z, np.stack(values, axis=-1))
    found = []
    for (name, words), ratio in zip(names, ratios, strict=True):
        if verdict(float(ratio)) == "prior":
            where = f"{name}[{words}]" if words else name
            serious = name in HEADLINE
            found.append(FitFinding(642, serious, where, float(ratio), limit("prior")))
    return sorted(found, key=lambda f: (not f.serious, -f.measure))


def width_over_prior(z: Floats, values: Floats) -> Floats:
    """Posterior sd over the linearised prior sd of each value, [value]; infinite if all noise.

    Args:
        z: unit-scale unknowns, [draw, unknown].
        values: quantities, [draw, value]; positive ones are taken by their logarithm.
    """
    logs = np.log(np.maximum(values, 1e-300))
    y: Floats = np.where((values > 0).all(axis=0), logs, values)
    y = y - y.mean(axis=0)
    x = z - z.mean(axis=0)
    slopes, _, _, _ = np.linalg.lstsq(x, y, rcond=None)
    noise = np.square(y - x @ slopes).sum(axis=0) / (x.shape[0] - x.shape[1] - 1)
    spread = np.trace(np.linalg.pinv(x.T @ x))
    prior = np.maximum(np.square(slopes).sum(axis=0) - noise * spread, 0.0) + noise
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt(y.var(axis=0) / prior))
