"""Single lives: how likely a told life is, a few simulated ones near it, and what changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nostoi.base.errors import Finding, NostoiError
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.case.build import savings_of
from nostoi.case.case import Case
from nostoi.case.lives import Life as Told
from nostoi.engine.agents.crowd import apportion
from nostoi.engine.agents.run import AgentRun, Settings, run
from nostoi.engine.agents.scene import Fields, mean_fields
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.infer.drive import Values, posterior_draws, prior_medians
from nostoi.study.again import Around
from nostoi.study.chances import Chance, Crowd, chances
from nostoi.study.changes import LeftOut
from nostoi.study.life import life_of
from nostoi.study.likeness import Likeness, Seen, Unseen, likeness, names_of
from nostoi.study.movelog import MoveLog
from nostoi.study.paired import Effect, Near, Paired
from nostoi.study.rides import Log, RideLog, log_of
from nostoi.study.stays import Stays, stays_of

LOT = stream("lot")
PAIRED = 24
"""Lives that are lived again under each change, the printed ones among them."""

Hear = Callable[[str], None]


@dataclass(frozen=True)
class Search:
    """What to simulate and how much to show.

    Attributes:
        people: synthetic people in all; None = one for every person of the case.
        seed: of all random numbers.
        nearest: lives to print.
        threads: workers.
    """

    people: int | None = None
    seed: int = 0
    nearest: int = 3
    threads: int = 2


@dataclass(frozen=True)
class Played:
    """A run with its log and what surrounded its people."""

    run: AgentRun
    log: Log
    around: Around


@dataclass(frozen=True)
class Findings:
    """What a search found.

    Attributes:
        told: the description.
        weight: persons that a synthetic person stands for.
        people, left: synthetic people in all, and who of them left.
        like: parts that can be seen and parts that cannot.
        chances: how likely the parts and the whole are.
        near: nearest lives.
        effects: what changes do to more of them.
        left_out: changes that cannot be made.
        around: what surrounded the people of the run.
    """

    told: Told
    weight: float
    people: int
    left: int
    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    chances: tuple[Chance, ...]
    near: tuple[Near, ...]
    effects: tuple[Effect, ...]
    left_out: tuple[LeftOut, ...]
    around: Around


def find_lives(
    case: Case,
    told: Told,
    search: Search,
    values: Values | None = None,
    hear: Hear = lambda _: None,
) -> Findings:
    """Simulates, searches, reads and lives again.

    Args:
        case: the case.
        told: description of the life to look for, of this case.
        search: how much.
        values: natural parameter values; prior medians by default.
        hear: told of each stage.

    Raises:
        NostoiError: N301 for more people than the case has; N621 when nobody left.
    """
    hear("playing days")
    played = play(case, search, values)
    stays = stays_of(played.log)
    if len(stays) == 0:
        what = f"none of {search.people} synthetic people ever left"
        raise NostoiError(Finding(621, what, do="ask for more with --people"))
    world = played.around.model.world
    like = likeness(told, stays, world.clock, names_of(world, played.around.roads))
    members = apportion(world.who["persons"], _total(case, search))
    asked = [world.groups.index(g) for g in told.groups] or list(range(len(members)))
    leavers = int((np.diff(stays.row, prepend=-1) != 0).sum())
    crowd = Crowd(int(members.sum()), int(members[asked].sum()), leavers)
    found = chances(like, stays, crowd)
    hear("living the nearest lives again")
    rows = nearest(like, stays, played.run, search.seed, max(search.nearest, PAIRED))
    lives = [life_of(row, played.log) for row in rows]
    paired = Paired(case, told, played.around, lives, search.nearest)
    return Findings(
        told=told, weight=played.run.weight, people=crowd.people, left=leavers, seen=like.seen,
        unseen=like.unseen, chances=found, near=paired.near(), effects=paired.effects(),
        left_out=tuple(paired.left_out), around=played.around,
    )  # fmt: skip


def parameters_of(case: Case, fit: Path | None, seed: int) -> tuple[Values, str]:
    """Natural parameter values, and where they come from in words.

    Raises:
        NostoiError: N512 for a fit that cannot serve.
    """
    model = model_of(case)
    if fit is None:
        return prior_medians(model), "prior medians"
    (values,) = posterior_draws(model, fit, case.hash, 1, seed)
    return values, f"one draw of the fit {fit.name}"


def _total(case: Case, search: Search) -> int:
    """Synthetic people in all.

    Raises:
        NostoiError: N301 for more than the case has persons.
    """
    persons = round(sum(float(group.persons) for group in case.groups.values()))
    if search.people is not None and not 1 <= search.people <= persons:
        what = f"{search.people} people asked for, the case has {persons}"
        raise NostoiError(Finding(301, what, do="choose a number from 1 to that"))
    return persons if search.people is None else search.people


def play(case: Case, search: Search, values: Values | None = None) -> Played:
    """A run of the agent engine with a log of all moves."""
    total = _total(case, search)
    coarse = model_of(case)
    model = daily(case, coarse)
    values = prior_medians(coarse) if values is None else values
    fields = mean_fields(model, values)
    moves, rides, roads = MoveLog(), RideLog(), roads_of(case)
    settings = Settings(seed=search.seed, people=total, threads=search.threads)
    done = run(
        model, values, settings, ladder=savings_of(case, RUNGS), fields=fields, roads=roads,
        watch=moves.watch, follow=rides.follow,
    )  # fmt: skip
    log = log_of(moves.moves(), done.people, rides.rides() if roads else None, roads)
    return Played(done, log, around_of(model, values, fields, done, search.seed, roads))


def around_of(
    model: Model,
    values: Values,
    fields: Fields,
    done: AgentRun,
    seed: int,
    roads: Roads | None = None,
) -> Around:
    """What surrounded the people of a run."""
    newcomers = np.asarray(done.record.abroad)[:, 0]
    waits = None if done.trips is None else done.trips.wait
    return Around(model, values, fields, newcomers, seed, roads, waits)


def nearest(like: Likeness, stays: Stays, done: AgentRun, seed: int, n: int) -> list[int]:
    """Rows of the n people nearest to the told life; among equals by lot.

    The lot of a person is a number keyed by seed and person, so that it depends on nothing else.
    """
    first = np.flatnonzero(np.diff(stays.row, prepend=-1) != 0)
    distance = np.minimum.reduceat(like.distance, first)
    rows = stays.row[first]
    edge = np.partition(distance, min(n, len(rows)) - 1)[min(n, len(rows)) - 1]
    within = np.flatnonzero(distance <= edge)
    lots = np.array([_lot(seed, int(done.people.id[row])) for row in rows[within]])
    order = np.lexsort((lots, distance[within]))[:n]
    return [int(row) for row in rows[within][order]]


def _lot(seed: int, person: int) -> float:
    return two_uniforms(seed_word(seed), LOT, np.uint64(person), np.uint64(0))[0]
