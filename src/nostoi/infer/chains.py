"""Several chains over several processes, and reading them back.

Each chain depends only on its number, so the draws are the same whatever the number of
workers, the order of the work and the interruptions.
"""

from __future__ import annotations

import pickle
import queue
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.infer.chain import run_chain
from nostoi.infer.crew import Mail, Worker, dismiss, hire, pack, trouble
from nostoi.infer.gradient import FloatArray
from nostoi.infer.nuts import Arrays, Sampler, Settings
from nostoi.infer.progress import Report, Tick
from nostoi.infer.store import chain_folder, load_draws, load_progress, open_store
from nostoi.infer.target import MakeTarget
from nostoi.infer.whiten import Whitening
from nostoi.infer.worker import Finished, Job


@dataclass(frozen=True)
class Chains:
    """Draws of all chains.

    z [chain, draw, dim]; logp: the target's log density; accept: mean acceptance of the
    trajectory; steps: leapfrog steps; diverging: true or false; energy; step_size: of the
    leapfrog: all [chain, draw].
    """

    z: FloatArray
    logp: FloatArray
    accept: FloatArray
    steps: NDArray[np.int64]
    diverging: NDArray[np.bool_]
    energy: FloatArray
    step_size: FloatArray


def run_chains(
    make_target: MakeTarget,
    whitening: Whitening,
    settings: Settings,
    folder: Path,
    *,
    identity: str = "",
    workers: int = 2,
    report: Report | None = None,
) -> Chains:
    """Sample all chains into `folder`, or go on with what is there; returns all draws.

    make_target: a picklable function without arguments that lives in a module, such as
    `functools.partial(build_target, case_folder)`; every worker process calls it once.
    identity: text that says which target this is; the same folder refuses another one.
    workers: processes, each on one core; 0 samples in this process (for tests: the last
    bits of the draws may then differ). report(tick) is called in this thread.
    Raises N503 for other settings than those saved, N504 when a worker dies, N506 when the
    target cannot be sent to a worker. After these, and after Ctrl-C or a kill, the same
    call goes on from the last saved chunk and gives the same draws.
    """
    open_store(folder, settings, whitening, identity)
    todo = [c for c in range(settings.chains) if not _complete(folder, c, settings)]
    if todo and workers == 0:
        sampler = Sampler(make_target(), whitening, settings)
        for chain in todo:
            run_chain(sampler, chain, folder, report)
    elif todo:
        job = Job(make_target, whitening, settings, folder.absolute())
        _share_out(job, todo, min(workers, len(todo)), report)
    return load_chains(folder, settings)


def load_chains(folder: Path, settings: Settings) -> Chains:
    """Draws of all chains as saved; N507 when some are still missing."""
    parts: list[Arrays] = []
    for chain in range(settings.chains):
        place = chain_folder(folder, chain)
        if not _complete(folder, chain, settings):
            raise NostoiError(
                Finding(
                    number=507,
                    what=f"chain {chain} is not complete",
                    file=str(place),
                    do="run the same fit again: it goes on from the last saved chunk",
                )
            )
        parts.append({name: all_[: settings.draws] for name, all_ in load_draws(place).items()})
    return Chains(**{name: np.stack([part[name] for part in parts]) for name in parts[0]})


def _complete(folder: Path, chain: int, settings: Settings) -> bool:
    saved = load_progress(chain_folder(folder, chain))
    return saved is not None and saved.warmed >= settings.warmup and saved.drawn >= settings.draws


def _share_out(job: Job, todo: list[int], workers: int, report: Report | None) -> None:
    """Give each worker a chain, and the next when it is done; stop all on any trouble."""
    parcel = pack(job)
    mail: Mail = queue.SimpleQueue()
    crew: list[Worker] = []
    waiting, left = list(todo), len(todo)
    try:
        for number in range(workers):
            crew.append(hire(job.folder, number, mail))
        for worker in crew:
            worker.send(parcel, pickle.dumps(waiting.pop(0)))
        while left:
            worker, message = mail.get()
            if isinstance(message, Finished):
                left -= 1
                worker.send(pickle.dumps(waiting.pop(0) if waiting else None))
            elif isinstance(message, Tick):
                if report is not None:
                    report(message)
            elif message is not None or worker.process.wait() != 0:
                raise trouble(worker, message)
    finally:
        dismiss(crew)
