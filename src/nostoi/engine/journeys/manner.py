"""Manner: what a day is worth to people on the way, and how they choose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manner:
    """How people choose their way.

    Attributes:
        day_value: what a day on the way is worth, in money of the origin, more than 0.
        rounds: parts of a day's people who choose one after the other, each knowing the queues
            that the former have made; with one round all choose by the queues of the morning.
        switch: least gain, in money, for which somebody leaves a queue.
        split: whether a party is split where a gate's day ends in its middle. If not, it passes
            as a whole and the gate lets fewer through on the next day: for agents who stand for
            many persons.
    """

    day_value: float
    rounds: int = 4
    switch: float = 0.0
    split: bool = True
