"""Flat outputs: numbers that never vary, and hosts about which no row says anything."""

from __future__ import annotations

import numpy as np

from nostoi.case.ledger import place_of
from nostoi.study.doctor.chart import Chart, elements
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.identification import HEADLINE, width_over_prior
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import Unknown

STILL = 1e-9


def flat(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Findings 661 to 664."""
    found = []
    for name, variable in chart.groups["quantities"].data_vars.items():
        dates = "date" in variable.dims
        for words, draws in elements(variable):
            parts = words.split(", ")
            if "place_from" in variable.dims and parts[0] == parts[-1]:
                continue
            where = f"{name}[{words}]" if words else str(name)
            found += _series(where, draws, dates)
    return [*found, *_unseen(chart, unknowns)]


def _series(where: str, draws: np.ndarray, dates: bool) -> list[FitFinding]:
    """What is wrong with one number or one series."""
    broken = float((~np.isfinite(draws)).mean())
    if broken > 0:
        return [FitFinding(664, True, where, broken, 0)]
    size = STILL * (1.0 + float(np.abs(draws).mean()))
    over_draws = float(draws.std(axis=(0, 1)).max())
    if over_draws <= size:
        serious = where.partition("[")[0] in HEADLINE
        return [FitFinding(661, serious, where, over_draws, 0, {"value": float(draws.mean())})]
    over_time = float(draws.std(axis=-1).max()) if dates and draws.shape[-1] > 1 else np.inf
    if over_time <= size:
        return [FitFinding(662, False, where, over_time, 0)]
    return []


def _unseen(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Hosts where no used row counts and whose stock at the end is about as wide as its prior."""
    used = set(chart.obs)
    seen = {row.place for row in chart.rows if row.id in used}
    seen |= {place_of(chart.observers[row.observer]) or "" for row in chart.rows if row.id in used}
    z = np.stack([one.z.ravel() for one in unknowns], axis=-1)
    stock = chart.groups["quantities"].get("stock_place")
    if stock is None or z.shape[0] < 2 * z.shape[1]:
        return []
    ends = {words: draws[..., -1].ravel() for words, draws in elements(stock) if words not in seen}
    ends = {words: draws for words, draws in ends.items() if draws.std() > 0}
    if not ends:
        return []
    ratios = width_over_prior(z, np.stack(list(ends.values()), axis=-1))
    return [
        FitFinding(663, False, place, float(ratio), limit("prior"))
        for place, ratio in zip(ends, ratios, strict=True)
        if ratio > limit("prior")
    ]
