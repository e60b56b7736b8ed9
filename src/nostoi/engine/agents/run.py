"""A run of the agent engine: days one after the other, people in chunks side by side.

What may be read of single people while a run goes on, all of them synthetic:

- `watch(day, people)` hears of every evening: `columns.People`, one row per person with a record.
- `follow(day, whereabouts, steps)` hears of every evening of a run with roads, after `watch`:
  `whereabouts.Whereabouts` has the same rows as `People` (home town, papers, town, gate of the
  queue, leg, money spent on the journey); `whereabouts.Steps` has one row per leg on which somebody
  set out that day (row in `People`, leg, time in days of the clock), those of one person in order.
  With `legs = roads.network.legs` a step k happened on `network.start + floor(steps.start[k])`,
  from town `legs.start[leg]` to town `legs.end[leg]`, by `MODES[legs.mode[leg]]`, cost
  `legs.cost[leg]` of origin money, and took `legs.days[leg]` days after the start; what lies
  between the end of one leg and the start of the next is waiting. `leg` -1 is a trip that no road
  leads to. Whoever decides to go on a day sets out on that day, so a short journey can begin and
  end between two evenings, without an evening on which the status is `journey out`.

Rows never move and ids never change, so a row is a person from its first evening on. Both hear
views, not copies: they must not change them, nor keep them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.record import Record
from nostoi.base.streams import seed_word
from nostoi.engine.agents.columns import (
    Counts,
    Crowd,
    Day,
    People,
    Tables,
    no_counts,
    no_people,
    with_room,
)
from nostoi.engine.agents.compiled import kernels_for
from nostoi.engine.agents.crowd import apportion, everybody, make_crowd
from nostoi.engine.agents.scene import Fields, Stage, mean_fields, set_stage
from nostoi.engine.agents.tally import Tally, write_record
from nostoi.engine.agents.travel import Travel
from nostoi.engine.agents.whereabouts import Steps, Trips, Whereabouts
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model

Watch = Callable[[int, People], None]
"""Hears the day number and the people with a record in the evening (a view, not a copy)."""

Follow = Callable[[int, Whereabouts, Steps], None]
"""Hears the day number, where everybody with a record is, and the legs begun that day (views)."""


@dataclass(frozen=True)
class Settings:
    """How to run; threads and chunk change no byte of the result.

    Attributes:
        seed: of all random numbers.
        people: agents in all; None = one for every person.
        everyone: gives people who never left a record too (same law, more work).
        journeys: whether people travel leg by leg where a run has roads; if not, a journey is one
            draw of exponential days.
        threads: workers.
        chunk: people per piece of work.
    """

    seed: int = 0
    people: int | None = None
    everyone: bool = False
    journeys: bool = True
    threads: int = 1
    chunk: int = 65_536


@dataclass(frozen=True)
class AgentRun:
    """What a run leaves behind.

    Attributes:
        record: flows and stocks by day, in persons.
        people: people with a record, as they were on the last evening.
        weight: persons that an agent stands for.
        person_days: days of people with a record that were passed.
        trips: what was seen of journeys; None without roads.
    """

    record: Record
    people: People
    weight: float
    person_days: int
    trips: Trips | None = None


class Cast:
    """People and crowd of a run, growing as people leave.

    `papers` may hold the best papers of single persons by identity (numbers in
    `world.legs.PAPERS`), in place of those that would be drawn.
    """

    def __init__(self, crowd: Crowd, everyone: bool) -> None:
        self.total = int(crowd.left.sum())
        self.people = no_people(1024)
        self.n = 0
        self.papers: dict[int, int] = {}
        if everyone:
            self.people, crowd = everybody(crowd)
            self.n = self.total
        self.crowd = crowd

    def make_room(self, more: int) -> None:
        """Makes room for so many more people."""
        if self.n + more > len(self.people.id):
            self.people = with_room(self.people, max(self.n + more, 3 * len(self.people.id) // 2))

    def seen(self) -> People:
        """The people with a record."""
        return People(*(column[: self.n] for column in self.people))


def run(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    *,
    ladder: Floats | None = None,
    fields: Fields | None = None,
    roads: Roads | None = None,
    watch: Watch | None = None,
    follow: Follow | None = None,
) -> AgentRun:
    """Runs the agent engine.

    Args:
        model: world with a daily clock, rules and sized parameters.
        values: natural parameter values by name.
        settings: seed, number of people, workers.
        ladder: savings of equal-mass rungs in months of living costs, [rung, group]; the bands of
            the world by default.
        fields: belief and rumour; those of the cohort engine by default.
        roads: network and travellers of the case, for journeys leg by leg; None = no roads.
        watch: hears of every evening.
        follow: hears where people are and which legs they began, if there are roads.
    """
    world = model.world
    ladder = world.savings if ladder is None else ladder
    persons = world.who["persons"]
    total = round(float(persons.sum())) if settings.people is None else settings.people
    cast = Cast(make_crowd(apportion(persons, total), ladder), settings.everyone)
    return play(
        model, values, settings, cast, fields=fields, roads=roads, watch=watch, follow=follow
    )


def play(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    cast: Cast,
    *,
    fields: Fields | None = None,
    roads: Roads | None = None,
    watch: Watch | None = None,
    follow: Follow | None = None,
) -> AgentRun:
    """Runs the agent engine with a given cast (which it changes); otherwise as `run`."""
    world = model.world
    fields = mean_fields(model, values) if fields is None else fields
    weight = float(world.who["persons"].sum()) / max(cast.total, 1)
    tally = Tally(world.clock.n, len(world.groups), len(world.hosts))
    days = Days(model, set_stage(model, values, fields), settings, cast, tally)
    if roads is not None and settings.journeys:
        days.travel = Travel(roads, world, weight, days.seed, cast.papers)
    person_days = 0
    with ThreadPoolExecutor(settings.threads) as pool:
        for t in range(world.clock.n):
            person_days += cast.n
            days.play(t, weight, pool)
            if watch is not None:
                watch(t, cast.seen())
            if follow is not None and days.travel is not None:
                follow(t, days.travel.seen(), days.travel.steps)
    record = write_record(world, tally, fields, weight)
    trips = None if days.travel is None else days.travel.trips
    return AgentRun(record, cast.seen(), weight, person_days, trips)


class Days:
    """Plays one day after the other."""

    def __init__(
        self, model: Model, stage: Stage, settings: Settings, cast: Cast, tally: Tally
    ) -> None:
        self.model, self.stage, self.settings = model, stage, settings
        self.cast, self.tally = cast, tally
        self.kernels = kernels_for(model.rules, stage.layout)
        self.seed = seed_word(settings.seed)
        n, (g, h, _) = model.world.clock.n, tally.shape
        shapes: tuple[tuple[int, ...], ...] = ((n, g),) * 3 + ((n, g, h),) * 3
        self.tables = Tables(*(np.zeros(shape) for shape in shapes))
        self.kernels.fill_tables(stage.scene, self.tables, stage.base)
        self.kept = (np.zeros(g), np.zeros(n), np.zeros((h, n)), np.zeros((h, n)), np.zeros((g, h)))
        self.counts = [no_counts(*tally.shape) for _ in range(max(settings.threads, 1))]
        self.leavers = np.zeros(cast.crowd.left.shape, np.int64)
        self.called = np.zeros(cast.crowd.left.shape, np.int64)
        self.called_so_far = 0
        self.travel: Travel | None = None
        self.nobody = (np.zeros(h), np.zeros(1))

    def day_of(self, t: int) -> Day:
        """Arrays of one day; `open_day` fills the first, the shares and the factors by days."""
        leave, again_days, go_days, on_days, shares = self.kept
        stage, tables = self.stage, self.tables
        # With roads it is not the kernels that say who arrives.
        arrive, land = (stage.arrive[t], stage.land) if self.travel is None else self.nobody
        return Day(
            leave, tables.call[t], tables.again[t], again_days, tables.go[t], go_days,
            tables.on[t], on_days, shares, arrive, land, stage.cost[t],
            stage.price[t], stage.burn[t], stage.grade, stage.most,
        )  # fmt: skip

    def play(self, t: int, weight: float, pool: ThreadPoolExecutor) -> None:
        """One day: rates, people with a record, people who never left, the evening's counts."""
        day, scene = self.day_of(t), self.stage.scene
        newcomers = weight * self.tally.newcomers(t)
        self.kernels.open_day(scene, self.tables, day, t, newcomers, float(self.model.reference))
        work = [pool.submit(self._pass, day, counts, t, w) for w, counts in enumerate(self.counts)]
        for piece in work:
            piece.result()
        self._from_home(day, t)
        if self.travel is not None:
            ways = self.stage.arrive[t], self.stage.land
            for other in self.counts[1:]:
                self.counts[0].way[...] += other.way
                other.way[...] = 0
            self.travel.play(self.cast.seen(), self.counts[0], t, *ways)
        self.tally.enter(t, self.counts)
        self.called_so_far += int(self.tally.days.called[t].sum())
        if self.tally.everybody(t, self.called_so_far) != self.cast.total:
            raise RuntimeError(f"persons were lost or made on day {t}")

    def _pass(self, day: Day, counts: Counts, t: int, worker: int) -> None:
        """The chunks of one worker."""
        n, size = self.cast.n, self.settings.chunk
        for first in range(worker * size, n, size * len(self.counts)):
            self.kernels.pass_chunk(
                self.stage.scene, self.cast.people, day, counts, t, self.seed, first,
                min(first + size, n),
            )  # fmt: skip

    def _from_home(self, day: Day, t: int) -> None:
        """Leavers and call-ups among people without a record; they act from the next day on."""
        cast, crowd, counts = self.cast, self.cast.crowd, self.counts[0]
        scene, leavers, called = self.stage.scene, self.leavers, self.called
        total = self.kernels.leave_home(scene, crowd, day, leavers, called, t, self.seed)
        cast.make_room(total)
        self.kernels.write_leavers(cast.people, crowd, day, leavers, counts, cast.n, t, self.seed)
        cast.n += total
        gone = leavers + called
        crowd.left[...] -= gone
        crowd.next[...] += gone.astype(np.uint64)
        counts.leave[...] += leavers.sum(1)
        counts.called[...] += called.sum(1)
        counts.home[...] += crowd.left.sum(1)
