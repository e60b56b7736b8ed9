"""Travel: people who have decided to go, leg by leg over the roads of a case, day by day.

The kernels say who sets out for which host or for home. From there on, until they arrive, people
belong to this file: it sends them along the best ways of the day (`engine.journeys`), keeps them in
queues, and hands them back when they are there. A person's home town and papers are drawn with the
person's own luck when they get a record; nothing that decides about leaving reads them, so that the
law is the same as if they had been born with them (decisions/010).

Where no road leads, a journey lasts as it does without roads: exponential days, from the whole
trips of the case. Such journeys are counted as `Trips.unmapped`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import stream
from nostoi.engine.agents.columns import BACK, HOST, ROAD, WAY_BACK, People
from nostoi.engine.agents.evening import Sheet, settle
from nostoi.engine.agents.luck import uniforms
from nostoi.engine.agents.whereabouts import Steps, Whereabouts, no_trips, no_whereabouts
from nostoi.engine.journeys.day import day_step
from nostoi.engine.journeys.manner import Manner
from nostoi.engine.journeys.moves import Trail
from nostoi.engine.journeys.papers import PAPERS_STREAM, papers_wait
from nostoi.engine.journeys.roads import Roads, least_papers
from nostoi.engine.journeys.timetable import timetable
from nostoi.engine.journeys.travellers import BACK as TURNED
from nostoi.engine.journeys.travellers import ON_THE_WAY, nobody, set_out
from nostoi.world.legs import PAPERS
from nostoi.world.towns import Ints
from nostoi.world.world import World

TOWN_STREAM, ROAD_STREAM, MOVE_STREAM = stream("town"), stream("road"), stream("move")
ORIGIN = 0
"""Number of the origin among the places of a network."""


class Travel:
    """Everybody who is on the way, and where everybody else is."""

    def __init__(
        self,
        roads: Roads,
        world: World,
        weight: float,
        seed: np.uint64,
        papers: Mapping[int, int] | None = None,
    ) -> None:
        """Nobody is on the way yet.

        Args:
            roads: network and what is assumed of its travellers.
            world: hosts and clock.
            weight: persons that an agent stands for.
            seed: key of the random numbers.
            papers: best papers of single persons by identity, in place of drawn ones.
        """
        self.roads, self.seed, self.party = roads.for_parties(weight), seed, max(round(weight), 1)
        network, days = self.roads.network, world.clock.n
        self.given = papers or {}
        self.manner = Manner(roads.day_value, roads.rounds, split=False)
        self.papers_days = world.at["papers_days"]
        self.table = timetable(network, days, roads.day_value)
        self.least = least_papers(self.table)
        self.places = Places(self.roads, world.hosts)
        self.where, self.known = no_whereabouts(1024), 0
        self.people, self.row = nobody(), np.zeros(0, np.int64)
        self.drawn, self.drawn_town = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.carry = np.zeros(network.gates.n)
        self.trips = no_trips(days, network.gates.n, network.legs.n)
        self.steps = _steps([], self.row, self.drawn, np.zeros(0))

    def seen(self) -> Whereabouts:
        """Where everybody with a record is."""
        return Whereabouts(*(column[: self.known] for column in self.where))

    def play(self, people: People, counts: Sheet, t: int, arrive: Floats, land: Floats) -> None:
        """A day of travel, after the decisions of the day.

        Args:
            people: everybody with a record; those who arrive change status.
            counts: counts of the day, in which all who travel stand as on the way; changed.
            t: day number.
            arrive: share of drawn trips to each host that end within a day, [host].
            land: the same for drawn trips home, [1].
        """
        self._meet(people)
        way = (people.status == ROAD) | (people.status == WAY_BACK)
        fresh = np.flatnonzero(way & (people.since == t))
        self._end_drawn(people, counts, t, arrive, land)
        drawn, hour = self._start(people, fresh, t)
        trail: Trail = []
        self._drive(t, trail)
        self.steps = _steps(trail, self.row, drawn, hour)
        self._note()
        self._end_driven(people, counts, t)
        if len(self.row) + len(self.drawn) != counts.way[0]:
            raise RuntimeError(f"travellers were lost or made on day {t}")

    def _meet(self, people: People) -> None:
        """Gives those who have newly got a record their home town and papers."""
        n = len(people.id)
        if n > len(self.where.home):
            longer = no_whereabouts(max(n, 3 * len(self.where.home) // 2))
            for new, old in zip(longer, self.where, strict=True):
                new[: self.known] = old[: self.known]
            self.where = longer
        new_rows = slice(self.known, n)
        u, v = uniforms(self.seed, TOWN_STREAM, people.id[new_rows], 0)
        self.where.home[new_rows] = self.where.town[new_rows] = self.places.home_town(u)
        self.where.papers[new_rows] = np.searchsorted(self.places.paper_shares, v, side="right")
        for person, papers in self.given.items():
            self.where.papers[new_rows][people.id[new_rows] == np.uint64(person)] = papers
        self.known = n

    def _start(self, people: People, rows: Ints, t: int) -> tuple[Ints, Floats]:
        """Sends out those who have decided to go today; returns those whom no road leads."""
        where, places = self.where, self.places
        hour, which = uniforms(self.seed, ROAD_STREAM, people.id[rows], t)
        town, home = where.town[rows].astype(np.int64), where.home[rows].astype(np.int64)
        homeward = people.status[rows] == WAY_BACK
        aim, anywhere = places.goals(people.place[rows], which)
        aim, anywhere = np.where(homeward, home, aim), np.where(homeward, home, anywhere)
        least = self.least[self.table.period(t)]
        none = len(PAPERS)
        need_aim = np.where((aim >= 0) & (town >= 0), least[aim, town], none)
        need_any = np.where((anywhere >= 0) & (town >= 0), least[anywhere, town], none)
        goal = np.where(need_aim < none, aim, anywhere)
        need = np.where(need_aim < none, need_aim, need_any)
        mapped = need < none
        where.spent[rows], where.leg[rows] = 0.0, -1
        self.trips.set_out[t], self.trips.unmapped[t] = len(rows), (~mapped).sum()
        end = np.where(homeward, home, places.some_town(people.place[rows], which))
        self.drawn = np.append(self.drawn, rows[~mapped])
        self.drawn_town = np.append(self.drawn_town, end[~mapped])
        where.town[rows[~mapped]] = end[~mapped]
        ready = t + hour + self._papers(people, rows, t)
        rows, whole = rows[mapped], np.ones(int(mapped.sum()), np.int64)
        more = set_out(
            person=people.id[rows].astype(np.int64),
            papers=np.maximum(where.papers[rows], need[mapped]),
            town=town[mapped],
            goal=goal[mapped],
            back=town[mapped],
            when=ready[mapped],
            count=self.party * whole,
        )
        self.people, self.row = self.people.with_more(more), np.append(self.row, rows)
        return self.drawn[len(self.drawn) - int((~mapped).sum()) :], t + hour[~mapped]

    def _papers(self, people: People, rows: Ints, t: int) -> Floats:
        """Days until those who have decided to go today hold the papers for their host, [row]."""
        luck, _ = uniforms(self.seed, PAPERS_STREAM, people.id[rows], t)
        outward = people.status[rows] == ROAD
        days = self.papers_days[np.where(outward, people.place[rows], 0), t]
        return papers_wait(np.where(outward, days, 0.0), luck)

    def _drive(self, t: int, trail: Trail) -> None:
        """A day on the roads."""
        trips, network = self.trips, self.roads.network
        if not len(self.row):
            # Nobody queues, so only the debts of gates that let a whole party through go on.
            self.carry = np.minimum(self.carry + network.gates.capacity(network.legs, t), 0.0)
            return
        free = self.table.plan_on(t)
        evening = day_step(network, t, self.people, self.carry, self.manner, trail, free)
        self.people, self.carry = evening.people, evening.carry
        trips.queue[t], trips.wait[t] = evening.queue // self.party, evening.waits
        trips.passed[t] = evening.served // self.party

    def _note(self) -> None:
        """Writes down where those on the roads are."""
        where, rows = self.where, self.row
        where.leg[self.steps.row] = self.steps.leg  # of several legs in a day the last one stays
        taken = self.steps.leg[self.steps.leg >= 0]
        self.trips.legs[...] += np.bincount(taken, minlength=len(self.trips.legs))
        where.town[rows], where.gate[rows] = self.people.town, self.people.gate
        where.spent[rows] = self.people.spent

    def _end_driven(self, people: People, counts: Sheet, t: int) -> None:
        """Hands back those who are there, or where they set out from."""
        done = self.people.state != ON_THE_WAY
        self.trips.turned[t] = (self.people.state == TURNED).sum()
        town = self.people.town[done]
        self._arrive(people, counts, t, self.row[done], town, self.places.host_of_town[town])
        self.people, self.row = self.people.chosen(~done), self.row[~done]

    def _end_drawn(
        self, people: People, counts: Sheet, t: int, arrive: Floats, land: Floats
    ) -> None:
        """Ends drawn trips with the same luck as the kernel does without roads."""
        rows, town = self.drawn, self.drawn_town
        luck, _ = uniforms(self.seed, MOVE_STREAM, people.id[rows], t)
        host = np.where(people.status[rows] == WAY_BACK, -1, people.place[rows]).astype(np.int64)
        done = luck < np.where(host < 0, land[0], arrive[host])
        self._arrive(people, counts, t, rows[done], town[done], host[done])
        self.drawn, self.drawn_town = rows[~done], town[~done]

    def _arrive(
        self, people: People, counts: Sheet, t: int, rows: Ints, town: Ints, host: Ints
    ) -> None:
        """Puts people in a town of a host, or at home (host -1), and counts them there."""
        group, abroad = people.group[rows], host >= 0
        people.status[rows] = np.where(abroad, HOST, BACK)
        people.place[rows], people.since[rows] = host, t
        self.where.town[rows], self.where.leg[rows] = town, -1
        counts.way[0] -= len(rows)
        np.add.at(counts.arrive, (group[abroad], host[abroad]), 1)
        np.add.at(counts.abroad[0], (group[abroad], host[abroad]), 1)
        np.add.at(counts.came, group[~abroad], 1)
        np.add.at(counts.back[:, 0], (people.stay[rows][~abroad], group[~abroad]), 1)
        settle(people, counts, rows, t)


class Places:
    """Which numbers towns, places and hosts have, and who starts and ends where."""

    def __init__(self, roads: Roads, hosts: tuple[str, ...]) -> None:
        """Numbers of the hosts of a world on some roads."""
        towns = roads.network.towns
        known = {code: k for k, code in enumerate(towns.places)}
        self.place_of_host = np.array([known.get(code, -1) for code in hosts], np.int64)
        host_of_place = np.full(len(towns.places), -1, np.int64)
        on_map = np.flatnonzero(self.place_of_host >= 0)
        host_of_place[self.place_of_host[on_map]] = on_map
        self.host_of_town = host_of_place[towns.place]
        none = np.zeros(0, np.int64)
        lists: list[Ints] = [
            towns.of_place(place) if place >= 0 else none for place in self.place_of_host
        ]
        self.towns_in = np.array([len(found) for found in lists], np.int64)
        self.first_town = np.append(np.cumsum(self.towns_in) - self.towns_in, 0)[: len(hosts)]
        self.town_list = np.concatenate([*lists, [-1]]).astype(np.int64)
        self.bound, self.towns = roads.bound, towns.n
        starts = np.flatnonzero((towns.weight > 0) & (towns.place == ORIGIN))
        self.starts = starts.astype(np.int64)
        self.start_shares, self.paper_shares = (
            np.cumsum(weights)[:-1] / np.cumsum(weights)[-1]
            for weights in (towns.weight[starts], roads.papers)
        )

    def home_town(self, u: Floats) -> Ints:
        """Town of the origin by its share of departures, from one uniform number each."""
        found: Ints = self.starts[np.searchsorted(self.start_shares, u, side="right")]
        return found

    def some_town(self, host: Ints, u: Floats) -> Ints:
        """Any town of a host, all alike; -1 where the network has none; host -1 gives nothing."""
        many = self.towns_in[host]
        chosen = self.first_town[host] + np.minimum((u * many).astype(np.int64), many - 1)
        found: Ints = np.where(many > 0, self.town_list[chosen], -1)
        return found

    def goals(self, host: Ints, u: Floats) -> tuple[Ints, Ints]:
        """Goal of a journey to a host, and the goal `anywhere in it`; -1 if not on the map."""
        place = self.place_of_host[host]
        anywhere = np.where((place >= 0) & (self.towns_in[host] > 0), self.towns + place, -1)
        share = u / self.bound if self.bound > 0 else u + 1.0
        town = self.some_town(host, np.minimum(share, 1.0))
        return np.where(share < 1.0, town, anywhere), anywhere


def _steps(trail: Trail, row_of: Ints, drawn: Ints, start: Floats) -> Steps:
    """Legs of a day from what the day's work said, those of a person in the order of the day."""
    rows = [drawn, *(row_of[rows] for rows, _, _ in trail)]
    legs = [np.full(len(drawn), -1, np.int64), *(leg for _, leg, _ in trail)]
    times = [start, *(time for _, _, time in trail)]
    row, leg, time = (np.concatenate(part) for part in (rows, legs, times))
    return Steps(row.astype(np.int64), leg.astype(np.int16), time)
