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
from nostoi.engine.agents.evening import BLOCK, cell_of, place_in, stand
from nostoi.engine.agents.kernels import (
    MOVE_STREAM,
    abroad,
    at_home,
    back_home,
    on_the_way,
    open_day,
    put_in,
)
from nostoi.engine.agents.slots import (
    AT_ONCE,
    DRIFTS,
    FOURS,
    JUMPS,
    MEANS,
    TERMS,
    drift_all,
    fill_terms,
    jump,
    own_of,
    tell,
    tell_all,
)

LUCK_STREAM = stream("luck")
FOURS_STREAM = stream("fours")


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
        day.limit[c + 2] = np.uint32(0 if AT_ONCE else 4294967295)
        day.limit[c + 3] = np.uint32(0)
    for h in range(hosts):
        go = on = 0.0
        for days in range(t + 1):
            go, on = max(go, day.go_days[h, days]), max(on, day.on_days[h, days])
        for g in range(groups):
            rate = day.go[g, h] * go * day.most[3] + day.on[g, h] * on * day.most[4]
            day.limit[g * width + 4 + h] = limit_of(rate)
            day.limit[g * width + 4 + hosts + h] = np.uint32(0 if AT_ONCE else 4294967295)


def set_terms(s: Any, day: Any, t: int, hosts: int) -> None:
    """What the drifts of people of one cell have in common today."""
    width = 4 + 2 * hosts
    for c in range(len(day.limit) if TERMS else 0):
        g, code = c // width, c % width
        h = (code - 4) % hosts if code >= 4 else -1
        there = 1.0 if 4 <= code < 4 + hosts else 0.0
        fill_terms(s, day, t, g, h, c, there)


def begin_day(
    s: Any, tables: Any, day: Any, t: int, newcomers: Any, peers: Any, reference: float
) -> None:
    """All that is the same for many today; arguments as of `open_day`."""
    open_day(s, tables, day, t, newcomers, peers, reference)
    set_limits(tables, day, t)
    set_terms(s, day, t, len(day.arrive))


def draw_words(ids: Any, words: Any, first: int, last: int, t: int, seed: Any) -> None:
    """First random word of each person in rows first..last."""
    for k in range(last - first):
        person = ids[first + k]
        a, _, _, _ = philox(
            person & LOW, person >> HALF, np.uint64(t), MOVE_STREAM, seed & LOW, seed >> HALF
        )
        words[k] = np.uint32(a)


def draw_fours(words: Any, first: int, last: int, t: int, seed: Any) -> None:
    """First random words where rows are identities; one call serves four people."""
    for k in range((last - first + 3) // 4):
        four = np.uint64(first // 4 + k)
        a, b, c, d = philox(
            four & LOW, four >> HALF, np.uint64(t), FOURS_STREAM, seed & LOW, seed >> HALF
        )
        words[4 * k] = np.uint32(a)
        words[4 * k + 1] = np.uint32(b)
        words[4 * k + 2] = np.uint32(c)
        words[4 * k + 3] = np.uint32(d)


def draw_luck(names: Any, n: int, luck: Any, second: Any, t: int, seed: Any) -> None:
    """The two numbers of the day of each of n people."""
    for k in range(n):
        luck[k], second[k] = two_uniforms(seed, MOVE_STREAM, names[k], np.uint64(t))


def prefix(words: Any, rows: Any, n: int, luck: Any, start: int) -> None:
    """Puts the first word in front of the first number; the two make one of 84 bits."""
    for k in range(n):
        luck[k] = (float(words[rows[k] - start]) + luck[k]) / 4294967296.0


def mark(words: Any, marks: Any, n: int, top: Any) -> None:
    """Marks words that are not above the limit of any cell."""
    for k in range(n):
        marks[k] = words[k] <= top


def screen(people: Any, day: Any, counts: Any, start: int, stop: int) -> int:
    """Writes down those in rows start..stop who may move; how many they are."""
    words, rows = counts.words, counts.rows
    top = np.uint32(0)
    for c in range(len(day.limit)):
        top = max(top, day.limit[c])
    n, size = 0, stop - start
    if top > np.uint32(1073741824):
        for k in range(size):
            rows[n] = start + k
            n += words[k] <= day.limit[people.cell[start + k]]
        return n
    counts.eights[size // 8 : (size + 7) // 8] = 0
    mark(words, counts.marks, size, top)
    for e in range((size + 7) // 8):
        if counts.eights[e]:
            for k in range(8 * e, min(8 * e + 8, size)):
                rows[n] = start + k
                n += words[k] <= day.limit[people.cell[start + k]]
    return n


def drift_block(s: Any, people: Any, day: Any, counts: Any, t: int, first: int, last: int) -> None:
    """A day's change of the personal columns, and what places know of them."""
    cell, since, own = people.cell[first:last], people.since[first:last], own_of(s, first, last)
    if DRIFTS:
        drift_all(cell, since, own, day.terms, t)
    if MEANS:
        tell_all(cell, since, own, day.terms, counts.sums, t)


def jump_block(s: Any, people: Any, day: Any, t: int, seed: Any, first: int, last: int) -> None:
    """Changes of the personal columns by luck."""
    for i in range(first, last):
        luck, _ = two_uniforms(seed, LUCK_STREAM, people.id[i], np.uint64(t))
        jump(s, day, t, i, people.cell[i], float(t - people.since[i]), luck)


def muster(s: Any, people: Any, day: Any, counts: Any, n: int) -> None:
    """Counts everybody once, on the evening before the first day."""
    set_terms(s, day, 0, len(day.arrive))
    for i in range(n):
        people.cell[i] = cell_of(people, i, len(day.arrive))
        stand(counts, day.grade, place_in(people, i), people.since[i], people.stay[i], 0, 1)
        if MEANS:
            tell(s, day, counts, 0, i, people.cell[i], 0, 1)


def retell(s: Any, people: Any, day: Any, counts: Any, rows: Any, before: Any, t: int) -> None:
    """Tells the places anew of people who have changed from the cells `before` by road."""
    for k in range(len(rows)):
        if MEANS:
            tell(s, day, counts, t, rows[k], before[k], 0, -1)
            tell(s, day, counts, t, rows[k], people.cell[rows[k]], 0, 1)


def pass_chunk(
    s: Any, people: Any, day: Any, counts: Any, t: int, seed: Any, first: int, last: int
) -> None:
    """One day of the people in rows first..last."""
    rows = counts.rows
    for start in range(first, last, BLOCK):
        stop = min(start + BLOCK, last)
        if JUMPS and day.jumps[0]:
            jump_block(s, people, day, t, seed, start, stop)
        if DRIFTS or MEANS:
            drift_block(s, people, day, counts, t, start, stop)
        if FOURS:
            draw_fours(counts.words, start, stop, t, seed)
        else:
            draw_words(people.id, counts.words, start, stop, t, seed)
        n = screen(people, day, counts, start, stop)
        for k in range(n):
            counts.names[k] = np.uint64(rows[k]) if FOURS else people.id[rows[k]]
        draw_luck(counts.names, n, counts.luck, counts.second, t, seed)
        if FOURS:
            prefix(counts.words, rows, n, counts.luck, start)
        for k in range(n):
            live(s, people, day, counts, rows[k], t, k)


def live(s: Any, people: Any, day: Any, counts: Any, i: int, t: int, k: int) -> None:
    """One day of somebody who may move, the k-th of the block.

    Group and place are read from the cell, which is at hand; of those who stay hardly more is.
    """
    c: Any = np.int64(people.cell[i])
    width = 4 + 2 * len(day.arrive)
    g, code = c // width, c % width
    changed = False
    if code == 0:
        changed = at_home(s, people, day, counts, i, t, k, g)
    elif code == 1:
        changed = back_home(s, people, day, counts, i, t, k, g)
    elif 4 <= code < 4 + len(day.arrive):
        changed = abroad(s, people, day, counts, i, t, k, c)
    elif code != 3:  # not called up
        changed = on_the_way(s, people, day, counts, i, t, counts.luck[k])
    if changed:
        put_in(s, people, day, counts, i, t)
