"""Model: a world, the rules switched on, and the parameters they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nostoi.base.phases import RULE_DAYS, RULES
from nostoi.rules.card import Rule
from nostoi.rules.feeling import ONWARD_KNOTS, TENURE_KNOTS
from nostoi.rules.params import Param, sized
from nostoi.world.world import World

ANCHOR = TENURE_KNOTS.index(90.0)
"""Knot of the longing profile that is zero: `return_base` is the rate three months after."""


@dataclass(frozen=True)
class Model:
    """What an engine runs.

    Attributes:
        world: places, groups, regimes and signals over the steps.
        rules: rules switched on, in the order of the page.
        params: sized parameters of the rules.
        reference: log of the summed weights of all destinations in quiet times, at prior
            medians; relative to it, places draw people out of their homes.
    """

    world: World
    rules: tuple[Rule, ...]
    params: tuple[Param, ...]
    reference: float = 0.0

    def numbers(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters ready for rules: gauges fixed, effects turned into columns.

        The longing profile is read relative to day 90, the return mood relative to the start;
        without that a constant could move between them and the base rate.
        """
        p = dict(values)
        p["longing"] = p["longing"] - p["longing"][ANCHOR]
        p["return_mood"] = p["return_mood"] - p["return_mood"][0]
        return p


def sizes(world: World) -> dict[str, int]:
    """Length of each axis that a parameter may run over."""
    return {
        "host": len(world.hosts),
        "group": len(world.groups),
        "knot": world.knots.shape[1],
        "tenure": len(TENURE_KNOTS),
        "onward": len(ONWARD_KNOTS),
    }


def sized_params(world: World, params: tuple[Param, ...]) -> tuple[Param, ...]:
    """Parameters with one prior value per element; host appeal starts at the world's means."""
    found = []
    appeal = tuple(float(a) for a in world.attraction)
    for param in params:
        own = replace(param, value=appeal) if param.name == "attraction" else param
        found.append(sized(own, sizes(world)))
    return tuple(found)


def thresholds(world: World) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Share of each phase that fulfils each residence rule; [step, phase, rule]."""
    shares = [world.phases.above(world.clock, RULE_DAYS[rule]) for rule in RULES]
    return np.stack(shares, axis=-1)
