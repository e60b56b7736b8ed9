"""Views: the columns of the world in shapes that the rules can broadcast.

Axes are (group, place, phase, time). A column that does not vary along an axis has length 1
there; columns that differ by band of savings carry the band as a leading axis. Rules that read
the days since the move are evaluated on a coarse calendar (every `SLOW` days), the others at
every step: wages and permits change slowly, decrees do not.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.maths import where
from nostoi.engine.purse import burn_of, savings_left
from nostoi.rules.card import Rule
from nostoi.world.world import World

SLOW = 28
"""Days between two points of the coarse calendar."""

Space = SimpleNamespace


def is_slow(rule: Rule) -> bool:
    """Whether a rule reads the days since the move, or the savings they leave."""
    return bool({"days", "savings"} & set(rule.columns("who")))


def is_live(rule: Rule) -> bool:
    """Whether a rule reads what the run itself has produced so far."""
    return "newcomers" in rule.columns("at")


def slow_steps(world: World) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Steps that stand for the coarse dates, and for each step its coarse date."""
    ends = np.asarray(world.clock.edges[1:]) - 1
    of_step = ends // SLOW
    middles = [int(np.flatnonzero(of_step == m).mean()) for m in range(of_step.max() + 1)]
    return np.asarray(middles), of_step


def groups_view(world: World) -> dict[str, Floats]:
    """Columns of the groups, each [group, 1, 1, 1]."""
    return {name: value[:, None, None, None] for name, value in world.who.items()}


def hosts_view(world: World, steps: Any) -> dict[str, Floats]:
    """Columns of the hosts at the given steps, each [1, host, 1, time]."""
    return {name: value[None, :, None, :][..., steps] for name, value in world.at.items()}


def now_view(world: World, steps: Any) -> dict[str, Floats]:
    """Columns of the date at the given steps, each [1, 1, 1, time]."""
    return {name: value[steps][None, None, None, :] for name, value in world.now.items()}


def home_view(world: World, steps: Any) -> dict[str, Floats]:
    """Columns of the place for people at home: what the cheapest open journey costs.

    Each [1, 1, 1, time]; cost in months of living costs at home.
    """
    open_enough = world.at["entry"] >= 0.5
    cost = where(open_enough, world.at["journey_cost"], np.inf).min(axis=0)
    fallback = world.at["journey_cost"].min(axis=0)
    cost = where(cost < np.inf, cost, fallback)
    return {"journey_cost": cost[steps][None, None, None, :]}


def savings_abroad(world: World, steps: Any) -> Floats:
    """Months of living costs left since the move; [band, group, host, phase, time].

    What was left after the journey, in months at the host's prices, less what the wage there
    does not cover. Remote earners keep their income.
    """
    at = {name: value[..., steps] for name, value in world.at.items()}
    left: Floats = savings_left(
        world.savings[:, :, None, None, None],
        at["journey_cost"][None, None, :, None, :],
        at["price_ratio"][None, None, :, None, :],
        burn_of(at["cover"][None, :, None, :], world.who["remote"][:, None, None, None]),
        world.phases.days[None, None, :, None],
    )
    return left
