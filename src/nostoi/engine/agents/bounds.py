"""How large the personal factor of a rate can be at most, from the texts of the rules.

Most people stay where they are on most days. If a person's random number lies above the rate that
even the most mobile person would have, nothing more needs to be known of this one. The bound must
hold for certain, so the rules are evaluated on intervals: numbers of which only the ends are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.engine.agents.lift import part_of
from nostoi.engine.agents.slots import MOVES
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

SLACK = 1.0 + 1e-9
"""Room for rounding in the bound."""

DEEPEST = -3.0
"""Least savings that anybody has, in months (debts)."""


@dataclass(frozen=True)
class Interval:
    """A number between two ends; arithmetic keeps every value that it may take."""

    low: float
    high: float

    def __array_namespace__(self) -> Any:
        """Functions of the vocabulary on intervals (`base.maths` asks for them)."""
        return FUNCTIONS

    def __add__(self, other: Any) -> Interval:
        o = interval(other)
        return Interval(self.low + o.low, self.high + o.high)

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Any) -> Interval:
        o = interval(other)
        return Interval(self.low - o.high, self.high - o.low)

    def __rsub__(self, other: Any) -> Interval:
        o = interval(other)
        return Interval(o.low - self.high, o.high - self.low)

    def __mul__(self, other: Any) -> Interval:
        o = interval(other)
        ends = [a * b if a and b else 0.0 for a in (self.low, self.high) for b in (o.low, o.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Any) -> Interval:
        o = interval(other)
        if o.low <= 0.0 <= o.high:
            return Interval(-math.inf, math.inf)
        return self * Interval(1.0 / o.high, 1.0 / o.low)

    def __rtruediv__(self, other: Any) -> Interval:
        return interval(other) / self

    def __gt__(self, other: Any) -> Interval:
        o = interval(other)
        return Interval(float(self.low > o.high), float(self.high > o.low))

    def __lt__(self, other: Any) -> Interval:
        return interval(other) > self

    def __ge__(self, other: Any) -> Interval:
        o = interval(other)
        return Interval(float(self.low >= o.high), float(self.high >= o.low))

    def __le__(self, other: Any) -> Interval:
        return interval(other) >= self

    __radd__, __rmul__ = __add__, __mul__


def interval(value: Any) -> Interval:
    """The interval of a number, of all numbers of an array, or the interval itself."""
    if isinstance(value, Interval):
        return value
    return Interval(float(np.min(value)), float(np.max(value)))


def _rising(function: Callable[[float], float]) -> Callable[[Any], Interval]:
    """A function that never falls, on intervals."""

    def of(x: Any) -> Interval:
        x = interval(x)
        return Interval(function(x.low), function(x.high))

    return of


def _exp(x: float) -> float:
    return math.exp(x) if x < 700.0 else math.inf


def _log(x: float) -> float:
    return math.log(x) if x > 0.0 else -math.inf


def _either(condition: Any, yes: Any, no: Any) -> Interval:
    """One of two values, or both where the condition (0 no, 1 yes) is not certain."""
    sure, a, b = interval(condition), interval(yes), interval(no)
    if sure.low == sure.high:
        return a if sure.low else b
    return Interval(min(a.low, b.low), max(a.high, b.high))


FUNCTIONS = SimpleNamespace(
    exp=_rising(_exp),
    log=_rising(_log),
    log1p=_rising(lambda x: _log(1.0 + x)),
    minimum=lambda x, y: _rising(lambda v: min(v, y))(x),
    maximum=lambda x, y: _rising(lambda v: max(v, y))(x),
    where=_either,
)


def most(
    rules: tuple[Rule, ...],
    columns: Mapping[str, Mapping[str, Any]],
    days: float,
    personal: Mapping[str, Interval] | None = None,
) -> Any:
    """Largest personal factor of each move, in the order of `slots.MOVES`; [move].

    Args:
        rules: rules switched on.
        columns: all values of the names of who, at, now and p.
        days: longest time since a move.
        personal: spans of columns that people have for themselves.
    """
    mine = dict(personal or {})
    own = {"savings": Interval(DEEPEST, math.inf), "days": Interval(0.0, days)} | mine
    who = SimpleNamespace(**{k: interval(v) for k, v in columns["who"].items()} | own)
    at, now = (
        SimpleNamespace(**{k: interval(v) for k, v in columns[name].items()})
        for name in ("at", "now")
    )
    view = (who, at, now, SimpleNamespace(**columns["p"]))
    single = tuple(rule for rule in rules if part_of(rule, tuple(mine)) == "person")
    return np.array([_most_of(move, single, view) for move in MOVES.values()])


def _most_of(move: str, rules: tuple[Rule, ...], view: Any) -> float:
    """Largest product of the given rules for one move; infinite where an interval cannot say."""
    try:
        pushes = [interval(rule(*view)).high for rule in rules_of(move, "push", rules)]
        able = [interval(rule(*view)).high for rule in rules_of(move, "able", rules)]
    except (TypeError, ValueError, AttributeError):
        return math.inf
    bound = _exp(sum(pushes)) * math.prod(able) * SLACK
    return bound if math.isfinite(bound) else math.inf
