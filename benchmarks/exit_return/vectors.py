"""The common work in plain vectorised NumPy, as a careful user would write it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.exit_return.work import DAYS, GROUPS, HOSTS, Played, start_savings

WEIGHT = np.exp(-2.0 * np.arange(HOSTS) / 11.0)


def play(persons: int, seed: int, threads: int = 1) -> Played:
    """Plays the work; NumPy has one thread for this."""
    begun = time.perf_counter()
    rng = np.random.default_rng(seed)
    state = {
        "group": (np.arange(persons) % GROUPS).astype(np.int8),
        "place": np.zeros(persons, np.int8),
        "days": np.zeros(persons, np.int16),
        "savings": start_savings(persons, seed),
        "belief": np.full(persons, 0.05, np.float32),
    }
    sizes = np.bincount(state["group"], minlength=GROUPS)
    counts = np.zeros((DAYS, HOSTS + 1), np.int64)
    prepared = time.perf_counter(), time.process_time()
    for t in range(DAYS):
        day(state, sizes, t, rng)
        counts[t] = np.bincount(state["place"], minlength=HOSTS + 1)
    done = time.perf_counter(), time.process_time()
    return Played(counts, done[0] - prepared[0], done[1] - prepared[1], prepared[0] - begun)


def day(state: dict[str, Any], sizes: Any, t: int, rng: Any) -> None:
    """One day of everybody."""
    place, days, savings, belief = (state[k] for k in ("place", "days", "savings", "belief"))
    group, n = state["group"], len(place)
    here = np.bincount(place, minlength=HOSTS + 1)
    alarmed = np.bincount(place[belief > 0.5], minlength=HOSTS + 1)
    rumour = (0.05 * alarmed / np.maximum(here, 1)).astype(np.float32)
    peers = np.bincount(group * (HOSTS + 1) + place, minlength=GROUPS * (HOSTS + 1))
    peers = peers.reshape(GROUPS, HOSTS + 1)[:, 1:] / sizes[:, None]
    if t == 20:
        np.maximum(belief, np.float32(0.8) * rng.random(n, np.float32), out=belief)
    signal = np.float32(0.0 if t < 20 else 0.8 * 0.5 ** ((t - 20) / 60))
    belief += np.float32(0.01) * (signal + rumour[place] - belief)
    home = place == 0
    savings += np.where(home, np.float32(1.0), np.float32(0.25 - 0.40))
    days += 1
    held = np.float32(1.0) + np.float32(0.5) * np.minimum(days / np.float32(180.0), 1.0)
    longing = np.where(days < 45, np.float32(0.3), held)
    leave = np.float32(0.004) * np.exp(2.0 * belief) * (savings > 5.0)
    back = np.float32(0.003) * np.exp(1.5 * (1.0 - belief) + 0.5 * (savings < 0.0)) * longing
    moves = rng.random(n, np.float32) < -np.expm1(-np.where(home, leave, back))
    leavers, returners = np.flatnonzero(moves & home), np.flatnonzero(moves & ~home)
    shares = np.cumsum(WEIGHT * (1.0 + peers), 1)
    shares /= shares[:, -1:]
    u = rng.random(len(leavers))
    place[leavers] = 1 + (u[:, None] >= shares[group[leavers], :-1]).sum(1)
    savings[leavers] -= 5.0
    place[returners] = 0
    days[leavers] = days[returners] = 0
