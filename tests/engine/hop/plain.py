"""One person at a time by the texts of the rules: slow, obvious, and the oracle of the engine."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nostoi.engine.hop.rows import Here, There, Who
from nostoi.engine.hop.run import Stage
from nostoi.rules.hop import steps

CONFLICT, TOWN, CAMP, IDP_CAMP = range(4)
NOWHERE = There(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)


@dataclass
class Person:
    """Where somebody is (`site`, or on leg `leg` of `path`), and how far they came."""

    site: int
    path: int = -1
    leg: int = 0
    days: int = 0
    on_road: bool = False
    pace: float = 0.0
    today: float = 0.0


class Plain:
    """The days of a stage, person by person, in rounds that know who was where before."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.net, self.out, self.p = stage.net, stage.out, stage.p
        self.rng = np.random.default_rng(seed)
        self.seen: dict[int, tuple[list[int], np.ndarray]] = {}
        paths = len(stage.net.path_end)
        self.people = [
            Person(int(key >> np.uint64(40)) - paths)
            for key, n in zip(stage.start.keys, stage.start.counts, strict=True)
            for _ in range(n)
        ]

    def kind(self, t: int, site: int) -> int:
        kind = int(self.net.kind[site])
        if self.out.intensity[t, site] > 0:
            return CONFLICT
        closed = kind in (CAMP, IDP_CAMP) and self.out.no_camp[t, site]
        return TOWN if kind == CONFLICT or closed else kind

    def here(self, t: int, site: int) -> Here:
        kind = self.kind(t, site)
        return Here(*(float(kind == k) for k in range(4)))

    def legs(self, path: int) -> range:
        return range(self.net.leg_of[path], self.net.leg_of[path + 1])

    def is_open(self, t: int, path: int) -> bool:
        return not any(self.out.closed[t, self.net.leg_road[leg]] for leg in self.legs(path))

    def room(self, t: int, site: int, there: np.ndarray) -> float:
        limit = self.out.limit[t, site] if self.kind(t, site) in (CAMP, IDP_CAMP) else 0.0
        seen = NOWHERE._replace(persons=float(there[site]), limit=limit)
        return float(steps.room(None, None, seen, self.p))

    def weight(self, t: int, path: int, there: np.ndarray) -> float:
        site = int(self.net.path_end[path])
        kind = self.kind(t, site)
        end = NOWHERE._replace(
            foreign=self.net.foreign[site], camp=float(kind in (CAMP, IDP_CAMP)),
            conflict=float(kind == CONFLICT), intensity=self.out.intensity[t, site],
            fade=self.out.fade[t, site], km=float(self.net.path_km[path]),
        )  # fmt: skip
        pull = steps.draw(None, None, end, self.p) * steps.nearness(None, None, end, self.p)
        both = end._replace(pull=pull, room=self.room(t, site, there))
        return float(steps.weight(None, None, both, self.p))

    def chosen(self, t: int, site: int, there: np.ndarray) -> int:
        """A path out of a site, -1 without an open one; what all of a round see is kept."""
        if site not in self.seen:
            self.seen[site] = self.ways(t, site, there)
        paths, weights = self.seen[site]
        return int(self.rng.choice(paths, p=weights)) if paths else -1

    def ways(self, t: int, site: int, there: np.ndarray) -> tuple[list[int], np.ndarray]:
        """Open paths of a site and their chances."""
        first, end = self.net.path_of[site], self.net.path_of[site + 1]
        paths = [k for k in range(first, end) if self.is_open(t, k)]
        weights = np.array([self.weight(t, k, there) for k in paths])
        if weights.sum() <= 0:
            weights = np.ones(len(paths))
        return paths, weights / max(weights.sum(), 1e-300)

    def decides(self, t: int, person: Person, there: np.ndarray) -> bool:
        """Whether somebody at a place takes to a road now."""
        if person.path >= 0:
            road = self.net.leg_road[self.net.leg_of[person.path] + person.leg]
            end = int(self.net.path_end[person.path])
            if self.out.closed[t, road] or self.room(t, end, there) < self.p.turn_back:
                person.path = -1
                return False
            person.on_road, person.days = True, 0
            return True
        who, here = Who(person.pace, person.today), self.here(t, person.site)
        chance = max(
            steps.sets_out(who, here, NOWHERE, self.p),
            steps.no_stop_yet(who, here, NOWHERE, self.p),
        )
        if self.rng.random() >= chance:
            return False
        path = self.chosen(t, person.site, there)
        if path < 0 or self.room(t, int(self.net.path_end[path]), there) < self.p.turn_back:
            return False
        person.path, person.leg, person.days, person.on_road = path, 0, 0, True
        return True

    def travels(self, person: Person) -> bool:
        """Move on for a day's way; whether a place is reached."""
        step = self.net.leg_of[person.path] + person.leg
        km, v = self.net.road_km[self.net.leg_road[step]], self.p.hop_speed
        if (person.days + 1) * v <= km:
            person.days += 1
            person.today += 1
            return False
        way = max(math.floor(100 * (km - person.days * v) / v + 0.5), 1) / 100
        person.today = min(round(person.today + way, 2), 4.0)
        person.site, person.on_road = int(self.net.leg_site[step]), False
        last = step + 1 == self.net.leg_of[person.path + 1]
        person.path, person.leg = (-1, 0) if last else (person.path, person.leg + 1)
        return True

    def counted(self) -> np.ndarray:
        there = np.zeros(len(self.net.kind), np.int64)
        for person in self.people:
            if not person.on_road:
                there[person.site] += 1
        return there

    def day(self, t: int) -> np.ndarray:
        """Persons at each site in the evening."""
        for person in self.people:
            person.today = 0.0
            if person.on_road:
                step = self.net.leg_of[person.path] + person.leg
                if self.out.closed[t, self.net.leg_road[step]]:
                    person.site = int(self.net.leg_from[step])
                    person.path, person.leg, person.on_road = -1, 0, False
        going = [self.rng.random() < steps.goes_home(None, self.here(t, q.site), None, self.p)
                 and not q.on_road for q in self.people]  # fmt: skip
        self.people = [q for q, gone in zip(self.people, going, strict=True) if not gone]
        weights = self.out.start_weight[t]
        if self.out.newcomers[t] > 0:
            sites = self.rng.choice(len(weights), self.out.newcomers[t], p=weights / weights.sum())
            self.people += [Person(int(site)) for site in sites]
        deciding = [person for person in self.people if not person.on_road]
        travelling = [person for person in self.people if person.on_road]
        while deciding or travelling:
            there, self.seen = self.counted(), {}
            leaving = [person for person in deciding if self.decides(t, person, there)]
            came = [person for person in leaving + travelling if self.travels(person)]
            deciding, travelling = [person for person in came if person.today < 1.0], []
        for person in self.people:
            fiftieths = math.floor((1000 * (person.pace + person.today) + 18 + 1e-6) / 40)
            person.pace = min(fiftieths * 20, 4000) / 1000
        return self.counted()
