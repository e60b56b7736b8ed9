"""The same person once more: a single life lived again, with the luck it had.

A life of the run fixes what its person's luck must have been (`luck.py`). Lived again without a
change it is the same life; lived again with one change it differs only by that change (common
random numbers). The crowd around is held as the run left it: what others believe, what they tell,
and how many of them are in each host.

People who never moved are counts until they leave (`decisions/006-agent-engine.md`), so that luck
at home before the first departure was never drawn person by person. By exchangeability the luck
found in hindsight has the law that such a person's luck has where everybody has a record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.engine.agents.scene import Fields
from nostoi.engine.cohorts import BACK_DAYS
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.engine.twin import Person, Twin
from nostoi.engine.twin.life import ORIGIN
from nostoi.study.life import Life, Step, advance
from nostoi.study.luck import RIVALS, Luck, luck_of
from nostoi.study.roadbook import Journey, Roadbook

MOVE = stream("move")
JOURNEYS = ("leave", "leave_again", "move_on")
View = tuple[SimpleNamespace, SimpleNamespace, SimpleNamespace]


@dataclass(frozen=True)
class Around:
    """What surrounds a life, as a run left it.

    Attributes:
        model: daily world, rules and parameters.
        values: natural parameter values by name.
        fields: belief and rumour.
        newcomers: persons from the origin in each host in the evening, [day, host].
        seed: of the run.
        roads: of the case; None where a journey is one draw of exponential days.
        waits: days of waiting at each gate of the roads in the evening, [day, gate].
    """

    model: Model
    values: Mapping[str, Any]
    fields: Fields
    newcomers: Floats
    seed: int
    roads: Roads | None = None
    waits: Floats | None = None


class Replay:
    """Days of the plain twin with the crowd given, in any order."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.twin = Twin(around.model, around.values, around.seed, [], 0.0)
        self.day = -1
        self._choices: dict[int, tuple[float, list[float]]] = {}
        self.book: Roadbook | None = None
        if around.roads is not None and around.waits is not None:
            hosts = around.model.world.hosts
            papers = around.model.world.at["papers_days"]
            self.book = Roadbook(around.roads, hosts, around.waits, around.seed, papers)

    def open(self, day: int) -> None:
        """Goes to a day: what is believed, told and known of the evening before."""
        twin, fields = self.twin, self.around.fields
        self.day = day
        twin.today.clear()
        self._choices.clear()
        for g, host in twin.belief:
            twin.belief[g, host] = float(fields.belief[day, g, host + 1])
            twin.spreading[g, host] = float(fields.rumour[day, g, host + 1])

    def newcomers(self) -> list[float]:
        """Persons in each host on the evening before."""
        return [float(n) for n in self.around.newcomers[max(self.day - 1, 0)]]

    def choices(self, group: int) -> tuple[float, list[float]]:
        """Appeal of all places together and the weight of each, for a group today."""
        if group not in self._choices:
            self._choices[group] = self.twin.choices(self.day, group, self.newcomers())
        return self._choices[group]

    def offered(self, who: Person) -> list[float]:
        """Weight of each place for somebody who sets out; 0 for where they are."""
        return [0.0 if h == who.place else w for h, w in enumerate(self.choices(who.group)[1])]

    def rates(self, who: Person) -> dict[str, float]:
        """Rates per day of the moves that compete for a person today."""
        return {move: self._rate(move, who) for move in RIVALS[who.status]}

    def _rate(self, move: str, who: Person) -> float:
        twin, t = self.twin, self.day
        if move == "arrive":
            return 1.0 / float(self.around.model.world.at["journey_days"][who.place, t])
        if move == "come_back":
            return 1.0 / BACK_DAYS
        if move == "call_up":
            return twin.called(who, t)
        if move == "move_on" and len(self.around.model.world.hosts) == 1:
            return 0.0
        appeal = self.choices(who.group)[0] if move == "leave" else 1.0
        return twin.rate(move, who, t) * appeal

    def view(self, who: Person) -> View:
        """What a rule reads of a person today: who, at and now."""
        place = who.place if who.status == "host" else ORIGIN
        person, at, now = self.twin.view(who.group, place, self.day)
        person.been_away = float(who.status != "home")
        person.days = float(self.day - who.since)
        person.savings = who.savings
        if place != ORIGIN:
            person.savings = self.twin.left(who, at, self.day)
        return person, at, now


def relive(around: Around, lives: Sequence[Life], lucks: Sequence[Luck]) -> list[Life]:
    """The lives of the same persons once more, whatever their steps were.

    Args:
        around: the world, changed or not.
        lives: persons (their steps are not read).
        lucks: their luck.
    """
    replay = Replay(around)
    walkers = [Walker(life.person(), luck) for life, luck in zip(lives, lucks, strict=True)]
    for day in range(around.model.world.clock.n):
        replay.open(day)
        for walker in walkers:
            walker.live(replay)
    pairs = zip(lives, walkers, strict=True)
    return [replace(life, steps=tuple(walker.steps)) for life, walker in pairs]


class Walker:
    """A person on the way through a life."""

    def __init__(self, who: Person, luck: Luck) -> None:
        self.who, self.luck = who, luck
        self.steps: list[Step] = []
        self.journey: Journey | None = None
        self.made = 0

    def live(self, replay: Replay) -> None:
        """Today: on the roads, or what the luck decides."""
        day = replay.day
        if self.journey is None:
            move = self.luck.happens(day, replay.rates(self.who))
            if move is not None:
                self._do(replay, move)
        if self.journey is not None and self.journey.day == day:
            self._arrive(day, self.journey)

    def _do(self, replay: Replay, move: str) -> None:
        """Makes a move, and sets out where it begins a journey."""
        who, day = self.who, replay.day
        place = who.place if move == "arrive" else ORIGIN
        if move in JOURNEYS:
            place = self.luck.chooses(self.made, replay.offered(who))
            self.made += 1
        if move not in (*JOURNEYS, "go_home") or replay.book is None:
            self._enter(Step(day, move, place))
            return
        step = Step(day, move, place)
        known = self.luck.journeys.get(key_of(who, step))
        advance(who, step)
        journey = replay.book.travel(who, day) if known is None else known
        self.steps.append(replace(step, rides=journey.rides))
        if journey.driven:
            self.journey = journey
        else:
            who.town = journey.town

    def _enter(self, step: Step) -> None:
        advance(self.who, step)
        self.steps.append(step)

    def _arrive(self, day: int, journey: Journey) -> None:
        """The end of a journey over the roads."""
        self._enter(Step(day, arrival(self.who.status, journey), journey.place))
        self.who.town, self.journey = journey.town, None


def arrival(status: str, journey: Journey) -> str:
    """Name of the move that ends a journey, by the status on the way."""
    if (status == "journey out") == (journey.place != ORIGIN):
        return "arrive" if status == "journey out" else "come_back"
    return "turn_back"


def key_of(who: Person, step: Step) -> tuple[int, str, int, int, int]:
    """What makes two journeys the same: day, move, place, town where it begins, and papers."""
    return step.day, step.move, step.place, who.town, who.papers


def hindsight(around: Around, lives: Sequence[Life]) -> list[Luck]:
    """The luck that each person of a run must have had, drawn given the life.

    Raises:
        RuntimeError: if the plain twin, with the random numbers of the run, does not follow a life
            after its first departure; then `around` is not what surrounded it.
    """
    world = around.model.world
    replay = Replay(around)
    lived = [Lived(life, luck_of(around.seed, life.id, world.clock.n, len(world.hosts)))
             for life in lives]  # fmt: skip
    for day in range(world.clock.n):
        replay.open(day)
        for one in lived:
            one.see(replay)
    return [one.luck for one in lived]


class Lived:
    """A life of a run on its way through the days, and what it tells of the luck."""

    def __init__(self, life: Life, luck: Luck) -> None:
        self.life, self.luck, self.who = life, luck, life.person()
        self.coming = list(life.steps)
        self.made = 0
        self.driving = False

    def see(self, replay: Replay) -> None:
        """What today tells."""
        day, who = replay.day, self.who
        step = self.coming[0] if self.coming and self.coming[0].day == day else None
        if not self.driving:
            if 0 <= self.life.first < day:
                _must_follow(replay, self.life, who, step)
            self.luck.knows(day, replay.rates(who), None if step is None else step.move)
            if step is not None and step.move in JOURNEYS:
                self.luck.knows_place(self.made, replay.offered(who), step.place)
                self.made += 1
        while self.coming and self.coming[0].day == day:
            self._go(replay, self.coming.pop(0))

    def _go(self, replay: Replay, step: Step) -> None:
        """Makes a move of the life, and keeps its journey."""
        who, book = self.who, replay.book
        if book is None or step.move not in (*JOURNEYS, "go_home"):
            advance(who, step)
            self.driving = False
            return
        key, ends = key_of(who, step), book.roads.network.legs.end
        advance(who, step)
        self.driving = all(ride.leg >= 0 for ride in step.rides)
        if not self.driving:
            who.town = book.travel(who, step.day).town
        elif step.rides:
            who.town = int(ends[step.rides[-1].leg])
        arrives = self.driving and bool(self.coming)
        day = self.coming[0].day if arrives else -1
        self.luck.journeys[key] = Journey(step.rides, day, who.town, book.place_of(who.town))


def _must_follow(replay: Replay, life: Life, who: Person, step: Step | None) -> None:
    """The twin, with the numbers of the run, makes the same move today."""
    if who.status == "called up":
        return
    twin, mine, wanted = replay.twin, replace(who), replace(who)
    key = seed_word(replay.around.seed), MOVE, np.uint64(who.id), np.uint64(replay.day)
    twin.live(mine, replay.day, *two_uniforms(*key), *replay.choices(who.group))
    if step is not None:
        advance(wanted, step)
    if mine != wanted:
        raise RuntimeError(f"person {life.id} does not live day {replay.day} as in the run")
