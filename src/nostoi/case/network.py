"""From a resolved case to the network that journeys read."""

from __future__ import annotations

from nostoi.case.case import Case
from nostoi.world.network import Network, make_network


def network_of(case: Case) -> Network | None:
    """Towns, legs and gates of a case; None if it has only the whole trips of routes.csv."""
    if not case.towns:
        return None
    places = tuple(place.place for place in case.places)
    return make_network(case.spec.start, places, case.towns, case.legs)
