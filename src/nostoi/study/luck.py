"""Luck: how near each move was on each day of a person's life, and how to know it in hindsight.

Moves that compete are a race of clocks: the clock of a move with rate r rings after e / r days,
with e from the unit exponential law, and what rings first within the day happens. That is the law
of the engine (a share 1 - exp(-(a + b)) goes, divided as a to b), with one luck e for each move, so
that a weaker wish to go home does not turn into a wish to move on. Places are chosen by the same
race, with the weights of places as rates and a luck for each place.

The luck is keyed by seed, person, day and move (or journey and place). Where a life is known, its
luck is drawn given that life. Clocks do not age, so this needs no search: a clock with rate r that
has not rung by the time T (the day, or when another rang) has e = r T plus a fresh exponential.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import expm1, log1p
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import philox, seed_word, stream
from nostoi.study.roadbook import Journey

Array = Any

RIVALS: Mapping[str, tuple[str, ...]] = {
    "home": ("leave", "call_up"),
    "returned": ("leave_again", "call_up"),
    "host": ("go_home", "move_on"),
    "journey out": ("arrive",),
    "journey back": ("come_back",),
    "called up": (),
}
"""Moves that compete in each status."""

CLOCKS = tuple(dict.fromkeys(move for moves in RIVALS.values() for move in moves))
LOW, HALF, DROP = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(6)


@dataclass
class Luck:
    """The luck of one person; each number from the unit exponential law.

    Attributes:
        seed: of the run.
        id: of the person.
        hosts: number of places to choose from.
        clock: move -> luck on each day, [day].
        when: share of the day that had passed when a known move was made, uniform, [day].
        taste: number of the journey -> luck of each place, [host].
        journeys: journeys over roads that are known, by day, move, place, town and papers.
    """

    seed: int
    id: int
    hosts: int
    clock: dict[str, Floats]
    when: Floats
    taste: dict[int, Floats] = field(default_factory=dict)
    journeys: dict[tuple[int, str, int, int, int], Journey] = field(default_factory=dict)

    def places(self, journey: int) -> Floats:
        """Luck of each place on the person's journey of that number (0 is the first)."""
        if journey not in self.taste:
            at = np.arange(self.hosts, dtype=np.uint64) + np.uint64(journey << 16)
            self.taste[journey] = exponentials(self.seed, "luck of places", self.id, at)
        return self.taste[journey]

    def knows(self, day: int, rates: Mapping[str, float], move: str | None) -> None:
        """Takes in what happened on a day, under these rates per day of the moves that compete."""
        end = 1.0
        if move is not None:
            total = sum(rates.values())
            end = -log1p(self.when[day] * expm1(-total)) / total
        for name, rate in rates.items():
            rest = 0.0 if name == move else self.clock[name][day]
            self.clock[name][day] = rate * end + rest

    def knows_place(self, journey: int, weights: Sequence[float], place: int) -> None:
        """Takes in which place was chosen, under these weights."""
        fresh = self.places(journey)
        at = np.array([np.uint64((journey << 16) + self.hosts)])
        end = float(exponentials(self.seed, "luck of places", self.id, at)[0]) / sum(weights)
        rest = np.where(np.arange(self.hosts) == place, 0.0, fresh)
        self.taste[journey] = np.asarray(weights) * end + rest

    def happens(self, day: int, rates: Mapping[str, float]) -> str | None:
        """The move that is made on a day under these rates, if any."""
        rung = [
            (float(self.clock[name][day]) / rate, name)
            for name, rate in rates.items()
            if self.clock[name][day] < rate
        ]
        return min(rung)[1] if rung else None

    def chooses(self, journey: int, weights: Sequence[float]) -> int:
        """The place gone to under these weights (0 = not on offer)."""
        race = [
            (float(e) / w, h)
            for h, (e, w) in enumerate(zip(self.places(journey), weights, strict=True))
            if w > 0.0
        ]
        return min(race)[1]


def luck_of(seed: int, person: int, days: int, hosts: int) -> Luck:
    """Luck of a person of whom nothing is known."""
    at = np.arange(days, dtype=np.uint64)
    clock = {move: exponentials(seed, f"luck of {move}", person, at) for move in CLOCKS}
    return Luck(seed, person, hosts, clock, uniforms(seed, "luck of the hour", person, at))


def exponentials(seed: int, name: str, person: int, at: Array) -> Floats:
    """Unit exponential numbers of one person; [at]."""
    found: Floats = -np.log1p(-uniforms(seed, name, person, at))
    return found


def uniforms(seed: int, name: str, person: int, at: Array) -> Floats:
    """Uniform numbers in 0..1 of one person; the same as `base.streams.two_uniforms` has; [at]."""
    key, who = seed_word(seed), np.full(len(at), person, np.uint64)
    words = np.full(len(at), stream(name), np.uint64)
    a, b, _, _ = philox(who & LOW, who >> HALF, at, words, key & LOW, key >> HALF)
    high, low = (a >> DROP).astype(float), (b >> DROP).astype(float)
    found: Floats = (high * 67108864.0 + low + 0.5) / 4503599627370496.0
    return found
