"""Run one chain from wherever its folder says it is, saving after every chunk."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path

from nostoi.infer.nuts import Sampler
from nostoi.infer.progress import Phase, Report, Tick
from nostoi.infer.store import Saved, chain_folder, load_progress, save_progress

PATIENCE = 0.5
RECENT = 20


class _Speed:
    """Draws a second and steps a draw over the last few draws; ticks at most twice a second."""

    def __init__(self, chain: int, report: Report | None) -> None:
        self._chain, self._report = chain, report
        self._recent: deque[tuple[float, int]] = deque(maxlen=RECENT)
        self._told = 0.0
        self.begin("warm-up", 0, 0, 0)

    def begin(self, phase: Phase, done: int, total: int, later: int) -> None:
        """A chunk begins: `done` of the phase's `total` draws, `later` in the next phase."""
        self._phase: Phase = phase
        self._done, self._total, self._later = done, total, later

    def draw(self, steps: int) -> None:
        """Count a draw; tell if the last telling is old enough or the phase is over."""
        now = time.monotonic()
        self._recent.append((now, steps))
        self._done += 1
        left = self._total - self._done
        if self._report is None or (now - self._told < PATIENCE and left > 0):
            return
        self._told = now
        rate = (len(self._recent) - 1) / max(now - self._recent[0][0], 1e-9)
        mean = sum(count for _, count in self._recent) / len(self._recent)
        todo = left + self._later
        self._report(Tick(self._chain, self._phase, self._done, self._total, todo, rate, mean))


def run_chain(sampler: Sampler, chain: int, folder: Path, report: Report | None = None) -> None:
    """Bring one chain to the end of its draws, from its last saved state if there is one.

    Whatever stops this function, the chain's folder can be taken up again.
    """
    wanted = sampler.settings
    place = chain_folder(folder, chain)
    place.mkdir(parents=True, exist_ok=True)
    for half_written in place.glob(".*.npz.*"):
        half_written.unlink(missing_ok=True)
    saved = load_progress(place)
    state = sampler.unpack(saved.state) if saved else sampler.start(chain)
    files, warmed, drawn = (saved.files, saved.warmed, saved.drawn) if saved else (0, 0, 0)
    speed = _Speed(chain, report)
    while warmed < wanted.warmup or drawn < wanted.draws:
        warm = warmed < wanted.warmup
        done, total = (warmed, wanted.warmup) if warm else (drawn, wanted.draws)
        count = min(wanted.chunk, total - done)
        speed.begin("warm-up" if warm else "draws", done, total, wanted.draws if warm else 0)
        state, draws = sampler.advance(state, count, speed.draw)
        files += 1
        warmed, drawn = (warmed + count, drawn) if warm else (warmed, drawn + count)
        after = Saved(files, warmed, drawn, sampler.pack(state))
        save_progress(place, "warmup" if warm else "chunk", draws, after)
    if report is not None:
        report(Tick(chain, "done", wanted.draws, wanted.draws, 0, 0.0, 0.0))
