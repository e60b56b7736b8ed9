"""A run of the agent engine: days one after the other, people in chunks side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.record import Record
from nostoi.base.streams import seed_word
from nostoi.engine.agents.columns import Array, Crowd, Day, People, Tables, no_people, with_room
from nostoi.engine.agents.compiled import kernels_for
from nostoi.engine.agents.crowd import apportion, everybody, make_crowd
from nostoi.engine.agents.evening import (
    Sheet,
    cells_of,
    close_day,
    grow_older,
    means_by_place,
    no_sheet,
    steps_of,
)
from nostoi.engine.agents.own import NOTHING, Own
from nostoi.engine.agents.scene import Fields, Stage, mean_fields, means_of, set_stage
from nostoi.engine.agents.tally import Tally, write_record
from nostoi.engine.model import Model

FOUR = 4
"""Pieces of work begin at rows that this divides (`blocks.draw_fours`)."""

Watch = Callable[[int, People], None]
"""Hears the day number and the people with a record in the evening (a view, not a copy)."""


@dataclass(frozen=True)
class Settings:
    """How to run; only the first three change a single byte of the result.

    Attributes:
        seed: of all random numbers.
        people: agents in all; None = one for every person.
        everyone: gives people who never left a record too (same law, more work).
        threads: workers.
        chunk: people per piece of work.
    """

    seed: int = 0
    people: int | None = None
    everyone: bool = False
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
        own: personal columns on the last evening, [row].
    """

    record: Record
    people: People
    weight: float
    person_days: int
    own: Mapping[str, Array] = field(default_factory=dict)


class Cast:
    """People and crowd of a run, growing as people leave."""

    def __init__(self, crowd: Crowd, everyone: bool) -> None:
        self.total = int(crowd.left.sum())
        self.people = no_people(1024)
        self.n = 0
        if everyone:
            self.people, crowd = everybody(crowd)
            self.n = self.total
        self.crowd = crowd

    def make_room(self, more: int) -> None:
        """Makes room for so many more people."""
        if self.n + more > len(self.people.id):
            self.people = with_room(self.people, max(self.n + more, 3 * len(self.people.id) // 2))

    def by_group(self) -> Array:
        """People by group, with a record or without, [group]."""
        listed = np.bincount(self.people.group[: self.n], minlength=len(self.crowd.left))
        found: Array = listed + self.crowd.left.sum(1)
        return found

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
    own: Own = NOTHING,
    watch: Watch | None = None,
) -> AgentRun:
    """Runs the agent engine.

    Args:
        model: world with a daily clock, rules and sized parameters.
        values: natural parameter values by name.
        settings: seed, number of people, workers.
        ladder: savings of equal-mass rungs in months of living costs, [rung, group]; the bands of
            the world by default.
        fields: belief and rumour; those of the cohort engine by default.
        own: personal columns; with any, everybody needs a record (`Settings.everyone`).
        watch: hears of every evening.
    """
    cast = cast_of(model, settings, ladder)
    return play(model, values, settings, cast, fields=fields, own=own, watch=watch)


def cast_of(model: Model, settings: Settings, ladder: Floats | None = None) -> Cast:
    """Everybody at home before the first day; the arguments as in `run`."""
    ladder = model.world.savings if ladder is None else ladder
    persons = model.world.who["persons"]
    total = round(float(persons.sum())) if settings.people is None else settings.people
    return Cast(make_crowd(apportion(persons, total), ladder), settings.everyone)


def play(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    cast: Cast,
    *,
    fields: Fields | None = None,
    own: Own = NOTHING,
    watch: Watch | None = None,
) -> AgentRun:
    """Runs the agent engine with a given cast (which it changes); otherwise as `run`."""
    fields = mean_fields(model, values) if fields is None else fields
    return get_ready(model, values, settings, cast, fields, own).play(watch)


def get_ready(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    cast: Cast,
    fields: Fields,
    own: Own = NOTHING,
) -> Days:
    """All that comes before the first day; the arguments as in `play`.

    Raises:
        ValueError: if people without a record are to have columns of their own.
    """
    if (own.spans or means_of(model)) and cast.n < cast.total:
        raise ValueError("personal columns need a record for everybody: Settings(everyone=True)")
    stage = set_stage(model, values, fields, own, own.copies(cast.n))
    return Days(model, stage, settings, cast)


class Days:
    """Plays one day after the other."""

    def __init__(self, model: Model, stage: Stage, settings: Settings, cast: Cast) -> None:
        self.model, self.stage, self.settings, self.cast = model, stage, settings, cast
        world = model.world
        tally = Tally(world.clock.n, len(world.groups), len(world.hosts))
        self.tally = tally
        self.weight = float(world.who["persons"].sum()) / max(cast.total, 1)
        self.kernels = kernels_for(model.rules, stage.layout)
        self.seed = seed_word(settings.seed)
        n, (g, h, _) = model.world.clock.n, tally.shape
        shapes: tuple[tuple[int, ...], ...] = ((n, g),) * 3 + ((n, g, h),) * 3
        self.tables = Tables(*(np.zeros(shape) for shape in shapes))
        self.kernels.fill_tables(stage.scene, self.tables, stage.base)
        self.kept = (np.zeros(g), np.zeros(n), np.zeros((h, n)), np.zeros((h, n)), np.zeros((g, h)))
        means, terms = len(stage.layout.means), self.kernels.TERMS
        self.limit = np.zeros(cells_of(g, h), np.uint32)
        self.means, self.terms = np.zeros((means, 1 + h)), np.zeros((terms, cells_of(g, h)))
        self.counts = [no_sheet(tally.shape, n, means) for _ in range(max(settings.threads, 1))]
        self.steps = steps_of(stage.grade)
        self.sizes = np.maximum(cast.by_group(), 1)[:, None]
        self.kernels.set_terms(stage.scene, self.day_of(0), 0, h)
        self.kernels.muster(stage.scene, cast.people, self.day_of(0), self.counts[0], cast.n)
        self._tell()
        self.leavers = np.zeros(cast.crowd.left.shape, np.int64)
        self.called = np.zeros(cast.crowd.left.shape, np.int64)
        self.called_so_far = 0

    def day_of(self, t: int) -> Day:
        """Arrays of one day; `open_day` fills the first, the shares and the factors by days."""
        leave, again_days, go_days, on_days, shares = self.kept
        stage, tables = self.stage, self.tables
        return Day(
            leave, tables.call[t], tables.again[t], again_days, tables.go[t], go_days,
            tables.on[t], on_days, shares, stage.arrive[t], stage.land, stage.cost[t],
            stage.price[t], stage.burn[t], stage.grade, stage.most, self.limit, self.means,
            self.terms, stage.jumps[t],
        )  # fmt: skip

    def play(self, watch: Watch | None = None) -> AgentRun:
        """All days; what is left behind."""
        person_days = 0
        with ThreadPoolExecutor(self.settings.threads) as pool:
            for t in range(self.model.world.clock.n):
                person_days += self.cast.n
                self.day(t, pool)
                if watch is not None:
                    watch(t, self.cast.seen())
        stage, seen = self.stage, self.cast.seen()
        record = write_record(self.model.world, self.tally, stage.fields, self.weight)
        own = dict(zip(stage.layout.personal, stage.scene.own, strict=True))
        return AgentRun(record, seen, self.weight, person_days, own)

    def day(self, t: int, pool: ThreadPoolExecutor) -> None:
        """One day: rates, people with a record, people who never left, the evening's counts."""
        day, scene = self.day_of(t), self.stage.scene
        there = self.tally.newcomers(t)
        self.kernels.open_day(
            scene, self.tables, day, t, self.weight * there.sum(0), there / self.sizes,
            float(self.model.reference),
        )  # fmt: skip
        self.kernels.set_limits(self.tables, day, t)
        self.kernels.set_terms(scene, day, t, there.shape[1])
        for sheet in self.counts:
            grow_older(sheet, self.steps, t)
            sheet.sums[...] = 0
        work = [pool.submit(self._pass, day, counts, t, w) for w, counts in enumerate(self.counts)]
        for piece in work:
            piece.result()
        self._from_home(day, t)
        close_day(self.counts)
        self._tell()
        self.tally.enter(t, self.counts)
        self.called_so_far += int(self.tally.days.called[t].sum())
        if self.tally.everybody(t, self.called_so_far) != self.cast.total:
            raise RuntimeError(f"persons were lost or made on day {t}")

    def _pass(self, day: Day, counts: Sheet, t: int, worker: int) -> None:
        """The chunks of one worker."""
        n, size = self.cast.n, -(-self.settings.chunk // FOUR) * FOUR
        for first in range(worker * size, n, size * len(self.counts)):
            self.kernels.pass_chunk(
                self.stage.scene, self.cast.people, day, counts, t, self.seed, first,
                min(first + size, n),
            )  # fmt: skip

    def _tell(self) -> None:
        """What places know of their people this evening; zero where nobody is."""
        if len(self.means):
            self.means[...] = means_by_place(self.counts)

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
