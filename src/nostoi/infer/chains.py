"""The chains of a stage, side by side on threads, and reading them back.

Compiled gradients let go of the interpreter, so that two threads use two cores. Each chain
depends only on its number: the draws are the same whatever the number of threads, the order of the
work and the interruptions. A thread takes a chunk of whichever chain is behind the others.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.chain import ChainRun
from nostoi.infer.gradient import FloatArray, Gradient
from nostoi.infer.hmc import Arrays, Sampler, Stage
from nostoi.infer.progress import Report, Tick
from nostoi.infer.settings import Settings
from nostoi.infer.store import chain_folder, load_draws, load_progress, open_store
from nostoi.infer.whiten import THREADS

TAIL = 15
"""Lines of a trace that are told."""


@dataclass(frozen=True)
class Chains:
    """Draws of all chains.

    z [chain, draw, dim]; slope: gradient of the target's log density there, the same shape;
    logp: that log density; accept: chance of acceptance of the path; steps: leapfrog steps;
    diverging: true or false; energy; step_size: of the leapfrog: all [chain, draw].
    """

    z: FloatArray
    slope: FloatArray
    logp: FloatArray
    accept: FloatArray
    steps: NDArray[np.int64]
    diverging: NDArray[np.bool_]
    energy: FloatArray
    step_size: FloatArray


class _StopError(Exception):
    """The work is no longer wanted."""


def run_chains(
    gradient: Gradient,
    stage: Stage,
    settings: Settings,
    out: Path,
    *,
    identity: str = "",
    threads: int = THREADS,
    report: Report | None = None,
) -> Chains:
    """Sample all chains of a stage into its folder in `out`, or go on with what is there.

    identity: text that says which target this is; the same folder refuses another one.
    report(tick) is called in this thread.
    Raises N502 where a chain cannot begin, N503 for other settings than those saved, N504 when the
    target fails, N505 for a damaged file. After these, and after Ctrl-C or a kill, the same call
    goes on from the last saved chunk and gives the same draws.
    """
    folder = out / stage.name
    open_store(folder, stage, settings, identity)
    todo = [c for c in range(settings.chains) if not _complete(folder, c, stage.draws)]
    sampler = Sampler(gradient, stage, settings.seed)
    begin = lambda chain, tell: ChainRun(sampler, chain, folder, tell)  # noqa: E731
    errors = _side_by_side(begin, todo, settings.chunk, threads, report)
    for error in errors:
        raise _told(error, folder) from error
    return load_chains(out, stage.name, settings.chains, stage.draws)


class _Turns:
    """Chains that wait for a thread: the one with the fewest draws is next.

    So all come to their end together, and no thread waits long for another's last chain.
    """

    def __init__(self, begin: Callable[[int, Report], ChainRun], todo: list[int]) -> None:
        self._begin, self._new = begin, list(todo)
        self._waiting: list[ChainRun] = []
        self._lock = threading.Lock()

    def take(self, tell: Report) -> ChainRun | None:
        """The next chain; None where those that are not done have a thread each."""
        with self._lock:
            if not self._new:
                found = min(self._waiting, key=lambda run: run.drawn, default=None)
                if found is not None:
                    self._waiting.remove(found)
                return found
            chain = self._new.pop(0)
        return self._begin(chain, tell)

    def give(self, run: ChainRun) -> None:
        """A chain after its chunk."""
        with self._lock:
            if not run.done:
                self._waiting.append(run)


def _side_by_side(
    begin: Callable[[int, Report], ChainRun],
    todo: list[int],
    chunk: int,
    threads: int,
    report: Report | None,
) -> list[BaseException]:
    """Runs chains on threads, chunk by chunk, and tells their progress in this one.

    Returns the errors of threads that failed. Where one fails, or this thread is interrupted, the
    others stop after the draw at hand.
    """
    news: queue.SimpleQueue[Tick | None] = queue.SimpleQueue()
    stop = threading.Event()
    turns = _Turns(begin, todo)

    def tell(tick: Tick) -> None:
        news.put(tick)
        if stop.is_set():
            raise _StopError

    def work() -> None:
        try:
            while not stop.is_set() and (run := turns.take(tell)) is not None:
                run.advance(chunk)
                turns.give(run)
        except BaseException:
            stop.set()
            raise
        finally:
            news.put(None)

    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(work) for _ in range(threads)]
        try:
            for _ in jobs:
                while (tick := news.get()) is not None:
                    if report is not None:
                        report(tick)
        except BaseException:
            stop.set()
            raise
    found = [error for job in jobs if (error := job.exception()) is not None]
    return [error for error in found if not isinstance(error, _StopError)]


def _told(error: BaseException, folder: Path) -> BaseException:
    """The error of a chain as a reader should see it: one of ours as it is."""
    if isinstance(error, NostoiError):
        return error
    found = NostoiError(
        Finding(
            number=504,
            what=f"a chain failed: {type(error).__name__}: {error}",
            file=str(folder),
            do="see the trace; what is saved is kept, and the same command goes on from there",
        )
    )
    found.add_note("\n".join("".join(traceback.format_exception(error)).splitlines()[-TAIL:]))
    return found


def load_chains(out: Path, name: str, chains: int, draws: int) -> Chains:
    """Draws of all chains of a stage as saved; N507 when some are still missing."""
    parts: list[Arrays] = []
    for chain in range(chains):
        place = chain_folder(out / name, chain)
        if not _complete(out / name, chain, draws):
            raise NostoiError(
                Finding(
                    number=507,
                    what=f"chain {chain} is not complete",
                    file=str(place),
                    do="run the same fit again: it goes on from the last saved chunk",
                )
            )
        parts.append({name: all_[:draws] for name, all_ in load_draws(place).items()})
    return Chains(**{name: np.stack([part[name] for part in parts]) for name in parts[0]})


def _complete(folder: Path, chain: int, draws: int) -> bool:
    saved = load_progress(chain_folder(folder, chain))
    return saved is not None and saved.drawn >= draws
