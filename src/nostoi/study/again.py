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
from nostoi.engine.model import Model
from nostoi.engine.twin import ORIGIN, Person, Twin
from nostoi.study.life import Life, Step, advance
from nostoi.study.luck import RIVALS, Luck, luck_of

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
    """

    model: Model
    values: Mapping[str, Any]
    fields: Fields
    newcomers: Floats
    seed: int


class Replay:
    """Days of the plain twin with the crowd given, in any order."""

    def __init__(self, around: Around) -> None:
        self.around = around
        self.twin = Twin(around.model, around.values, around.seed, [], 0.0)
        self.day = -1
        self._choices: dict[int, tuple[float, list[float]]] = {}

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
    people = [life.person() for life in lives]
    steps: list[list[Step]] = [[] for _ in lives]
    for day in range(around.model.world.clock.n):
        replay.open(day)
        for who, luck, mine in zip(people, lucks, steps, strict=True):
            step = _lives(replay, who, luck, sum(s.move in JOURNEYS for s in mine))
            if step is not None:
                advance(who, step)
                mine.append(step)
    return [replace(life, steps=tuple(mine)) for life, mine in zip(lives, steps, strict=True)]


def _lives(replay: Replay, who: Person, luck: Luck, journey: int) -> Step | None:
    """Today's move of a person, if there is one; `journey` counts those made so far."""
    move = luck.happens(replay.day, replay.rates(who))
    if move is None:
        return None
    place = who.place if move == "arrive" else ORIGIN
    if move in JOURNEYS:
        place = luck.chooses(journey, replay.offered(who))
    return Step(replay.day, move, place)


def hindsight(around: Around, lives: Sequence[Life]) -> list[Luck]:
    """The luck that each person of a run must have had, drawn given the life.

    Raises:
        RuntimeError: if the plain twin, with the random numbers of the run, does not follow a life
            after its first departure; then `around` is not what surrounded it.
    """
    world = around.model.world
    replay = Replay(around)
    lucks = [luck_of(around.seed, life.id, world.clock.n, len(world.hosts)) for life in lives]
    people = [life.person() for life in lives]
    made = [0 for _ in lives]
    for day in range(world.clock.n):
        replay.open(day)
        for k, (life, who, luck) in enumerate(zip(lives, people, lucks, strict=True)):
            coming = life.steps[made[k]] if made[k] < len(life.steps) else None
            step = coming if coming is not None and coming.day == day else None
            if 0 <= life.first < day:
                _must_follow(replay, life, who, step)
            luck.knows(day, replay.rates(who), None if step is None else step.move)
            if step is not None:
                if step.move in JOURNEYS:
                    journey = sum(s.move in JOURNEYS for s in life.steps[: made[k]])
                    luck.knows_place(journey, replay.offered(who), step.place)
                advance(who, step)
                made[k] += 1
    return lucks


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
