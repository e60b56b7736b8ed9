"""Rumours over contacts: an explicit network in place of the mixing of everybody with everybody.

The rules of the rumour are the same. What they read of others, the shares who talk and who have
not heard, is taken among a person's own contacts and no longer among all of the group and place.
The result is a field of the same shape, so that all else runs as before and the difference that
contacts make can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import philox, seed_word, stream
from nostoi.engine.agents.columns import Array
from nostoi.engine.agents.scene import Fields
from nostoi.engine.fields import COLUMNS, drift_sum, run_belief
from nostoi.engine.model import Model
from nostoi.engine.rates import field_view

LOW, HALF, DROP = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(12)


@dataclass(frozen=True)
class Contacts:
    """A sparse network of people drawn at random.

    Attributes:
        nodes: people drawn in each group and place.
        degree: contacts of each of them.
        across: share of the contacts who belong to another group of the same place.
        seed: of the network and of who hears what.
    """

    nodes: int = 300
    degree: int = 8
    across: float = 0.1
    seed: int = 0


def luck(seed: int, name: str, persons: Array, day: int) -> tuple[Floats, Floats]:
    """Two uniform numbers for each person on a day, [person]."""
    key, n = seed_word(seed), len(persons)

    def full(value: Any) -> Array:
        return np.full(n, value, np.uint64)

    words = philox(
        persons & LOW, persons >> HALF, full(day), full(stream(name)), full(key & LOW),
        full(key >> HALF),
    )  # fmt: skip
    first = ((words[0] << HALF) | words[1]) >> DROP
    second = ((words[2] << HALF) | words[3]) >> DROP
    return (first + 0.5) * 2.0**-52, (second + 0.5) * 2.0**-52


def draw_network(contacts: Contacts, groups: int, places: int) -> Array:
    """Whom each person listens to; [group x place x node, contact]."""
    n, cells = contacts.nodes, groups * places
    listener = np.repeat(np.arange(cells * n, dtype=np.uint64), contacts.degree)
    key = listener * np.uint64(contacts.degree) + np.tile(
        np.arange(contacts.degree, dtype=np.uint64), cells * n
    )
    u, v = luck(contacts.seed, "contacts", key, 0)
    w, x = luck(contacts.seed, "contacts", key, 1)
    cell = (listener // np.uint64(n)).astype(np.int64)
    group, place = cell // places, cell % places
    other = (group + 1 + (w * max(groups - 1, 1)).astype(np.int64)) % groups
    group = np.where(u < contacts.across, other, group)
    own = (listener % np.uint64(n)).astype(np.int64)
    # Nobody listens to themselves: count on from the person after.
    partner = (own + 1 + (v * (n - 1)).astype(np.int64)) % n
    stranger = (x * n).astype(np.int64)
    partner = np.where(group * places + place == cell, partner, stranger)
    found = (group * places + place) * n + partner
    return found.reshape(cells * n, contacts.degree)


def network_fields(model: Model, values: Mapping[str, Any], contacts: Contacts) -> Fields:
    """Rumour over a contact network, and the beliefs that follow from it.

    Args:
        model: world with a daily clock, rules and sized parameters.
        values: natural parameter values by name.
        contacts: the network.
    """
    p = SimpleNamespace(**model.numbers(values))
    view, now, shape = field_view(model.world, p, len(model.world.hosts))
    rumour = _spread(model, view, contacts, shape)
    return Fields(np.asarray(run_belief(model.rules, view, now, rumour)), rumour)


def _spread(
    model: Model, view: SimpleNamespace, contacts: Contacts, shape: tuple[int, int]
) -> Floats:
    """Share who talk in the evening; [day, group, place]."""
    groups, places = shape
    partners = draw_network(contacts, groups, places)
    persons = np.arange(len(partners), dtype=np.uint64)

    def spread(column: Any) -> Floats:
        """A column [group, place] for every person."""
        cells: Floats = np.broadcast_to(np.asarray(column, float), shape)
        return np.repeat(cells.ravel(), contacts.nodes)

    who = {name: spread(column) for name, column in vars(view.who).items()}
    at = SimpleNamespace(reach=spread(view.at.reach))
    ignorant = np.ones(len(persons), bool)
    talking = np.zeros(len(persons), bool)
    rumour = np.zeros((model.world.clock.n, groups, places))
    for t in range(model.world.clock.n):
        now = SimpleNamespace(**{name: float(v[t]) for name, v in model.world.now.items()})
        around = {
            "ignorant": ignorant[partners].mean(1),
            "spreading": talking[partners].mean(1),
        }
        me = SimpleNamespace(**who, **around)
        seed, hear, stop, forget = (
            drift_sum(model.rules, column, me, at, now, view.p) for column in COLUMNS
        )
        u, v = luck(contacts.seed, "rumour", persons, t)
        hears = ignorant & (u < -np.expm1(-(hear + seed)))
        silent = ~ignorant & ~talking
        tires = talking & ((u < -np.expm1(-stop)) | (v < -np.expm1(-forget)))
        fresh = silent & (u < -np.expm1(-forget))
        ignorant = (ignorant & ~hears) | fresh
        talking = (talking & ~tires) | hears
        rumour[t] = talking.reshape(groups, places, contacts.nodes).mean(2)
    return rumour
