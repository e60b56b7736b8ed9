"""The derivative of `forward.py`: the same steps from the last to the first.

Every function takes the sensitivities of what the function of the same name produces (prefix
`d_`) and turns them into those of what it reads. Sensitivities of the counts are called `wish`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.engine.fused.forward import count_newcomers, weigh
from nostoi.engine.fused.shares import (
    add_to_table,
    loop,
    read_table,
    share_over_rate,
    share_slope,
)

Array = Any


@loop
def age_back(d_cells: Array, passing: Array) -> None:
    """Sensitivities before persons were handed on; in place, [a]."""
    for a in range(d_cells.size - 1):
        d_cells[a] += passing[a] * (d_cells[a + 1] - d_cells[a])


@loop
def set_out_back(
    t: int, wish: Any, chosen: Array, first: float, out: Array, d_road: Array, d_out: Array,
    d_chosen: Array,
) -> float:  # fmt: skip
    """For one group: fills `d_out` and `d_chosen` [h]; returns the sensitivity of `first`.

    `d_road` [h] belongs to those on the way after the step.
    """
    hosts = chosen.size
    open_to = np.empty(hosts)
    total, d_total, d_first = 0.0, 0.0, 0.0
    for h in range(hosts):
        open_to[h] = out[h] / max(1.0 - chosen[h], 1e-12)
        total += open_to[h]
        d_total += (d_road[h] + wish.arrive_on[t, h]) * chosen[h]
        reach = d_road[h] + wish.leave_to[t, h]
        d_first += chosen[h] * reach
        d_chosen[h] = first * reach
    for h in range(hosts):
        d_onward = d_road[h] + wish.arrive_on[t, h]
        d_open = d_total - d_onward * chosen[h]
        d_chosen[h] += d_onward * (total - open_to[h])
        for j in range(hosts):
            if j != h:
                d_open += wish.onward[h, j] * chosen[j]
                d_chosen[j] += wish.onward[h, j] * open_to[h]
        left = max(1.0 - chosen[h], 1e-12)
        d_out[h] = d_open / left
        if 1.0 - chosen[h] > 1e-12:
            d_chosen[h] += d_open * open_to[h] / left
    return d_first


@loop
def spread(amounts: Array, above: Array, found: Array) -> None:
    """Fills, for each phase [a], the sum over rules of amounts [r] times the share above."""
    for a in range(found.size):
        found[a] = 0.0
    for k in range(above.shape[0]):
        for a in range(found.size):
            found[a] += amounts[k] * above[k, a]


@loop
def stay_abroad_back(
    moving: Any, fixed: Any, t: int, wish: Any, arriving: Array, states: Any, d: Any, grad: Any
) -> None:
    """Sensitivities of the cells abroad before the step, of arrivals, and of the rates."""
    groups, hosts, phases = d.host.shape
    days, m = fixed.days[t], int(fixed.month[t])
    at_risk, mean, rate_go = np.empty(phases), np.empty(phases), np.empty(phases)
    rate_on, above = np.empty(phases), fixed.above[t]
    rules = above.shape[0]
    stay, leave, home = np.empty(rules), np.empty(rules), np.empty(rules)
    of_rest, of_exits, of_going = np.empty(phases), np.empty(phases), np.empty(phases)
    abroad, abroad_group, exits = wish.abroad[t], wish.abroad_group[t], wish.exits[t]
    homeward = d.road_back
    for g in range(groups):
        for h in range(hosts):
            fast_go, fast_on = moving.go[t, g, h], moving.on[t, g, h]
            slow_go, slow_on = moving.go_slow[m, g, h], moving.on_slow[m, g, h]
            cells, share, d_cells = states.host[t, g, h], states.share[t, g, h], d.host[g, h]
            grad_go, grad_on = grad.go_slow[m, g, h], grad.on_slow[m, g, h]
            age_back(d_cells, fixed.passing[t])
            for k in range(rules):
                stay[k] = abroad[k, h] + abroad_group[k, g]
                leave[k] = exits[k, h]
                home[k] = homeward[g, k] - (homeward[g, k - 1] if k > 0 else 0.0)
            spread(stay, above, of_rest)
            spread(leave, above, of_exits)
            spread(home, above, of_going)
            either = wish.exposed_exit[t, h] * fixed.exposed[g]
            to_go = wish.go[t, h] + wish.go_group[t, g] + either
            to_on = wish.on[t, h] + d.out[g, h] + either
            for a in range(phases):
                at_risk[a] = cells[a]
            at_risk[0] += 0.5 * arriving[g, h]
            for a in range(phases):
                d_rest = d_cells[a] + of_rest[a]
                d_go = to_go + of_exits[a] + of_going[a] - d_rest
                d_on = to_on + of_exits[a] - d_rest
                go, on = fast_go * slow_go[a], fast_on * slow_on[a]
                mean[a] = go * d_go + on * d_on
                bend = at_risk[a] * mean[a] * share_slope(go + on, days, share[a])
                rate_go[a] = at_risk[a] * share[a] * d_go + bend
                rate_on[a] = at_risk[a] * share[a] * d_on + bend
                d_cells[a] = d_rest
            d.arriving[g, h] += d_cells[0] + 0.5 * share[0] * mean[0]
            d_fast_go, d_fast_on = 0.0, 0.0
            for a in range(phases):
                d_fast_go += rate_go[a] * slow_go[a]
                d_fast_on += rate_on[a] * slow_on[a]
                grad_go[a] += rate_go[a] * fast_go
                grad_on[a] += rate_on[a] * fast_on
                d_cells[a] += share[a] * mean[a]
            grad.go[t, g, h] = d_fast_go
            grad.on[t, g, h] = d_fast_on


@loop
def back_home_back(
    moving: Any, fixed: Any, t: int, wish: Any, landed: Array, back: Array, d: Any, grad: Any
) -> None:
    """Sensitivities of those who returned before the step, of landings, and of the rates."""
    groups, rules, phases = back.shape
    above, days = fixed.above[t], fixed.days[t]
    share, slope, of_rest = np.empty(phases), np.empty(phases), np.empty(phases)
    returned = np.zeros(rules)
    for g in range(groups):
        call, again, d_again_rate = moving.call[t, g], moving.again[t, g], grad.again[t, g]
        to_again, to_call = wish.again[t, g] + d.first[g], wish.called[t, g]
        for a in range(phases):
            share[a] = share_over_rate(again[a] + call, days)
            slope[a] = share_slope(again[a] + call, days, share[a])
        once, d_call_rate = 0.0, 0.0
        for k in range(rules):
            returned[k] = 0.0
        for c in range(rules):
            cells, d_cells = back[g, c], d.back[g, c]
            returned[c] = wish.returned[t, c, g]
            once += wish.returned_once[t, c]
            spread(returned, above, of_rest)
            age_back(d_cells, fixed.passing[t])
            for a in range(phases):
                at_risk = cells[a] + (0.5 * landed[g, c] if a == 0 else 0.0)
                d_rest = d_cells[a] + of_rest[a] + once
                mean = again[a] * (to_again - d_rest) + call * (to_call - d_rest)
                bend = at_risk * mean * slope[a]
                d_again_rate[a] += at_risk * share[a] * (to_again - d_rest) + bend
                d_call_rate += at_risk * share[a] * (to_call - d_rest) + bend
                d_cells[a] = d_rest + share[a] * mean
                if a == 0:
                    d.landed[g, c] += d_rest + 0.5 * share[0] * mean
        grad.call[t, g] += d_call_rate


@loop
def leave_home_back(
    moving: Any, fixed: Any, t: int, wish: Any, home: Array, appeal: Array, d: Any, grad: Any
) -> None:
    """Sensitivities of those at home before the step, of the appeal and of the rates."""
    for g in range(home.size):
        rate, call = moving.leave[t, g] * appeal[g], moving.call[t, g]
        share = share_over_rate(rate + call, fixed.days[t])
        d_rest = d.home[g] + wish.home[t, g]
        d_leave = wish.leave[t, g] + d.first[g] - d_rest
        d_call = wish.called[t, g] - d_rest
        mean = rate * d_leave + call * d_call
        bend = home[g] * mean * share_slope(rate + call, fixed.days[t], share)
        d_rate = home[g] * share * d_leave + bend
        grad.leave[t, g] = d_rate * appeal[g]
        grad.call[t, g] += home[g] * share * d_call + bend
        d.appeal[g] = d_rate * moving.leave[t, g]
        d.home[g] = d_rest + share * mean


@loop
def weigh_back(
    moving: Any, top: float, t: int, newcomers: Array, weights: Array, appeal: Array, d: Any,
    grad: Any,
) -> None:  # fmt: skip
    """Sensitivities of the log weights, of the table, and of those abroad as newcomers."""
    groups, hosts = weights.shape
    for g in range(groups):
        mean = 0.0
        for h in range(hosts):
            mean += d.chosen[g, h] * weights[g, h]
        for h in range(hosts):
            slope = ((d.chosen[g, h] - mean) + d.appeal[g] * appeal[g]) * weights[g, h]
            grad.weight[t, g, h] = slope
            add_to_table(grad.table[g, h], newcomers[h], top, slope)
            _, by_newcomers = read_table(moving.table[g, h], newcomers[h], top)
            d.newcomers[h] += slope * by_newcomers


@loop
def arrivals(
    fixed: Any, t: int, states: Any, weights: Array, arriving: Array, landed: Array
) -> None:
    """Fills those who arrive [g, h] and those who land at home [g, r] in step t."""
    for g in range(arriving.shape[0]):
        for h in range(arriving.shape[1]):
            arriving[g, h] = states.road[t, g, h] * fixed.arrive[t, h]
            arriving[g, h] += states.leaving[t, g] * weights[g, h] * fixed.at_once[t, h]
        for c in range(landed.shape[1]):
            landed[g, c] = states.road_back[t, g, c] * fixed.land[t]


@loop
def journeys_back(
    fixed: Any, t: int, states: Any, wish: Any, weights: Array, out: Array, d: Any
) -> None:
    """Sensitivities of those who set out, arrive and land in step t."""
    for g in range(weights.shape[0]):
        first = states.leaving[t, g]
        for h in range(weights.shape[1]):
            d.road[g, h] += wish.on_the_way[t]
        d.first[g] = set_out_back(
            t, wish, weights[g], first, out[g], d.road[g], d.out[g], d.chosen[g]
        )
        for h in range(weights.shape[1]):
            d.arriving[g, h] = wish.arrive[t, h] - d.road[g, h]
            d.arriving[g, h] += wish.exposed_arrive[t, h] * fixed.exposed[g]
        for c in range(d.landed.shape[1]):
            d.road_back[g, c] += wish.on_the_way[t]
            d.landed[g, c] = -d.road_back[g, c]


@loop
def arrive_back(fixed: Any, t: int, states: Any, weights: Array, d: Any) -> None:
    """Sensitivities of those who set out in step t and arrive in it."""
    for g in range(weights.shape[0]):
        for h in range(weights.shape[1]):
            slope = fixed.at_once[t, h] * d.arriving[g, h]
            d.first[g] += weights[g, h] * slope
            d.chosen[g, h] += states.leaving[t, g] * slope


@loop
def states_back(fixed: Any, t: int, d: Any) -> None:
    """Sensitivities of the states before step t, from those of what was read of them."""
    groups, hosts, phases = d.host.shape
    for g in range(groups):
        for h in range(hosts):
            d.road[g, h] += d.arriving[g, h] * fixed.arrive[t, h]
            for a in range(phases):
                d.host[g, h, a] += d.newcomers[h]
        for c in range(d.landed.shape[1]):
            d.road_back[g, c] += d.landed[g, c] * fixed.land[t]


@loop
def run_backward(moving: Any, fixed: Any, states: Any, wish: Any, d: Any, grad: Any) -> None:
    """Fills `grad` (as `moving`; zero at the start) from `wish` (as the counts).

    `d` holds the sensitivities of the states, zero at the start (see `layout.Sensitivities`).
    """
    steps, groups, hosts = moving.go.shape
    weights, newcomers = np.zeros((groups, hosts)), np.zeros(hosts)
    landed, arriving = np.zeros((groups, fixed.above.shape[1])), np.zeros((groups, hosts))
    for t in range(steps - 1, -1, -1):
        home, host, back = states.home[t], states.host[t], states.back[t]
        count_newcomers(host, newcomers)
        appeal = weigh(moving, fixed.top[0], t, newcomers, weights)
        arrivals(fixed, t, states, weights, arriving, landed)
        journeys_back(fixed, t, states, wish, weights, states.out[t], d)
        stay_abroad_back(moving, fixed, t, wish, arriving, states, d, grad)
        arrive_back(fixed, t, states, weights, d)
        back_home_back(moving, fixed, t, wish, landed, back, d, grad)
        leave_home_back(moving, fixed, t, wish, home, appeal, d, grad)
        d.newcomers.fill(0.0)
        weigh_back(moving, fixed.top[0], t, newcomers, weights, appeal, d, grad)
        states_back(fixed, t, d)
