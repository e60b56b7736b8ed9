"""Steps that are too long: a shock in the middle of a week is averaged over all of it.

What people decide grows with the exponential of what presses on them, so the mean over a step of a
pulse that begins in its last days moves far fewer of them than the pulse does. The test runs the
posterior mean once on the clock of the case and once on a clock of days.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.numerics import jitted
from nostoi.base.record import Record
from nostoi.case.case import Case
from nostoi.engine.daily import daily, model_of
from nostoi.engine.fused import run as fused
from nostoi.engine.model import Model
from nostoi.infer.quantities import weeks_of
from nostoi.rules.params import Pack
from nostoi.study.doctor.chart import Chart, Floats
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.limits import limit
from nostoi.study.doctor.unknowns import unknowns

FEW = 100.0
"""Persons below which nothing is compared: a few more or less of them are no finding."""


def steps(case: Case, chart: Chart) -> list[FitFinding]:
    """Finding 691 for the headline number that a clock of days changes most."""
    model = model_of(case)
    if (model.world.clock.lengths <= 1.0).all():
        return []
    pack = Pack(model.params)
    mean = np.array([one.mean for one in unknowns(chart)])[: pack.dim]
    clocks = model, daily(case, model)
    coarse, fine = (_run(one, pack.unpack(mean, jnp)) for one in clocks)
    numbers = _numbers(coarse), _numbers(fine)
    errors = {
        name: float(np.log(numbers[0][name] / fine_))
        for name, fine_ in numbers[1].items()
        if min(numbers[0][name], fine_) >= FEW
    }
    worst = max(errors, key=lambda name: abs(errors[name]), default=None)
    if worst is None or abs(errors[worst]) <= limit("step"):
        return []
    facts = {"change": float(np.expm1(errors[worst])), "week": _week(clocks, (coarse, fine))}
    serious = abs(errors[worst]) > limit("step_much")
    return [FitFinding(691, serious, worst, abs(errors[worst]), limit("step"), facts)]


def _run(model: Model, values: dict[str, Any]) -> Record:
    found: Record = jitted(lambda given: fused.run(model, given))(values)
    return Record(*map(np.asarray, found))


def _numbers(record: Record) -> dict[str, float]:
    """Persons who left, are abroad and are back at the end of the case."""
    return {
        "left_total": float(record.leave.sum()),
        "abroad_end": float(record.abroad[-1, 0].sum()),
        "returned_end": float(record.returned[-1, 0].sum()),
    }


def _week(clocks: tuple[Model, Model], records: tuple[Record, Record]) -> str:
    """Last day of the week whose departures differ most."""
    left: list[Floats] = []
    for model, record in zip(clocks, records, strict=True):
        sums, reads = weeks_of(model.world.clock)
        left.append(sums @ record.leave.sum(1))
    worst = int(np.argmax(np.abs(left[0] - left[1])))
    clock = clocks[1].world.clock
    return clock.on(clock.edges[int(np.argmax(reads[worst])) + 1] - 1).isoformat()
