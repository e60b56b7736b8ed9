"""What the map and the news say on a day: roads, outbreaks, and which camps are open.

Nothing here comes from the counts of the camps. Stated capacities are not read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from nostoi.case.case import Case
from nostoi.case.space import space_of
from nostoi.world.space import SITE_KINDS, Space

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DETOUR = 4.0
"""A closed road counts as so many times its length: people still cross shut borders, but fewer."""
FAR = 5000.0
"""Kilometres to a camp to which no road leads."""


@dataclass(frozen=True)
class Ground:
    """Roads and news of a case; zones are places that see an outbreak or are said to be able to.

    Attributes:
        zones, camps: names.
        persons: who lived in each zone at the start [zone].
        since: days since the outbreak, -1 where there is none [day, zone].
        listed: whether a zone counts as one on a day: from the start if the case calls it a zone
            of conflict, else from its first outbreak on [day, zone].
        km: by road from each zone to each camp [state, zone, camp], for each state of closures.
        state: which state holds on a day [day].
        is_open: whether a camp takes anybody [day, camp].
    """

    zones: tuple[str, ...]
    camps: tuple[str, ...]
    persons: Floats
    since: Ints
    listed: Bools
    km: Floats
    state: Ints
    is_open: Bools

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.since)

    def age(self, days: Ints, known: int) -> Ints:
        """Days since the outbreak [day, zone] as a reader of day `known` expects them.

        What goes on today is expected to go on; nothing new is expected.
        """
        seen = self.since[np.minimum(days, known)]
        ahead = np.maximum(days - known, 0)[:, None]
        return np.where(seen >= 0, seen + ahead, -1)


def ground_of(case: Case) -> Ground:
    """Roads and news of a case.

    Raises:
        NostoiError: N304 if the case has no sites.
    """
    space = space_of(case)
    called = space.kind == SITE_KINDS.index("conflict")
    broken_out = np.maximum.accumulate(space.intensity > 0, axis=0)
    zones = np.flatnonzero(called | broken_out[-1])
    camps = space.camps
    states, state = np.unique(space.closed, axis=0, return_inverse=True)
    km = np.stack([_distances(space, closed)[np.ix_(zones, camps)] for closed in states])
    return Ground(
        zones=tuple(space.names[k] for k in zones),
        camps=tuple(space.names[k] for k in camps),
        persons=np.maximum(space.population[zones], 1.0),
        since=space.since[:, zones],
        listed=called[zones] | broken_out[:, zones],
        km=np.minimum(km, FAR),
        state=np.asarray(state, np.int64).reshape(-1),
        is_open=~(space.no_camp[:, camps] | _shut(case, space)),
    )


def _distances(space: Space, closed: Bools) -> Floats:
    """Shortest ways by road [site, site]; infinite where there is none."""
    length = np.maximum(np.abs(space.km), 1e-3) * np.where(closed, DETOUR, 1.0)
    best: dict[tuple[int, int], float] = {}
    for a, b, km in zip(space.first.tolist(), space.second.tolist(), length.tolist(), strict=True):
        best[a, b] = min(km, best.get((a, b), np.inf))
    if not best:
        return np.full((space.n, space.n), np.inf)
    ends = np.array(list(best))
    graph = coo_array((np.array(list(best.values())), (ends[:, 0], ends[:, 1])),
                      shape=(space.n, space.n))  # fmt: skip
    return np.asarray(shortest_path(graph.tocsr(), directed=False))


def _shut(case: Case, space: Space) -> Bools:
    """Whether a closure of its own shuts a camp off [day, camp]; a shut border does not."""
    found = np.zeros((space.days, len(space.camps)), np.bool_)
    number = {space.names[k]: i for i, k in enumerate(space.camps)}
    for row in case.closures:
        if row.what == "location" and row.first in number:
            first = max((row.start - space.start).days, 0)
            end = space.days if row.end is None else (row.end - space.start).days + 1
            found[first:end, number[row.first]] = True
    return found
