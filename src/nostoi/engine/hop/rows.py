"""What the rules of movement read of a person, a place and a path, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

Array = Any


class Who(NamedTuple):
    """A person on the move; both in parts of a day's way."""

    pace: float  # way of late, halved every day
    today: float  # way made today


class Here(NamedTuple):
    """What a place is today; each 1 or 0."""

    conflict: float
    town: float
    camp: float
    idp_camp: float


class There(NamedTuple):
    """The end of a path, or a place to start from."""

    population: float  # persons who live there
    foreign: float  # 1 or 0
    camp: float  # 1 or 0
    conflict: float  # 1 or 0
    intensity: float  # 0..1
    fade: float  # draw left of its conflict
    km: float  # length of the whole path
    persons: float  # persons there last
    limit: float  # persons a camp holds; below 1 = any number
    pull: float  # draw times nearness
    room: float  # share 0..1


class Network(NamedTuple):
    """What never changes; paths in the order of their starts."""

    road_km: Array  # float64 [road]
    foreign: Array  # float64 [site]
    kind: Array  # number in SITE_KINDS, int64 [site]
    path_of: Array  # first path of each site, int64 [site + 1]
    path_end: Array  # int64 [path]
    path_km: Array  # float64 [path]
    leg_of: Array  # first leg of each path, int64 [path + 1]
    leg_road: Array  # int64 [leg]
    leg_site: Array  # where the leg ends, int64 [leg]
    leg_from: Array  # where it starts, int64 [leg]


class Outside(NamedTuple):
    """What changes by day and is told to the engine."""

    intensity: Array  # float64 [day, site]
    fade: Array  # float64 [day, site]
    closed: Array  # bool [day, road]
    no_camp: Array  # bool [day, site]
    newcomers: Array  # persons, int64 [day]
    start_weight: Array  # weight of each site as a start, float64 [day, site]
    limit: Array  # persons a camp holds; below 1 = any number, float64 [day, site]


class Evening(NamedTuple):
    """Counts at the end of each day, written by the kernels."""

    persons: Array  # at each site, int64 [day, site]
    on_road: Array  # between sites, int64 [day]
    home: Array  # went home from each site, int64 [day, site]
    states: Array  # states that were told apart, int64 [day]
