"""Columns that people of the plain twin have for themselves, and what changes them.

A drift with the target `X` changes column X every day; one that reads `who.luck` is a jump and
acts first; one with the target `X.leave` acts once, when that move is made. All drifts of a kind
read the values from before it. A rule of the kind `mean` says what a place knows of its people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.base.streams import HALF, LOW, philox, stream, two_uniforms
from nostoi.engine.agents.own import Own
from nostoi.rules.card import Rule
from nostoi.rules.moves import rules_of

UNIT = 2**30
"""Means are added up in whole numbers of 1 / UNIT, so that no order of adding can matter."""

View = Callable[[Any], tuple[Any, Any, Any]]
"""who, at and now as a person sees them where they are or go to."""


class Columns:
    """The columns of a run and the rules that change them."""

    def __init__(self, own: Own, rules: tuple[Rule, ...], p: Any, seed: np.uint64) -> None:
        self.own, self.rules, self.p, self.seed = own, rules, p, seed
        self.names = [span.name for span in own.spans]
        told = [name for rule in rules if rule.kind == "mean" for name in rule.moves]
        self.known: dict[str, tuple[Rule, ...]] = {}
        self.means = list(dict.fromkeys(told))

    def settle(self, person: Any) -> None:
        """Gives a person the values of the first morning."""
        person.own = {name: float(self.own.start[name][person.id]) for name in self.names}

    def live(self, person: Any, t: int, see: View) -> None:
        """A day's jumps and drifts."""
        for by_luck in (True, False):
            who, at, now = see(person)
            if by_luck:
                key = np.uint64(person.id), np.uint64(t)
                who.luck = two_uniforms(self.seed, stream("luck"), *key)[0]
            who.abroad, who.days = float(person.status == "host"), float(t - person.since)
            drifts = {
                name: [r for r in self.drifts(name) if ("luck" in r.columns("who")) == by_luck]
                for name in self.names
            }
            self.change(person, drifts, (who, at, now))

    def move(self, person: Any, move: str, view: tuple[Any, Any, Any]) -> None:
        """What a move does to the columns of the person who makes it."""
        self.change(person, {name: self.drifts(f"{name}.{move}") for name in self.names}, view)

    def drifts(self, target: str) -> tuple[Rule, ...]:
        """Drifts of a target; looked up once."""
        if target not in self.known:
            self.known[target] = rules_of(target, "drift", self.rules)
        return self.known[target]

    def change(
        self, person: Any, drifts: Mapping[str, Iterable[Rule]], view: tuple[Any, Any, Any]
    ) -> None:
        """Adds drifts; what leaves its span is put back, and numbers are as fine as the column."""
        found = {}
        for span in self.own.spans:
            rules = list(drifts[span.name])
            if rules:
                value = person.own[span.name] + sum(rule(*view, self.p) for rule in rules)
                value = min(max(value, span.low), span.high)
                found[span.name] = float(self.own.start[span.name].dtype.type(value))
        person.own |= found

    def luck(self, person: int, t: int, luck: float) -> float:
        """The number of the day: four people share a word, which stands in front of their own."""
        four, seed = np.uint64(person // 4), self.seed
        words = philox(
            four & LOW, four >> HALF, np.uint64(t), stream("fours"), seed & LOW, seed >> HALF
        )
        return (float(words[person % 4]) + luck) / 4294967296.0 if self.names else luck

    def tell(self, people: list[Any], places: list[int], see: View) -> dict[str, dict[int, float]]:
        """What places know of their people in the evening, by name; travellers are nowhere."""
        there: dict[int, list[Any]] = {place: [] for place in places}
        for person in people:
            if person.status in {"home", "returned", "host"}:
                there[person.place if person.status == "host" else -1].append(person)
        return {
            name: {place: self.mean(name, some, see) for place, some in there.items()}
            for name in self.means
        }

    def mean(self, name: str, people: list[Any], see: View) -> float:
        """What a place knows in the evening of the people who are there; 0 where nobody is."""
        total = 0
        for person in people:
            who, at, now = see(person)
            who.abroad = float(person.status == "host")
            told = sum(rule(who, at, now, self.p) for rule in rules_of(name, "mean", self.rules))
            total += int(UNIT * told)
        return total / UNIT / len(people) if people else 0.0


def dressed(who: SimpleNamespace, person: Any) -> SimpleNamespace:
    """The columns of a group with those that the person has instead."""
    for name, value in person.own.items():
        setattr(who, name, value)
    return who
