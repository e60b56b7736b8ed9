"""Run one chain from wherever its folder says it is, saving after every chunk."""

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
        self._told, self._done = 0.0, done
        self._phase: Phase = "warm-up" if stage.later else "draws"

    def draw(self, steps: int) -> None:
        """Count a draw; tell if the last telling is old enough or the stage is over."""
        now = time.monotonic()
        self._recent.append((now, steps))
        self._done += 1
        total = self._stage.draws
        if now - self._told < PATIENCE and self._done < total:
            return
        self._told = now
        rate = (len(self._recent) - 1) / max(now - self._recent[0][0], 1e-9)
        mean = sum(count for _, count in self._recent) / len(self._recent)
        todo = total - self._done + self._stage.later
        self._report(Tick(self._chain, self._phase, self._done, total, todo, rate, mean))


def run_chain(sampler: Sampler, chain: int, folder: Path, chunk: int, report: Report) -> None:
    """Bring one chain to the end of its draws, from its last saved state if there is one.

    Whatever stops this function, the chain's folder can be taken up again.
    """
    stage = sampler.stage
    place = chain_folder(folder, chain)
    place.mkdir(parents=True, exist_ok=True)
    for half_written in place.glob(".*.npz.*"):
        half_written.unlink(missing_ok=True)
    saved = load_progress(place)
    state = sampler.unpack(saved.state) if saved else sampler.start(chain)
    files, drawn = (saved.files, saved.drawn) if saved else (0, 0)
    speed = _Speed(chain, stage, drawn, report)
    while drawn < stage.draws:
        count = min(chunk, stage.draws - drawn)
        state, draws = sampler.advance(state, count, speed.draw)
        files, drawn = files + 1, drawn + count
        save_progress(place, draws, Saved(files, drawn, sampler.pack(state)))
    if not stage.later:
        report(Tick(chain, "done", stage.draws, stage.draws, 0, 0.0, 0.0))
