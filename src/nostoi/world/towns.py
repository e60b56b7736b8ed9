"""Towns and border posts as arrays, in an order that does not depend on that of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nostoi.base.calendar import Floats

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class TownRow(Protocol):
    """A town or post of `towns.csv`."""

    @property
    def town(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def weight(self) -> float: ...
    @property
    def capacity(self) -> float | None: ...


@dataclass(frozen=True)
class Towns:
    """Towns in alphabetical order.

    Attributes:
        names: names of the towns.
        places: codes of the places, the origin first.
        place: index of the place of each town, int64 [town].
        post: whether it is a border post, [town].
        weight: share of the departures that start there, sums to 1, [town].
        capacity: persons per day that a post lets out; infinite for a town, [town].
        latitude: degrees, [town].
        longitude: degrees, [town].
    """

    names: tuple[str, ...]
    places: tuple[str, ...]
    place: Ints
    post: Bools
    weight: Floats
    capacity: Floats
    latitude: Floats
    longitude: Floats

    @property
    def n(self) -> int:
        """Number of towns and posts."""
        return len(self.names)

    def index(self, name: str) -> int:
        """Number of a town.

        Raises:
            ValueError: if there is no such town.
        """
        return self.names.index(name)

    def of_place(self, place: int) -> Ints:
        """Numbers of the towns of a place, posts left out; [town of the place]."""
        return np.flatnonzero((self.place == place) & ~self.post)


def town_arrays(places: tuple[str, ...], rows: Iterable[TownRow]) -> Towns:
    """Towns of a case.

    Args:
        places: codes of the places, the origin first.
        rows: towns and posts in any order.

    Raises:
        ValueError: if no town has a weight.
    """
    known = sorted(rows, key=lambda row: row.town)
    weight = np.array([row.weight for row in known])
    if not weight.sum() > 0:
        raise ValueError("no town has a weight")
    return Towns(
        names=tuple(row.town for row in known),
        places=places,
        place=np.array([places.index(row.place) for row in known], np.int64),
        post=np.array([row.kind == "post" for row in known], np.bool_),
        weight=weight / weight.sum(),
        capacity=np.array([np.inf if r.capacity is None else r.capacity for r in known]),
        latitude=np.array([row.latitude for row in known]),
        longitude=np.array([row.longitude for row in known]),
    )
