"""What a long computation tells while it runs, and two ways to show it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Literal, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from nostoi.infer.whiten import THREADS

EVERY = 10.0
Phase = Literal["warm-up", "draws", "done"]


@dataclass(frozen=True)
class Tick:
    """Where one chain is.

    done, total: draws of this phase; left: draws still to do in all phases;
    per_second: draws a second lately; steps: mean leapfrog steps of a draw lately.
    """

    chain: int
    phase: Phase
    done: int
    total: int
    left: int
    per_second: float
    steps: float


Report = Callable[[Tick], None]


def seconds_left(ticks: dict[int, Tick], chains: int, threads: int = THREADS) -> float | None:
    """Seconds to go for all chains, from the last tick of each; None when not yet known.

    Chains that have not begun count as much work as the largest one seen. A tick's speed is that
    of a chain at work, and only so many are at work as there are threads.
    """
    active = [tick for tick in ticks.values() if tick.left > 0 and tick.per_second > 0]
    if not active:
        return None
    whole = max(tick.left + tick.done for tick in ticks.values())
    waiting = max(0, chains - len(ticks)) * whole
    at_work = min(threads, len(active) + max(0, chains - len(ticks)))
    speed = at_work * sum(tick.per_second for tick in active) / len(active)
    return (sum(tick.left for tick in active) + waiting) / speed


def clock(seconds: float | None) -> str:
    """Seconds as "1 h 05 min", "12 min" or "40 s"; "..." when not known."""
    if seconds is None:
        return "..."
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


class LineProgress:
    """One plain line about every ten seconds, for logs and pipes."""

    def __init__(self, stream: IO[str], chains: int, every: float = EVERY) -> None:
        """stream: where lines go; chains: number of chains; every: seconds between lines."""
        self._stream, self._chains, self._every = stream, chains, every
        self._ticks: dict[int, Tick] = {}
        self._last = -float("inf")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to tidy up."""

    def __call__(self, tick: Tick) -> None:
        """Take a tick; write a line when the last one is old enough or a chain is done."""
        self._ticks[tick.chain] = tick
        now = time.monotonic()
        if tick.phase != "done" and now - self._last < self._every:
            return
        self._last = now
        parts = [
            f"chain {t.chain}: {t.phase}" + ("" if t.phase == "done" else f" {t.done}/{t.total}")
            for t in sorted(self._ticks.values(), key=lambda t: t.chain)
        ]
        left = clock(seconds_left(self._ticks, self._chains))
        self._stream.write("; ".join(parts) + f"; {left} left\n")
        self._stream.flush()


class BarProgress:
    """A bar for each chain with its speed, and the time left for all."""

    def __init__(self, console: Console, chains: int) -> None:
        """console: a rich console on a terminal; chains: number of chains."""
        self._chains = chains
        self._ticks: dict[int, Tick] = {}
        self._bars: dict[int, TaskID] = {}
        self._view = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
        )

    def __enter__(self) -> Self:
        self._view.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the bars as they are."""
        self._view.stop()

    def __call__(self, tick: Tick) -> None:
        """Take a tick and redraw."""
        self._ticks[tick.chain] = tick
        if tick.chain not in self._bars:
            self._bars[tick.chain] = self._view.add_task("", note="")
        note = ""
        if tick.phase != "done":
            left = clock(seconds_left(self._ticks, self._chains))
            note = f"{tick.per_second:.1f} draws/s, {tick.steps:.0f} steps a draw; {left} left"
        self._view.update(
            self._bars[tick.chain],
            description=f"chain {tick.chain} {tick.phase}",
            completed=tick.done,
            total=tick.total,
            note=note,
        )


def show_progress(console: Console, chains: int) -> LineProgress | BarProgress:
    """Bars on a terminal, else lines; use as `with show_progress(...) as report:`."""
    if console.is_terminal:
        return BarProgress(console, chains)
    return LineProgress(console.file, chains)
