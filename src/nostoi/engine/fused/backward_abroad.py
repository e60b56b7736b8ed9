"""The derivative of `forward.stay_abroad` and `forward.count_abroad`."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.engine.fused.layout import Wishes
from nostoi.engine.fused.rows import (
    add,
    add_part,
    add_product,
    copy,
    pass_on_back,
    product,
    scale,
    slopes,
    take,
)
from nostoi.engine.fused.shares import loop

Array = Any


@loop
def fresh_wishes(rules: int, cells: int) -> Any:
    """Working memory of `stay_abroad_back`."""
    return Wishes(
        np.empty((rules, cells)), np.empty((rules, cells)), np.empty((rules, cells)),
        np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells),
        np.empty(cells), np.empty(cells), np.empty(cells), np.empty(cells),
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
    """Turns `d_cells` [n] into the sensitivity of those who stay; fills d_go and d_on [n]."""
    leave = work.bend
    leave.fill(0.0)
    for k in range(above.shape[0]):
        add_part(above[k, a], work.stay[k], d_cells)
        add_part(above[k, a], work.leave[k], leave)
    take(d_cells, leave)
    copy(work.go, work.d_go)
    add(leave, work.d_go)
    for k in range(above.shape[0]):
        add_part(above[k, a], work.home[k], work.d_go)
    copy(work.on, work.d_on)
    add(leave, work.d_on)


@loop
def stay_abroad_back(
    moving: Any, fixed: Any, t: int, arriving: Array, states: Any, work: Any, d: Any, grad: Any
) -> None:
    """Sensitivities of the cells abroad before the step, of arrivals, and of the rates."""
    phases, n = d.host.shape[0], arriving.size
    days, m = fixed.days[t], int(fixed.month[t])
    fast_go, fast_on = moving.go[t].reshape(-1), moving.on[t].reshape(-1)
    by_go, by_on = grad.go[t].reshape(-1), grad.on[t].reshape(-1)
    d_host, d_arriving = d.host.reshape(phases, n), d.arriving.reshape(-1)
    pass_on_back(d_host, fixed.passing[t])
    for a in range(phases):
        slow_go, slow_on = moving.go_slow[m, a].reshape(-1), moving.on_slow[m, a].reshape(-1)
        share, d_cells = states.share[t, a].reshape(-1), d_host[a]
        wishes_of_phase(fixed.above[t], a, d_cells, work)
        product(fast_go, slow_go, work.rate_go)
        product(fast_on, slow_on, work.rate_on)
        product(work.rate_go, work.d_go, work.mean)
        add_product(work.rate_on, work.d_on, work.mean)
        add(work.rate_on, work.rate_go)
        slopes(work.rate_go, days, share, work.bend)
        copy(states.host[t, a].reshape(-1), work.at_risk)
        if a == 0:
            add_part(0.5, arriving, work.at_risk)
        scale(work.mean, work.bend)
        scale(work.at_risk, work.bend)
        scale(share, work.at_risk)
        scale(work.at_risk, work.d_go)
        add(work.bend, work.d_go)
        scale(work.at_risk, work.d_on)
        add(work.bend, work.d_on)
        add_product(work.d_go, slow_go, by_go)
        add_product(work.d_on, slow_on, by_on)
        add_product(work.d_go, fast_go, grad.go_slow[m, a].reshape(-1))
        add_product(work.d_on, fast_on, grad.on_slow[m, a].reshape(-1))
        scale(share, work.mean)
        if a == 0:
            add(d_cells, d_arriving)
            add_part(0.5, work.mean, d_arriving)
        add(work.mean, d_cells)
