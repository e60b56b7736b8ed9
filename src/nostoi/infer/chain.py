"""One chain, from wherever its folder says it is, saving after every chunk."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path

from nostoi.infer.hmc import Sampler, Stage
from nostoi.infer.progress import Phase, Report, Tick
from nostoi.infer.store import Saved, chain_folder, load_progress, save_progress

PATIENCE = 0.5
RECENT = 20


class _Speed:
    """Draws a second and steps a draw over the last few draws; ticks at most twice a second."""

    def __init__(self, chain: int, stage: Stage, done: int, report: Report) -> None:
        self._chain, self._stage, self._report = chain, stage, report
        self._recent: deque[tuple[float, int]] = deque(maxlen=RECENT)
        self._told, self._done, self._rate = 0.0, done, 0.0
        self._phase: Phase = "warm-up" if stage.later else "draws"

    def begin(self) -> None:
        """The chain goes on after it has waited for its turn."""
        self._recent.clear()

    def draw(self, steps: int) -> None:
        """Count a draw; tell if the last telling is old enough or the stage is over."""
        now = time.monotonic()
        self._recent.append((now, steps))
        self._done += 1
        total = self._stage.draws
        if now - self._told < PATIENCE and self._done < total:
            return
        self._told = now
        if len(self._recent) > 1:  # else it has just come to its turn, and goes on as before
            self._rate = (len(self._recent) - 1) / max(now - self._recent[0][0], 1e-9)
        mean = sum(count for _, count in self._recent) / len(self._recent)
        todo = total - self._done + self._stage.later
        self._report(Tick(self._chain, self._phase, self._done, total, todo, self._rate, mean))

    def end(self) -> None:
        """All draws of the chain are there."""
        if not self._stage.later:
            total = self._stage.draws
            self._report(Tick(self._chain, "done", total, total, 0, 0.0, 0.0))


class ChainRun:
    """A chain of a stage under way. Whatever stops it, its folder can be taken up again."""

    def __init__(self, sampler: Sampler, chain: int, folder: Path, report: Report) -> None:
        """Takes the chain up from its last saved state if there is one; N502, N505."""
        self._place = chain_folder(folder, chain)
        self._place.mkdir(parents=True, exist_ok=True)
        for half_written in self._place.glob(".*.npz.*"):
            half_written.unlink(missing_ok=True)
        saved = load_progress(self._place)
        self._sampler, self._total = sampler, sampler.stage.draws
        self._state = sampler.unpack(saved.state) if saved else sampler.start(chain)
        self._files, self.drawn = (saved.files, saved.drawn) if saved else (0, 0)
        self._speed = _Speed(chain, sampler.stage, self.drawn, report)

    @property
    def done(self) -> bool:
        """Whether all draws of the stage are there."""
        return self.drawn >= self._total

    def advance(self, chunk: int) -> None:
        """Makes and saves at most so many draws."""
        count = min(chunk, self._total - self.drawn)
        self._speed.begin()
        self._state, draws = self._sampler.advance(self._state, count, self._speed.draw)
        self._files, self.drawn = self._files + 1, self.drawn + count
        saved = Saved(self._files, self.drawn, self._sampler.pack(self._state))
        save_progress(self._place, draws, saved)
        if self.done:
            self._speed.end()
