"""Convergence: do the chains agree, and did the sampler work as it should?"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from nostoi.infer.diagnostics import ebfmi, measure
from nostoi.study.doctor.chart import Chart, elements
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import Unknown

Worst = tuple[float, str]
STILL = 1e-9


def convergence(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Findings 631 to 637."""
    found = []
    if chart.meta.get("approximate"):
        method = str(chart.meta.get("method", ""))
        found.append(FitFinding(631, True, "fit.json", 1, 0, {"method": method}))
    return [*found, *_agreement(chart, unknowns), *_sampler(chart)]


def _agreement(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """R-hat and effective draws, the worst number of each."""
    names, rhat, ess = _measures(chart, unknowns)
    found = []
    top, bad = limit("rhat"), rhat > limit("rhat")
    if bad.any():
        k, n = int(np.nanargmax(rhat)), int(bad.sum())
        facts = {"many": n, "all": len(names)}
        found.append(FitFinding(632, True, names[k], float(rhat[k]), top, facts))
    few = ess < limit("ess")
    if few.any():
        k, n = int(np.nanargmin(ess)), int(few.sum())
        facts = {"many": n, "all": len(names)}
        found.append(FitFinding(633, True, names[k], float(ess[k]), limit("ess"), facts))
    return found


def _measures(chart: Chart, unknowns: tuple[Unknown, ...]) -> tuple[list[str], Any, Any]:
    """Names, R-hat and effective draws (bulk or tail, the smaller) of every printed number."""
    names, series = [one.label for one in unknowns], [one.z[..., None] for one in unknowns]
    for key, variable in chart.groups["quantities"].data_vars.items():
        for words, values in elements(variable):
            flat = values.reshape(*values.shape[:2], -1)
            moves = flat.std(axis=(0, 1)) > STILL * (1.0 + np.abs(flat.mean(axis=(0, 1))))
            days = variable["date"].values if "date" in variable.dims else [""]
            label = f"{key}[{words}]" if words else str(key)
            names += [f"{label} {str(days[k])[:10]}".strip() for k in np.flatnonzero(moves)]
            series.append(flat[..., moves])
    found = measure(np.concatenate(series, axis=-1))
    return names, found.rhat, np.minimum(found.ess_bulk, found.ess_tail)


def _sampler(chart: Chart) -> list[FitFinding]:
    """What the sampler's own records say; a fit without them has nothing to say."""
    stats, found = chart.groups["sample_stats"], []
    if "diverging" in stats and (count := int(stats["diverging"].sum())) > 0:
        facts = {"all": stats["diverging"].size}
        found.append(FitFinding(634, True, "sample_stats", count, limit("divergences"), facts))
    if "energy" in stats:
        of_chain = ebfmi(chart.draws("sample_stats", "energy"))
        low = float(of_chain.min())
        if low < limit("ebfmi"):
            where = f"chain {int(of_chain.argmin())}"
            found.append(FitFinding(635, True, where, low, limit("ebfmi")))
    return [*found, *_stays(chart), *_acceptance(chart)]


def _stays(chart: Chart) -> list[FitFinding]:
    """Chains that refuse one path after the other: the step is too long for where they are."""
    if "lp" not in chart.groups["sample_stats"]:
        return []
    values = chart.draws("sample_stats", "lp")
    longest = [max(sum(1 for _ in stay) for _, stay in groupby(row)) for row in values]
    k = int(np.argmax(longest))
    share = longest[k] / values.shape[1]
    if share <= limit("still"):
        return []
    facts = {"draws": longest[k]}
    serious = share > limit("still_much")
    return [FitFinding(636, serious, f"chain {k}", share, limit("still"), facts)]


def _acceptance(chart: Chart) -> list[FitFinding]:
    """Chains whose mean acceptance is far from the one asked for."""
    wanted = chart.meta.get("settings", {}).get("accept")
    if "acceptance_rate" not in chart.groups["sample_stats"] or wanted is None:
        return []
    of_chain = chart.draws("sample_stats", "acceptance_rate").mean(axis=1)
    k = int(np.argmax(np.abs(of_chain - wanted)))
    rate, gap = float(of_chain[k]), limit("acceptance")
    if abs(rate - wanted) <= gap:
        return []
    serious = rate < limit("acceptance_low")
    return [FitFinding(637, serious, f"chain {k}", rate, gap, {"wanted": float(wanted)})]
