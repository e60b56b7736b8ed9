"""What goes into the compiled loops and what comes out, by name and shape.

Axes: t step, g group, h host, a phase, m month (coarse date), r residence rule, k point of the
table of live pulls, j host (destination), n group x host, p phase x group, q one of four.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

Array = Any


class Moving(NamedTuple):
    """Numbers that depend on the parameters; loops see the axes g and h of the rates as one."""

    leave: Array  # rate per day at the appeal of quiet times, [t, g]
    call: Array  # rate per day, [t, g]
    again: Array  # rate per day, [t, a, g]
    go: Array  # part of the rate of going home that follows the date, [t, g, h]
    go_slow: Array  # part that follows the days since the move, [m, a, g, h]
    on: Array  # the same two for moving on
    on_slow: Array
    weight: Array  # log weight of destinations over the reference, before newcomers, [t, g, h]
    table: Array  # what newcomers add to it, at the points of `shares.table_points`, [g, h, k]


class Fixed(NamedTuple):
    """Numbers of the world alone."""

    persons: Array  # at home at the start, [g]
    days: Array  # length of each step, [t]
    arrive: Array  # share of those on the way who arrive in a step, [t, h]
    at_once: Array  # share of those who set out in a step and arrive in it, [t, h]
    land: Array  # the same two on the way home, [t]
    land_at_once: Array  # [t]
    passing: Array  # 1 where a phase hands on at the end of a step, [t, a]
    above: Array  # share of a phase that fulfils a rule, [t, r, a]
    held: Array  # how many phases can hold persons before each step, [t]
    month: Array  # coarse date of each step, [t]
    exposed: Array  # 1 for groups that can be called up, [g]
    top: Array  # end of the table's stretched scale, [1]


class Counts(NamedTuple):
    """Flows and stocks of every step, persons."""

    leave: Array  # [t, g]
    called: Array  # [t, g]
    again: Array  # [t, g]
    leave_to: Array  # [t, h]
    arrive: Array  # [t, h]
    arrive_on: Array  # [t, h]
    go: Array  # [t, h]
    on: Array  # [t, h]
    go_group: Array  # [t, g]
    exits: Array  # [t, r, h]
    onward: Array  # [h, j]
    abroad: Array  # [t, r, h]
    abroad_group: Array  # [t, r, g]
    on_the_way: Array  # [t]
    returned: Array  # [t, r, g]
    returned_once: Array  # [t, r]
    home: Array  # [t, g]
    exposed_arrive: Array  # [t, h]
    exposed_exit: Array  # [t, h]


class States(NamedTuple):
    """States before each step, kept for the derivative; loops see the last axes of some as one.

    Phases that can hold nobody at a step are not written: what stands there is anything.
    """

    home: Array  # [t, g]
    road: Array  # [t, g, h]
    host: Array  # [t, a, g, h]
    road_back: Array  # [t, r, g]
    back: Array  # [t, r, a, g]
    leaving: Array  # first and second departures of the step, [t, g]
    share: Array  # share over rate of the exits from hosts, [t, a, g, h]
    out: Array  # persons who move on, [t, g, h]
    chosen: Array  # shares of destinations, [t, g, h]
    appeal: Array  # of all destinations over that of quiet times, [t, g]


class Sensitivities(NamedTuple):
    """Working memory of the derivative: of the states after a step, and of what it produced."""

    home: Array  # [g]
    road: Array  # [g, h]
    host: Array  # [a, n]
    road_back: Array  # [r, g]
    back: Array  # [r, a, g]
    first: Array  # [g]
    chosen: Array  # [g, h]
    appeal: Array  # [g]
    out: Array  # [g, h]
    arriving: Array  # [g, h]
    landed: Array  # [r, g]
    homeward: Array  # [r, g]
    newcomers: Array  # [h]


class Walk(NamedTuple):
    """Working memory of the pass over all steps: states at hand, and who moves in a step."""

    home: Array  # [g]
    road: Array  # [g, h]
    host: Array  # [a, n]
    road_back: Array  # [r, g]
    back: Array  # [r, a, g]
    arriving: Array  # [g, h]
    homeward: Array  # [r, g]
    landed: Array  # [r, g]
    newcomers: Array  # [h]
    total: Array  # [n]


class Abroad(NamedTuple):
    """Working memory of those abroad in one step.

    The first four are sums over the phases from the last one down to that at hand.
    """

    staying: Array  # who stay, [n]
    gone: Array  # who go home or move on, [n]
    going: Array  # who go home, [n]
    on: Array  # who move on, [n]; not the difference of the two, which rounds
    stay: Array  # who stay and fulfil a rule, [r, n]
    leave: Array  # who leave, [r, n]
    home: Array  # who go home, [r, n]


class Back(NamedTuple):
    """Working memory of those who returned in one step, each [p]."""

    call: Array  # rate of call-up
    rate: Array  # of call-up and leaving again
    share: Array  # share of exit over the rate
    at_risk: Array  # persons of all rules


class Places(NamedTuple):
    """Where the table of live pulls is read in one step, by host."""

    first: Array  # number of the first of the four points, [h]
    value: Array  # what each weighs in the value, [h, q]
    slope: Array  # and in the slope by newcomers, [h, q]


class Wishes(NamedTuple):
    """Sensitivities of the sums in `Abroad`, and rows to work in.

    The first three are those of one phase: of all rules that it fulfils.
    """

    staying: Array  # [n]
    gone: Array  # [n]
    going: Array  # [n]
    stay: Array  # [r, n]
    leave: Array  # [r, n]
    home: Array  # [r, n]
    on: Array  # [n]
    change: Array  # [n]
    at_risk: Array  # [n]


class Aside(NamedTuple):
    """Rows that the derivative works in."""

    newcomers: Array  # [h]
    landed: Array  # [r, g]
    arriving: Array  # [g, h]
    counted: Array  # [p]
    total: Array  # [n]
    to_again: Array  # [p]
    to_call: Array  # [p]
    by_call: Array  # [p]
    change: Array  # [p]
    open_to: Array  # [h]


def sizes(moving: Moving, fixed: Fixed) -> dict[str, int]:
    """Length of each axis letter."""
    steps, groups, hosts = moving.go.shape
    months, phases = moving.go_slow.shape[0], moving.go_slow.shape[1]
    rules, points = fixed.above.shape[1], moving.table.shape[2]
    lengths = {"t": steps, "g": groups, "h": hosts, "j": hosts, "a": phases}
    joined = {"n": groups * hosts, "p": phases * groups, "q": 4}
    return lengths | joined | {"m": months, "r": rules, "k": points}


COUNT_AXES = (
    "tg", "tg", "tg", "th", "th", "th", "th", "th", "tg", "trh", "hj", "trh", "trg", "t", "trg",
    "tr", "tg", "th", "th",
)  # fmt: skip
STATE_AXES = ("tg", "tgh", "tagh", "trg", "trag", "tg", "tagh", "tgh", "tgh", "tg")
MOVING_AXES = ("tg", "tg", "tag", "tgh", "magh", "tgh", "magh", "tgh", "ghk")
WALK_AXES = ("g", "gh", "an", "rg", "rag", "gh", "rg", "rg", "h", "n")
ABROAD_AXES = ("n", "n", "n", "n", "rn", "rn", "rn")
BACK_AXES = ("p", "p", "p", "p")
PLACES_AXES = ("h", "hq", "hq")
SENSITIVITY_AXES = (
    "g", "gh", "an", "rg", "rag", "g", "gh", "g", "gh", "gh", "rg", "rg", "h",
)  # fmt: skip
WISH_AXES = ("n", "n", "n", "rn", "rn", "rn", "n", "n", "n")
ASIDE_AXES = ("h", "rg", "gh", "p", "n", "p", "p", "p", "p", "h")
FORWARD_PARTS = (COUNT_AXES, STATE_AXES, WALK_AXES, ABROAD_AXES, BACK_AXES, PLACES_AXES)
BACKWARD_PARTS = (
    MOVING_AXES, SENSITIVITY_AXES, WISH_AXES, BACK_AXES, PLACES_AXES, ASIDE_AXES,
)  # fmt: skip
"""What the two passes fill. Working memory is handed over by XLA too: what our loops made
themselves would be counted."""


def _firsts(parts: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    """Number of the first buffer of each part, where they stand one behind the other."""
    return tuple(accumulate((len(part) for part in parts[:-1]), initial=0))


FORWARD_MADE, BACKWARD_MADE = _firsts(FORWARD_PARTS), _firsts(BACKWARD_PARTS)
BACKWARD_GIVEN = _firsts((Moving._fields, Fixed._fields, States._fields, Counts._fields))
"""Where the parts of the results, and of what the derivative is given, begin."""


def shapes(axes: tuple[str, ...], lengths: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    """Shapes of arrays given by the letters of their axes."""
    return tuple(tuple(lengths[letter] for letter in names) for names in axes)
