"""What journeys leg by leg change, against trips of drawn length: the same people, twice.

Only agents have journeys, so this is the part of a gap between the engines that roads explain; with
roads switched off both runs are the same to the last byte.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.case.build import savings_of
from nostoi.case.case import Case
from nostoi.engine.agents.run import AgentRun, Settings, run
from nostoi.engine.agents.scene import mean_fields
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.infer.drive import prior_medians
from nostoi.study.parity import Effort, totals


def journey_effect(case: Case, effort: Effort) -> dict[str, Any] | None:
    """What roads change at prior medians, over the seeds of an effort; None without roads.

    Returns:
        `days`: evenings on the way per journey, `drawn` and `leg_by_leg`; `unmapped` and `turned`:
        shares of journeys that no road leads to, and that end where they began; `longest_wait`:
        `post`, `date` and `days` of the longest wait at a border post, mean over seeds;
        `totals`: relative change of each total (same seeds, so that chance largely cancels).
    """
    roads = roads_of(case)
    if roads is None:
        return None
    model = daily(case, model_of(case))
    values = prior_medians(model)
    same: dict[str, Any] = {
        "ladder": savings_of(case, RUNGS),
        "fields": mean_fields(model, values),
    }
    seeds = range(effort.first, effort.first + effort.seeds)
    how = [Settings(seed, effort.people, threads=effort.threads) for seed in seeds]
    drawn = [run(model, values, one, **same) for one in how]
    legs = [run(model, values, one, roads=roads, **same) for one in how]
    sums = [_mean_totals(runs) for runs in (drawn, legs)]
    trips = [one.trips for one in legs if one.trips is not None]
    begun = sum(int(one.set_out.sum()) for one in trips)
    return {
        "days": {"drawn": _days(drawn), "leg_by_leg": _days(legs)},
        "unmapped": sum(int(one.unmapped.sum()) for one in trips) / max(begun, 1),
        "turned": sum(int(one.turned.sum()) for one in trips) / max(begun, 1),
        "longest_wait": _longest(roads, np.mean([one.wait for one in trips], axis=0)),
        "totals": {k: sums[1][k] / max(v, 1.0) - 1.0 for k, v in sums[0].items()},
    }


def _mean_totals(runs: list[AgentRun]) -> dict[str, float]:
    every = [totals(one.record) for one in runs]
    return {name: float(np.mean([one[name] for one in every])) for name in every[0]}


def _days(runs: list[AgentRun]) -> float:
    """Evenings on the way per journey, abroad and home."""
    evenings = sum(float(one.record.on_the_way.sum()) for one in runs)
    begun = sum(
        float(part.sum())
        for one in runs
        for part in (one.record.leave, one.record.again, one.record.go_home, one.record.go_on)
    )
    return evenings / max(begun, 1.0)


def _longest(roads: Roads, wait: Any) -> dict[str, Any]:
    """The longest wait at a border post; `wait` is [day, gate]."""
    gates = roads.network.gates
    posts = np.flatnonzero(gates.post)
    if not len(posts):
        return {"post": "", "date": "", "days": 0.0}
    day, k = np.unravel_index(np.argmax(wait[:, posts]), (len(wait), len(posts)))
    when = np.datetime64(roads.network.start) + int(day)
    name = roads.network.towns.names[gates.town[posts[k]]]
    return {"post": name, "date": str(when), "days": float(wait[day, posts[k]])}
