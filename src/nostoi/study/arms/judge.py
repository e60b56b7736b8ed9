"""The arm "forecast": issued at each month's end and held against what came, beside its rivals.

Arrivals are unknown here. A series is a camp; the last one is the sum of all camps. Rivals are
single figures, whose CRPS and WIS are their absolute errors:

- `lag30`: the last published count;
- `share30`: the shares of the first month, of the last published total;
- `capacity`: that total split by stated capacity (in Flee's public cases these are the maxima of
  the series, so this rival has seen the future).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import HUB, bias_of_quantiles, covered, crps_of_quantiles, wis, wis_of_logs
from nostoi.infer.ensemble import MEMBERS
from nostoi.study.arms.flow import Switches
from nostoi.study.arms.ground import Ground
from nostoi.study.arms.learn import ALL_ON, learn
from nostoi.study.arms.outlook import look_ahead
from nostoi.study.arms.reports import Reports
from nostoi.study.arms.rivals import last_known, split
from nostoi.study.arms.trust import Trust
from nostoi.study.arms.widening import Widening, widened

Floats = NDArray[np.float64]

HORIZONS = (30, 60, 90)
FIRST_ISSUE = 30
MODEL = "nostoi"
RIVALS = ("lag30", "share30", "capacity")
CAMPS, TOTAL = "camps", "total"
INTERVALS = (0.5, 0.8, 0.95)


@dataclass(frozen=True)
class Round:
    """What was said on one day.

    Attributes:
        issue: the day.
        quantiles: at the levels of `HUB` [horizon, level, series].
        rivals: name -> figures [series], the same at every horizon.
    """

    issue: int
    quantiles: Floats
    rivals: Mapping[str, Floats]


@dataclass(frozen=True)
class Mark:
    """How one forecaster did at one horizon, on camps or on the total; means over forecasts.

    `covered` are the shares inside the central 50, 80 and 95 % intervals (of a single figure:
    how often it was hit); `middle` is the absolute error of the median.
    """

    forecaster: str
    horizon: int
    scope: str
    forecasts: int
    crps: float
    wis: float
    wis_log: float
    middle: float
    bias: float
    covered: tuple[float, float, float]


def issue_days(reports: Reports) -> tuple[int, ...]:
    """Month's ends from day 30 on."""
    return reports.month_ends(FIRST_ISSUE)


def rounds(
    ground: Ground,
    reports: Reports,
    trust: Trust,
    capacity: Floats,
    switches: Switches = ALL_ON,
    members: int = MEMBERS,
    seed: int = 1,
    widening: Widening | None = None,
) -> tuple[Round, ...]:
    """Forecasts of a case from every month's end, also those that reach beyond its last day.

    Without `widening` the sum of the camps is as sure as the flow model.
    """
    made = []
    for issue in issue_days(reports):
        belief = learn(ground, reports, issue, trust, switches, members, seed)
        ahead = look_ahead(belief, HORIZONS, seed)
        both = np.concatenate([ahead, ahead.sum(2, keepdims=True)], axis=2)
        quantiles = np.moveaxis(np.quantile(both, HUB, axis=1), 0, 1)
        if widening is not None:
            quantiles[..., -1] = widened(quantiles[..., -1], widening)
        made.append(Round(issue, quantiles, rival_figures(reports, capacity, issue)))
    return tuple(made)


def rival_figures(reports: Reports, capacity: Floats, issue: int) -> dict[str, Floats]:
    """What each rival says on a day [series]; only rows that were out enter, but for capacity."""
    last = last_known(reports, issue)
    total = float(last.sum())
    days = (day for day in issue_days(reports) if day <= issue)
    early = next((s for s in (last_known(reports, day) for day in days) if s.any()), last)
    said = {"lag30": last, "share30": split(total, early), "capacity": split(total, capacity)}
    return {name: np.append(figures, figures.sum()) for name, figures in said.items()}


def marks(made: Sequence[Round], came: Floats) -> tuple[Mark, ...]:
    """Scores of the model and its rivals against what came [day, camp]."""
    truth = np.concatenate([came, came.sum(1, keepdims=True)], axis=1)
    found = []
    for k, horizon in enumerate(HORIZONS):
        there = [one for one in made if one.issue + horizon < len(truth)]
        if not there:
            continue
        y = np.stack([truth[one.issue + horizon] for one in there])
        said = {MODEL: np.stack([one.quantiles[k] for one in there], axis=1)}
        for name in RIVALS:
            figures = np.stack([one.rivals[name] for one in there])
            said[name] = np.repeat(figures[None], len(HUB), axis=0)
        for name, quantiles in said.items():
            found.append(_mark(name, horizon, CAMPS, quantiles[..., :-1], y[:, :-1]))
            found.append(_mark(name, horizon, TOTAL, quantiles[..., -1:], y[:, -1:]))
    return tuple(found)


def _mark(name: str, horizon: int, scope: str, quantiles: Floats, y: Floats) -> Mark:
    """Means over forecasts and series."""
    inside = [covered(quantiles[_at(0.5 - p / 2)], quantiles[_at(0.5 + p / 2)], y)
              for p in INTERVALS]  # fmt: skip
    return Mark(
        forecaster=name,
        horizon=horizon,
        scope=scope,
        forecasts=y.size,
        crps=float(crps_of_quantiles(HUB, quantiles, y).mean()),
        wis=float(wis(HUB, quantiles, y).mean()),
        wis_log=float(wis_of_logs(HUB, quantiles, y).mean()),
        middle=float(np.abs(quantiles[_at(0.5)] - y).mean()),
        bias=float(bias_of_quantiles(HUB, quantiles, y).mean()),
        covered=(inside[0], inside[1], inside[2]),
    )


def _at(level: float) -> int:
    """Number of a level in `HUB`."""
    return int(np.argmin(np.abs(np.array(HUB) - level)))
