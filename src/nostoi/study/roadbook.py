"""Roads for one more traveller: the way that a changed life takes, with the waits of the run.

A single person makes no queue. So the waits that a run has seen at every gate on every evening are
all that a journey needs to know of others. Journeys of an unchanged life are not travelled again
but copied from the run; only where a changed life sets out on another day, from another town, to
another place or with other papers is its way found here. It is the best way of each day under the
waits of that evening: people in the run look at queues several times a day, so that days on the way
may differ by a part of a day from what the run would have done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor

from nostoi.base.calendar import Floats
from nostoi.base.streams import seed_word
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.twin import Person
from nostoi.engine.twin.roads import Journeys
from nostoi.engine.twin.ways import NOWHERE
from nostoi.study.life import Ride

LONGEST = 60
"""Days after setting out from which somebody who finds no way is left on the road."""


@dataclass(frozen=True)
class Journey:
    """A journey over the roads and its end.

    Attributes:
        rides: legs and when they were begun.
        day: day of arrival; -1 if it is drawn, or not before the end.
        town: town where it ends.
        place: position of the host where that is; -1 at home.
    """

    rides: tuple[Ride, ...]
    day: int = -1
    town: int = NOWHERE
    place: int = NOWHERE

    @property
    def driven(self) -> bool:
        """Whether the journey is made leg by leg, if only as far as a queue; else it is drawn."""
        return all(ride.leg >= 0 for ride in self.rides)


@dataclass
class Roadbook:
    """Ways over the roads of a run.

    Attributes:
        roads: network and what is assumed of travellers.
        hosts: codes of the hosts.
        waits: days of waiting at each gate in the evening, [day, gate].
        seed: of the run.
        papers_days: mean days until the papers for a host are there, [host, day].
    """

    roads: Roads
    hosts: tuple[str, ...]
    waits: Floats
    seed: int
    papers_days: Floats
    journeys: Journeys = field(init=False)

    def __post_init__(self) -> None:
        seed = seed_word(self.seed)
        self.journeys = Journeys(self.roads, self.hosts, 1.0, seed, self.papers_days)

    def place_of(self, town: int) -> int:
        """Position of the host of a town; -1 at the origin and for an unknown town."""
        towns = self.roads.network.towns
        code = towns.places[towns.place[town]] if town >= 0 else ""
        return self.hosts.index(code) if code in self.hosts else NOWHERE

    def travel(self, who: Person, day: int) -> Journey:
        """The journey of a person who has decided on a day to go; their status says where to."""
        hour, _ = self.journeys.luck("road", who, day)
        start = who.town
        self.journeys.set_out(who, day)
        trip, who.trip = who.trip, None
        if trip is None:
            end, who.town = who.town, start
            return Journey((Ride(-1, day + hour),), town=end, place=self.place_of(end))
        ways, network = self.journeys.ways, self.roads.network
        town, time, goal, rides = who.town, trip.ready, trip.goal, list[Ride]()
        while floor(time) < min(len(self.waits), floor(trip.ready) + LONGEST):
            today = floor(time)
            ways.look(today, self.waits[today].tolist())
            if ways.is_end(goal, town):
                return Journey(tuple(rides), today, town, self.place_of(town))
            leg = ways.best_leg(trip.papers, goal, town)
            if leg == NOWHERE:
                time, goal = (time, trip.back) if goal != trip.back else (today + 1.0, goal)
                continue
            gate = int(network.gates.of_leg[leg])
            time += float(self.waits[today, gate]) if gate != NOWHERE else 0.0
            rides.append(Ride(leg, time))
            town, time = int(network.legs.end[leg]), time + float(network.legs.days[leg])
        return Journey(tuple(rides), -1, town, self.place_of(town))
