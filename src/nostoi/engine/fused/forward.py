"""One pass over all steps: journeys, competing moves, ageing, and the counts on the way."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.engine.fused.shares import loop, read_table, share_over_rate

Array = Any


@loop
def weigh(moving: Any, top: float, t: int, newcomers: Array, weights: Array) -> Array:
    """Fills the shares of destinations [g, h] of step t; returns the appeal [g]."""
    appeal = np.zeros(weights.shape[0])
    for g in range(weights.shape[0]):
        for h in range(weights.shape[1]):
            live, _ = read_table(moving.table[g, h], newcomers[h], top)
            weights[g, h] = np.exp(moving.weight[t, g, h] + live)
            appeal[g] += weights[g, h]
        for h in range(weights.shape[1]):
            weights[g, h] /= appeal[g]
    return appeal


@loop
def leave_home(moving: Any, fixed: Any, t: int, counts: Any, home: Array, appeal: Array) -> None:
    """First departures and call-ups of step t; `home` [g] loses them."""
    for g in range(home.size):
        rate, call = moving.leave[t, g] * appeal[g], moving.call[t, g]
        gone = home[g] * share_over_rate(rate + call, fixed.days[t])
        counts.leave[t, g] = gone * rate
        counts.called[t, g] = gone * call
        home[g] -= gone * (rate + call)
        counts.home[t, g] = home[g]


@loop
def back_home(moving: Any, fixed: Any, t: int, counts: Any, landed: Array, back: Array) -> None:
    """Second departures and call-ups of those who returned; `back` [g, r, a] ages."""
    groups, rules, phases = back.shape
    above, days, found = fixed.above[t], fixed.days[t], np.empty(rules)
    share = np.empty(phases)
    for g in range(groups):
        call, again = moving.call[t, g], moving.again[t, g]
        for a in range(phases):
            share[a] = share_over_rate(again[a] + call, days)
        for c in range(rules):
            cells, leaving, called, stay = back[g, c], 0.0, 0.0, 0.0
            cells[0] += 0.5 * landed[g, c]
            rest = 0.5 * landed[g, c]
            for a in range(phases):
                at_risk = cells[a] * share[a]
                leaving += at_risk * again[a]
                called += at_risk * call
                cells[a] -= at_risk * (again[a] + call)
            cells[0] += rest
            for a in range(phases):
                stay += cells[a]
            by_rule(cells, above, found)
            counts.again[t, g] += leaving
            counts.called[t, g] += called
            for k in range(c + 1):
                counts.returned[t, k, g] += found[k]
                counts.returned_once[t, k] += stay
            pass_on(cells, fixed.passing[t])


@loop
def pass_on(cells: Array, passing: Array) -> None:
    """Persons of each phase handed on to the next where `passing` is 1; in place."""
    for a in range(cells.size - 1, 0, -1):
        cells[a] += cells[a - 1] * passing[a - 1]
        cells[a - 1] -= cells[a - 1] * passing[a - 1]


@loop
def stay_abroad(
    moving: Any, fixed: Any, t: int, counts: Any, arriving: Array, host: Array, states: Any
) -> Array:
    """Going home and moving on; `host` [g, h, a] ages.

    Those who move on are written to `states.out`; returned are those who go home by the
    longest rule that their stay fulfils, [g, r].
    """
    groups, hosts, phases = host.shape
    above, days, m = fixed.above[t], fixed.days[t], int(fixed.month[t])
    rules = above.shape[0]
    homeward, gone, rest = np.zeros((groups, rules)), np.empty(phases), np.empty(phases)
    going, moving_on = np.empty(phases), np.empty(phases)
    stay, leave, home = np.empty(rules), np.empty(rules), np.empty(rules)
    abroad, abroad_group, exits = counts.abroad[t], counts.abroad_group[t], counts.exits[t]
    for g in range(groups):
        for h in range(hosts):
            fast_go, fast_on = moving.go[t, g, h], moving.on[t, g, h]
            slow_go, slow_on, cells = moving.go_slow[m, g, h], moving.on_slow[m, g, h], host[g, h]
            share, new = states.share[t, g, h], arriving[g, h]
            for a in range(phases):
                share[a] = share_over_rate(fast_go * slow_go[a] + fast_on * slow_on[a], days)
            cells[0] += 0.5 * new
            for a in range(phases):
                going[a] = cells[a] * share[a] * (fast_go * slow_go[a])
                moving_on[a] = cells[a] * share[a] * (fast_on * slow_on[a])
            cells[0] += 0.5 * new
            for a in range(phases):
                gone[a] = going[a] + moving_on[a]
                rest[a] = cells[a] - gone[a]
            by_rule(rest, above, stay)
            by_rule(gone, above, leave)
            by_rule(going, above, home)
            for k in range(rules):
                abroad[k, h] += stay[k]
                abroad_group[k, g] += stay[k]
                exits[k, h] += leave[k]
                homeward[g, k] += home[k] - (home[k + 1] if k + 1 < rules else 0.0)
            total_go, total_on = 0.0, 0.0
            for a in range(phases):
                total_go += going[a]
                total_on += moving_on[a]
            counts.go[t, h] += total_go
            counts.go_group[t, g] += total_go
            counts.on[t, h] += total_on
            counts.exposed_exit[t, h] += (total_go + total_on) * fixed.exposed[g]
            states.out[t, g, h] = total_on
            for a in range(phases):
                cells[a] = rest[a]
            pass_on(cells, fixed.passing[t])
    return homeward


@loop
def arrive(
    fixed: Any, t: int, states: Any, counts: Any, weights: Array, road: Array, arriving: Array
) -> None:
    """Arrivals of step t, [g, h]: of those on the way, and of those who set out in it."""
    for g in range(road.shape[0]):
        first = counts.leave[t, g] + counts.again[t, g]
        states.leaving[t, g] = first
        for h in range(road.shape[1]):
            arriving[g, h] = road[g, h] * fixed.arrive[t, h]
            arriving[g, h] += first * weights[g, h] * fixed.at_once[t, h]
            counts.arrive[t, h] += arriving[g, h]
            counts.exposed_arrive[t, h] += arriving[g, h] * fixed.exposed[g]


@loop
def by_rule(cells: Array, above: Array, found: Array) -> None:
    """Fills the persons of cells [a] who fulfil each residence rule, [r]."""
    for k in range(above.shape[0]):
        total = 0.0
        for a in range(cells.size):
            total += cells[a] * above[k, a]
        found[k] = total


@loop
def set_out(
    t: int, counts: Any, leaving: Array, weights: Array, out: Array, arriving: Array, road: Array
) -> None:
    """Those who left and those who move on choose a place; `road` [g, h] gains them."""
    groups, hosts = road.shape
    for g in range(groups):
        first = leaving[g]
        total = 0.0
        for h in range(hosts):
            total += out[g, h] / max(1.0 - weights[g, h], 1e-12)
        for h in range(hosts):
            chosen = weights[g, h]
            open_to = out[g, h] / max(1.0 - chosen, 1e-12)
            onward = chosen * (total - open_to)
            counts.leave_to[t, h] += first * chosen
            counts.arrive_on[t, h] += onward
            for j in range(hosts):
                if j != h:
                    counts.onward[h, j] += open_to * weights[g, j]
            road[g, h] += first * chosen + onward - arriving[g, h]
            counts.on_the_way[t] += road[g, h]


@loop
def count_newcomers(host: Array, newcomers: Array) -> None:
    """Fills the persons in each host, [h]."""
    groups, hosts, phases = host.shape
    for h in range(hosts):
        newcomers[h] = 0.0
    for g in range(groups):
        for h in range(hosts):
            for a in range(phases):
                newcomers[h] += host[g, h, a]


@loop
def keep(
    t: int, states: Any, home: Array, road: Array, host: Array, road_back: Array, back: Array
) -> None:
    """Writes down the states before step t."""
    groups, hosts, phases = host.shape
    rules = road_back.shape[1]
    for g in range(groups):
        states.home[t, g] = home[g]
        for h in range(hosts):
            states.road[t, g, h] = road[g, h]
            for a in range(phases):
                states.host[t, g, h, a] = host[g, h, a]
        for c in range(rules):
            states.road_back[t, g, c] = road_back[g, c]
            for a in range(phases):
                states.back[t, g, c, a] = back[g, c, a]


@loop
def run_forward(moving: Any, fixed: Any, counts: Any, states: Any) -> None:
    """Fills `counts` and `states` (all zero at the start) from `moving` and `fixed`."""
    steps, groups, hosts = moving.go.shape
    rules, phases = fixed.above.shape[1], fixed.above.shape[2]
    home, road = np.zeros(groups), np.zeros((groups, hosts))
    host, back = np.zeros((groups, hosts, phases)), np.zeros((groups, rules, phases))
    road_back, weights = np.zeros((groups, rules)), np.zeros((groups, hosts))
    arriving = np.zeros((groups, hosts))
    landed, newcomers = np.zeros((groups, rules)), np.zeros(hosts)
    for g in range(groups):
        home[g] = fixed.persons[g]
    for t in range(steps):
        keep(t, states, home, road, host, road_back, back)
        count_newcomers(host, newcomers)
        appeal = weigh(moving, fixed.top[0], t, newcomers, weights)
        leave_home(moving, fixed, t, counts, home, appeal)
        for g in range(groups):
            for c in range(rules):
                landed[g, c] = road_back[g, c] * fixed.land[t]
        back_home(moving, fixed, t, counts, landed, back)
        arrive(fixed, t, states, counts, weights, road, arriving)
        homeward = stay_abroad(moving, fixed, t, counts, arriving, host, states)
        for g in range(groups):
            for c in range(rules):
                road_back[g, c] += homeward[g, c] - landed[g, c]
                counts.on_the_way[t] += road_back[g, c]
        set_out(t, counts, states.leaving[t], weights, states.out[t], arriving, road)
