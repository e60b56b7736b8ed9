"""One pass over all steps: journeys, competing moves, ageing, and the counts on the way."""

from __future__ import annotations

from typing import Any

from nostoi.base.exponential import exponential, loop
from nostoi.engine.fused.rows import (
    add,
    add_part,
    copy,
    move_abroad,
    pass_on,
    shares_over_rates,
    step_up,
)
from nostoi.engine.fused.shares import (
    find_places,
    read_table,
    share_over_rate,
)

Array = Any


@loop
def weigh(moving: Any, t: int, places: Any, weights: Array, appeal: Array) -> None:
    """Fills the shares of destinations [g, h] of step t, and the appeal [g]."""
    for g in range(weights.shape[0]):
        total = 0.0
        for h in range(weights.shape[1]):
            live = read_table(moving.table[g, h], places.first[h], places.value[h])
            weights[g, h] = moving.weight[t, g, h] + live
        for h in range(weights.shape[1]):
            weights[g, h] = exponential(weights[g, h])
            total += weights[g, h]
        for h in range(weights.shape[1]):
            weights[g, h] /= total
        appeal[g] = total


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
def rates_back(moving: Any, fixed: Any, t: int, work: Any) -> None:
    """Fills call, rate and share of `work` for those who returned, [a * g]."""
    groups = moving.call.shape[1]
    held = int(fixed.held[t])
    for a in range(held):
        copy(moving.call[t], work.call[a * groups : (a + 1) * groups])
    again = moving.again[t, : held * groups]
    shares_over_rates(again, work.call, fixed.days[t], work.rate, work.share)


@loop
def leave_again(
    moving: Any, fixed: Any, t: int, counts: Any, landed: Array, back: Array, work: Any
) -> None:
    """Second departures and call-ups of those who returned; `back` [r, a, g] loses them."""
    rules, _, groups = back.shape
    held = int(fixed.held[t])
    again, at_risk = moving.again[t], work.at_risk
    rates_back(moving, fixed, t, work)
    at_risk.fill(0.0)
    for c in range(rules):
        cells = back[c, :held].reshape(-1)
        for i in range(cells.size):
            at_risk[i] += cells[i]
            cells[i] -= cells[i] * work.share[i] * work.rate[i]
        for g in range(groups):
            new = 0.5 * landed[c, g]
            at_risk[g] += new
            cells[g] -= new * work.share[g] * work.rate[g]
    for a in range(held):
        for g in range(groups):
            i = a * groups + g
            counts.again[t, g] += at_risk[i] * work.share[i] * again[i]
            counts.called[t, g] += at_risk[i] * work.share[i] * work.call[i]


@loop
def be_home(fixed: Any, t: int, counts: Any, arrived: Array, back: Array, work: Any) -> None:
    """Those who came home in step t join `back` [r, a, g], which is counted and ages."""
    rules, _, groups = back.shape
    above, held = fixed.above[t], int(fixed.held[t])
    stay = work.at_risk[: held * groups]
    stay.fill(0.0)
    for k in range(rules - 1, -1, -1):
        add(arrived[k], back[k, 0])
        add(back[k, :held].reshape(-1), stay)
        for a in range(held):
            if above[k, a] != 0.0:
                add_part(above[k, a], stay[a * groups : (a + 1) * groups], counts.returned[t, k])
        counts.returned_once[t, k] += stay.sum()
        pass_on(back[k], fixed.passing[t])


@loop
def stay_abroad(
    moving: Any, fixed: Any, t: int, arriving: Array, host: Array, share: Array, work: Any
) -> None:
    """Going home and moving on; `host` [a, n] ages, n = group x host.

    Fills `share` [a, n] and the sums of `work`. The persons who fulfil a rule are a sum over
    phases from the last one down, which is read where the rule begins.
    """
    m, above = int(fixed.month[t]), fixed.above[t]
    fast_go, fast_on = moving.go[t], moving.on[t]
    sums = (work.staying, work.gone, work.going)
    of_rules = (work.stay, work.leave, work.home)
    work.on.fill(0.0)
    for j in range(3):
        sums[j].fill(0.0)
        of_rules[j].fill(0.0)
    for a in range(host.shape[0] - 1, -1, -1):
        slow_go, slow_on = moving.go_slow[m, a], moving.on_slow[m, a]
        rates = (fast_go, slow_go, fast_on, slow_on)
        if a == 0:
            add_part(0.5, arriving, host[a])
        move_abroad(rates, fixed.days[t], host[a], share[a], sums, work.on)
        if a == 0:
            add_part(0.5, arriving, host[a])
            add_part(0.5, arriving, work.staying)
        for k in range(above.shape[0]):
            part = step_up(above, k, a)
            if part != 0.0:
                for j in range(3):
                    add_part(part, sums[j], of_rules[j][k])


@loop
def count_abroad(fixed: Any, t: int, counts: Any, work: Any, homeward: Array) -> None:
    """Sums of `stay_abroad` by host and by group.

    Fills those who set out for home by the longest rule that their stay fulfils, [r, g].
    """
    rules, groups = homeward.shape
    hosts = counts.go.shape[1]
    for g in range(groups):
        for h in range(hosts):
            i = g * hosts + h
            counts.go[t, h] += work.going[i]
            counts.go_group[t, g] += work.going[i]
            counts.on[t, h] += work.on[i]
            counts.exposed_exit[t, h] += work.gone[i] * fixed.exposed[g]
    for k in range(rules):
        for g in range(groups):
            stay, home = 0.0, 0.0
            for h in range(hosts):
                i = g * hosts + h
                counts.abroad[t, k, h] += work.stay[k, i]
                counts.exits[t, k, h] += work.leave[k, i]
                stay += work.stay[k, i]
                home += work.home[k, i]
            counts.abroad_group[t, k, g] += stay
            homeward[k, g] = home
    for k in range(rules - 1):
        for g in range(groups):
            homeward[k, g] -= homeward[k + 1, g]


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
def set_out(
    t: int, counts: Any, leaving: Array, weights: Array, out: Array, arriving: Array, road: Array
) -> None:
    """Those who left and those who move on choose a place; `road` [g, h] gains them."""
    groups, hosts = road.shape
    for g in range(groups):
        first, going = leaving[g], out[g * hosts : (g + 1) * hosts]
        total = 0.0
        for h in range(hosts):
            total += going[h] / max(1.0 - weights[g, h], 1e-12)
        for h in range(hosts):
            chosen = weights[g, h]
            open_to = going[h] / max(1.0 - chosen, 1e-12)
            onward = chosen * (total - open_to)
            counts.leave_to[t, h] += first * chosen
            counts.arrive_on[t, h] += onward
            add_part(open_to, weights[g], counts.onward[h])
            road[g, h] += first * chosen + onward - arriving[g, h]
            counts.on_the_way[t] += road[g, h]


@loop
def count_newcomers(host: Array, total: Array, newcomers: Array) -> None:
    """Fills the persons in each host, [h], and their `total` [n] from those of [a, n]."""
    hosts = newcomers.size
    total.fill(0.0)
    for a in range(host.shape[0]):
        add(host[a], total)
    newcomers.fill(0.0)
    for g in range(host.shape[1] // hosts):
        add(total[g * hosts : (g + 1) * hosts], newcomers)


@loop
def land(fixed: Any, t: int, counts: Any, homeward: Array, landed: Array, road_back: Array) -> None:
    """`road_back` [r, g] gains those who set out, and loses those who come home in step t.

    `landed` holds those who were on the way before; those who set out and land are added.
    """
    at_once = fixed.land_at_once[t]
    for c in range(landed.shape[0]):
        for g in range(landed.shape[1]):
            soon = homeward[c, g] * at_once
            road_back[c, g] += homeward[c, g] - soon - landed[c, g]
            landed[c, g] += soon
            counts.on_the_way[t] += road_back[c, g]


@loop
def keep_states(t: int, held: int, states: Any, walk: Any) -> None:
    """Writes down the states before step t, of phases that can hold persons."""
    copy(walk.home, states.home[t])
    copy(walk.road.reshape(-1), states.road[t].reshape(-1))
    copy(walk.road_back.reshape(-1), states.road_back[t].reshape(-1))
    copy(walk.host[:held].reshape(-1), states.host[t, :held].reshape(-1))
    for c in range(walk.back.shape[0]):
        copy(walk.back[c, :held].reshape(-1), states.back[t, c, :held].reshape(-1))


@loop
def run_forward(moving: Any, fixed: Any, counts: Any, states: Any, memory: Any) -> None:
    """Fills `counts` and `states` from `moving` and `fixed`.

    `memory`: of the walk, which is zero at the start, of those abroad, of those who returned and
    of places in the table.
    """
    walk, work, work_back, places = memory
    steps, knots = moving.weight.shape[0], moving.table.shape[2]
    home, road, host, back = walk.home, walk.road, walk.host, walk.back
    arriving, landed, homeward = walk.arriving, walk.landed, walk.homeward
    copy(fixed.persons, home)
    for t in range(steps):
        held = int(fixed.held[t])
        keep_states(t, held, states, walk)
        count_newcomers(host[:held], walk.total, walk.newcomers)
        find_places(walk.newcomers, fixed.top[0], knots, places)
        weights, appeal = states.chosen[t], states.appeal[t]
        weigh(moving, t, places, weights, appeal)
        leave_home(moving, fixed, t, counts, home, appeal)
        landed.fill(0.0)
        add_part(fixed.land[t], walk.road_back.reshape(-1), landed.reshape(-1))
        leave_again(moving, fixed, t, counts, landed, back, work_back)
        arrive(fixed, t, states, counts, weights, road, arriving)
        stay_abroad(moving, fixed, t, arriving.reshape(-1), host[:held], states.share[t], work)
        pass_on(host, fixed.passing[t])
        copy(work.on, states.out[t])
        count_abroad(fixed, t, counts, work, homeward)
        land(fixed, t, counts, homeward, landed, walk.road_back)
        be_home(fixed, t, counts, landed, back, work_back)
        set_out(t, counts, states.leaving[t], weights, states.out[t], arriving, road)
    for h in range(road.shape[1]):
        counts.onward[h, h] = 0.0
