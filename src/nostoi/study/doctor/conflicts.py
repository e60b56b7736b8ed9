"""Conflicts between sources: figures that miss, biased publishers, observers that pull apart."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
from scipy.stats import binom

from nostoi.case.ledger import Observation, place_of
from nostoi.observe.scale import ends
from nostoi.study.cite import pulls
from nostoi.study.doctor.chart import Chart, Floats
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import Unknown

LEAST = 2
"""Misses of one publisher below which nothing is said of it."""


def conflicts(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Findings 651 to 654."""
    return [*_misses(chart), *_biased(chart, unknowns), *_pairs(chart)]


def _used(chart: Chart) -> list[Observation]:
    by_id = {row.id: row for row in chart.rows}
    return [by_id[label] for label in chart.obs]


def _misses(chart: Chart) -> list[FitFinding]:
    """Publishers that miss too often, and single rows that miss by far."""
    rows = _used(chart)
    y = chart.draws("posterior_predictive", "y").reshape(-1, len(rows))
    low, middle, high = np.quantile(y, (0.05, 0.5, 0.95), axis=0)
    said = np.array([ends(row) for row in rows])
    out = (said[:, 1] < low) | (said[:, 0] > high)
    distance = _distance(said, np.stack([low, middle, high], axis=-1))
    return [*_publishers(chart, rows, out), *_far(chart, rows, distance)]


def _distance(said: Floats, quantiles: Floats) -> Floats:
    """How far figures lie from their medians, in half widths of their side.

    Figures above 0 are judged by their logarithm.

    Args:
        said: ends of the published figures, [row, 2].
        quantiles: 5, 50 and 95 % of the predictive distribution, [row, 3].
    """
    both = np.concatenate([said, quantiles], axis=-1)
    logs = (both > 0).all(axis=-1, keepdims=True)
    scaled = np.where(logs, np.log(np.maximum(both, 1e-300)), both)
    least, most, low, middle, high = scaled.T
    above = least > middle
    gap = np.maximum(np.maximum(least - middle, middle - most), 0.0)
    return np.asarray(gap / np.maximum(np.where(above, high - middle, middle - low), 1e-12))


def _publishers(chart: Chart, rows: list[Observation], out: Floats) -> list[FitFinding]:
    """Publishers with more misses than chance allows."""
    total = Counter(row.publisher for row in rows)
    missed = Counter(row.publisher for row, o in zip(rows, out, strict=True) if o)
    found = []
    for key, count in missed.most_common():
        chance = float(binom.sf(count - 1, total[key], limit("outside")))
        if count >= LEAST and chance < limit("chance") / len(total):
            ids = [r.id for r, o in zip(rows, out, strict=True) if o and r.publisher == key]
            facts = {"many": count, "all": total[key], "chance": chance, "names": ids}
            share, name = count / total[key], chart.publisher(key)
            found.append(FitFinding(651, True, name, share, limit("outside"), facts))
    return found


def _far(chart: Chart, rows: list[Observation], distance: Floats) -> list[FitFinding]:
    found = []
    for k in np.argsort(-distance):
        if distance[k] <= limit("far"):
            break
        row = rows[k]
        facts = {"publisher": chart.publisher(row.publisher), "observer": row.observer}
        found.append(FitFinding(652, False, row.id, float(distance[k]), limit("far"), facts))
    return found


def _biased(chart: Chart, unknowns: tuple[Unknown, ...]) -> list[FitFinding]:
    """Publishers and observers whose bias the evidence drives into the tail of its prior."""
    found = []
    for one in unknowns:
        learned = one.narrowed < limit("learned_enough")
        if not one.name.endswith(".bias") or not learned or one.conflict <= limit("bias"):
            continue
        family = one.name.partition(".")[0]
        where = f"{chart.publisher(one.element)} ({family})"
        facts = {"mean": one.mean, "direction": "above" if one.mean > 0 else "below"}
        serious = one.conflict > limit("bias_much")
        found.append(FitFinding(653, serious, where, one.conflict, limit("bias"), facts))
    return sorted(found, key=lambda f: -f.measure)


def _pairs(chart: Chart) -> list[FitFinding]:
    """Two observers of one place that pull its stock, or those who went home, opposite ways."""
    rows = _used(chart)
    likelihood = chart.draws("log_likelihood", "row")
    by_place: dict[str, dict[str, list[int]]] = {}
    for k, row in enumerate(rows):
        place = place_of(chart.observers[row.observer])
        if place in chart.hosts:
            by_place.setdefault(str(place), {}).setdefault(row.observer, []).append(k)
    found = []
    for place, observers in by_place.items():
        if len(observers) < 2:
            continue
        joint = np.stack([likelihood[..., at].sum(-1) for at in observers.values()], axis=-1)
        for name in ("stock_place", "home_from"):
            figure = _at_the_end(chart, name, place)
            if figure is not None and figure.std() > 0:
                found += _opposite(f"{name}[{place}]", tuple(observers), pulls(joint, figure))
    return sorted(found, key=lambda f: -f.measure)


def _at_the_end(chart: Chart, name: str, place: str) -> Floats | None:
    """A number of a place for every draw, [chain, draw]; the last of a series."""
    data = chart.groups["quantities"]
    if name not in data:
        return None
    found = data[name].sel(place=place)
    found = found.isel(date=-1) if "date" in found.dims else found
    return np.asarray(found.transpose("chain", "draw").values, float)


def _opposite(
    where: str, names: tuple[str, ...], pulled: tuple[Floats, Floats]
) -> list[FitFinding]:
    """Pairs of observers that pull one figure up and down by more than the limit."""
    pull, error = pulled
    sure = error <= limit("pull_error") * np.abs(pull)
    found = []
    for a, b in combinations(range(len(names)), 2):
        weaker = float(min(abs(pull[a]), abs(pull[b])))
        if pull[a] * pull[b] >= 0 or weaker <= limit("pull") or not (sure[a] and sure[b]):
            continue
        up, down = (a, b) if pull[a] > 0 else (b, a)
        facts = {"up": names[up], "by_up": float(pull[up]),
                 "down": names[down], "by_down": float(pull[down])}  # fmt: skip
        serious = weaker > limit("pull_much")
        found.append(FitFinding(654, serious, where, weaker, limit("pull"), facts))
    return found
