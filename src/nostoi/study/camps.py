"""Movement over a network held against the counts in camps, with what was counted as input.

The arrivals are those of the counts themselves and the capacities those of the case, as Flee has
it, so this says how well people are spread over the camps, not how well anything was foreseen.

    ARD         mean over days of  sum over camps |simulated - counted| / sum over camps counted
    rescaled    the same after scaling the simulated camps of a day to the counted total

A day on which nobody was counted has no error and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import ard, rescaled_ard
from nostoi.case.case import Case
from nostoi.case.space import camp_counts, space_of
from nostoi.engine.hop.arrivals import observed_inflow
from nostoi.engine.hop.run import HopRun, Stage, play, set_stage, thinned
from nostoi.rules.hop.params import HopParams, hop_cards, hop_params
from nostoi.world.space import CampCounts

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class CampErrors:
    """How far simulated camps are from counted ones.

    Attributes:
        ard: average relative difference.
        rescaled: the same after scaling to the counted total of each day.
    """

    ard: float
    rescaled: float


def camp_errors(simulated: Counts, counted: Counts) -> CampErrors:
    """Both errors of two tables of persons [day, camp].

    Raises:
        ValueError: if nobody was ever counted.
    """
    return CampErrors(ard(simulated, counted), rescaled_ard(simulated, counted))


@dataclass(frozen=True)
class Ground:
    """A case ready for many runs.

    Attributes:
        stage: network, inflow and parameters.
        counts: what was published, in persons.
        hasten: persons for whom an agent stands.
    """

    stage: Stage
    counts: CampCounts
    hasten: int = 1

    @property
    def counted(self) -> Counts:
        """Counts of the camps in agents; [day, camp]."""
        return self.counts.persons // self.hasten

    def errors(self, run: HopRun) -> CampErrors:
        """Errors of a whole run."""
        return camp_errors(run.persons[:, self.counts.camps], self.counted)


def params_of_hops(case: Case, own: Mapping[str, float] | None = None) -> HopParams:
    """The parameters of movement: shipped, then those of the case, then `own`."""
    names = {card.name for card in hop_cards()}
    of_case = {name: it.value for name, it in case.params.items() if name in names}
    return hop_params({**of_case, **(own or {})})


def ground_of(case: Case, hasten: int = 1, own: Mapping[str, float] | None = None) -> Ground:
    """A case with sites, ready to run.

    Args:
        case: the case.
        hasten: persons for whom an agent stands; divides populations, capacities and counts.
        own: parameters in place of those of the case.

    Raises:
        NostoiError: N304 if the case has no sites.
        KeyError: if `own` names no parameter of movement.
    """
    space, counts, p = space_of(case), camp_counts(case), params_of_hops(case, own)
    space = thinned(space, hasten)
    inflow = observed_inflow(space, counts, p, hasten)
    return Ground(set_stage(space, inflow, p), counts, hasten)


def reproduce(ground: Ground, seed: int) -> tuple[HopRun, CampErrors]:
    """One run with what was counted as input, and its errors."""
    run = play(ground.stage, seed)
    return run, ground.errors(run)
