"""World: places, groups, regimes, money and signals as read-only arrays over steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from nostoi.base.calendar import Clock, Floats
from nostoi.base.phases import Phases


@dataclass(frozen=True)
class World:
    """All that the engines read of a case.

    Attributes:
        clock: steps.
        phases: phases of days since the last move.
        origin: code of the place people leave.
        hosts: codes of the places they go to.
        groups: names of the groups.
        who: columns of the groups, each [group]; `persons` is the head count at the start.
        savings: months of living costs at home by band, [band, group] (equal-mass bands).
        purses: the same in more bands, for what people at home can pay, [rung, group]; None = as
            `savings`.
        at: columns of the hosts, each [host, step].
        now: columns of the date, each [step].
        event: step in which the case's event begins.
        knots: weights [step, knot] of the free effects of the date.
        attraction: prior mean of the log appeal of each host, [host].
    """

    clock: Clock
    phases: Phases
    origin: str
    hosts: tuple[str, ...]
    groups: tuple[str, ...]
    who: dict[str, Floats]
    savings: Floats
    at: dict[str, Floats]
    now: dict[str, Floats]
    event: int
    knots: Floats
    attraction: Floats
    purses: Floats | None = None

    @property
    def at_home(self) -> Floats:
        """Savings by band of people at home, [rung, group]."""
        return self.savings if self.purses is None else self.purses


def equal_mass_bands(median: Floats, sigma: Floats, bands: int) -> Floats:
    """Means of `bands` equal-mass slices of log-normal savings; [band, group].

    Args:
        median: median months of living costs, [group].
        sigma: log standard deviation, [group].
        bands: number of slices.
    """
    from scipy.stats import norm

    edges = ndtri(np.linspace(0.0, 1.0, bands + 1))
    mean = median * np.exp(sigma**2 / 2)
    share = norm.cdf(edges[1:, None] - sigma) - norm.cdf(edges[:-1, None] - sigma)
    return np.asarray(bands * share * mean)
