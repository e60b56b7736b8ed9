"""One contender in a process of its own, so that its memory is its own; prints a line of JSON.

python -m benchmarks.exit_return.child NAME PERSONS SEED THREADS
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np


def peak() -> float:
    """Largest memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def play(name: str, persons: int, seed: int, threads: int) -> dict[str, Any]:
    """Plays once in small, so that all is imported and compiled, then in full."""
    begun = time.perf_counter()
    contender = importlib.import_module(f"benchmarks.exit_return.{name}")
    contender.play(4096, seed, threads)
    ready, libraries = time.perf_counter() - begun, peak()
    found = contender.play(persons, seed, threads)
    return {
        "counts": found.counts.tolist(), "wall": found.wall, "cpu": found.cpu,
        "before": found.before, "ready": ready, "libraries": libraries, "peak": peak(),
    }  # fmt: skip


def bandwidth(threads: int, numbers: int = 24_000_000) -> dict[str, Any]:
    """Memory bandwidth by the triad a = b + s c, bytes read and written per second."""
    from numba import njit

    def each(a: Any, b: Any, c: Any, first: int, last: int) -> None:
        for i in range(first, last):
            a[i] = b[i] + 3.0 * c[i]

    triad: Any = njit(nogil=True)(each)
    a, b, c = (np.ones(numbers) for _ in range(3))
    triad(a, b, c, 0, 10)
    parts = np.linspace(0, numbers, threads + 1).astype(int)
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(9):
            begun = time.perf_counter()
            jobs = [pool.submit(triad, a, b, c, int(i), int(j)) for i, j in pairwise(parts)]
            for job in jobs:
                job.result()
            best = min(best, time.perf_counter() - begun)
    return {"bandwidth": 24.0 * numbers / best}


def main() -> None:
    """Runs what the words on the command line say."""
    name, persons, seed, threads = sys.argv[1], *map(int, sys.argv[2:5])
    found = bandwidth(threads) if name == "triad" else play(name, persons, seed, threads)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
