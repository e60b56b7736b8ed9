"""Time that each stage of a fit took, on the clock and of the processors."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

Step = Callable[[str, float], None]
Seconds = dict[str, dict[str, float]]

LOAD = "load"
"""Name of what comes before the first stage."""


def cpu_seconds() -> float:
    """Seconds of the processors: this process and those of its children that have ended."""
    return sum(os.times()[:4])


class Stopwatch:
    """Passes stages on to a listener and adds up the seconds of each."""

    def __init__(
        self,
        step: Step,
        wall: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = cpu_seconds,
    ) -> None:
        """Speaks to `step`; `wall` and `cpu` are the clocks, in seconds."""
        self._step, self._wall, self._cpu = step, wall, cpu
        self._stage, self._since = LOAD, (wall(), cpu())
        self._spent: Seconds = {}

    def hear(self, stage: str, share: float) -> None:
        """Stage and the share of it that is done; a new name ends the stage before."""
        if stage != self._stage:
            self._close()
            self._stage = stage
        self._step(stage, share)

    def read(self) -> Seconds:
        """Seconds by stage, `wall` and `cpu`, up to now, in the order of the stages.

        Of a fit that was interrupted: those of the call that finished it.
        """
        self._close()
        return {
            stage: {name: round(value, 2) for name, value in spent.items()}
            for stage, spent in self._spent.items()
        }

    def _close(self) -> None:
        now = (self._wall(), self._cpu())
        spent = self._spent.setdefault(self._stage, {"wall": 0.0, "cpu": 0.0})
        spent["wall"] += now[0] - self._since[0]
        spent["cpu"] += now[1] - self._since[1]
        self._since = now
