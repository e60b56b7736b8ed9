"""Passes over one row of cells side by side in memory, which become vector instructions.

Each is a loop over plain rows of equal length: a row holds all groups and hosts of one phase,
n = group x host, or all phases and groups of the returned, m = phase x group.
"""

from __future__ import annotations

from typing import Any

from nostoi.base.exponential import loop
from nostoi.engine.fused.shares import share_over_rate, share_slope

Array = Any


@loop
def add(more: Array, found: Array) -> None:
    """Adds a row."""
    for i in range(found.size):
        found[i] += more[i]


@loop
def add_part(part: float, more: Array, found: Array) -> None:
    """Adds a part of a row."""
    for i in range(found.size):
        found[i] += part * more[i]


@loop
def copy(row: Array, found: Array) -> None:
    """Writes a row."""
    for i in range(found.size):
        found[i] = row[i]


@loop
def shares_over_rates(again: Array, call: Array, days: float, rate: Array, share: Array) -> None:
    """Fills rates and the shares of exit over them, as many as `again` has, [m]."""
    for i in range(again.size):
        rate[i] = again[i] + call[i]
        share[i] = share_over_rate(rate[i], days)


@loop
def move_abroad(
    rates: Any, days: float, cells: Array, share: Array, sums: Any, all_on: Array
) -> None:
    """Who go home and who move on in one phase, [n]; `cells` lose them, the rest add them up."""
    fast_go, slow_go, fast_on, slow_on = rates
    staying, all_gone, all_going = sums
    for i in range(cells.size):
        go, on = fast_go[i] * slow_go[i], fast_on[i] * slow_on[i]
        share[i] = share_over_rate(go + on, days)
        at_risk = cells[i] * share[i]
        gone = at_risk * (go + on)
        all_going[i] += at_risk * go
        all_on[i] += at_risk * on
        all_gone[i] += gone
        cells[i] -= gone
        staying[i] += cells[i]


@loop
def move_abroad_back(
    rates: Any, days: float, cells: Array, share: Array, d_cells: Array, wishes: Any, found: Any
) -> None:
    """The derivative of `move_abroad`, [n].

    `d_cells` holds the sensitivity of those who stay and gets that of the cells; `wishes` are
    those of leaving, of going home and of moving on. `found` adds up the sensitivities of the
    four rates; its last row gets what was added to `d_cells`.
    """
    fast_go, slow_go, fast_on, slow_on = rates
    by_fast_go, by_slow_go, by_fast_on, by_slow_on, change = found
    gone, going, moving = wishes
    for i in range(cells.size):
        go, on = fast_go[i] * slow_go[i], fast_on[i] * slow_on[i]
        away = gone[i] - d_cells[i]
        d_go, d_on = going[i] + away, moving[i] + away
        mean = go * d_go + on * d_on
        bend = cells[i] * mean * share_slope(go + on, days, share[i])
        at_risk = cells[i] * share[i]
        by_go, by_on = at_risk * d_go + bend, at_risk * d_on + bend
        by_fast_go[i] += by_go * slow_go[i]
        by_slow_go[i] += by_go * fast_go[i]
        by_fast_on[i] += by_on * slow_on[i]
        by_slow_on[i] += by_on * fast_on[i]
        change[i] = share[i] * mean
        d_cells[i] += share[i] * mean


@loop
def leave_again_back_row(
    rates: Any, days: float, cells: Array, d_cells: Array, wishes: Any, found: Any
) -> None:
    """The derivative of second departures and call-ups of those of one rule, [m].

    `d_cells` as in `move_abroad_back`; `found`: sensitivities of both rates add up, and the
    change of `d_cells` is written down.
    """
    again, call, rate, share = rates
    to_again, to_call = wishes
    by_again, by_call, change = found
    for i in range(cells.size):
        d_again, d_call = to_again[i] - d_cells[i], to_call[i] - d_cells[i]
        mean = again[i] * d_again + call[i] * d_call
        bend = cells[i] * mean * share_slope(rate[i], days, share[i])
        at_risk = cells[i] * share[i]
        by_again[i] += at_risk * d_again + bend
        by_call[i] += at_risk * d_call + bend
        change[i] = share[i] * mean
        d_cells[i] += share[i] * mean


@loop
def step_up(above: Array, k: int, a: int) -> float:
    """By how much more the persons of phase a fulfil rule k than those of the phase before."""
    more: float = above[k, a] - (above[k, a - 1] if a > 0 else 0.0)
    return more


@loop
def pass_on(cells: Array, passing: Array) -> None:
    """Persons of each phase [a, n] handed on to the next where `passing` [a] is 1; in place."""
    for a in range(cells.shape[0] - 1, 0, -1):
        part = passing[a - 1]
        if part != 0.0:
            ahead, behind = cells[a], cells[a - 1]
            for i in range(ahead.size):
                going = part * behind[i]
                ahead[i] += going
                behind[i] -= going


@loop
def pass_on_back(d_cells: Array, passing: Array) -> None:
    """Sensitivities [a, n] before persons were handed on; in place."""
    for a in range(d_cells.shape[0] - 1):
        part = passing[a]
        if part != 0.0:
            ahead, behind = d_cells[a + 1], d_cells[a]
            for i in range(ahead.size):
                behind[i] += part * (ahead[i] - behind[i])
