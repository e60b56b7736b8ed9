"""The population at the start: people alike as counts, or everybody as a record."""

from __future__ import annotations

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.engine.agents.columns import Array, Crowd, People, no_people, with_room


def apportion(persons: Floats, total: int) -> Array:
    """Whole numbers that add up to `total` in the proportions of `persons` (largest remainder)."""
    exact = np.asarray(persons, float) * total / np.sum(persons)
    whole = np.floor(exact).astype(np.int64)
    first = np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]
    whole[first] += 1
    return whole


def make_crowd(persons: Array, ladder: Floats) -> Crowd:
    """Everybody at home, in cells of one group and one rung of savings.

    Args:
        persons: agents by group, [group].
        ladder: savings in months of living costs, equal masses, [rung, group].
    """
    rungs = len(ladder)
    edges = np.asarray(persons, np.int64)[:, None] * np.arange(rungs + 1) // rungs
    before = np.concatenate([[0], np.cumsum(persons)[:-1]])
    first = (before[:, None] + edges[:, :-1]).astype(np.uint64)
    return Crowd(np.diff(edges, axis=1), first, np.ascontiguousarray(ladder.T))


def everybody(crowd: Crowd) -> tuple[People, Crowd]:
    """The same people with a record each, row = identity, and an empty crowd."""
    sizes = crowd.left.ravel()
    people = no_people(int(sizes.sum()))
    people.id[:] = np.arange(len(people.id), dtype=np.uint64)
    people.group[:] = np.repeat(np.arange(len(crowd.left)), crowd.left.sum(1))
    people.savings[:] = np.repeat(crowd.savings.ravel(), sizes)
    people.place[:] = -1
    return people, crowd._replace(left=np.zeros_like(crowd.left))


class Cast:
    """People and crowd of a run, growing as people leave.

    `papers` may hold the best papers of single persons by identity (numbers in
    `world.legs.PAPERS`), in place of those that would be drawn.
    """

    def __init__(self, crowd: Crowd, everyone: bool) -> None:
        self.total = int(crowd.left.sum())
        self.people = no_people(1024)
        self.n = 0
        self.papers: dict[int, int] = {}
        if everyone:
            self.people, crowd = everybody(crowd)
            self.n = self.total
        self.crowd = crowd

    def make_room(self, more: int) -> None:
        """Makes room for so many more people."""
        if self.n + more > len(self.people.id):
            self.people = with_room(self.people, max(self.n + more, 3 * len(self.people.id) // 2))

    def by_group(self) -> Array:
        """People by group, with a record or without, [group]."""
        listed = np.bincount(self.people.group[: self.n], minlength=len(self.crowd.left))
        found: Array = listed + self.crowd.left.sum(1)
        return found

    def seen(self) -> People:
        """The people with a record."""
        return People(*(column[: self.n] for column in self.people))
