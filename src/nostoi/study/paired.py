"""In pairs: lives of a run, and the same persons lived again under one change each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nostoi.case.case import Case
from nostoi.case.lives import Life as Told
from nostoi.study.again import Around, Replay, hindsight, relive
from nostoi.study.changes import Change, of_person, of_world
from nostoi.study.diary import Entry, diary
from nostoi.study.life import Life, as_run
from nostoi.study.likeness import Likeness, likeness, names_of
from nostoi.study.stays import stays_of


@dataclass(frozen=True)
class Again:
    """The same person lived again under one change.

    Attributes:
        change: what was changed.
        life: the life that came of it.
        same: whether it is the same life, move by move.
    """

    change: Change
    life: Life
    same: bool


@dataclass(frozen=True)
class Near:
    """A simulated life near the told one.

    Attributes:
        seed: of the run that it comes from; with the person's number it names the life.
        life: the life.
        distance: from the told life, 0 = fulfils all that can be seen.
        misses: part -> how far it is missed, in units of distance; parts fulfilled are left out.
        entries: its diary.
        again: the same person under each change.
    """

    seed: int
    life: Life
    distance: float
    misses: dict[str, float]
    entries: tuple[Entry, ...]
    again: tuple[Again, ...]


COUNTS = ("lives", "same", "left", "returned", "called_up", "like")


@dataclass(frozen=True)
class Effect:
    """What a change does to several of the nearest lives, lived in pairs.

    Attributes:
        change: what was changed; None = as lived.
        lives: how many lives; `same` of them do not change.
        left, returned, called_up: how many leave, come home, and are called up, within the case.
        like: how many are no farther from the told life than as lived.
    """

    change: Change | None
    lives: int
    same: int
    left: int
    returned: int
    called_up: int
    like: int


class Paired:
    """Lives, and the same persons lived again under every change."""

    def __init__(
        self, case: Case, told: Told, around: Around, lives: Sequence[Life], shown: int
    ) -> None:
        self.case, self.told, self.around, self.shown = case, told, around, shown
        self.lives = list(lives)
        self.lucks = hindsight(around, self.lives)
        self.again: dict[str, tuple[Change, dict[int, Life]]] = {}
        self._persons()
        worlds, self.left_out = of_world(case, around)
        for change, other in worlds:
            found = relive(other, self.lives, self.lucks)
            self.again[change.name] = (change, dict(enumerate(found)))

    def _persons(self) -> None:
        """As lived, which must be the same life, and with the person changed."""
        jobs: list[tuple[int, Change | None, Life]] = []
        for k, life in enumerate(self.lives):
            jobs.append((k, None, life))
            jobs += [(k, change, other) for change, other in of_person(self.case, life)]
        lucks = [self.lucks[k] for k, _, _ in jobs]
        found = relive(self.around, [other for _, _, other in jobs], lucks)
        for (k, change, _), life in zip(jobs, found, strict=True):
            if change is not None:
                self.again.setdefault(change.name, (change, {}))[1][k] = life
            elif life != self.lives[k]:
                raise RuntimeError(f"person {life.id} lived again is another life")

    def near(self) -> tuple[Near, ...]:
        """The lives to print."""
        replay = Replay(self.around)
        world = self.around.model.world
        found = []
        for k, life in enumerate(self.lives[: self.shown]):
            again = [
                Again(change, others[k], others[k].steps == life.steps)
                for change, others in self.again.values()
                if k in others
            ]
            like, best = self._like(life)
            misses = {part.name: float(part.gap[best]) for part in like.seen if part.gap[best] > 0}
            entries, distance = diary(replay, life, world.event), float(like.distance[best])
            found.append(Near(self.around.seed, life, distance, misses, entries, tuple(again)))
        return tuple(found)

    def effects(self) -> tuple[Effect, ...]:
        """How many of the lives each change makes different."""
        as_lived = dict(enumerate(self.lives))
        every = [(None, as_lived), *self.again.values()]
        return tuple(self._effect(change, others) for change, others in every)

    def _effect(self, change: Change | None, others: dict[int, Life]) -> Effect:
        lives = list(others.values())

        def made(move: str) -> int:
            return sum(any(step.move == move for step in life.steps) for life in lives)

        near = [(self._distance(self.lives[k]), self._distance(life)) for k, life in others.items()]
        return Effect(
            change=change,
            lives=len(lives),
            same=sum(life.steps == self.lives[k].steps for k, life in others.items()),
            left=made("leave"),
            returned=made("come_back"),
            called_up=made("call_up"),
            like=sum(now <= lived for lived, now in near),
        )

    def _distance(self, life: Life) -> float:
        """Distance of a life from the told one; infinite for who never leaves."""
        like, best = self._like(life)
        return float(like.distance[best]) if best >= 0 else math.inf

    def _like(self, life: Life) -> tuple[Likeness, int]:
        """Likeness of one life, and its nearest stay (-1 without any)."""
        world, roads = self.around.model.world, self.around.roads
        stays = stays_of(as_run([life], roads))
        like = likeness(self.told, stays, world.clock, names_of(world, roads))
        return like, int(np.argmin(like.distance)) if len(stays) else -1


def added(runs: Sequence[tuple[Effect, ...]]) -> tuple[Effect, ...]:
    """The effects of several runs as one, change by change."""
    found: dict[Change | None, Effect] = {}
    for effect in (one for run in runs for one in run):
        before = found.get(effect.change)
        if before is not None:
            sums = {name: getattr(before, name) + getattr(effect, name) for name in COUNTS}
            found[effect.change] = replace(effect, **sums)
        else:
            found[effect.change] = effect
    return tuple(found.values())
