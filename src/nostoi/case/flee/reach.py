"""How far every foreign country is from the home country by road."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict

from nostoi.case.flee.folder import FleeFolder


def km_to_countries(folder: FleeFolder) -> dict[str, float]:
    """Country -> km by road from the nearest place at home; without a road it is left out."""
    ways: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for link in folder.links:
        ways[link.first].append((link.second, link.km))
        ways[link.second].append((link.first, link.km))
    best = {place.name: 0.0 for place in folder.locations if place.country == folder.home}
    heap = [(0.0, name) for name in sorted(best)]
    while heap:
        km, name = heapq.heappop(heap)
        if km > best.get(name, math.inf):
            continue
        for other, more in ways[name]:
            if km + more < best.get(other, math.inf):
                best[other] = km + more
                heapq.heappush(heap, (km + more, other))
    found: dict[str, float] = {}
    for place in folder.locations:
        if place.name in best:
            found[place.country] = min(found.get(place.country, math.inf), best[place.name])
    return found
