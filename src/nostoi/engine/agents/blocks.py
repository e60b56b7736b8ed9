"""A day of many people: block by block, one column after the other where that is faster.

Of most people only one random word is needed, to see that they stay where they are. Words are made
for a block at once, in a loop that processors run for several people at a time.

The text of this file is compiled together with the rules (`lift.py`), never run as it stands.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nostoi.base.streams import HALF, LOW, philox, stream, two_uniforms
from nostoi.engine.agents.columns import BACK, CALLED, HOME, HOST
from nostoi.engine.agents.evening import BLOCK, LANES, cell_of, stand
from nostoi.engine.agents.kernels import MOVE_STREAM, abroad, at_home, back_home, on_the_way
from nostoi.engine.agents.slots import DRIFTS, JUMPS, MEANS, TERMS, drift, fill_terms, jump, tell

LUCK_STREAM = stream("luck")


def limit_of(rate: float) -> Any:
    """32-bit number above which a first random word lies only if nobody moves at this rate.

    The uniform number of a day begins with the upper 26 bits of its first word.
    """
    if not rate < 30.0:
        return np.uint32(4294967295)
    chance = min(-math.expm1(-rate) * (1.0 + 1e-12), 1.0)
    top = math.floor(chance * 67108864.0) + 1.0
    return np.uint32(min(top * 64.0 - 1.0, 4294967295.0))


def set_limits(tables: Any, day: Any, t: int) -> None:
    """For each cell the limit that holds for the most mobile person at any time since the move."""
    groups, hosts = tables.go.shape[1], tables.go.shape[2]
    width = 4 + 2 * hosts
    again = 0.0
    for days in range(t + 1):
        again = max(again, day.again_days[days])
    for g in range(groups):
        c = g * width
        call = day.call[g] * day.most[1]
        day.limit[c] = limit_of(day.leave[g] * day.most[0] + call)
        day.limit[c + 1] = limit_of(day.again[g] * again * day.most[2] + call)
        day.limit[c + 2] = np.uint32(4294967295)
        day.limit[c + 3] = np.uint32(0)
    for h in range(hosts):
        go = on = 0.0
        for days in range(t + 1):
            go, on = max(go, day.go_days[h, days]), max(on, day.on_days[h, days])
        for g in range(groups):
            rate = day.go[g, h] * go * day.most[3] + day.on[g, h] * on * day.most[4]
            day.limit[g * width + 4 + h] = limit_of(rate)
            day.limit[g * width + 4 + hosts + h] = np.uint32(4294967295)


def set_terms(s: Any, day: Any, t: int, hosts: int) -> None:
    """What the drifts of people of one cell have in common today."""
    width = 4 + 2 * hosts
    for c in range(len(day.limit) if TERMS else 0):
        g, code = c // width, c % width
        h = (code - 4) % hosts if code >= 4 else -1
        there = 1.0 if 4 <= code < 4 + hosts else 0.0
        fill_terms(s, day, t, g, h, c, there)


def draw_words(ids: Any, words: Any, first: int, last: int, t: int, seed: Any) -> None:
    """First random word of each person in rows first..last."""
    for k in range(last - first):
        person = ids[first + k]
        a, _, _, _ = philox(
            person & LOW, person >> HALF, np.uint64(t), MOVE_STREAM, seed & LOW, seed >> HALF
        )
        words[k] = np.uint32(a)


def draw_luck(ids: Any, rows: Any, n: int, luck: Any, t: int, seed: Any) -> None:
    """The two numbers of the day of each person in rows."""
    for k in range(n):
        u, v = two_uniforms(seed, MOVE_STREAM, ids[rows[k]], np.uint64(t))
        luck[0, k] = u
        luck[1, k] = v


def drift_block(
    s: Any, people: Any, day: Any, counts: Any, t: int, first: int, last: int
) -> None:
    """A day's change of the personal columns, and what places know of them."""
    for i in range(first, last):
        c = people.cell[i]
        days = float(t - people.since[i])
        drift(s, day, t, i, c, days)
        if MEANS:
            tell(s, day, counts, t, i, c, i & (LANES - 1), 1)


def jump_block(s: Any, people: Any, day: Any, t: int, seed: Any, first: int, last: int) -> None:
    """Changes of the personal columns by luck."""
    for i in range(first, last):
        luck, _ = two_uniforms(seed, LUCK_STREAM, people.id[i], np.uint64(t))
        jump(s, day, t, i, people.cell[i], float(t - people.since[i]), luck)


def muster(s: Any, people: Any, day: Any, counts: Any, n: int) -> None:
    """Counts everybody once, on the evening before the first day."""
    for i in range(n):
        people.cell[i] = cell_of(people, i, len(day.arrive))
        stand(counts, day.grade, people.cell[i], people.since[i], people.stay[i], 0, 1)
        if MEANS:
            tell(s, day, counts, 0, i, people.cell[i], 0, 1)


def pass_chunk(
    s: Any, people: Any, day: Any, counts: Any, t: int, seed: Any, first: int, last: int
) -> None:
    """One day of the people in rows first..last."""
    words, rows = counts.words, counts.rows
    for start in range(first, last, BLOCK):
        stop = min(start + BLOCK, last)
        if JUMPS and day.jumps[0]:
            jump_block(s, people, day, t, seed, start, stop)
        if DRIFTS or MEANS:
            drift_block(s, people, day, counts, t, start, stop)
        draw_words(people.id, words, start, stop, t, seed)
        n = 0
        for k in range(stop - start):
            rows[n] = start + k
            n += words[k] <= day.limit[people.cell[start + k]]
        draw_luck(people.id, rows, n, counts.luck, t, seed)
        fetch(people, rows, words, n)
        for k in range(n):
            live(s, people, day, counts, rows[k], t, k)


def fetch(people: Any, rows: Any, words: Any, n: int) -> None:
    """Asks for all that will be read of some people, so that memory is waited for only once."""
    seen = 0
    for k in range(n):
        i = rows[k]
        seen += people.status[i] + people.group[i] + people.place[i] + people.since[i]
        seen += people.stay[i] + (people.savings[i] > 0.0)
    words[0] = np.uint32(seen & 1)


def live(s: Any, people: Any, day: Any, counts: Any, i: int, t: int, k: int) -> None:
    """One day of somebody who may move, the k-th of the block."""
    status = people.status[i]
    if status == CALLED:
        return
    u, v = counts.luck[0, k], counts.luck[1, k]
    cell, since, stay = people.cell[i], people.since[i], people.stay[i]
    if MEANS:
        tell(s, day, counts, t, i, cell, 0, -1)
    if status == HOST:
        abroad(s, people, day, counts, i, t, u, v)
    elif status == BACK:
        back_home(s, people, day, counts, i, t, u, v)
    elif status == HOME:
        at_home(s, people, day, counts, i, t, u, v)
    else:
        on_the_way(people, day, counts, i, t, u)
    if people.status[i] != status or people.since[i] != since:
        people.cell[i] = cell_of(people, i, len(day.arrive))
        stand(counts, day.grade, cell, since, stay, t, -1)
        stand(counts, day.grade, people.cell[i], people.since[i], people.stay[i], t, 1)
    if MEANS:
        tell(s, day, counts, t, i, people.cell[i], 0, 1)
