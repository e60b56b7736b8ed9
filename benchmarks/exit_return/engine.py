"""The common work in the agent engine of this project: a world, rules, and personal columns."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks.exit_return import rules
from benchmarks.exit_return.work import DAYS, GROUPS, HOSTS, Played, start_savings
from nostoi.base.calendar import make_clock
from nostoi.base.phases import Phases
from nostoi.engine.agents.own import Own, Span
from nostoi.engine.agents.run import Settings, cast_of, get_ready
from nostoi.engine.agents.scene import Fields
from nostoi.engine.model import ANCHOR, Model
from nostoi.rules.feeling import TENURE_KNOTS
from nostoi.world.world import World

FIRST = date(2030, 1, 1)
UNUSED = ("cover", "entry", "journey_cost", "journey_days", "price_ratio")
"""Columns that every world has and none of these rules reads."""


def world_of(persons: int) -> World:
    """Twelve hosts, four groups of the same size, 200 days."""
    clock = make_clock(FIRST, FIRST + timedelta(days=DAYS - 1), 1, [])
    days = np.arange(DAYS)
    signal = np.where(days < 20, 0.0, 0.8 * 0.5 ** ((days - 20) / 60))
    near = -2.0 * np.arange(HOSTS)[:, None] / 11.0
    at = {name: np.ones((HOSTS, DAYS)) for name in UNUSED}
    return World(
        clock=clock,
        phases=Phases(4, 4, 14),
        origin="HOME",
        hosts=tuple(f"HOST{h + 1}" for h in range(HOSTS)),
        groups=tuple(f"group{g}" for g in range(GROUPS)),
        who={"persons": np.bincount(np.arange(persons) % GROUPS).astype(float),
             "remote": np.zeros(GROUPS), "exposure": np.zeros(GROUPS)},
        savings=np.ones((1, GROUPS)),
        at=at | {"nearness": np.repeat(near, DAYS, 1)},
        now={"shock": (days == 20).astype(float), "signal": signal},
        event=20,
        knots=np.ones((DAYS, 1)),
        attraction=np.zeros(HOSTS),
    )  # fmt: skip


def values_of() -> dict[str, Any]:
    """Numbers of the rules; base rates; neutral effects."""
    effects = {"leaning": GROUPS, "climate": HOSTS, "stepping": HOSTS, "attraction": HOSTS}
    values: dict[str, Any] = {name: np.zeros(n) for name, n in effects.items()}
    values |= {"leave_mood": np.zeros(1), "return_mood": np.zeros(1)}
    values |= {"longing": np.zeros(max(len(TENURE_KNOTS), ANCHOR + 1)), "reach_abroad": 1.0}
    values |= {"leave_base": np.log(0.004), "return_base": np.log(0.003)}
    values |= {"call_up_base": -np.inf, "onward_base": -np.inf}
    return values | rules.NUMBERS


def own_of(persons: int, seed: int) -> Own:
    """Belief and savings of everybody on the first morning."""
    spans = (Span("belief", 0.0, 1.0), Span("savings"))
    belief = np.full(persons, 0.05, np.float32)
    start = {"belief": belief, "savings": start_savings(persons, seed)}
    return Own(spans, start, drawn=False, at_once=True)


def play(persons: int, seed: int, threads: int) -> Played:
    """Plays the work; what comes before the first day is not timed."""
    model = Model(world_of(persons), rules.RULES, ())
    settings = Settings(seed=seed, people=persons, everyone=True, threads=threads)
    still = np.zeros((DAYS, GROUPS, 1 + HOSTS))
    begun = time.perf_counter()
    cast, own = cast_of(model, settings), own_of(persons, seed)
    days = get_ready(model, values_of(), settings, cast, Fields(still, still), own)
    prepared = time.perf_counter(), time.process_time()
    found = days.play()
    done = time.perf_counter(), time.process_time()
    record = found.record
    abroad = record.abroad[:, 0]
    home = record.home.sum(1) + record.returned[:, 0].sum(1)
    counts = np.concatenate([home[:, None], abroad], 1).astype(np.int64)
    return Played(counts, done[0] - prepared[0], done[1] - prepared[1], prepared[0] - begun)
