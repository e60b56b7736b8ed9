"""Many runs of movement over a network: on one core, on all, or on a cluster; the same bytes.

A job is a stage and a seed; a run hangs on nothing else, so it does not matter where it is played,
in which order, or how often it has to be started again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.engine.hop.run import Stage, play, play_singly
from nostoi.study.camps import CampErrors, Ground, camp_errors, ground_of


@dataclass(frozen=True)
class Job:
    """One run to play: a ground by its number, a seed, and whether each agent has a record.

    `singly` obeys the law of counts of states with other random numbers, at the cost of agents.
    """

    ground: int
    seed: int
    singly: bool = False


@dataclass(frozen=True)
class Outcome:
    """What is kept of a run: persons in the camps in the evening, [day, camp]."""

    job: Job
    camps: NDArray[np.int64]
    agent_steps: int


@dataclass(frozen=True)
class Crew:
    """Who plays the runs: `workers` processes of this machine, or a Dask cluster at an address."""

    workers: int = 1
    cluster: str = ""

    @staticmethod
    def of(word: str) -> Crew:
        """The crew that a word names: a number of processes (0 = one for each core), or an address.

        Raises:
            NostoiError: N312 if it is neither.
        """
        if "://" in word:
            return Crew(cluster=word)
        if not (word.isascii() and word.isdigit()):
            do = "write a number of processes, or tcp://HOST:PORT of a Dask scheduler"
            raise NostoiError(Finding(312, f"{word!r} is no number and no address", do=do))
        return Crew(int(word) or os.cpu_count() or 1)


def sweep(case: Case, values: Sequence[Mapping[str, float]], hasten: int = 1) -> list[Ground]:
    """A ground for each set of parameters."""
    return [ground_of(case, hasten, own) for own in values]


def replicas(grounds: Sequence[Ground], seed: int, n: int, singly: bool = False) -> list[Job]:
    """So many runs of each ground with seeds from `seed` on; all grounds meet the same luck."""
    return [Job(k, seed + j, singly) for k in range(len(grounds)) for j in range(n)]


def play_job(stage: Stage, camps: NDArray[np.int64], job: Job) -> Outcome:
    """Play one job; runs on any machine that has Nostoi."""
    run = (play_singly if job.singly else play)(stage, job.seed)
    return Outcome(job, run.persons[:, camps], run.agent_steps)


def play_all(grounds: Sequence[Ground], jobs: Sequence[Job], crew: Crew) -> list[Outcome]:
    """All jobs, in the order given.

    Raises:
        NostoiError: N305 if a cluster is asked for and cannot be reached.
    """
    work = [(grounds[j.ground].stage, grounds[j.ground].counts.camps, j) for j in jobs]
    if crew.cluster:
        return _on_cluster(work, crew.cluster)
    if crew.workers <= 1 or len(work) < 2:
        return [play_job(*one) for one in work]
    with ProcessPoolExecutor(crew.workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(play_job, *zip(*work, strict=True)))


def _on_cluster(work: Sequence[tuple[Any, ...]], address: str) -> list[Outcome]:
    """All jobs on a Dask cluster; jobs of a worker that dies are played again elsewhere."""
    try:
        from distributed import Client
    except ImportError:
        do = "install the extra `cluster` (pip install 'nostoi[cluster]'), or leave the address out"
        raise NostoiError(Finding(305, "the library distributed is missing", do=do)) from None
    try:
        client = Client(address, timeout="5s")
    except OSError:
        do = "start `dask scheduler` and workers, or correct the address"
        raise NostoiError(Finding(305, f"no cluster answers at {address}", do=do)) from None
    with client:
        futures = [client.submit(play_job, *one, pure=False, retries=5) for one in work]
        return list(client.gather(futures))


def errors_by_ground(
    grounds: Sequence[Ground], outcomes: Sequence[Outcome]
) -> Iterator[tuple[Ground, list[CampErrors]]]:
    """Each ground with the errors of its runs."""
    for k, ground in enumerate(grounds):
        mine = [o.camps for o in outcomes if o.job.ground == k]
        yield ground, [camp_errors(camps, ground.counted) for camps in mine]
