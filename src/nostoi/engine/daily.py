"""A case on a clock of days, and its roads, as the agent engine needs them."""

from __future__ import annotations

from dataclasses import replace

from nostoi.case.build import clock_of, params_of, rules_of_case, world_of
from nostoi.case.case import Case
from nostoi.case.network import network_of
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model, sized_params
from nostoi.engine.purse import MONTH
from nostoi.engine.rates import with_reference
from nostoi.rules.card import Rule
from nostoi.world.money import series

RUNGS = 128
"""Equal-mass rungs of savings; the cohort engine has the few bands of the case instead."""


def model_of(case: Case, rules: tuple[Rule, ...] | None = None) -> Model:
    """Model of a case on its own clock, with the case's rules unless others are given."""
    world = world_of(case)
    chosen = rules_of_case(case) if rules is None else rules
    return with_reference(Model(world, chosen, sized_params(world, params_of(case))))


def daily(case: Case, model: Model) -> Model:
    """The same model on a clock of days.

    The reference of quiet times stays that of the case's own clock: parameters that were inferred
    there keep their meaning.
    """
    return replace(model, world=world_of(case, 1))


def roads_of(case: Case) -> Roads | None:
    """The roads of a case, None if it has no towns and legs.

    A day on the way is worth what it takes at home on the day of the event: the wage of a day and
    the living of a day (money.csv).
    """
    network = network_of(case)
    if network is None:
        return None
    clock, origin = clock_of(case, 1), case.spec.origin
    each = [series(clock, case.money, origin, name) for name in ("wage", "living")]
    month = sum(float(column[clock.step(case.spec.event)]) for column in each)
    return Roads(network, month / MONTH)
