"""A network on which people flee: sites, roads, conflicts and closures as arrays by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from nostoi.base.calendar import Floats
from nostoi.world.towns import Bools, Ints

SITE_KINDS = ("conflict", "town", "camp", "idp_camp", "forward", "marker", "flood_zone")
"""What a site is, by its number in `Space.kind`."""

NO_LIMIT = 0.0
"""Capacity of a site that holds any number of people."""


@dataclass(frozen=True)
class Space:
    """Sites in alphabetical order, two-way roads between them, and what changes from day to day.

    Day 0 is `start`. A site of kind `conflict` is one only while its conflict lasts, else a town.

    Attributes:
        names: names of the sites (towns of the case).
        labels: names for a reader, [site].
        places: code of the country of each site, [site].
        start: day 0.
        kind: number in `SITE_KINDS`, int64 [site].
        foreign: whether it lies outside the country that people flee, [site].
        population: persons who live there at the start, [site].
        capacity: persons a camp holds as stated; `NO_LIMIT` = any number, [site].
        first, second: ends of each road, int64 [road].
        km: length of each road, [road].
        intensity: strength 0..1 of the conflict, 0 where there is none, [day, site].
        since: days since the conflict broke out, -1 where there is none, int64 [day, site].
        closed: whether a road is closed, [day, road].
        no_camp: whether a camp does not exist yet and is but a town, [day, site].
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    places: tuple[str, ...]
    start: date
    kind: Ints
    foreign: Bools
    population: Floats
    capacity: Floats
    first: Ints
    second: Ints
    km: Floats
    intensity: Floats
    since: Ints
    closed: Bools
    no_camp: Bools

    @property
    def n(self) -> int:
        """Number of sites."""
        return len(self.names)

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.intensity)

    @property
    def camps(self) -> Ints:
        """Numbers of the camps, also those for displaced people at home; int64 [camp]."""
        return np.flatnonzero((self.kind == 2) | (self.kind == 3))

    def index(self, name: str) -> int:
        """Number of a site.

        Raises:
            ValueError: if there is no such site.
        """
        return self.names.index(name)


@dataclass(frozen=True)
class CampCounts:
    """What was published of the camps, as whole persons on every day.

    Attributes:
        camps: numbers of the sites, int64 [camp].
        persons: counts after new registrations, straight lines between dates, [day, camp].
        total: the published total of all, int64 [day]; the sum of the camps where there is none.
        published: dates and counts as published, by name of the site.
    """

    camps: Ints
    persons: NDArray[np.int64]
    total: Ints
    published: Mapping[str, tuple[tuple[date, float], ...]]
