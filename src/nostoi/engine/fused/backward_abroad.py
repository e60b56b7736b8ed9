"""The derivative of `forward.stay_abroad` and `forward.count_abroad`."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.engine.fused.layout import Wishes
from nostoi.engine.fused.rows import (
    add,
    add_part,
    copy,
    count_rule,
    move_abroad_back,
    pass_on_back,
)
from nostoi.engine.fused.shares import loop

Array = Any


@loop
def fresh_wishes(rules: int, cells: int) -> Any:
    """Working memory of `stay_abroad_back`."""
    return Wishes(
        np.empty((rules, cells)), np.empty((rules, cells)), np.empty((rules, cells)),
        np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells),
    )  # fmt: skip


@loop
def wishes_abroad(fixed: Any, t: int, wish: Any, d: Any, work: Any) -> None:
    """Fills stay, leave, home, go and on of `work` from what hosts and groups are wished."""
    rules, groups = d.homeward.shape
    hosts = d.newcomers.size
    for k in range(rules):
        for g in range(groups):
            home = d.homeward[k, g] - (d.homeward[k - 1, g] if k > 0 else 0.0)
            for h in range(hosts):
                i = g * hosts + h
                work.stay[k, i] = wish.abroad[t, k, h] + wish.abroad_group[t, k, g]
                work.leave[k, i] = wish.exits[t, k, h]
                work.home[k, i] = home
    for g in range(groups):
        for h in range(hosts):
            i = g * hosts + h
            either = wish.exposed_exit[t, h] * fixed.exposed[g]
            work.go[i] = wish.go[t, h] + wish.go_group[t, g] + either
            work.on[i] = wish.on[t, h] + d.out[g, h] + either


@loop
def wishes_of_phase(above: Array, a: int, d_cells: Array, work: Any) -> None:
    """Turns `d_cells` [n] into the sensitivity of those who stay; fills those of one phase."""
    work.of_leave.fill(0.0)
    work.of_home.fill(0.0)
    for k in range(above.shape[0]):
        if above[k, a] != 0.0:
            count_rule(
                above[k, a], work.stay[k], work.leave[k], work.home[k], d_cells, work.of_leave,
                work.of_home,
            )  # fmt: skip


@loop
def stay_abroad_back(
    moving: Any, fixed: Any, t: int, arriving: Array, states: Any, work: Any, d: Any, grad: Any
) -> None:
    """Sensitivities of the cells abroad before the step, of arrivals, and of the rates."""
    phases, n, m = d.host.shape[0], arriving.size, int(fixed.month[t])
    fast_go, fast_on = moving.go[t].reshape(-1), moving.on[t].reshape(-1)
    by_go, by_on = grad.go[t].reshape(-1), grad.on[t].reshape(-1)
    d_host, d_arriving = d.host.reshape(phases, n), d.arriving.reshape(-1)
    pass_on_back(d_host, fixed.passing[t])
    for a in range(phases):
        slow_go, slow_on = moving.go_slow[m, a].reshape(-1), moving.on_slow[m, a].reshape(-1)
        by_slow_go, by_slow_on = grad.go_slow[m, a].reshape(-1), grad.on_slow[m, a].reshape(-1)
        share, d_cells = states.share[t, a].reshape(-1), d_host[a]
        wishes_of_phase(fixed.above[t], a, d_cells, work)
        copy(states.host[t, a].reshape(-1), work.at_risk)
        if a == 0:
            add_part(0.5, arriving, work.at_risk)
            add(d_cells, d_arriving)
        move_abroad_back(
            (fast_go, slow_go, fast_on, slow_on), fixed.days[t], work.at_risk, share, d_cells,
            work.of_leave, (work.of_home, work.go, work.on),
            (by_go, by_slow_go, by_on, by_slow_on),
        )  # fmt: skip
        if a == 0:
            add_part(0.5, work.of_leave, d_arriving)
