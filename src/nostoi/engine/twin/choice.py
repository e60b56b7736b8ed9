"""Choices of the plain twin from a person's luck."""

from __future__ import annotations

from math import expm1

from nostoi.base.phases import RULE_DAYS, RULES


def decide(luck: float, first: float, second: float) -> int:
    """0 stay, 1 or 2: competing moves share one draw, in proportion to their rates."""
    chance = -expm1(-(first + second))
    if luck >= chance:
        return 0
    return 1 if luck * (first + second) < first * chance else 2


def pick(weights: list[float], luck: float) -> int:
    """Place of a weighted choice."""
    rest = luck * sum(weights)
    for h, weight in enumerate(weights):
        rest -= weight
        if rest < 0.0:
            return h
    return max(h for h, weight in enumerate(weights) if weight > 0.0)


def longest_rule(days: int) -> int:
    """Longest residence rule that a stay fulfils in the evening of its last day."""
    return max(k for k, rule in enumerate(RULES) if RULE_DAYS[rule] <= days + 0.5)
