"""Days of the agent engine: one after the other, people in chunks side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nostoi.base.streams import seed_word
from nostoi.engine.agents.columns import Day, Tables
from nostoi.engine.agents.compiled import kernels_for
from nostoi.engine.agents.crowd import Cast
from nostoi.engine.agents.evening import (
    cells_of,
    close_day,
    grow_older,
    means_by_place,
    no_sheet,
    steps_of,
)
from nostoi.engine.agents.order import AgentRun, Follow, Settings, Watch
from nostoi.engine.agents.scene import Stage
from nostoi.engine.agents.tally import Tally, write_record
from nostoi.engine.agents.travel import Travel
from nostoi.engine.model import Model

FOUR = 4
"""Pieces of work begin at rows that this divides (`blocks.draw_fours`)."""


class Days:
    """Plays one day after the other."""

    def __init__(self, model: Model, stage: Stage, settings: Settings, cast: Cast) -> None:
        self.model, self.stage, self.settings, self.cast = model, stage, settings, cast
        world = model.world
        tally = Tally(world.clock.n, len(world.groups), len(world.hosts))
        self.tally = tally
        self.weight = float(world.who["persons"].sum()) / max(cast.total, 1)
        self.kernels = kernels_for(model.rules, stage.layout)
        self.seed, self.chunk = seed_word(settings.seed), -(-settings.chunk // FOUR) * FOUR
        n, (g, h, _) = model.world.clock.n, tally.shape
        self.travel: Travel | None = None
        self.nobody = (np.zeros(h), np.zeros(1))
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
        self.kernels.muster(stage.scene, cast.people, self.day_of(0), self.counts[0], cast.n)
        self._tell()
        self.leavers = np.zeros(cast.crowd.left.shape, np.int64)
        self.called = np.zeros(cast.crowd.left.shape, np.int64)
        self.called_so_far, self.unlisted = 0, int(cast.crowd.left.sum())

    def day_of(self, t: int) -> Day:
        """Arrays of one day; `open_day` fills the first, the shares and the factors by days."""
        leave, again_days, go_days, on_days, shares = self.kept
        stage, tables = self.stage, self.tables
        # With roads it is not the kernels that say who arrives.
        arrive, land = (stage.arrive[t], stage.land) if self.travel is None else self.nobody
        return Day(
            leave, tables.call[t], tables.again[t], again_days, tables.go[t], go_days,
            tables.on[t], on_days, shares, arrive, land, stage.cost[t],
            stage.price[t], stage.burn[t], stage.grade, stage.most, self.limit, self.means,
            self.terms, stage.jumps[t],
        )  # fmt: skip

    def play(self, watch: Watch | None = None, follow: Follow | None = None) -> AgentRun:
        """All days; what is left behind."""
        person_days = 0
        with ThreadPoolExecutor(self.settings.threads) as pool:
            for t in range(self.model.world.clock.n):
                person_days += self.cast.n
                self.day(t, pool)
                if watch is not None:
                    watch(t, self.cast.seen())
                if follow is not None and self.travel is not None:
                    follow(t, self.travel.seen(), self.travel.steps)
        stage, seen = self.stage, self.cast.seen()
        record = write_record(self.model.world, self.tally, stage.fields, self.weight)
        own = dict(zip(stage.layout.personal, stage.scene.own, strict=True))
        trips = None if self.travel is None else self.travel.trips
        return AgentRun(record, seen, self.weight, person_days, trips, own)

    def day(self, t: int, pool: ThreadPoolExecutor) -> None:
        """One day: rates, people with a record, people who never left, the evening's counts."""
        day, scene = self.day_of(t), self.stage.scene
        there = self.tally.newcomers(t)
        self.kernels.begin_day(
            scene, self.tables, day, t, self.weight * there.sum(0), there / self.sizes,
            float(self.model.reference),
        )  # fmt: skip
        for sheet in self.counts:
            grow_older(sheet, self.steps, t)
            sheet.sums[...] = 0
        # The first piece is done here: to hand it over would cost a small run much of its time.
        work = [
            pool.submit(self._pass, day, t, w)
            for w in range(1, len(self.counts))
            if w * self.chunk < self.cast.n
        ]
        self._pass(day, t, 0)
        for piece in work:
            piece.result()
        self._from_home(day, t)
        close_day(self.counts)
        if self.travel is not None:
            self._travel(self.travel, day, t)
        self._tell()
        self.tally.enter(t, self.counts)
        self.called_so_far += int(self.tally.days.called[t].sum())
        if self.tally.everybody(t, self.called_so_far) != self.cast.total:
            raise RuntimeError(f"persons were lost or made on day {t}")

    def _pass(self, day: Day, t: int, worker: int) -> None:
        """The chunks of one worker."""
        n, size, counts = self.cast.n, self.chunk, self.counts[worker]
        for first in range(worker * size, n, size * len(self.counts)):
            self.kernels.pass_chunk(
                self.stage.scene, self.cast.people, day, counts, t, self.seed, first,
                min(first + size, n),
            )  # fmt: skip

    def _travel(self, travel: Travel, day: Day, t: int) -> None:
        """A day on the roads; places know of those who have arrived."""
        people, counts = self.cast.seen(), self.counts[0]
        before = people.cell.copy()
        travel.play(people, counts, t, self.stage.arrive[t], self.stage.land)
        if len(self.means):
            rows = np.flatnonzero(before != people.cell)
            self.kernels.retell(self.stage.scene, people, day, counts, rows, before[rows], t)

    def _tell(self) -> None:
        """What places know of their people this evening; zero where nobody is."""
        if len(self.means):
            self.means[...] = means_by_place(self.counts)

    def _from_home(self, day: Day, t: int) -> None:
        """Leavers and call-ups among people without a record; they act from the next day on."""
        if not self.unlisted:
            return
        cast, crowd, counts = self.cast, self.cast.crowd, self.counts[0]
        scene, leavers, called = self.stage.scene, self.leavers, self.called
        total = self.kernels.leave_home(scene, crowd, day, leavers, called, t, self.seed)
        cast.make_room(total)
        self.kernels.write_leavers(cast.people, crowd, day, leavers, counts, cast.n, t, self.seed)
        cast.n += total
        gone = leavers + called
        self.unlisted -= int(gone.sum())
        crowd.left[...] -= gone
        crowd.next[...] += gone.astype(np.uint64)
        counts.leave[...] += leavers.sum(1)
        counts.called[...] += called.sum(1)
        counts.home[...] += crowd.left.sum(1)
