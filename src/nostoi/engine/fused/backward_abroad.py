"""The derivative of `forward.stay_abroad` and `forward.count_abroad`."""

from __future__ import annotations

from typing import Any

from nostoi.base.exponential import loop
from nostoi.engine.fused.rows import add, add_part, copy, move_abroad_back, pass_on_back, step_up

Array = Any


@loop
def wishes_abroad(fixed: Any, t: int, wish: Any, d: Any, work: Any) -> None:
    """Fills `work` before the first phase from what hosts and groups are wished."""
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
    work.staying.fill(0.0)
    work.gone.fill(0.0)
    for g in range(groups):
        for h in range(hosts):
            i = g * hosts + h
            either = wish.exposed_exit[t, h] * fixed.exposed[g]
            work.going[i] = wish.go[t, h] + wish.go_group[t, g] + either
            work.on[i] = wish.on[t, h] + d.out[g, h] + either


@loop
def stay_abroad_back(read: Any, t: int, arriving: Array, work: Any, d: Any, grad: Any) -> None:
    """Sensitivities of the cells abroad before the step, of arrivals, and of the rates.

    What a phase is wished is a sum over the rules that begin with it or before. Phases that hold
    nobody at `t` are passed over: their share is not known, and nothing depends on them.
    """
    moving, fixed, states, _ = read
    m, d_host, d_arriving = int(fixed.month[t]), d.host, d.arriving.reshape(-1)
    fast_go, fast_on, by_go, by_on = moving.go[t], moving.on[t], grad.go[t], grad.on[t]
    pass_on_back(d_host, fixed.passing[t])
    sums, of_rules = (work.staying, work.gone, work.going), (work.stay, work.leave, work.home)
    for a in range(int(fixed.held[t])):
        slow_go, slow_on = moving.go_slow[m, a], moving.on_slow[m, a]
        by_slow_go, by_slow_on = grad.go_slow[m, a], grad.on_slow[m, a]
        for k in range(fixed.above.shape[1]):
            part = step_up(fixed.above[t], k, a)
            if part != 0.0:
                for j in range(3):
                    add_part(part, of_rules[j][k], sums[j])
        cells, d_cells = states.host[t, a], d_host[a]
        add(work.staying, d_cells)
        if a == 0:
            copy(cells, work.at_risk)
            add_part(0.5, arriving, work.at_risk)
            cells = work.at_risk
            add(d_cells, d_arriving)
        move_abroad_back(
            (fast_go, slow_go, fast_on, slow_on), fixed.days[t], cells,
            states.share[t, a], d_cells, (work.gone, work.going, work.on),
            (by_go, by_slow_go, by_on, by_slow_on, work.change),
        )  # fmt: skip
        if a == 0:
            add_part(0.5, work.change, d_arriving)
