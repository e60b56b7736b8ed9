"""Tables of `verification/arms.md`: what each conflict gave, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

FLEE = {
    "mali2012": 0.336, "burundi2015": 0.299, "syria2013": 0.325, "ssudan2016": 0.409,
    "tigray2020": 0.335, "nigeria2016": 0.202, "mali2017_adm1": 0.708,
}  # fmt: skip
"""Rescaled ARD of Flee after day 30, measured outside this project; it reads the capacities."""
HORIZONS = (30, 60, 90)
OFF = ("network", "outbreaks", "returns")
INTERVALS = ("50 %", "80 %", "95 %")
RIVALS = ("lag30", "share30", "capacity")


@dataclass(frozen=True)
class Found:
    """What one conflict gave.

    Attributes:
        case: its name.
        errors: rescaled ARD by way to know the camps, in the registration of the day.
        errors_hindsight: the same if all new registrations had been known.
        covered: share of counts without peeking (monthly) inside 80 %, both registrations.
        scores: (variant, forecaster, horizon, scope) -> (CRPS, WIS of logs, bias, covered, n).
    """

    case: str
    errors: dict[str, float]
    errors_hindsight: dict[str, float]
    covered: tuple[float, float]
    scores: dict[tuple[str, str, int, str], tuple[float, float, float, tuple[float, ...], int]]


def ratio(found: Found, variant: str, base: str, horizon: int, scope: str) -> float:
    """Mean CRPS of a variant over that of a rival or of another variant, on the same forecasts."""
    mine = found.scores[variant, "nostoi", horizon, scope][0]
    seen = "hindsight" if variant == "hindsight" else "all"
    key = (seen, base) if base in RIVALS else (base, "nostoi")
    return mine / found.scores[*key, horizon, scope][0]


def together(every: Sequence[Found], value: Callable[[Found], float]) -> float:
    """Geometric mean over conflicts."""
    return float(np.exp(np.mean([np.log(value(one)) for one in every])))


def no_peeking(every: Sequence[Found], hindsight: bool) -> list[str]:
    """The table of the arm without peeking."""
    lines = [
        "| conflict | once | day-30 | monthly | last reports | share30 | Flee | lag30 | capacity "
        "| in 80 % |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in every:
        e = one.errors_hindsight if hindsight else one.errors
        cells = [e["once"], e["day-30"], e["monthly"], e["last reports"], e["share30"],
                 FLEE[one.case], e["lag30"], e["capacity"]]  # fmt: skip
        inside = f"{100 * one.covered[hindsight]:.0f} %"
        lines.append(f"| {one.case} | " + " | ".join(f"{c:.3f}" for c in cells) + f" | {inside} |")
    return lines


def wins(every: Sequence[Found], way: str, hindsight: bool = False) -> list[str]:
    """Conflicts in which a way is below both shares of day 30 and Flee."""
    of = [(o, o.errors_hindsight if hindsight else o.errors) for o in every]
    return [o.case for o, e in of if e[way] < min(e["share30"], FLEE[o.case])]


def forecasts(every: Sequence[Found], variant: str, scope: str) -> list[str]:
    """Ratios of CRPS to each rival and coverage, by conflict and horizon."""
    rivals = ("lag30", "share30", "capacity", *(("still",) if variant == "all" else ()))
    lines = [
        "| conflict | days ahead | " + " | ".join(f"to {r}" for r in rivals) + " | bias | "
        + " | ".join(f"in {i}" for i in INTERVALS) + " |",
        "|---|--:|" + "--:|" * (len(rivals) + 4),
    ]  # fmt: skip
    for one in every:
        for horizon in HORIZONS:
            _, _, bias, inside, _ = one.scores[variant, "nostoi", horizon, scope]
            cells = [f"{ratio(one, variant, r, horizon, scope):.2f}" for r in rivals]
            shares = [f"{100 * share:.0f} %" for share in inside]
            lines.append(
                f"| {one.case} | {horizon} | "
                + " | ".join([*cells, f"{bias:+.2f}", *shares])
                + " |"
            )
    return lines


def pooled(every: Sequence[Found], variant: str, scope: str) -> list[str]:
    """All conflicts together: plain means in persons, and means that weigh conflicts alike."""
    lines = [
        "| days ahead | forecaster | CRPS, persons | CRPS to lag30, conflicts alike "
        "| WIS of logs, conflicts alike | in 50 % | in 80 % | in 95 % |",
        "|--:|---|--:|--:|--:|--:|--:|--:|",
    ]
    names = [("nostoi", variant, "nostoi"), ("lag30", variant, "lag30"),
             ("share30", variant, "share30"), ("capacity", variant, "capacity")]  # fmt: skip
    if variant == "all":
        names.insert(1, ("still", "still", "nostoi"))
    for horizon in HORIZONS:
        for shown, kind, who in names:
            rows = [one.scores[kind, who, horizon, scope] for one in every]
            base = [one.scores[variant, "lag30", horizon, scope][0] for one in every]
            weights = np.array([row[4] for row in rows], float)
            plain = float(np.average([row[0] for row in rows], weights=weights))
            alike = float(
                np.exp(np.mean([np.log(r[0] / b) for r, b in zip(rows, base, strict=True)]))
            )
            growth = float(np.mean([row[1] for row in rows]))
            inside = [float(np.average([row[3][k] for row in rows], weights=weights))
                      for k in range(3)]  # fmt: skip
            shares = [f"{100 * s:.0f} %" if who == "nostoi" else "" for s in inside]
            lines.append(
                f"| {horizon} | {shown} | {plain:,.0f} | {alike:.2f} | {growth:.3f} | "
                + " | ".join(shares)
                + " |"
            )
    return lines


def ablation(every: Sequence[Found]) -> list[str]:
    """What each mechanism is worth: CRPS without it over CRPS with it, conflicts alike."""
    lines = [
        "| switched off | "
        + " | ".join(f"{s}, {h} days" for s in ("camps", "total") for h in HORIZONS)
        + " |",
        "|---|" + "--:|" * 6,
    ]  # fmt: skip
    for off in (*OFF, "still"):
        cells = [
            together(every, partial(ratio, variant=off, base="fewer", horizon=h, scope=s))
            for s in ("camps", "total")
            for h in HORIZONS
        ]
        shown = "the flow model (`still`)" if off == "still" else off
        lines.append(f"| {shown} | " + " | ".join(f"{c:.3f}" for c in cells) + " |")
    return lines


def small_clouds() -> list[str]:
    """Overconfidence of small clouds, on a linear problem whose posterior is known."""
    from nostoi.base.normals import normals
    from nostoi.infer.ensemble import invert

    dim, data = 20, 40
    slopes = normals(3, "slopes", data, dim)
    noise = np.full(data, 2.0)
    exact = np.trace(np.linalg.inv(np.eye(dim) + slopes.T @ slopes / 4.0))
    lines = ["| members | spread over exact | 80 % intervals hold |", "|--:|--:|--:|"]
    for members in (25, 50, 100, 250, 1000, 4000):
        spreads, held = [], []
        for seed in range(40):
            truth = normals(seed, "truth", 1, dim)[0]
            y = slopes @ truth + noise * normals(seed, "y", 1, data)[0]
            prior = normals(seed, "prior", members, dim)
            cloud = invert(lambda c: np.asarray(c @ slopes.T), prior, y, noise, seed).members
            spreads.append(np.sqrt(np.trace(np.cov(cloud.T)) / exact))
            low, high = np.quantile(cloud, [0.1, 0.9], axis=0)
            held.append(np.mean((low <= truth) & (truth <= high)))
        lines.append(f"| {members} | {np.mean(spreads):.2f} | {100 * np.mean(held):.0f} % |")
    return lines
