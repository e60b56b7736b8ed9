"""Three rivals that a forecast must beat: the last value, a local linear trend, a straight line.

Each sees the earlier figures of the same series (same source, measure and group; flows as rates
per day) and gives draws of the later one on the log scale. Dates may be uneven. Rivals that explode
are no rivals, so all of them work as a careful planner would: on monthly means, with a scatter that
stops growing after three months and never exceeds a factor of e, within ten times the range seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
Rival = Callable[["Series", float, np.random.Generator, int], Floats]

LEAST_SD = 0.05
"""Least log sd of a rival over a month: no series of counts is known better."""

LONE_SD = 0.5
"""Log sd over a month where one or two figures say nothing of the scatter (assumption)."""

MOST_SD = 1.0
"""Greatest log sd of a rival's forecast."""

GROWS = 3.0
"""Months after which the scatter of the last value grows no more."""

ROOM = 2.302585
"""Log of the factor (ten) by which a forecast may leave the range of the figures seen."""

MONTH = 30.44
DIFFUSE = 10.0
RECENT = 6
"""Latest figures that the straight line is drawn through."""


@dataclass(frozen=True)
class Series:
    """Earlier figures of one series: days (rising) and logs of the values, [figure]."""

    days: Floats
    logs: Floats


def monthly(series: Series) -> Series:
    """Means of the figures of each month, counted back from the last figure."""
    months = ((series.days[-1] - series.days) / MONTH + 1e-9).astype(int)
    kept = np.unique(months)[::-1]
    means = [(series.days[months == m].mean(), series.logs[months == m].mean()) for m in kept]
    days, logs = np.array(means).T
    return Series(days, logs)


def sensible(series: Series, drawn: Floats) -> Floats:
    """Draws held within ten times the range of the figures seen."""
    return np.asarray(np.clip(drawn, series.logs.min() - ROOM, series.logs.max() + ROOM))


def last_value(series: Series, day: float, rng: np.random.Generator, n: int) -> Floats:
    """The last figure carried forward; its scatter grows with the root of the time, as before."""
    months = monthly(series)
    gaps = np.diff(months.days)
    if gaps.size >= 2:
        scaled = np.diff(months.logs) / np.sqrt(np.maximum(gaps / MONTH, 1.0))
        sd = max(float(np.sqrt(np.mean(scaled**2))), LEAST_SD)
    else:
        sd = LONE_SD
    ahead = np.clip((day - series.days[-1]) / MONTH, 1.0 / MONTH, GROWS)
    spread = min(sd * np.sqrt(ahead), MOST_SD)
    return sensible(series, series.logs[-1] + spread * rng.standard_normal(n))


def straight_line(series: Series, day: float, rng: np.random.Generator, n: int) -> Floats:
    """The log-linear trend through the latest months, with the usual interval of a new figure."""
    months = monthly(series)
    days, logs = months.days[-RECENT:], months.logs[-RECENT:]
    if days.size < 3:
        return last_value(series, day, rng, n)
    x = (days - days.mean()) / MONTH
    slope = float(x @ (logs - logs.mean()) / (x @ x))
    free = days.size - 2
    rest = logs - logs.mean() - slope * x
    sd = max(float(np.sqrt(rest @ rest / free)), LEAST_SD)
    at = (day - days.mean()) / MONTH
    spread = min(sd * np.sqrt(1.0 + 1.0 / days.size + at**2 / (x @ x)), MOST_SD)
    return sensible(series, logs.mean() + slope * at + spread * rng.standard_t(free, n))


def local_trend(series: Series, day: float, rng: np.random.Generator, n: int) -> Floats:
    """A local linear trend whose level, slope and noise move as the likelihood likes best."""
    months = monthly(series)
    if months.days.size < 4:
        return last_value(series, day, rng, n)
    start = np.log([0.1, 0.03, 0.1])
    found = minimize(
        lambda x: -trend_loglik(months, *np.exp(np.clip(x, -9.0, 2.0))) + 0.02 * float(x @ x),
        start,
        method="Nelder-Mead",
        options={"maxiter": 400, "xatol": 1e-3, "fatol": 1e-4},
    )
    level, slope, noise = np.exp(np.clip(found.x, -9.0, 2.0))
    mean, cov = trend_state(months, level, slope, noise)[:2]
    step, shock = _move(day - months.days[-1], level, slope)
    mean, cov = step @ mean, step @ cov @ step.T + shock
    sd = np.clip(np.sqrt(cov[0, 0] + noise**2), LEAST_SD, MOST_SD)
    return sensible(series, float(mean[0]) + sd * rng.standard_normal(n))


def trend_loglik(series: Series, level: float, slope: float, noise: float) -> float:
    """Log likelihood of a local linear trend, after the first two figures (diffuse start).

    Args:
        series: the figures.
        level, slope: sd per month by which level and monthly slope move.
        noise: sd of a figure around the level.
    """
    return trend_state(series, level, slope, noise)[2]


def trend_state(
    series: Series, level: float, slope: float, noise: float
) -> tuple[Floats, Floats, float]:
    """Mean [2] and covariance [2, 2] of level and monthly slope at the last figure; log likelihood.

    Months are the unit of time; the start is vague (sd 10).
    """
    mean, cov = np.array([series.logs[0], 0.0]), np.diag([DIFFUSE**2, 1.0])
    loglik = 0.0
    for k, value in enumerate(series.logs):
        if k:
            step, shock = _move(series.days[k] - series.days[k - 1], level, slope)
            mean, cov = step @ mean, step @ cov @ step.T + shock
        size = float(cov[0, 0]) + noise**2
        error = float(value - mean[0])
        if k >= 2:
            loglik -= 0.5 * (np.log(2.0 * np.pi * size) + error**2 / size)
        gain = cov[:, 0] / size
        mean, cov = mean + gain * error, cov - np.outer(gain, cov[0])
    return mean, cov, loglik


def _move(days: float, level: float, slope: float) -> tuple[Floats, Floats]:
    """Transition and its noise over some days (continuous time)."""
    t = max(float(days), 1.0) / MONTH
    step = np.array([[1.0, t], [0.0, 1.0]])
    shock = np.array(
        [
            [level**2 * t + slope**2 * t**3 / 3.0, slope**2 * t**2 / 2.0],
            [slope**2 * t**2 / 2.0, slope**2 * t],
        ]
    )
    return step, shock


RIVALS: Mapping[str, Rival] = {
    "last value": last_value,
    "local linear trend": local_trend,
    "log-linear trend": straight_line,
}
"""The rivals by name."""
