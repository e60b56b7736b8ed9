"""The journeys of the plain twin: who sets out, which way, who waits, who arrives.

A day of travel has four parts. Those who have decided to go set out at an hour of their own. Then,
in rounds, people look at the queues of the moment, leave a queue if another way is better, and go
on until the day is over or a queue holds them. Then every gate lets through the first of its
queue. At last those who have arrived are handed back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, isfinite, nextafter
from typing import Any, Protocol

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import stream, two_uniforms
from nostoi.engine.journeys.papers import papers_wait
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.twin.ways import NOWHERE, Ways
from nostoi.world.legs import PAPERS

GOLDEN = 11400714819323198485


@dataclass
class Trip:
    """A journey under way; goals are towns by number, then places, as in `journeys.plan`."""

    goal: int
    back: int  # town to turn back to
    papers: int
    ready: float  # when they are in the person's town
    gate: int = NOWHERE  # where they queue
    joined: float = 0.0
    turned: bool = False
    there: bool = False


class Traveller(Protocol):
    """What journeys know of a person."""

    id: int
    status: str
    place: int
    since: int
    home: int
    papers: int
    town: int
    spent: float
    trip: Trip | None


class Journeys:
    """The roads, the queues, and the day of everybody who is on the way."""

    def __init__(
        self,
        roads: Roads,
        hosts: tuple[str, ...],
        weight: float,
        seed: Any,
        papers_days: Floats,
    ) -> None:
        """Nobody is on the way; each person stands for `weight` others in a queue.

        `papers_days` are the mean days until the papers for a host are there, [host, day].
        """
        self.papers_days = papers_days
        self.roads, self.seed = roads.for_parties(weight), seed
        self.network = self.roads.network
        self.party = max(round(weight), 1)
        self.hosts, self.places = hosts, self.network.towns.places
        self.carry = [0.0] * self.network.gates.n
        self.ways = Ways(self.roads)

    def towns(self) -> range:
        """Numbers of the towns."""
        return range(self.network.towns.n)

    def luck(self, name: str, who: Traveller, day: int) -> tuple[float, float]:
        """Two numbers of a person for one purpose."""
        return two_uniforms(self.seed, stream(name), np.uint64(who.id), np.uint64(day))

    # -- before and after a journey --------------------------------------------------------

    def settle(self, who: Traveller) -> None:
        """Home town and papers of a person, once."""
        towns = self.network.towns
        starts = [k for k in self.towns() if towns.weight[k] > 0 and towns.place[k] == 0]
        place, paper = self.luck("town", who, 0)
        who.home = who.town = starts[slice_of([float(towns.weight[k]) for k in starts], place)]
        who.papers = slice_of(list(self.roads.papers), paper)

    def set_out(self, who: Traveller, t: int) -> None:
        """Begins a journey on day t; without a road to the goal there is no trip but a drawn one.

        A part of those who go to a host are bound for one of its towns, the others for any.
        """
        hour, which = self.luck("road", who, t)
        who.spent, towns = 0.0, self.network.towns
        if who.status == "journey back":
            goals, drawn_end = [who.home], who.home
        else:
            code = self.hosts[who.place]
            place = self.places.index(code) if code in self.places else NOWHERE
            inside = [k for k in self.towns() if towns.place[k] == place and not towns.post[k]]
            goals = [towns.n + place] if inside else []
            share = which / self.roads.bound if self.roads.bound > 0 else 1.0
            if inside and share < 1.0:
                goals.insert(0, inside[int(share * len(inside))])
            drawn_end = inside[int(which * len(inside))] if inside else NOWHERE
        self.ways.look(t, [0.0] * self.network.gates.n)
        for goal in goals if who.town != NOWHERE else []:
            for papers in range(len(PAPERS)):
                if isfinite(self.ways.costs(papers, goal)[who.town]):
                    held = max(papers, who.papers)
                    ready = t + hour + self.papers(who, t)
                    who.trip = Trip(goal, back=who.town, papers=held, ready=ready)
                    return
        who.town = drawn_end

    def papers(self, who: Traveller, t: int) -> float:
        """Days until somebody who has decided to go holds the papers for their host."""
        if who.status == "journey back":
            return 0.0
        luck, _ = self.luck("papers", who, t)
        return float(papers_wait(self.papers_days[who.place, [t]], np.array([luck]))[0])

    def arrive(self, who: Traveller, t: int) -> None:
        """Puts a person whose trip is over in the host, or at home, where the town is."""
        place = self.places[self.network.towns.place[who.town]]
        who.trip, who.since = None, t
        if place in self.hosts:
            who.status, who.place = "host", self.hosts.index(place)
        else:
            who.status, who.place = "returned", NOWHERE

    # -- a day -----------------------------------------------------------------------------

    def play(self, t: int, people: list[Any]) -> None:
        """A day of travel."""
        going = [who for who in people if who.trip is not None]
        gates = self.network.gates
        capacity = [float(c) for c in gates.capacity(self.network.legs, t)]
        looked = False
        for part in range(self.roads.rounds):
            mine = [who for who in going if self.round_of(who.id) == part]
            if looked and not mine:
                continue
            lines = self.lines(going)
            lengths = [self.party * len(line) for line in lines]
            self.ways.look(
                t, [n / c if c > 0 else 0.0 for n, c in zip(lengths, capacity, strict=True)]
            )
            looked = True
            before = {who.id: k * self.party for line in lines for k, who in enumerate(line)}
            for who in mine:
                self.reconsider(who, before.get(who.id, 0), capacity)
            for who in mine:
                self.go_on(who)
        self.open_gates(t, going, capacity)
        for who in going:
            if who.trip.there:
                self.arrive(who, t)

    def open_gates(self, t: int, going: list[Any], capacity: list[float]) -> None:
        """Lets through the first of every queue, as long as the day's room lasts."""
        room = [floor(c + more) for c, more in zip(capacity, self.carry, strict=True)]
        left = list(room)
        while True:
            passing = []
            for gate, line in enumerate(self.lines(going, until=t + 1)):
                for k, who in enumerate(line):
                    if (
                        k * self.party < left[gate]
                        and self.at_gate(who, passing=True)[1] != NOWHERE
                    ):
                        turn = max(t + k * self.party / capacity[gate], who.trip.joined)
                        passing.append((who, gate, min(max(turn, t), nextafter(t + 1, 0))))
            if not passing:
                break
            for who, gate, start in passing:
                left[gate] -= self.party
                leg = self.at_gate(who, passing=True)[1]
                who.trip.gate, who.trip.joined = NOWHERE, 0.0
                self.ride(who, leg, start)
            for who in going:
                self.go_on(who)
        for gate, line in enumerate(self.lines(going)):
            all_room = capacity[gate] + self.carry[gate]
            kept = all_room - room[gate] if line else 0.0
            self.carry[gate] = min(all_room - (room[gate] - left[gate]), kept)

    def lines(self, going: list[Any], until: float = inf) -> list[list[Any]]:
        """Everybody in each queue in the order of coming, of those who came before a time."""
        found: list[list[Any]] = [[] for _ in self.carry]
        for who in sorted(going, key=lambda who: (who.trip.joined, who.id)):
            if who.trip.gate != NOWHERE and not who.trip.there and who.trip.joined < until:
                found[who.trip.gate].append(who)
        return found

    def round_of(self, number: int) -> int:
        """Part of the day in which a person chooses."""
        return ((number * GOLDEN % 2**64 >> 40) * self.roads.rounds) >> 24

    # -- one person ------------------------------------------------------------------------

    def reconsider(self, who: Any, before: int, capacity: list[float]) -> None:
        """Somebody in a queue compares the persons before them with the ways round."""
        trip = who.trip
        if trip.gate == NOWHERE or trip.there:
            return
        pace = capacity[trip.gate]
        wait = before / pace if pace > 0 else inf
        stay = self.at_gate(who, passing=True)[0] + self.roads.day_value * wait
        other, leg = self.at_gate(who, passing=False)
        if isfinite(stay) and not other < stay:
            return
        trip.ready, trip.gate, trip.joined = max(trip.joined, self.ways.day), NOWHERE, 0.0
        if leg == NOWHERE:
            trip.goal, trip.turned = trip.back, True
        else:
            self.take(who, leg)

    def at_gate(self, who: Any, passing: bool) -> tuple[float, int]:
        """Price and leg of the best way past the gate where somebody waits, or not past it."""
        trip = who.trip
        return self.ways.at_gate(trip.papers, trip.goal, trip.gate, passing)

    def go_on(self, who: Any) -> None:
        """Takes the next legs of the best way, until a queue, the goal or the day's end."""
        trip = who.trip
        while not trip.there and trip.gate == NOWHERE and trip.ready < self.ways.day + 1:
            if self.ways.is_end(trip.goal, who.town):
                trip.there = True
                return
            leg = self.ways.best_leg(trip.papers, trip.goal, who.town)
            if leg != NOWHERE:
                self.take(who, leg)
            elif trip.goal == trip.back:
                trip.ready = self.ways.day + 1.0
            else:
                trip.goal, trip.turned = trip.back, True

    def take(self, who: Any, leg: int) -> None:
        """Sets out on a leg, or joins the queue of its gate."""
        time, gate = max(who.trip.ready, self.ways.day), int(self.network.gates.of_leg[leg])
        if gate == NOWHERE:
            self.ride(who, leg, time)
        else:
            who.trip.gate, who.trip.joined, who.trip.ready = gate, time, time

    def ride(self, who: Any, leg: int, time: float) -> None:
        """Is on a leg from a time on."""
        legs = self.network.legs
        who.town, who.trip.ready = int(legs.end[leg]), time + float(legs.days[leg])
        who.spent += float(legs.cost[leg])


def slice_of(weights: list[float], luck: float) -> int:
    """Which of the slices of a whole holds a number of 0..1."""
    total, reached = sum(weights), 0.0
    for k, weight in enumerate(weights[:-1]):
        reached += weight
        if luck < reached / total:
            return k
    return len(weights) - 1
