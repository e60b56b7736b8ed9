"""The derivative of `forward.py`: the same steps from the last to the first.

Every function takes the sensitivities of what the function of the same name produces (prefix
`d_`) and turns them into those of what it reads. Sensitivities of the counts are called `wish`.
"""

from __future__ import annotations

from typing import Any

from nostoi.base.exponential import loop
from nostoi.engine.fused.backward_abroad import stay_abroad_back, wishes_abroad
from nostoi.engine.fused.forward import count_newcomers, rates_back
from nostoi.engine.fused.rows import add, add_part, copy, leave_again_back_row, pass_on_back
from nostoi.engine.fused.shares import (
    add_to_table,
    find_places,
    read_table,
    share_over_rate,
    share_slope,
)

Array = Any


@loop
def set_out_back(
    t: int, wish: Any, chosen: Array, first: float, out: Array, d_rows: Any, open_to: Array
) -> float:
    """For one group: fills `d_out` and `d_chosen` [h]; returns the sensitivity of `first`.

    `d_rows`: (d_road, d_out, d_chosen), each [h]; the first belongs to those on the way after the
    step. `open_to` [h] is worked in.
    """
    hosts = chosen.size
    d_road, d_out, d_chosen = d_rows
    total, d_total, d_first = 0.0, 0.0, 0.0
    for h in range(hosts):
        open_to[h] = out[h] / max(1.0 - chosen[h], 1e-12)
        total += open_to[h]
        d_total += (d_road[h] + wish.arrive_on[t, h]) * chosen[h]
        reach = d_road[h] + wish.leave_to[t, h]
        d_first += chosen[h] * reach
        d_chosen[h] = first * reach
    for h in range(hosts):
        row = wish.onward[h]
        d_onward = d_road[h] + wish.arrive_on[t, h]
        d_open = d_total - (d_onward + row[h]) * chosen[h]
        d_chosen[h] += d_onward * (total - open_to[h]) - row[h] * open_to[h]
        for j in range(hosts):
            d_open += row[j] * chosen[j]
        add_part(open_to[h], row, d_chosen)
        left = max(1.0 - chosen[h], 1e-12)
        d_out[h] = d_open / left
        if 1.0 - chosen[h] > 1e-12:
            d_chosen[h] += d_open * open_to[h] / left
    return d_first


@loop
def be_home_back(fixed: Any, t: int, wish: Any, d: Any, counted: Array) -> None:
    """Sensitivities of those who returned, before those who came home in step t joined them."""
    rules, _, groups = d.back.shape
    above, held = fixed.above[t], int(fixed.held[t])
    counted.fill(0.0)
    once = 0.0
    for k in range(rules):
        once += wish.returned_once[t, k]
        for a in range(held):
            if above[k, a] != 0.0:
                add_part(above[k, a], wish.returned[t, k], counted[a * groups : (a + 1) * groups])
        pass_on_back(d.back[k], fixed.passing[t])
        cells = d.back[k, :held].reshape(-1)
        for i in range(cells.size):
            cells[i] += counted[i] + once


@loop
def land_back(fixed: Any, t: int, wish: Any, d: Any) -> None:
    """Sensitivities of landings and of those who set out for home in step t."""
    at_once = fixed.land_at_once[t]
    for c in range(d.landed.shape[0]):
        for g in range(d.landed.shape[1]):
            d.road_back[c, g] += wish.on_the_way[t]
            arrived, waiting = d.back[c, 0, g], d.road_back[c, g]
            d.landed[c, g] = arrived - waiting
            d.homeward[c, g] = waiting + at_once * (arrived - waiting)


@loop
def leave_again_back(read: Any, t: int, work: Any, d: Any, grad: Any, side: Any) -> None:
    """Sensitivities of those who returned before the step, of landings, and of the rates."""
    moving, fixed, states, wish = read
    back, landed = states.back[t], side.landed
    rules, _, groups = back.shape
    held = int(fixed.held[t])
    m = held * groups
    to_again, to_call, by_call, change = side.to_again, side.to_call, side.by_call, side.change
    by_call.fill(0.0)
    rates_back(moving, fixed, t, work)
    for a in range(held):
        for g in range(groups):
            to_again[a * groups + g] = wish.again[t, g] + d.first[g]
            to_call[a * groups + g] = wish.called[t, g]
    rates = (moving.again[t], work.call, work.rate, work.share)
    found, at_risk = (grad.again[t], by_call, change), work.at_risk[:m]
    for c in range(rules):
        copy(back[c, :held].reshape(-1), at_risk)
        add_part(0.5, landed[c], at_risk[:groups])
        leave_again_back_row(
            rates, fixed.days[t], at_risk, d.back[c].reshape(-1), (to_again, to_call), found
        )
        add_part(0.5, change[:groups], d.landed[c])
    for a in range(held):
        add(by_call[a * groups : (a + 1) * groups], grad.call[t])


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
    moving: Any, t: int, places: Any, weights: Array, appeal: Array, d: Any, grad: Any
) -> None:
    """Sensitivities of the log weights, of the table, and of those abroad as newcomers."""
    groups, hosts = weights.shape
    d.newcomers.fill(0.0)
    for g in range(groups):
        mean = 0.0
        for h in range(hosts):
            mean += d.chosen[g, h] * weights[g, h]
        for h in range(hosts):
            slope = ((d.chosen[g, h] - mean) + d.appeal[g] * appeal[g]) * weights[g, h]
            first = places.first[h]
            grad.weight[t, g, h] = slope
            add_to_table(grad.table[g, h], first, places.value[h], slope)
            d.newcomers[h] += slope * read_table(moving.table[g, h], first, places.slope[h])


@loop
def arrivals(
    fixed: Any, t: int, states: Any, weights: Array, arriving: Array, landed: Array
) -> None:
    """Fills those who arrive [g, h], and those on the way home before who land [r, g]."""
    for g in range(arriving.shape[0]):
        for h in range(arriving.shape[1]):
            arriving[g, h] = states.road[t, g, h] * fixed.arrive[t, h]
            arriving[g, h] += states.leaving[t, g] * weights[g, h] * fixed.at_once[t, h]
        for c in range(landed.shape[0]):
            landed[c, g] = states.road_back[t, c, g] * fixed.land[t]


@loop
def journeys_back(
    fixed: Any, t: int, states: Any, wish: Any, weights: Array, d: Any, open_to: Array
) -> None:
    """Sensitivities of those who set out and arrive in step t."""
    hosts = weights.shape[1]
    for g in range(weights.shape[0]):
        out = states.out[t, g * hosts : (g + 1) * hosts]
        first = states.leaving[t, g]
        for h in range(weights.shape[1]):
            d.road[g, h] += wish.on_the_way[t]
        d_rows = (d.road[g], d.out[g], d.chosen[g])
        d.first[g] = set_out_back(t, wish, weights[g], first, out, d_rows, open_to)
        for h in range(weights.shape[1]):
            d.arriving[g, h] = wish.arrive[t, h] - d.road[g, h]
            d.arriving[g, h] += wish.exposed_arrive[t, h] * fixed.exposed[g]


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
    groups, hosts = d.road.shape
    for g in range(groups):
        for h in range(hosts):
            d.road[g, h] += d.arriving[g, h] * fixed.arrive[t, h]
        for c in range(d.landed.shape[0]):
            d.road_back[c, g] += d.landed[c, g] * fixed.land[t]
    for a in range(int(fixed.held[t])):
        for g in range(groups):
            add(d.newcomers, d.host[a, g * hosts : (g + 1) * hosts])


@loop
def run_backward(read: Any, d: Any, grad: Any, memory: Any) -> None:
    """Fills `grad` (as `moving`; zero at the start).

    `read`: moving and fixed numbers, states, and wishes (as the counts). `d` holds the
    sensitivities of the states, zero at the start. `memory`: of wishes for those abroad, of those
    who returned, of places in the table, and rows aside.
    """
    moving, fixed, states, wish = read
    work, work_back, places, side = memory
    knots = moving.table.shape[2]
    for t in range(moving.weight.shape[0] - 1, -1, -1):
        weights, appeal, held = states.chosen[t], states.appeal[t], int(fixed.held[t])
        count_newcomers(states.host[t, :held], side.total, side.newcomers)
        find_places(side.newcomers, fixed.top[0], knots, places)
        arrivals(fixed, t, states, weights, side.arriving, side.landed)
        journeys_back(fixed, t, states, wish, weights, d, side.open_to)
        be_home_back(fixed, t, wish, d, side.counted)
        land_back(fixed, t, wish, d)
        wishes_abroad(fixed, t, wish, d, work)
        stay_abroad_back(read, t, side.arriving.reshape(-1), work, d, grad)
        arrive_back(fixed, t, states, weights, d)
        leave_again_back(read, t, work_back, d, grad, side)
        leave_home_back(moving, fixed, t, wish, states.home[t], appeal, d, grad)
        weigh_back(moving, t, places, weights, appeal, d, grad)
        states_back(fixed, t, d)
