"""What a Flee folder says, in Flee's own names: the common ground of import and export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS: Mapping[str, str] = {
    "camp": "camp",
    "conflict": "conflict",
    "forward": "forward",
    "marker": "marker",
    "flood_zone": "flood_zone",
    "default": "town",
    "town": "town",
}
"""Part of a location's type -> its kind, in the order in which Flee looks for them."""

CAMPS = ("camp", "idp_camp")
CLOSURES = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
TOTAL = "total"
Runs = tuple[tuple[int, int, float], ...]
"""(first day, first day after, intensity) of each spell of a conflict, in rising order."""


@dataclass(frozen=True)
class Location:
    """A row of locations.csv; `number` is a capacity at a camp and a population elsewhere."""

    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    kind: str
    conflict_date: int | None
    number: int
    more: tuple[tuple[str, str], ...] = ()

    @property
    def is_camp(self) -> bool:
        """Whether people are housed here."""
        return self.kind in CAMPS


@dataclass(frozen=True)
class Link:
    """A row of routes.csv: a two-way road of so many km."""

    first: str
    second: str
    km: float
    redirection: int = 0
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Closure:
    """A row of closures.csv: closed from day `first` on, open again on day `reopens`."""

    kind: str
    name1: str
    name2: str
    first: int
    reopens: int

    def last(self, length: int) -> int:
        """First day on which it is over, at most `length`."""
        return length if self.reopens < 0 else min(self.reopens, length)


@dataclass(frozen=True)
class Series:
    """Counts of one key of data_layout.csv; several files are added up."""

    files: tuple[str, ...]
    counts: tuple[tuple[tuple[dt.date, int], ...], ...]


@dataclass(frozen=True)
class FleeFolder:
    """A whole folder; see the opening of the package for the fields."""

    name: str
    start: dt.date
    length: int
    locations: tuple[Location, ...]
    links: tuple[Link, ...]
    closures: tuple[Closure, ...]
    conflicts: Mapping[str, Runs]
    series: Mapping[str, Series]
    corrections: tuple[tuple[str, dt.date], ...]
    settings: Mapping[str, float] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The country that people flee: that of the first location."""
        return self.locations[0].country

    @property
    def camps(self) -> tuple[Location, ...]:
        """Locations of kind camp and idp_camp, in the order of the file."""
        return tuple(place for place in self.locations if place.is_camp)

    def intensity(self, name: str, day: int) -> float:
        """Strength of the conflict at a location on a day, 0 without one."""
        spells = self.conflicts.get(name, ())
        return next((value for first, end, value in spells if first <= day < end), 0.0)
