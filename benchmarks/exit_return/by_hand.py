"""The common work as one hand-written Numba kernel: as fast as we know how to write it.

Columns are narrow, random words are made for a block at once in a loop that the compiler runs for
several persons at a time, and only who could move at the largest possible rate is looked at.
"""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit

from benchmarks.exit_return.work import DAYS, GROUPS, HOSTS, Played, start_savings

PLACES = HOSTS + 1
BLOCK = 4096
LOW, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
FIRST, SECOND = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
STEP_0, STEP_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
MOST_LEAVE = 0.004 * math.exp(2.0)
MOST_BACK = 0.003 * math.exp(1.5 + 0.5) * 1.5
WEIGHT = np.exp(-2.0 * np.arange(HOSTS) / 11.0)
HOW: dict[str, Any] = {"nogil": True, "error_model": "numpy", "cache": True}


@njit(**HOW)
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Philox-4x32-10."""
    for _ in range(10):
        first, second = FIRST * c0, SECOND * c2
        c0, c1, c2, c3 = (
            (second >> HALF) ^ c1 ^ k0,
            second & LOW,
            (first >> HALF) ^ c3 ^ k1,
            first & LOW,
        )
        k0, k1 = (k0 + STEP_0) & LOW, (k1 + STEP_1) & LOW
    return c0, c1, c2, c3


@njit(**HOW)
def draw(words: Any, first: int, last: int, t: int, seed: Any) -> None:
    """Words of a block: each call of Philox serves four persons."""
    quarter = BLOCK // 4
    for k in range(quarter):
        a, b, c, d = philox(
            np.uint64(first + k), np.uint64(t), np.uint64(1), np.uint64(0), seed, np.uint64(0)
        )
        words[k] = np.uint32(a)
        words[quarter + k] = np.uint32(b)
        words[2 * quarter + k] = np.uint32(c)
        words[3 * quarter + k] = np.uint32(d)


@njit(**HOW)
def uniforms(i: int, t: int, seed: Any, use: int) -> Any:
    """Two uniform numbers of a person and a day."""
    a, b, _, _ = philox(
        np.uint64(i), np.uint64(t), np.uint64(use), np.uint64(0), seed, np.uint64(0)
    )
    return (float(a) + 0.5) / 4294967296.0, (float(b) + 0.5) / 4294967296.0


@njit(**HOW)
def draw_luck(rows: Any, n: int, luck: Any, second: Any, t: int, seed: Any) -> None:
    """Two uniform numbers of each of n persons."""
    for k in range(n):
        luck[k], second[k] = uniforms(rows[k], t, seed, 2)


@njit(**HOW)
def play_part(
    columns: Any,
    rumour: Any,
    signal: float,
    shares: Any,
    peers: Any,
    sums: Any,
    work: Any,
    span: Any,
) -> None:
    """One day of the persons first..last; `peers` and `sums` are what this part adds."""
    place, since, savings, belief = columns
    words, rows, luck, second, seed = work
    t, first, last = span
    limits = np.zeros(PLACES, np.uint32)
    limits[:] = np.uint32(-math.expm1(-MOST_BACK) * 4294967295.0)
    limits[0] = np.uint32(-math.expm1(-MOST_LEAVE) * 4294967295.0)
    heard = (signal + rumour).astype(np.float32)
    gain = np.full(PLACES, 0.25 - 0.40, np.float32)
    gain[0] = 1.0
    sums[:] = 0
    for start in range(first, last, BLOCK):
        stop = min(start + BLOCK, last)
        if t == 20:
            for i in range(start, stop):
                u, _ = uniforms(i, t, seed, 3)
                belief[i] = max(belief[i], np.float32(0.8 * u))
        draw(words, start, stop, t, seed)
        n = 0
        for i in range(start, stop):
            p = place[i]
            b = belief[i] + np.float32(0.01) * (heard[p] - belief[i])
            belief[i] = b
            savings[i] += gain[p]
            sums[i & 3, p] += b > np.float32(0.5)
            rows[n] = i
            n += words[i - start] <= limits[p]
        draw_luck(rows, n, luck, second, t, seed)
        for k in range(n):
            i = rows[k]
            u, v = (float(words[i - start]) + luck[k]) / 4294967296.0, second[k]
            p, b, g = place[i], belief[i], i % GROUPS
            if p == 0:
                rate = 0.004 * math.exp(2.0 * b) if savings[i] > 5.0 else 0.0
            else:
                days = t - since[i]
                rate = 0.003 * math.exp(1.5 * (1.0 - b) + (0.5 if savings[i] < 0.0 else 0.0))
                rate *= 0.3 if days < 45 else 1.0 + 0.5 * min(days / 180.0, 1.0)
            if u >= -math.expm1(-rate):
                continue
            to = 0
            if p == 0:
                while to < HOSTS - 1 and v >= shares[g, to]:
                    to += 1
                to += 1
                savings[i] -= 5.0
            alarmed = b > np.float32(0.5)
            sums[0, p] -= alarmed
            sums[0, to] += alarmed
            peers[g, p] -= 1
            peers[g, to] += 1
            place[i], since[i] = to, t


def play(persons: int, seed: int, threads: int) -> Played:
    """Plays the work."""
    begun = time.perf_counter()
    columns = (
        np.zeros(persons, np.int8), np.zeros(persons, np.int16), start_savings(persons, seed),
        np.full(persons, 0.05, np.float32),
    )  # fmt: skip
    sizes = np.bincount(np.arange(persons) % GROUPS, minlength=GROUPS)
    step = -(-persons // threads // BLOCK) * BLOCK
    parts = [(first, min(first + step, persons)) for first in range(0, persons, step)]
    peers = [np.zeros((GROUPS, PLACES), np.int64) for _ in parts]
    sums = [np.zeros((4, PLACES), np.int64) for _ in parts]
    work = [
        (np.zeros(BLOCK, np.uint32), np.zeros(BLOCK, np.int64), *np.zeros((2, BLOCK)),
         np.uint64(seed))
        for _ in parts
    ]  # fmt: skip
    peers[0][:, 0] = sizes
    counts = np.zeros((DAYS, PLACES), np.int64)
    counts[-1, 0] = persons
    with ThreadPoolExecutor(threads) as pool:
        prepared = time.perf_counter(), time.process_time()
        for t in range(DAYS):
            there = np.sum(peers, 0)
            rumour = 0.05 * np.sum(sums, (0, 1)) / np.maximum(there.sum(0), 1)
            shares = np.cumsum(WEIGHT * (1.0 + there[:, 1:] / sizes[:, None]), 1)
            shares /= shares[:, -1:]
            signal = 0.0 if t < 20 else 0.8 * 0.5 ** ((t - 20) / 60)
            jobs = [
                pool.submit(
                    play_part, columns, rumour, signal, shares, peers[w], sums[w], work[w],
                    (t, *span),
                )
                for w, span in enumerate(parts)
            ]  # fmt: skip
            for job in jobs:
                job.result()
            counts[t] = np.sum(peers, (0, 1))
        done = time.perf_counter(), time.process_time()
    return Played(counts, done[0] - prepared[0], done[1] - prepared[1], prepared[0] - begun)
