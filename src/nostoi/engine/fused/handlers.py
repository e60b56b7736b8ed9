"""The compiled loops as XLA sees them: buffers in, buffers out, in the order of `layout.py`."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.base.ffi import (
    ARGUMENTS,
    RESULTS,
    answers_version,
    view1,
    view2,
    view3,
    view4,
    words,
)
from nostoi.engine.fused.backward import run_backward
from nostoi.engine.fused.forward import run_forward
from nostoi.engine.fused.layout import Counts, Fixed, Moving, Sensitivities, States
from nostoi.engine.fused.shares import loop


@loop
def moving_at(b: int, i: int) -> Any:
    """`Moving` from buffers i to i + 8."""
    return Moving(
        view2(b, i), view2(b, i + 1), view3(b, i + 2), view3(b, i + 3), view4(b, i + 4),
        view3(b, i + 5), view4(b, i + 6), view3(b, i + 7), view3(b, i + 8),
    )  # fmt: skip


@loop
def fixed_at(b: int, i: int) -> Any:
    """`Fixed` from buffers i to i + 11."""
    return Fixed(
        view1(b, i), view1(b, i + 1), view2(b, i + 2), view2(b, i + 3), view1(b, i + 4),
        view1(b, i + 5), view2(b, i + 6), view3(b, i + 7), view1(b, i + 8), view1(b, i + 9),
        view1(b, i + 10), view1(b, i + 11),
    )  # fmt: skip


@loop
def counts_at(b: int, i: int) -> Any:
    """`Counts` from buffers i to i + 18."""
    return Counts(
        view2(b, i), view2(b, i + 1), view2(b, i + 2), view2(b, i + 3), view2(b, i + 4),
        view2(b, i + 5), view2(b, i + 6), view2(b, i + 7), view2(b, i + 8), view3(b, i + 9),
        view2(b, i + 10), view3(b, i + 11), view3(b, i + 12), view1(b, i + 13), view3(b, i + 14),
        view2(b, i + 15), view2(b, i + 16), view2(b, i + 17), view2(b, i + 18),
    )  # fmt: skip


@loop
def states_at(b: int, i: int) -> Any:
    """`States` from buffers i to i + 9."""
    return States(
        view2(b, i), view3(b, i + 1), view4(b, i + 2), view3(b, i + 3), view4(b, i + 4),
        view2(b, i + 5), view4(b, i + 6), view3(b, i + 7), view3(b, i + 8), view2(b, i + 9),
    )  # fmt: skip


@loop
def clear_counts(counts: Any) -> None:
    """Sets what is summed up to zero: XLA hands over memory as it is."""
    for part in (
        counts.leave, counts.called, counts.again, counts.leave_to, counts.arrive,
        counts.arrive_on, counts.go, counts.on, counts.go_group, counts.onward,
        counts.returned_once, counts.home, counts.exposed_arrive, counts.exposed_exit,
    ):  # fmt: skip
        part.fill(0.0)
    for whole in (counts.exits, counts.abroad, counts.abroad_group, counts.returned):
        whole.fill(0.0)
    counts.on_the_way.fill(0.0)


@loop
def clear_moving(grad: Any) -> None:
    """Sets sums of sensitivities to zero."""
    for part in (grad.leave, grad.call):
        part.fill(0.0)
    for whole in (grad.again, grad.go, grad.on, grad.weight, grad.table):
        whole.fill(0.0)
    for slow in (grad.go_slow, grad.on_slow):
        slow.fill(0.0)


@loop
def fresh(groups: int, hosts: int, rules: int, phases: int) -> Any:
    """Working memory of the derivative, all zero."""
    g, gh, rg = np.zeros(groups), np.zeros((groups, hosts)), np.zeros((rules, groups))
    return Sensitivities(
        g, gh, np.zeros((phases, groups, hosts)), rg, np.zeros((rules, phases, groups)),
        np.zeros(groups), np.zeros((groups, hosts)), np.zeros(groups), np.zeros((groups, hosts)),
        np.zeros((groups, hosts)), np.zeros((rules, groups)), np.zeros((rules, groups)),
        np.zeros(hosts),
    )  # fmt: skip


@loop
def forward(frame: int) -> int:
    """Moving and fixed numbers in; counts and states out."""
    if answers_version(frame):
        return 0
    given, made = words(frame, ARGUMENTS + 1)[ARGUMENTS], words(frame, RESULTS + 1)[RESULTS]
    counts = counts_at(made, 0)
    clear_counts(counts)
    run_forward(moving_at(given, 0), fixed_at(given, 9), counts, states_at(made, 19))
    return 0


@loop
def backward(frame: int) -> int:
    """Moving and fixed numbers, states and wishes in; sensitivities of the moving numbers out."""
    if answers_version(frame):
        return 0
    given, made = words(frame, ARGUMENTS + 1)[ARGUMENTS], words(frame, RESULTS + 1)[RESULTS]
    moving, fixed = moving_at(given, 0), fixed_at(given, 9)
    grad = moving_at(made, 0)
    clear_moving(grad)
    groups, hosts = moving.go.shape[1], moving.go.shape[2]
    d = fresh(groups, hosts, fixed.above.shape[1], fixed.above.shape[2])
    run_backward(moving, fixed, states_at(given, 21), counts_at(given, 31), d, grad)
    return 0
