"""Vintages: what a fit as of a day says of figures that were published later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jax
import numpy as np
import xarray as xr

from nostoi.base.record import Record
from nostoi.case.case import Case
from nostoi.case.ledger import Observation
from nostoi.engine.rates import Scene
from nostoi.rules.params import Param
from nostoi.study.horizon import Values, horizon_of, normal, panel_on, values_until
from nostoi.study.rivals import Series
from nostoi.study.stage import Stage, play_all

Array = Any
DAYS_A_YEAR = 365.25
COUNTED = ("crossing", "flow", "stock", "register")
"""Types of counts that are scored: stocks and flows."""

LEAST_WEEKS = 4

DRIFT = 0.3
"""Log sd of how far a source strays from what the model expects in a year after the vintage,
as a random walk. The prior of the growth of a border says the same of one year; the
fitted growth is a straight line that the past pins down, and the future need not follow it."""


@dataclass(frozen=True)
class Target:
    """A figure published after the day of a vintage, and the series that it goes on.

    Attributes:
        row: the figure.
        weeks: from the day of the vintage to the end of the figure's period.
        series: earlier figures of the same series, known on the day, per day for flows.
        factor: what a figure per day is multiplied by to be the row's.
    """

    row: Observation
    weeks: float
    series: Series
    factor: float


def targets_of(case: Case, day: date, least_history: int = 2) -> tuple[Target, ...]:
    """Positive point figures on stocks and flows four and more weeks ahead, with a history.

    Args:
        case: the case with all that was published.
        day: the day of the vintage.
        least_history: figures of the series that must be known on the day.
    """
    found = []
    for row in case.evidence.rows:
        late = row.published_by > day and row.period_end >= day + timedelta(weeks=LEAST_WEEKS)
        if not (late and _scored(row)):
            continue
        series = _history(case.evidence.rows, row, day)
        if series.days.size >= least_history:
            weeks = (row.period_end - day).days / 7.0
            found.append(Target(row, weeks, series, _days(row)))
    return tuple(found)


def _scored(row: Observation) -> bool:
    counted = row.used and row.count_type in COUNTED and row.value > 0
    return counted and row.bound in ("point", "about") and row.measure not in ("net", "change")


def _key(row: Observation) -> tuple[str, ...]:
    return (row.observer, row.measure, row.place, row.group, row.rule)


def _history(rows: Sequence[Observation], like: Observation, day: date) -> Series:
    """Figures of the same series that were known on a day, one per date."""
    known = {
        (row.period_end - day).days: float(np.log(row.value / _days(row)))
        for row in rows
        if _key(row) == _key(like)
        and _scored(row)
        and row.published_by <= day
        and row.period_end <= day
    }
    days = sorted(known)
    return Series(np.array(days, float), np.array([known[k] for k in days]))


def _days(row: Observation) -> float:
    """Days that a flow is counted over, in the unit of the row; 1 for stocks and rates per day."""
    if row.count_type == "stock" or row.measure == "valid":
        return 1.0
    if row.period_start == row.period_end:
        return {"": 1.0, "day": 1.0, "week": 7.0, "month": 30.44}[row.per]
    whole = (row.period_end - row.period_start).days + 1
    return {"": float(whole), "day": 1.0, "week": 7.0, "month": 30.44}[row.per]


def predict(vintage: Case, fit: Path, rows: Sequence[Observation], draws: int, seed: int) -> Array:
    """Draws of the figures of later rows, noise of their sources included; [draw, row].

    Args:
        vintage: the case as of the day of the fit.
        fit: its fit folder.
        rows: figures of the full ledger that come later.
        draws: how many draws of the fit.
        seed: of the choice of draws and of all noise.

    Raises:
        NostoiError: N512 when the fit cannot serve.
    """
    until = max(row.period_end for row in rows)
    horizon = horizon_of(vintage, max(until, vintage.spec.end + timedelta(days=1)))
    world = horizon.model.world
    panel = panel_on(world, replace(vintage.evidence, rows=tuple(rows)))
    place = {row.id: k for k, row in enumerate(panel.rows)}
    order = np.array([place[row.id] for row in rows])

    def measure(record: Record, scene: Scene) -> dict[str, Array]:
        values = vars(scene.p)
        key = jax.random.wrap_key_data(values["draw_key"])
        return {"y": panel.draw(key, record, values)[order]}

    numbers, values = values_until(horizon, fit, vintage.hash, draws, seed)
    values |= observer_values(panel.params, fit, numbers, seed)
    keys = jax.random.split(jax.random.key(seed), len(numbers))
    values["draw_key"] = np.asarray(jax.random.key_data(keys))
    stage = Stage(horizon.model, measure)
    made = play_all(stage, stage.scenery(), [], values)[0]["y"]
    return made * np.exp(drifts(rows, vintage.spec.end, numbers, seed))


def drifts(rows: Sequence[Observation], day: date, numbers: Array, seed: int) -> Array:
    """Log drift of each source from the day of a vintage to the middle of a row; [draw, row].

    A source has one random walk for each draw; rows of one source share it.
    """
    out = np.zeros((len(numbers), len(rows)))
    for k, row in enumerate(rows):
        first = max(row.period_start, day)
        middle = first + (row.period_end - first) / 2
        years = max((middle - day).days, 0) / DAYS_A_YEAR
        walk = [normal(seed, f"drift:{row.observer}", int(i), 0) for i in numbers]
        out[:, k] = DRIFT * np.sqrt(years) * np.array(walk)
    return out


def observer_values(params: Sequence[Param], fit: Path, numbers: Array, seed: int) -> Values:
    """Values of the observers' parameters for chosen draws: of the fit, or of the prior where the
    fit did not know the source; each [draw] or [draw, element].
    """
    with xr.open_dataset(fit / "posterior.nc", group="posterior", engine="h5netcdf") as opened:
        sample = opened.load()
    return {param.name: np.stack(list(_columns(param, sample, numbers, seed)), -1)
            if param.dims else next(_columns(param, sample, numbers, seed))
            for param in params}  # fmt: skip


def _columns(param: Param, sample: xr.Dataset, numbers: Array, seed: int) -> Iterator[Array]:
    """One column [draw] per element of a parameter."""
    spread = np.broadcast_to(np.asarray(param.sd, float), (len(param.value),))
    known = sample[param.name] if param.name in sample else None
    for k in range(len(param.value)):
        label = param.labels[k] if param.labels else ""
        if known is not None and (not label or label in known[known.dims[-1]].values):
            chosen = known.sel({known.dims[-1]: label}) if label else known
            yield np.asarray(chosen.transpose("chain", "draw").values, float).ravel()[numbers]
            continue
        one = replace(param, value=(param.value[k],), sd=float(spread[k]), labels=())
        z = [normal(seed, f"{param.name}:{label}", int(i), 0) for i in numbers]
        yield np.array([float(np.ravel(one.value_of(np.array([u]), np))[0]) for u in z])
