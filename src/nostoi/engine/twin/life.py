"""The lives of the plain twin: what people decide, hear and believe, as slow as it is obvious."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp, expm1
from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.engine.agents.own import NOTHING, Own
from nostoi.engine.cohorts import BACK_DAYS
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.engine.purse import burn_of, savings_left
from nostoi.engine.twin.choice import decide, longest_rule, pick
from nostoi.engine.twin.own import Columns, dressed
from nostoi.engine.twin.roads import Journeys, Trip
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

ORIGIN = -1


@dataclass
class Person:
    """One life: who it is, and where it stands."""

    id: int
    group: int
    savings: float  # months of living costs at home, before any journey
    status: str = "home"  # home, journey out, host, journey back, returned or called up
    place: int = ORIGIN  # host, or the one on the way to
    since: int = 0  # day of the last change
    stay: int = 0  # longest residence rule that the last stay abroad fulfilled
    home: int = -1  # town at the origin; towns are known only where there are roads
    papers: int = 0  # best papers held
    town: int = -1  # where the person is, or where the leg ends that they are on
    spent: float = 0.0  # paid for the legs of this journey or the last one
    trip: Trip | None = None  # journey over the roads that is under way
    own: dict[str, float] = field(default_factory=dict)  # columns of one's own


class Twin:
    """A world, its rules and its people; `play` lives one day."""

    def __init__(
        self,
        model: Model,
        values: Mapping[str, Any],
        seed: int,
        people: list[Person],
        weight: float,
        roads: Roads | None = None,
        own: Own = NOTHING,
    ) -> None:
        """People act under natural parameter values; each stands for `weight` persons.

        With roads they travel leg by leg, else a journey is one draw of exponential days. `own` are
        columns that people have for themselves.
        """
        self.model, self.world, self.people, self.weight = model, model.world, people, weight
        numbers = {name: np.asarray(value) for name, value in model.numbers(values).items()}
        scalar = {name: value.tolist() for name, value in numbers.items()}
        self.p = SimpleNamespace(**scalar)
        self.effects = {n: self.world.knots @ numbers[n] for n in ("leave_mood", "return_mood")}
        self.seed, self.stream = seed_word(seed), stream("move")
        self.columns = Columns(own, model.rules, self.p, self.seed)
        for person in people:
            self.columns.settle(person)
        self.journeys = None
        if roads:
            papers = self.world.at["papers_days"]
            self.journeys = Journeys(roads, self.world.hosts, weight, self.seed, papers)
            for person in people:
                self.journeys.settle(person)
        self.today: dict[tuple[int, int], Any] = {}
        self.found: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self.places = range(ORIGIN, len(self.world.hosts))
        groups = range(len(self.world.groups))
        cells = [(g, place) for g in groups for place in self.places]
        self.ignorant = dict.fromkeys(cells, 1.0)
        self.spreading = dict.fromkeys(cells, 0.0)
        self.belief = dict.fromkeys(cells, getattr(self.p, "floor_before", 0.0))
        self.means = {name: dict.fromkeys(self.places, 0.0) for name in self.columns.means}
        if self.means:
            self.tell(0)

    # -- one day ---------------------------------------------------------------------------

    def play(self, t: int) -> None:
        """A day: news first, then everybody decides on what was known the evening before."""
        self.today.clear()
        for cell in self.belief:
            self.hear_and_believe(t, *cell)
        self.today.clear()  # beliefs have changed
        newcomers = self.abroad_by_host()
        choices = [self.choices(t, g, newcomers) for g in range(len(self.world.groups))]
        for person in self.people:
            if self.columns.names:
                self.columns.live(person, t, lambda who: self.sees(who, t))
            if person.trip is not None:
                continue  # on the roads: see `Journeys`
            appeal, shares = choices[person.group]
            appeal = appeal if self.columns.own.drawn else 1.0
            self.live(person, t, *self.luck(person, t), appeal, shares)
        if self.journeys:
            for person in self.people:
                if person.status in {"journey out", "journey back"} and person.since == t:
                    self.journeys.set_out(person, t)
            self.journeys.play(t, self.people)
        if self.means:
            self.tell(t)

    def luck(self, person: Person, t: int) -> tuple[float, float]:
        """Whether and which way, and where to: two numbers of a person and a day."""
        luck, second = two_uniforms(self.seed, self.stream, np.uint64(person.id), np.uint64(t))
        if self.journeys and person.status.startswith("journey"):
            return luck, second
        return self.columns.luck(person.id, t, luck), second

    def live(
        self, who: Person, t: int, luck: float, second: float, appeal: float, shares: list[float]
    ) -> None:
        """One day of one person."""
        if who.status in {"home", "returned"}:
            move = "leave" if who.status == "home" else "leave_again"
            leave = self.rate(move, who, t) * (appeal if move == "leave" else 1.0)
            chosen = decide(luck, leave, self.called(who, t))
            if chosen == 1:
                self.moves(who, move, t)
                self.set_off(who, pick(shares, second), t)
            elif chosen == 2:
                who.status = "called up"
        elif who.status == "host":
            onward = self.rate("move_on", who, t) if len(shares) > 1 else 0.0
            chosen = decide(luck, self.rate("go_home", who, t), onward)
            if chosen == 1:
                self.moves(who, "go_home", t)
                who.stay = longest_rule(t - who.since)
                self.set_off(who, ORIGIN, t)
            elif chosen == 2:
                self.moves(who, "move_on", t)
                elsewhere = [0.0 if h == who.place else w for h, w in enumerate(shares)]
                self.set_off(who, pick(elsewhere, second), t)
        elif who.status == "journey out":
            if luck < -expm1(-1.0 / self.world.at["journey_days"][who.place, t]):
                who.status, who.since = "host", t
        elif who.status == "journey back" and luck < -expm1(-1.0 / BACK_DAYS):
            who.status, who.since = "returned", t

    def set_off(self, who: Person, place: int, t: int) -> None:
        """Puts a person on the way, or there, where journeys take no time."""
        words = ("journey out", "host") if place != ORIGIN else ("journey back", "returned")
        who.status, who.place, who.since = words[self.columns.own.at_once], place, t

    def moves(self, who: Person, move: str, t: int) -> None:
        """What a move does to the person's own columns, before it is made."""
        view = self.sees(who, t)
        view[0].been_away = float(move != "leave")
        self.columns.move(who, move, view)

    # -- rates -----------------------------------------------------------------------------

    def rate(self, move: str, who: Person, t: int) -> float:
        """Base rate x exp(sum of pushes) x product of abilities, per day."""
        base = {"go_home": self.p.return_base, "move_on": self.p.onward_base}
        view = self.view(who.group, who.place if who.status == "host" else ORIGIN, t)
        view[0].been_away = 1.0
        view[0].days = float(t - who.since)
        view[0].savings = who.savings if view[1].host == ORIGIN else self.left(who, view[1], t)
        dressed(view[0], who)
        return exp(base.get(move, self.p.leave_base)) * self.factor(move, view)

    def called(self, who: Person, t: int) -> float:
        """Call-ups per day; none where no rule says how many."""
        if not any(rule.unit == "share per day" for rule in self.rules("call_up", "able")):
            return 0.0
        return exp(self.p.call_up_base) * self.factor("call_up", self.sees(who, t))

    def factor(self, move: str, view: tuple[Any, Any, Any]) -> float:
        """exp(sum of pushes) x product of abilities."""
        product = exp(sum(rule(*view, self.p) for rule in self.rules(move, "push")))
        for rule in self.rules(move, "able"):
            product *= rule(*view, self.p)
        return product

    def rules(self, move: str, kind: str) -> tuple[Rule, ...]:
        """Rules of one kind that act on a move (or drive a column); looked up once."""
        if (move, kind) not in self.found:
            self.found[move, kind] = rules_of(move, kind, self.model.rules)
        return self.found[move, kind]

    def left(self, who: Person, at: Any, t: int) -> float:
        """Savings of a person abroad, in months of living costs."""
        burn = burn_of(at.cover, float(self.world.who["remote"][who.group]))
        days = t - who.since
        return float(savings_left(who.savings, at.journey_cost, at.price_ratio, burn, days))

    def choices(self, t: int, g: int, newcomers: list[float]) -> tuple[float, list[float]]:
        """Appeal of all places together, relative to quiet times, and the share of each."""
        weights = []
        mine = [person for person in self.people if person.group == g]
        there = [person.place for person in mine if person.status == "host"]
        for h, here in enumerate(newcomers):
            who, at, now = self.view(g, h, t)
            at.newcomers = here
            at.peers = there.count(h) / max(len(mine), 1)
            total = sum(rule(who, at, now, self.p) for rule in self.rules("choose", "pull"))
            weights.append(exp(total - self.model.reference))
        return sum(weights), weights

    def abroad_by_host(self) -> list[float]:
        """Persons in each host this morning."""
        hosts = range(len(self.world.hosts))
        there = [p.place for p in self.people if p.status == "host"]
        return [self.weight * there.count(h) for h in hosts]

    # -- what rules may read ---------------------------------------------------------------

    def view(self, g: int, place: int, t: int) -> tuple[Any, Any, Any]:
        """who, at and now for somebody of a group at a place today; looked up once a day."""
        if (g, place) not in self.today:
            self.today[g, place] = self.look_around(g, place, t)
        who, at, now = self.today[g, place]
        return SimpleNamespace(**vars(who)), at, now

    def sees(self, who: Person, t: int) -> tuple[Any, Any, Any]:
        """who, at and now for a person where they are or go to, with the person's own columns."""
        place = who.place if who.status in {"host", "journey out"} else ORIGIN
        view = self.view(who.group, place, t)
        return dressed(view[0], who), view[1], view[2]

    def tell(self, t: int) -> None:
        """What places know of their people in the evening."""
        self.means = self.columns.tell(
            self.people, list(self.places), lambda who: self.sees(who, t)
        )

    def look_around(self, g: int, place: int, t: int) -> tuple[Any, Any, Any]:
        """who, at and now as plain numbers."""
        world = self.world
        who = SimpleNamespace(**{k: float(v[g]) for k, v in world.who.items() if k != "persons"})
        who.belief, who.rumour = self.belief[g, place], self.spreading[g, place]
        who.leaning = self.p.leaning[g]
        now = SimpleNamespace(**{name: float(v[t]) for name, v in world.now.items()})
        for name, effect in self.effects.items():
            setattr(now, name, float(effect[t]))
        if place == ORIGIN:
            at = SimpleNamespace(journey_cost=self.cheapest(t), reach=1.0)
        else:
            at = SimpleNamespace(**{name: float(v[place, t]) for name, v in world.at.items()})
            for name in ("climate", "stepping", "attraction"):
                setattr(at, name, getattr(self.p, name)[place])
            at.reach = self.p.reach_abroad
        at.host = place
        for name, known in self.means.items():
            setattr(at, name, known[place])
        return who, at, now

    def cheapest(self, t: int) -> float:
        """Cost of the cheapest journey to a place whose door stands open, else of any."""
        cost, entry = self.world.at["journey_cost"][:, t], self.world.at["entry"][:, t]
        open_ = [float(c) for c, e in zip(cost, entry, strict=True) if e >= 0.5]
        return min(open_) if open_ else float(cost.min())

    # -- rumours and beliefs ---------------------------------------------------------------

    def hear_and_believe(self, t: int, g: int, place: int) -> None:
        """A day of rumours and beliefs among the people of one group at one place."""
        who, at, now = self.view(g, place, t)
        who.ignorant, who.spreading = self.ignorant[g, place], self.spreading[g, place]
        rumour = {
            name: self.drift(f"rumour_{name}", who, at, now)
            for name in ("seed", "hear", "stop", "forget")
        }
        silent = 1.0 - who.ignorant - who.spreading
        heard = who.ignorant * -expm1(-(rumour["hear"] + rumour["seed"]))
        stopped = who.spreading * -expm1(-rumour["stop"])
        tired = (who.spreading - stopped) * -expm1(-rumour["forget"])
        fresh = silent * -expm1(-rumour["forget"])
        self.ignorant[g, place] += fresh - heard
        self.spreading[g, place] += heard - stopped - tired
        who.rumour = self.spreading[g, place]
        up, down = self.drift("belief_up", who, at, now), self.drift("belief_down", who, at, now)
        floor, speed = self.drift("belief_floor", who, at, now), up + down + 1e-9
        aim, keep = (up + down * floor) / speed, exp(-speed)
        self.belief[g, place] = aim + (self.belief[g, place] - aim) * keep

    def drift(self, column: str, who: Any, at: Any, now: Any) -> float:
        """Sum of the drifts of one column, per day."""
        return float(sum(rule(who, at, now, self.p) for rule in self.rules(column, "drift")))
