"""Single lives: how likely a told life is, a few simulated ones near it, and what changes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
from nostoi.study.chances import Chance, Crowd, chances, pooled
from nostoi.study.changes import LeftOut
from nostoi.study.life import Life, life_of
from nostoi.study.likeness import Likeness, Seen, Unseen, likeness, names_of
from nostoi.study.movelog import MoveLog
from nostoi.study.paired import Effect, Near, Paired, added
from nostoi.study.rides import Log, RideLog, log_of
from nostoi.study.stays import Stays, stays_of

LOT = stream("lot")
MOST_RUNS = 100
PAIRED = 24
"""Lives that are lived again under each change, the printed ones among them."""

Hear = Callable[[str], None]


@dataclass(frozen=True)
class Search:
    """What to simulate and how much to show.

    Attributes:
        people: synthetic people in each run.
        seed: of the random numbers of the first run; the next ones follow.
        runs: how many runs are searched.
        nearest: lives to print.
        threads: workers.
    """

    people: int
    seed: int = 0
    runs: int = 1
    nearest: int = 3
    threads: int = 2


@dataclass(frozen=True)
class Played:
    """A run with its log and what surrounded its people."""

    run: AgentRun
    log: Log
    around: Around


Candidate = tuple[float, float, Life]
"""Distance, lot, and a life."""


@dataclass(frozen=True)
class Searched:
    """What one run holds of the life looked for.

    Attributes:
        around: what surrounded its people.
        weight: persons that a synthetic person stands for.
        crowd: how many people there are, and who left.
        seen, unseen: parts that can be seen and parts that cannot.
        chances: how likely the parts and the whole are.
        near: its nearest lives.
    """

    around: Around
    weight: float
    crowd: Crowd
    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    chances: tuple[Chance, ...]
    near: tuple[Candidate, ...]


@dataclass(frozen=True)
class Findings:
    """What a search found.

    Attributes:
        told: the description.
        runs: what each run holds.
        chances: how likely the parts and the whole are, over all runs.
        near: nearest lives.
        effects: what changes do to more of them.
        left_out: changes that cannot be made.
    """

    told: Told
    runs: tuple[Searched, ...]
    chances: tuple[Chance, ...]
    near: tuple[Near, ...]
    effects: tuple[Effect, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def around(self) -> Around:
        """What surrounded the people of the first run; world and roads are the same in all."""
        return self.runs[0].around

    @property
    def people(self) -> int:
        """Synthetic people in all."""
        return sum(run.crowd.people for run in self.runs)

    @property
    def left(self) -> int:
        """Who of them left."""
        return sum(run.crowd.left for run in self.runs)


def find_lives(
    case: Case,
    told: Told,
    search: Search,
    values: Sequence[Values] | None = None,
    hear: Hear = lambda _: None,
) -> Findings:
    """Simulates, searches, reads and lives again.

    Args:
        case: the case.
        told: description of the life to look for, of this case.
        search: how much.
        values: natural parameter values of each run; prior medians by default.
        hear: told of each stage.

    Raises:
        NostoiError: N621 when nobody left.
    """
    searched = []
    for k in range(search.runs):
        hear(f"playing days, run {k + 1} of {search.runs}")
        one = replace(search, seed=search.seed + k)
        searched.append(search_run(case, told, one, None if values is None else values[k]))
    if not any(one.crowd.left for one in searched):
        what = f"none of {search.runs * search.people} synthetic people ever left"
        raise NostoiError(Finding(621, what, do="ask for more with --people"))
    hear("living the nearest lives again")
    every = [(k, *one) for k, found in enumerate(searched) for one in found.near]
    every.sort(key=lambda one: one[1:3])
    pairs = []
    for k, found in enumerate(searched):
        mine = [life for at, _, _, life in every[: max(search.nearest, PAIRED)] if at == k]
        if mine:
            shown = sum(at == k for at, *_ in every[: search.nearest])
            pairs.append(Paired(case, told, found.around, mine, shown))
    return Findings(
        told=told,
        runs=tuple(searched),
        chances=pooled([one.chances for one in searched]),
        near=tuple(sorted((n for pair in pairs for n in pair.near()), key=lambda n: n.distance)),
        effects=added([pair.effects() for pair in pairs]),
        left_out=tuple(pairs[0].left_out),
    )


def search_run(case: Case, told: Told, search: Search, values: Values | None) -> Searched:
    """Plays one run and searches it."""
    played = play(case, search, values)
    stays = stays_of(played.log)
    world = played.around.model.world
    like = likeness(told, stays, world.clock, names_of(world, played.around.roads))
    members = apportion(world.who["persons"], search.people)
    asked = [world.groups.index(g) for g in told.groups] or list(range(len(members)))
    leavers = int((np.diff(stays.row, prepend=-1) != 0).sum())
    crowd = Crowd(int(members.sum()), int(members[asked].sum()), leavers)
    rows = nearest(like, stays, played.run, search.seed, max(search.nearest, PAIRED))
    near = tuple((distance, lot, life_of(row, played.log)) for distance, lot, row in rows)
    return Searched(
        around=played.around,
        weight=played.run.weight,
        crowd=crowd,
        seen=like.seen,
        unseen=like.unseen,
        chances=chances(like, stays, crowd),
        near=near,
    )


def parameters_of(case: Case, fit: Path | None, search: Search) -> tuple[list[Values], str]:
    """Natural parameter values of each run, and where they come from in words.

    Raises:
        NostoiError: N512 for a fit that cannot serve.
    """
    model = model_of(case)
    if fit is None:
        return [prior_medians(model)] * search.runs, "prior medians"
    values = posterior_draws(model, fit, case.hash, search.runs, search.seed)
    return values, f"draws of the fit {fit.name}, one for each run"


def search_of(case: Case, people: int | None, seed: int, nearest: int) -> Search:
    """A search among so many synthetic people, in as many runs as the case needs for that.

    Args:
        case: the case.
        people: in all; None = one for every person of the case.
        seed: of the random numbers of the first run.
        nearest: lives to print.

    Raises:
        NostoiError: N301 for more than `MOST_RUNS` times the persons of the case.
    """
    persons = round(sum(float(group.persons) for group in case.groups.values()))
    total = persons if people is None else people
    runs = -(-total // persons)
    if not 1 <= runs <= MOST_RUNS:
        what = f"{total} people asked for, the case has {persons}"
        raise NostoiError(Finding(301, what, do=f"choose at most {MOST_RUNS} times that"))
    return Search(total // runs, seed, runs, nearest)


def play(case: Case, search: Search, values: Values | None = None) -> Played:
    """A run of the agent engine with a log of all moves."""
    coarse = model_of(case)
    model = daily(case, coarse)
    values = prior_medians(coarse) if values is None else values
    fields = mean_fields(model, values)
    moves, rides, roads = MoveLog(), RideLog(), roads_of(case)
    settings = Settings(seed=search.seed, people=search.people, threads=search.threads)
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


def nearest(
    like: Likeness, stays: Stays, done: AgentRun, seed: int, n: int
) -> list[tuple[float, float, int]]:
    """Distance, lot and row of the n people nearest to the told life; among equals by lot.

    The lot of a person is a number keyed by seed and person, so that it depends on nothing else.
    """
    first = np.flatnonzero(np.diff(stays.row, prepend=-1) != 0)
    if not len(first):
        return []
    distance = np.minimum.reduceat(like.distance, first)
    rows, last = stays.row[first], min(n, len(first)) - 1
    within = np.flatnonzero(distance <= np.partition(distance, last)[last])
    found = [(float(distance[k]), _lot(seed, int(done.people.id[rows[k]])), int(rows[k]))
             for k in within]  # fmt: skip
    return sorted(found)[:n]


def _lot(seed: int, person: int) -> float:
    return two_uniforms(seed_word(seed), LOT, np.uint64(person), np.uint64(0))[0]
