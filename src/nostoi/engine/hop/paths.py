"""Paths of a few legs from every site, without repeats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nostoi.engine.hop.rows import Network
from nostoi.world.space import SITE_KINDS, Space

MARKER = SITE_KINDS.index("marker")


class Path(NamedTuple):
    """A way out of a site: its roads and the sites that they lead to."""

    roads: tuple[int, ...]
    sites: tuple[int, ...]
    km: float


def network(space: Space, look_ahead: int) -> Network:
    """The network of a space with all paths of up to `look_ahead` legs."""
    ways: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for road, (a, b) in enumerate(zip(space.first, space.second, strict=True)):
        ways[int(a)].append((road, int(b)))
        ways[int(b)].append((road, int(a)))
    by_site = [sorted(_paths(space, ways, site, look_ahead)) for site in range(space.n)]
    paths = [path for some in by_site for path in some]
    starts = [site for site, some in enumerate(by_site) for _ in some]
    legs = [len(path.roads) for path in paths]
    before = [(start, *path.sites[:-1]) for start, path in zip(starts, paths, strict=True)]
    return Network(
        road_km=space.km,
        foreign=space.foreign.astype(np.float64),
        kind=space.kind,
        path_of=_offsets([len(some) for some in by_site]),
        path_end=np.array([path.sites[-1] for path in paths], np.int64),
        path_km=np.array([path.km for path in paths]),
        leg_of=_offsets(legs),
        leg_road=_joined([path.roads for path in paths]),
        leg_site=_joined([path.sites for path in paths]),
        leg_from=_joined(before),
    )


def _paths(
    space: Space, ways: dict[int, list[tuple[int, int]]], start: int, look_ahead: int
) -> Iterator[Path]:
    """All paths from a site; a marker is passed, never an end, and does not count as a leg."""
    stack = [(start, Path((), (), 0.0), 0)]
    while stack:
        site, path, counted = stack.pop()
        for road, end in ways[site]:
            if end == start or end in path.sites:
                continue
            longer = Path((*path.roads, road), (*path.sites, end), path.km + float(space.km[road]))
            passed = space.kind[end] == MARKER
            if not passed:
                yield longer
            if counted + (not passed) < look_ahead:
                stack.append((end, longer, counted + (not passed)))


def _offsets(lengths: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _joined(parts: list[tuple[int, ...]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([item for part in parts for item in part], np.int64)
