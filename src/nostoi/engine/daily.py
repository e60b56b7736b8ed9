"""A case on a clock of days, as the agent engine needs it."""

from __future__ import annotations

from dataclasses import replace

from nostoi.case.build import params_of, rules_of_case, world_of
from nostoi.case.case import Case
from nostoi.engine.model import Model, sized_params
from nostoi.engine.rates import with_reference
from nostoi.rules.card import Rule

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
