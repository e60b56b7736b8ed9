"""Gates: where people queue, at a border post on its way out or for the seats of a leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.world.legs import Legs
from nostoi.world.towns import Bools, Ints, Towns


@dataclass(frozen=True)
class Gates:
    """Gates, the posts first and then ways of limited capacity that do not leave through one.

    Attributes:
        town: town where people wait, int64 [gate].
        post: whether the gate is a border post, [gate].
        limit: persons per day of the post itself; infinite for a leg, [gate].
        of_leg: gate of each leg, -1 where nobody waits, int64 [leg].
    """

    town: Ints
    post: Bools
    limit: Floats
    of_leg: Ints

    @property
    def n(self) -> int:
        """Number of gates."""
        return len(self.town)

    def capacity(self, legs: Legs, day: int) -> Floats:
        """Persons per day through each gate on a day; 0 where all its legs are closed; [gate].

        A post lets out what it can, but no more than the legs that lead on take together.
        """
        total = np.zeros(self.n)
        mine = (self.of_leg >= 0) & legs.open_on(day)
        np.add.at(total, self.of_leg[mine], legs.capacity[mine])
        return np.minimum(total, self.limit)


def gates_of(towns: Towns, legs: Legs) -> Gates:
    """Gates of a network.

    All legs that lead from a post out of its place share the post's queue. The way back through
    a post, and from it into its own place, knows no queue: posts count who leaves.
    """
    out = towns.post[legs.start] & (towns.place[legs.end] != towns.place[legs.start])
    posts = np.flatnonzero(towns.post)
    seats = np.flatnonzero(~out & np.isfinite(legs.capacity))
    # Rows of one way that differ in dates or price share a queue: nobody loses a turn at midnight.
    ways = np.stack([legs.start, legs.end, legs.mode, legs.papers], axis=1)[seats]
    unique, which = np.unique(ways, axis=0, return_inverse=True)
    of_leg = np.full(legs.n, -1, np.int64)
    of_leg[out] = np.searchsorted(posts, legs.start[out])
    of_leg[seats] = len(posts) + which.reshape(-1)
    return Gates(
        town=np.concatenate([posts, unique[:, 0]]).astype(np.int64),
        post=np.arange(len(posts) + len(unique)) < len(posts),
        limit=np.concatenate([towns.capacity[posts], np.full(len(unique), np.inf)]),
        of_leg=of_leg,
    )
