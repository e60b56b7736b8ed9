"""The compiled loops as XLA sees them: buffers in, buffers out, in the order of `layout.py`."""

from __future__ import annotations

from typing import Any

from nostoi.base.exponential import loop
from nostoi.base.ffi import (
    answers_version,
    buffers,
    rows2,
    rows3,
    view1,
    view2,
    view3,
    view4,
)
from nostoi.engine.fused.backward import run_backward
from nostoi.engine.fused.forward import run_forward
from nostoi.engine.fused.layout import (
    BACKWARD_GIVEN,
    BACKWARD_MADE,
    FORWARD_MADE,
    Abroad,
    Aside,
    Back,
    Counts,
    Fixed,
    Moving,
    Places,
    Sensitivities,
    States,
    Walk,
    Wishes,
)


@loop
def moving_at(b: int, i: int) -> Any:
    """`Moving` from buffers i to i + 8."""
    return Moving(
        view2(b, i), view2(b, i + 1), rows2(b, i + 2), rows2(b, i + 3), rows3(b, i + 4),
        rows2(b, i + 5), rows3(b, i + 6), view3(b, i + 7), view3(b, i + 8),
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
        view2(b, i), view3(b, i + 1), rows3(b, i + 2), view3(b, i + 3), view4(b, i + 4),
        view2(b, i + 5), rows3(b, i + 6), rows2(b, i + 7), view3(b, i + 8), view2(b, i + 9),
    )  # fmt: skip


@loop
def walk_at(b: int, i: int) -> Any:
    """`Walk` from buffers i to i + 9."""
    return Walk(
        view1(b, i), view2(b, i + 1), view2(b, i + 2), view2(b, i + 3), view3(b, i + 4),
        view2(b, i + 5), view2(b, i + 6), view2(b, i + 7), view1(b, i + 8), view1(b, i + 9),
    )  # fmt: skip


@loop
def abroad_at(b: int, i: int) -> Any:
    """`Abroad` from buffers i to i + 6."""
    return Abroad(
        view1(b, i), view1(b, i + 1), view1(b, i + 2), view1(b, i + 3),
        view2(b, i + 4), view2(b, i + 5), view2(b, i + 6),
    )  # fmt: skip


@loop
def back_at(b: int, i: int) -> Any:
    """`Back` from buffers i to i + 3."""
    return Back(view1(b, i), view1(b, i + 1), view1(b, i + 2), view1(b, i + 3))


@loop
def places_at(b: int, i: int) -> Any:
    """`Places` from buffers i to i + 2."""
    return Places(view1(b, i), view2(b, i + 1), view2(b, i + 2))


@loop
def sensitivities_at(b: int, i: int) -> Any:
    """`Sensitivities` from buffers i to i + 12."""
    return Sensitivities(
        view1(b, i), view2(b, i + 1), view2(b, i + 2), view2(b, i + 3), view3(b, i + 4),
        view1(b, i + 5), view2(b, i + 6), view1(b, i + 7), view2(b, i + 8), view2(b, i + 9),
        view2(b, i + 10), view2(b, i + 11), view1(b, i + 12),
    )  # fmt: skip


@loop
def wishes_at(b: int, i: int) -> Any:
    """`Wishes` from buffers i to i + 8."""
    return Wishes(
        view1(b, i), view1(b, i + 1), view1(b, i + 2), view2(b, i + 3), view2(b, i + 4),
        view2(b, i + 5), view1(b, i + 6), view1(b, i + 7), view1(b, i + 8),
    )  # fmt: skip


@loop
def aside_at(b: int, i: int) -> Any:
    """`Aside` from buffers i to i + 9."""
    return Aside(
        view1(b, i), view2(b, i + 1), view2(b, i + 2), view1(b, i + 3), view1(b, i + 4),
        view1(b, i + 5), view1(b, i + 6), view1(b, i + 7), view1(b, i + 8), view1(b, i + 9),
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
def clear_walk(walk: Any) -> None:
    """Nobody is anywhere before the first step."""
    for part in (walk.road, walk.host, walk.road_back):
        part.fill(0.0)
    walk.back.fill(0.0)


@loop
def clear_moving(grad: Any) -> None:
    """Sets sums of sensitivities to zero."""
    for part in (grad.leave, grad.call, grad.again, grad.go, grad.on):
        part.fill(0.0)
    for whole in (grad.go_slow, grad.on_slow, grad.weight, grad.table):
        whole.fill(0.0)


@loop
def clear_sensitivities(d: Any) -> None:
    """Nothing hangs on what is after the last step."""
    for part in (d.home, d.first, d.appeal, d.newcomers):
        part.fill(0.0)
    for whole in (
        d.road, d.host, d.road_back, d.chosen, d.out, d.arriving, d.landed, d.homeward,
    ):  # fmt: skip
        whole.fill(0.0)
    d.back.fill(0.0)


@loop
def forward(frame: int) -> int:
    """Moving and fixed numbers in; counts, states and working memory out."""
    if answers_version(frame):
        return 0
    given, made = buffers(frame)
    first, states, walk, abroad, back, places = FORWARD_MADE
    counts, walked = counts_at(made, first), walk_at(made, walk)
    clear_counts(counts)
    clear_walk(walked)
    work = (walked, abroad_at(made, abroad), back_at(made, back), places_at(made, places))
    moving, fixed = moving_at(given, BACKWARD_GIVEN[0]), fixed_at(given, BACKWARD_GIVEN[1])
    run_forward(moving, fixed, counts, states_at(made, states), work)
    return 0


@loop
def backward(frame: int) -> int:
    """Moving and fixed numbers, states and wishes in; sensitivities of the moving numbers out."""
    if answers_version(frame):
        return 0
    given, made = buffers(frame)
    first, sensitivities, wishes, back, places, aside = BACKWARD_MADE
    grad, d = moving_at(made, first), sensitivities_at(made, sensitivities)
    clear_moving(grad)
    clear_sensitivities(d)
    rows = (back_at(made, back), places_at(made, places), aside_at(made, aside))
    work = (wishes_at(made, wishes), *rows)
    moving, fixed, states, counts = BACKWARD_GIVEN
    read = (
        moving_at(given, moving), fixed_at(given, fixed), states_at(given, states),
        counts_at(given, counts),
    )  # fmt: skip
    run_backward(read, d, grad, work)
    return 0
